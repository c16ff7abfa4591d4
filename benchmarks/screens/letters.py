"""Character errors of a screen: what was read where each true line stands, compared with it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import Levenshtein

from bot.simulator.screens import TrueLine
from detection.screenshot.boxes import Box, common_area, shared_rows
from detection.screenshot.model import ReadLine

# Emoji are taken away on both sides: no text recognition reads them.
_EMOJI: Final = re.compile(
    "[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\ufe0e\ufe0f\u200d\u20e3]"
)
# Signs of one look: typographic and plain quotes, the ellipsis and three dots, kinds of dashes. Middle dots only
# separate.
_ALIKE: Final = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "…": "...", "—": "-", "–": "-", "·": " ", "•": " "}
)


# Share of the smaller of two boxes that both cover, and of two lines' height, from which they belong together.
_SHARED: Final = 0.5


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
    """True lines with the pieces that lie on them from left to right.

    A piece belongs to the line that it shares most with; lines of one row that a piece spans (a name and the time
    behind it) are compared together. The status bar and dots that stand alone between two words ("·") are left out.
    """
    places = [Box(*line.box) for line in true]
    owners: list[list[ReadLine]] = [[] for _ in true]
    groups = list(range(len(true)))
    stray = 0
    for piece in read:
        shares = [common_area(piece.box, place) / max(1, min(piece.box.area, place.area)) for place in places]
        held = [at for at, share in enumerate(shares) if share >= _SHARED]
        if not held:
            stray += len(piece.text) if piece.role == "content" else 0
            continue
        best = max(held, key=lambda at: common_area(piece.box, places[at]))
        owners[best].append(piece)
        for at in held:
            if shared_rows(places[at], places[best]) > _SHARED:
                groups = [groups[best] if group == groups[at] else group for group in groups]
    errors = of = 0
    for group in sorted(set(groups)):
        wrong, length = _compared([at for at in range(len(true)) if groups[at] == group], true, owners)
        errors, of = errors + wrong, of + length
    return Letters(errors, of, stray)


def _compared(group: Sequence[int], true: Sequence[TrueLine], owners: Sequence[Sequence[ReadLine]]) -> tuple[int, int]:
    """Wrong characters and characters of lines that are compared together, from left to right."""
    lines = sorted((true[at] for at in group), key=lambda line: line.box[0])
    if any(line.role == "status" for line in lines) or not any(map(str.isalnum, "".join(line.text for line in lines))):
        return 0, 0
    pieces = sorted((piece for at in group for piece in owners[at]), key=lambda piece: piece.box.x)
    expected = folded(" ".join(line.text for line in lines))
    return Levenshtein.distance(expected, folded(" ".join(piece.text for piece in pieces))), len(expected)
