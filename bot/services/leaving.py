"""/forget me: a member leaves, and what says who they were is erased. One question before, one press, no way back."""

from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Role
from bot.services import notices
from bot.services.erasing_members import MemberErasure
from bot.services.stage import After, Stage
from bot.storage import members, outbox
from bot.storage.store import Store

#: Roles of which somebody must be left.
_NEEDED: Final = (Role.ADMIN, Role.SECURITY)
_GROUND: Final = "asked by the person"


class Leaving:
    """At one newsroom's desk."""

    def __init__(self, store: Store, clock: Clock, erasure: MemberErasure) -> None:
        self._store = store
        self._clock = clock
        self._erasure = erasure

    async def begin(self, stage: Stage, member: Member) -> None:
        """Say what it does, with the button that does it. Raises Refusal for the last who leads."""
        async with self._store.read() as conn:
            role = await last_of_role(conn, member)
        if role is not None:
            raise Refusal("leaving_last_admin" if role is Role.ADMIN else "leaving_last_security")

        async def act(conn: AsyncConnection) -> None:
            await outbox.put(conn, [notices.reply(member, "leaving")], self._clock())

        stage.stage_once(act)

    def leave(self, stage: Stage, member: Member) -> None:
        """The press: they are gone with this transaction, and a stranger from then on."""

        async def run(conn: AsyncConnection, _items: list[Any]) -> After | None:
            await members.lock_newsroom(conn, member.newsroom_id)
            present = await members.get(conn, member.newsroom_id, member.id)
            if present is None or present.status is not MemberStatus.ACTIVE:
                return None
            role = await last_of_role(conn, present)
            if role is not None:
                code = "leaving_last_admin" if role is Role.ADMIN else "leaving_last_security"
                await outbox.put(conn, [notices.reply(present, code)], self._clock())
                return None
            await self._erasure.apply(conn, present, present.id, _GROUND)
            return self._erasure.soil

        stage.stage(run, None)


async def last_of_role(conn: AsyncConnection, member: Member) -> Role | None:
    """The role that somebody must hold, and of which a member is the last one who does; None where others are left."""
    for role in _NEEDED:
        if [each.id for each in await members.with_role(conn, member.newsroom_id, role)] == [member.id]:
            return role
    return None
