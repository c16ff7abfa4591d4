"""Comments: one text by one account under one post, from forwards and from imports; what copies are found among."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountStatus
from bot.model.comment import CommentFacts
from bot.model.copies import CopyCount
from bot.model.ids import new_id
from bot.storage import texts
from bot.storage.copies import Skip, counted, since, without_skipped
from bot.storage.direct import Add, Steps, take
from bot.storage.lists import among, number_list
from bot.storage.tables import accounts as accounts_table
from bot.storage.tables import comments as t
from bot.storage.texts import NewText


@dataclass(frozen=True, kw_only=True, slots=True)
class NewComment:
    """A comment to be stored; `words` and `text_key` come from the normaliser.

    `prints` are the fingerprints of its skeleton, as little-endian int64.
    """

    newsroom_id: int
    text: str
    words: str
    text_key: int
    source: str
    submission_id: int | None = None
    part_id: int | None = None
    platform: str | None = None
    handle: str | None = None
    author: str | None = None
    author_key: str | None = None
    post: str | None = None
    batch: str | None = None
    posted_at: datetime | None = None
    prints: bytes = b""


#: Sources of comments that were read on a screenshot: the message with it and a number, "telegram:7:8#3".
ON_SCREEN: Final = "telegram:%#%"

_COLUMNS = tuple(name for name in NewComment.__dataclass_fields__ if name != "prints")


async def add(
    conn: AsyncConnection, comments: Sequence[NewComment], now: datetime, *, posted: bool = True
) -> list[int]:
    """Store comments and see that their texts can be found; returns the comments' ids in order.

    With `posted` false the texts are found by their exact words only, until `texts.post_many`.
    """
    if not comments:
        return []
    return await take(conn, _adding(comments, now, posted))


def _adding(comments: Sequence[NewComment], now: datetime, posted: bool) -> Steps[list[int]]:
    rows: list[dict[str, Any]] = [
        {name: getattr(c, name) for name in _COLUMNS} | {"id": new_id(), "added_at": now} for c in comments
    ]
    yield Add(t, rows)
    forms: defaultdict[int, list[NewText]] = defaultdict(list)
    for c in comments:
        forms[c.newsroom_id].append(NewText(c.text_key, c.words, c.prints))
    for newsroom_id, each in forms.items():
        yield from texts.registering(newsroom_id, each, posted=posted)
    return [row["id"] for row in rows]


async def still_there(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> set[int]:
    """Those of these comments that there are, withdrawn ones too."""
    query = sa.select(t.c.id).where(t.c.newsroom_id == newsroom_id, t.c.id.in_(sorted(ids)))
    return set((await conn.execute(query)).scalars()) if ids else set()


async def with_keys(conn: AsyncConnection, newsroom_id: int, keys: Collection[int]) -> list[CommentFacts]:
    """Every comment with one of these exact keys."""
    return await _facts(conn, _live(newsroom_id, keys))


async def sizes_of_keys(conn: AsyncConnection, newsroom_id: int, keys: Collection[int]) -> dict[int, int]:
    """How many comments have each of these exact keys."""
    query = sa.select(t.c.text_key, sa.func.count()).where(_live(newsroom_id, keys)).group_by(t.c.text_key)
    return {row.text_key: row[1] for row in (await conn.execute(query)).all()}


async def by_ids(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> list[CommentFacts]:
    """These comments."""
    chosen = among(t.c.id, number_list("ids", ids))
    return await _facts(conn, sa.and_(t.c.newsroom_id == newsroom_id, chosen, t.c.withdrawn_at.is_(None)))


async def count_by_keys(
    conn: AsyncConnection,
    newsroom_id: int,
    keys: Collection[int],
    *,
    skip_submission: int | None = None,
    skip_comment: tuple[str, datetime] | None = None,
) -> CopyCount:
    """How often and by how many a text with one of these keys was posted, as far as it was not withdrawn.

    Left out are the comments of a submission, and a comment that is known by its (author_key, date).
    """
    (count,) = await counts_by_keys(conn, newsroom_id, [keys], [Skip(skip_submission, skip_comment)])
    return count


async def counts_by_keys(
    conn: AsyncConnection, newsroom_id: int, groups: Sequence[Collection[int]], skips: Sequence[Skip] | None = None
) -> list[CopyCount]:
    """The same for many groups of keys at once, each with what does not count in it; in a few statements."""
    wanted = await without_skipped(conn, newsroom_id, groups, skips or [Skip()] * len(groups))
    found = await counted(conn, newsroom_id, {group for group in wanted if group.keys})
    firsts = {facts.id: facts for facts in await by_ids(conn, newsroom_id, {c.first_id for c in found.values()})}
    counts = {
        group: CopyCount(
            times=c.times,
            accounts=c.accounts,
            fakes=c.fakes,
            since=c.since,
            first_account=firsts[c.first_id].account,
            first_post=firsts[c.first_id].post,
        )
        for group, c in found.items()
    }
    return [counts.get(group, CopyCount()) for group in wanted]


async def page_by_keys(
    conn: AsyncConnection, newsroom_id: int, keys: Collection[int], limit: int, offset: int
) -> list[CommentFacts]:
    """Comments with one of these keys, newest first: `limit` of them, after the first `offset`."""
    return await _facts(conn, _live(newsroom_id, keys), limit, offset)


async def keys_of_submission(conn: AsyncConnection, newsroom_id: int, submission_id: int) -> list[tuple[int, str]]:
    """Key and text of each of a submission's comments, oldest first."""
    query = sa.select(t.c.text_key, t.c.text).where(
        t.c.newsroom_id == newsroom_id, t.c.submission_id == submission_id, t.c.withdrawn_at.is_(None)
    )
    return [(row.text_key, row.text) for row in (await conn.execute(query.order_by(t.c.id))).all()]


