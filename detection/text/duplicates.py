"""Which known texts is this one a copy of? Two tiers: "copy" is said as a finding, "similar" as a possibility.

`find_copies` is the plain reference: it compares with every known text. `Window` (in `detection.text.window`) gives the
same answer fast. The measure is the larger of two RapidFuzz ratios: of the skeletons, which forgives case, spacing and
typos, and of the sorted words, which forgives order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz import fuzz

from detection.text.normalise import Normalised
from detection.thresholds import COPY_RATIO, FUZZY_MIN_SKELETON, SIMILAR_RATIO

Tier = Literal["copy", "similar"]

EXACT: Final = "exact"
SAME_WORDS: Final = "same_words_reordered"
EDITED: Final = "edited"
OTHER_NUMBERS: Final = "other_numbers"
_NUMBER: Final = re.compile("[0-9]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A text met before."""

    #: The caller's id of the text, unique among those compared.
    ref: int
    #: `Normalised.words` of the text.
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyMatch:
    """One known text that the queried one resembles."""

    ref: int
    #: 0 to 1; 1 is the same skeleton.
    score: float
    tier: Tier
    #: Codes: "exact", "same_words_reordered", "edited", "other_numbers".
    why: tuple[str, ...]


def find_copies(query: Normalised, known: Sequence[Known]) -> list[CopyMatch]:
    """The known texts that `query` copies or resembles, best first."""
    if not query.skeleton:
        return []
    own_sorted = sorted_words(query.words)
    found = []
    for text in known:
        skeleton = text.words.replace(" ", "")
        ratio = sort_ratio = 0.0
        if comparable(query.skeleton) and comparable(skeleton):
            ratio = fuzz.ratio(query.skeleton, skeleton)
            sort_ratio = fuzz.ratio(own_sorted, sorted_words(text.words))
        match = judge(query, text, ratio, sort_ratio)
        if match:
            found.append(match)
    return best_first(found)


def judge(query: Normalised, text: Known, ratio: float, sort_ratio: float) -> CopyMatch | None:
    """The match that two ratios (0-100) of a query and a known text amount to, if any.

    A headline with other numbers tells other news: it is never a copy, and similar only if all else is a copy.
    """
    if text.words.replace(" ", "") == query.skeleton:
        return CopyMatch(ref=text.ref, score=1.0, tier="copy", why=(EXACT,))
    best = max(ratio, sort_ratio)
    if best < SIMILAR_RATIO:
        return None
    how = SAME_WORDS if sort_ratio == 100.0 else EDITED
    if same_numbers(query.words, text.words):
        tier: Tier = "copy" if best >= COPY_RATIO else "similar"
        return CopyMatch(ref=text.ref, score=best / 100, tier=tier, why=(how,))
    if best < COPY_RATIO:
        return None
    return CopyMatch(ref=text.ref, score=best / 100, tier="similar", why=(how, OTHER_NUMBERS))


def comparable(skeleton: str) -> bool:
    """Whether a skeleton is long enough to be told apart from others by anything but equality."""
    return len(skeleton) >= FUZZY_MIN_SKELETON


def sorted_words(words: str) -> str:
    """The words in alphabetical order, so that a plain ratio is a token-sort ratio."""
    return " ".join(sorted(words.split()))


def same_numbers(one: str, other: str) -> bool:
    """Whether two texts hold the same numbers, in any order, or the same digits in one ("1 000", "1000")."""
    numbers, others = _NUMBER.findall(one), _NUMBER.findall(other)
    return sorted(numbers) == sorted(others) or "".join(numbers) == "".join(others)


def best_first(matches: Iterable[CopyMatch]) -> list[CopyMatch]:
    """Matches by falling score, equal ones by rising ref."""
    return sorted(matches, key=lambda match: (-match.score, match.ref))
