"""Telegram fails in every way that it has: the bot recovers by itself, loses nothing, and says so in one line."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.analysis import Analysis
from bot.errors import AlreadyServed, Damaged, SettingsError
from bot.model.rights import Role
from bot.simulator import FaultKind, User, origins
from bot.wiring import serving
from tests.bot_runner import Newsroom, open_newsroom, until
from tests.journeys.burst import picture

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.proof]

HIDDEN = origins.from_hidden_user("Reader")


@pytest_asyncio.fixture(loop_scope="session")
async def room(tmp_path: Path, analysis: Analysis) -> AsyncIterator[Newsroom]:
    """A running bot with one member."""
    async with open_newsroom(tmp_path / "data", analysis) as newsroom:
        await newsroom.start_bot()
        yield newsroom


async def member_of(room: Newsroom) -> User:
    """A journalist who has been welcomed."""
    (who,) = await room.join(Role.JOURNALIST)
    return who


async def files(room: Newsroom, who: User, count: int = 3) -> None:
    """Forward some words, and see each filed once and shown."""
    before = int(room.database.value("SELECT count(*) FROM submission_parts"))
    for number in range(count):
        room.world.forward(who, HIDDEN, text=f"слова {before} {number} {room.people_clock.moment}")
        room.later(60)
    await room.quiet(40)
    assert room.database.value("SELECT count(*) FROM submission_parts") == before + count
    assert room.database.value("SELECT count(*) FROM inbox_updates WHERE state = 'dead'") == 0
    assert room.database.value("SELECT count(*) FROM outbox_messages WHERE state = 'failed'") == 0


TROUBLES = [
    pytest.param(FaultKind.SERVER_ERROR, {"status": 403}, id="403"),
    pytest.param(FaultKind.SERVER_ERROR, {"status": 409}, id="409"),
    pytest.param(FaultKind.SERVER_ERROR, {"status": 500}, id="500"),
    pytest.param(FaultKind.SERVER_ERROR, {"status": 502}, id="502"),
    pytest.param(FaultKind.TOO_MANY_REQUESTS, {"retry_after": 1}, id="429"),
    pytest.param(FaultKind.TIMEOUT_BEFORE, {"delay": 0.2}, id="timeout"),
    pytest.param(FaultKind.TIMEOUT_AFTER, {"delay": 0.2}, id="timeout, done"),
    pytest.param(FaultKind.CUT_BEFORE, {}, id="cut"),
    pytest.param(FaultKind.CUT_AFTER, {}, id="cut, done"),
    pytest.param(FaultKind.MALFORMED_JSON, {}, id="nonsense"),
]


@pytest.mark.parametrize(("kind", "how"), TROUBLES)
async def test_polls_that_fail(room: Newsroom, kind: FaultKind, how: dict[str, float]) -> None:
    """Three polls in a row: then everything comes, once."""
    who = await member_of(room)
    room.world.faults.add(kind, methods="getUpdates", count=3, **how)  # type: ignore[arg-type]
    await files(room, who)
    assert room.world.faults.armed[-1].struck >= 1


@pytest.mark.parametrize(("kind", "how"), [t for t in TROUBLES if t.id not in ("403", "timeout, done")])
async def test_messages_that_fail(room: Newsroom, kind: FaultKind, how: dict[str, float]) -> None:
    """Three requests to send in a row: they are sent again, and each card is shown."""
    who = await member_of(room)
    room.world.faults.add(kind, methods=["sendMessage", "editMessageText"], count=3, **how)  # type: ignore[arg-type]
    await files(room, who)
    assert room.world.faults.armed[-1].struck >= 1
    for number in (1, 2, 3):
        assert room.card(who, number)


async def test_a_network_that_is_gone(room: Newsroom) -> None:
    """Nothing gets through either way for a while; then everything does."""
    who = await member_of(room)
    gone = room.world.faults.add(FaultKind.CUT_BEFORE, count=None)
    for number in range(3):
        room.world.forward(who, HIDDEN, text=f"пока нет сети {number}")
        room.later(60)
    await until(lambda: gone.struck > 4, 30, room)
    room.world.faults.clear()
    await room.quiet(60)
    assert room.database.value("SELECT count(*) FROM submissions") == 3


async def test_files_that_cannot_be_fetched(room: Newsroom) -> None:
    """The member reads once that the answer will be late; words go on, and the pictures come in the end."""
    who = await member_of(room)
    room.world.faults.add(FaultKind.SERVER_ERROR, methods="getFile", count=None)
    before = len(room.world.journal)
    for number in range(2):
        room.world.forward(who, HIDDEN, photo=picture(number))
        room.later(60)
    await room.heard(who, "The answer will be late", since=before, within=30)
    room.world.forward(who, HIDDEN, text="слова между картинками")
    await until(lambda: room.database.value("SELECT count(*) FROM comments") == 1, 30, room)
    room.world.faults.clear()
    room.bot_clock.shift += timedelta(minutes=6)
    await room.quiet(40)
    assert room.database.value("SELECT count(*) FROM photos") == 2
    told = [m for m in room.world.bot_messages(who) if "will be late" in m.text]
    assert len(told) == 1


async def test_a_revoked_token(room: Newsroom, analysis: Analysis) -> None:
    """It stops with one clear line; what was to be said is said under the next token, and nothing is lost."""
    who = await member_of(room)
    room.world.faults.add(FaultKind.SERVER_ERROR, count=None, status=401)
    room.world.forward(who, HIDDEN, text="перед самым концом")
    with pytest.raises(SettingsError, match="KALKAN_TELEGRAM_TOKEN"):
        await until(lambda: False, 20, room)
    with suppress(SettingsError):
        await room.stop_bot()
    assert room.database.value("SELECT count(*) FROM outbox_messages WHERE state = 'failed'") == 0
    room.world.faults.clear()
    await room.start_bot()
    await room.quiet(40)
    assert room.database.value("SELECT count(*) FROM submissions") == 1
    assert room.card(who, 1)


async def test_a_bot_that_was_away_says_so(room: Newsroom) -> None:
    """Down for an hour: whoever wrote meanwhile is told in one line, once, and has the answer; others hear nothing."""
    who, other = await room.join(Role.JOURNALIST, Role.JOURNALIST)
    await room.stop_bot()
    for number in range(3):
        room.world.forward(who, HIDDEN, text=f"пока вас не было {number}")
        room.later(60)
    room.bot_clock.shift += timedelta(hours=1)
    before = len(room.world.journal)
    await room.start_bot()
    await room.heard(who, "out of reach for a while", since=before)
    # The line comes before the answers: what is filed is counted when they are there.
    await room.quiet(40)
    assert room.database.value("SELECT count(*) FROM submission_parts") == 3
    await files(room, who, 1)
    assert sum("out of reach" in m.text for m in room.world.bot_messages(who)) == 1
    assert not any("out of reach" in m.text for m in room.world.bot_messages(other))
    assert room.card(who, 3)


async def test_a_second_instance(room: Newsroom) -> None:
    """On the same data folder it is refused, and the first goes on."""
    with pytest.raises(AlreadyServed, match=r"served already, by process \d+ on "):
        await serving.serve(room.settings)
    await files(room, await member_of(room), 1)


async def test_a_damaged_database(room: Newsroom) -> None:
    """It stops rather than guesses, names the way back, and leaves what members send with Telegram."""
    who = await member_of(room)
    path = room.database.path
    await until(room.is_quiet, 10, room)
    size = await asyncio.to_thread(lambda: path.stat().st_size)
    await asyncio.to_thread(_spoil, path, size)
    with pytest.raises(Damaged, match="kalkan restore"):
        await until(lambda: False, 20, room)
    with suppress(Damaged):
        await room.stop_bot()
    room.world.forward(who, HIDDEN, text="что теперь?")
    await asyncio.sleep(0.2)
    assert len(room.world.updates) == 1


def _spoil(path: Path, size: int) -> None:
    with path.open("r+b") as file:
        for page in range(1, size // 4096):
            file.seek(page * 4096)
            file.write(b"\xa5" * 4096)
    for end in ("-wal", "-shm"):
        Path(f"{path}{end}").write_bytes(b"\xa5" * 8192)


@pytest.mark.parametrize("years", [-10, 10])
async def test_a_clock_that_jumps(room: Newsroom, years: int) -> None:
    """Ten years back or forth while it runs: updates are handled, no expired invite comes back to life."""
    who = await member_of(room)
    (token,) = await room.invite(Role.EDITOR)
    room.bot_clock.shift += timedelta(days=30)
    await room.tell_expired()
    room.bot_clock.shift += timedelta(days=365 * years)
    await files(room, who)
    room.bot_clock.shift -= timedelta(days=365 * years)
    await files(room, who)
    members = room.database.value("SELECT count(*) FROM members")
    room.bot_clock.shift -= timedelta(days=30)
    room.world.start(room.world.add_user("Late"), token)
    await room.quiet()
    assert room.database.value("SELECT count(*) FROM members") == members
