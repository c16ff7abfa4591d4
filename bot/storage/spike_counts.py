"""Distinct comments by hour of each series: of whom, where, in which campaign, by which farm.

A comment counts in the hour in which it was posted, where that is known; a forwarded one of unknown date, in the hour in
which it came. Hours are counted anew when one of their comments came, was edited or was withdrawn, so that whatever is
counted twice is the same.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.spike import HourCount, Series, SeriesKind
from bot.storage.tables import accounts, comments, farm_members, spike_marks, spike_mentions, submissions, texts
from bot.storage.tables import spike_counts as t
from bot.storage.tables import spike_cursors as cursors
from bot.storage.upsert import insert_ignoring

_c, _m = comments.c, spike_marks.c
_SINCE = sa.func.coalesce(_c.posted_at, _c.added_at)
# Several colleagues forward the same comment: it was still posted once.
_ONCE = sa.case(
    (
        sa.and_(_c.author_key.is_not(None), _c.submission_id.is_not(None)),
        _c.author_key.concat(" ").concat(sa.cast(_SINCE, sa.Text)).concat(" ").concat(sa.cast(_c.text_key, sa.Text)),
    ),
    else_=sa.cast(_c.id, sa.Text),
)
_HOURS_AT_ONCE: Final = 200
_CHUNK: Final = 500


async def hourly(
    conn: AsyncConnection, newsroom_id: int, series: Series, start: datetime, end: datetime
) -> list[HourCount]:
    """The hours of [start, end) in which something came, in order."""
    query = sa.select(t.c.hour, t.c.comments, t.c.copies).where(
        t.c.newsroom_id == newsroom_id, t.c.kind == series.kind.value, t.c.ref == series.ref
    )
    query = query.where(t.c.hour >= start, t.c.hour < end).order_by(t.c.hour)
    return [HourCount(hour=r.hour, comments=r.comments, copies=r.copies) for r in (await conn.execute(query)).all()]


async def since(
    conn: AsyncConnection, newsroom_id: int, start: datetime
) -> list[tuple[SeriesKind, str, datetime, int, int]]:
    """Every series' hours since a moment: kind, ref, hour, comments, copies."""
    query = sa.select(t.c.kind, t.c.ref, t.c.hour, t.c.comments, t.c.copies).where(
        t.c.newsroom_id == newsroom_id, t.c.hour >= start
    )
    rows = (await conn.execute(query.order_by(t.c.hour))).all()
    return [(SeriesKind(r.kind), r.ref, r.hour, r.comments, r.copies) for r in rows]
