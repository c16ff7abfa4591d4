"""Where an axis of time is labelled, and how: at midnights, first days of months, full hours of the reader's zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.i18n import Formats

_DAY: Final = timedelta(days=1)
_HOURS: Final = (1, 2, 3, 6, 12)
_DAYS: Final = (1, 2, 3, 5, 7, 14)
_MONTHS: Final = (1, 2, 3, 6, 12, 24, 60)
#: A Monday, from which spans of days are counted, so that weeks begin on Mondays.
_MONDAY: Final = date(2018, 1, 1)

#: A place on the axis, in days, and what is written there.
Tick = tuple[float, str]


def place_of(at: date) -> float:
    """Where a day or a moment stands, in days: days by the calendar, moments by the clock of the world."""
    return at.timestamp() / 86_400 if isinstance(at, datetime) else float(at.toordinal())


def ticks(first: date, last: date, zone: str, formats: Formats, most: int) -> list[Tick]:
    """At most so many ticks between two days, or two moments."""
    if isinstance(first, datetime) and isinstance(last, datetime):
        return _of_moments(first, last, ZoneInfo(zone), formats, most)
    return [(place_of(day), said) for day, said in _of_days(first, last, formats, most)]


def _of_moments(first: datetime, last: datetime, here: ZoneInfo, formats: Formats, most: int) -> list[Tick]:
    begins, ends = first.astimezone(here), last.astimezone(here)
    hours = (last - first) / timedelta(hours=1)
    step = next((each for each in _HOURS if hours / each < most), None)
    if step is None:
        found = _of_days(begins.date() + _DAY, ends.date(), formats, most)
        return [(place_of(datetime(day.year, day.month, day.day, tzinfo=here)), said) for day, said in found]
    found_hours = []
    at = datetime(begins.year, begins.month, begins.day, tzinfo=here)
    # On the wall's clock, so that labels stay at full hours over a change to summer time.
    while at <= ends:
        if at >= begins:
            said = formats.short_day(at.date()) if at.hour == 0 else formats.time(at, here)
            found_hours.append((place_of(at), said))
        at += timedelta(hours=step)
    return found_hours[:: max(1, -(-len(found_hours) // most))]


def _of_days(first: date, last: date, formats: Formats, most: int) -> list[tuple[date, str]]:
    count = (last - first).days + 1
    step = next((each for each in _DAYS if count / each <= most), None)
    if step is not None:
        days = [first + _DAY * n for n in range(count)]
        shown = [day for day in days if (day - _MONDAY).days % step == 0] if count > 1 else days
        return [(day, formats.short_day(day)) for day in shown]
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    apart = next((each for each in _MONTHS if months / each <= most), _MONTHS[-1])
    starts = [date(first.year + n // 12, n % 12 + 1, 1) for n in range(first.month - 1, first.month - 1 + months)]
    shown = [day for day in starts if day >= first and (day.year * 12 + day.month - 1) % apart == 0]
    return [(day, formats.month(day)) for day in shown]
