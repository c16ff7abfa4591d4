"""Lays the hourly counts of the newsroom's series side by side in its own days, and has them scanned off the loop."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.spike import Series
from bot.services.spike_counting import HISTORY, hour_of
from bot.storage import newsrooms, spike_counts, spikes
from detection.spikes.thresholds import LEAST, WATCH_WEEKS, WINDOWS

Whole = np.ndarray[Any, np.dtype[np.int64]]

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_LONGEST: Final = max(WINDOWS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Laid:
    """Series (rows) by hours of the newsroom's days; the last hour is the one that runs."""

    series: tuple[Series, ...]
    counts: Whole
    #: The first midnight, and its weekday.
    first: datetime
    weekday: int
    #: Days (columns) of each series (rows): 0 of a wave, 1 like others, 2 where people said that an alarm was false.
    days: Whole


@dataclass(frozen=True, kw_only=True, slots=True)
class Risen:
    """A series that is above what is usual now; an alarm, or only one within a watch window."""

    series: Series
    level: float
    is_alarm: bool
    window: int
    count: int
    usual: float
    #: In the same hours of earlier weeks, on average; None where there are none yet.
    same_hours: float | None
    started: datetime


async def lay(conn: AsyncConnection, newsroom_id: int, now: datetime) -> Laid | None:
    """The series in which enough came lately; None when there are none."""
    newsroom = await newsrooms.get(conn, newsroom_id)
    rows = await spike_counts.since(conn, newsroom_id, hour_of(now - HISTORY))
    lately = hour_of(now) - (_LONGEST - 1) * _HOUR
    sums: dict[Series, int] = {}
    for kind, ref, hour, comments, _ in rows:
        if lately <= hour <= now:
            key = Series(kind=kind, ref=ref)
            sums[key] = sums.get(key, 0) + comments
    series = tuple(sorted(key for key, count in sums.items() if count >= LEAST))
    if not series:
        return None
    begun = await _begun(conn, newsroom_id, rows, now)
    # One offset for the whole history: a change of the clocks moves the hours by one, and that is learnt.
    offset = now.astimezone(ZoneInfo(newsroom.zone)).utcoffset() or timedelta(0)
    offset = timedelta(hours=round(offset / _HOUR))
    first = (begun + offset).replace(hour=0, minute=0, second=0, microsecond=0) - offset
    counts = np.zeros((len(series), int((hour_of(now) - first) / _HOUR) + 1), dtype=np.int64)
    place = {key: number for number, key in enumerate(series)}
    for kind, ref, hour, comments, _ in rows:
        row, column = place.get(Series(kind=kind, ref=ref)), int((hour - first) / _HOUR)
        if row is not None and 0 <= column < counts.shape[1]:
            counts[row, column] = comments
    days = np.ones((len(series), counts.shape[1] // 24 + 1), dtype=np.int64)
    for key, start, end, is_false in await spikes.spans(conn, newsroom_id, now - HISTORY):
        if key in place:
            span = slice(max(0, int((start - first) / _DAY)), max(0, int((end - first) / _DAY)) + 1)
            days[place[key], span] = 2 if is_false else 0
    return Laid(series=series, counts=counts, first=first, weekday=(first + offset).weekday(), days=days)


async def _begun(conn: AsyncConnection, newsroom_id: int, rows: Sequence[Any], now: datetime) -> datetime:
    """Since when the counts mean something: the newsroom is here, or comments that were imported are dense."""
    created = await newsrooms.created(conn, newsroom_id)
    days = sorted({row[2].date() for row in rows if row[2] <= now})
    for number, day in enumerate(days):
        if (len(days) - number) * 2 >= (now.date() - day).days + 1:
            dense = datetime(day.year, day.month, day.day, tzinfo=UTC)
            return max(min(created, dense), now - HISTORY + 2 * _DAY)
    return max(created, now - HISTORY + 2 * _DAY)


class Scanner:
    """Scans off the event loop, and keeps what it learnt of days that are over until one of them changes."""

    def __init__(self) -> None:
        self._known: tuple[Any, Any] | None = None

    async def risen(self, laid: Laid) -> list[Risen]:
        """What is above what is usual in the hour that runs."""
        return await asyncio.to_thread(self._risen, laid)

    def _risen(self, laid: Laid) -> list[Risen]:
        hours = laid.counts.shape[1]
        over = (hours - 1) // 24 * 24
        scan = self._learnt(laid, over)
        now = scan.look(laid.counts[:, over:].astype(float), last_only=True)
        first = over - _LONGEST - 24
        comments = scan.usual.expected_comments(first - over, hours - first)
        found = []
        for row in np.flatnonzero(now.watch[:, 0]).tolist():
            window = int(now.window[row, 0]) or WINDOWS[0]
            began = _onset(laid.counts[row, max(0, hours - _LONGEST) :], comments[row][-min(hours, _LONGEST) :])
            found.append(
                Risen(
                    series=laid.series[row],
                    level=float(now.level[row, 0]),
                    is_alarm=bool(now.alarm[row, 0]),
                    window=window,
                    count=int(laid.counts[row, max(0, hours - window) :].sum()),
                    usual=float(comments[row][-window:].sum()),
                    same_hours=_same_hours(laid.counts[row], window),
                    started=laid.first + (max(0, hours - _LONGEST) + began) * _HOUR,
                )
            )
        return found

    def _learnt(self, laid: Laid, over: int) -> Any:
        # SciPy is loaded when it is needed: the bot starts without it.
        from detection.spikes.scan import Scan  # noqa: PLC0415 - see above

        key = (laid.series, laid.weekday, over, laid.counts[:, :over].tobytes(), laid.days.tobytes())
        if self._known is not None and self._known[0] == key:
            return self._known[1]
        scan = Scan(len(laid.series), laid.weekday)
        for day in range(over // 24):
            scan.close(laid.counts[:, day * 24 : day * 24 + 24].astype(float), None, laid.days[:, day])
        self._known = (key, scan)
        return scan


def _onset(counts: Whole, usual: np.ndarray[Any, np.dtype[np.float64]]) -> int:
    """From which hour on the most came beyond what is usual: where the sum to the end is the greatest."""
    beyond = np.cumsum((counts - usual)[::-1])[::-1]
    return int(np.argmax(beyond))


def _same_hours(counts: Whole, window: int) -> float | None:
    """Mean of the same hours of earlier weeks."""
    week, end = 24 * 7, len(counts)
    sums = [counts[end - window - n * week : end - n * week].sum() for n in range(1, WATCH_WEEKS + 1)]
    seen = [int(each) for n, each in enumerate(sums, start=1) if end - window - n * week >= 0]
    return sum(seen) / len(seen) if seen else None
