"""Which application a screen belongs to: by its words, its colours and how its comments are laid out."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, get_args

import numpy as np
from numpy.typing import NDArray

from detection.screenshot.boxes import Box
from detection.screenshot.canvas import WIDTH, Canvas
from detection.screenshot.model import Platform
from detection.screenshot.piece import Piece

PLATFORMS: Final[tuple[Platform, ...]] = get_args(Platform)
# Levels by which a colour may differ: recompressed screens are off by 2.
_TOLERANCE: Final = 4
# Log-odds that a word or a colour adds, shared among the platforms that have it.
_WORD: Final = 2.2
_COLOUR: Final = 1.6
_SIGN: Final = 2.0
_CLOCK: Final = re.compile(r"(?:[01]?\d|2[0-3])[:.][0-5]\d\W*")


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest platform and how likely it is (0 to 1); None when nothing speaks for any."""

    platform: Platform | None
    confidence: float


def guess_platform(canvas: Canvas, pieces: Sequence[Piece], circles: Sequence[Box]) -> Guess:
    """The platform of the screen."""
    odds = defaultdict[str, float](float)
    _hear_words(odds, pieces)
    _see_colours(odds, canvas)
    _see_signs(odds, pieces, circles, canvas.height)
    if not odds or max(odds.values()) <= 0:
        return Guess(None, 0.0)
    weights = {platform: math.exp(odds[platform]) for platform in PLATFORMS}
    best = max(PLATFORMS, key=lambda platform: weights[platform])
    return Guess(best, weights[best] / sum(weights.values()))


def _hear_words(odds: defaultdict[str, float], pieces: Sequence[Piece]) -> None:
    """Each form counts once, by how few platforms have it."""
    heard = set()
    for piece in pieces:
        having = frozenset(platform for match in piece.matches for platform in match.platforms)
        general = "any" in having
        if having - {"any"} and piece.text.casefold() not in heard:
            heard.add(piece.text.casefold())
            for platform in having - {"any"}:
                odds[platform] += (0.4 if general else 1.0) * _WORD / len(having - {"any"})


def _see_colours(odds: defaultdict[str, float], canvas: Canvas) -> None:
    small = canvas.rgb[::6, ::6].reshape(-1, 3).astype(np.int16)
    for platform, colour, least, most in _colours():
        share = float((np.abs(small - colour).max(axis=1) <= _TOLERANCE).mean())
        if least <= share <= most:
            odds[platform] += _COLOUR


def _see_signs(odds: defaultdict[str, float], pieces: Sequence[Piece], circles: Sequence[Box], height: int) -> None:
    inside = [piece for piece in pieces if 0.1 * height < piece.box.y < 0.93 * height]
    clocks = [piece for piece in inside if _CLOCK.fullmatch(piece.text) and piece.box.x > 0.3 * WIDTH]
    if len(clocks) >= 2:
        odds["telegram"] += _SIGN
        odds["whatsapp"] += _SIGN
    # YouTube writes the handle beside the top of the photo; elsewhere a text may begin with a mention below a name.
    handles = [piece for piece in inside if piece.text.startswith("@") and _beside(piece, circles)]
    if handles:
        odds["youtube"] += _SIGN * min(2, len(handles))
    if any(re.search(r"(?:ago|назад|мурун)$", piece.text) for piece in inside):
        for platform in ("vk", "ok", "tiktok", "youtube"):
            odds[platform] += 0.8
    if any(piece.is_number and piece.box.x > 0.85 * WIDTH and piece.box.w < 90 for piece in inside):
        odds["instagram"] += 0.3
    # Nobody else counts a person's likes beside their followers.
    if all(any(piece.has_role(role) for piece in inside) for role in ("counter:likes", "counter:followers")):
        odds["tiktok"] += 2 * _SIGN
    if any(re.fullmatch(r"(?:\d{4}-)?\d\d-\d\d", piece.text) for piece in inside):
        odds["tiktok"] += _SIGN


def _beside(piece: Piece, circles: Sequence[Box]) -> bool:
    return any(
        0 <= piece.box.x - circle.right < 90 and abs(piece.box.y - circle.y) < 0.35 * circle.h for circle in circles
    )


@cache
def _colours() -> tuple[tuple[str, NDArray[np.int16], float, float], ...]:
    text = resources.files("detection.screenshot").joinpath("platforms.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(
        (platform, np.array(list(bytes.fromhex(colour)), np.int16), float(least), float(most))
        for platform, _, colour, least, most in rows
    )
