"""What a newsroom would do without Kalkan: connected components of shared texts and photos; Louvain on co-comments."""

from __future__ import annotations

import random
from dataclasses import dataclass

import igraph
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.farms.judging import adjusted_rand
from benchmarks.farms.world import HONEST, World
from detection.coordination.activity import UNKNOWN
from detection.coordination.suggestion import ALONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Rough:
    """How an alternative did: adjusted Rand, share of wrong pairs in its groups, honest accounts in a group."""

    ari: float
    wrong: float
    suspected: int


def components(world: World) -> Rough:
    """Whoever shares a text or a photo is together; texts and photos of more than 50 accounts are left out."""
    activity = world.activity
    one = np.stack([activity.comments.account, activity.comments.text], axis=1)
    other = np.stack([activity.photos.account, activity.photos.photo + (1 << 40)], axis=1)
    rows = np.unique(np.concatenate([one, other]), axis=0)
    rows = rows[rows[:, 0] < activity.listed]
    _, place, users = np.unique(rows[:, 1], return_inverse=True, return_counts=True)
    kept = (users[place] > 1) & (users[place] <= 50)
    size = activity.listed + len(users)
    graph = sparse.csr_matrix(
        (np.ones(int(kept.sum())), (rows[kept, 0], place[kept] + activity.listed)), shape=(size, size)
    )
    labels = sparse.csgraph.connected_components(graph, directed=False)[1][: activity.listed].astype(np.int64)
    return _judged(world, _without_singles(labels))


def co_comments(world: World) -> Rough:
    """Louvain on how many posts two accounts both commented under."""
    comments, listed = world.activity.comments, world.activity.listed
    known = (comments.post != UNKNOWN) & (comments.account < listed)
    rows = np.unique(np.stack([comments.account[known], comments.post[known]], axis=1), axis=0)
    present = sparse.csr_matrix((np.ones(len(rows)), (rows[:, 0], rows[:, 1])), shape=(listed, rows[:, 1].max() + 1))
    both = sparse.triu(present @ present.T, k=1).tocoo()
    graph = igraph.Graph(n=listed, edges=np.stack([both.row, both.col], axis=1))
    igraph.set_random_number_generator(random.Random(1))
    labels = np.array(graph.community_multilevel(weights=both.data).membership, dtype=np.int64)
    return _judged(world, _without_singles(labels))


def _without_singles(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(np.bincount(labels)[labels] > 1, labels, ALONE)


def _judged(world: World, labels: NDArray[np.int64]) -> Rough:
    farm = world.farm[: world.activity.listed]
    own = 1_000_000 + np.arange(len(labels))
    truth, found = np.where(farm == HONEST, own, farm), np.where(labels == ALONE, own, labels)
    one, other = np.triu_indices(len(labels), 1)
    together = (labels[one] == labels[other]) & (labels[one] != ALONE)
    right = world.same_farm(one[together], other[together])
    return Rough(
        ari=adjusted_rand(truth, found),
        wrong=float((~right).mean()) if together.any() else 0.0,
        suspected=int(((labels != ALONE) & (farm == HONEST)).sum()),
    )
