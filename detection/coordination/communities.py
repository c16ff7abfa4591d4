"""Communities of a weighted graph: Leiden from igraph, and again inside each community while it falls apart.

Modularity cannot see communities that are small beside the whole graph (Fortunato & Barthélemy, PNAS 2007); splitting
each community once more on its own finds them. `benchmarks/farms` measures it beside Louvain and leidenalg.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import igraph
import numpy as np

from detection.coordination.activity import Ints
from detection.coordination.pairs import Floats, ends_of
from detection.coordination.thresholds import NEAREST, PAIR_CAP, RESOLUTION, SMALLEST_FARM, SPLIT_MODULARITY

Partition = Callable[[igraph.Graph], list[int]]


def leiden(graph: igraph.Graph) -> list[int]:
    """Leiden for modularity."""
    found = graph.community_leiden(
        objective_function="modularity", weights="weight", resolution=RESOLUTION, n_iterations=4
    )
    return list(found.membership)


def louvain(graph: igraph.Graph) -> list[int]:
    """Louvain for modularity."""
    return list(graph.community_multilevel(weights="weight").membership)


def communities(accounts: int, keys: Ints, weights: Floats, partition: Partition = leiden, seed: int = 1) -> Ints:
    """A community's number for each account, the same for the same input; accounts without a link are alone."""
    useful = (weights > 0) & _nearest(accounts, keys, weights)
    one, other = ends_of(keys[useful])
    graph = igraph.Graph(n=accounts, edges=np.stack([one, other], axis=1))
    graph.es["weight"] = np.minimum(weights[useful], PAIR_CAP)
    # igraph draws from this; set for this computation only.
    generator = random.Random(seed)  # noqa: S311 - an arbitrary but repeatable order, no secret
    igraph.set_random_number_generator(generator)
    try:
        return _split(graph, np.array(partition(graph), dtype=np.int64), partition)
    finally:
        igraph.set_random_number_generator(random)


def _nearest(accounts: int, keys: Ints, weights: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Links that are among the strongest of at least one of their accounts: in a crowd weak ones outweigh all else."""
    one, other = ends_of(keys)
    ends, rows = np.concatenate([one, other]), np.tile(np.arange(len(keys)), 2)
    order = np.lexsort((-weights[rows], ends))
    ends, rows = ends[order], rows[order]
    starts = np.searchsorted(ends, np.arange(accounts))
    kept = np.zeros(len(keys), dtype=bool)
    kept[rows[np.arange(len(ends)) - starts[ends] < NEAREST]] = True
    return kept


def _split(graph: igraph.Graph, found: Ints, partition: Partition) -> Ints:
    """Communities that fall apart on their own, taken apart."""
    result = found.copy()
    following = int(found.max()) + 1 if len(found) else 0
    waiting = [int(number) for number in np.unique(found)]
    while waiting:
        number = waiting.pop()
        members = np.flatnonzero(result == number)
        if len(members) < 2 * SMALLEST_FARM:
            continue
        part = graph.induced_subgraph(members.tolist())
        inner = np.array(partition(part), dtype=np.int64)
        if part.modularity(inner.tolist(), weights="weight") < SPLIT_MODULARITY:
            continue
        for group in range(1, int(inner.max()) + 1):
            result[members[inner == group]] = following
            waiting.append(following)
            following += 1
        waiting.append(number)
    return result
