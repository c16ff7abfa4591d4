"""What the leads hear when the house itself fails: directly, from memory, and once."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot
from telegram.error import TelegramError

from bot.errors import Damaged
from bot.model.rights import Role
from bot.simulator import User, origins
from bot.storage import inbox as archive
from tests.bot_runner import TOKEN, Newsroom, until
from tests.journeys.engines import ON_SQLITE

pytestmark = pytest.mark.asyncio(loop_scope="session")

HIDDEN = origins.from_hidden_user("Reader")


@asynccontextmanager
async def thief(room: Newsroom) -> AsyncIterator[Bot]:
    """Somebody who has our token."""
    async with Bot(TOKEN, base_url=f"{room.simulator.address}/bot") as bot:
        yield bot


async def watchers(room: Newsroom) -> tuple[User, User, User]:
    """An administrator, a lead and a journalist; the bot has learnt of them."""
    admin, lead, member = await room.join(Role.ADMIN, Role.SECURITY, Role.JOURNALIST)
    await room.stop_bot()
    await room.start_bot()
    return admin, lead, member


def heard_of(room: Newsroom, who: User, words: str) -> int:
    """How often somebody was told."""
    return sum(words in message.text for message in room.world.bot_messages(who))


async def test_a_webhook_of_a_thief(newsroom: Newsroom) -> None:
    """It is taken away as soon as it is seen, nothing that waits is lost, and administrators and leads are told."""
    admin, lead, member = await watchers(newsroom)
    async with thief(newsroom) as bot:
        await bot.set_webhook("http://127.0.0.1:9/hook")
        newsroom.world.forward(member, HIDDEN, text="что теперь?")
        await newsroom.heard(admin, "Somebody else uses our bot's token")
        await newsroom.heard(lead, "Somebody else uses our bot's token")
        assert (await bot.get_webhook_info()).url == ""
    await newsroom.quiet(40)
    assert newsroom.database.value("SELECT count(*) FROM submissions") == 1
    assert heard_of(newsroom, member, "our bot's token") == 0
    told = [m for m in newsroom.world.bot_messages(admin) if "our bot's token" in m.text]
    assert len(told) == 1
    assert "has_protected_content" in told[0].body


async def test_a_webhook_left_from_before(newsroom: Newsroom) -> None:
    """One that stands there at the start is removed without a word: what waited comes by polling."""
    admin, _, member = await watchers(newsroom)
    await newsroom.stop_bot()
    async with thief(newsroom) as bot:
        await bot.set_webhook("http://127.0.0.1:9/hook")
    newsroom.world.forward(member, HIDDEN, text="пока бот спал")
    await newsroom.start_bot()
    await newsroom.quiet(40)
    assert newsroom.database.value("SELECT count(*) FROM submissions") == 1
    assert heard_of(newsroom, admin, "our bot's token") == 0


async def test_somebody_who_polls(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """A conflict that goes on is told, once; one that ends by itself is not."""
    admin, _, _ = await watchers(newsroom)
    async with thief(newsroom) as bot:
        with suppress(TelegramError):
            await bot.get_updates(timeout=0)
        await asyncio.sleep(1)
        assert heard_of(newsroom, admin, "our bot's token") == 0
        monkeypatch.setattr("handlers.polling._CONFLICT_SECONDS", 0.5)
        for _ in range(8):
            with suppress(TelegramError):
                await bot.get_updates(timeout=0)
            await asyncio.sleep(0.5)
    await newsroom.heard(admin, "Somebody else uses our bot's token")
    await newsroom.quiet(40)
    assert heard_of(newsroom, admin, "our bot's token") == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [("attempt to write a readonly database", "cannot be written"), ("disk I/O error", "does not answer")],
)
async def test_a_disk_that_takes_nothing(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, error: str, words: str
) -> None:
    """The leads are told although nothing can be stored, once; then everything goes on as if nothing had been."""
    admin, lead, member = await watchers(newsroom)

    async def failing(*_: Any, **__: Any) -> None:
        raise sqlite3.OperationalError(error)

    monkeypatch.setattr("handlers.distress._LASTING_SECONDS", 0.2)
    with monkeypatch.context() as broken:
        broken.setattr(archive, "accept", failing)
        newsroom.world.forward(member, HIDDEN, text="это не потеряется")
        await newsroom.heard(admin, words)
        await newsroom.heard(lead, words)
        await asyncio.sleep(1.5)
    await newsroom.quiet(40)
    assert heard_of(newsroom, admin, words) == heard_of(newsroom, lead, words) == 1
    assert newsroom.database.value("SELECT count(*) FROM submissions") == 1


@ON_SQLITE
async def test_the_last_words(newsroom: Newsroom) -> None:
    """A damaged database stops the bot, after it has said so."""
    admin, lead, member = await watchers(newsroom)
    path = newsroom.database.path
    await until(newsroom.is_quiet, 10, newsroom)
    await asyncio.to_thread(_spoil, path)
    with pytest.raises(Damaged):
        await until(lambda: False, 20, newsroom)
    with suppress(Damaged):
        await newsroom.stop_bot()
    assert [heard_of(newsroom, who, "database on the server is damaged") for who in (admin, lead, member)] == [1, 1, 0]


def _spoil(path: Path) -> None:
    with path.open("r+b") as file:
        for page in range(1, path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(b"\xa5" * 4096)
    # Never shorter than they are: they are mapped into the memory of the process that plays the bot.
    for end in ("-wal", "-shm"):
        beside = Path(f"{path}{end}")
        with beside.open("r+b") as file:
            file.write(b"\xa5" * max(8192, beside.stat().st_size))
