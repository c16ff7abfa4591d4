"""Whom a farm praised and attacked, week by week, as a picture: up is praise, down is attack; a line marks a switch."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from PIL import Image, ImageDraw

from bot.documents.charts.palette import COLOURS, FAINT, INK, LINE, PAGE
from bot.documents.fonts import font
from bot.model.farm import SideWeek
from bot.model.plain import one_line

WIDTH: Final = 1280
_LEFT: Final = 60
_TOP: Final = 150
_BAND: Final = 190
_HALF: Final = 68


@dataclass(frozen=True, kw_only=True, slots=True)
class SidesWords:
    """The words of the picture, in the reader's language; switches as (day, what is written at its line)."""

    title: str
    praised: str
    attacked: str
    switches: Sequence[tuple[date, str]]


def draw(weeks: Sequence[SideWeek], words: SidesWords) -> bytes:
    """A PNG for a phone: a band for each subject, the most mentioned first."""
    subjects = list(dict.fromkeys(each.subject for each in sorted(weeks, key=lambda w: -(w.praised + w.attacked))))[:5]
    shown = [each for each in weeks if each.subject in subjects]
    first, last = min(each.week for each in shown), max(each.week for each in shown)
    span = max(1, (last - first).days // 7 + 1)
    step = (WIDTH - 2 * _LEFT) / span
    height = _TOP + _BAND * len(subjects) + 70
    image = Image.new("RGB", (WIDTH, height), PAGE)
    pen = ImageDraw.Draw(image)
    pen.text((40, 28), one_line(words.title)[:70], font=font(36), fill=INK)
    _draw_legend(pen, words)
    most = max(1, *(max(each.praised, each.attacked) for each in shown))
    for row, subject in enumerate(subjects):
        middle = _TOP + row * _BAND + 36 + _HALF
        pen.text((_LEFT, middle - _HALF - 36), one_line(subject)[:60], font=font(26), fill=INK)
        pen.line((_LEFT, middle, WIDTH - _LEFT, middle), fill=LINE, width=2)
        for each in (each for each in shown if each.subject == subject):
            left = _LEFT + (each.week - first).days / 7 * step
            _draw_week(pen, (left, left + max(2.0, step - 3)), middle, each, most)
    _draw_switches(pen, words, first, step, _TOP + _BAND * len(subjects))
    for day, place in ((first, _LEFT), (last, WIDTH - _LEFT - 150)):
        pen.text((place, height - 52), f"{day:%d.%m.%Y}", font=font(24), fill=FAINT)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_legend(pen: ImageDraw.ImageDraw, words: SidesWords) -> None:
    pen.rectangle((40, 88, 66, 114), fill=COLOURS[0])
    pen.text((78, 84), words.praised, font=font(26), fill=FAINT)
    left = 78 + font(26).getlength(words.praised) + 50
    pen.rectangle((left, 88, left + 26, 114), fill=PAGE, outline=COLOURS[1], width=4)
    pen.text((left + 38, 84), words.attacked, font=font(26), fill=FAINT)


def _draw_week(pen: ImageDraw.ImageDraw, span: tuple[float, float], middle: float, week: SideWeek, most: int) -> None:
    if week.praised:
        pen.rectangle((span[0], middle - _HALF * week.praised / most - 2, span[1], middle - 2), fill=COLOURS[0])
    if week.attacked:
        # An outline: told from praise by its direction and its form, not by its colour alone.
        bottom = middle + 2 + max(4.0, _HALF * week.attacked / most)
        pen.rectangle((span[0], middle + 2, span[1], bottom), fill=PAGE, outline=COLOURS[1], width=3)


def _draw_switches(pen: ImageDraw.ImageDraw, words: SidesWords, first: date, step: float, bottom: float) -> None:
    for number, (day, label) in enumerate(words.switches):
        left = _LEFT + (day - first).days / 7 * step
        for top in range(_TOP - 8, int(bottom), 16):
            pen.line((left, top, left, top + 9), fill=INK, width=3)
        width = font(24).getlength(label)
        at = min(max(_LEFT, left - width / 2), WIDTH - _LEFT - width)
        pen.text((at, _TOP - 38 + 28 * (number % 2)), label, font=font(24), fill=INK, stroke_width=4, stroke_fill=PAGE)
