"""Members and the invites by which they come."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ids import new_id
from bot.model.newsroom import Invite, Member, MemberStatus
from bot.model.rights import Role
from bot.storage.tables import invites, members


@dataclass(frozen=True, kw_only=True, slots=True)
class NewInvite:
    """An invite to be made; the token itself is never stored."""

    id: int
    newsroom_id: int
    token_hash: str
    role: Role
    created_by: int | None
    needs_approval: bool
    created_at: datetime
    expires_at: datetime


async def newsrooms_of(conn: AsyncConnection, telegram_ids: Collection[int]) -> dict[int, int]:
    """The newsroom of each of these people who is an active member; the sieve's only question."""
    rows = await conn.execute(_newsrooms_of(), {"ids": list(telegram_ids)})
    return {row.telegram_id: row.newsroom_id for row in rows.all()}


@cache
def _newsrooms_of() -> sa.Select[tuple[int, int]]:
    # Put together once: it is asked for every handful of strangers' updates.
    t = members.c
    ids = sa.bindparam("ids", type_=t.telegram_id.type, expanding=True)
    return sa.select(t.telegram_id, t.newsroom_id).where(t.telegram_id.in_(ids), t.status == MemberStatus.ACTIVE.value)


async def by_telegram_id(conn: AsyncConnection, newsroom_id: int, telegram_id: int) -> Member | None:
    """The member with this Telegram id, whatever the status."""
    t = members.c
    return await _one(conn, sa.and_(t.newsroom_id == newsroom_id, t.telegram_id == telegram_id))


async def get(conn: AsyncConnection, newsroom_id: int, member_id: int) -> Member | None:
    """A member by id."""
    return await _one(conn, sa.and_(members.c.newsroom_id == newsroom_id, members.c.id == member_id))


async def by_telegram_ids(conn: AsyncConnection, telegram_ids: Collection[int]) -> list[Member]:
    """Everybody with one of these Telegram ids, in any newsroom, whatever the status."""
    query = sa.select(members).where(members.c.telegram_id.in_(list(telegram_ids)))
    return [_member(row) for row in (await conn.execute(query)).all()]


async def by_ids(conn: AsyncConnection, ids: Collection[int]) -> list[Member]:
    """These members."""
    return [_member(row) for row in (await conn.execute(sa.select(members).where(members.c.id.in_(list(ids))))).all()]


async def all_of(conn: AsyncConnection, newsroom_id: int, *statuses: MemberStatus) -> list[Member]:
    """Members of these statuses, in the order they came."""
    t = members.c
    query = sa.select(members).where(t.newsroom_id == newsroom_id, t.status.in_([s.value for s in statuses]))
    return [_member(row) for row in (await conn.execute(query.order_by(t.id))).all()]


async def with_role(conn: AsyncConnection, newsroom_id: int, role: Role) -> list[Member]:
    """Active members who hold a role."""
    return [m for m in await all_of(conn, newsroom_id, MemberStatus.ACTIVE) if role in m.roles]


async def admit(
    conn: AsyncConnection,
    newsroom_id: int,
    telegram_id: int,
    name: str,
    role: Role,
    status: MemberStatus,
    invite_id: int | None,
    now: datetime,
) -> Member:
    """A new member; one who was removed before comes back under the same record with the new role only."""
    values = {"name": name, "roles": role.value, "status": status.value, "joined_at": now, "invite_id": invite_id}
    there = await by_telegram_id(conn, newsroom_id, telegram_id)
    if there is None:
        row = values | {"id": new_id(), "newsroom_id": newsroom_id, "telegram_id": telegram_id}
        await conn.execute(sa.insert(members), [row])
    else:
        again = values | {"epoch": members.c.epoch + 1}
        await conn.execute(sa.update(members).where(members.c.id == there.id).values(again))
    found = await by_telegram_id(conn, newsroom_id, telegram_id)
    if found is None:
        raise LookupError("a member vanished in the transaction that made it")
    return found


async def set_status(conn: AsyncConnection, member_id: int, status: MemberStatus, before: MemberStatus) -> bool:
    """Change a status if it is still `before`; whoever is not active any more has no living buttons either."""
    t = members
    change = sa.update(t).where(t.c.id == member_id, t.c.status == before.value)
    values: dict[str, Any] = {"status": status.value}
    if status is not MemberStatus.ACTIVE:
        values["epoch"] = t.c.epoch + 1
    return (await conn.execute(change.values(values))).rowcount == 1


async def set_roles(conn: AsyncConnection, member_id: int, roles: Collection[Role]) -> None:
    """Replace a member's roles; buttons drawn under a role that is gone die with it."""
    had = await conn.scalar(sa.select(members.c.roles).where(members.c.id == member_id).with_for_update())
    is_less = bool(set(_roles(had or "")) - set(roles))
    values = {"roles": _roles_text(roles), "epoch": members.c.epoch + int(is_less)}
    await conn.execute(sa.update(members).where(members.c.id == member_id).values(values))


