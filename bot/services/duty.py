"""The duty roster: who is called first, who next, and when somebody wants no sound from anything but an alarm."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.alarm import Watch
from bot.model.newsroom import Member
from bot.services import notices
from bot.services.alarm_raising import patience, steps
from bot.services.stage import Stage
from bot.storage import duty, history, members, outbox
from bot.storage.store import Store


class Duty:
    """The roster of security leads."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def roster(self, newsroom_id: int) -> list[Watch]:
        """Everybody on it, the one on duty first."""
        async with self._store.read() as conn:
            return await duty.roster(conn, newsroom_id)

    async def order(self, newsroom_id: int) -> tuple[list[tuple[str, ...]], float]:
        """Whom an alarm goes to now, step by step, and the minutes between the steps."""
        async with self._store.read() as conn:
            people = await steps(conn, newsroom_id)
            wait = await patience(conn, newsroom_id)
        return [tuple(member.name for member in each) for each in people], wait.total_seconds() / 60

    async def take(self, stage: Stage, member: Member, message_id: int | None) -> None:
        """Be on duty from now on."""
        await self._move(stage, member, member.id, "on_duty", message_id, first=True)

    async def join(self, stage: Stage, member: Member, message_id: int | None) -> None:
        """Come to the end of the roster."""
        await self._move(stage, member, member.id, "on_roster", message_id, first=False)

    async def _move(
        self, stage: Stage, member: Member, who: int, event: str, message_id: int | None, *, first: bool
    ) -> None:
        async def act(conn: AsyncConnection) -> None:
            await duty.put(conn, member.newsroom_id, who, first=first)
            await self._done(conn, member, event, message_id)

        stage.stage_once(act)

    async def leave(self, stage: Stage, member: Member, message_id: int | None) -> None:
        """Leave the roster: alarms come when nobody on it answers."""

        async def act(conn: AsyncConnection) -> None:
            await duty.leave(conn, member.newsroom_id, member.id)
            await self._done(conn, member, "off_roster", message_id)

        stage.stage_once(act)

    async def set_quiet(self, stage: Stage, member: Member, hours: tuple[int, int] | None) -> None:
        """Hours (minutes of the day) in which nothing but alarms makes a sound. Raises Refusal off the roster."""
        if member.id not in {watch.member_id for watch in await self.roster(member.newsroom_id)}:
            raise Refusal("not_on_roster")

        async def act(conn: AsyncConnection) -> None:
            await duty.set_quiet(conn, member.newsroom_id, member.id, hours)
            await self._done(conn, member, "quiet_hours", None)

        stage.stage_once(act)

    async def is_quiet(self, member: Member, local: datetime) -> bool:
        """Whether a member's quiet hours are on at a moment of the newsroom's day."""
        minute = local.hour * 60 + local.minute
        return any(w.member_id == member.id and w.is_quiet(minute) for w in await self.roster(member.newsroom_id))

    async def _done(self, conn: AsyncConnection, member: Member, event: str, message_id: int | None) -> None:
        now = self._clock()
        await history.note(conn, member.newsroom_id, member.id, ("member", member.id), event, now)
        said = (
            notices.edited_reply(member, message_id, "duty")
            if message_id is not None
            else notices.reply(member, "duty")
        )
        await outbox.put(conn, [said], now)
        if event == "on_duty":
            others = [w.member_id for w in await duty.roster(conn, member.newsroom_id) if w.member_id != member.id]
            people = await members.by_ids(conn, others)
            await outbox.put(conn, [notices.reply(each, "duty_taken", who=member.name) for each in people], now)
