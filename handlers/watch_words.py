"""Reads what people type after /watch: `2026-10-06 20:00 +4h "livestream" target:azattyk`."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import Refusal
from bot.model.moments import is_plausible
from bot.services.watch_windows import WatchEntry

_DAY: Final = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4}))(?=\s|T)[\sT]*")
_TIME: Final = re.compile(r"(\d{1,2})[:.](\d{2})(?=\s|$)\s*")
_LENGTH: Final = re.compile(r"\+\s?(\d{1,4})\s?(h|ч|час\w*|с|саат|m|min|мин\w*|мүн\w*|d|д|дн\w*|день|к|күн)(?=\s|$)\s*")
_TARGET: Final = re.compile(r"(?:target|цель|кого|кимди|бута):(?:[\"«“]([^\"»”]+)[\"»”]|(\S+))", re.IGNORECASE)
_QUOTED: Final = re.compile(r"[\"«“]([^\"»”]*)[\"»”]")
_MINUTES: Final = ("m", "min", "ми", "мү")
_DAYS: Final = ("d", "д", "к")
CANCEL: Final = ("cancel", "отмена", "отменить", "жокко", "токтот")
NUMBER: Final = re.compile(r"(?:[WwPp]|[ВвПп])?\s?-?\s?(\d{1,9})")


def read_watch(words: str, zone: ZoneInfo) -> WatchEntry:
    """A window in the newsroom's zone. Raises Refusal("watch_form") when it is not understood.

    An hour that the clocks leave out is the one after it; one that comes twice, the first.
    """
    text = words.strip()
    day = _DAY.match(text)
    if day is None:
        raise Refusal("watch_form")
    time = _TIME.match(text, day.end())
    length = _LENGTH.match(text, time.end()) if time is not None else None
    if time is None or length is None:
        raise Refusal("watch_form")
    rest = text[length.end() :]
    target = _TARGET.search(rest)
    rest = _TARGET.sub(" ", rest)
    quoted = _QUOTED.search(rest)
    title = quoted.group(1) if quoted is not None else rest
    starts = _moment(day, time, zone)
    return WatchEntry(
        starts=starts,
        ends=starts + _length(length),
        title=" ".join(title.split()),
        target=(target.group(1) or target.group(2)) if target is not None else None,
    )


def _moment(day: re.Match[str], time: re.Match[str], zone: ZoneInfo) -> datetime:
    year, month, date = day.group(1, 2, 3) if day.group(1) else day.group(6, 5, 4)
    try:
        local = datetime(int(year), int(month), int(date), int(time.group(1)), int(time.group(2)), tzinfo=zone)
        starts = local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refusal("watch_form") from None
    if not is_plausible(starts):
        raise Refusal("watch_form")
    return starts


def _length(found: re.Match[str]) -> timedelta:
    count, unit = int(found.group(1)), found.group(2)
    if unit.startswith(_MINUTES):
        return timedelta(minutes=count)
    if unit.startswith(_DAYS):
        return timedelta(days=count)
    return timedelta(hours=count)
