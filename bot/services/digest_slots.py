"""When digests are due: pure arithmetic on local days, without a clock, an archive or a timer.

A digest is owed for a local day, at a time of that day. A time that daylight saving leaves out is the next moment that
there is; one that comes twice is the first; a day that a zone leaves out (Apia, 30 December 2011) owes nothing. What is
owed is asked again and again: whatever was missed comes as one digest whose window begins where the last one ended, so
that windows touch and no day is told twice.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model.digest import Owed, Rhythm

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
#: A clock that is set back by less is corrected, as clocks are; two machines differ by less.
JITTER = timedelta(minutes=10)
#: A clock that was ahead by more was wrong: the days that it owed have not come yet.
FAR_AHEAD = timedelta(days=2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A local day on which a digest is due, and the moment of it."""

    day: date
    at: datetime


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC moment of a local time: the first of two, and for one that is left out the first moment after it."""
    local = datetime.combine(day, at, zone)
    first = local.replace(fold=0).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return first
    # In a gap: read with the offset after it the moment lies before the change, with the one before it after.
    early, late = local.replace(fold=1).astimezone(UTC), first
    before = early.astimezone(zone).utcoffset()
    while late - early > _SECOND:
        middle = early + (late - early) / 2
        early, late = (middle, late) if middle.astimezone(zone).utcoffset() == before else (early, middle)
    return late.replace(microsecond=0)


def starts(day: date, zone: ZoneInfo) -> datetime:
    """The UTC moment at which a local day begins."""
    return instant(day, time(), zone)


def exists(day: date, zone: ZoneInfo) -> bool:
    """Whether a zone has that day at all."""
    return starts(day, zone) < starts(day + _DAY, zone)


def slots(rhythm: Rhythm, zone: ZoneInfo, after: datetime, until: datetime) -> Iterator[Slot]:
    """The due days with `after` < moment <= `until`, the oldest first."""
    day, last = after.astimezone(zone).date() - _DAY, until.astimezone(zone).date() + _DAY
    while day <= last:
        if day.weekday() in rhythm.days:
            at = instant(day, rhythm.at, zone)
            if after < at <= until and exists(day, zone):
                yield Slot(day=day, at=at)
        day += _DAY


def owed(
    rhythm: Rhythm, zone: ZoneInfo, told: tuple[datetime, datetime, datetime], marked: Collection[date], now: datetime
) -> Owed | None:
    """The digest that is due now: one for all the days that are owed; None when none is.

    `told` is until when was told, since when the rhythm holds, and where the next window begins; `marked` are the days
    that had their digest, which are never owed again.
    """
    until, begun, since = told
    due = [slot for slot in slots(rhythm, zone, max(until, begun), now) if slot.day not in marked]
    if not due:
        return None
    return Owed(days=tuple(slot.day for slot in due), since=since, until=due[-1].at)


def following(rhythm: Rhythm, zone: ZoneInfo, marked: Collection[date], after: datetime) -> Slot:
    """The next due day after a moment that had no digest yet."""
    span = timedelta(days=16)
    while True:
        for slot in slots(rhythm, zone, after, after + span):
            if slot.day not in marked:
                return slot
        after += span


def preceding(rhythm: Rhythm, zone: ZoneInfo, now: datetime) -> datetime:
    """The last moment, up to now, at which a digest of this rhythm would have been due: where a first window begins."""
    return max(slot.at for slot in slots(rhythm, zone, now - timedelta(days=16), now))
