"""Forged, replayed and foreign callback data has no effect: the real signer, presses and database, on both engines."""

import asyncio
import itertools
import logging
import random
import string
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.limit import read_limits
from bot.model.newsroom import Member
from bot.model.outbox import Kind, Outgoing
from bot.model.rights import Right, Role
from bot.services.limits import Limits
from bot.services.presses import Presses
from bot.storage import members, sent_messages
from bot.storage.store import Store
from bot.storage.tables import history, spent_presses
from handlers import presses
from handlers.buttons import Bearer, ButtonSigner, Press
from tests.newsroom import make_member, make_newsroom
from tests.stage import Recorder
from tests.stores import BOTH, StoppedClock

pytestmark = pytest.mark.proof

KEY = b"k" * 32
GROUP, FIRST, SECOND, USED, REDRAWN = -1001, 11, 12, 13, 14
#: The drawing of each message; REDRAWN was drawn by 140 before.
DRAWINGS = {FIRST: 110, SECOND: 120, USED: 130, REDRAWN: 141}
READS, WRITES, SAID = "mine", "undo", "confirm"
#: How many press at a time, each with a connection of their own: a press alone mostly waits for the database.
HANDS = 4
LETTERS = string.ascii_letters + string.digits + "-_"

Forged = tuple[int, int, str]


ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Desk:
    """The front desk as far as a press asks it."""

    signer: ButtonSigner
    presses: Presses
    limits: Limits


@dataclass
class Context:
    """An update's work: what is said is kept, what is staged can be committed."""

    member: Member
    desk: Desk
    stage: Recorder = field(default_factory=Recorder)
    said: list[Outgoing] = field(default_factory=list)

    def say(self, *outgoing: Outgoing) -> None:
        """Answers."""
        self.said += outgoing


@dataclass
class Attack:
    """A member with messages in the chat, and everything that an attacker who reads it can make of them."""

    store: Store
    member: Member
    other: Member
    signer: ButtonSigner = field(default_factory=lambda: ButtonSigner(KEY))
    # That presses are many has tests of its own.
    limits: Limits = field(
        default_factory=lambda: Limits(StoppedClock(), read_limits("presses=1000000/0.001, undo=1000000/0.001"))
    )
    effects: Counter[str] = field(default_factory=Counter)

    def bearer(self, message: int, **changed: int) -> Bearer:
        """For whom the buttons of a message are drawn."""
        mine = self.member
        given = Bearer(newsroom=mine.newsroom_id, chat=mine.telegram_id, drawing=DRAWINGS[message], epoch=mine.epoch)
        return replace(given, **changed)

    def data(self, message: int, press: Press, **changed: int) -> str:
        """Callback data as the bot would draw it."""
        return self.signer.sign(self.bearer(message, **changed), press)

    async def press(self, chat_id: int, message_id: int, data: str, by: "Hand | None" = None) -> str | None:
        """A press as Telegram brings it; the code that refused it."""
        store: Any = by or self.store
        context = Context(self.member, Desk(self.signer, Presses(store, StoppedClock()), self.limits))
        place = type("Place", (), {"chat": type("Chat", (), {"id": chat_id})(), "message_id": message_id})()
        query = type("Query", (), {"id": "q", "message": place, "data": data})()
        await presses.on_press(type("Update", (), {"callback_query": query})(), context)  # type: ignore[arg-type]
        if context.stage.steps:
            await context.stage.commit(self.store)
        (answer,) = context.said
        return answer.body["code"]


@dataclass
class Hand:
    """Reads all that a press asks through one connection: to begin and end reads would take two thirds of the time."""

    conn: AsyncConnection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """The connection."""
        yield self.conn


