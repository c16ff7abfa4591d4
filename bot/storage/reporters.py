"""Who the reporters of accounts are: since when, brought by whom, and what became of what they suspected."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountStatus
from bot.storage.account_reports import LIVE
from bot.storage.tables import account_reports as t
from bot.storage.tables import account_rulings, accounts, invites, members

_DECIDED = (AccountStatus.CONFIRMED.value, AccountStatus.CLEARED.value)


class Came(NamedTuple):
    """How a member came; `invited_by` is None for the first ones, whom the command line invited."""

    member_id: int
    joined_at: datetime
    invited_by: int | None


class Outcome(NamedTuple):
    """What became of an account that a member suspected, and when."""

    member_id: int
    account_id: int
    status: str
    at: datetime


async def came(conn: AsyncConnection, newsroom_id: int) -> list[Came]:
    """How everybody of a newsroom came, whatever their status is now."""
    m = members.c
    query = sa.select(m.id, m.joined_at, invites.c.created_by).outerjoin(invites, invites.c.id == m.invite_id)
    return [Came(*row) for row in (await conn.execute(query.where(m.newsroom_id == newsroom_id))).all()]


async def outcomes(conn: AsyncConnection, newsroom_id: int) -> list[Outcome]:
    """What became of everything that members suspected and people decided since; held words are no record."""
    a, r = accounts.c, account_rulings.c
    decided = (
        sa.select(r.account_id, sa.func.max(r.at).label("at"))
        .where(r.newsroom_id == newsroom_id, r.withdrawn_at.is_(None))
        .group_by(r.account_id)
        .subquery()
    )
    query = (
        sa.select(t.c.member_id, a.id, a.status, decided.c.at)
        .distinct()
        .select_from(t)
        .join(accounts, a.id == t.c.account_id)
        .join(decided, decided.c.account_id == a.id)
        .where(t.c.newsroom_id == newsroom_id, t.c.member_id.is_not(None), LIVE, t.c.is_held.is_(False))
        .where(a.status.in_(_DECIDED))
    )
    return [Outcome(*row) for row in (await conn.execute(query)).all()]


async def confirmations(conn: AsyncConnection, newsroom_id: int) -> list[tuple[int, int]]:
    """Whose word confirms which account, as it counts now: account and member."""
    r = account_rulings.c
    query = sa.select(r.account_id, r.member_id).where(
        r.newsroom_id == newsroom_id, r.ruling == "confirm", r.live.is_(True), r.withdrawn_at.is_(None)
    )
    return [(row.account_id, row.member_id) for row in (await conn.execute(query)).all()]
