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
#: A prime: ids end in bits that are drawn at random, and their remainder has nothing to do with the order of a file.
_MIXED = 10_007


async def draw(conn: AsyncConnection, newsroom_id: int, ids: Collection[int], now: datetime) -> int:
    """Put these posts into the queue; returns how many were not in it."""
    mine = sa.and_(_p.newsroom_id == newsroom_id, _p.drawn_at.is_(None), among(_p.id, number_list("ids", ids)))
    return (await conn.execute(sa.update(posts).where(mine).values(drawn_at=now))).rowcount


async def of_posts(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> list[Coding]:
    """What was said of these posts, or is being said."""
    chosen = among(_t.post_id, number_list("ids", ids))
    query = sa.select(*(_t[name] for name in _FIELDS)).where(_t.newsroom_id == newsroom_id, chosen)
    return [Coding(**row) for row in (await conn.execute(query.order_by(_t.id))).mappings().all()]


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


async def held(conn: AsyncConnection, newsroom_id: int, member_id: int) -> int | None:
    """The post at which a member keeps a place that is not used yet."""
    there = sa.exists().where(_p.id == _t.post_id, _p.withdrawn_at.is_(None))
    waiting = sa.and_(_t.newsroom_id == newsroom_id, _t.member_id == member_id, _t.coded_at.is_(None), there)
    query = sa.select(_t.post_id).where(waiting, _t.place.is_not(None)).order_by(_t.held_at, _t.id).limit(1)
    found: int | None = await conn.scalar(query)
    return found


async def undecided(conn: AsyncConnection, newsroom_id: int, member_id: int, limit: int) -> list[int]:
    """Posts that two others coded differently, and nobody decides yet."""
    one, other, any_of = (post_codings.alias(name) for name in ("one", "other", "any_of"))
    both = sa.and_(other.c.post_id == one.c.post_id, one.c.place == 1, other.c.place == 2)
    taken = sa.or_(any_of.c.place == DECIDER, any_of.c.member_id == member_id)
    query = (
        sa.select(one.c.post_id)
        .join(other, both)
        .where(one.c.newsroom_id == newsroom_id, one.c.coded_at.is_not(None), other.c.coded_at.is_not(None))
        .where(sa.or_(one.c.tone != other.c.tone, one.c.topic != other.c.topic))
        .where(sa.exists().where(_p.id == one.c.post_id, _p.withdrawn_at.is_(None)))
        .where(~sa.exists().where(any_of.c.post_id == one.c.post_id, taken))
    )
    return list((await conn.execute(query.order_by(one.c.post_id).limit(limit))).scalars())


async def uncoded(
    conn: AsyncConnection, newsroom_id: int, member_id: int, limit: int, *, skipped: bool = False
) -> list[tuple[int, int]]:
    """Posts of the queue with a free place, as (post, place): those that one has coded first, else in no order.

    With `skipped` those that the member passed over before, else those of which they said nothing. The order is the
    remainder of an id that is drawn at random: coders do not go through one actor after another.
    """
    placed = sa.and_(_t.post_id == _p.id, _t.place.in_((1, 2)))
    taken = sa.select(sa.func.count()).where(placed).correlate(posts).scalar_subquery()
    first = sa.exists().where(_t.post_id == _p.id, _t.place == 1)
    seen = sa.exists().where(_t.post_id == _p.id, _t.member_id == member_id)
    passed = sa.exists().where(_t.post_id == _p.id, _t.member_id == member_id, _t.place.is_(None))
    mixed = _p.id.op("%")(_MIXED)
    query = sa.select(_p.id, first.label("has_first")).where(
        _drawn(newsroom_id), taken < 2, passed if skipped else ~seen
    )
    rows = (await conn.execute(query.order_by(taken.desc(), mixed, _p.id).limit(limit))).all()
    return [(row.id, 2 if row.has_first else 1) for row in rows]


async def progress(conn: AsyncConnection, newsroom_id: int, member_id: int) -> tuple[int, int, int]:
    """How many posts this member coded, how many two have coded, how many are in the queue."""
    there = sa.exists().where(_p.id == _t.post_id, _p.withdrawn_at.is_(None))
    done = sa.and_(_t.newsroom_id == newsroom_id, _t.coded_at.is_not(None), there)
    mine = await conn.scalar(sa.select(sa.func.count()).where(done, _t.member_id == member_id))
    other = post_codings.alias("other").c
    second = sa.exists().where(other.post_id == _t.post_id, other.place == 2, other.coded_at.is_not(None))
    double = await conn.scalar(sa.select(sa.func.count()).where(done, _t.place == 1, second))
    drawn = sa.select(sa.func.count()).where(_drawn(newsroom_id))
    return int(mine or 0), int(double or 0), int(await conn.scalar(drawn) or 0)


def _drawn(newsroom_id: int) -> sa.ColumnElement[bool]:
    """What is in the queue: a post whose files were withdrawn is not, what was said of it stays."""
    return sa.and_(_p.newsroom_id == newsroom_id, _p.drawn_at.is_not(None), _p.withdrawn_at.is_(None))


async def count_of(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> int:
    """How many codings there are of these posts that count in no report since their files were withdrawn."""
    chosen = among(_t.post_id, number_list("ids", ids))
    gone = sa.exists().where(_p.id == _t.post_id, _p.withdrawn_at.is_not(None))
    query = sa.select(sa.func.count()).where(_t.newsroom_id == newsroom_id, _t.coded_at.is_not(None), chosen, gone)
    return int(await conn.scalar(query) or 0)