@pytest.fixture
async def attack(store: Store, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch) -> Attack:
    """Messages with buttons, one of them used, one redrawn; every action only counts that it was let through."""
    newsroom = await make_newsroom(store, clock())
    admin = await make_member(store, newsroom, clock(), Role.ADMIN)
    other = await make_member(store, newsroom, clock(), Role.ADMIN)
    async with store.write() as conn:
        await members.set_roles(conn, admin.id, [Role.EDITOR])
        member = await members.get(conn, newsroom.id, admin.id)
        assert member is not None
        assert member.epoch == 1
        for message_id, drawing in DRAWINGS.items():
            await note(conn, member, member.telegram_id, message_id, drawing, clock)
        await sent_messages.note_redrawn(conn, _row(member, member.telegram_id), 142, [REDRAWN], (clock(), None))
        await sent_messages.note_redrawn(conn, _row(member, member.telegram_id), 141, [REDRAWN], (clock(), None))
        await note(conn, member, GROUP, FIRST, 150, clock)
        await note(conn, other, other.telegram_id, FIRST, 160, clock)
    made = Attack(store, member, other)

    def counting(action: Any, name: str) -> Any:
        async def act(_context: object, _pressed: object) -> None:
            made.effects[name] += 1

        return replace(action, act=act, right=Right.SELF)

    counted = {name: counting(action, name) for name, action in presses.ACTIONS.items()}
    monkeypatch.setattr(presses, "ACTIONS", counted)
    assert await made.press(member.telegram_id, USED, made.data(USED, Press(action=WRITES))) is None
    made.effects.clear()
    return made


def _row(member: Member, chat_id: int) -> Outgoing:
    return Outgoing(kind=Kind.REPLY, chat_id=chat_id, newsroom_id=member.newsroom_id, member_id=member.id)


async def note(conn: Any, member: Member, chat_id: int, message_id: int, drawing: int, clock: StoppedClock) -> None:
    """A message that stands in a chat."""
    await sent_messages.note_sent(conn, _row(member, chat_id), drawing, [message_id], (clock(), None))


def forgeries(a: Attack, chance: random.Random) -> dict[str, Callable[[], Forged]]:
    """Every kind of data that must have no effect, each made anew at each call."""
    own, here = a.member.telegram_id, (a.member.telegram_id, FIRST)

    def press() -> Press:
        argument = "".join(chance.choices("abc123.:-", k=chance.randint(0, 8)))
        return Press(action=chance.choice([READS, WRITES, SAID]), subject=chance.getrandbits(62), argument=argument)

    def flipped(data: str) -> str:
        place = chance.randrange(len(data))
        return data[:place] + chr(ord(data[place]) ^ (1 << chance.randrange(7))) + data[place + 1 :]

    def cut(data: str) -> str:
        return data[: chance.randrange(len(data))]

    def swapped(data: str, part: int, value: str) -> str:
        body, _, mac = data.rpartition(":")
        parts = body.split(":", 2)
        parts[part] = value
        return ":".join([*parts, mac])

    def guessed() -> str:
        body = a.data(FIRST, press()).rpartition(":")[0]
        return f"{body}:{''.join(chance.choices(LETTERS, k=14))}"

    def strange(data: str) -> str:
        place = chance.randrange(len(data) + 1)
        return data[:place] + chance.choice("\ud800а\u202e\x00\u0661é\u200b") + data[place:]

    return {
        "bit flips": lambda: (*here, flipped(a.data(FIRST, press()))),
        "guessed signature": lambda: (*here, guessed()),
        "other user": lambda: (*here, a.data(FIRST, press(), chat=a.other.telegram_id, drawing=160)),
        "other user, under their message": lambda: (a.other.telegram_id, FIRST, a.data(FIRST, press())),
        "other chat": lambda: (GROUP, FIRST, a.data(FIRST, press())),
        "the group's, in a private chat": lambda: (*here, a.data(FIRST, press(), chat=GROUP, drawing=150, epoch=0)),
        "what belongs in no group": lambda: (
            GROUP,
            FIRST,
            a.data(FIRST, press(), chat=GROUP, drawing=150, epoch=0),
        ),
        "other message": lambda: (own, SECOND, a.data(FIRST, press())),
        "unknown message": lambda: (own, chance.randrange(10_000, 1 << 31), a.data(FIRST, press())),
        "old epoch": lambda: (*here, a.data(FIRST, press(), epoch=0)),
        "later epoch": lambda: (*here, a.data(FIRST, press(), epoch=chance.randrange(2, 99))),
        "used once": lambda: (own, USED, a.data(USED, Press(action=WRITES))),
        "drawn over": lambda: (own, REDRAWN, a.data(REDRAWN, replace(press(), action=WRITES), drawing=142)),
        "drawn over long ago": lambda: (own, REDRAWN, a.data(REDRAWN, press(), drawing=140)),
        "truncated": lambda: (*here, cut(a.data(FIRST, press()))),
        "unicode": lambda: (*here, strange(a.data(FIRST, press()))),
        "64 bytes": lambda: (*here, a.data(FIRST, press()).ljust(64, chance.choice("=:A ")) + chance.choice(["", "x"])),
        "another newsroom's": lambda: (*here, a.data(FIRST, press(), newsroom=a.member.newsroom_id + 1)),
        "another key": lambda: (*here, ButtonSigner(b"l" * 32).sign(a.bearer(FIRST), press())),
        "another action, same signature": lambda: (*here, swapped(a.data(FIRST, Press(action=READS)), 0, WRITES)),
        "another subject": lambda: (*here, swapped(a.data(FIRST, press()), 1, f"{chance.getrandbits(60):x}")),
        "another argument": lambda: (*here, swapped(a.data(FIRST, press()), 2, "zz")),
        "an action that there is not": lambda: (*here, a.data(FIRST, Press(action="nosuch", subject=1))),
    }


