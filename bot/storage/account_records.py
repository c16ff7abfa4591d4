"""Accounts' records: details that are known once, facts that are dated, accounts merged into others."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account_record import AccountKind, Details, Fact, FactKind, NewFact
from bot.model.ids import new_id
from bot.storage.tables import account_details as d
from bot.storage.tables import account_facts as f
from bot.storage.tables import account_names, members, photos
from bot.storage.upsert import insert_for

_DETAILS = tuple(Details.__dataclass_fields__)


async def details_of(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> dict[int, Details]:
    """What is known once of these accounts."""
    query = sa.select(d).where(d.c.newsroom_id == newsroom_id, d.c.account_id.in_(ids))
    return {row.account_id: _details(row) for row in (await conn.execute(query)).all()}


async def set_details(conn: AsyncConnection, newsroom_id: int, account_id: int, values: Mapping[str, Any]) -> None:
    """Keep values by the names of their columns; None forgets one."""
    row = {"account_id": account_id, "newsroom_id": newsroom_id, **values}
    statement = insert_for(conn, d).values(**row)
    own = d.c.newsroom_id == newsroom_id
    await conn.execute(
        statement.on_conflict_do_update(index_elements=["account_id"], set_=dict(values), where=own)
        if values
        else statement.on_conflict_do_nothing(index_elements=["account_id"])
    )


async def facts_of(
    conn: AsyncConnection, newsroom_id: int, ids: Collection[int], kinds: Collection[FactKind] | None = None
) -> list[Fact]:
    """Facts of these accounts, oldest first; of these kinds, or of all."""
    query = (
        sa.select(f, members.c.name.label("member"))
        .outerjoin(members, members.c.id == f.c.member_id)
        .where(f.c.newsroom_id == newsroom_id, f.c.account_id.in_(ids), f.c.removed_at.is_(None))
        .order_by(f.c.id)
    )
    if kinds is not None:
        query = query.where(f.c.kind.in_([kind.value for kind in kinds]))
    return [_fact(row) for row in (await conn.execute(query)).all()]


async def add_facts(
    conn: AsyncConnection,
    newsroom_id: int,
    account_id: int,
    facts: Sequence[NewFact],
    member_id: int | None,
    now: datetime,
) -> list[int]:
    """Keep facts that are not there yet; returns the ids of those that are new."""
    if not facts:
        return []
    there = {
        (fact.kind, fact.value, fact.seen_on, fact.link)
        for fact in await facts_of(conn, newsroom_id, [account_id], {fact.kind for fact in facts})
    }
    new = [fact for fact in dict.fromkeys(facts) if (fact.kind, fact.value, fact.seen_on, fact.link) not in there]
    rows = [
        {
            "id": new_id(),
            "newsroom_id": newsroom_id,
            "account_id": account_id,
            "kind": fact.kind.value,
            "value": fact.value,
            "why": fact.why,
            "link": fact.link,
            "seen_on": fact.seen_on,
            "member_id": member_id,
            "source": fact.source,
            "noted_at": now,
        }
        for fact in new
    ]
    if rows:
        await conn.execute(sa.insert(f), rows)
    return [int(str(row["id"])) for row in rows]


async def remove_fact(conn: AsyncConnection, newsroom_id: int, fact_id: int, now: datetime) -> Fact | None:
    """Take a fact out; returns what it was, None when there is none."""
    query = sa.select(f, sa.literal(None).label("member")).where(
        f.c.newsroom_id == newsroom_id, f.c.id == fact_id, f.c.removed_at.is_(None)
    )
    row = (await conn.execute(query)).first()
    if row is None:
        return None
    await conn.execute(sa.update(f).where(f.c.id == fact_id).values(removed_at=now))
    return _fact(row)


async def children_of(conn: AsyncConnection, newsroom_id: int, account_id: int) -> list[int]:
    """The accounts that were merged into one."""
    query = sa.select(d.c.account_id).where(d.c.newsroom_id == newsroom_id, d.c.merged_into == account_id)
    return list((await conn.execute(query.order_by(d.c.account_id))).scalars())


async def belongings(conn: AsyncConnection, newsroom_id: int, account_id: int) -> list[tuple[str, int, str]]:
    """What a split can move, each with its table, id and words: names, photos, links; oldest first."""
    found: list[tuple[str, int, str]] = []
    names, pictures = account_names.c, photos.c
    for table, row_id, words, condition in (
        ("name", names.id, names.name, names.account_id == account_id),
        ("photo", pictures.id, pictures.source, sa.and_(pictures.account_id == account_id, _STAYS)),
        ("fact", f.c.id, f.c.value, sa.and_(f.c.account_id == account_id, _IS_LINK)),
    ):
        column = names.newsroom_id if table == "name" else pictures.newsroom_id if table == "photo" else f.c.newsroom_id
        query = sa.select(row_id, words).where(condition, column == newsroom_id).order_by(row_id)
        found += [(table, row[0], row[1]) for row in (await conn.execute(query)).all()]
    return found


async def move(
    conn: AsyncConnection, newsroom_id: int, account_id: int, into: int, moved: Sequence[tuple[str, int]]
) -> None:
    """Move names, photos and facts from one account to another."""
    for table, kind in ((account_names, "name"), (photos, "photo"), (f, "fact")):
        ids = [row_id for what, row_id in moved if what == kind]
        if ids:
            change = sa.update(table).where(
                table.c.newsroom_id == newsroom_id, table.c.account_id == account_id, table.c.id.in_(ids)
            )
            await conn.execute(change.values(account_id=into))


_STAYS = photos.c.withdrawn_at.is_(None)
_IS_LINK = sa.and_(f.c.removed_at.is_(None), f.c.kind == FactKind.LINK.value)


def _details(row: Any) -> Details:
    values = {name: getattr(row, name) for name in _DETAILS}
    return Details(**{**values, "kind": AccountKind(row.kind) if row.kind else None})


def _fact(row: Any) -> Fact:
    return Fact(
        id=row.id,
        account_id=row.account_id,
        kind=FactKind(row.kind),
        value=row.value,
        why=row.why,
        link=row.link,
        seen_on=row.seen_on,
        member=row.member,
        source=row.source,
        noted_at=row.noted_at,
    )
