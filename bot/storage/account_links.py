"""Which newer account continues an older one: offers, and what people said of them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountStatus, account_label
from bot.model.account_record import LinkState, Succession
from bot.model.ids import new_id
from bot.storage.tables import account_details, accounts, comments
from bot.storage.tables import account_links as t
from bot.storage.upsert import insert_ignoring

_OLD = (AccountStatus.CONFIRMED.value, AccountStatus.GONE.value)
#: Words that everybody writes make nobody a successor.
_SHORTEST_TEXT = 40
#: What more accounts wrote is a campaign's text and says nothing of who comes after whom.
_MOST_AUTHORS = 3


async def offer(
    conn: AsyncConnection, newsroom_id: int, pair: tuple[int, int], why: Sequence[str], now: datetime
) -> bool:
    """Offer (older, newer) once; False when the pair is known, whatever was said of it."""
    if await _of_pair(conn, newsroom_id, pair) is not None:
        return False
    row: dict[str, Any] = {"id": new_id(), "newsroom_id": newsroom_id, "account_id": pair[0], "successor_id": pair[1]}
    row |= {"why": list(why), "state": LinkState.OFFERED.value, "member_id": None, "at": now}
    await insert_ignoring(conn, t, [row], ["account_id", "successor_id"])
    return True


async def put(
    conn: AsyncConnection, newsroom_id: int, pair: tuple[int, int], state: LinkState, member_id: int, now: datetime
) -> bool:
    """What a person says of (older, newer); False when it was said already."""
    there = await _of_pair(conn, newsroom_id, pair)
    if there is not None and there.state == state.value:
        return False
    said = {"state": state.value, "member_id": member_id, "at": now}
    if there is None:
        row = {"id": new_id(), "newsroom_id": newsroom_id, "account_id": pair[0], "successor_id": pair[1], "why": []}
        await conn.execute(sa.insert(t), [row | said])
    else:
        await conn.execute(sa.update(t).where(t.c.id == there.id).values(said))
    return True


async def get(conn: AsyncConnection, newsroom_id: int, link_id: int) -> Succession | None:
    """A pair."""
    found = await _load(conn, sa.and_(t.c.newsroom_id == newsroom_id, t.c.id == link_id))
    return found[0] if found else None


async def of_account(conn: AsyncConnection, newsroom_id: int, account_id: int) -> list[Succession]:
    """Pairs in which an account is the older or the newer one, rejected ones left out."""
    mine = sa.or_(t.c.account_id == account_id, t.c.successor_id == account_id)
    alive = t.c.state != LinkState.REJECTED.value
    return await _load(conn, sa.and_(t.c.newsroom_id == newsroom_id, mine, alive))


async def old_fakes(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> list[int]:
    """Those of these accounts that are known fakes: confirmed, or removed by their platform."""
    a = accounts.c
    query = sa.select(a.id).where(a.newsroom_id == newsroom_id, a.id.in_(ids), a.status.in_(_OLD)).order_by(a.id)
    return list((await conn.execute(query)).scalars())


async def same_texts(conn: AsyncConnection, newsroom_id: int, account_id: int, limit: int) -> list[int]:
    """Known fakes that posted, word for word, a longer text of this account's own; those with most such texts first."""
    new, old = accounts.alias(), accounts.alias()
    mine, theirs, everybody = comments.alias(), comments.alias(), comments.alias()
    authors = (
        sa.select(sa.func.count(everybody.c.author_key.distinct()))
        .where(everybody.c.newsroom_id == newsroom_id, everybody.c.text_key == mine.c.text_key)
        .where(everybody.c.withdrawn_at.is_(None))
        .scalar_subquery()
    )
    shared = sa.func.count(theirs.c.text_key.distinct())
    query = (
        sa.select(old.c.id)
        .select_from(new)
        .join(mine, _wrote(mine, new))
        .join(theirs, sa.and_(theirs.c.newsroom_id == newsroom_id, theirs.c.text_key == mine.c.text_key))
        .join(old, sa.and_(_wrote(theirs, old), old.c.id != new.c.id))
        .where(new.c.newsroom_id == newsroom_id, new.c.id == account_id, old.c.newsroom_id == newsroom_id)
        .where(mine.c.newsroom_id == newsroom_id, mine.c.withdrawn_at.is_(None), theirs.c.withdrawn_at.is_(None))
        .where(old.c.status.in_(_OLD), sa.func.length(mine.c.text) >= _SHORTEST_TEXT)
        .where(authors <= _MOST_AUTHORS)
        .group_by(old.c.id)
        .order_by(shared.desc(), old.c.id)
        .limit(limit)
    )
    return list((await conn.execute(query)).scalars())


async def to_compare(conn: AsyncConnection, newsroom_id: int, since: datetime | None, limit: int) -> list[int]:
    """Accounts that changed since a moment and were not compared since, oldest first."""
    a, d = accounts.c, account_details.c
    query = sa.select(a.id).outerjoin(account_details, d.account_id == a.id)
    query = query.where(
        a.newsroom_id == newsroom_id, sa.or_(d.compared_at.is_(None), d.compared_at < a.changed_at), _ON_THE_LIST
    )
    if since is not None:
        query = query.where(a.changed_at >= since)
    return list((await conn.execute(query.order_by(a.changed_at, a.id).limit(limit))).scalars())


_ON_THE_LIST = sa.and_(account_details.c.merged_into.is_(None), account_details.c.withdrawn_at.is_(None))


def _wrote(comment: sa.FromClause, account: sa.FromClause) -> sa.ColumnElement[bool]:
    by_handle = comment.c.author_key == account.c.platform + ":" + account.c.handle_key
    return sa.or_(by_handle, comment.c.author_key == account.c.platform + ":" + account.c.numeric_id)


async def _of_pair(conn: AsyncConnection, newsroom_id: int, pair: tuple[int, int]) -> Any:
    query = sa.select(t).where(t.c.newsroom_id == newsroom_id, t.c.account_id == pair[0], t.c.successor_id == pair[1])
    return (await conn.execute(query)).first()


async def _load(conn: AsyncConnection, condition: sa.ColumnElement[bool]) -> list[Succession]:
    old, new = accounts.alias(), accounts.alias()
    query = (
        sa.select(
            t,
            *(old.c[name].label(f"old_{name}") for name in ("platform", "handle", "numeric_id")),
            *(new.c[name].label(f"new_{name}") for name in ("platform", "handle", "numeric_id")),
        )
        .join(old, old.c.id == t.c.account_id)
        .join(new, new.c.id == t.c.successor_id)
        .where(condition)
        .order_by(t.c.id)
    )
    return [_succession(row) for row in (await conn.execute(query)).all()]


def _succession(row: Any) -> Succession:
    return Succession(
        id=row.id,
        account_id=row.account_id,
        successor_id=row.successor_id,
        account=account_label(row.old_platform, row.old_handle, row.old_numeric_id, ()),
        successor=account_label(row.new_platform, row.new_handle, row.new_numeric_id, ()),
        why=tuple(row.why or ()),
        state=LinkState(row.state),
    )
