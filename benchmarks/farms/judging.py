"""How well farms, links and switches were found, held against the truth of a synthetic world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.farms.world import HONEST, UNKNOWN, World
from detection.coordination.suggesting import suggest
from detection.coordination.suggestion import ALONE, Suggested

_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The figures of one world.

    ``ari``: adjusted Rand over every listed account, an honest one and one without a suggestion each in a group of its
    own. ``ari_farms``: over the accounts of farms alone. ``ari_links``: over every account, by what links join.
    ``wrong``: share of links between accounts of no common farm; ``honest``: share of links with an honest account.
    ``suspected``: honest accounts with a link. ``found``: share of farm accounts with one. ``dated``: share of the
    accounts that switched whose date is within 3 days; ``missed``: share of them that got no date; ``false_switches``:
    share of the accounts that did not switch with a date.
    """

    ari: float
    ari_farms: float
    ari_links: float
    links: int
    wrong: float
    honest: float
    suspected: int
    found: float
    dated: float
    missed: float
    false_switches: float
    farms: int


def judge(world: World, suggested: Suggested) -> Judged:
    """Hold what was suggested against the truth."""
    listed = world.activity.listed
    farm, labels = world.farm[:listed], suggested.farms
    one = np.array([link.one for link in suggested.links], dtype=np.int64)
    other = np.array([link.other for link in suggested.links], dtype=np.int64)
    right = world.same_farm(one, other)
    to_honest = (farm[one] == HONEST) | (farm[other] == HONEST)
    hired = farm != HONEST
    dated, missed, false = _switches(world, suggested)
    return Judged(
        ari=adjusted_rand(_own_groups(farm, HONEST), _own_groups(labels, ALONE)),
        ari_farms=adjusted_rand(farm[hired], _own_groups(labels, ALONE)[hired]),
        ari_links=adjusted_rand(_own_groups(farm, HONEST), _joined(listed, one, other)),
        links=len(one),
        wrong=float((~right).mean()) if len(one) else 0.0,
        honest=float(to_honest.mean()) if len(one) else 0.0,
        suspected=int(((labels != ALONE) & ~hired).sum()),
        found=float((labels[hired] != ALONE).mean()),
        dated=dated,
        missed=missed,
        false_switches=false,
        farms=len(np.unique(labels[labels != ALONE])),
    )


def run(world: World) -> Judged:
    """Suggest and judge."""
    return judge(world, suggest(world.activity))


def _switches(world: World, suggested: Suggested) -> tuple[float, float, float]:
    listed = world.activity.listed
    truth = world.switched_at[:listed]
    found = {switch.account: switch.at for switch in suggested.switches}
    moved = np.flatnonzero(truth != UNKNOWN)
    near = sum(n in found and abs(found[n] - truth[n]) <= 3 * _DAY for n in moved.tolist())
    lost = sum(n not in found for n in moved.tolist())
    stayed = ~world.ever_switched[:listed]
    others = int(stayed.sum())
    false = sum(bool(stayed[account]) for account in found)
    return near / max(1, len(moved)), lost / max(1, len(moved)), false / max(1, others)


def datable(world: World) -> tuple[float, float]:
    """What is possible: the share of the accounts that switched whose date is within 3 days when one reads the middle
    of the gap between the last word before and the first after it, both known from the truth; and the same when the
    farm's true middle date is held against that gap."""
    listed, stances = world.activity.listed, world.activity.stances
    truth, near = world.switched_at[:listed], []
    order = np.lexsort((stances.at, stances.account))
    at, account = stances.at[order], stances.account[order]
    for moved in np.flatnonzero(truth != UNKNOWN):
        words = at[np.searchsorted(account, moved) : np.searchsorted(account, moved, side="right")]
        after = int(np.searchsorted(words, truth[moved]))
        gap = words[after - 1], words[min(after, len(words) - 1)]
        common = np.median(truth[(world.farm[:listed] == world.farm[moved]) & (truth != UNKNOWN)])
        guesses = np.array([np.mean(gap), np.clip(common, *gap)])
        near.append(np.abs(guesses - truth[moved]) <= 3 * _DAY)
    own, together = np.mean(near, axis=0) if near else (1.0, 1.0)
    return float(own), float(together)


def _joined(accounts: int, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """A group's number for each account: whoever a chain of links joins is together."""
    graph = sparse.csr_matrix((np.ones(len(one)), (one, other)), shape=(accounts, accounts))
    return np.asarray(sparse.csgraph.connected_components(graph, directed=False)[1], dtype=np.int64)


def _own_groups(labels: NDArray[np.int64], alone: int) -> NDArray[np.int64]:
    return np.where(labels == alone, 1_000_000 + np.arange(len(labels)), labels)


def adjusted_rand(truth: NDArray[np.int64], found: NDArray[np.int64]) -> float:
    """The adjusted Rand index (Hubert & Arabie, Journal of Classification, 1985)."""
    _, a = np.unique(truth, return_inverse=True)
    _, b = np.unique(found, return_inverse=True)
    both = np.unique(a.astype(np.int64) * (int(b.max()) + 1) + b, return_counts=True)[1]
    pairs = lambda counts: float((counts.astype(float) * (counts - 1) / 2).sum())  # noqa: E731 - one formula, thrice
    together, first, second = pairs(both), pairs(np.bincount(a)), pairs(np.bincount(b))
    chance = first * second / max(1.0, len(a) * (len(a) - 1) / 2)
    most = (first + second) / 2
    return 1.0 if most == chance else (together - chance) / (most - chance)
