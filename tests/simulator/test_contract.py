"""The polling and file contract, held against two servers: ours and one that others wrote (lo-bot-api-emulator).

The other one models a messenger of its own, so only what both promise is asked: offsets, conflicts, files. Its getMe
has no username and it queues messages only.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web
from lo_bot_api_emulator import LoBotApiEmulator
from telegram import Bot, InputMediaPhoto, Update
from telegram.error import BadRequest, Conflict

from bot.simulator import Simulator
from tests.simulator.conftest import TOKEN, picture


@dataclass
class Server:
    """A server under contract: where it is and how a message gets into its queue."""

    address: str
    say: Callable[[str], Awaitable[None]]

    def bot(self) -> Bot:
        """python-telegram-bot for this server."""
        return Bot(TOKEN, base_url=f"{self.address}/bot", base_file_url=f"{self.address}/file/bot")


async def _ours() -> AsyncIterator[Server]:
    async with Simulator(TOKEN) as simulator:
        user = simulator.world.add_user("Aigul", user_id=1001, started=True)

        async def say(text: str) -> None:
            simulator.world.send_text(user, text)

        yield Server(simulator.address, say)


async def _theirs() -> AsyncIterator[Server]:
    emulator = LoBotApiEmulator()
    runner = web.AppRunner(emulator.app(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()

    async def say(text: str) -> None:
        user = {"id": 1001, "is_bot": False, "first_name": "Aigul"}
        chat = {"id": 1001, "type": "private", "first_name": "Aigul"}
        message: dict[str, Any] = {"message_id": 1, "date": 1, "from": user, "chat": chat, "text": text}
        await emulator.enqueue_update({"message": message}, token=TOKEN)

    yield Server(f"http://127.0.0.1:{runner.addresses[0][1]}", say)
    await runner.cleanup()


@pytest.fixture(params=[_ours, _theirs], ids=["ours", "theirs"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    """Each of the two servers."""
    async for running in request.param():
        yield running


async def _ids(bot: Bot, **options: Any) -> list[int]:
    updates: tuple[Update, ...] = await bot.get_updates(**options)
    return [update.update_id for update in updates]


async def test_offsets(server: Server) -> None:
    """No offset confirms nothing, a positive one what lies before it, a negative one all but the last ones."""
    async with server.bot() as bot:
        assert await _ids(bot) == []
        for number in range(6):
            await server.say(str(number))
        ids = await _ids(bot)
        assert ids == list(range(ids[0], ids[0] + 6))
        assert await _ids(bot) == ids
        assert await _ids(bot, limit=2) == ids[:2]
        assert await _ids(bot, offset=ids[2]) == ids[2:]
        assert await _ids(bot, offset=ids[0]) == ids[2:]
        assert await _ids(bot, offset=-2) == ids[4:]
        assert await _ids(bot) == ids[4:]
        assert await _ids(bot, offset=ids[-1] + 1) == []
        assert await _ids(bot) == []


async def test_long_polls(server: Server) -> None:
    """A poll waits for news, and a client that goes away does not swallow them."""
    async with server.bot() as bot, server.bot() as gone:
        poll = asyncio.create_task(_ids(gone, timeout=20))
        await asyncio.sleep(0.2)
        poll.cancel()
        await asyncio.gather(poll, return_exceptions=True)
        await asyncio.sleep(0.4)
        waiting = asyncio.create_task(_ids(bot, timeout=20))
        await asyncio.sleep(0.2)
        await server.say("news")
        assert len(await asyncio.wait_for(waiting, 5)) == 1


async def test_only_one_of_two_polls_survives(server: Server) -> None:
    """Of two polls one gets 409 and the other the update. Which one differs: Telegram ends the older."""
    async with server.bot() as one, server.bot() as two:
        polls = [asyncio.create_task(_ids(one, timeout=20))]
        await asyncio.sleep(0.2)
        polls.append(asyncio.create_task(_ids(two, timeout=20)))
        await asyncio.sleep(0.3)
        await server.say("who?")
        results = await asyncio.wait_for(asyncio.gather(*polls, return_exceptions=True), 10)
        assert sorted(isinstance(result, Conflict) for result in results) == [False, True]
        assert [len(result) for result in results if not isinstance(result, BaseException)] == [1]


async def test_a_document_comes_back_byte_for_byte(server: Server) -> None:
    """Upload, getFile, download: the same bytes; and again by file_id."""
    data = bytes(range(256)) * 1000
    async with server.bot() as bot:
        sent = await bot.send_document(1001, data, filename="evidence.bin")
        assert sent.document is not None
        assert bytes(await (await bot.get_file(sent.document.file_id)).download_as_bytearray()) == data
        again = await bot.send_document(1001, sent.document.file_id)
        assert again.document is not None
        assert bytes(await (await bot.get_file(again.document.file_id)).download_as_bytearray()) == data
        with pytest.raises(BadRequest, match="Wrong file_id"):
            await bot.get_file("made-up")


async def test_albums_have_two_to_ten_items(server: Server) -> None:
    """An album is one group of messages; one item or eleven are refused."""
    items = [InputMediaPhoto(picture(90, 90)) for _ in range(11)]
    async with server.bot() as bot:
        sent = await bot.send_media_group(1001, items[:3])
        assert len({message.media_group_id for message in sent}) == 1
        for wrong in (items[:1], items):
            with pytest.raises(BadRequest):
                await bot.send_media_group(1001, wrong)


@pytest.mark.parametrize(("length", "passes"), [(4096, True), (4097, False)])
async def test_the_longest_text(server: Server, length: int, passes: bool) -> None:
    """4096 UTF-16 units."""
    async with server.bot() as bot:
        if passes:
            assert (await bot.send_message(1001, "я" * length)).text == "я" * length
        else:
            with pytest.raises(BadRequest, match="Message is too long"):
                await bot.send_message(1001, "я" * length)
