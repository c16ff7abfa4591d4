"""How alike two texts are, in numbers: what the decision is made from.

Letters are compared by the skeletons' stretches of five letters, each weighted by how rare it is in the store, so that
what everybody writes counts little; and by two RapidFuzz ratios, of the skeletons and of the sorted words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein, Postfix, Prefix

from detection.thresholds import (
    COMMON_WEIGHT,
    EDITS_MAX_CHARS,
    LIKENESS_GRAM,
    LIKENESS_MISS,
    PROMISING_MASS,
    PROMISING_RATIO,
    RARITY_MIN_STORE,
)

_NUMBER: Final = re.compile("[0-9]+")
_NOT_A_DIGIT: Final = re.compile("[^0-9]+")
# What those who type Cyrillic in Latin letters mix up: "w" is «ш» to some and «в» to others, "c" is «ц» or «к».
_COARSE: Final = str.maketrans("vc", "sk")

#: The numbers of a likeness, in the order in which the forest reads them, and whether more of it can only speak for
#: (1) or against (-1) a copy.
FEATURES: Final = {
    "ratio": 1,
    "sorted_ratio": 1,
    "mass": 1,
    "share": 1,
    "other_share": 1,
    "best_run_mass": 1,
    "best_run": 1,
    "segment": 1,
    "length": 0,
    "other_length": 0,
    "candidate_mass": 1,
    "numbers_differ": -1,
    "other_left": -1,
    "both_left": -1,
    "runs": 0,
    "covered": 1,
    "covered_mass": 1,
    "longest_gap": -1,
    "both_gap": -1,
    "prefix": 1,
    "suffix": 1,
    "rank": -1,
    "rarity": 0,
    "common_share": 0,
    "gaps": 0,
    "largest_edit": -1,
    "edits": 0,
    "stored": 0,
}


@dataclass(frozen=True, slots=True)
class Profile:
    """A text made ready to be compared with many: `weights` as `Asked.weights` gives them."""

    words: str
    skeleton: str
    #: The skeleton with the letters alike that are taken for each other in Latin spellings.
    coarse: str
    weights: Sequence[float]
    sorted_words: str
    grams: Sequence[str]
    gram_set: frozenset[str]
    numbers: frozenset[str]
    total_weight: float
    common_share: float

    @classmethod
    def of(cls, words: str, weights: Sequence[float]) -> Profile:
        """The profile of a text by its words."""
        skeleton = words.replace(" ", "")
        grams = _grams(skeleton)
        return cls(
            words=words,
            skeleton=skeleton,
            coarse=skeleton.translate(_COARSE),
            weights=weights,
            sorted_words=sorted_words(words),
            grams=grams,
            gram_set=frozenset(grams),
            numbers=frozenset(_NUMBER.findall(words)),
            total_weight=sum(weights) + 1e-9,
            common_share=sum(weight < COMMON_WEIGHT for weight in weights) / len(weights),
        )


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two texts have in common; `values` are the numbers of FEATURES in their order, ratios are 0-100."""

    ratio: float
    sorted_ratio: float
    #: Shares (0-1) of the letters of the one and the other that stand in a common stretch.
    covered: float
    other_covered: float
    numbers_differ: bool
    #: Letters of the shorter skeleton.
    shorter: int
    #: Ratio of the skeletons in the coarsest spelling, and the letters of the longest single edit.
    coarse_ratio: float
    longest_edit: int
    #: Whether the digits of both, in a row, may be the same but for typing errors.
    same_digits: bool
    values: tuple[float, ...]

    @property
    def whole(self) -> float:
        """0-100: how alike they are as wholes."""
        return max(self.ratio, self.sorted_ratio)

    @property
    def part(self) -> float:
        """0-100: how much of the one stands in the other, or the other way round."""
        return 100 * max(self.covered, self.other_covered)


def is_promising(one: Profile, other_words: str, mass: float) -> bool:
    """Whether a candidate of this mass is worth a full comparison; most share but a phrase with the text."""
    if mass >= PROMISING_MASS:
        return True
    if fuzz.ratio(one.skeleton, other_words.replace(" ", "")) >= PROMISING_RATIO:
        return True
    return fuzz.ratio(one.sorted_words, sorted_words(other_words)) >= PROMISING_RATIO


