"""Actors and their posts: what imports bring, and what reports count."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.post import ActorEntry, PostEntry, PostFigures
from bot.storage import sayings
from bot.storage.lists import among, number_list
from bot.storage.report_sayings import ACTOR, POST, told_of_actor, told_of_post
from bot.storage.tables import actor_presences, actors, posts

_p, _a = posts.c, actors.c
_COUNTS = ("reactions", "comments", "shares", "views")
_TOLD = ("text", "link", "platform", "venue", "posted_at", *_COUNTS)


async def put_actor(
    conn: AsyncConnection,
    newsroom_id: int,
    entry: ActorEntry,
    name_key: str,
    now: datetime,
    file_id: int | None = None,
    *,
    is_aside: bool = False,
) -> tuple[int, str]:
    """See that an actor is known, with what the entry says of it; returns its id, and added, changed or same.

    `is_aside`: said by a file of posts, whose category counts where none is known.
    """
    said = told_of_actor(entry.name, entry.category, entry.presences, is_aside=is_aside)
    mine = sa.select(_a.id).where(_a.newsroom_id == newsroom_id, _a.name_key == name_key)
    actor_id = await conn.scalar(mine)
    if actor_id is None:
        actor_id = new_id()
        row = {"id": actor_id, "newsroom_id": newsroom_id, "name": entry.name, "name_key": name_key}
        # Nobody has said that it is there until the next line.
        await conn.execute(sa.insert(actors), [row | {"added_at": now, "withdrawn_at": now}])
        await sayings.add(conn, newsroom_id, ACTOR.noun, file_id, [(actor_id, said)], now)
        await sayings.refold(conn, newsroom_id, ACTOR, [actor_id], now)
        return actor_id, "added"
    (is_news,) = await sayings.hear(conn, newsroom_id, ACTOR, file_id, [(actor_id, said)], now)
    return int(actor_id), "changed" if is_news else "same"


async def actors_of(conn: AsyncConnection, newsroom_id: int) -> dict[str, tuple[int, str, str | None]]:
    """Every actor that a file speaks of, by its name's key: id, name, category."""
    query = sa.select(_a.id, _a.name, _a.name_key, _a.category)
    mine = (_a.newsroom_id == newsroom_id, _a.withdrawn_at.is_(None))
    return {row.name_key: (row.id, row.name, row.category) for row in (await conn.execute(query.where(*mine))).all()}


async def presences(conn: AsyncConnection, newsroom_id: int) -> list[tuple[str, str, str, bool]]:
    """Who is where, and where not: actor, category, platform, is it there."""
    t = actor_presences.c
    query = sa.select(_a.name, _a.category, t.platform, t.is_present).join(actors, _a.id == t.actor_id)
    rows = (await conn.execute(query.where(t.newsroom_id == newsroom_id).order_by(_a.name, t.platform))).all()
    return [(row.name, row.category or "", row.platform, row.is_present) for row in rows]


async def with_sources(conn: AsyncConnection, newsroom_id: int, sources: Collection[str]) -> dict[str, int]:
    """The ids of posts by what they are known again by, of withdrawn ones too."""
    query = sa.select(_p.source, _p.id).where(_p.newsroom_id == newsroom_id, _p.source.in_(list(sources)))
    return {row.source: row.id for row in (await conn.execute(query)).all()}


async def add(
    conn: AsyncConnection,
    newsroom_id: int,
    entries: Sequence[tuple[int, PostEntry]],
    batch: str,
    now: datetime,
    file_id: int | None = None,
) -> None:
    """Store posts that are new, each with its actor's id."""
    rows = [
        {name: getattr(entry, name) for name in ("source", "captured_at", *_TOLD)}
        | {"id": new_id(), "newsroom_id": newsroom_id, "actor_id": actor_id, "batch": batch, "added_at": now}
        for actor_id, entry in entries
    ]
    if rows:
        await conn.execute(sa.insert(posts), rows)
    words = [(row["id"], told_of_post(row["actor_id"], row)) for row in rows]
    await sayings.add(conn, newsroom_id, POST.noun, file_id, words, now)


async def renew(
    conn: AsyncConnection,
    newsroom_id: int,
    entries: Sequence[tuple[int, int, PostEntry]],
    file_id: int | None,
    now: datetime,
) -> list[bool]:
    """What a file says of posts that there are, each as (post, actor, entry); whether it was news of each.

    A later capture takes the place of an earlier one; an earlier one changes nothing.
    """
    words = [
        (post_id, told_of_post(actor_id, {name: getattr(entry, name) for name in ("captured_at", *_TOLD)}))
        for post_id, actor_id, entry in entries
    ]
    return await sayings.hear(conn, newsroom_id, POST, file_id, words, now)


async def between(conn: AsyncConnection, newsroom_id: int, start: datetime, end: datetime) -> list[PostFigures]:
    """Posts from `start` until before `end`, oldest first."""
    return await _figures(conn, sa.and_(_p.newsroom_id == newsroom_id, _p.posted_at >= start, _p.posted_at < end))


async def figures_of(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> list[PostFigures]:
    """These posts, oldest first."""
    return await _figures(conn, sa.and_(_p.newsroom_id == newsroom_id, among(_p.id, number_list("ids", ids))))


async def _figures(conn: AsyncConnection, condition: sa.ColumnElement[bool]) -> list[PostFigures]:
    columns = (_p.id, _a.name.label("actor"), _a.category, _p.platform, _p.venue, _p.posted_at, _p.captured_at)
    query = sa.select(*columns, *(_p[name] for name in _COUNTS)).join(actors, _a.id == _p.actor_id)
    there = sa.and_(condition, _p.withdrawn_at.is_(None))
    rows = (await conn.execute(query.where(there).order_by(_p.posted_at, _p.id))).mappings().all()
    return [PostFigures(**(dict(row) | {"category": row["category"] or ""})) for row in rows]


async def words_of(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Text and link of these posts."""
    query = sa.select(_p.id, _p.text, _p.link).where(_p.newsroom_id == newsroom_id, _p.id.in_(list(ids)))
    return {row.id: (row.text, row.link) for row in (await conn.execute(query)).all()}
