"""What is stored about one member, for that member alone: every query asks by the newsroom and the member."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import account_label
from bot.model.own_data import OwnCase
from bot.storage.tables import (
    account_reports,
    account_rulings,
    accounts,
    duty_roster,
    inbox_updates,
    invites,
    members,
    metadata,
    rulings,
    sent_messages,
    step_ups,
    submission_parts,
    submissions,
    threat_queries,
)

_MOST = 10_000


async def cases_of(conn: AsyncConnection, newsroom_id: int, member_id: int) -> list[OwnCase]:
    """The cases that a member sent, oldest first, with the texts of their messages."""
    s, p = submissions.c, submission_parts.c
    query = sa.select(s.id, s.number, s.opened_at, p.text).outerjoin(submission_parts, p.submission_id == s.id)
    mine = query.where(s.newsroom_id == newsroom_id, s.member_id == member_id).order_by(s.id, p.id).limit(_MOST)
    found: dict[int, OwnCase] = {}
    for row in (await conn.execute(mine)).all():
        there = found.get(row.id)
        texts = (*(there.texts if there else ()), *((row.text,) if row.text else ()))
        label = f"K-{row.number}" if row.number is not None else ""
        found[row.id] = OwnCase(label=label, opened_at=row.opened_at, texts=texts)
    return list(found.values())


async def rulings_of(conn: AsyncConnection, newsroom_id: int, member_id: int) -> list[tuple[str, str, str, datetime]]:
    """What a member ruled on cases and on accounts: about what, of which kind, what, when."""
    r, s, a, w = rulings.c, submissions.c, accounts.c, account_rulings.c
    on_cases = sa.select(s.number, r.kind, r.value, r.at).join(submissions, s.id == r.submission_id)
    on_cases = on_cases.where(r.newsroom_id == newsroom_id, r.member_id == member_id).order_by(r.id).limit(_MOST)
    found = [(f"K-{row.number}", row.kind, row.value, row.at) for row in (await conn.execute(on_cases)).all()]
    on_accounts = sa.select(a.platform, a.handle, a.numeric_id, w.ruling, w.at).join(accounts, a.id == w.account_id)
    on_accounts = on_accounts.where(w.newsroom_id == newsroom_id, w.member_id == member_id).order_by(w.id)
    ruled = (await conn.execute(on_accounts.limit(_MOST))).all()
    return [
        *found,
        *((account_label(x.platform, x.handle, x.numeric_id, ()), "account", x.ruling, x.at) for x in ruled),
    ]


async def reports_of(conn: AsyncConnection, newsroom_id: int, member_id: int) -> list[tuple[str, str, datetime]]:
    """The accounts that a member reported: which, by what, when."""
    r, a = account_reports.c, accounts.c
    query = sa.select(a.platform, a.handle, a.numeric_id, r.source, r.at).join(accounts, a.id == r.account_id)
    mine = query.where(r.newsroom_id == newsroom_id, r.member_id == member_id).order_by(r.id).limit(_MOST)
    rows = (await conn.execute(mine)).all()
    return [(account_label(x.platform, x.handle, x.numeric_id, ()), x.source, x.at) for x in rows]


async def settings_of(conn: AsyncConnection, newsroom_id: int, member_id: int) -> dict[str, Any]:
    """Place on the duty roster, quiet hours, saved queries, whether a second factor is set."""
    d, q, u = duty_roster.c, threat_queries.c, step_ups.c
    duty = sa.select(d.place, d.quiet_from, d.quiet_until).where(d.newsroom_id == newsroom_id, d.member_id == member_id)
    saved = sa.select(q.words).where(q.newsroom_id == newsroom_id, q.member_id == member_id, q.name.is_not(None))
    factor = sa.select(u.secret.is_not(None)).where(u.newsroom_id == newsroom_id, u.member_id == member_id)
    row = (await conn.execute(duty)).first()
    return {
        "duty_place": row.place if row is not None else None,
        "quiet_hours": (row.quiet_from, row.quiet_until) if row is not None and row.quiet_from is not None else None,
        "queries": tuple((await conn.execute(saved.order_by(q.id))).scalars()),
        "has_second_factor": bool(await conn.scalar(factor)),
    }


async def inviter_of(conn: AsyncConnection, newsroom_id: int, member_id: int) -> str | None:
    """Who made the invite by which a member came; None where the server made it."""
    maker, m = members.alias("maker"), members.c
    query = sa.select(maker.c.name).select_from(members)
    query = query.join(invites, invites.c.id == m.invite_id).join(maker, maker.c.id == invites.c.created_by)
    own = query.where(m.newsroom_id == newsroom_id, m.id == member_id, maker.c.newsroom_id == newsroom_id)
    found: str | None = await conn.scalar(own)
    return found


async def letters_of(conn: AsyncConnection, newsroom_id: int, member_id: int) -> tuple[int, int]:
    """How many updates from a member the inbox still holds, and how many messages in their chat are known."""
    i, s, m = inbox_updates.c, sent_messages.c, members.c
    chat = sa.select(m.telegram_id).where(m.newsroom_id == newsroom_id, m.id == member_id).scalar_subquery()
    came = sa.select(sa.func.count()).where(i.newsroom_id == newsroom_id, i.chat_key == chat)
    stands = sa.select(sa.func.count()).where(s.newsroom_id == newsroom_id, s.member_id == member_id)
    stands = stands.where(s.gone_at.is_(None))
    return int(await conn.scalar(came) or 0), int(await conn.scalar(stands) or 0)


async def rows_naming(conn: AsyncConnection, newsroom_id: int, member_id: int) -> dict[str, int]:
    """How many rows of each table name a member, by table and column."""
    found = {}
    for column in _naming():
        table = column.table
        query = sa.select(sa.func.count()).select_from(table)
        count = await conn.scalar(query.where(table.c.newsroom_id == newsroom_id, column == member_id))
        if count:
            found[f"{table.name}.{column.name}"] = int(count)
    return found


@cache
def _naming() -> tuple["sa.Column[Any]", ...]:
    return tuple(_columns())


def _columns() -> Iterator["sa.Column[Any]"]:
    """Every column that refers to a member; the history does so without saying it to the engine."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            refers = any(key.column.table is members for key in column.foreign_keys)
            if refers or (column.name == "member_id" and not column.foreign_keys):
                yield column
