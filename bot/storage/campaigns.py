"""Campaigns and the texts that belong to them: what waits for its place, who is told apart, what was merged.

Whatever changes a campaign takes `texts.lock` first, so that two processes that sweep at once place every text once.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.campaign import Campaign
from bot.storage.filing import take_numbers
from bot.storage.tables import campaign_parts, campaigns, campaigns_apart, comments, texts
from bot.storage.texts import WAITING
from bot.storage.upsert import insert_ignoring

# SQLite takes the partial index of what waits only where its own condition is repeated to the letter, and for the order
# of the numbers only as a range: by equal states it would rather go through the whole primary key.
_WAITS = sa.and_(texts.c.state >= WAITING, sa.text("texts.state < 2"))


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingText:
    """A text for which a campaign is to be looked for."""

    number: int
    text_key: int
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownText:
    """Where a text stands now; `is_live`: some comment with it is not withdrawn."""

    number: int
    text_key: int
    state: int
    campaign_id: int | None
    is_live: bool


async def waiting(conn: AsyncConnection, newsroom_id: int, limit: int) -> list[WaitingText]:
    """The first texts that wait, by number."""
    t = texts.c
    query = sa.select(t.number, t.text_key, t.words).where(t.newsroom_id == newsroom_id, _WAITS)
    rows = (await conn.execute(query.order_by(t.state, t.number).limit(limit))).all()
    return [WaitingText(number=r.number, text_key=r.text_key, words=r.words) for r in rows]


async def count_waiting(conn: AsyncConnection, newsroom_id: int) -> int:
    """How many texts wait."""
    t = texts.c
    query = sa.select(sa.func.count()).where(t.newsroom_id == newsroom_id, _WAITS)
    return int(await conn.scalar(query) or 0)


async def known(
    conn: AsyncConnection, newsroom_id: int, numbers: Collection[int], keys: Collection[int] = ()
) -> dict[int, KnownText]:
    """Texts by number, or by key as well."""
    t, c = texts.c, comments.c
    is_live = sa.exists().where(c.newsroom_id == newsroom_id, c.text_key == t.text_key, c.withdrawn_at.is_(None))
    query = sa.select(t.number, t.text_key, t.state, t.campaign_id, is_live.label("is_live")).where(
        t.newsroom_id == newsroom_id, sa.or_(t.number.in_(numbers), t.text_key.in_(keys))
    )
    rows = (await conn.execute(query)).mappings().all()
    return {row["number"]: KnownText(**row) for row in rows}


async def authors(conn: AsyncConnection, newsroom_id: int, keys: Collection[int]) -> dict[int, frozenset[str]]:
    """Who wrote each of these texts, two at the most: enough to tell whether there are several."""
    c = comments.c
    query = (
        sa.select(c.text_key, sa.func.min(c.author_key).label("one"), sa.func.max(c.author_key).label("other"))
        .where(c.newsroom_id == newsroom_id, c.text_key.in_(keys), c.withdrawn_at.is_(None), c.author_key.is_not(None))
        .group_by(c.text_key)
    )
    return {row.text_key: frozenset((row.one, row.other)) for row in (await conn.execute(query)).all()}


async def sizes(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> dict[int, int]:
    """How many texts each of these campaigns has; one without texts is left out."""
    t = texts.c
    query = sa.select(t.campaign_id, sa.func.count().label("size")).where(
        t.newsroom_id == newsroom_id, t.campaign_id.in_(ids)
    )
    return {row.campaign_id: row.size for row in (await conn.execute(query.group_by(t.campaign_id))).all()}


async def members(conn: AsyncConnection, newsroom_id: int, campaign_id: int) -> dict[int, str]:
    """The texts of a campaign: number and words."""
    t = texts.c
    query = sa.select(t.number, t.words).where(t.newsroom_id == newsroom_id, t.campaign_id == campaign_id)
    return {row.number: row.words for row in (await conn.execute(query.order_by(t.number))).all()}


async def found(conn: AsyncConnection, newsroom_id: int, ids: Iterable[int], now: datetime) -> None:
    """Open campaigns under these new ids and give them their numbers; `assign` and `describe` fill them."""
    wanted = list(ids)
    if not wanted:
        return
    last = await take_numbers(conn, newsroom_id, "campaign_counter", len(wanted))
    row: dict[str, Any] = {"newsroom_id": newsroom_id, "name": "", "started_at": now}
    row |= {"first_seen": now, "last_seen": now}
    numbered = enumerate(wanted, start=last - len(wanted) + 1)
    await conn.execute(sa.insert(campaigns), [row | {"id": i, "number": number} for number, i in numbered])


async def assign(conn: AsyncConnection, newsroom_id: int, numbers: Collection[int], campaign_id: int | None) -> None:
    """Put texts into a campaign, or into none."""
    if numbers:
        mine = sa.update(texts).where(texts.c.newsroom_id == newsroom_id, texts.c.number.in_(numbers))
        await conn.execute(mine.values(campaign_id=campaign_id))


async def set_state(conn: AsyncConnection, newsroom_id: int, numbers: Collection[int], state: int) -> None:
    """Say that texts wait, or are placed; postings that are not written yet come first."""
    if numbers:
        t = texts.c
        mine = sa.update(texts).where(t.newsroom_id == newsroom_id, t.number.in_(numbers), t.state >= WAITING)
        await conn.execute(mine.values(state=state))


async def add_parts(conn: AsyncConnection, newsroom_id: int, parts: Collection[tuple[int, int]]) -> None:
    """Keep which texts are a part of a campaign's text or hold it: (campaign id, text number)."""
    rows = [{"newsroom_id": newsroom_id, "campaign_id": i, "number": number} for i, number in parts]
    if rows:
        await insert_ignoring(conn, campaign_parts, rows, ["campaign_id", "number"])


