"""Which stored texts is this one a copy of? Two tiers: "copy" is said as a finding, "similar" as a possibility.

Thresholds follow the size of the store: the more texts, the more of them come near by chance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from detection.text.candidates import Asked, Candidate
from detection.text.forest import forest
from detection.text.likeness import Likeness, Profile, is_promising, likeness
from detection.thresholds import (
    COPY_ODDS,
    FUZZY_MIN_SKELETON,
    LITERAL_MIN_SKELETON,
    LITERAL_ODDS,
    LITERAL_RATIO,
    SIMILAR_ODDS,
    SLIP_MAX_LETTERS,
    WHOLE_RATIO,
)

Tier = Literal["copy", "similar"]

EXACT: Final = "exact"
SAME_WORDS: Final = "same_words_reordered"
EDITED: Final = "edited"
OTHER_NUMBERS: Final = "other_numbers"
PART: Final = "part"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """A stored text that the one asked about copies or resembles."""

    number: int
    #: 0 to 1: how much is alike; 1 is the same skeleton.
    score: float
    #: Log-odds above the threshold of the tier "similar"; orders decisions.
    odds: float
    tier: Tier
    #: Codes: "exact", "same_words_reordered", "edited", "part", "other_numbers".
    why: tuple[str, ...]
    #: One of the two is a part of the other, or they share a part.
    partial: bool


def comparable(skeleton: str) -> bool:
    """Whether a skeleton is long enough to be told apart from others by anything but equality.

    Below `FUZZY_MIN_SKELETON` letters only slips of the keyboard are forgiven.
    """
    return len(skeleton) >= LITERAL_MIN_SKELETON


def decide(
    asked: Asked, found: Sequence[tuple[Candidate, str]], holders: Mapping[int, int], stored: int
) -> list[Decision]:
    """The decisions on candidates with their words, surest first; `holders` and `stored` as in `Asked.weights`."""
    if not comparable(asked.skeleton) or not found:
        return []
    profile = Profile.of(asked.words, asked.weights(holders, stored))
    near = [(c, words) for c, words in found if is_promising(profile, words, c.mass)]
    near = [(c, words) for c, words in near if comparable(words.replace(" ", ""))]
    if not near:
        return []
    likenesses = [likeness(profile, words, c.mass, c.rank, stored) for c, words in near]
    odds = forest().scores(np.array([each.values for each in likenesses]))
    decisions = [
        _decision(candidate.number, each, value, stored)
        for (candidate, _), each, value in zip(near, likenesses, odds.tolist(), strict=True)
    ]
    return sorted((d for d in decisions if d is not None), key=lambda d: (-d.odds, d.number))


def exact(number: int) -> Decision:
    """The decision on a stored text with the same skeleton."""
    return Decision(number=number, score=1.0, odds=math.inf, tier="copy", why=(EXACT,), partial=False)


def copy_odds(stored: int) -> float:
    """The log-odds from which a text is a copy, among so many stored ones."""
    return _at(COPY_ODDS, stored)


def similar_odds(stored: int) -> float:
    """The log-odds from which a text is similar."""
    return _at(SIMILAR_ODDS, stored)


def _at(odds: Mapping[int, float], stored: int) -> float:
    sizes = [math.log10(size) for size in odds]
    return float(np.interp(math.log10(max(stored, 1)), sizes, list(odds.values())))


def _decision(number: int, like: Likeness, odds: float, stored: int) -> Decision | None:
    is_literal = odds >= LITERAL_ODDS and _has_slips_only(like)
    above = odds - similar_odds(stored)
    if not is_literal and (above < 0 or like.shorter < FUZZY_MIN_SKELETON):
        return None
    partial = like.whole < WHOLE_RATIO
    return Decision(
        number=number,
        # A text that is not the same never counts as the same.
        score=min(0.9999, (like.part if partial else like.whole) / 100),
        odds=above,
        tier="copy" if is_literal or odds >= copy_odds(stored) else "similar",
        why=_why(like, partial),
        partial=partial,
    )


def _has_slips_only(like: Likeness) -> bool:
    """Letter by letter nearly the same, with the same numbers: no word was exchanged for another one."""
    return like.same_digits and like.coarse_ratio >= LITERAL_RATIO and like.longest_edit <= SLIP_MAX_LETTERS


def _why(like: Likeness, partial: bool) -> tuple[str, ...]:
    how = PART if partial else SAME_WORDS if like.sorted_ratio == 100.0 else EDITED
    return (how, OTHER_NUMBERS) if like.numbers_differ else (how,)
