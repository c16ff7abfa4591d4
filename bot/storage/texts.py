"""Texts that comments share: all comments with one skeleton have one row here, which near-duplicates are found among.

A text's number is dense within its newsroom, so that a posting takes few bytes. Everything here can be made anew from
the comments.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import postings
from bot.storage.direct import Ask, Insert, Rows, Steps, fetch, take
from bot.storage.lists import among, number_list
from bot.storage.postings import Numbers
from bot.storage.tables import newsrooms
from bot.storage.tables import texts as t

#: States of a text: without postings; no campaign was looked for since its last comment; nothing to do.
UNPOSTED: Final = 0
WAITING: Final = 1
DONE: Final = 2


class NewText(NamedTuple):
    """A text's forms; `prints` are its fingerprints as little-endian int64."""

    text_key: int
    words: str
    prints: bytes = b""


class StoredText(NamedTuple):
    """A text of the newsroom, by its number."""

    number: int
    text_key: int
    words: str
    state: int
    campaign_id: int | None


class IndexProgress(NamedTuple):
    """By which version of the normaliser all comments are indexed; up to which comment that is done for the next."""

    version: int
    rebuilt_to: int


_OURS = sa.bindparam("newsroom", type_=sa.BigInteger)
_NEWSROOM = t.c.newsroom_id == _OURS
_BY_BOTH = {
    "sqlite": "SELECT number, text_key, words, state, campaign_id FROM texts"
    " WHERE (newsroom_id, text_key) IN (SELECT ?1, value FROM json_each(?2))"
    " UNION ALL SELECT number, text_key, words, state, campaign_id FROM texts"
    " WHERE (newsroom_id, number) IN (SELECT ?1, value FROM json_each(?3))",
    "postgresql": "SELECT number, text_key, words, state, campaign_id FROM texts"
    " WHERE newsroom_id = $1 AND text_key = ANY (CAST($2 AS BIGINT[]))"
    " UNION ALL SELECT number, text_key, words, state, campaign_id FROM texts"
    " WHERE newsroom_id = $1 AND number = ANY (CAST($3 AS BIGINT[]))",
}
_WAKE = {
    "sqlite": "UPDATE texts SET state = ?3 WHERE state = ?4"
    " AND (newsroom_id, text_key) IN (SELECT ?1, value FROM json_each(?2))",
    "postgresql": "UPDATE texts SET state = $3 WHERE state = $4"
    " AND newsroom_id = $1 AND text_key = ANY (CAST($2 AS BIGINT[]))",
}
_POSTED = (
    sa.update(t)
    .where(_NEWSROOM, among(t.c.number, number_list("numbers")), t.c.state == UNPOSTED)
    .values(state=WAITING)
)
_TAKE = {
    "sqlite": "UPDATE newsrooms SET text_counter = text_counter + ?2 WHERE id = ?1 RETURNING text_counter",
    "postgresql": "UPDATE newsrooms SET text_counter = text_counter + $2 WHERE id = $1 RETURNING text_counter",
}
# Rows that refer to the newsroom can still be added meanwhile: theirs is a key share.
_LOCK = {"postgresql": "SELECT id FROM newsrooms WHERE id = $1 FOR NO KEY UPDATE"}
# Apart from the texts themselves, which others add meanwhile. The first number is one that nothing else locks by.
_LOCK_INDEX = {"postgresql": "SELECT pg_advisory_xact_lock(1802265449, hashint8($1))"}
_KNOWN = {
    "sqlite": "SELECT text_key, state FROM texts"
    " WHERE (newsroom_id, text_key) IN (SELECT ?1, value FROM json_each(?2))",
    "postgresql": "SELECT text_key, state FROM texts WHERE newsroom_id = $1 AND text_key = ANY (CAST($2 AS BIGINT[]))",
}
_INSERT = {
    "sqlite": "INSERT INTO texts (newsroom_id, number, text_key, words, state)"
    " VALUES (?, ?, ?, ?, ?) ON CONFLICT (newsroom_id, text_key) DO NOTHING",
    "postgresql": "INSERT INTO texts (newsroom_id, number, text_key, words, state)"
    " SELECT * FROM unnest(CAST($1 AS BIGINT[]), CAST($2 AS BIGINT[]), CAST($3 AS BIGINT[]), CAST($4 AS TEXT[]),"
    " CAST($5 AS INTEGER[])) ON CONFLICT (newsroom_id, text_key) DO NOTHING",
}
_THERE = {
    "sqlite": "SELECT number FROM texts WHERE (newsroom_id, number) IN (SELECT ?1, value FROM json_each(?2))",
    "postgresql": "SELECT number FROM texts WHERE newsroom_id = $1 AND number = ANY (CAST($2 AS BIGINT[]))",
}
_UNPOSTED = (
    sa.select(t.c.number, t.c.text_key)
    # SQLite takes the partial index only where its own condition is repeated to the letter, and the order is its own.
    .where(_NEWSROOM, sa.text("state < 2"), t.c.state < WAITING)
    .order_by(t.c.state, t.c.number)
    .limit(sa.bindparam("most", type_=sa.Integer))
)


async def register(conn: AsyncConnection, newsroom_id: int, forms: Sequence[NewText], *, posted: bool = True) -> None:
    """See that each text has a row, and may find its campaign.

    A new one gets its number and its postings; with `posted` false they are left to `post_many`. One without words is
    no text.
    """
    await take(conn, registering(newsroom_id, forms, posted=posted))


