"""Counts what came: in which hour a comment counts, whom it is about, and the hours that this changes."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.address import parted
from bot.model.staff import Staff
from bot.storage import spike_counts, staff
from bot.storage.store import Store
from detection.text.normalise import fold, latinise
from detection.threats import StaffName
from detection.threats.staff import staff_index
from detection.threats.view import view_of

#: Comments in one piece: what a thread reads within some tens of milliseconds.
_PIECE: Final = 400
#: Rows that another process commits late, or withdraws just now, are looked at once more.
_LATE: Final = timedelta(minutes=10)
#: So far back a scan sees; older comments are marked, and counted when they come.
HISTORY: Final = timedelta(days=121)
#: Hours that are counted anew at every full hour: campaigns, farms and rulings are found after the comments.
_RECENT: Final = timedelta(hours=96)
#: A comment from the future has a wrong clock.
_AHEAD: Final = timedelta(hours=1)


def hour_of(moment: datetime) -> datetime:
    """The beginning of its hour."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


class SpikeCounting:
    """Of one newsroom."""

    def __init__(self, store: Store, clock: Clock, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._newsroom_id = newsroom_id

    async def is_due(self) -> bool:
        """Whether something was not counted yet, or an hour has passed."""
        async with self._store.read() as conn:
            if await spike_counts.any_new(conn, self._newsroom_id):
                return True
            last = await spike_counts.recounted(conn, self._newsroom_id)
        return last is None or hour_of(last) < hour_of(self._clock())

    async def count(self) -> set[datetime]:
        """Count a piece of what came; returns the hours of which the counts changed."""
        async with self._store.read() as conn:
            people = await staff.all_of(conn, self._newsroom_id)
            after = await spike_counts.counted_to(conn, self._newsroom_id)
            rows = await spike_counts.fresh(conn, self._newsroom_id, after, _PIECE)
        about = await asyncio.to_thread(mentions, rows, people)
        async with self._store.write() as conn:
            return await self._keep(conn, after, rows, about)

    async def _keep(
        self, conn: AsyncConnection, after: int, rows: Sequence[Any], about: Sequence[tuple[int, int]]
    ) -> set[datetime]:
        now = self._clock()
        cursor = await spike_counts.cursor(conn, self._newsroom_id, now)
        if cursor.comment_id != after:
            # Another process was quicker.
            return set()
        hours = {row.id: _hour(row.moment, row.added_at) for row in rows if row.moment is not None}
        await spike_counts.mark(conn, self._newsroom_id, hours, [pair for pair in about if pair[0] in hours])
        changed = set(hours.values())
        changed |= await spike_counts.withdrawn_since(conn, self._newsroom_id, cursor.withdrawn_to - _LATE)
        moved: dict[str, Any] = {"withdrawn_to": now}
        if rows:
            moved["comment_id"] = rows[-1].id
        if cursor.recounted_at is None or hour_of(cursor.recounted_at) < hour_of(now):
            changed |= await spike_counts.hours_since(conn, self._newsroom_id, now - _RECENT)
            moved["recounted_at"] = now
        await spike_counts.recount(conn, self._newsroom_id, changed)
        await spike_counts.move(conn, self._newsroom_id, **moved)
        return changed


def _hour(moment: datetime, added: datetime) -> datetime:
    return hour_of(moment if moment <= added + _AHEAD else added)


def mentions(rows: Iterable[Any], people: Sequence[Staff]) -> list[tuple[int, int]]:
    """Whom comments are about: named in their words, seen by the detector, or under a post of the outlet's own page."""
    index = staff_index([StaffName(ref=p.id, kind=p.kind.value, names=p.names) for p in people])
    handles = {handle: person.id for person in people for handle in _handles(person)}
    found: set[tuple[int, int]] = set()
    ids = {person.id for person in people}
    for row in rows:
        found |= {(row.id, hit.person.ref) for hit in index.find(view_of(row.text))}
        named = ((row.finding or {}).get("threat") or {}).get("targets") or ()
        found |= {(row.id, each["staff"]) for each in named if each.get("staff") in ids}
        page = _page(row.post)
        found |= {(row.id, handles[part]) for part in page if part in handles}
    return sorted(found)


def _handles(person: Staff) -> set[str]:
    """What the address of a page of theirs may say: names in Latin letters, written together."""
    written = {"".join(latinise(fold(name.strip().lstrip("@"))).split()) for name in person.names}
    return {name for name in written if len(name) >= 5}


def _page(post: str | None) -> set[str]:
    if not post:
        return set()
    parts = [part for part in parted(post).path.split("/") if part] or [post]
    return {"".join(latinise(fold(part.lstrip("@"))).split()) for part in parts[:2]}
