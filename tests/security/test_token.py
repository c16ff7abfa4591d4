"""The token is in no log, traceback, table, file name or message; and no raw error text is in any chat."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.model.rights import Role
from bot.redaction import RedactingFormatter
from bot.services.accounts import Accounts
from bot.services.cases import Cases
from bot.services.submissions import Submissions
from bot.simulator import FaultKind, User, World, origins
from handlers.cards import replies
from tests.bot_process import BotProcess
from tests.bot_runner import SECRET_PART, TOKEN, Newsroom, actions_of, open_newsroom, until
from tests.journeys.burst import picture

pytestmark = pytest.mark.asyncio(loop_scope="session")

CANARY = "canary-of-an-error-7f3a"


async def test_the_token_is_nowhere(tmp_path: Path) -> None:
    """A journey with every fault at log level DEBUG: 0 hits of the token in output, database, vault and messages."""
    async with open_newsroom(tmp_path / "data", poll_timeout=1) as room:
        process = BotProcess.of(room, log_level="DEBUG")
        for number, kind in enumerate(FaultKind):
            room.world.faults.add(kind, methods=["sendMessage", "setMessageReaction"], after=2 * number, delay=0.2)
        for kind in (FaultKind.CUT_AFTER, FaultKind.SERVER_ERROR, FaultKind.MALFORMED_JSON):
            room.world.faults.add(kind, methods="getUpdates", after=1)
        room.world.faults.add(FaultKind.CUT_BEFORE, methods="getFile")
        try:
            process.start()
            await _journey(room, process)
            assert await process.stop() == 0
        finally:
            process.close()
        log = process.log.read_bytes()
        assert b"DEBUG" in log, "nothing was logged at DEBUG"
        assert b"polling waits" in log, "no fault was logged"
        assert hits(log) == []
        found = _files(tmp_path)
        assert {path.name for path in found} >= {"kalkan.sqlite", "secret.key", "vault"}
        assert [path for path in found if hits(str(path).encode())] == []
        assert [path for path in found if path.is_file() and hits(path.read_bytes())] == []
        outgoing = repr([request.params for request in room.world.journal]).encode()
        assert hits(outgoing.replace(TOKEN.encode(), b"")) == hits(outgoing) == []


async def test_a_refused_token_is_not_repeated(tmp_path: Path) -> None:
    """A token that Telegram refuses ends the start with one line that does not hold it."""
    async with open_newsroom(tmp_path / "data") as room:
        room.world.token = f"{TOKEN}-of-another-bot"
        process = BotProcess.of(room, log_level="DEBUG")
        process.start()
        await until(lambda: process.returncode is not None, 60)
        log = process.log.read_bytes()
        assert process.returncode == 2
        assert hits(log) == []
        assert b"Traceback" not in log
        assert b"KALKAN_TELEGRAM_TOKEN" in log.splitlines()[-1]
        process.close()


def hits(data: bytes) -> list[bytes]:
    """Every form of the token's secret part that is in there."""
    forms = [SECRET_PART, SECRET_PART[:20], SECRET_PART[::-1], TOKEN.replace(":", "%3A")]
    encoded = [form.encode() for form in forms] + [SECRET_PART.encode("utf-16-le")]
    return [form for form in encoded if form in data]


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


async def _journey(room: Newsroom, process: BotProcess) -> None:
    world = room.world
    who = world.add_user("Айгуль", language_code="en")
    (token,) = await room.invite(Role.ADMIN)
    world.start(who, token)
    await until(room.is_quiet, 60, process)
    world.forward(who, origins.from_user("Troll", username="troll"), "Мы сожжём вашу редакцию")
    world.send_photo(who, picture(1))
    world.send_document(who, b"not a picture", "broken.png", "image/png")
    world.inject_malformed()
    world.inject_updates([{"message": {"message_id": 9, "from": who.as_json(), "chat": {"id": who.id}, "text": "?"}}])
    world.send_text(who, "/deadletters")
    await until(room.is_quiet, 60, process)


class Boom(Exception):
    """An error whose text must reach nobody."""


async def _fail(*_: object, **__: object) -> None:
    raise Boom(f"{CANARY} {TOKEN}")


def spoken(world: World, who: User) -> str:
    """All that somebody can read from the bot, answers to presses included."""
    answers = [str(press.answer) for press in world.presses.values() if press.user.id == who.id]
    return "\n".join([*(m.text for m in world.bot_messages(who)), *answers])


