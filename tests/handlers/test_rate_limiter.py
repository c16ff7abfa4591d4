"""The pace over all chats, kept at each request that leaves."""

import asyncio

import pytest
from telegram.error import TimedOut

from handlers.pacing import Pace, PaceLimits
from handlers.rate_limiter import RateLimiter
from tests.bot_runner import PATIENCE

LIMITS = PaceLimits(per_second=4, chat_seconds=0, group_per_minute=20)


class Telegram:
    """Answers after a while, and notes what is under way."""

    def __init__(self) -> None:
        self.answer = asyncio.Event()
        self.begun: list[str] = []

    async def ask(self, endpoint: str) -> bool:
        """A request."""
        self.begun.append(endpoint)
        await self.answer.wait()
        return True


async def test_no_more_are_under_way_than_a_second_allows() -> None:
    """Those that hang keep their places: of ten, four go out, and the fifth a second after an answer."""
    telegram, limiter = Telegram(), RateLimiter(Pace(LIMITS))
    asked = [asyncio.create_task(_process(limiter, telegram, "sendMessage")) for _ in range(10)]
    await asyncio.sleep(1.2)
    assert len(telegram.begun) == 4
    telegram.answer.set()
    answered = asyncio.get_running_loop().time()
    async with asyncio.timeout(PATIENCE):
        assert await asyncio.gather(*asked) == [True] * 10
    assert asyncio.get_running_loop().time() - answered >= 2.0


async def test_questions_wait_for_nobody() -> None:
    """What shows nothing takes no place, and is asked while all are taken."""
    telegram, limiter = Telegram(), RateLimiter(Pace(LIMITS))
    asked = [asyncio.create_task(_process(limiter, telegram, "sendMessage")) for _ in range(4)]
    asked += [asyncio.create_task(_process(limiter, telegram, "getChatMember")) for _ in range(20)]
    await asyncio.sleep(0.05)
    assert telegram.begun.count("getChatMember") == 20
    telegram.answer.set()
    await asyncio.gather(*asked)


async def test_a_request_that_fails_gives_its_place_back() -> None:
    """Refused, timed out or cancelled: a second later its place is free."""
    pace = Pace(LIMITS)
    limiter = RateLimiter(pace)

    async def fail(_endpoint: str) -> bool:
        raise TimedOut

    for _ in range(4):
        with pytest.raises(TimedOut):
            await limiter.process_request(fail, ("sendMessage",), {}, "sendMessage", {}, None)
    now = asyncio.get_running_loop().time()
    assert pace.room(now) == 0
    assert pace.room(now + 1.0) == 4


async def test_whoever_gives_up_waiting_takes_no_place() -> None:
    """Cancelled before its turn: neither a place nor the turn is lost."""
    telegram, limiter = Telegram(), RateLimiter(Pace(LIMITS))
    asked = [asyncio.create_task(_process(limiter, telegram, "sendMessage")) for _ in range(4)]
    waiting = asyncio.create_task(_process(limiter, telegram, "sendMessage"))
    await asyncio.sleep(0.05)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    telegram.answer.set()
    await asyncio.gather(*asked)
    async with asyncio.timeout(PATIENCE):
        assert await _process(limiter, telegram, "sendMessage")
    assert len(telegram.begun) == 5


async def _process(limiter: RateLimiter, telegram: Telegram, endpoint: str) -> object:
    return await limiter.process_request(telegram.ask, (endpoint,), {}, endpoint, {}, None)
