"""From what accounts did to farms that are suggested: links with their evidence, groups, changes of allegiance.

Nothing here accuses anybody: a link is an offer to a person, and each carries the evidence by which it can be judged.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from detection.coordination.activity import Activity, Ints
from detection.coordination.communities import communities
from detection.coordination.evidence import Evidence, gather
from detection.coordination.pairs import Floats, ends_of
from detection.coordination.signs import read_signs
from detection.coordination.suggestion import ALONE, KINDS, Link, Signs, Suggested
from detection.coordination.switches import find_switches
from detection.coordination.thresholds import (
    CLEAR_ACCOUNTS,
    DIRECT_WEIGHT,
    FARM_ODDS,
    FARM_ODDS_SHARE,
    LINK_WEIGHT,
    LINKS_AN_ACCOUNT,
    MEMBER_SHARE,
    PAIR_CAP,
    SMALLEST_FARM,
)

#: Kinds that show something of two accounts alone; hours and rhythms only lean on them.
_DIRECT = [KINDS.index(kind) for kind in ("photo", "text", "minutes", "replies", "switch")]


def suggest(activity: Activity, *, rejected: Collection[int] = ()) -> Suggested:
    """Farms, links and switches. ``rejected`` are keys of pairs that people told apart: never linked again."""
    switches = [switch for switch in find_switches(activity.stances) if switch.account < activity.listed]
    evidence = _without(gather(activity, switches), rejected)
    found = communities(activity.listed, evidence.keys, evidence.total)
    signs = read_signs(activity, evidence, found)
    farms = _members(evidence, found, signs)
    links = _links(evidence, farms)
    farms = _linked(farms, links)
    everybody = np.concatenate([farms, np.full(activity.accounts - activity.listed, ALONE)])
    dated = find_switches(activity.stances, everybody.tolist())
    return Suggested(
        farms=farms,
        links=tuple(links),
        switches=tuple(switch for switch in dated if switch.account < activity.listed),
        signs={number: sign for number, sign in signs.items() if (farms == number).any()},
    )


def _without(evidence: Evidence, rejected: Collection[int]) -> Evidence:
    if not rejected:
        return evidence
    kept = ~np.isin(evidence.keys, np.fromiter(rejected, dtype=np.int64))
    return Evidence(evidence.keys[kept], evidence.weights[kept], evidence.met[kept], evidence.expected[kept])


def _members(evidence: Evidence, found: Ints, signs: dict[int, Signs]) -> Ints:
    """The farm of each account: communities with the signs of one, without those who only stand beside it."""
    is_farm = np.zeros(int(found.max()) + 1 if len(found) else 0, dtype=bool)
    clearest = max((sign.odds for sign in signs.values() if sign.accounts >= CLEAR_ACCOUNTS), default=0.0)
    least = max(FARM_ODDS, FARM_ODDS_SHARE * clearest - 1.0)
    for number, sign in signs.items():
        is_farm[number] = sign.accounts >= SMALLEST_FARM and sign.odds >= least
    belongs = is_farm[found] & _attached(evidence, found)
    return np.where(belongs, found, ALONE)


def _attached(evidence: Evidence, found: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Accounts that keep to their community as its others do, by the share of their links that stays in it."""
    one, other = ends_of(evidence.keys)
    weight = np.minimum(evidence.total, PAIR_CAP)
    size = len(found)
    inner = np.where(found[one] == found[other], weight, 0.0)
    everything = np.bincount(one, weight, size) + np.bincount(other, weight, size)
    inside: Floats = np.bincount(one, inner, size) + np.bincount(other, inner, size).astype(float)
    share = inside / np.maximum(everything, 1e-9)
    # The middle by what binds them: a crowd that was swept along must not set the measure of those who belong.
    usual = _medians(share, inside, found)
    return np.asarray((share >= MEMBER_SHARE * usual[found]) & (inside > 0))


def _medians(values: Floats, weights: Floats, groups: Ints) -> Floats:
    """The weighted median of each group; 0 for one without weight."""
    order = np.lexsort((values, groups))
    total = np.bincount(groups, weights)
    before = np.concatenate([[0.0], total.cumsum()[:-1]])
    sums = weights[order].cumsum() - before[groups[order]]
    low = sums < total[groups[order]] / 2
    place = np.bincount(groups[order], low, len(total)) + np.concatenate([[0], np.bincount(groups).cumsum()[:-1]])
    return np.asarray(values[order][np.minimum(place.astype(np.int64), max(0, len(values) - 1))])


def _links(evidence: Evidence, farms: Ints) -> list[Link]:
    """The strongest links of each account within its farm, as many as a person can look through."""
    one, other = ends_of(evidence.keys)
    direct = evidence.weights[:, _DIRECT].sum(axis=1)
    inside = (farms[one] == farms[other]) & (farms[one] != ALONE)
    chosen = np.flatnonzero(inside & (evidence.total >= LINK_WEIGHT) & (direct >= DIRECT_WEIGHT))
    chosen = chosen[np.argsort(-evidence.total[chosen], kind="stable")]
    had = np.zeros(len(farms), dtype=np.int64)
    links = []
    for row in chosen:
        ends = int(one[row]), int(other[row])
        if had[ends[0]] >= LINKS_AN_ACCOUNT and had[ends[1]] >= LINKS_AN_ACCOUNT:
            continue
        had[[*ends]] += 1
        weights = {kind: round(float(w), 2) for kind, w in zip(KINDS, evidence.weights[row], strict=True) if w >= 0.05}
        links.append(Link(one=ends[0], other=ends[1], weights=weights))
    return links


def _linked(farms: Ints, links: list[Link]) -> Ints:
    """Farms of accounts with a link to show: a group without evidence for a pair of its accounts is no suggestion."""
    ends = {link.one for link in links} | {link.other for link in links}
    linked = np.zeros(len(farms), dtype=bool)
    linked[list(ends)] = True
    kept = np.where(linked, farms, ALONE)
    size = np.bincount(kept[kept != ALONE], minlength=int(farms.max(initial=0)) + 1)
    small = (kept != ALONE) & (size[np.maximum(kept, 0)] < SMALLEST_FARM)
    return np.asarray(np.where(small, ALONE, kept))
