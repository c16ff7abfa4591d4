"""The way back for who was away too long, or lost their authenticator: a lead's word, or a command on the server.

An editor without a second factor is let on by one lead, who makes sure that it is them. A lead's own second factor is
taken away by two leads (`bot.services.step_up`), and, where there are no two, on the server: the others hear of it.
"""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.access import ActKind, PendingAct
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Right
from bot.services import notices
from bot.services.stage import Stage
from bot.services.step_up import StepUp, tell_leads
from bot.services.two_people import Doing, TwoPeople
from bot.storage import history, members, outbox, step_ups
from bot.storage.store import Store


class Waking:
    """Of every newsroom in the store."""

    def __init__(self, store: Store, clock: Clock, acts: TwoPeople, step_up: StepUp) -> None:
        self._store = store
        self._clock = clock
        self._acts = acts
        self._step_up = step_up
        acts.register(ActKind.WAKE, Doing(right=Right.SELF, state=self._state, perform=self._wake))

    async def needs(self, member: Member) -> bool:
        """Whether only a lead's word lets this member on: away too long, without a second factor, leading nothing."""
        return await self._step_up.refusal_of_idle(member) == "totp_idle_wake"

    def request(self, stage: Stage, member: Member) -> None:
        """Ask the leads to make sure that it is this member; one of them is enough."""
        self._acts.request(stage, member, ActKind.WAKE, {"member": member.id})

    async def named(self, newsroom_id: int, name: str) -> list[Member]:
        """Active members of that name, or with that number in /members; everybody for no name at all."""
        async with self._store.read() as conn:
            ever = await members.all_of(conn, newsroom_id, *MemberStatus)
        active = {n: each for n, each in enumerate(ever, 1) if each.status is MemberStatus.ACTIVE}
        wanted = name.strip().casefold()
        found = [each for each in active.values() if wanted in ("", each.name.casefold())]
        numbered = active.get(int(wanted)) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 10 else None
        return found or ([numbered] if numbered is not None else [])

    async def reset_by_command(self, newsroom_id: int, member_id: int) -> bool:
        """Whoever holds the server takes a second factor away; the member and all leads are told. False for nobody."""
        async with self._store.write() as conn:
            member = await members.get(conn, newsroom_id, member_id)
            if member is None or member.status is not MemberStatus.ACTIVE:
                return False
            now = self._clock()
            await step_ups.forget(conn, newsroom_id, member_id)
            await history.note(conn, newsroom_id, None, ("member", member_id), "totp_reset", now)
            await outbox.put(conn, [notices.reply(member, "totp_was_reset_there")], now)
            await tell_leads(conn, member, "totp_reset_there", now)
        return True

    async def _state(self, conn: AsyncConnection, newsroom_id: int, body: dict[str, Any]) -> Any:
        member = await members.get(conn, newsroom_id, int(body["member"]))
        factor = await step_ups.of_member(conn, newsroom_id, int(body["member"]))
        if member is None or member.status is not MemberStatus.ACTIVE or factor.secret is not None:
            return None
        roles = sorted(role.value for role in member.roles)
        return [factor.seen_at.isoformat(), roles] if factor.seen_at is not None else None

    async def _wake(self, conn: AsyncConnection, act: PendingAct, first: Member, second: Member | None) -> None:
        now, by = self._clock(), second.id if second is not None else None
        await step_ups.hold(conn, act.newsroom_id, first.id)
        await step_ups.change(conn, act.newsroom_id, first.id, seen_at=now)
        await history.note(conn, act.newsroom_id, by, ("member", first.id), "woken", now)
