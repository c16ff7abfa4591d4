"""/lockdown: the bot takes what is forwarded and sounds alarms, and answers nothing, until two people unlock it."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.access import ActKind, PendingAct
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Right
from bot.services import notices
from bot.services.stage import Stage
from bot.services.two_people import Doing, TwoPeople
from bot.storage import history, lockdowns, members, outbox
from bot.storage.store import Store


class Lockdown:
    """Of every newsroom in the store."""

    def __init__(self, store: Store, clock: Clock, acts: TwoPeople) -> None:
        self._store = store
        self._clock = clock
        self._acts = acts
        acts.register(ActKind.UNLOCK, Doing(right=Right.LOCKDOWN, state=self._state, perform=self._unlock))

    async def is_on(self, newsroom_id: int) -> bool:
        """Whether a newsroom is locked down now."""
        async with self._store.read() as conn:
            return await lockdowns.since(conn, newsroom_id) is not None

    def begin(self, stage: Stage, member: Member) -> None:
        """Lock the newsroom down at once."""

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await lockdowns.begin(conn, member.newsroom_id, member.id, now)
            newsroom = ("newsroom", member.newsroom_id)
            await history.note(conn, member.newsroom_id, member.id, newsroom, "locked_down", now)
            leads = [
                each
                for each in await members.all_of(conn, member.newsroom_id, MemberStatus.ACTIVE)
                if each.may(Right.LOCKDOWN)
            ]
            await outbox.put(conn, [notices.reply(each, "locked_down", name=member.name) for each in leads], now)

        stage.stage_once(act)

    async def ask_unlock(self, stage: Stage, member: Member) -> None:
        """Ask a second person to unlock. Raises Refusal when it is open."""
        async with self._store.read() as conn:
            since = await lockdowns.since(conn, member.newsroom_id)
        if since is None:
            raise Refusal("not_locked")
        self._acts.request(stage, member, ActKind.UNLOCK, {})

    async def unlock_by_command(self, newsroom_id: int) -> bool:
        """Whoever holds the server needs nobody else; False when it is open."""
        async with self._store.write() as conn:
            return await self._open(conn, newsroom_id, None)

    async def _state(self, conn: AsyncConnection, newsroom_id: int, _body: dict[str, Any]) -> Any:
        since = await lockdowns.since(conn, newsroom_id)
        return since.isoformat() if since is not None else None

    async def _unlock(self, conn: AsyncConnection, act: PendingAct, first: Member, _second: Member | None) -> None:
        await self._open(conn, act.newsroom_id, first)

    async def _open(self, conn: AsyncConnection, newsroom_id: int, by: Member | None) -> bool:
        now = self._clock()
        if not await lockdowns.end(conn, newsroom_id):
            return False
        await outbox.release(conn, newsroom_id, now)
        newsroom = ("newsroom", newsroom_id)
        await history.note(conn, newsroom_id, by.id if by is not None else None, newsroom, "unlocked", now)
        everyone = await members.all_of(conn, newsroom_id, MemberStatus.ACTIVE)
        leads = [each for each in everyone if each.may(Right.LOCKDOWN)]
        await outbox.put(conn, [notices.reply(each, "unlocked") for each in leads], now)
        return True
