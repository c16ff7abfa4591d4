"""What the search for farms answers: groups, links with their evidence, changes of allegiance, signs.

Apart from the search itself, whose libraries only the process that computes needs to load.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from detection.coordination.activity import Ints

#: The kinds of evidence, in the order of the columns.
KINDS: Final = ("photo", "text", "minutes", "replies", "hours", "switch", "rhythm")
#: Belongs to no farm.
ALONE: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two accounts that seem to be run together: the smaller index first, the weight of each kind, their sum."""

    one: int
    other: int
    weights: dict[str, float]

    @property
    def weight(self) -> float:
        """Gain in log-likelihood over all kinds."""
        return sum(self.weights.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """The signs of one community, and the log-odds (natural) that it is a farm, beside the others of its archive."""

    accounts: int
    inwardness: float
    photos: float
    texts: float
    odds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A change of allegiance: when, between which moments it must lie, and how surely (gain in log-likelihood).

    ``turned_on`` and ``turned_to``: the subject that lost most of its favour, and the one that won most.
    """

    account: int
    at: int
    earliest: int
    latest: int
    gain: float
    turned_on: int
    turned_to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """What one computation suggests. ``farms``: a number for each listed account, ALONE for none."""

    farms: Ints
    links: tuple[Link, ...]
    switches: tuple[Switch, ...]
    signs: dict[int, Signs]
