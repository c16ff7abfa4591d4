"""Figures as a reader writes them, on a chart and in its sentence."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.i18n import Formats
from bot.model.chart import Estimate, Form

#: What stands for a figure that there is not.
NONE: Final = "–"


def figure(value: float | None, form: Form, formats: Formats) -> str:
    """1,234 · 12 % · ×3.4; the more digits the smaller it is, and never a row of zeros after the point."""
    if value is None:
        return NONE
    if form == "share":
        return f"<{formats.percent(0.01)}" if 0 < value < 0.005 else formats.percent(value)
    digits = 0 if abs(value) >= 100 or float(value).is_integer() else 1 if abs(value) >= 1 else 2
    said = formats.number(round(value, digits))
    return f"×{said}" if form == "times" else said


def estimate(value: Estimate, form: Form, formats: Formats) -> str:
    """A figure with its interval: 33 % (21–48 %)."""
    said = figure(value.value, form, formats)
    if value.value is None or value.low is None or value.high is None:
        return said
    return f"{said} ({figure(value.low, form, formats)} – {figure(value.high, form, formats)})"


def when(at: date, zone: str, formats: Formats) -> str:
    """A day, or a moment's day and hour in the zone."""
    if isinstance(at, datetime):
        here = ZoneInfo(zone)
        return f"{formats.short_day(at.astimezone(here).date())}, {formats.time(at, here)}"
    return formats.short_day(at)


def span(first: date, last: date, zone: str, formats: Formats) -> str:
    """From when to when, with the year."""
    here = ZoneInfo(zone)
    ends = [each.astimezone(here).date() if isinstance(each, datetime) else each for each in (first, last)]
    said = [formats.date(each) for each in ends]
    return said[0] if said[0] == said[1] else " – ".join(said)
