"""The services of access over one newsroom: second factors, two people, freezing, lockdown, what leads are told."""

from dataclasses import dataclass, field
from datetime import timedelta

import pyotp

from bot.model.access import ActKind
from bot.model.newsroom import Member, Newsroom
from bot.model.outbox import Outgoing
from bot.model.rights import Role
from bot.services.freezing import Freezing
from bot.services.keys import Keys
from bot.services.lockdown import Lockdown
from bot.services.members import Members
from bot.services.step_up import StepRules, StepUp
from bot.services.two_people import TwoPeople
from bot.services.vigilance import Vigilance, VigilRules
from bot.services.waking import Waking
from bot.storage import lockdowns, members, outbox
from bot.storage.store import Store
from tests.newsroom import make_member, make_newsroom, queued, said
from tests.stage import Recorder
from tests.stores import StoppedClock

KEYS = Keys(b"k" * 32)


@dataclass(kw_only=True)
class AccessGround:
    """Everything that is asked about access, and short ways of using it."""

    store: Store
    clock: StoppedClock
    newsroom: Newsroom
    acts: TwoPeople
    members: Members
    step_up: StepUp
    waking: Waking
    freezing: Freezing
    lockdown: Lockdown
    vigilance: Vigilance
    stage: Recorder = field(default_factory=Recorder)

    async def member(self, *roles: Role, name: str = "Айгерим") -> Member:
        """A new member with these roles."""
        made = await make_member(self.store, self.newsroom, self.clock(), roles[0], name=name)
        async with self.store.write() as conn:
            await members.set_roles(conn, made.id, roles)
        return await self.now(made)

    async def now(self, member: Member) -> Member:
        """A member as the database has them."""
        found = await self.members.get(self.newsroom.id, member.id)
        assert found is not None
        return found

    async def commit(self) -> None:
        """End the transaction of what was staged."""
        await self.stage.commit(self.store)

    async def said(self, member: Member) -> list[str]:
        """What somebody was told."""
        return await said(self.store, member)

    async def last_act(self) -> int:
        """The newest act that waits."""
        return (await self.acts.waiting(self.newsroom.id))[-1].act.id

    async def asked(self, by: Member, kind: ActKind, **body: object) -> int:
        """An act that somebody asked for."""
        self.acts.request(self.stage, by, kind, dict(body))
        await self.commit()
        return await self.last_act()

    async def decide(self, second: Member, act_id: int, *, allow: bool = True) -> None:
        """A second person's press."""
        await self.acts.decide(self.stage, second, act_id, allow=allow, message_id=None)
        await self.commit()

    async def set_up(self, member: Member) -> pyotp.TOTP:
        """A second factor that is set and confirmed; returns what makes its codes."""
        await self.step_up.begin(self.stage, member)
        await self.commit()
        made = pyotp.TOTP(await self.step_up.secret_of(member))
        await self.give(member, self.code(made))
        return made

    def code(self, made: pyotp.TOTP) -> str:
        """The code of this moment."""
        return made.at(int(self.clock().timestamp()))

    async def give(self, member: Member, words: str) -> None:
        """A member gives a code."""
        self.step_up.give(self.stage, member, words, 7)
        await self.commit()

    async def is_locked(self) -> bool:
        """Whether the newsroom is locked down."""
        async with self.store.read() as conn:
            return await lockdowns.since(conn, self.newsroom.id) is not None

    async def waiting(self, member: Member) -> list[str]:
        """The kinds of what still waits to be sent to somebody's chat."""
        rows = await queued(self.store)
        return [row.kind for row in rows if row.chat_id == member.telegram_id and row.state == "new"]

    async def queue(self, *messages: Outgoing) -> None:
        """Let messages wait."""
        async with self.store.write() as conn:
            await outbox.put(conn, messages, self.clock())


def access_services(store: Store, clock: StoppedClock, newsroom: Newsroom) -> AccessGround:
    """The services over a store."""
    acts = TwoPeople(store, clock)
    rules = StepRules(fresh=timedelta(minutes=10), idle=timedelta(days=14))
    step_up = StepUp(store, clock, KEYS, acts, rules)
    return AccessGround(
        store=store,
        clock=clock,
        newsroom=newsroom,
        acts=acts,
        members=Members(store, clock, KEYS, 24, acts),
        step_up=step_up,
        waking=Waking(store, clock, acts, step_up),
        freezing=Freezing(store, clock, acts),
        lockdown=Lockdown(store, clock, acts),
        vigilance=Vigilance(store, clock, KEYS, VigilRules(bulk=5)),
    )


async def access_ground(store: Store, clock: StoppedClock) -> AccessGround:
    """A newsroom of its own with its services."""
    return access_services(store, clock, await make_newsroom(store, clock()))