async def test_a_failing_handler_becomes_a_dead_letter(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The sender reads no error text; the admin finds the update by /deadletters and replays it by its button."""
    who, admin = await newsroom.join(Role.JOURNALIST, Role.ADMIN)
    before = len(newsroom.world.journal)
    with monkeypatch.context() as patched:
        patched.setattr(Submissions, "submit", _fail)
        newsroom.world.forward(who, origins.from_hidden_user("Somebody"), "words that must not be lost")
        await _dead(newsroom, 1)
    await newsroom.quiet()
    said = [
        request for request in newsroom.world.journal.about(who.id, since=before) if request.method == "sendMessage"
    ]
    assert len(said) == 1
    assert "Boom" not in str(said)
    listed = await newsroom.order(admin, "/deadletters")
    assert "Boom" in listed.text
    assert CANARY not in listed.text
    assert actions_of(listed) == ["replay"]
    await newsroom.press(admin, listed, "replay")
    assert "words that must not be lost" in newsroom.card(who, 1).text
    assert newsroom.database.value("SELECT count(*) FROM inbox_updates WHERE state = 'dead'") == 0
    assert CANARY not in spoken(newsroom.world, who) + spoken(newsroom.world, admin)


@pytest.mark.parametrize(
    ("owner", "method", "act"),
    [
        (Cases, "by_number", "/case 1"),
        pytest.param(Accounts, "search", "/clear somebody", marks=pytest.mark.proof),
        (Cases, "rule_threat", "threat"),
        pytest.param(Cases, "undo", "undo", marks=pytest.mark.proof),
    ],
)
async def test_a_failing_service_says_nothing_raw(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, owner: type, method: str, act: str
) -> None:
    """Whatever a service raises, neither a message nor the answer to a press holds its text."""
    (who,) = await newsroom.join(Role.EDITOR)
    newsroom.world.forward(who, origins.from_hidden_user("Somebody"), "words")
    await newsroom.quiet()
    newsroom.later()
    with monkeypatch.context() as patched:
        patched.setattr(owner, method, _fail)
        if act.startswith("/"):
            newsroom.world.send_text(who, act)
        else:
            card = newsroom.card(who, 1)
            data = next(b["callback_data"] for b in card.buttons if b["callback_data"].startswith(f"{act}:"))
            newsroom.world.press_data(who, card, data)
        await _dead(newsroom, 1)
    assert CANARY not in spoken(newsroom.world, who)
    assert SECRET_PART not in spoken(newsroom.world, who)


async def test_a_card_that_cannot_be_drawn_says_nothing_raw(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error while a card is rendered is tried again, and the member reads the card once it works."""
    (who,) = await newsroom.join(Role.JOURNALIST)
    with monkeypatch.context() as patched:
        patched.setattr(replies, "help_card", _raise)
        newsroom.world.send_text(who, "/help")
        failed = "SELECT count(*) FROM outbox_messages WHERE error = 'render'"
        await until(lambda: newsroom.database.value(failed) > 0, 10)
    await newsroom.quiet()
    assert CANARY not in spoken(newsroom.world, who)
    assert newsroom.world.bot_messages(who)[-1].text.count("/mine") == 1


def _raise(*_: object) -> None:
    raise Boom(CANARY)


async def _dead(room: Newsroom, count: int) -> None:
    """Let the tries of failing updates follow each other without their pauses, until they are given up."""
    async with asyncio.timeout(20):
        while room.database.value("SELECT count(*) FROM inbox_updates WHERE state = 'dead'") < count:
            await room.database.write("UPDATE inbox_updates SET not_before = received_at WHERE state = 'new'")
            await asyncio.sleep(0.05)


@pytest.fixture
def formatted() -> Iterator[list[str]]:
    """Every line that the root logger's redacting formatter makes of what is logged."""
    lines: list[str] = []
    formatter = RedactingFormatter((TOKEN,))
    handler = logging.Handler(logging.DEBUG)
    handler.emit = lambda record: lines.append(formatter.format(record))  # type: ignore[method-assign]
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    # What listens to every test hushes it, as the product does.
    requests = logging.getLogger("httpx")
    quiet = requests.level
    requests.setLevel(logging.INFO)
    yield lines
    requests.setLevel(quiet)
    root.removeHandler(handler)
    root.setLevel(level)


async def test_tracebacks_are_redacted(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, formatted: list[str]
) -> None:
    """An error that holds the token is logged with its traceback, without the token; httpx's own lines as well."""
    (who,) = await newsroom.join(Role.JOURNALIST)
    with monkeypatch.context() as patched:
        patched.setattr(Submissions, "submit", _fail)
        newsroom.world.forward(who, origins.from_hidden_user("Somebody"), "words")
        await _dead(newsroom, 1)
    text = "\n".join(formatted)
    assert CANARY in text
    assert "Traceback" in text
    assert "getUpdates" in text or "sendMessage" in text
    assert hits(text.encode()) == []
