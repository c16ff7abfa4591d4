"""Whatever words come in by the chat, nothing is lost and nothing breaks: every entry, every attack.

The entries are generated from the tables of commands and of actions: a new one is attacked from the day it exists.
"""

import asyncio
import itertools
import logging
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.analysis import Analysis
from bot.model.limit import LIMITS
from bot.model.rights import Role
from bot.simulator import StoredMessage, User
from bot.simulator.shapes import Json
from handlers.buttons import Press
from handlers.commands import COMMANDS
from handlers.presses import ACTIONS
from tests.bot_runner import Newsroom, open_newsroom
from tests.security.attacks import DEEP, WORDS, everywhere
from tests.security.test_presses import AS_DRAWN, logged

pytestmark = [pytest.mark.proof, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

#: Of all attacks each command meets this many, in turn: every attack is met, by ten commands and more.
A_COMMAND = 9
#: Seconds that an update may take on the average of all; what hangs would show at once.
MOST_SECONDS = 0.5
#: People who attack: what one sends is handled one by one.
PEOPLE = 6
#: Commands that end the attacker's own access, or everybody's: what comes after them would be read by nobody.
ENDING = ("panic", "lockdown")
#: Counts what came into the inbox: some orders leave nothing of themselves there, since they name people.
TAKEN_IN = (
    "CREATE TABLE taken_in (id INTEGER)",
    "CREATE TRIGGER takes_in AFTER INSERT ON inbox_updates BEGIN INSERT INTO taken_in VALUES (NEW.id); END",
)
_numbers = itertools.count(900_001)


@pytest_asyncio.fixture(loop_scope="session")
async def newsroom(folder: Path, analysis: Analysis) -> AsyncIterator[Newsroom]:
    """A running bot whose limiters let everything through: what they refuse is read by no parser."""
    wide = ", ".join(f"{name}=1000000/0.001" for name in LIMITS)
    async with open_newsroom(folder, analysis, limits=wide) as room:
        room.calm = True
        for statement in TAKEN_IN:
            await room.database.write(statement)
        await room.start_bot()
        yield room


async def everyone(room: Newsroom) -> list[User]:
    """People who may do all: nothing is kept from the parsers by a missing right."""
    people = await room.admit(Role.ADMIN, PEOPLE)
    await restore(room)
    return people


async def restore(room: Newsroom) -> None:
    """Undo what an attack did to the attackers: whoever is nobody any more is read by no parser either."""
    roles = ",".join(sorted(role.value for role in Role))
    await room.database.write("UPDATE members SET roles = ?, status = 'active'", roles)
    await room.database.write("DELETE FROM lockdowns")


async def still_in(room: Newsroom) -> bool:
    """Whether every attacker may still do all."""
    roles = ",".join(sorted(role.value for role in Role))
    query = "SELECT count(*) FROM members WHERE roles = ? AND status = 'active'"
    locked = room.database.value("SELECT count(*) FROM lockdowns")
    return room.database.value(query, roles) == PEOPLE and locked == 0


def push(room: Newsroom, who: User, **content: Any) -> None:
    """A message as a server could send it, also one that no client would."""
    room.later(1)
    message: Json = {
        "message_id": next(_numbers),
        "date": int(room.people_clock().timestamp()),
        "chat": {"id": who.id, "type": "private", "first_name": "x"},
        "from": who.as_json(),
        **content,
    }
    room.world.updates.push("message", message)


def order(room: Newsroom, who: User, name: str, words: str) -> None:
    """A command with words behind it."""
    text = f"/{name} {words}"
    entity = {"type": "bot_command", "offset": 0, "length": len(name) + 1}
    push(room, who, text=text, entities=[entity])


async def settled(room: Newsroom, caplog: pytest.LogCaptureFixture, sent: int, began: float) -> None:
    """All is handled and answered; nothing was given up, tried again or broke anything."""
    await room.quiet(began + 20 + MOST_SECONDS * sent - time.monotonic())
    broken = [row["error"] for row in room.database.rows("SELECT error FROM inbox_updates WHERE state = 'dead'")]
    assert broken == [], _trouble(caplog)
    assert room.database.value("SELECT count(*) FROM inbox_updates WHERE tries > 1") == 0, _trouble(caplog)
    unsent = room.database.rows("SELECT kind, body, error FROM outbox_messages WHERE state NOT IN ('sent', 'done')")
    unsent = [row for row in unsent if row["error"]]
    assert [tuple(row) for row in unsent] == []
    assert _trouble(caplog) == ""


def _trouble(caplog: pytest.LogCaptureFixture) -> str:
    """Tracebacks and errors in the log."""
    shown = [record for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info]
    shown = [record for record in shown if record.name.startswith(("bot", "handlers"))]
    return "\n".join(f"{record.getMessage()} {record.exc_info}" for record in shown[:5])


def attacks() -> Iterator[tuple[str, str]]:
    """The attacks, over and over."""
    return itertools.cycle(everywhere())


async def test_every_command_with_hostile_words(newsroom: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    """Each command with its share of the attacks behind it, and each attack as the answer to what a command asks."""
    people, began, turn = itertools.cycle(await everyone(newsroom)), time.monotonic(), attacks()
    sent = 0
    for command in COMMANDS:
        if command.name in ENDING:
            continue
        who = next(people)
        for _, words in itertools.islice(turn, A_COMMAND):
            order(newsroom, who, command.name, words)
        # Alone it may ask for words: the next message answers.
        order(newsroom, who, command.name, "")
        push(newsroom, who, text=next(turn)[1])
        sent += A_COMMAND + 2
    await settled(newsroom, caplog, sent, began)
    assert newsroom.database.value("SELECT count(*) FROM taken_in") == sent
    assert await still_in(newsroom), "an attack took somebody's rights, and what followed was read by nobody"


async def test_commands_that_end_access_with_hostile_words(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    """/panic and /lockdown, whatever stands behind them: done, and undone for the next attack."""
    people, began, turn = itertools.cycle(await everyone(newsroom)), time.monotonic(), attacks()
    for name in ENDING:
        for _, words in itertools.islice(turn, A_COMMAND):
            order(newsroom, next(people), name, words)
            await newsroom.quiet(60)
            await restore(newsroom)
    # What waited for whoever is frozen is dropped.
    await newsroom.database.write("DELETE FROM outbox_messages WHERE error = 'member removed'")
    await settled(newsroom, caplog, A_COMMAND * len(ENDING), began)


async def test_every_attack_as_words_links_and_captions(newsroom: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    """Typed, forwarded, hidden behind a link, as a caption, as a name, as a deep link, in a number of a list."""
    people, began, sent = await everyone(newsroom), time.monotonic(), 0
    for who, (name, words) in zip(itertools.cycle(people), everywhere(), strict=False):
        origin = {"type": "hidden_user", "date": 1_780_000_000, "sender_user_name": words[:200] or "x"}
        entity = {"type": "text_link", "offset": 0, "length": 1, "url": words}
        document = {
            "file_id": "none",
            "file_unique_id": f"u{name}",
            "file_name": f"{words[:300]}.csv",
            "mime_type": words,
        }
        push(newsroom, who, text=words, forward_origin=origin)
        push(newsroom, who, text="x", entities=[entity], forward_origin=origin)
        push(newsroom, who, caption=f"/import {words[:900]}", document=document)
        push(newsroom, who, document=document, caption=words[:1000])
        order(newsroom, who, "start", words)
        for listed in ("case_", "campaign_", "farm_", "spike_", "threat_", "incident_", "takedown_", "outreach_"):
            push(newsroom, who, text=f"/{listed}1{words[:50]}")
        sent += 13
    who = people[0]
    push(newsroom, who, text="ж" * 10_000_000)
    push(
        newsroom,
        who,
        text=DEEP,
        forward_origin={"type": "channel", "date": 1, "chat": {"id": -5, "type": "channel"}, "message_id": 3},
    )
    await settled(newsroom, caplog, sent + 200, began)
    assert await still_in(newsroom)


async def test_every_action_with_hostile_arguments(newsroom: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    """Buttons signed by the newsroom's own key, with arguments that it never draws; and data that nobody signed."""
    people, began, sent = await everyone(newsroom), time.monotonic(), 0
    cards = [await newsroom.order(who, "/whoami") for who in people]
    await newsroom.database.write(AS_DRAWN)
    turn = itertools.cycle(list(zip(people, cards, strict=True)))
    for action in ACTIONS:
        who, card = next(turn)
        for data in _presses(newsroom, who, card, action):
            newsroom.world.press_data(who, card, data)
            sent += 1
    await newsroom.quiet(began + 20 + MOST_SECONDS * sent - time.monotonic())
    assert logged(caplog, "does not count") == 0, "a press that does not count tried nothing"
    for words in WORDS.values():
        who, card = next(turn)
        newsroom.world.press_data(who, card, words)
        newsroom.world.press_data(who, card, f"admit:{words}:{words}:{words}")
        sent += 2
    await settled(newsroom, caplog, sent, began)


def _presses(newsroom: Newsroom, who: User, card: StoredMessage, action: str) -> Iterator[str]:
    for subject, argument in (
        (0, ""),
        (2**59, "9" * 12),
        (1, "-1"),
        (1, "a.b.c"),
        (1, "'%_\"<b>"),
        (7, "\u202e"),
        (2**40, ".."),
        (5, "1.999999999"),
    ):
        try:
            yield newsroom.signed(who, card, Press(action=action, subject=subject, argument=argument))
        except ValueError:
            # Longer than Telegram takes: no button can carry it.
            continue


async def test_a_message_of_any_shape_is_kept_or_passed_over(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    """Updates with numbers for words, of kinds that do not exist: the bot goes on, and what it could not read is kept
    as a dead letter that the administrator can see."""
    who = (await everyone(newsroom))[0]
    shapes: list[Json] = [
        {"text": 5},
        {"text": ["a"]},
        {"photo": []},
        {"photo": [{}]},
        {"document": {"file_id": 5}},
        {"date": 10**15, "text": "a"},
        {"date": -(10**12), "text": "a"},
        {"entities": [{"type": "bot_command", "offset": -5, "length": 10**9}], "text": "/help"},
        {"entities": "x", "text": "a"},
        {"forward_origin": {"type": "nonsense", "date": 5}, "text": "a"},
        {"chat": {"id": who.id, "type": "nonsense"}, "text": "a"},
    ]
    for shape in shapes:
        push(newsroom, who, **shape)
    await asyncio.sleep(0)
    await newsroom.quiet(120)
    assert newsroom.database.value("SELECT count(*) FROM inbox_updates WHERE state NOT IN ('done', 'dead')") == 0
    caplog.clear()
    answer: StoredMessage = await newsroom.order(who, "/whoami")
    assert answer.text
