"""Actors and their posts: what imports bring, and what reports count."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.post import ActorEntry, PostEntry, PostFigures
from bot.storage.lists import among, number_list
from bot.storage.tables import actor_presences, actors, posts
from bot.storage.upsert import insert_for

_p, _a = posts.c, actors.c
_COUNTS = ("reactions", "comments", "shares", "views")
_TOLD = ("text", "link", "platform", "venue", "posted_at", *_COUNTS)


async def put_actor(
    conn: AsyncConnection, newsroom_id: int, entry: ActorEntry, name_key: str, now: datetime
) -> tuple[int, str]:
    """See that an actor is known, with what the entry says of it; returns its id, and added, changed or same."""
    found = (
        await conn.execute(sa.select(_a.id, _a.category).where(_a.newsroom_id == newsroom_id, _a.name_key == name_key))
    ).first()
    if found is None:
        actor_id, outcome = new_id(), "added"
        row = {"id": actor_id, "newsroom_id": newsroom_id, "name": entry.name, "name_key": name_key}
        await conn.execute(sa.insert(actors), [row | {"category": entry.category, "added_at": now}])
    else:
        actor_id, outcome = found.id, "same"
        if entry.category is not None and entry.category != found.category:
            await conn.execute(sa.update(actors).where(_a.id == actor_id).values(category=entry.category))
            outcome = "changed"
    changed = await _put_presences(conn, newsroom_id, actor_id, entry.presences)
    return actor_id, "changed" if changed and outcome == "same" else outcome


async def _put_presences(
    conn: AsyncConnection, newsroom_id: int, actor_id: int, presences: Sequence[tuple[str, bool]]
) -> bool:
    if not presences:
        return False
    t = actor_presences.c
    query = sa.select(t.platform, t.is_present).where(t.actor_id == actor_id, t.newsroom_id == newsroom_id)
    known = {row.platform: row.is_present for row in (await conn.execute(query)).all()}
    new = {platform: here for platform, here in presences if known.get(platform) is not here}
    rows = [
        {"actor_id": actor_id, "platform": platform, "newsroom_id": newsroom_id, "is_present": here}
        for platform, here in new.items()
    ]
    if rows:
        insert = insert_for(conn, actor_presences)
        excluded = insert.excluded
        keys = ["actor_id", "platform"]
        upsert = insert.on_conflict_do_update(index_elements=keys, set_={"is_present": excluded.is_present})
        await conn.execute(upsert, rows)
    return bool(new)


async def actors_of(conn: AsyncConnection, newsroom_id: int) -> dict[str, tuple[int, str, str | None]]:
    """Every actor by its name's key: id, name, category."""
    query = sa.select(_a.id, _a.name, _a.name_key, _a.category).where(_a.newsroom_id == newsroom_id)
    return {row.name_key: (row.id, row.name, row.category) for row in (await conn.execute(query)).all()}


async def presences(conn: AsyncConnection, newsroom_id: int) -> list[tuple[str, str, str, bool]]:
    """Who is where, and where not: actor, category, platform, is it there."""
    t = actor_presences.c
    query = sa.select(_a.name, _a.category, t.platform, t.is_present).join(actors, _a.id == t.actor_id)
    rows = (await conn.execute(query.where(t.newsroom_id == newsroom_id).order_by(_a.name, t.platform))).all()
    return [(row.name, row.category or "", row.platform, row.is_present) for row in rows]


async def with_sources(
    conn: AsyncConnection, newsroom_id: int, sources: Collection[str]
) -> dict[str, Mapping[str, Any]]:
    """Posts by what they are known again by, with all that an import may change."""
    names = ("id", "source", "actor_id", "captured_at", *_TOLD)
    query = sa.select(*(_p[name] for name in names)).where(_p.newsroom_id == newsroom_id, _p.source.in_(list(sources)))
    return {row["source"]: dict(row) for row in (await conn.execute(query)).mappings().all()}


async def add(
    conn: AsyncConnection, newsroom_id: int, entries: Sequence[tuple[int, PostEntry]], batch: str, now: datetime
) -> None:
    """Store posts that are new, each with its actor's id."""
    rows = [
        {name: getattr(entry, name) for name in ("source", "captured_at", *_TOLD)}
        | {"id": new_id(), "newsroom_id": newsroom_id, "actor_id": actor_id, "batch": batch, "added_at": now}
        for actor_id, entry in entries
    ]
    if rows:
        await conn.execute(sa.insert(posts), rows)


async def update(conn: AsyncConnection, newsroom_id: int, post_id: int, values: Mapping[str, Any]) -> None:
    """Change what is known of a post."""
    mine = sa.and_(_p.newsroom_id == newsroom_id, _p.id == post_id)
    await conn.execute(sa.update(posts).where(mine).values(**values))


async def between(conn: AsyncConnection, newsroom_id: int, start: datetime, end: datetime) -> list[PostFigures]:
    """Posts from `start` until before `end`, oldest first."""
    return await _figures(conn, sa.and_(_p.newsroom_id == newsroom_id, _p.posted_at >= start, _p.posted_at < end))


async def figures_of(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> list[PostFigures]:
    """These posts, oldest first."""
    return await _figures(conn, sa.and_(_p.newsroom_id == newsroom_id, among(_p.id, number_list("ids", ids))))


async def _figures(conn: AsyncConnection, condition: sa.ColumnElement[bool]) -> list[PostFigures]:
    columns = (_p.id, _a.name.label("actor"), _a.category, _p.platform, _p.venue, _p.posted_at, _p.captured_at)
    query = sa.select(*columns, *(_p[name] for name in _COUNTS)).join(actors, _a.id == _p.actor_id)
    rows = (await conn.execute(query.where(condition).order_by(_p.posted_at, _p.id))).mappings().all()
    return [PostFigures(**(dict(row) | {"category": row["category"] or ""})) for row in rows]


async def words_of(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Text and link of these posts."""
    query = sa.select(_p.id, _p.text, _p.link).where(_p.newsroom_id == newsroom_id, _p.id.in_(list(ids)))
    return {row.id: (row.text, row.link) for row in (await conn.execute(query)).all()}
