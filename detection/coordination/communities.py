"""Communities of a weighted graph of accounts: Leiden from igraph; `benchmarks/farms` measures it beside others."""

from __future__ import annotations

import random
from collections.abc import Callable

import igraph
import numpy as np

from detection.coordination.activity import Ints
from detection.coordination.pairs import Floats, ends_of
from detection.coordination.thresholds import NEAREST, PAIR_CAP, RESOLUTION

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
        return np.array(partition(graph), dtype=np.int64)
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