def likeness(one: Profile, other_words: str, mass: float, rank: int, stored: int) -> Likeness:
    """Compare a text with one of `stored` texts, a candidate of this mass and rank."""
    other = other_words.replace(" ", "")
    other_grams = _grams(other)
    others = set(other_grams)
    hits = [gram in others for gram in one.grams]
    other_hits = [gram in one.gram_set for gram in other_grams]
    runs = _Runs.of(hits, one.weights)
    left, gaps, longest_gap = _uncovered(hits, len(one.skeleton))
    other_left, _, other_gap = _uncovered(other_hits, len(other))
    ratio = fuzz.ratio(one.skeleton, other)
    sorted_ratio = fuzz.ratio(one.sorted_words, sorted_words(other_words))
    covered = 1 - left / max(1, len(one.skeleton))
    shared_mass = _mass(one, others)
    differ = _numbers_differ(one.numbers, other_words)
    longest_edit, edits = _edits(one.skeleton, other)
    values = (
        ratio,
        sorted_ratio,
        shared_mass,
        runs.mass / one.total_weight,
        sum(other_hits) / len(other_hits),
        runs.best_mass,
        runs.longest + LIKENESS_GRAM - 1 if runs.count else 0,
        runs.segment,
        len(one.skeleton),
        len(other),
        mass,
        differ,
        other_left,
        min(left, other_left),
        runs.count,
        covered,
        shared_mass * covered,
        max(longest_gap, other_gap),
        min(longest_gap, other_gap),
        Prefix.similarity(one.skeleton, other),
        Postfix.similarity(one.skeleton, other),
        rank,
        one.total_weight / len(one.weights),
        one.common_share,
        gaps,
        longest_edit,
        edits,
        # How rare a stretch is, a small store hardly knows.
        math.log10(max(stored, RARITY_MIN_STORE)),
    )
    other_covered = 1 - other_left / max(1, len(other))
    return Likeness(
        ratio=ratio,
        sorted_ratio=sorted_ratio,
        covered=covered,
        other_covered=other_covered,
        numbers_differ=differ,
        shorter=min(len(one.skeleton), len(other)),
        coarse_ratio=fuzz.ratio(one.coarse, other.translate(_COARSE)),
        longest_edit=longest_edit,
        same_digits=_same_digits(one.skeleton, other, differ),
        values=values,
    )


def sorted_words(words: str) -> str:
    """The words in alphabetical order, so that a plain ratio is a token-sort ratio."""
    return " ".join(sorted(words.split()))


def _grams(skeleton: str) -> list[str]:
    return [skeleton[i : i + LIKENESS_GRAM] for i in range(max(1, len(skeleton) - LIKENESS_GRAM + 1))]


def _edits(one: str, other: str) -> tuple[int, int]:
    """Letters of the longest stretch that was replaced, left out or put in, and the number of stretches: typing errors
    make many short ones, another name a long one."""
    known = Levenshtein.opcodes(one[:EDITS_MAX_CHARS], other[:EDITS_MAX_CHARS])
    changes = [op for op in known if op.tag != "equal"]
    longest = max((max(op.src_end - op.src_start, op.dest_end - op.dest_start) for op in changes), default=0)
    return longest, len(changes)


def _mass(one: Profile, others: set[str]) -> float:
    """The weights of the distinct stretches that both have."""
    first = dict(zip(reversed(one.grams), reversed(one.weights), strict=True))
    return sum(weight for gram, weight in first.items() if gram in others)


def _numbers_differ(numbers: frozenset[str], other_words: str) -> bool:
    """Whether each text has a number that the other has not: other news under the same headline."""
    theirs = frozenset(_NUMBER.findall(other_words))
    return bool(numbers - theirs) and bool(theirs - numbers)


def _same_digits(one: str, other: str, differ: bool) -> bool:
    """Whether no other number is meant: torn apart it is the same, a lost digit is a slip, an exchanged one is not."""
    ours, theirs = _NOT_A_DIGIT.sub("", one), _NOT_A_DIGIT.sub("", other)
    return ours == theirs or (len(ours) != len(theirs) and not differ)


@dataclass(frozen=True, slots=True)
class _Runs:
    """Common stretches that follow each other."""

    count: int
    longest: int
    #: Weights of all common stretches, and of the weightiest run of them.
    mass: float
    best_mass: float
    #: The best sum over neighbouring stretches, where one that is not common costs LIKENESS_MISS.
    segment: float

    @classmethod
    def of(cls, hits: Sequence[bool], weights: Sequence[float]) -> _Runs:
        count = longest = length = 0
        mass = best = run = segment = current = 0.0
        for hit, weight in zip(hits, weights, strict=True):
            if hit:
                count += not length
                length += 1
                run += weight
                mass += weight
                current += weight
                longest, best, segment = max(longest, length), max(best, run), max(segment, current)
            else:
                length, run = 0, 0.0
                current = max(0.0, current - LIKENESS_MISS)
        return cls(count, longest, mass, best, segment)


def _uncovered(hits: Sequence[bool], length: int) -> tuple[int, int, int]:
    """How many letters stand in no common stretch, in how many gaps, and how long the longest gap is."""
    covered_to = left = gaps = longest = 0
    position = 0
    for is_hit, group in groupby(hits):
        size = len(list(group))
        if is_hit:
            gap = position - covered_to
            left, gaps, longest = (left + gap, gaps + 1, max(longest, gap)) if gap > 0 else (left, gaps, longest)
            covered_to = position + size + LIKENESS_GRAM - 1
        position += size
    gap = length - covered_to
    return (left + gap, gaps + 1, max(longest, gap)) if gap > 0 else (left, gaps, longest)
