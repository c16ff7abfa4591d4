"""Deletes what says who somebody outside is: owners of photos, people who were written to, curators, former staff.

A thread, a curator and a protected person keep their number; staff keep an emptied row, for threats name it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import erasing, sayings
from bot.storage.campaign_naming import UNNAMED
from bot.storage.scrubbing import scrub, words_in
from bot.storage.staff_sayings import STAFF
from bot.storage.tables import (
    curator_hypotheses,
    curator_ties,
    curators,
    dialogs,
    digests,
    history,
    impersonations,
    imported_sayings,
    outbox_messages,
    outreach_keys,
    outreaches,
    photo_owners,
    screen_readings,
    spikes,
    staff,
    staff_photos,
    staff_watches,
    submission_parts,
    threat_targets,
    threats,
)

#: Where names of people outside are told among other things.
_TOLD: Final = (
    submission_parts.c.finding, screen_readings.c.reading, history.c.details, digests.c.content, spikes.c.name,
    spikes.c.joined, threats.c.targets,
)  # fmt: skip
#: Everything from which such an erasure deletes.
TOUCHED: Final = (
    outreaches, outreach_keys, photo_owners, curators, curator_ties, curator_hypotheses, staff, staff_photos,
    staff_watches, impersonations, threat_targets, threats, submission_parts, screen_readings, history, digests, spikes,
    dialogs, outbox_messages, imported_sayings,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRows:
    """What belongs to somebody: ids of rows by their noun, how they are called, hashes of pictures of them."""

    newsroom_id: int
    ids: Mapping[str, frozenset[int]]
    words: frozenset[str]
    shas: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether there is nobody."""
        return not any(self.ids.values())

    @property
    def subjects(self) -> list[tuple[str, int]]:
        """Under which nouns and numbers the history and the custody log speak of them."""
        told = sorted((noun, row_id) for noun, found in self.ids.items() for row_id in found)
        # Who was put on the list of staff the log says in one place.
        return [*told, ("staff", 0)] if self.ids.get("staff") else told


async def owner_of_picture(conn: AsyncConnection, newsroom_id: int, sha256: str) -> int | None:
    """The row that says whose picture this is, as far as somebody is named."""
    p = photo_owners.c
    query = sa.select(p.id, p.name).where(p.newsroom_id == newsroom_id, p.sha256 == sha256)
    row = (await conn.execute(query.order_by(p.id.desc()).limit(1))).first()
    return row.id if row is not None and row.name else None


async def rows_of_owner(
    conn: AsyncConnection, newsroom_id: int, *, number: int | None = None, owner_id: int | None = None
) -> PersonRows:
    """Whom thread O-number is with, or whom a row names as the owner of a photo: every thread, every photo of theirs.

    The same profile, or the same name and the same photo: a namesake is somebody else.
    """
    o, p = outreaches.c, photo_owners.c
    threads = sa.select(o.owner, o.profile, o.sha256).where(o.newsroom_id == newsroom_id, o.number == number)
    owners = sa.select(p.name, p.profile, p.sha256).where(p.newsroom_id == newsroom_id, p.id == owner_id)
    named = (await conn.execute(threads if number is not None else owners)).first()
    if named is None:
        return PersonRows(newsroom_id=newsroom_id, ids={}, words=frozenset())
    name, profile, sha256 = named
    theirs = sa.or_(p.profile == profile, sa.and_(p.sha256 == sha256, p.name == name))
    owned = (await conn.execute(sa.select(p.id, p.sha256).where(p.newsroom_id == newsroom_id, theirs))).all()
    shas = {row.sha256 for row in owned} | ({sha256} if sha256 else set())
    with_them = sa.or_(o.profile == profile, sa.and_(o.sha256.in_(shas), o.owner == name))
    begun = (await conn.execute(sa.select(o.id).where(o.newsroom_id == newsroom_id, with_them))).scalars()
    return PersonRows(
        newsroom_id=newsroom_id,
        ids={"outreach": frozenset(begun), "owner": frozenset(row.id for row in owned)},
        words=frozenset(each for each in (name, profile) if each),
        shas=frozenset(shas),
    )


async def rows_of_curator(conn: AsyncConnection, newsroom_id: int, number: int) -> PersonRows:
    """Record P-number."""
    c = curators.c
    row = (await conn.execute(sa.select(c.id, c.name).where(c.newsroom_id == newsroom_id, c.number == number))).first()
    ids = {"curator": frozenset({row.id})} if row is not None else {}
    return PersonRows(newsroom_id=newsroom_id, ids=ids, words=frozenset({row.name} if row is not None else ()))


