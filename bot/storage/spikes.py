"""Spikes as they were found and what people said of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.codec import dump, load
from bot.model.ids import new_id
from bot.model.spike import Makeup, Series, SeriesKind, Spike, SpikeStatus, Trigger, series_of
from bot.storage.tables import spike_cursors as cursors
from bot.storage.tables import spikes as t

#: Series that one spike joins, at most.
_MOST_JOINED: Final = 50
#: Those that still may grow.
STANDING: Final = (SpikeStatus.OPEN.value, SpikeStatus.SEEN.value, SpikeStatus.MUTED.value)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewSpike:
    """A rise as it was just measured."""

    series: Series
    name: str
    joined: tuple[tuple[Series, str], ...]
    started: datetime
    window: int
    count: int
    usual: float
    makeup: Makeup
    campaigns: tuple[tuple[str, str, int], ...]
    farm: str | None
    trigger: Trigger | None

    def columns(self) -> dict[str, Any]:
        """What is written of it, anew at each measurement."""
        return {
            "kind": self.series.kind.value,
            "ref": self.series.ref,
            "name": self.name[:200],
            "joined": [[series.key, name] for series, name in self.joined],
            "started": self.started,
            "window": self.window,
            "count": self.count,
            "usual": self.usual,
            "makeup": dump(self.makeup),
            "campaigns": [list(each) for each in self.campaigns],
            "farm": self.farm,
            "trigger": dump(self.trigger),
        }


async def add(conn: AsyncConnection, newsroom_id: int, found: NewSpike, now: datetime) -> int:
    """Record a new spike that editors are told of now; returns its id. The newsroom's cursor must be there."""
    taken = sa.update(cursors).where(cursors.c.newsroom_id == newsroom_id).values(number=cursors.c.number + 1)
    number = (await conn.execute(taken.returning(cursors.c.number))).scalar_one()
    row = found.columns() | {
        "id": new_id(),
        "newsroom_id": newsroom_id,
        "number": number,
        "seen": now,
        "status": SpikeStatus.OPEN.value,
        "alerts": 1,
        "alerted_at": now,
        "alerted_count": found.count,
    }
    await conn.execute(sa.insert(t), [row])
    return int(row["id"])


async def renew(
    conn: AsyncConnection, newsroom_id: int, spike_id: int, found: NewSpike, now: datetime, *, rename: bool
) -> None:
    """A spike goes on: what is measured of it now. When it began stays; without `rename` its name, too."""
    kept = ("started", "joined", *(() if rename else ("kind", "ref", "name")))
    values = {name: value for name, value in found.columns().items() if name not in kept}
    before = (await conn.execute(sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.id == spike_id))).one()
    # What it is called after stays, and what once rose with it belongs to it.
    joined: dict[str, str] = dict(before.joined)
    joined[f"{before.kind}:{before.ref}"] = before.name
    joined |= {series.key: name for series, name in ((found.series, found.name), *found.joined)}
    joined.pop(found.series.key if rename else f"{before.kind}:{before.ref}")
    values["joined"] = [[key, name] for key, name in list(joined.items())[:_MOST_JOINED]]
    await conn.execute(_one(newsroom_id, spike_id).values(**values, seen=now))


async def alert_again(conn: AsyncConnection, newsroom_id: int, spike_id: int, count: int, now: datetime) -> int:
    """Editors are told once more; returns how often that makes."""
    values = {"alerts": t.c.alerts + 1, "alerted_at": now, "alerted_count": count, "status": SpikeStatus.OPEN.value}
    return int((await conn.execute(_one(newsroom_id, spike_id).values(**values).returning(t.c.alerts))).scalar_one())


async def set_status(
    conn: AsyncConnection,
    newsroom_id: int,
    spike_id: int,
    status: SpikeStatus,
    among: Collection[SpikeStatus],
    muted_until: datetime | None = None,
) -> bool:
    """Move a spike on from one of these states; whether it was in one."""
    query = _one(newsroom_id, spike_id).where(t.c.status.in_([each.value for each in among]))
    values: dict[str, Any] = {"status": status.value}
    if status is SpikeStatus.MUTED:
        values["muted_until"] = muted_until
    return (await conn.execute(query.values(**values))).rowcount == 1


