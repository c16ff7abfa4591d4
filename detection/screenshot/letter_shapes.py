"""What the size and the place of letters in a line say, where the engine cannot tell.

The engine scales every line to one height, so that «сом.» alone becomes «СОМ.», and sees no narrow space in «1 265».
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

# Parts of the highest part's height from which they count as letters.
_LETTER: Final = 0.4
_SPECK: Final = 4
# Letters no higher than so many times the small letters of the line above are small, too.
_SMALL: Final = 1.14
# By how much wider than any other two neighbouring digits those are that stand on both sides of a narrow space.
# Without a space it is at most 1.16 (Roboto, whose «1» is set wide), with one 1.12 to 1.7.
_WIDER: Final = 1.17
_DIGITS: Final = re.compile(r"(\W*)(\d{4,9})(\W*)")


def letter_height(ink: NDArray[np.bool_]) -> float:
    """The median height of letters in pixels, 0 without any: in mixed case that of small ones, as most are."""
    stats = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)[2][1:]
    heights = stats[stats[:, 4] >= _SPECK][:, 3]
    if not len(heights):
        return 0.0
    return float(np.median(heights[heights >= _LETTER * heights.max()]))


def is_shouted(text: str) -> bool:
    """Whether all of its letters, two or more, are capitals."""
    return text.isupper() and sum(letter.isalpha() for letter in text) >= 2


def are_small(height: float, above: float) -> bool:
    """Whether capitals of this letter height are small letters, below a line whose letters are so high."""
    return 0 < height <= _SMALL * above


def grouped(word: str, ink: NDArray[np.bool_]) -> str:
    """«1265» as «1 265» when the ink of the word shows a space before each three digits from the end."""
    match = _DIGITS.fullmatch(word)
    if match is None:
        return word
    digits = match[2]
    places = _digit_places(ink, len(digits))
    # Places after which a group begins, counted in digits from the start.
    ends = list(range(len(digits) - 3, 0, -3))
    if not places or not _set_apart(places, ends):
        return word
    parts = [digits[start:end] for start, end in zip([0, *ends[::-1]], [*ends[::-1], len(digits)], strict=True)]
    return match[1] + " ".join(parts) + match[3]


def _set_apart(places: Sequence[tuple[int, int]], ends: Sequence[int]) -> bool:
    """Whether the digits at these places stand further from those before than any others do, middle to middle."""
    steps = [(after[0] + after[1] - before[0] - before[1]) / 2 for before, after in pairwise(places)]
    others = [step for at, step in enumerate(steps, 1) if at not in ends]
    return bool(others) and min(steps[end - 1] for end in ends) >= _WIDER * max(others)


def _digit_places(ink: NDArray[np.bool_], count: int) -> list[tuple[int, int]]:
    """From where to where so many digits reach side by side; none when there are not as many (a comma is lower)."""
    stats = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)[2][1:]
    parts = stats[stats[:, 4] >= _SPECK]
    if not len(parts):
        return []
    high = parts[parts[:, 3] >= 0.7 * parts[:, 3].max()]
    return sorted((int(x), int(x + w)) for x, w in high[:, [0, 2]]) if len(high) == count else []