async def describe(
    conn: AsyncConnection, newsroom_id: int, campaign_id: int, name: str, first_seen: datetime, last_seen: datetime
) -> None:
    """Set what a campaign is called, and from when to when it was seen."""
    t = campaigns.c
    mine = sa.update(campaigns).where(t.newsroom_id == newsroom_id, t.id == campaign_id)
    await conn.execute(mine.values(name=name, first_seen=first_seen, last_seen=last_seen))


async def by_number(conn: AsyncConnection, newsroom_id: int, number: int) -> Campaign | None:
    """Campaign C-number, or the one into which it was merged."""
    t = campaigns.c
    found: int | None = await conn.scalar(sa.select(t.id).where(t.newsroom_id == newsroom_id, t.number == number))
    if found is None:
        return None
    kept = (await merged(conn, newsroom_id)).get(found, found)
    return (await by_ids(conn, newsroom_id, [kept]))[kept]


async def by_ids(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> dict[int, Campaign]:
    """These campaigns."""
    t = campaigns.c
    query = sa.select(t.id, t.newsroom_id, t.number, t.name, t.first_seen, t.last_seen).where(
        t.newsroom_id == newsroom_id, t.id.in_(ids)
    )
    into = {row.id: row.number for row in await _replacements(conn, newsroom_id, ids)}
    rows = (await conn.execute(query)).mappings().all()
    return {row["id"]: Campaign(**row, merged_into=into.get(row["id"])) for row in rows}


async def merged(conn: AsyncConnection, newsroom_id: int) -> dict[int, int]:
    """Every campaign that was merged away, with the one in which its texts are now, however many merges later."""
    t = campaigns.c
    query = sa.select(t.id, t.merged_into).where(t.newsroom_id == newsroom_id, t.merged_into.is_not(None))
    into = {row.id: row.merged_into for row in (await conn.execute(query)).all()}
    kept = {}
    for gone in into:
        last = gone
        while last in into:
            last = into[last]
        kept[gone] = last
    return kept


async def absorbed(conn: AsyncConnection, newsroom_id: int, campaign_id: int) -> list[int]:
    """The campaigns that were merged into this one itself, the latest opened first."""
    t = campaigns.c
    query = sa.select(t.id).where(t.newsroom_id == newsroom_id, t.merged_into == campaign_id)
    return list((await conn.execute(query.order_by(t.id.desc()))).scalars())


async def merge(conn: AsyncConnection, newsroom_id: int, gone: int, kept: int) -> list[int]:
    """Move every text of `gone` to `kept`, which replaces it; returns the texts' numbers."""
    t = texts.c
    move = sa.update(texts).where(t.newsroom_id == newsroom_id, t.campaign_id == gone).values(campaign_id=kept)
    numbers = sorted((await conn.execute(move.returning(t.number))).scalars())
    await _replace(conn, newsroom_id, gone, kept)
    return numbers


async def restore(conn: AsyncConnection, newsroom_id: int, campaign_id: int) -> None:
    """A campaign that was merged away stands for itself again; `assign` gives its texts back."""
    await _replace(conn, newsroom_id, campaign_id, None)


async def tell_apart(conn: AsyncConnection, newsroom_id: int, one: int, other: int) -> None:
    """Remember that an editor said that two campaigns are not the same."""
    row = {"newsroom_id": newsroom_id, "campaign_id": min(one, other), "other_id": max(one, other)}
    await insert_ignoring(conn, campaigns_apart, [row], ["campaign_id", "other_id"])


async def apart(conn: AsyncConnection, newsroom_id: int) -> set[tuple[int, int]]:
    """Every two campaigns that an editor told apart, the older first; a merge stands for all that it took in."""
    t = campaigns_apart.c
    query = sa.select(t.campaign_id, t.other_id).where(t.newsroom_id == newsroom_id)
    rows = (await conn.execute(query)).all()
    kept = await merged(conn, newsroom_id) if rows else {}
    pairs = ((kept.get(a, a), kept.get(b, b)) for a, b in rows)
    return {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}


async def told_apart(conn: AsyncConnection, newsroom_id: int, campaign_id: int) -> set[int]:
    """The campaigns from which an editor told this one apart."""
    pairs = await apart(conn, newsroom_id)
    return {b if a == campaign_id else a for a, b in pairs if campaign_id in (a, b)}


async def _replace(conn: AsyncConnection, newsroom_id: int, campaign_id: int, by: int | None) -> None:
    t = campaigns.c
    mine = sa.update(campaigns).where(t.newsroom_id == newsroom_id, t.id == campaign_id)
    await conn.execute(mine.values(merged_into=by))


async def _replacements(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> Any:
    gone, kept = campaigns.alias("gone"), campaigns.alias("kept")
    query = sa.select(gone.c.id, kept.c.number).join(kept, kept.c.id == gone.c.merged_into)
    return (await conn.execute(query.where(gone.c.newsroom_id == newsroom_id, gone.c.id.in_(ids)))).all()