def registering(newsroom_id: int, forms: Sequence[NewText], *, posted: bool) -> Steps[None]:
    """`register` as steps."""
    wanted = {form.text_key: form for form in forms if form.text_key and form.words}
    if not wanted:
        return
    yield Ask(_LOCK, (newsroom_id,))
    there = yield Ask(_KNOWN, (newsroom_id, list(wanted)))
    known = [key for key, state in there if state == DONE]
    # In the order of their keys they come one after the other in the index of keys as well.
    new = [wanted[key] for key in sorted(wanted.keys() - {key for key, *_ in there})]
    mine, others = yield from _numbered(newsroom_id, new, WAITING if posted else UNPOSTED)
    if known or others:
        yield Ask(_WAKE, (newsroom_id, known + others, WAITING, DONE))
    if posted:
        yield from postings.adding(newsroom_id, mine)


def _numbered(newsroom_id: int, new: Sequence[NewText], state: int) -> Steps[tuple[list[tuple[int, bytes]], list[int]]]:
    """Insert texts; returns numbers and prints of those inserted, and the keys that another writer inserted first."""
    if not new:
        return [], []
    ((last,),) = yield Ask(_TAKE, (newsroom_id, len(new)))
    numbered = dict(enumerate(new, last - len(new) + 1))
    rows = [(newsroom_id, number, form.text_key, form.words, state) for number, form in numbered.items()]
    yield Insert(_INSERT, list(zip(*rows, strict=True)))
    mine = {number for (number,) in (yield Ask(_THERE, (newsroom_id, list(numbered))))}
    others = [form.text_key for number, form in numbered.items() if number not in mine]
    return [(number, numbered[number].prints) for number in sorted(mine)], others


async def wake(conn: AsyncConnection, newsroom_id: int, keys: Iterable[int]) -> None:
    """Have a campaign looked for again: it changed who wrote these texts, or when, or what a person ruled of them."""
    if awake := sorted(set(keys)):
        await lock(conn, newsroom_id)
        await fetch(conn, _WAKE, newsroom_id, awake, WAITING, DONE)


async def lock(conn: AsyncConnection, newsroom_id: int) -> None:
    """Let nobody else change this newsroom's texts, or place them in campaigns, until the transaction ends."""
    # SQLite has one writer. On PostgreSQL a sweep may end between the look at a text's state and its change.
    if conn.dialect.name == "postgresql":
        await fetch(conn, _LOCK, newsroom_id)


async def lock_index(conn: AsyncConnection, newsroom_id: int) -> None:
    """Let nobody else write the postings of texts that wait for them, until the transaction ends."""
    if conn.dialect.name == "postgresql":
        await fetch(conn, _LOCK_INDEX, newsroom_id)


async def by_keys(conn: AsyncConnection, newsroom_id: int, keys: Collection[int]) -> list[StoredText]:
    """The texts with these skeleton keys."""
    if not keys:
        return []
    return await by_keys_or_numbers(conn, newsroom_id, keys, ())


async def by_keys_or_numbers(
    conn: AsyncConnection, newsroom_id: int, keys: Collection[int], numbers: Collection[int]
) -> list[StoredText]:
    """The texts with these keys, then those with these numbers; one that has both comes twice."""
    return await take(conn, known(newsroom_id, keys, numbers))


def known(newsroom_id: int, keys: Collection[int], numbers: Collection[int]) -> Steps[list[StoredText]]:
    """`by_keys_or_numbers` as steps."""
    rows: Rows = yield Ask(_BY_BOTH, (newsroom_id, list(keys), list(numbers)))
    return [StoredText._make(row) for row in rows]


async def by_numbers(conn: AsyncConnection, newsroom_id: int, numbers: Collection[int]) -> list[StoredText]:
    """The texts with these numbers."""
    if not numbers:
        return []
    return await by_keys_or_numbers(conn, newsroom_id, (), numbers)


async def count(conn: AsyncConnection, newsroom_id: int) -> int:
    """How many texts there are: the last number given."""
    return int(await conn.scalar(sa.select(newsrooms.c.text_counter).where(newsrooms.c.id == newsroom_id)) or 0)


async def unpost(conn: AsyncConnection, newsroom_id: int) -> None:
    """Let every text wait for its postings again: where they are, those of other newsrooms lie among them."""
    mine = sa.update(t).where(t.c.newsroom_id == newsroom_id, t.c.words != "")
    await conn.execute(mine.values(state=UNPOSTED))


async def waiting_for_postings(conn: AsyncConnection, newsroom_id: int, limit: int) -> list[tuple[int, int]]:
    """Numbers and keys of the first texts that have no postings yet."""
    rows = (await conn.execute(_UNPOSTED, {"newsroom": newsroom_id, "most": limit})).all()
    return [(number, text_key) for number, text_key in rows]


async def post_many(
    conn: AsyncConnection, newsroom_id: int, numbers: Sequence[int] | Numbers, prints: Sequence[bytes]
) -> None:
    """Write the postings of texts that have none, in the order of their hashes; they wait for their campaigns then.

    The more at once the better: rows next to each other in the table are written together.
    """
    plain = np.asarray(numbers, dtype=np.int64).tolist()
    await postings.add(conn, newsroom_id, list(zip(plain, prints, strict=True)))
    await conn.execute(_POSTED, {"newsroom": newsroom_id, "numbers": plain})


async def index_progress(conn: AsyncConnection, newsroom_id: int) -> IndexProgress:
    """How far the newsroom's comments are indexed by which normaliser."""
    c = newsrooms.c
    query = sa.select(c.text_version, c.text_rebuilt_to).where(c.id == newsroom_id)
    return IndexProgress._make((await conn.execute(query)).one())


async def set_index_progress(conn: AsyncConnection, newsroom_id: int, progress: IndexProgress) -> None:
    """Remember it."""
    values = {"text_version": progress.version, "text_rebuilt_to": progress.rebuilt_to}
    await conn.execute(sa.update(newsrooms).where(newsrooms.c.id == newsroom_id).values(values))
