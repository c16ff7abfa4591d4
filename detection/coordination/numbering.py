"""Farms keep their numbers from run to run while they grow, split, merge and lose accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from detection.coordination.thresholds import SAME_FARM


def numbered(known: Mapping[int, Set[int]], found: Sequence[Set[int]]) -> list[int | None]:
    """For each group that was found the number of the known farm it continues; None for a new one.

    A farm is continued by the group with which it shares most accounts, if that is at least SAME_FARM of the smaller of
    the two; a group continues one farm only, the one it shares most with. So when a farm splits, its greatest part
    keeps the number; when two merge, the one that brings more accounts does. On a tie the older farm wins.
    """
    home = {account: place for place, group in enumerate(found) for account in group}
    shared: dict[tuple[int, int], int] = {}
    for number, accounts in known.items():
        for account in accounts:
            if account in home:
                pair = number, home[account]
                shared[pair] = shared.get(pair, 0) + 1
    given: list[int | None] = [None] * len(found)
    taken: set[int] = set()
    for (number, place), count in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        enough = count >= SAME_FARM * min(len(known[number]), len(found[place]))
        if enough and number not in taken and given[place] is None:
            given[place] = number
            taken.add(number)
    return given
