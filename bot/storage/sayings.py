"""What files and people said of a row, each word with its file: the words that stand, in their order, make the row.

So a withdrawn file takes back exactly what it alone said: what another file says too, or a person here, stays.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.storage.lists import among, number_list
from bot.storage.tables import imported_files
from bot.storage.tables import imported_sayings as t

#: What is said of a row, or what a row is made of: plain JSON.
Said = Mapping[str, Any]
#: By their rows' ids; None: nobody says that there is such a row.
Values = Mapping[int, Said | None]
#: A word that takes the place of all before it: what stood in the row, or what people made of it.
WHOLE = "whole"


class Saying(NamedTuple):
    """One word: whose (None: a person's), what, and whether its file stands."""

    file_id: int | None
    said: Said
    stands: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of row that files speak of.

    `fold` makes a row of the words that stand, oldest first; `load` says what rows are made of now, and leaves out
    those that there are not; `write` makes them of something else.
    """

    noun: str
    fold: Callable[[Sequence[Said]], Said | None]
    load: Callable[[AsyncConnection, int, Collection[int]], Awaitable[Values]]
    write: Callable[[AsyncConnection, int, Values, datetime], Awaitable[None]]


async def of_rows(
    conn: AsyncConnection, newsroom_id: int, noun: str, row_ids: Collection[int]
) -> dict[int, list[Saying]]:
    """All that was said of these rows, oldest first."""
    f = imported_files.c
    stands = sa.or_(t.c.file_id.is_(None), f.withdrawn_at.is_(None)).label("stands")
    query = sa.select(t.c.row_id, t.c.file_id, t.c.said, stands).outerjoin(imported_files, f.id == t.c.file_id)
    of_them = (t.c.newsroom_id == newsroom_id, t.c.noun == noun, among(t.c.row_id, number_list("rows", row_ids)))
    found: dict[int, list[Saying]] = defaultdict(list)
    for row in (await conn.execute(query.where(*of_them).order_by(t.c.id))).all():
        found[row.row_id].append(Saying(row.file_id, row.said, bool(row.stands)))
    return dict(found)


async def add(
    conn: AsyncConnection,
    newsroom_id: int,
    noun: str,
    file_id: int | None,
    words: Iterable[tuple[int, Said]],
    now: datetime,
) -> None:
    """Keep what a file, or for None a person, says of rows."""
    own = {"newsroom_id": newsroom_id, "noun": noun, "file_id": file_id, "at": now}
    rows = [own | {"id": new_id(), "row_id": row_id, "said": dict(said)} for row_id, said in words]
    if rows:
        await conn.execute(sa.insert(t), rows)


async def hear(
    conn: AsyncConnection,
    newsroom_id: int,
    kind: Kind,
    file_id: int | None,
    words: Sequence[tuple[int, Said]],
    now: datetime,
) -> list[bool]:
    """Add what is said of rows that there are, and make them of it; says of each word whether it changed its row."""
    ids = {row_id for row_id, _ in words}
    rows = await kind.load(conn, newsroom_id, ids)
    known = await of_rows(conn, newsroom_id, kind.noun, ids)
    await _keep_basis(conn, newsroom_id, kind, rows, known, now)
    new, changed = [], []
    for row_id, said in words:
        if row_id not in rows:
            changed.append(False)
            continue
        earlier = known[row_id]
        before = kind.fold(standing(earlier))
        after = kind.fold([*standing(earlier), said])
        changed.append(before != after)
        # Twice the same file adds nothing, unless others spoke in between: then it may count once they are withdrawn.
        if before != after or not _said_last(earlier, file_id, said):
            new.append((row_id, said))
            earlier.append(Saying(file_id, said, stands=True))
    await add(conn, newsroom_id, kind.noun, file_id, new, now)
    await _write(conn, newsroom_id, kind, rows, {row: standing(known[row]) for row in rows}, now)
    return changed


def _said_last(earlier: Sequence[Saying], file_id: int | None, said: Said) -> bool:
    """Whether a file said this already, and nobody else anything since."""
    for each in reversed(earlier):
        if each.file_id != file_id:
            return False
        if each.said == said:
            return True
    return False


async def _keep_basis(
    conn: AsyncConnection,
    newsroom_id: int,
    kind: Kind,
    rows: Values,
    known: dict[int, list[Saying]],
    now: datetime,
) -> None:
    """What stood in rows before anybody kept who said it stays, whatever is withdrawn."""
    fresh = {row_id: {WHOLE: rows[row_id]} for row_id in rows if row_id not in known}
    await add(conn, newsroom_id, kind.noun, None, fresh.items(), now)
    known.update({row_id: [Saying(None, said, stands=True)] for row_id, said in fresh.items()})


async def keep_edited(
    conn: AsyncConnection, newsroom_id: int, kind: Kind, row_ids: Collection[int], now: datetime
) -> None:
    """Keep what people made of these rows since as their own word: no file takes it back."""
    rows = await kind.load(conn, newsroom_id, row_ids)
    known = await of_rows(conn, newsroom_id, kind.noun, row_ids)
    edited = [
        (row_id, {WHOLE: there})
        for row_id, there in rows.items()
        if row_id in known and kind.fold(standing(known[row_id])) != there
    ]
    await add(conn, newsroom_id, kind.noun, None, edited, now)


async def refold(
    conn: AsyncConnection, newsroom_id: int, kind: Kind, row_ids: Collection[int], now: datetime
) -> tuple[int, int, int]:
    """Make these rows anew of what stands; says how many are gone, how many stay by a person's word or a file's."""
    rows = await kind.load(conn, newsroom_id, row_ids)
    known = await of_rows(conn, newsroom_id, kind.noun, rows)
    left = {row_id: standing(found) for row_id, found in known.items()}
    await _write(conn, newsroom_id, kind, rows, left, now)
    there = {row_id for row_id, said in left.items() if kind.fold(said) is not None}
    by_hand = {i for i in there if kind.fold([s.said for s in known[i] if s.file_id is None]) is not None}
    return len(left) - len(there), len(by_hand), len(there - by_hand)


async def _write(
    conn: AsyncConnection,
    newsroom_id: int,
    kind: Kind,
    rows: Values,
    words: Mapping[int, Sequence[Said]],
    now: datetime,
) -> None:
    made = {row_id: kind.fold(said) for row_id, said in words.items()}
    changed = {row_id: values for row_id, values in made.items() if values != rows[row_id]}
    if changed:
        await kind.write(conn, newsroom_id, changed, now)


def standing(found: Iterable[Saying]) -> list[Said]:
    """What counts of what was said."""
    return [each.said for each in found if each.stands]


async def spoken_of(conn: AsyncConnection, newsroom_id: int, source_id: int) -> dict[str, list[int]]:
    """The rows of which a file said something, by their kinds."""
    query = sa.select(t.c.noun, t.c.row_id).distinct().where(t.c.newsroom_id == newsroom_id, t.c.file_id == source_id)
    found: dict[str, list[int]] = defaultdict(list)
    for noun, row_id in (await conn.execute(query)).all():
        found[noun].append(row_id)
    return dict(found)


async def forget(conn: AsyncConnection, newsroom_id: int, noun: str, row_ids: Collection[int]) -> None:
    """Delete what was said of rows that are erased: nothing of it comes back."""
    mine = (t.c.newsroom_id == newsroom_id, t.c.noun == noun, among(t.c.row_id, number_list("rows", row_ids)))
    await conn.execute(sa.delete(t).where(*mine))