async def attack_with(a: Attack, count: int) -> Counter[str]:
    """Try so many, of every kind alike and several at once; how many had an effect, by kind and by action."""
    kinds = forgeries(a, random.Random(8))
    through: Counter[str] = Counter()
    order = itertools.islice(itertools.cycle(kinds), count)

    async def pressing() -> None:
        async with a.store.read() as conn:
            hand = Hand(conn)
            for name in order:
                if await a.press(*kinds[name](), hand) is None:
                    through[name] += 1

    await asyncio.gather(*(pressing() for _ in range(HANDS)))
    through.update(a.effects)
    a.effects.clear()
    return through


async def spent(store: Store) -> int:
    """How many presses are used up."""
    async with store.read() as conn:
        return int(await conn.scalar(sa.select(sa.func.count()).select_from(spent_presses)) or 0)


async def test_what_was_drawn_counts(attack: Attack) -> None:
    """The ground is real: the bot's own buttons work, what writes once, what reads again and again."""
    own = attack.member.telegram_id
    writing, reading = attack.data(FIRST, Press(action=WRITES)), attack.data(FIRST, Press(action=READS))
    assert [await attack.press(own, FIRST, writing) for _ in range(2)] == [None, "button_spent"]
    assert [await attack.press(own, FIRST, reading) for _ in range(3)] == [None] * 3
    before = attack.data(REDRAWN, Press(action=READS), drawing=142)
    assert await attack.press(own, REDRAWN, before) is None
    assert await attack.press(own, REDRAWN, attack.data(REDRAWN, Press(action=WRITES), drawing=142)) == "button_changed"
    assert attack.effects == {WRITES: 1, READS: 4}


async def test_forged_data_has_no_effect(attack: Attack) -> None:
    """5,000 on each engine, of 23 kinds: nothing is done, nothing is used up, nobody sees an error."""
    before = await spent(attack.store)
    assert await attack_with(attack, 5_000) == Counter()
    assert await spent(attack.store) == before


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("store_url", BOTH, indirect=True)
async def test_300_000_forgeries_have_no_effect(attack: Attack, caplog: pytest.LogCaptureFixture) -> None:
    """150,000 on each engine."""
    # Each is refused with a line of the log, which would all be kept.
    caplog.set_level(logging.ERROR, "handlers.presses")
    assert await attack_with(attack, 150_000) == Counter()


@pytest.mark.parametrize("store_url", BOTH, indirect=True)
async def test_two_processes_press_at_once(store: Store, store_url: str, clock: StoppedClock) -> None:
    """Of 200 buttons that two processes press at the same time each has one effect, whichever was first."""
    newsroom, count = await make_newsroom(store, clock()), 200
    order = [sys.executable, "-m", "tests.security.pressing", store_url, str(newsroom.id), str(count)]
    running = [
        await asyncio.create_subprocess_exec(
            *order,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(2)
    ]
    told = [await each.communicate() for each in running]
    assert [each.returncode for each in running] == [0, 0], told
    mine, late = zip(*(map(int, out.split()) for out, _ in told), strict=True)
    assert (sum(mine), sum(late)) == (count, count)
    async with store.read() as conn:
        effects = sa.select(history.c.subject_id, sa.func.count()).group_by(history.c.subject_id)
        found = dict((await conn.execute(effects.where(history.c.event == "effect"))).all())
    assert found == dict.fromkeys(range(1, count + 1), 1)
