"""What a member was asked and has not answered yet."""

from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.dialog import Dialog
from bot.model.newsroom import Member
from bot.model.outbox import Outgoing
from bot.services import notices
from bot.services.stage import Stage
from bot.storage import dialogs, outbox
from bot.storage.store import Store

_ANSWER_WITHIN = timedelta(minutes=15)


class Dialogs:
    """One open question a member."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def of(self, member: Member) -> Dialog | None:
        """The member's open question."""
        async with self._store.read() as conn:
            return await dialogs.of_member(conn, member.id, self._clock())

    async def ask(self, stage: Stage, member: Member, kind: str, body: dict[str, Any]) -> None:
        """Ask; the member's next typed message is the answer."""

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await dialogs.ask(conn, member.newsroom_id, member.id, kind, body, now + _ANSWER_WITHIN)
            await outbox.put(conn, [notices.reply(member, f"ask_{kind}", **body)], now)

        stage.stage_once(act)

    async def end(self, stage: Stage, member: Member) -> None:
        """The question is answered, or dropped."""

        async def act(conn: AsyncConnection) -> None:
            await dialogs.end(conn, member.id)

        stage.stage_once(act)


class Replies:
    """Says one thing to one member, from a handler that has nothing else to do."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def say(self, stage: Stage, *outgoing: Outgoing) -> None:
        """Queue messages with the update's effects."""

        async def act(conn: AsyncConnection) -> None:
            await outbox.put(conn, outgoing, self._clock())

        stage.stage_once(act)
