"""Character errors of a screen: what was read where each true line stands, compared with it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import Levenshtein

from bot.simulator.screens import TrueLine
from detection.screenshot.boxes import Box, common_area
from detection.screenshot.model import ReadLine

# Emoji are taken away on both sides: no text recognition reads them.
_EMOJI: Final = re.compile(
    "[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\ufe0e\ufe0f\u200d\u20e3]"
)
# Signs of one look: typographic and plain quotes, the ellipsis and three dots, kinds of dashes; middle dots only separate.
_ALIKE: Final = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "…": "...", "—": "-", "–": "-", "·": " ", "•": " "})


@dataclass(frozen=True, slots=True)
class Letters:
    """Wrong, missing and added characters, out of how many; and characters read where no text stands."""

    errors: int
    of: int
    stray: int


def folded(text: str) -> str:
    """Without emoji, with plain signs and single spaces."""
    return " ".join(_EMOJI.sub("", text).translate(_ALIKE).split())


def letters_of(true: Sequence[TrueLine], read: Sequence[ReadLine]) -> Letters:
    """Every true line with the pieces that lie on it from left to right.

    The status bar and dots that stand alone between two words ("·") are left out.
    """
    lines = [line for line in true if line.role != "status" and any(map(str.isalnum, line.text))]
    owners: dict[int, list[ReadLine]] = {}
    stray = 0
    for piece in read:
        shares = [common_area(piece.box, Box(*line.box)) / max(1, piece.box.area) for line in true]
        best = max(range(len(true)), key=lambda at: shares[at], default=None)
        if best is None or shares[best] < 0.25:
            stray += len(piece.text) if piece.role == "content" else 0
        else:
            owners.setdefault(id(true[best]), []).append(piece)
    errors = of = 0
    for line in lines:
        words = " ".join(piece.text for piece in sorted(owners.get(id(line), []), key=lambda piece: piece.box.x))
        expected = folded(line.text)
        errors += Levenshtein.distance(expected, folded(words))
        of += len(expected)
    return Letters(errors, of, stray)
