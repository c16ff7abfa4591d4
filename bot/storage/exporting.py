"""The store page by page, for exports: rows in the order of their ids, a page in one short transaction each.

Memory stays the same however much there is, and no long reading holds up SQLite's checkpoints.
"""

from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import Account
from bot.model.account_record import Details, Fact
from bot.storage import account_records, accounts
from bot.storage.tables import account_details, comments, members, staff, submission_parts, submissions, threats
from bot.storage.tables import accounts as accounts_table

PageRow = Mapping[str, Any]
Page = Callable[[AsyncConnection, int, int, int], Coroutine[Any, Any, Sequence[PageRow]]]


async def comments_page(conn: AsyncConnection, newsroom_id: int, after: int, size: int) -> Sequence[PageRow]:
    """Comments that were not withdrawn."""
    t = comments.c
    query = sa.select(comments, submissions.c.number).outerjoin(submissions, submissions.c.id == t.submission_id)
    query = query.where(t.newsroom_id == newsroom_id, t.id > after, t.withdrawn_at.is_(None))
    return [dict(row) for row in (await conn.execute(query.order_by(t.id).limit(size))).mappings().all()]


async def accounts_page(conn: AsyncConnection, newsroom_id: int, after: int, size: int) -> Sequence[PageRow]:
    """Accounts on the list (not those that are a part of another, or taken off), each with `details` and `facts`."""
    t, d = accounts_table.c, account_details.c
    query = sa.select(t.id).outerjoin(account_details, d.account_id == t.id)
    query = query.where(t.newsroom_id == newsroom_id, t.id > after, d.merged_into.is_(None), d.withdrawn_at.is_(None))
    ids = list((await conn.execute(query.order_by(t.id).limit(size))).scalars())
    found: dict[int, Account] = {a.id: a for a in await accounts.by_ids(conn, newsroom_id, ids)}
    details = await account_records.details_of(conn, newsroom_id, ids)
    facts: dict[int, list[Fact]] = {}
    for fact in await account_records.facts_of(conn, newsroom_id, ids):
        facts.setdefault(fact.account_id, []).append(fact)
    return [
        {"id": i, "account": found[i], "details": details.get(i, Details()), "facts": facts.get(i, [])} for i in ids
    ]


async def threats_page(conn: AsyncConnection, newsroom_id: int, after: int, size: int) -> Sequence[PageRow]:
    """Recorded threats with the words that they were found in, and the case."""
    t = threats.c
    part, case = submission_parts.c, submissions.c
    query = (
        sa.select(threats, part.text, part.origin, part.sent_at, case.number.label("case_number"))
        .join(submission_parts, part.id == t.part_id)
        .join(submissions, case.id == t.submission_id)
        .where(t.newsroom_id == newsroom_id, t.id > after)
    )
    return [dict(row) for row in (await conn.execute(query.order_by(t.id).limit(size))).mappings().all()]


async def submissions_page(conn: AsyncConnection, newsroom_id: int, after: int, size: int) -> Sequence[PageRow]:
    """Submissions with their parts, whatever became of them."""
    t = submissions.c
    query = (
        sa.select(submissions, members.c.name.label("reporter"), staff.c.name.label("target"))
        .join(members, members.c.id == t.member_id)
        .outerjoin(staff, staff.c.id == t.target_id)
        .where(t.newsroom_id == newsroom_id, t.id > after)
    )
    rows = (await conn.execute(query.order_by(t.id).limit(size))).mappings().all()
    parts = await _parts(conn, [row["id"] for row in rows])
    return [{**row, "parts": parts[row["id"]]} for row in rows]


async def _parts(conn: AsyncConnection, ids: Sequence[int]) -> Mapping[int, list[PageRow]]:
    t = submission_parts.c
    found: dict[int, list[PageRow]] = defaultdict(list)
    query = sa.select(submission_parts).where(t.submission_id.in_(ids)).order_by(t.submission_id, t.message_id)
    for row in (await conn.execute(query)).mappings().all():
        found[row["submission_id"]].append(dict(row))
    return found
