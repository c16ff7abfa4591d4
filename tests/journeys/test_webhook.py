"""Updates by webhook: the whole bot takes what Telegram posts, keeps it over a kill, and keeps its place."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from telegram import Bot

from bot.errors import SettingsError
from bot.model.rights import Role
from bot.simulator import origins
from bot.wiring import serving
from tests.bot_process import BotProcess
from tests.bot_runner import TOKEN, Newsroom, open_newsroom, until
from tests.journeys.burst import FEW_MEMBERS, account_for, cards_in_flight, send_burst
from tests.journeys.ports import free_port

pytestmark = pytest.mark.asyncio(loop_scope="session")

HIDDEN = origins.from_hidden_user("Reader")


@asynccontextmanager
async def posted(folder: Path) -> AsyncIterator[Newsroom]:
    """A newsroom whose bot gets its updates by webhook."""
    port = free_port()
    places = {"webhook_url": f"http://127.0.0.1:{port}/from-telegram", "webhook_listen": f"127.0.0.1:{port}"}
    async with open_newsroom(folder / "data", send_chat_seconds=0.05, **places) as room:
        yield room


async def test_from_a_post_to_its_card(tmp_path: Path) -> None:
    """Members are answered, nobody polls, who does not know the secret is turned away, and a stop loses nothing."""
    async with posted(tmp_path) as room:
        await room.start_bot()
        (member,) = await room.join(Role.JOURNALIST)
        room.world.forward(member, HIDDEN, text="Мы сожжём вашу редакцию")
        await room.heard(member, "threat")
        assert room.world.journal.counts["getUpdates"] == 0
        async with aiohttp.ClientSession() as session:
            made_up = {"update_id": 1, "message": {"from": {"id": member.id}}}
            async with session.post(str(room.settings.webhook_url), json=made_up) as answer:
                assert answer.status == 403
        await room.quiet()
        await room.stop_bot()
        room.later()
        room.world.forward(member, HIDDEN, text="пока бот спал")
        await asyncio.sleep(0.3)
        assert len(room.world.updates) == 1
        await room.start_bot()
        await room.quiet()
        assert room.database.value("SELECT count(*) FROM submissions") == 2


@pytest.mark.slow
async def test_a_kill_among_posts(tmp_path: Path) -> None:
    """40 forwards are posted while the bot is killed: each becomes one case, with one card."""
    async with posted(tmp_path) as room:
        people = await room.admit(Role.JOURNALIST, FEW_MEMBERS)
        process = BotProcess.of(room)
        try:
            process.start()
            await until(lambda: room.world.journal.counts["setWebhook"] > 0, 60, process)
            burst = send_burst(room, people, random.Random(3))
            count = room.world.journal.counts.total()
            await until(lambda: room.world.journal.counts.total() > count + 20, 60, process)
            process.kill()
            in_flight = cards_in_flight(room.database)
            process.start()
            await until(room.is_quiet, 120, process)
            assert await process.stop() == 0
        finally:
            process.close()
        account = account_for(room, burst, process.kills, in_flight)
    assert (account.lost, account.cases_without_card, account.problems) == ([], [], [])
    assert account.duplicate_cards <= account.kills


@pytest.mark.parametrize("elsewhere", [pytest.param("", marks=pytest.mark.slow), "http://127.0.0.1:9/hook"])
async def test_a_webhook_that_was_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: str) -> None:
    """It is put back, nothing that waits is lost, and administrators are told."""
    monkeypatch.setattr("handlers.webhook._LOOKS", 0.5)
    async with posted(tmp_path) as room:
        await room.start_bot()
        admin, member = await room.join(Role.ADMIN, Role.JOURNALIST)
        await room.stop_bot()
        await room.start_bot()
        async with Bot(TOKEN, base_url=f"{room.simulator.address}/bot") as thief:
            await thief.set_webhook(elsewhere)
            room.world.forward(member, HIDDEN, text="что теперь?")
            await room.heard(admin, "Somebody else uses our bot's token")
            await room.quiet(40)
            assert (await thief.get_webhook_info()).url == str(room.settings.webhook_url)
        assert room.database.value("SELECT count(*) FROM submissions") == 1


async def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """It is refused at the start, with the setting's name."""
    async with posted(tmp_path) as room:
        _, _, port = room.settings.webhook_listen.rpartition(":")
        server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", int(port))
        async with server:
            with pytest.raises(SettingsError, match="KALKAN_WEBHOOK_LISTEN"):
                await serving.serve(room.settings)


async def test_from_webhook_to_polling(tmp_path: Path) -> None:
    """Without the setting the same bot polls again, and its old webhook is gone."""
    async with posted(tmp_path) as room:
        await room.start_bot()
        (member,) = await room.join(Role.JOURNALIST)
        await room.stop_bot()
        room.settings = room.settings.model_copy(update={"webhook_url": None})
        room.world.forward(member, HIDDEN, text="вопрос")
        await room.start_bot()
        await room.quiet()
        assert room.world.journal.counts["getUpdates"] > 0
        assert room.database.value("SELECT count(*) FROM submissions") == 1