async def by_id(conn: AsyncConnection, newsroom_id: int, spike_id: int, *, hold: bool = False) -> Spike | None:
    """A spike; with `hold` nobody else changes it until the transaction ends."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.id == spike_id)
    row = (await conn.execute(query.with_for_update() if hold else query)).first()
    return _spike(row) if row else None


async def by_number(conn: AsyncConnection, newsroom_id: int, number: int) -> Spike | None:
    """Spike S-n."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.number == number)
    row = (await conn.execute(query)).first()
    return _spike(row) if row else None


async def standing(conn: AsyncConnection, newsroom_id: int, since: datetime) -> list[tuple[Spike, int]]:
    """Spikes that were above what is usual since a moment, whatever was said of them; with the count told last."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.seen >= since)
    return [(_spike(row), row.alerted_count) for row in (await conn.execute(query.order_by(t.c.id))).all()]


async def end(conn: AsyncConnection, newsroom_id: int, before: datetime) -> int:
    """Spikes that have not been above what is usual since a moment are over."""
    gone = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.seen < before, t.c.status.in_(STANDING))
    return (await conn.execute(gone.values(status=SpikeStatus.OVER.value))).rowcount


async def between(conn: AsyncConnection, newsroom_id: int, start: datetime, end: datetime) -> list[Spike]:
    """Spikes that stood at some time of [start, end), oldest first; those that people called false among them."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.started < end, t.c.seen >= start)
    return [_spike(row) for row in (await conn.execute(query.order_by(t.c.started, t.c.id))).all()]


async def newest(conn: AsyncConnection, newsroom_id: int, limit: int, offset: int) -> list[Spike]:
    """The latest spikes, newest first."""
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id).order_by(t.c.id.desc()).limit(limit).offset(offset)
    return [_spike(row) for row in (await conn.execute(query)).all()]


async def muted(conn: AsyncConnection, newsroom_id: int, now: datetime) -> set[Series]:
    """Series of which nobody is to be told now."""
    query = sa.select(t.c.kind, t.c.ref).where(t.c.newsroom_id == newsroom_id, t.c.muted_until > now)
    return {Series(kind=SeriesKind(row.kind), ref=row.ref) for row in (await conn.execute(query)).all()}


async def spans(
    conn: AsyncConnection, newsroom_id: int, since: datetime
) -> list[tuple[Series, datetime, datetime, bool]]:
    """From when to when series stood above what is usual, and whether people said that they did not."""
    query = sa.select(t.c.kind, t.c.ref, t.c.joined, t.c.started, t.c.seen, t.c.status).where(
        t.c.newsroom_id == newsroom_id, t.c.seen >= since
    )
    return [
        (series_of(key), row.started, row.seen, row.status == SpikeStatus.FALSE.value)
        for row in (await conn.execute(query)).all()
        for key in (f"{row.kind}:{row.ref}", *(each[0] for each in row.joined))
    ]


def _one(newsroom_id: int, spike_id: int) -> sa.Update:
    return sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id == spike_id)


def _spike(row: sa.Row[Any]) -> Spike:
    return Spike(
        id=row.id,
        newsroom_id=row.newsroom_id,
        number=row.number,
        series=Series(kind=SeriesKind(row.kind), ref=row.ref),
        name=row.name,
        joined=tuple((series_of(key), name) for key, name in row.joined),
        started=row.started,
        seen=row.seen,
        window=row.window,
        count=row._mapping["count"],
        usual=row.usual,
        makeup=load(Makeup, row.makeup),
        campaigns=tuple((label, name, count) for label, name, count in row.campaigns),
        farm=row.farm,
        trigger=load(Trigger, row.trigger) if row.trigger else None,
        status=SpikeStatus(row.status),
        muted_until=row.muted_until,
        alerts=row.alerts,
        alerted_at=row.alerted_at,
    )
