"""Webhooks: delivered by POST with the secret, kept and sent again until the bot takes them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest, Conflict

from bot.simulator import Simulator, User, World


class Receiver:
    """A bot's webhook: answers with the statuses it was told, then with 200."""

    def __init__(self) -> None:
        self.url = ""
        self.statuses: list[int] = []
        self.taken: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.seen = asyncio.Event()

    async def handle(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.taken.append(await request.json())
            self.seen.set()
        return web.Response(status=status)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver on a free port."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def _drained(world: World) -> None:
    async with asyncio.timeout(10):
        while len(world.updates):  # noqa: ASYNC110 - a delivery is no event of the world
            await asyncio.sleep(0.01)


async def test_updates_are_posted_with_the_secret(world: World, bot: Bot, aigul: User, receiver: Receiver) -> None:
    """What waited and what comes later is posted once each, with the secret in its header."""
    world.send_text(aigul, "before")
    assert await bot.set_webhook(receiver.url, secret_token="s3cret_-", max_connections=1)
    await _drained(world)
    world.send_text(aigul, "after")
    await _drained(world)
    assert [update["message"]["text"] for update in receiver.taken] == ["before", "after"]
    assert set(receiver.secrets) == {"s3cret_-"}
    assert world.updates.confirmed == 2


async def test_a_refused_update_is_kept_and_sent_again(world: World, bot: Bot, aigul: User, receiver: Receiver) -> None:
    """500, 403 and a redirect keep the update; getWebhookInfo says what went wrong."""
    receiver.statuses = [500, 403, 302]
    await bot.set_webhook(receiver.url)
    world.send_text(aigul, "important")
    await _drained(world)
    assert len(receiver.secrets) == 4
    assert len(receiver.taken) == 1
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == (receiver.url, 0)
    assert info.last_error_message is not None
    assert "Wrong response from the webhook" in info.last_error_message


async def test_polling_and_webhook_exclude_each_other(world: World, bot: Bot, aigul: User, receiver: Receiver) -> None:
    """A webhook ends the poll under way, refuses others, and gives way to polling when deleted."""
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    await bot.set_webhook(receiver.url, allowed_updates=["message"])
    with pytest.raises(Conflict, match="terminated by setWebhook"):
        await poll
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).allowed_updates == ("message",)
    assert await bot.delete_webhook()
    world.send_text(aigul, "by poll")
    assert len(await bot.get_updates()) == 1
    assert receiver.taken == []


async def test_an_unreachable_webhook_loses_nothing(world: World, bot: Bot, aigul: User) -> None:
    """Nobody listens: the update waits, and a later poll gets it."""
    await bot.set_webhook("http://127.0.0.1:9/hook")
    world.send_text(aigul, "anybody?")
    await asyncio.sleep(0.3)
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.delete_webhook()
    assert len(await bot.get_updates()) == 1
    assert await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


@pytest.mark.parametrize("url", ["http://example.org/hook", "ftp://127.0.0.1/x", "nonsense", "https://[bad"])
async def test_addresses_that_telegram_refuses(bot: Bot, url: str) -> None:
    """HTTPS only, but for this machine."""
    with pytest.raises(BadRequest, match="Bad webhook"):
        await bot.set_webhook(url)


async def test_secrets_that_telegram_refuses(bot: Bot, receiver: Receiver) -> None:
    """Letters, digits, _ and - only."""
    with pytest.raises(BadRequest, match="unallowed characters"):
        await bot.set_webhook(receiver.url, secret_token="not good")


async def test_many_updates_in_parallel(unjudged: Simulator, receiver: Receiver) -> None:
    """300 updates through several connections arrive exactly once each."""
    world = unjudged.world
    user = world.add_user("Load")
    body = world.send_text(user, "x").body
    world.inject_updates([{"message": body}] * 299)
    async with Bot(world.token, base_url=unjudged.base_url) as bot:
        await bot.set_webhook(receiver.url, max_connections=20)
        await _drained(world)
    assert len({update["update_id"] for update in receiver.taken}) == len(receiver.taken) == 300