async def raise_epoch(conn: AsyncConnection, newsroom_id: int, member_id: int) -> None:
    """Kill every button that a member has."""
    mine = sa.update(members).where(members.c.newsroom_id == newsroom_id, members.c.id == member_id)
    await conn.execute(mine.values(epoch=members.c.epoch + 1))


async def set_sweep_hours(conn: AsyncConnection, newsroom_id: int, member_id: int, hours: int | None) -> None:
    """After how many hours a member's sensitive messages go; None: as everybody's."""
    mine = sa.update(members).where(members.c.newsroom_id == newsroom_id, members.c.id == member_id)
    await conn.execute(mine.values(sweep_hours=hours))


async def in_a_hurry(conn: AsyncConnection) -> dict[int, int]:
    """Members whose messages go sooner than everybody's, with their hours; in any newsroom."""
    query = sa.select(members.c.id, members.c.sweep_hours).where(members.c.sweep_hours.is_not(None))
    return {row.id: row.sweep_hours for row in (await conn.execute(query)).all()}


async def set_language(conn: AsyncConnection, member_id: int, language: str) -> None:
    """The language in which a member is answered."""
    await conn.execute(sa.update(members).where(members.c.id == member_id).values(language=language))


async def lock_newsroom(conn: AsyncConnection, newsroom_id: int) -> None:
    """Let one role change at a time happen in a newsroom, so that two at once cannot remove the last admin."""
    if conn.dialect.name == "postgresql":
        await conn.execute(sa.select(sa.func.pg_advisory_xact_lock(newsroom_id)))


async def add_invite(conn: AsyncConnection, invite: NewInvite) -> None:
    """Store an invite."""
    row = {name: getattr(invite, name) for name in NewInvite.__dataclass_fields__}
    await conn.execute(sa.insert(invites), [row | {"role": invite.role.value}])


async def newsrooms_of_invites(conn: AsyncConnection, hashes: Collection[str], now: datetime) -> dict[str, int]:
    """The newsrooms to which live invites lead, by hash; what the sieve asks of strangers' /start TOKEN."""
    if not hashes:
        return {}
    t = invites.c
    query = sa.select(t.token_hash, t.newsroom_id).where(t.token_hash.in_(list(hashes)), *_is_live(now))
    return {row.token_hash: row.newsroom_id for row in (await conn.execute(query)).all()}


async def redeem(
    conn: AsyncConnection, newsroom_id: int, token_hash: str, telegram_id: int, now: datetime
) -> Invite | None:
    """Use an invite of a newsroom up: ONE conditional update, so that of many bearers at once exactly one comes in."""
    t = invites.c
    use = (
        sa.update(invites)
        .where(t.newsroom_id == newsroom_id, t.token_hash == token_hash, *_is_live(now))
        .values(used_at=now, used_by=telegram_id)
        .returning(invites)
    )
    row = (await conn.execute(use)).first()
    return _invite(row) if row else None


def _is_live(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    # What was once noted as expired stays so: a clock that is set back revives no invite.
    t = invites.c
    return t.used_at.is_(None), t.expires_at > now, t.expiry_told_at.is_(None)


async def newly_expired(conn: AsyncConnection, now: datetime) -> list[Invite]:
    """Invites that ran out unused and whose maker does not know yet; each is returned once."""
    t = invites.c
    tell = (
        sa.update(invites)
        .where(t.used_at.is_(None), t.expires_at <= now, t.expiry_told_at.is_(None))
        .values(expiry_told_at=now)
        .returning(invites)
    )
    return [_invite(row) for row in (await conn.execute(tell)).all()]


async def invite_of(conn: AsyncConnection, member: Member) -> Invite | None:
    """The invite by which a member came."""
    joined = invites.join(members, members.c.invite_id == invites.c.id)
    row = (await conn.execute(sa.select(invites).select_from(joined).where(members.c.id == member.id))).first()
    return _invite(row) if row else None


async def _one(conn: AsyncConnection, condition: sa.ColumnElement[bool]) -> Member | None:
    row = (await conn.execute(sa.select(members).where(condition))).first()
    return _member(row) if row else None


def _roles_text(roles: Collection[Role]) -> str:
    return ",".join(sorted(role.value for role in roles))


def _roles(text: str) -> frozenset[Role]:
    return frozenset(Role(name) for name in text.split(",") if name)


def _member(row: sa.Row[tuple[object, ...]]) -> Member:
    return Member(
        id=row.id,
        newsroom_id=row.newsroom_id,
        telegram_id=row.telegram_id,
        name=row.name,
        roles=_roles(row.roles),
        status=MemberStatus(row.status),
        language=row.language,
        joined_at=row.joined_at,
        epoch=row.epoch,
        sweep_hours=row.sweep_hours,
    )


def _invite(row: sa.Row[tuple[object, ...]]) -> Invite:
    names = Invite.__dataclass_fields__.keys() - {"role"}
    return Invite(role=Role(row.role), **{name: getattr(row, name) for name in names})
