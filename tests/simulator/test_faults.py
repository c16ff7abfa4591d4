"""Bad days on request: each fault does what it says, to whom it says, as often as it says."""

import asyncio
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.simulator import FaultKind, Simulator, User, World
from bot.simulator.faults import MALFORMED_UPDATES, Faults
from tests.simulator.conftest import bot_of


async def test_too_many_requests(world: World, bot: Bot, aigul: User) -> None:
    """429 with retry_after; nothing is sent; the next one passes."""
    world.faults.add("too_many_requests", methods="sendMessage", retry_after=7)
    with pytest.raises(RetryAfter) as refusal:
        await bot.send_message(aigul.id, "x")
    assert refusal.value.retry_after == timedelta(seconds=7)
    assert world.bot_messages(aigul) == []
    assert await bot.send_message(aigul.id, "x")


@pytest.mark.parametrize("status", [500, 502])
async def test_server_errors(world: World, bot: Bot, aigul: User, status: int) -> None:
    """A server error does nothing."""
    world.faults.add(FaultKind.SERVER_ERROR, status=status)
    with pytest.raises(NetworkError):
        await bot.send_message(aigul.id, "x")
    assert world.bot_messages(aigul) == []
    assert [request.status for request in world.journal.find(method="sendMessage")] == [status]


@pytest.mark.parametrize(
    ("kind", "done"),
    [("timeout_before", 0), ("timeout_after", 1), ("cut_before", 0), ("cut_after", 1), ("malformed_json", 1)],
)
async def test_answers_that_never_come(world: World, bot: Bot, aigul: User, kind: str, done: int) -> None:
    """ "before" did nothing, "after" did it; either way the bot can't know."""
    world.faults.add(kind, methods=["sendMessage"], delay=30)
    with pytest.raises(TelegramError) as failure:
        await bot.send_message(aigul.id, "x", read_timeout=0.3)
    assert not isinstance(failure.value, BadRequest)
    assert isinstance(failure.value, TimedOut) == kind.startswith("timeout")
    assert len(world.bot_messages(aigul)) == done
    (request,) = world.journal.find(method="sendMessage")
    assert (request.fault, request.status) == (kind, 200 if kind == "malformed_json" else 0)


async def test_slow_answers(world: World, bot: Bot, aigul: User) -> None:
    """A slow answer is an answer."""
    world.faults.add("slow", delay=0.3)
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert await bot.send_message(aigul.id, "x")
    assert loop.time() - began >= 0.3


async def test_where_and_when_a_fault_strikes(world: World, bot: Bot, aigul: User) -> None:
    """Another method or chat passes; so do the first ones; after its count it is spent."""
    editor = world.add_user("Editor", started=True)
    world.faults.add("server_error", methods="sendmessage", chat_id=aigul.id, after=1, count=2)
    assert await bot.send_message(editor.id, "other chat")
    assert await bot.get_me()
    results = []
    for _ in range(4):
        try:
            await bot.send_message(aigul.id, "x")
            results.append("sent")
        except NetworkError:
            results.append("failed")
    assert results == ["sent", "failed", "failed", "sent"]


def test_probability_is_repeatable() -> None:
    """Half of the requests are struck, the same half in every run."""
    runs = []
    for _ in range(2):
        faults = Faults(seed=4)
        faults.add("server_error", probability=0.5, count=None)
        runs.append([faults.draw("x", None) is not None for _ in range(400)])
    assert runs[0] == runs[1]
    assert 150 < sum(runs[0]) < 250
    faults.clear()
    assert faults.draw("x", None) is None


@pytest.mark.parametrize(
    "wrong",
    [{"after": -1}, {"count": 0}, {"probability": 0}, {"retry_after": 0}, {"status": 200}, {"delay": -1}],
)
def test_impossible_faults_are_refused(wrong: dict[str, int]) -> None:
    """A fault with senseless numbers is an error at once."""
    with pytest.raises(ValueError, match="a fault needs"):
        Faults().add("slow", **wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="earthquake"):
        Faults().add("earthquake")


async def test_faults_of_polling(world: World, bot: Bot, aigul: User) -> None:
    """A poll that fails confirms nothing and loses nothing."""
    world.send_text(aigul, "still here")
    world.faults.add("malformed_json", methods="getUpdates")
    with pytest.raises(TelegramError):
        await bot.get_updates()
    assert len(await bot.get_updates()) == 1


@pytest.mark.parametrize("variant", sorted(MALFORMED_UPDATES))
async def test_malformed_updates(unjudged: Simulator, variant: str) -> None:
    """A malformed update has an id, is served like others, and is confirmed like others."""
    world = unjudged.world
    number = world.inject_malformed(variant)
    world.send_text(world.add_user("Aigul"), "after it")
    async with bot_of(unjudged) as bot:
        raw = await bot.request.post(f"{unjudged.base_url}{world.token}/getUpdates")
        assert isinstance(raw, list)
        assert [item["update_id"] for item in raw] == [number, number + 1]
        assert len(await bot.get_updates(offset=number + 1)) == 1
    with pytest.raises(ValueError, match="a malformed update is one of"):
        world.inject_malformed("haunted")
