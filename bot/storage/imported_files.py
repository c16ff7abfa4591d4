"""Which files were imported: each with its name, its hash, who brought it and when, and whether it was withdrawn."""

from datetime import datetime
from itertools import count
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.imported import ImportedFile
from bot.storage.tables import imported_files as t
from bot.storage.tables import imported_sayings as s

_MOST_NAME = 200


class Begun(NamedTuple):
    """A file as the archive knows it: its id, by what name it can be withdrawn, whether it was."""

    id: int
    name: str
    is_withdrawn: bool


async def begin(
    conn: AsyncConnection, newsroom_id: int, noun: str, name: str, sha256: str | None, importer: str, now: datetime
) -> Begun:
    """A file that is being imported: the same bytes are the same file, whatever it is called by now.

    What has no hash is known again by its name.
    """
    own = (t.c.newsroom_id == newsroom_id, t.c.noun == noun)
    same = t.c.name == name if sha256 is None else t.c.sha256 == sha256
    found = (await conn.execute(sa.select(t.c.id, t.c.name, t.c.withdrawn_at).where(*own, same))).first()
    if found is not None:
        return Begun(found.id, found.name, found.withdrawn_at is not None)
    taken = set((await conn.execute(sa.select(t.c.name).where(*own))).scalars())
    file_id, free = new_id(), _free(name, taken)
    row = {"id": file_id, "newsroom_id": newsroom_id, "noun": noun, "name": free, "sha256": sha256}
    await conn.execute(sa.insert(t), [row | {"importer": importer, "at": now}])
    return Begun(file_id, free, is_withdrawn=False)


def _free(name: str, taken: set[str]) -> str:
    """The name, or with a number behind it where another file of the day has it."""
    if name not in taken:
        return name
    return next(free for n in count(2) if (free := f"{name[: _MOST_NAME - 8]} ({n})") not in taken)


async def every(conn: AsyncConnection, newsroom_id: int) -> list[ImportedFile]:
    """All files, the newest first, each with how many rows it spoke of; looks at everything that they said."""
    rows = sa.func.count(sa.distinct(s.c.row_id))
    query = (
        sa.select(t, rows.label("rows"))
        .outerjoin(s, s.c.file_id == t.c.id)
        .where(t.c.newsroom_id == newsroom_id)
        .group_by(t.c.id)
    )
    found = (await conn.execute(query.order_by(t.c.id.desc()))).all()
    return [
        ImportedFile(
            id=row.id,
            noun=row.noun,
            name=row.name,
            rows=row.rows,
            withdrawn=row.rows if row.withdrawn_at is not None else 0,
            is_withdrawn=row.withdrawn_at is not None,
            at=row.at,
            importer=row.importer,
            sha256=row.sha256,
        )
        for row in found
    ]


async def turn(conn: AsyncConnection, newsroom_id: int, file_id: int, withdrawn_at: datetime | None) -> bool:
    """Withdraw a file, or for None put it back; False when it was that already. Its rows are made anew elsewhere."""
    turned = t.c.withdrawn_at.is_(None) if withdrawn_at is not None else t.c.withdrawn_at.is_not(None)
    its = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.id == file_id, turned)
    return (await conn.execute(its.values(withdrawn_at=withdrawn_at))).rowcount == 1