async def former_staff(conn: AsyncConnection, newsroom_id: int) -> dict[int, tuple[str, ...]]:
    """Who was protected and is so no longer: how each is called, by their rows' ids."""
    s = staff.c
    query = sa.select(s.id, s.name, s.aliases).where(s.newsroom_id == newsroom_id, s.removed_at.is_not(None))
    return {row.id: (row.name, *row.aliases) for row in (await conn.execute(query)).all()}


async def rows_of_staff(conn: AsyncConnection, newsroom_id: int, staff_id: int) -> PersonRows:
    """Somebody who was protected and is so no longer."""
    s = staff.c
    off = sa.and_(s.newsroom_id == newsroom_id, s.removed_at.is_not(None), s.name.not_like(f"{UNNAMED} %"))
    query = sa.select(s.id, s.name, s.aliases).where(off, s.id == staff_id)
    found = (await conn.execute(query)).all()
    photo = sa.select(staff_photos.c.sha256).where(staff_photos.c.staff_id.in_([row.id for row in found]))
    return PersonRows(
        newsroom_id=newsroom_id,
        ids={"staff": frozenset(row.id for row in found)},
        words=frozenset(word for row in found for word in (row.name, *row.aliases)),
        shas=frozenset((await conn.execute(photo)).scalars()),
    )


async def erase(conn: AsyncConnection, rows: PersonRows, now: datetime) -> None:
    """Delete them; pictures of them that nobody else needs are noted."""
    await _erase_letters(conn, rows)
    await _erase_owner(conn, rows)
    await _erase_curator(conn, rows.ids.get("curator", frozenset()))
    await _erase_staff(conn, rows)
    for noun, row_id in rows.subjects:
        about = sa.and_(history.c.subject == noun, history.c.subject_id == row_id)
        if row_id:
            await conn.execute(sa.delete(history).where(history.c.newsroom_id == rows.newsroom_id, about))
    instead = dict.fromkeys(rows.words, UNNAMED)
    for column in _TOLD:
        await scrub(conn, column, instead, column.table.c.newsroom_id == rows.newsroom_id)
    await erasing.note_removals(conn, rows.newsroom_id, rows.shas, now)


async def _erase_letters(conn: AsyncConnection, rows: PersonRows) -> None:
    names = {str(each) for found in rows.ids.values() for each in found} | rows.words
    for table, key in ((outbox_messages, "id"), (dialogs, "member_id")):
        told = sa.select(table.c[key], table.c.body).where(table.c.newsroom_id == rows.newsroom_id)
        about = [row[0] for row in (await conn.execute(told)).all() if not names.isdisjoint(_said(row.body))]
        await conn.execute(sa.delete(table).where(table.c[key].in_(about)))


def _said(body: Any) -> set[str]:
    return words_in(body["values"]) if isinstance(body, dict) and "values" in body else words_in(body)


async def _erase_owner(conn: AsyncConnection, rows: PersonRows) -> None:
    threads, owned = rows.ids.get("outreach", frozenset()), rows.ids.get("owner", frozenset())
    await conn.execute(sa.delete(outreach_keys).where(outreach_keys.c.outreach_id.in_(threads)))
    await conn.execute(sa.delete(outreaches).where(outreaches.c.id.in_(threads)))
    await conn.execute(sa.delete(photo_owners).where(photo_owners.c.id.in_(owned)))


async def _erase_curator(conn: AsyncConnection, ids: Collection[int]) -> None:
    for table in (curator_ties, curator_hypotheses):
        await conn.execute(sa.delete(table).where(table.c.curator_id.in_(ids)))
    await conn.execute(sa.delete(curators).where(curators.c.id.in_(ids)))


async def _erase_staff(conn: AsyncConnection, rows: PersonRows) -> None:
    ids = rows.ids.get("staff", frozenset())
    await sayings.forget(conn, rows.newsroom_id, STAFF.noun, ids)
    for table in (staff_watches, staff_photos, impersonations):
        await conn.execute(sa.delete(table).where(table.c.staff_id.in_(ids)))
    for each in sorted(ids):
        nobody = f"{UNNAMED} {each}"
        named = sa.update(threat_targets).where(threat_targets.c.staff_id == each)
        await conn.execute(named.values(name=nobody, searched=""))
        empty: dict[str, Any] = {"name": nobody, "aliases": [], "position": None, "member_id": None}
        await conn.execute(sa.update(staff).where(staff.c.id == each).values(empty))
