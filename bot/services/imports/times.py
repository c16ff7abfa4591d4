"""When a comment was posted, in the forms that exports have; a time without a zone is UTC."""

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from bot.errors import Refusal
from bot.model.moments import is_plausible
from bot.services.checks.lines import moment


class DateOrder(StrEnum):
    """What comes first in 10/06/2026."""

    DAY = "dmy"
    MONTH = "mdy"


_CLOCK: Final = r"(?:,?[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?: ?([AaPp])\.?[Mm]\.?)?)?"
_DOTTED: Final = re.compile(rf"(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}}){_CLOCK}", re.ASCII)
_SLASHED: Final = re.compile(rf"(\d{{1,2}})/(\d{{1,2}})/(\d{{4}}){_CLOCK}", re.ASCII)
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}})[/-](\d{{1,2}})[/-](\d{{1,2}}){_CLOCK}", re.ASCII)
_NUMBER: Final = re.compile(r"\d{9,13}(?:\.\d+)?", re.ASCII)
_DAY_ONLY: Final = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}/\d{1,2}/\d{1,2}", re.ASCII)
_MOST: Final = 60

# Numbers of these ranges are seconds or milliseconds since 1970; others are taken for dates without signs between.
_FIRST: Final = datetime(1990, 1, 1, tzinfo=UTC).timestamp()
_LAST: Final = datetime(2100, 1, 1, tzinfo=UTC).timestamp()


def posted_at(value: object, order: DateOrder | None = None) -> datetime:
    """ISO 8601, seconds or milliseconds since 1970, dd.mm.yyyy hh:mm, yyyy/mm/dd, or by `order` dd/mm or mm/dd/yyyy.

    Raises Refusal("at_wrong"), and Refusal("date_order_missing") for 10/06/2026 without an order.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _since_1970(value)
    if not isinstance(value, str) or len(value) > _MOST:
        raise Refusal("at_wrong")
    said = value.strip()
    # Before ISO 8601, as which thirteen digits may pass.
    if _NUMBER.fullmatch(said):
        return _since_1970(float(said))
    try:
        return moment(said.removesuffix(" UTC"))
    except Refusal:
        return _written_out(said, order)


def _written_out(said: str, order: DateOrder | None) -> datetime:
    if (read := _DOTTED.fullmatch(said)) is not None:
        return _calendar(read, day=1, month=2, year=3)
    if (read := _YEAR_FIRST.fullmatch(said)) is not None:
        return _calendar(read, day=3, month=2, year=1)
    if (read := _SLASHED.fullmatch(said)) is None:
        raise Refusal("at_wrong")
    if order is None:
        raise Refusal("date_order_missing")
    day, month = (1, 2) if order is DateOrder.DAY else (2, 1)
    return _calendar(read, day=day, month=month, year=3)


def joined(date: object, clock: object) -> object:
    """A date with the time of the day that stands in a column of its own."""
    if isinstance(date, str) and isinstance(clock, str) and _DAY_ONLY.fullmatch(date.strip()):
        return f"{date.strip()} {clock.strip()}"
    return date


def _calendar(read: re.Match[str], *, day: int, month: int, year: int) -> datetime:
    hour, minute, second = (int(part or 0) for part in read.group(4, 5, 6))
    half = (read[7] or "").lower()
    if half and not 1 <= hour <= 12:
        raise Refusal("at_wrong")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        at = datetime(int(read[year]), int(read[month]), int(read[day]), hour, minute, second, tzinfo=UTC)
    except ValueError:
        raise Refusal("at_wrong") from None
    if not is_plausible(at):
        raise Refusal("at_wrong")
    return at


def _since_1970(number: float) -> datetime:
    # A number of JSON may be larger than any that can be divided.
    for seconds in (number, number / 1000 if abs(number) < _LAST * 2000 else 0):
        if _FIRST <= seconds < _LAST:
            return datetime.fromtimestamp(seconds, UTC)
    raise Refusal("at_wrong")
