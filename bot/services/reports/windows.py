"""The two windows of a report, as people write them: equally long, apart from each other, whole days of a zone."""

import re
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import Refusal
from bot.model.moments import is_plausible
from bot.model.report import Window

#: Days of the longest window: a leap year.
MOST_DAYS: Final = 366
_DAY: Final = r"(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4})"
_SPAN: Final = re.compile(rf"({_DAY})\s*(?:\.\.\.?|…|–|—|\s-\s)\s*({_DAY})")
_VERSUS: Final = re.compile(r"\s*(?:\bvs\.?|\bversus\b|\bпротив\b|\bи\b|\bкаршы\b|\bменен\b|\bжана\b|/|;|,)\s*")


def read_windows(words: str) -> tuple[Window, Window]:
    """The windows of "2026-11-01..2026-11-26 vs 2026-10-06..2026-10-31": the one asked for, and the earlier one.

    The second may be its first day alone, or be left out: then it is as long, right before the first. Raises Refusal
    for what cannot be read, is not equally long (and says which window would be), overlaps, or is too long.
    """
    said = " ".join(words.split()).lower()
    found = _SPAN.match(said)
    if found is None:
        raise Refusal("report_windows_wrong")
    now = window(read_day(found.group(1)), read_day(found.group(2)))
    return now, read_before(now, _VERSUS.sub("", said[found.end() :], count=1))


def read_before(now: Window, words: str) -> Window:
    """The window to compare with, as in `read_windows`. Raises Refusal."""
    said = words.strip()
    if not said:
        return checked(now, shifted(now, -now.days))
    found = _SPAN.fullmatch(said)
    if found is not None:
        return checked(now, window(read_day(found.group(1)), read_day(found.group(2))))
    if re.fullmatch(_DAY, said):
        return checked(now, starting(now, read_day(said)))
    raise Refusal("report_windows_wrong")


def read_day(word: str) -> date:
    """2026-11-01 or 01.11.2026. Raises Refusal."""
    try:
        if "." in word:
            day, month, year = (int(part) for part in word.split("."))
        else:
            year, month, day = (int(part) for part in word.split("-"))
        found = date(year, month, day)
    except ValueError:
        raise Refusal("report_windows_wrong") from None
    if not is_plausible(found):
        raise Refusal("report_windows_wrong")
    return found


def window(first: date, last: date) -> Window:
    """The days from `first` to `last`. Raises Refusal when that is none, or too many."""
    if last < first:
        raise Refusal("report_window_backwards", window=said_as(Window(first=last, last=first)))
    found = Window(first=first, last=last)
    if found.days > MOST_DAYS:
        raise Refusal("report_window_long", most=MOST_DAYS)
    return found


def checked(now: Window, before: Window) -> Window:
    """`before`, which is as long as `now` and shares no day with it. Raises Refusal, which offers one that fits."""
    if before.days != now.days:
        fitting = starting(now, before.first)
        if _overlap(now, fitting):
            fitting = shifted(now, -now.days)
        told = {"now": said_as(now), "fitting": said_as(fitting)}
        raise Refusal("report_windows_unequal", days=now.days, other=before.days, **told)
    if _overlap(now, before):
        raise Refusal("report_windows_overlap", now=said_as(now), fitting=said_as(shifted(now, -now.days)))
    return before


def starting(now: Window, first: date) -> Window:
    """A window as long as `now` that begins on a day. Raises Refusal beyond the calendar."""
    try:
        return Window(first=first, last=first + timedelta(days=now.days - 1))
    except OverflowError:
        raise Refusal("report_windows_wrong") from None


def shifted(now: Window, days: int) -> Window:
    """The same window so many days later. Raises Refusal beyond the calendar."""
    try:
        return starting(now, now.first + timedelta(days=days))
    except OverflowError:
        raise Refusal("report_windows_wrong") from None


def said_as(which: Window) -> str:
    """2026-10-06..2026-10-31, as it is typed."""
    return f"{which.first.isoformat()}..{which.last.isoformat()}"


def moments(which: Window, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first moment of a window and the first one after it, where midnight may be skipped by summer time."""
    return _midnight(which.first, zone), _midnight(which.end, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    # A clock that jumps over midnight gives the moment of the jump: the earliest of the day that there is.
    return datetime.combine(day, time(), zone)


def _overlap(one: Window, other: Window) -> bool:
    return one.first <= other.last and other.first <= one.last
