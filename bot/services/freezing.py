"""/panic: a member freezes their own access at once, and what the bot told them goes; thawing takes two people.

A frozen member is a stranger to the sieve and to the gate: nothing they send is read, nothing is sent to them.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.access import ActKind, PendingAct
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Right, Role
from bot.services import notices
from bot.services.stage import Stage
from bot.services.step_up import tell_leads, unsaid
from bot.services.two_people import Doing, TwoPeople
from bot.storage import alarms, dialogs, history, members, outbox, pending_acts, step_ups
from bot.storage.store import Store

#: Deletes everything that the bot sent a member within Telegram's limit.
Sweep = Callable[[AsyncConnection, int, Member], Awaitable[object]]


async def no_sweep(_conn: AsyncConnection, _newsroom_id: int, _member: Member) -> None:
    """Where nothing keeps account of what was sent, nothing can be deleted."""


class Freezing:
    """Freezes and thaws."""

    def __init__(self, store: Store, clock: Clock, acts: TwoPeople, sweep: Sweep = no_sweep) -> None:
        self._store = store
        self._clock = clock
        self._acts = acts
        self._sweep = sweep
        acts.register(
            ActKind.THAW,
            Doing(right=Right.SECOND, state=self._state, perform=self._thaw, fits=self._fits),
        )

    def panic(self, stage: Stage, member: Member, message_id: int | None) -> None:
        """Freeze the member who says so: no question is asked, and nothing is answered."""

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await members.lock_newsroom(conn, member.newsroom_id)
            if not await members.set_status(conn, member.id, MemberStatus.FROZEN, before=MemberStatus.ACTIVE):
                return
            await self._drop(conn, member)
            await history.note(conn, member.newsroom_id, member.id, ("member", member.id), "frozen", now)
            said = [unsaid(member, message_id)] if message_id is not None else []
            await outbox.put(conn, [*said, notices.clear_menu(member)], now)
            number = await _number(conn, member)
            await tell_leads(conn, member, "frozen_self", now, number=number)

        stage.stage_once(act)

    async def _drop(self, conn: AsyncConnection, member: Member) -> None:
        now = self._clock()
        await dialogs.end(conn, member.id)
        await pending_acts.void_of(conn, member.newsroom_id, member.id, now)
        await step_ups.change(conn, member.newsroom_id, member.id, fresh_until=None, next_secret=None)
        await outbox.drop_for_chat(conn, member.telegram_id, now)
        await alarms.pass_on(conn, member.newsroom_id, member.id, now)
        await self._sweep(conn, member.newsroom_id, member)

    async def ask_thaw(self, stage: Stage, member: Member, frozen_id: int) -> None:
        """Ask a second person to let a frozen member back in. Raises Refusal for who is not frozen."""
        async with self._store.read() as conn:
            frozen = await members.get(conn, member.newsroom_id, frozen_id)
        if frozen is None or frozen.status is not MemberStatus.FROZEN:
            raise Refusal("not_frozen")
        self._acts.request(stage, member, ActKind.THAW, {"member": frozen_id})

    async def frozen(self, newsroom_id: int) -> dict[int, Member]:
        """Who is frozen, by their numbers."""
        async with self._store.read() as conn:
            ever = await members.all_of(conn, newsroom_id, *MemberStatus)
        return {n: member for n, member in enumerate(ever, 1) if member.status is MemberStatus.FROZEN}

    async def thaw_by_command(self, newsroom_id: int, member_id: int) -> bool:
        """Whoever holds the server needs nobody else; False for who is not frozen."""
        async with self._store.write() as conn:
            return await self._let_back(conn, newsroom_id, member_id, None)

    async def _state(self, conn: AsyncConnection, newsroom_id: int, body: dict[str, Any]) -> Any:
        member = await members.get(conn, newsroom_id, int(body["member"]))
        if member is None or member.status is not MemberStatus.FROZEN:
            return None
        return sorted(role.value for role in member.roles)

    async def _fits(self, conn: AsyncConnection, act: PendingAct, first: Member, second: Member) -> bool:
        # Letting somebody back is an administrator's matter, as long as there is one.
        admins = await members.with_role(conn, act.newsroom_id, Role.ADMIN)
        return not admins or Role.ADMIN in (first.roles | second.roles)

    async def _thaw(self, conn: AsyncConnection, act: PendingAct, first: Member, _second: Member | None) -> None:
        await self._let_back(conn, act.newsroom_id, int(act.body["member"]), first)

    async def _let_back(self, conn: AsyncConnection, newsroom_id: int, member_id: int, by: Member | None) -> bool:
        now = self._clock()
        member = await members.get(conn, newsroom_id, member_id)
        if member is None:
            return False
        if not await members.set_status(conn, member_id, MemberStatus.ACTIVE, before=MemberStatus.FROZEN):
            return False
        await history.note(conn, newsroom_id, by.id if by is not None else None, ("member", member_id), "thawed", now)
        thawed = await members.get(conn, newsroom_id, member_id)
        if thawed is not None:
            await outbox.put(conn, [notices.menu(thawed), notices.reply(thawed, "thawed")], now)
            await tell_leads(conn, thawed, "thawed_for", now)
        return True


async def _number(conn: AsyncConnection, member: Member) -> int:
    ever = await members.all_of(conn, member.newsroom_id, *MemberStatus)
    return [each.id for each in ever].index(member.id) + 1
