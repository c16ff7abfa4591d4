"""Which posts are to be coded, who codes them, and what was said: two see nothing of each other, a third decides."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.post import DECIDER, Coding
from bot.storage.lists import among, number_list
from bot.storage.tables import post_codings, posts

_t, _p = post_codings.c, posts.c
_FIELDS = tuple(Coding.__dataclass_fields__)


async def draw(conn: AsyncConnection, newsroom_id: int, ids: Collection[int], now: datetime) -> int:
    """Put these posts into the queue; returns how many were not in it."""
    mine = sa.and_(_p.newsroom_id == newsroom_id, _p.drawn_at.is_(None), among(_p.id, number_list("ids", ids)))
    return (await conn.execute(sa.update(posts).where(mine).values(drawn_at=now))).rowcount


async def of_posts(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> list[Coding]:
    """What was said of these posts, or is being said."""
    chosen = among(_t.post_id, number_list("ids", ids))
    query = sa.select(*(_t[name] for name in _FIELDS)).where(_t.newsroom_id == newsroom_id, chosen)
    return [Coding(**row) for row in (await conn.execute(query.order_by(_t.id))).mappings().all()]


async def of_drawn(conn: AsyncConnection, newsroom_id: int) -> dict[int, list[Coding]]:
    """Every post of the queue with what was said of it."""
    query = sa.select(_p.id).where(_p.newsroom_id == newsroom_id, _p.drawn_at.is_not(None)).order_by(_p.id)
    found: dict[int, list[Coding]] = {post_id: [] for post_id in (await conn.execute(query)).scalars()}
    joined = sa.select(*(_t[name] for name in _FIELDS)).join(posts, _p.id == _t.post_id)
    joined = joined.where(_t.newsroom_id == newsroom_id, _p.drawn_at.is_not(None)).order_by(_t.id)
    for row in (await conn.execute(joined)).mappings().all():
        found[row["post_id"]].append(Coding(**row))
    return found


async def mine(conn: AsyncConnection, newsroom_id: int, member_id: int, post_id: int) -> Coding | None:
    """What a member said of a post, or is to say."""
    query = sa.select(*(_t[name] for name in _FIELDS)).where(_is(newsroom_id, member_id, post_id))
    row = (await conn.execute(query)).mappings().first()
    return Coding(**row) if row is not None else None


async def hold(
    conn: AsyncConnection, newsroom_id: int, post_id: int, member_id: int, place: int, now: datetime
) -> bool:
    """Keep a place at a post for a member; False when somebody was faster, or the member has a place there."""
    changed = sa.update(post_codings).where(_is(newsroom_id, member_id, post_id), _t.place.is_(None))
    row: dict[str, Any] = {"id": new_id(), "newsroom_id": newsroom_id, "post_id": post_id, "member_id": member_id}
    try:
        async with conn.begin_nested():
            if (await conn.execute(changed.values(place=place, held_at=now))).rowcount == 1:
                return True
            await conn.execute(sa.insert(post_codings), [row | {"place": place, "held_at": now}])
    except IntegrityError:
        return False
    return True


async def code(
    conn: AsyncConnection, newsroom_id: int, member_id: int, post_id: int, tone: str | None, topic: str | None
) -> None:
    """What a member says of a post so far."""
    change = sa.update(post_codings).where(_is(newsroom_id, member_id, post_id))
    await conn.execute(change.values(tone=tone, topic=topic))


async def finish(conn: AsyncConnection, newsroom_id: int, member_id: int, post_id: int, now: datetime | None) -> None:
    """The member is done with it; with None: is not, after all."""
    await conn.execute(sa.update(post_codings).where(_is(newsroom_id, member_id, post_id)).values(coded_at=now))


async def skip(conn: AsyncConnection, newsroom_id: int, member_id: int, post_id: int, now: datetime) -> None:
    """The member passes it over: the place is free for others."""
    change = sa.update(post_codings).where(_is(newsroom_id, member_id, post_id))
    await conn.execute(change.values(place=None, tone=None, topic=None, coded_at=None, held_at=now))


async def release(conn: AsyncConnection, newsroom_id: int, member_id: int, before: datetime) -> None:
    """Free the places that others than this member hold since before then and did not use."""
    stale = sa.and_(_t.newsroom_id == newsroom_id, _t.member_id != member_id, _t.coded_at.is_(None))
    await conn.execute(sa.delete(post_codings).where(stale, _t.place.is_not(None), _t.held_at < before))


async def drop_decision(conn: AsyncConnection, newsroom_id: int, post_id: int) -> None:
    """Forget a place that a decider holds and has not used: there may be nothing to decide any more."""
    held = sa.and_(_t.newsroom_id == newsroom_id, _t.post_id == post_id, _t.place == DECIDER, _t.coded_at.is_(None))
    await conn.execute(sa.delete(post_codings).where(held))


def _is(newsroom_id: int, member_id: int, post_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(_t.newsroom_id == newsroom_id, _t.member_id == member_id, _t.post_id == post_id)
