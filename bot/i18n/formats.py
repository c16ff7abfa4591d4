"""Dates, times and numbers as a reader of one language writes them."""

import datetime as dt
from typing import Final, Literal

from babel import Locale, dates, numbers

# Dates and times in English are written day first and with 24 hours, as the newsroom's other two languages do.
_FORMAT_LOCALES: Final = {"en": "en_GB"}
Style = Literal["short", "medium", "long", "full"]


class Formats:
    """Dates and numbers as a reader of this language writes them; plain text, safe in HTML as well."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = Locale.parse(_FORMAT_LOCALES.get(language, language))

    def datetime(self, moment: dt.datetime, zone: dt.tzinfo, style: Style = "medium") -> str:
        """Day and time in a zone: "21 Nov 2026, 14:05". Raises ValueError for a naive moment."""
        return f"{self.date(moment, zone, style)}, {self.time(moment, zone)}"

    def date(self, day: dt.date, zone: dt.tzinfo | None = None, style: Style = "medium") -> str:
        """A day: a plain date as it is, an aware moment in a zone. Raises ValueError for a naive moment."""
        shown = _in_zone(day, zone) if isinstance(day, dt.datetime) else day
        return dates.format_date(shown, style, locale=self._locale)

    def day(self, moment: dt.datetime, zone: dt.tzinfo, *, year: bool) -> str:
        """A day with its weekday, short: "Tue 6 Oct", with `year` "Tue, 6 Oct 2026". Raises ValueError when naive."""
        skeleton = "yMMMEd" if year else "MMMEd"
        return dates.format_skeleton(skeleton, _in_zone(moment, zone), locale=self._locale)

    def time(self, moment: dt.datetime, zone: dt.tzinfo) -> str:
        """Hours and minutes in a zone. Raises ValueError for a naive moment."""
        return dates.format_time(_in_zone(moment, zone), "short", locale=self._locale)

    def number(self, value: float) -> str:
        """A number with the language's separators, at most three decimals."""
        return numbers.format_decimal(value, locale=self._locale)

    def compact(self, value: float) -> str:
        """A number for an axis, in short: "1.2M"."""
        return numbers.format_compact_decimal(value, locale=self._locale, fraction_digits=1)

    def short_day(self, day: dt.date) -> str:
        """A plain date without weekday and year: "6 Oct"."""
        return dates.format_skeleton("MMMd", day, locale=self._locale)

    def month(self, day: dt.date) -> str:
        """A plain date's month and year, short: "Oct 2026"."""
        return dates.format_skeleton("yMMM", day, locale=self._locale)

    def interval(self, first: dt.date, last: dt.date) -> str:
        """From one plain date to another, no part said twice: "1–26 Nov 2026"."""
        return dates.format_interval(first, last, "yMMMd", locale=self._locale)

    def weekdays(self) -> tuple[str, ...]:
        """The short names of the days from Monday."""
        names = dates.get_day_names("abbreviated", context="stand-alone", locale=self._locale)
        return tuple(names[day] for day in range(7))

    def percent(self, share: float) -> str:
        """A share between 0 and 1 as whole per cent."""
        return numbers.format_percent(share, locale=self._locale)

    def duration(self, delta: dt.timedelta) -> str:
        """How long, in one unit: "30 minutes"."""
        return dates.format_timedelta(delta, threshold=1.5, locale=self._locale)

    def relative(self, delta: dt.timedelta) -> str:
        """How far from now: "3 hours ago" for a negative delta, "in 3 hours" for a positive one."""
        return dates.format_timedelta(delta, add_direction=True, locale=self._locale)


def _in_zone(moment: dt.datetime, zone: dt.tzinfo | None) -> dt.datetime:
    if moment.tzinfo is None or zone is None:
        raise ValueError("a moment is shown only when both it and the reader's zone are known")
    return moment.astimezone(zone)
