"""A newsroom whose alarms ring: who is in it, and threats that come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from bot.model.alarm import ALARM_MINUTES
from bot.model.newsroom import Member, Newsroom
from bot.model.rights import Role
from bot.model.verdict import ThreatFound
from bot.services.alarms import Alarms
from bot.services.threat_filing import file_threats
from bot.storage import filing
from bot.storage.filing import BurstRule, NewPart
from bot.storage.store import Store
from bot.storage.tables import alarms as alarms_table
from bot.storage.tables import outbox_messages
from bot.storage.threats import NewThreat
from tests.newsroom import make_member, make_newsroom, message
from tests.stage import Recorder
from tests.stores import StoppedClock

GRAVE = ThreatFound(level="threat", kinds=("arson",), severity=4, imminent=True)
MILD = ThreatFound(level="threat", kinds=("legal",), severity=2)
STEP = ALARM_MINUTES * 60


@dataclass(kw_only=True)
class House:
    """A newsroom with its people, and what happens to it."""

    store: Store
    clock: StoppedClock
    newsroom: Newsroom
    people: dict[str, Member]
    stage: Recorder

    @property
    def alarms(self) -> Alarms:
        """The service, made anew each time: it remembers nothing."""
        return Alarms(self.store, self.clock)

    async def threaten(self, found: ThreatFound = GRAVE, text: str = "", words: str = "") -> None:
        """Somebody forwards a threat."""
        who = self.people["journalist"]
        incoming = message(who, self.clock(), text or "Пойдёмте жечь")
        part = NewPart(newsroom_id=self.newsroom.id, member_id=who.id, incoming=incoming, finding=None)
        async with self.store.write() as conn:
            (filed,) = await filing.file_parts(conn, [part], BurstRule(within=timedelta(0), parts=1), self.clock())
            threat = NewThreat(
                newsroom_id=self.newsroom.id,
                submission_id=filed.submission_id,
                part_id=filed.id,
                finding=found,
                text=incoming.text,
                words=words,
                text_key=hash(words) % 2**31 if words else 0,
                reporter_id=who.id,
            )
            await file_threats(conn, [threat], self.clock())

    async def rings(self) -> list[tuple[str, int]]:
        """Who was called, in order, with the priority of the call."""
        names = {member.id: name for name, member in self.people.items()}
        query = sa.select(outbox_messages.c.member_id, outbox_messages.c.priority, outbox_messages.c.body).where(
            outbox_messages.c.kind == "alarm"
        )
        async with self.store.read() as conn:
            rows = (await conn.execute(query.order_by(outbox_messages.c.id))).all()
        return [(names[row.member_id], row.priority) for row in rows if row.body["ring"]]

    async def called(self) -> list[str]:
        """Who was called, in order."""
        return [name for name, _ in await self.rings()]

    async def delivered(self) -> None:
        """Telegram takes all that waits."""
        async with self.store.write() as conn:
            await conn.execute(sa.update(outbox_messages).values(state="done", done_at=self.clock()))

    async def pass_minutes(self, minutes: float) -> int:
        """Time passes, and the ticker looks once."""
        await self.delivered()
        self.clock.tick(minutes * 60)
        return await self.alarms.sweep()

    async def only(self) -> Any:
        """The one alarm that there is."""
        async with self.store.read() as conn:
            return (await conn.execute(sa.select(alarms_table))).one()


async def open_house(store: Store, clock: StoppedClock, roles: Sequence[tuple[str, Role]]) -> House:
    """A newsroom with these people."""
    newsroom = await make_newsroom(store, clock())
    people = {name: await make_member(store, newsroom, clock(), role, name=name) for name, role in roles}
    return House(store=store, clock=clock, newsroom=newsroom, people=people, stage=Recorder())


USUAL = (
    ("journalist", Role.JOURNALIST),
    ("lead", Role.SECURITY),
    ("second", Role.SECURITY),
    ("editor", Role.EDITOR),
    ("admin", Role.ADMIN),
)
