"""People: one-use invites, the admin's press that lets somebody in, roles, and leaving."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Outage, Refusal
from bot.model.access import ActKind, PendingAct
from bot.model.ids import new_id
from bot.model.newsroom import Invite, Member, MemberStatus
from bot.model.outbox import Outgoing
from bot.model.plain import name_line
from bot.model.rights import IDLE_LOCKED, Right, Role
from bot.model.tokens import token_hash
from bot.services import notices
from bot.services.batching import Batched
from bot.services.keys import Keys
from bot.services.message_sweep import MessageSweep
from bot.services.stage import Stage
from bot.services.step_up import tell_leads
from bot.services.two_people import Doing, TwoPeople
from bot.storage import alarms, dialogs, history, lockdowns, members, newsrooms, outbox, pending_acts
from bot.storage.members import NewInvite
from bot.storage.store import Store

_TOGETHER = 256
#: Roles that nobody gives alone.
LEADING = frozenset({Role.ADMIN, Role.SECURITY})
_PRESENT = (MemberStatus.ACTIVE, MemberStatus.FROZEN)


@dataclass(frozen=True, kw_only=True, slots=True)
class Newcomer:
    """The person behind a Telegram account that redeems an invite."""

    telegram_id: int
    name: str
    language: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """Who waits to be let in, and by which invite: both as they stood on the card that was pressed."""

    member: int
    invite: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Presence:
    """Who somebody is at a moment, and whether their newsroom is locked down."""

    member: Member | None
    is_locked: bool


class MemberChanged(Outage):
    """A member was removed, frozen or given other roles while their update was handled: it is handled anew."""


class Members:
    """The newsroom's people."""

    def __init__(
        self, store: Store, clock: Clock, keys: Keys, invite_hours: int, acts: TwoPeople | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._keys = keys
        self._invite_hours = invite_hours
        self._acts = acts if acts is not None else TwoPeople(store, clock)
        self._present: Batched[tuple[int, int], Presence] = Batched(self._read_present, _TOGETHER)
        manages = Right.MANAGE_MEMBERS
        self._acts.register(ActKind.ROLES, Doing(right=manages, state=self._roles_state, perform=self._roles_given))
        self._acts.register(ActKind.ADMIT, Doing(right=manages, state=self._bearer_state, perform=self._bearer_let_in))
        self._acts.register(ActKind.REMOVAL, Doing(right=manages, state=self._removal_state, perform=self._removed))

    def invite_token(self, invite_id: int) -> str:
        """The token of an invite, made anew from the key whenever it is shown: it is stored nowhere."""
        return self._keys.invite_token(invite_id)

    async def present(self, newsroom_id: int, telegram_id: int) -> Member | None:
        """Who this is now: read at every update, never from a chat's memory."""
        return (await self.presence(newsroom_id, telegram_id)).member

    async def presence(self, newsroom_id: int, telegram_id: int) -> Presence:
        """The same, and whether the newsroom is locked down."""
        return await self._present.ask((newsroom_id, telegram_id))

    async def _read_present(self, asked: Sequence[tuple[int, int]]) -> list[Presence]:
        async with self._store.read() as conn:
            found = await members.by_telegram_ids(conn, {telegram_id for _, telegram_id in asked})
            locked = await lockdowns.every(conn)
        known = {(member.newsroom_id, member.telegram_id): member for member in found}
        return [Presence(member=known.get(key), is_locked=key[0] in locked) for key in asked]

    def hold(self, stage: Stage, member: Member) -> None:
        """What an update does is done only if its sender still is, in that transaction, who the gate saw."""
        stage.stage(self._still, member)

    async def _still(self, conn: AsyncConnection, seen: list[Member]) -> None:
        now = {member.id: member for member in await members.by_ids(conn, {member.id for member in seen})}
        for member in seen:
            there = now.get(member.id)
            if there is None or (there.status, there.roles) != (member.status, member.roles):
                raise MemberChanged

    async def reached(self, newsroom_id: int, member_id: int) -> Presence:
        """Whom a message is for, as they are when it is sent."""
        async with self._store.read() as conn:
            member = await members.get(conn, newsroom_id, member_id)
            is_locked = await lockdowns.since(conn, newsroom_id) is not None
        return Presence(member=member, is_locked=is_locked)

    async def get(self, newsroom_id: int, member_id: int) -> Member | None:
        """A member by id."""
        async with self._store.read() as conn:
            return await members.get(conn, newsroom_id, member_id)

    async def everyone(self, newsroom_id: int) -> dict[int, Member]:
        """Active and waiting members by their number, which stays theirs: a command must not hit somebody else."""
        async with self._store.read() as conn:
            ever = await members.all_of(conn, newsroom_id, *MemberStatus)
        return {n: member for n, member in enumerate(ever, 1) if member.status is not MemberStatus.REMOVED}

    async def former(self, newsroom_id: int) -> list[Member]:
        """Whose access has ended or is frozen, who came last first; whoever was erased is nobody any more."""
        async with self._store.read() as conn:
            ended = await members.all_of(conn, newsroom_id, MemberStatus.REMOVED, MemberStatus.FROZEN)
        return [member for member in reversed(ended) if member.telegram_id > 0]

    async def invite_by_command(self, newsroom_id: int, role: Role) -> str:
        """An invite made on the command line: whoever holds the server needs no further press. Returns the token."""
        async with self._store.write() as conn:
            invite = self._new_invite(newsroom_id, role, None, await self._hours(conn, newsroom_id))
            await members.add_invite(conn, invite)
        return self.invite_token(invite.id)

    async def invite(self, stage: Stage, member: Member, role: Role) -> None:
        """An invite made in the chat; its bearer waits for an admin's press."""

        async def act(conn: AsyncConnection) -> None:
            hours = await self._hours(conn, member.newsroom_id)
            invite = self._new_invite(member.newsroom_id, role, member.id, hours)
            await members.add_invite(conn, invite)
            now = self._clock()
            await history.note(conn, member.newsroom_id, member.id, ("invite", invite.id), "made", now, role=role.value)
            said = notices.reply(member, "invite", invite=invite.id, role=role.value, hours=hours)
            await outbox.put(conn, [said], now)

        stage.stage_once(act)

    async def redeem(self, stage: Stage, newsroom_id: int, token: str, newcomer: Newcomer) -> None:
        """Let a bearer in, once: active if the invite came from the command line, else waiting for an admin."""

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            there = await members.by_telegram_id(conn, newsroom_id, newcomer.telegram_id)
            if there is not None and there.status is MemberStatus.ACTIVE:
                await outbox.put(conn, [notices.reply(there, "already_member")], now)
                return
            # Whoever holds the phone of a member who froze their access does not come back by an invite.
            if there is not None and there.status is MemberStatus.FROZEN:
                return
            # Whoever waits is decided on as they were shown: another invite would change that under the press.
            if there is not None and there.status is MemberStatus.PENDING:
                await outbox.put(conn, [notices.keyed_reply(there, f"wait:{there.id}", "wait_for_admin")], now)
                return
            invite = await members.redeem(conn, newsroom_id, token_hash(token), newcomer.telegram_id, now)
            if invite is None:
                return
            status = MemberStatus.PENDING if invite.needs_approval else MemberStatus.ACTIVE
            name = name_line(newcomer.name)[:128] or str(newcomer.telegram_id)
            member = await members.admit(
                conn, newsroom_id, newcomer.telegram_id, name, invite.role, status, invite.id, now
            )
            await members.set_language(conn, member.id, newcomer.language)
            await history.note(conn, newsroom_id, member.id, ("member", member.id), "redeemed", now, invite=invite.id)
            await outbox.put(conn, await self._arrival(conn, invite, member), now)
            if status is MemberStatus.ACTIVE and member.roles & IDLE_LOCKED:
                # Nobody pressed anything for whoever comes by the server's invite.
                await tell_leads(conn, member, "joined_there", now, role=invite.role.value)

        stage.stage_once(act)

    async def decide(self, stage: Stage, admin: Member, waits: Waiting, *, admit: bool, message_id: int) -> None:
        """An admin's press lets a waiting bearer in, or sends them away without a word.

        It counts for the invite that was shown alone, and so for its role. Into a leading role it takes two: whoever
        made the invite and another admin, else a second person is asked.
        """

        async def act(conn: AsyncConnection) -> None:
            member = await members.get(conn, admin.newsroom_id, waits.member)
            if member is None:
                return
            invite = await members.invite_of(conn, member)
            if invite is None or invite.id != waits.invite:
                said = notices.edited_reply(admin, message_id, "already_decided", name=member.name)
                await outbox.put(conn, [said], self._clock())
                return
            is_pending = member.status is MemberStatus.PENDING
            if admit and is_pending and member.roles & LEADING and not await self._made_by_another(conn, admin, member):
                await self._acts.request_in(conn, admin, ActKind.ADMIT, {"member": waits.member})
                return
            moved = await self._settle(conn, admin, member, admit=admit)
            code = ("member_admitted" if admit else "member_refused") if moved else "already_decided"
            await outbox.put(conn, [notices.edited_reply(admin, message_id, code, name=member.name)], self._clock())

        stage.stage_once(act)

    async def _settle(self, conn: AsyncConnection, admin: Member, member: Member, *, admit: bool) -> bool:
        now = self._clock()
        status = MemberStatus.ACTIVE if admit else MemberStatus.REMOVED
        if not await members.set_status(conn, member.id, status, before=MemberStatus.PENDING):
            return False
        event = "admitted" if admit else "refused"
        await history.note(conn, admin.newsroom_id, admin.id, ("member", member.id), event, now)
        if admit:
            await outbox.put(conn, _welcome(member), now)
        return True

    async def _made_by_another(self, conn: AsyncConnection, admin: Member, member: Member) -> bool:
        invite = await members.invite_of(conn, member)
        maker = await self._maker(conn, invite) if invite is not None else None
        return maker is not None and maker.id != admin.id and maker.may(Right.MANAGE_MEMBERS)

    async def _bearer_state(self, conn: AsyncConnection, newsroom_id: int, body: dict[str, Any]) -> Any:
        member = await members.get(conn, newsroom_id, int(body["member"]))
        if member is None or member.status is not MemberStatus.PENDING:
            return None
        invite = await members.invite_of(conn, member)
        return [member.telegram_id, _roles(member), invite.id if invite is not None else None]

    async def _bearer_let_in(self, conn: AsyncConnection, act: PendingAct, first: Member, _: Member | None) -> None:
        member = await members.get(conn, act.newsroom_id, int(act.body["member"]))
        if member is not None:
            await self._settle(conn, first, member, admit=True)

    async def set_roles(self, stage: Stage, admin: Member, member_id: int, roles: Sequence[Role]) -> None:
        """Give a member these roles. The last admin keeps theirs.

        A leading role takes a second person, and so does taking the last security lead away.
        """

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await members.lock_newsroom(conn, admin.newsroom_id)
            member = await self._active(conn, admin, member_id)
            if member is None or (Role.ADMIN not in roles and await _is_last_admin(conn, member)):
                await outbox.put(conn, [notices.reply(admin, "last_admin" if member else "member_unknown")], now)
                return
            leaves = Role.SECURITY not in roles and await _is_last_lead(conn, member)
            if leaves or (set(roles) & LEADING) - member.roles:
                body = {"member": member_id, "roles": sorted(role.value for role in set(roles))}
                await self._acts.request_in(conn, admin, ActKind.ROLES, body)
                return
            await self._give(conn, admin, member, roles)

        stage.stage_once(act)

    async def _give(self, conn: AsyncConnection, admin: Member, member: Member, roles: Sequence[Role]) -> None:
        now = self._clock()
        await members.set_roles(conn, member.id, roles)
        names = ",".join(sorted(role.value for role in roles))
        await history.note(conn, admin.newsroom_id, admin.id, ("member", member.id), "roles", now, roles=names)
        now_holds = replace(member, roles=frozenset(roles))
        # What they asked for with roles that are theirs no longer is not done.
        if member.roles - now_holds.roles:
            await dialogs.end(conn, member.id)
            await pending_acts.void_of(conn, member.newsroom_id, member.id, now)
            await _hand_on(conn, member, now_holds, now)
            await tell_leads(conn, admin, "roles_cut", now, who=member.name, role=names)
        said = [notices.reply(admin, "roles_set", name=member.name, role=names), notices.menu(now_holds)]
        if member.id != admin.id:
            said.append(notices.reply(now_holds, "your_roles", role=names))
        await outbox.put(conn, said, now)

    async def _roles_state(self, conn: AsyncConnection, newsroom_id: int, body: dict[str, Any]) -> Any:
        member = await members.get(conn, newsroom_id, int(body["member"]))
        if member is None or member.status is not MemberStatus.ACTIVE:
            return None
        return _roles(member)

    async def _roles_given(self, conn: AsyncConnection, act: PendingAct, first: Member, _: Member | None) -> None:
        member = await members.get(conn, act.newsroom_id, int(act.body["member"]))
        roles = [Role(name) for name in act.body["roles"]]
        if member is None or (Role.ADMIN not in roles and await _is_last_admin(conn, member)):
            await outbox.put(conn, [notices.reply(first, "last_admin")], self._clock())
            return
        await self._give(conn, first, member, roles)

    async def remove(self, stage: Stage, admin: Member, member_id: int) -> None:
        """End a membership: from the next update on this person is a stranger.

        The last admin stays; taking the last security lead away takes a second person.
        """

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await members.lock_newsroom(conn, admin.newsroom_id)
            member = await self._removable(conn, admin, member_id)
            if member is None or await _is_last_admin(conn, member):
                await outbox.put(conn, [notices.reply(admin, "last_admin" if member else "member_unknown")], now)
                return
            if await _is_last_lead(conn, member):
                await self._acts.request_in(conn, admin, ActKind.REMOVAL, {"member": member_id})
                return
            await self._end(conn, admin, member)

        stage.stage_once(act)

    async def _end(self, conn: AsyncConnection, admin: Member, member: Member) -> None:
        now = self._clock()
        await members.set_status(conn, member.id, MemberStatus.REMOVED, before=member.status)
        await dialogs.end(conn, member.id)
        await pending_acts.void_of(conn, member.newsroom_id, member.id, now)
        await outbox.drop_for_chat(conn, member.telegram_id, now)
        await _hand_on(conn, member, None, now)
        # What stands in their chat is not theirs to read any more.
        await MessageSweep(self._store, self._clock).sweep_member(conn, admin.newsroom_id, member)
        await history.note(conn, admin.newsroom_id, admin.id, ("member", member.id), "removed", now)
        said = [notices.reply(admin, "member_removed", name=member.name), notices.clear_menu(member)]
        await outbox.put(conn, said, now)
        await tell_leads(conn, admin, "removed_by", now, who=member.name, role=_roles(member))

    async def _removal_state(self, conn: AsyncConnection, newsroom_id: int, body: dict[str, Any]) -> Any:
        member = await members.get(conn, newsroom_id, int(body["member"]))
        if member is None or member.status not in _PRESENT:
            return None
        return [member.status.value, _roles(member)]

    async def _removed(self, conn: AsyncConnection, act: PendingAct, first: Member, _: Member | None) -> None:
        member = await members.get(conn, act.newsroom_id, int(act.body["member"]))
        if member is None or await _is_last_admin(conn, member):
            await outbox.put(conn, [notices.reply(first, "last_admin")], self._clock())
            return
        await self._end(conn, first, member)

    async def set_language(self, stage: Stage, member: Member, language: str, message_id: int) -> None:
        """Answer a member in another language from now on, commands included."""

        async def act(conn: AsyncConnection) -> None:
            await members.set_language(conn, member.id, language)
            said = [notices.edited_reply(member, message_id, "language_set"), notices.menu(member)]
            await outbox.put(conn, said, self._clock())

        stage.stage_once(act)

    async def tell_expired(self) -> int:
        """Tell the makers of invites that ran out unused; each once."""
        async with self._store.write() as conn:
            expired = await members.newly_expired(conn, self._clock())
            for invite in expired:
                maker = await self._maker(conn, invite)
                if maker is not None:
                    said = notices.reply(maker, "invite_expired", role=invite.role.value)
                    await outbox.put(conn, [said], self._clock())
        return len(expired)

    def _new_invite(self, newsroom_id: int, role: Role, created_by: int | None, hours: int) -> NewInvite:
        now, invite_id = self._clock(), new_id()
        return NewInvite(
            id=invite_id,
            newsroom_id=newsroom_id,
            token_hash=token_hash(self.invite_token(invite_id)),
            role=role,
            created_by=created_by,
            needs_approval=created_by is not None,
            created_at=now,
            expires_at=now + timedelta(hours=hours),
        )

    async def _hours(self, conn: AsyncConnection, newsroom_id: int) -> int:
        return int(await newsrooms.limit(conn, newsroom_id, "invite_hours", self._invite_hours))

    async def _arrival(self, conn: AsyncConnection, invite: Invite, member: Member) -> list[Outgoing]:
        maker = await self._maker(conn, invite)
        if not invite.needs_approval:
            return _welcome(member)
        values: dict[str, Any] = {"name": member.name, "telegram": member.telegram_id, "role": invite.role.value}
        admins = await members.with_role(conn, invite.newsroom_id, Role.ADMIN)
        said = [notices.reply(admin, "approve", person=member.id, invite=invite.id, **values) for admin in admins]
        if maker is not None and maker.id not in {admin.id for admin in admins}:
            said.append(notices.reply(maker, "invite_used", **values))
        return [*said, notices.reply(member, "wait_for_admin")]

    async def _maker(self, conn: AsyncConnection, invite: Invite) -> Member | None:
        if invite.created_by is None:
            return None
        maker = await members.get(conn, invite.newsroom_id, invite.created_by)
        return maker if maker is not None and maker.status is MemberStatus.ACTIVE else None

    async def _removable(self, conn: AsyncConnection, admin: Member, member_id: int) -> Member | None:
        member = await members.get(conn, admin.newsroom_id, member_id)
        return member if member is not None and member.status in _PRESENT else None

    async def _active(self, conn: AsyncConnection, admin: Member, member_id: int) -> Member | None:
        member = await members.get(conn, admin.newsroom_id, member_id)
        return member if member is not None and member.status is MemberStatus.ACTIVE else None


async def _is_last_admin(conn: AsyncConnection, member: Member) -> bool:
    admins = await members.with_role(conn, member.newsroom_id, Role.ADMIN)
    return [admin.id for admin in admins] == [member.id]


async def _is_last_lead(conn: AsyncConnection, member: Member) -> bool:
    leads = await members.with_role(conn, member.newsroom_id, Role.SECURITY)
    return Role.SECURITY in member.roles and all(lead.id == member.id for lead in leads)


async def _hand_on(conn: AsyncConnection, was: Member, now_is: Member | None, now: datetime) -> None:
    """What rings for somebody, and what they took, goes on when they cannot see to it any longer."""
    leads = now_is is not None and (Role.SECURITY in now_is.roles or Role.SECURITY not in was.roles)
    if now_is is None or not leads or not now_is.may(Right.ANSWER_ALARM):
        await alarms.pass_on(conn, was.newsroom_id, was.id, now)


def _welcome(member: Member) -> list[Outgoing]:
    return [
        notices.menu(member),
        notices.reply(member, "welcome", role=_roles(member)),
        notices.reply(member, "language"),
    ]


def _roles(member: Member) -> str:
    return ",".join(sorted(role.value for role in member.roles))


def role_named(text: str) -> Role:
    """The role that a word names. Raises Refusal for any other word."""
    try:
        return Role(text.strip().lower())
    except ValueError:
        raise Refusal("role_unknown", role=text[:32]) from None
