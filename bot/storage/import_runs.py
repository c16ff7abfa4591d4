"""How far the import of a file came: kept in the transaction of its rows, so that none is lost or taken twice."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import import_runs as t
from bot.storage.upsert import insert_ignoring


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportRun:
    """An import under way, or interrupted; `position` is the last line of the file whose row is in the archive.

    `counts` are the numbers of rows so far, and under "batch" the name of the import.
    """

    newsroom_id: int
    noun: str
    sha256: str
    position: int
    counts: Mapping[str, Any]


async def of_file(conn: AsyncConnection, newsroom_id: int, noun: str, sha256: str) -> ImportRun | None:
    """The import of this file that was interrupted, or is under way; None when it has to begin."""
    query = sa.select(t.c.position, t.c.counts).filter_by(newsroom_id=newsroom_id, noun=noun, sha256=sha256)
    row = (await conn.execute(query)).one_or_none()
    if row is None:
        return None
    return ImportRun(newsroom_id=newsroom_id, noun=noun, sha256=sha256, position=row.position, counts=row.counts)


async def advance(
    conn: AsyncConnection, run: ImportRun, position: int, counts: Mapping[str, Any], now: datetime
) -> ImportRun | None:
    """Note that the rows up to a line are in the archive; None when somebody else imports the same file just now."""
    if run.position == 0:
        await insert_ignoring(conn, t, [asdict(run) | {"changed_at": now}], ["newsroom_id", "noun", "sha256"])
    moved = sa.update(t).where(_is(run)).values(position=position, counts=dict(counts), changed_at=now)
    if (await conn.execute(moved)).rowcount != 1:
        return None
    return replace(run, position=position, counts=dict(counts))


async def finish(conn: AsyncConnection, run: ImportRun) -> None:
    """The whole file is in the archive: next time it is read from its start."""
    await conn.execute(sa.delete(t).where(_is(run)))


def _is(run: ImportRun) -> sa.ColumnElement[bool]:
    return sa.and_(
        t.c.newsroom_id == run.newsroom_id,
        t.c.noun == run.noun,
        t.c.sha256 == run.sha256,
        t.c.position == run.position,
    )
