"""What the hours of a farm's comments say: shift, lunch, weekend, nights, overtime before a vote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from detection.coordination.thresholds import (
    LUNCH_DIP,
    LUNCH_HOURS,
    OVERTIME_DAYS,
    RHYTHM_COMMENTS,
    SHIFT_LEVEL,
)

Grid = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Comments by weekday (Monday first) and hour; what is None there is too little to say.

    ``begins``, ``ends``: the longest run of hours, on working days, of at least SHIFT_LEVEL of the busiest three's
    mean; ``ends`` is the first hour after it. ``lunch``: the hour in it that dips. ``weekend``: comments of a weekend
    day over those of a working day. ``nights``: share from 22 to 6. ``overtime``: per vote how many times as many a
    day in the week before it as otherwise.
    """

    grid: Grid
    total: int
    begins: int | None = None
    ends: int | None = None
    lunch: int | None = None
    weekend: float | None = None
    nights: float | None = None
    overtime: tuple[tuple[date, float], ...] = ()


def read_rhythm(moments: Sequence[datetime], votes: Sequence[date] = ()) -> Rhythm:
    """The rhythm of comments at these moments, given in the zone in which hours are to be read."""
    rows = [[0] * 24 for _ in range(7)]
    for moment in moments:
        rows[moment.weekday()][moment.hour] += 1
    grid = tuple(tuple(row) for row in rows)
    total = len(moments)
    if total < RHYTHM_COMMENTS:
        return Rhythm(grid=grid, total=total)
    working = [sum(grid[day][hour] for day in range(5)) for hour in range(24)]
    begins, ends = _shift(working)
    return Rhythm(
        grid=grid,
        total=total,
        begins=begins,
        ends=ends,
        lunch=_lunch(working, begins, ends),
        weekend=_weekend(grid),
        nights=sum(row[hour] for row in grid for hour in (22, 23, 0, 1, 2, 3, 4, 5)) / total,
        overtime=tuple((vote, factor) for vote in votes if (factor := _overtime(moments, vote)) is not None),
    )


def _shift(hours: Sequence[int]) -> tuple[int | None, int | None]:
    """The longest run of busy hours; one hour below the level does not end it (that is lunch)."""
    level = SHIFT_LEVEL * sum(sorted(hours)[-3:]) / 3
    busy = [count >= level for count in hours]
    best: tuple[int, int] | None = None
    for begin in (hour for hour in range(24) if busy[hour]):
        end, missed = begin, 0
        for hour in range(begin, 24):
            missed = 0 if busy[hour] else missed + 1
            if missed > 1:
                break
            if busy[hour]:
                end = hour
        if best is None or end - begin > best[1] - best[0]:
            best = begin, end
    if best is None or best[1] - best[0] < 3:
        return None, None
    return best[0], best[1] + 1


def _lunch(hours: Sequence[int], begins: int | None, ends: int | None) -> int | None:
    if begins is None or ends is None:
        return None
    inside = [hour for hour in LUNCH_HOURS if begins < hour < ends - 1]
    dips = [hour for hour in inside if hours[hour] <= LUNCH_DIP * (hours[hour - 1] + hours[hour + 1]) / 2]
    return min(dips, key=lambda hour: hours[hour]) if dips else None


def _weekend(grid: Grid) -> float | None:
    working, free = sum(map(sum, grid[:5])) / 5, sum(map(sum, grid[5:])) / 2
    return free / working if working else None


def _overtime(moments: Sequence[datetime], vote: date) -> float | None:
    """Comments a day in the week before a vote over those of the eight weeks before that."""
    days = [moment.date() for moment in moments]
    eve, earlier = vote - timedelta(days=OVERTIME_DAYS), vote - timedelta(days=9 * OVERTIME_DAYS)
    first = min(days)
    usual_days = (eve - max(first, earlier)).days
    if usual_days < 2 * OVERTIME_DAYS:
        return None
    usual = sum(earlier <= day < eve for day in days) / usual_days
    late = sum(eve <= day < vote for day in days) / OVERTIME_DAYS
    return late / usual if usual else None
