"""Read a time as an application shows it, given the moment at which the screen was seen.

Applications cut off ("2 ч" stands for 2:00 to 2:59 hours), so an elapsed time of n units spans n to n + 1 of them. Days
and clocks are those of the reader's zone. A day without a year is the latest such day that is not in the future.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Final

from detection.screenshot.times.span import Form, ShownTime, span
from detection.screenshot.times.words import LANGUAGES, TimeWords, alternatives, time_words

# Longer strings are no times: the longest here is «воскресенье, 30 сентября 2024 г. в 14:20 (изменено)».
_MAX_CHARS: Final = 64
_LENGTHS: Final = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    # A month and a year at their shortest and longest: see `_elapsed`.
    "month": timedelta(days=31),
    "year": timedelta(days=366),
}
_SHORTEST: Final = {"month": timedelta(days=28), "year": timedelta(days=365)}
# The most units that an application counts: above, it takes the next larger unit or a date.
_MOST: Final = {"second": 59, "minute": 90, "hour": 72, "day": 99, "week": 260, "month": 60, "year": 60}
_CLOCK: Final = r"(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?:\s?(?P<half>[ap])\.?m\.?)?"
# After every year that is written, and a leap year: what is a time at any moment is one then.
_ANY_MOMENT: Final = datetime(9996, 12, 31, 23, 59, 59, tzinfo=UTC)
# Letters that recognition puts for digits before a unit: «З ч», "l h".
_DIGIT_LIKE: Final = str.maketrans("зоoli|", "300111")


def read_time(
    text: str,
    seen: datetime,
    *,
    zone: tzinfo = UTC,
    taken_within: timedelta = timedelta(0),
    languages: tuple[str, ...] = LANGUAGES,
) -> ShownTime | None:
    """The span that ``text`` stands for, None when it is no time.

    ``seen`` is when the screenshot was taken, or forwarded; ``taken_within`` is how long before that it may have been
    taken, and widens the span. ``languages`` are tried in order. Raises ValueError for a ``seen`` without a zone and a
    negative ``taken_within``.
    """
    if seen.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    if taken_within < timedelta(0):
        raise ValueError("taken_within must not be negative")
    if len(text) > _MAX_CHARS:
        return None
    folded = _fold(text)
    for language in languages:
        found = _safely(folded, seen, zone, language)
        if found is not None:
            return _widened(found, taken_within)
    return None


def looks_like_time(text: str, languages: tuple[str, ...] = LANGUAGES) -> bool:
    """Whether ``text`` is written as a time is, whatever moment it stands for."""
    return read_time(text, _ANY_MOMENT, languages=languages) is not None


def _widened(found: ShownTime, by: timedelta) -> ShownTime:
    try:
        return ShownTime(earliest=found.earliest - by, latest=found.latest, form=found.form, language=found.language)
    except OverflowError:
        return found


def _fold(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower().strip(" \t\n·•,.()-–—")
    text = re.sub(r"[\s·•,()]+", " ", text)
    # «дн.», "12 окт." and «2024 г.» lose their dots; 12.10.2024 and 14.20 keep them.
    return re.sub(r"\.(?=\s|$)", "", text).strip()


def _safely(folded: str, seen: datetime, zone: tzinfo, language: str) -> ShownTime | None:
    """None also for days that no calendar has and moments outside of what a datetime can hold."""
    try:
        return _in_language(folded, seen, zone, language)
    except (ValueError, OverflowError):
        return None


def _in_language(folded: str, seen: datetime, zone: tzinfo, language: str) -> ShownTime | None:
    words = time_words(language)
    folded = re.sub(rf"(?:^|\s)(?:{alternatives(words.edited)})(?=\s|$)", "", folded).strip()
    for reader in (_now, _elapsed, _day_or_clock, _date):
        found = reader(folded, seen, zone, language)
        if found is not None:
            return found
    return None


def _now(folded: str, seen: datetime, _zone: tzinfo, language: str) -> ShownTime | None:
    if folded not in time_words(language).now:
        return None
    return span(seen - timedelta(minutes=1), seen, seen, "now", language)


@cache
def _elapsed_pattern(language: str) -> re.Pattern[str]:
    words = time_words(language)
    number = rf"(?P<number>\d{{1,3}}|[зоoli|]\d?|{alternatives(words.numbers)})"
    unit = rf"(?P<unit>{alternatives(words.units)})"
    ago = alternatives(words.ago)
    return re.compile(rf"(?:(?:{number})\s?)?{unit}(?P<ago>\s(?:{ago}))?")


def _elapsed(folded: str, seen: datetime, _zone: tzinfo, language: str) -> ShownTime | None:
    match = _elapsed_pattern(language).fullmatch(folded)
    if match is None or (match["number"] is None and match["ago"] is None):
        return None
    words = time_words(language)
    unit = words.units[match["unit"]]
    count = _count(match["number"], words)
    if not 0 <= count <= _MOST[unit]:
        return None
    least = _SHORTEST.get(unit, _LENGTHS[unit]) * count
    return span(seen - _LENGTHS[unit] * (count + 1), seen - least, seen, "elapsed", language)


def _count(number: str | None, words: TimeWords) -> int:
    """The number; «час назад» is one hour."""
    if number is None:
        return 1
    if number in words.numbers:
        return words.numbers[number]
    return int(number.translate(_DIGIT_LIKE))


@cache
def _day_pattern(language: str) -> re.Pattern[str]:
    words = time_words(language)
    day = rf"(?P<day>{alternatives(words.days)}|{alternatives(words.weekdays)})"
    at = rf"(?:\s?(?:{alternatives(words.at)}))?\s"
    return re.compile(rf"{day}(?:{at}{_CLOCK})?|(?:(?:{alternatives(words.at)})\s)?{_clock_again()}")


def _clock_again() -> str:
    return _CLOCK.replace("<hour>", "<hour2>").replace("<minute>", "<minute2>").replace("<half>", "<half2>")


def _day_or_clock(folded: str, seen: datetime, zone: tzinfo, language: str) -> ShownTime | None:
    match = _day_pattern(language).fullmatch(folded)
    if match is None:
        return None
    local, words = seen.astimezone(zone), time_words(language)
    if match["day"] is None:
        return _last_clock(_clock(match["hour2"], match["minute2"], match["half2"]), local, language)
    form: Form = "day" if match["day"] in words.days else "weekday"
    if form == "day":
        day = local.date() - timedelta(days=words.days[match["day"]])
    else:
        back = (local.weekday() - words.weekdays[match["day"]]) % 7
        day = local.date() - timedelta(days=back or 7)
    return _on(day, match, local, form, language)


def _clock(hour: str, minute: str, half: str | None) -> time:
    hours = int(hour)
    if half is None:
        return time(hours, int(minute))
    if not 1 <= hours <= 12:
        raise ValueError("no such hour of half a day")
    return time(hours % 12 + (12 if half == "p" else 0), int(minute))


def _last_clock(clock: time, local: datetime, language: str) -> ShownTime:
    """A clock alone is today's, or yesterday's if that is still to come."""
    moment = datetime.combine(local.date(), clock, tzinfo=local.tzinfo)
    if moment > local:
        moment = datetime.combine(local.date() - timedelta(days=1), clock, tzinfo=local.tzinfo)
    return span(moment, moment + timedelta(minutes=1), local, "clock", language)


def _on(day: date, match: re.Match[str], local: datetime, form: Form, language: str) -> ShownTime | None:
    if match["hour"]:
        start = datetime.combine(day, _clock(match["hour"], match["minute"], match["half"]), tzinfo=local.tzinfo)
        end = start + timedelta(minutes=1)
    else:
        start = datetime.combine(day, time(0), tzinfo=local.tzinfo)
        end = datetime.combine(day + timedelta(days=1), time(0), tzinfo=local.tzinfo)
    return span(start, end, local, form, language) if start <= local else None


@cache
def _date_patterns(language: str) -> tuple[re.Pattern[str], ...]:
    words = time_words(language)
    weekday = rf"(?:(?:{alternatives(words.weekdays)})\s)?"
    month = rf"(?P<month>{alternatives(words.months)})"
    year = rf"(?:\s(?P<year>(?:19|20)\d\d)(?:\s?-?(?:{alternatives(words.year_words)}))?)?"
    clock = rf"(?:(?:\s(?:{alternatives(words.at)}))?\s{_CLOCK})?"
    return (
        re.compile(rf"{weekday}(?P<dom>\d{{1,2}})(?:-|\s)?{month}{year}{clock}"),
        re.compile(rf"{weekday}{month}\s(?P<dom>\d{{1,2}})(?:st|nd|rd|th)?{year}{clock}"),
        re.compile(
            rf"(?P<year>(?:19|20)\d\d)\s?-?(?:{alternatives(words.year_words)})\s(?P<dom>\d{{1,2}})(?:-|\s){month}{clock}"
        ),
        re.compile(r"(?:(?P<year>(?:19|20)\d\d)-)?(?P<month>\d\d)-(?P<dom>\d\d)(?P<hour>)(?P<minute>)(?P<half>)"),
        re.compile(rf"(?P<dom>\d{{1,2}})[./](?P<month>\d{{1,2}})[./](?P<year>(?:(?:19|20)\d\d|\d\d)){clock}"),
    )


def _date(folded: str, seen: datetime, zone: tzinfo, language: str) -> ShownTime | None:
    local = seen.astimezone(zone)
    for pattern in _date_patterns(language):
        match = pattern.fullmatch(folded)
        if match is not None:
            return _on(_calendar_day(match, local.date(), time_words(language)), match, local, "date", language)
    return None


def _calendar_day(match: re.Match[str], today: date, words: TimeWords) -> date:
    month = words.months.get(match["month"]) or int(match["month"])
    day = int(match["dom"])
    if match["year"] is not None:
        year = int(match["year"])
        return date(year + 2000 if year < 100 else year, month, day)
    return _latest_such_day(today, month, day)


def _latest_such_day(today: date, month: int, day: int) -> date:
    """The latest day of this month and number up to today: 29 February may lie eight years back."""
    for back in range(9):
        try:
            found = date(today.year - back, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    raise ValueError("no such day")
