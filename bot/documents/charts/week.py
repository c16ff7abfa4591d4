"""A farm's week as a picture: hours across, weekdays down, the darker the more comments; read without colours too."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

from bot.documents.charts.palette import FAINT, INK, PAGE, Colour
from bot.documents.fonts import font
from bot.model.farm import RhythmFacts
from bot.model.plain import one_line

WIDTH: Final = 1280
_LEFT: Final = 110
_TOP: Final = 150
_CELL: Final = 47
_ROW: Final = 64
_LEADING: Final = 38
#: From nothing to most: lightness falls evenly, so that it reads in grey and to every eye (blues of ColorBrewer).
_STEPS: Final[tuple[Colour, ...]] = (
    (247, 249, 252),
    (222, 235, 247),
    (190, 212, 235),
    (146, 187, 222),
    (94, 152, 203),
    (49, 113, 175),
    (8, 69, 136),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class WeekWords:
    """The words of the picture, in the reader's language: weekdays from Monday, and what the week says."""

    title: str
    zone: str
    days: Sequence[str]
    said: Sequence[str]


def draw(rhythm: RhythmFacts, words: WeekWords) -> bytes:
    """A PNG for a phone."""
    lines = [part for line in words.said for part in _wrapped(line)]
    height = _TOP + 7 * _ROW + 40 + _LEADING * len(lines) + 40
    image = Image.new("RGB", (WIDTH, height), PAGE)
    pen = ImageDraw.Draw(image)
    pen.text((40, 28), one_line(words.title)[:70], font=font(36), fill=INK)
    pen.text((40, 78), one_line(words.zone)[:90], font=font(24), fill=FAINT)
    most = max((count for row in rhythm.grid for count in row), default=0)
    for hour in range(0, 24, 2):
        pen.text((_LEFT + hour * _CELL + 6, _TOP - 36), f"{hour}", font=font(24), fill=FAINT)
    for day, row in enumerate(rhythm.grid):
        top = _TOP + day * _ROW
        pen.text((40, top + 14), words.days[day], font=font(28), fill=INK)
        for hour, count in enumerate(row):
            _draw_cell(pen, (_LEFT + hour * _CELL, top), count, most)
    _draw_shift(pen, rhythm)
    for number, line in enumerate(lines):
        pen.text((40, _TOP + 7 * _ROW + 40 + number * _LEADING), line, font=font(27), fill=INK)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_cell(pen: ImageDraw.ImageDraw, at: tuple[int, int], count: int, most: int) -> None:
    level = 0 if not count else 1 + min(len(_STEPS) - 2, int((len(_STEPS) - 1) * (count / most) ** 0.7 - 1e-9))
    box = (at[0], at[1], at[0] + _CELL - 3, at[1] + _ROW - 3)
    pen.rectangle(box, fill=_STEPS[level])
    if not count:
        return
    label = f"{count}" if count < 1000 else f"{count // 1000}k"
    ink = PAGE if level >= 4 else INK
    width = font(19).getlength(label)
    pen.text((at[0] + (_CELL - 3 - width) / 2, at[1] + 19), label, font=font(19), fill=ink)


def _draw_shift(pen: ImageDraw.ImageDraw, rhythm: RhythmFacts) -> None:
    """A frame around the shift on working days."""
    if rhythm.begins is None or rhythm.ends is None:
        return
    left, right = _LEFT + rhythm.begins * _CELL - 3, _LEFT + rhythm.ends * _CELL - 1
    pen.rectangle((left, _TOP - 4, right, _TOP + 5 * _ROW - 1), outline=INK, width=3)


def _wrapped(line: str) -> list[str]:
    room, lines = WIDTH - 80, [""]
    for word in one_line(line).split():
        longer = f"{lines[-1]} {word}".strip()
        if font(27).getlength(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
