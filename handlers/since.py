"""Since when? A beginning of a period as people type it in Russian, Kyrgyz or English, and the words behind it."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import Refusal
from bot.model.moments import is_plausible

_LEAD: Final = r"(?:(?:с|со|от|since|from)\s+)?"
_END: Final = r"(?=[\s,;]|$)"
_DAYS: Final = re.compile(
    rf"{_LEAD}(?P<count>\d{{1,4}})\s?(?P<unit>d|days?|д|дн|дня|дней|день|к|күн|w|weeks?|нед|недел[ьюия]|ж|жума){_END}"
)
_ISO: Final = re.compile(rf"{_LEAD}(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}}){_END}")
_DOTTED: Final = re.compile(
    rf"{_LEAD}(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})(?:\.(?P<year>\d{{4}}|\d{{2}}))?\.?{_END}"
)
_NAMED: Final = re.compile(rf"{_LEAD}(?P<day>\d{{1,2}})[\s-]+(?P<name>[^\W\d_]{{3,12}})(?:\s+(?P<year>\d{{4}}))?{_END}")
_WEEKS: Final = ("w", "н", "ж")
# The beginnings of the months' names in Russian, which Kyrgyz shares, and English; "мая" is no "май".
_MONTHS: Final = (
    ("янв", "jan"),
    ("фев", "feb"),
    ("мар", "mar"),
    ("апр", "apr"),
    ("май", "мая", "may"),
    ("июн", "jun"),
    ("июл", "jul"),
    ("авг", "aug"),
    ("сен", "sep"),
    ("окт", "oct"),
    ("ноя", "nov"),
    ("дек", "dec"),
)


def read_since(words: str, now: datetime, zone: ZoneInfo) -> tuple[datetime | None, str]:
    """The moment (UTC) from which on, None when the words do not begin with one, and the rest of the words.

    Understood are 7d, 7д, 7к (күн), 2w, 2026-10-01, 01.10.2026, 01.10, "с 1 октября", "1-октябрдан", "since 1 Oct".
    A date without a year is the last one that has passed. Raises Refusal("since_unknown") for a day that there is not.
    """
    text = words.strip()
    for form, read in _FORMS.items():
        found = form.match(text.lower())
        if found and (moment := _read(read, found.groupdict(), now.astimezone(zone))) is not None:
            return moment, text[found.end() :].strip(" ,;\n\t")
    return None, text


Read = Callable[[Mapping[str, str | None], datetime], datetime | None]


def _read(read: Read, given: Mapping[str, str | None], now: datetime) -> datetime | None:
    try:
        moment = read(given, now)
        since = moment.astimezone(UTC) if moment is not None else None
    except (ValueError, OverflowError):
        raise Refusal("since_unknown") from None
    if since is not None and not is_plausible(since):
        raise Refusal("since_unknown")
    return since


def _days_ago(given: Mapping[str, str | None], now: datetime) -> datetime:
    is_weeks = (given["unit"] or "").startswith(_WEEKS)
    return now - timedelta(days=int(given["count"] or 0) * (7 if is_weeks else 1))


def _numbered(given: Mapping[str, str | None], now: datetime) -> datetime:
    return _day(given, int(given["month"] or 0), now)


def _named(given: Mapping[str, str | None], now: datetime) -> datetime | None:
    month = next((n for n, names in enumerate(_MONTHS, start=1) if (given["name"] or "").startswith(names)), None)
    return _day(given, month, now) if month is not None else None


def _day(given: Mapping[str, str | None], month: int, now: datetime) -> datetime:
    """The midnight with which a day begins where the newsroom is."""
    day, year = int(given["day"] or 0), given["year"]
    if year is not None:
        return datetime(int(year) + (2000 if len(year) == 2 else 0), month, day, tzinfo=now.tzinfo)
    this_year = datetime(now.year, month, day, tzinfo=now.tzinfo)
    return this_year if this_year <= now else this_year.replace(year=now.year - 1)


_FORMS: Final[dict[re.Pattern[str], Read]] = {
    _DAYS: _days_ago,
    _ISO: _numbered,
    _DOTTED: _numbered,
    _NAMED: _named,
}