async def fakes_among(conn: AsyncConnection, newsroom_id: int, author_keys: Collection[str]) -> set[str]:
    """Those of these authors who are confirmed fakes: by `platform:handle` or `platform:id`."""
    named: defaultdict[str, set[str]] = defaultdict(set)
    for key in author_keys:
        platform, _, name = key.partition(":")
        named[platform].add(name)
    a = accounts_table.c
    found: set[str] = set()
    for platform, names in named.items():
        query = sa.select(a.handle_key, a.numeric_id).where(
            a.newsroom_id == newsroom_id,
            a.platform == platform,
            a.status == AccountStatus.CONFIRMED.value,
            sa.or_(a.handle_key.in_(names), a.numeric_id.in_(names)),
        )
        rows = (await conn.execute(query)).all()
        found |= {f"{platform}:{name}" for row in rows for name in row if name in names}
    return found


class Unread(NamedTuple):
    """A comment whose text is to be normalised anew, with the key that it has until then."""

    id: int
    text: str
    text_key: int


async def rebuild_batch(conn: AsyncConnection, newsroom_id: int, after: int, limit: int) -> list[Unread]:
    """The next comments, withdrawn ones too, for being normalised anew; one whose words are sealed stays as it is."""
    readable = sa.or_(t.c.text != "", t.c.text_key == 0)
    query = sa.select(t.c.id, t.c.text, t.c.text_key).where(t.c.newsroom_id == newsroom_id, t.c.id > after, readable)
    return [Unread._make(row) for row in (await conn.execute(query.order_by(t.c.id).limit(limit))).all()]


async def rekey(conn: AsyncConnection, rows: Iterable[tuple[int, str, int]]) -> None:
    """Give comments the forms that another normaliser made: (id, words, text_key)."""
    bound = [{"of": comment_id, "new_words": words, "new_key": key} for comment_id, words, key in rows]
    if bound:
        await conn.execute(_REKEY, bound)


_REKEY = (
    sa.update(t)
    .where(t.c.id == sa.bindparam("of"))
    .values(words=sa.bindparam("new_words"), text_key=sa.bindparam("new_key"))
)


async def withdraw(conn: AsyncConnection, submission_id: int, now: datetime) -> None:
    """A withdrawn submission's comments no longer count."""
    await _withdraw(conn, t.c.submission_id == submission_id, now)


async def withdraw_part(conn: AsyncConnection, part_id: int, now: datetime) -> None:
    """An edited message's earlier text no longer counts; what stands on its picture stays as it is."""
    await _withdraw(conn, sa.and_(t.c.part_id == part_id, t.c.source.not_like(ON_SCREEN)), now)


async def withdraw_source(conn: AsyncConnection, newsroom_id: int, source: str, now: datetime) -> None:
    """A comment that was read wrongly no longer counts."""
    await _withdraw(conn, sa.and_(t.c.newsroom_id == newsroom_id, t.c.source == source), now)


async def _withdraw(conn: AsyncConnection, condition: sa.ColumnElement[bool], now: datetime) -> None:
    query = sa.update(t).where(condition, t.c.withdrawn_at.is_(None)).values(withdrawn_at=now)
    await _wake(conn, (await conn.execute(query.returning(t.c.newsroom_id, t.c.text_key))).all())


async def set_author(conn: AsyncConnection, submission_id: int, platform: str, handle: str, author_key: str) -> int:
    """Bind the unattributed comments of a submission to who wrote them; returns how many.

    Of those on a screenshot each has an author of its own.
    """
    on_screen = sa.and_(t.c.source.like(ON_SCREEN), t.c.author.is_not(None))
    unknown = sa.update(t).where(t.c.submission_id == submission_id, t.c.handle.is_(None), ~on_screen)
    query = unknown.values(platform=platform, handle=handle, author_key=author_key)
    rows = (await conn.execute(query.returning(t.c.newsroom_id, t.c.text_key))).all()
    await _wake(conn, rows)
    return len(rows)


async def _wake(conn: AsyncConnection, rows: Sequence[Any]) -> None:
    # One account more may be what a campaign was waiting for; one comment less moves its dates.
    for newsroom_id in {row.newsroom_id for row in rows}:
        await texts.wake(conn, newsroom_id, [row.text_key for row in rows if row.newsroom_id == newsroom_id])


def _live(newsroom_id: int, keys: Collection[int]) -> sa.ColumnElement[bool]:
    ours = sa.bindparam("newsroom", newsroom_id, type_=sa.BigInteger)
    return sa.and_(among(t.c.newsroom_id, ours, t.c.text_key, number_list("keys", keys)), t.c.withdrawn_at.is_(None))


async def _facts(
    conn: AsyncConnection, condition: sa.ColumnElement[bool], limit: int | None = None, offset: int = 0
) -> list[CommentFacts]:
    names = CommentFacts.__dataclass_fields__.keys() - {"since"}
    query = sa.select(*(t.c[name] for name in names), since.label("since")).where(condition)
    if limit is not None:
        query = query.order_by(since.desc(), t.c.id.desc()).limit(limit).offset(offset)
    return [CommentFacts(**row) for row in (await conn.execute(query)).mappings().all()]
