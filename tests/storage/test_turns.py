"""Whose turn the writer's is: people before the clock's own jobs, nobody left out, nothing lost by a cancellation."""

import asyncio

from bot.storage import turns
from bot.storage.turns import Turns, patiently


async def line_up(lock: Turns, gone: list[str], *names: str) -> list[asyncio.Task[None]]:
    """Let these want the turn, in this order; those that begin with "clock" are patient."""

    async def want(name: str) -> None:
        async with lock.turn():
            gone.append(name)
            await asyncio.sleep(0)

    async def patient(name: str) -> None:
        with patiently():
            await want(name)

    tasks = []
    for name in names:
        tasks.append(asyncio.create_task(patient(name) if name.startswith("clock") else want(name)))
        await asyncio.sleep(0)
    return tasks


async def test_people_go_before_the_clock() -> None:
    """Each among their own in the order in which they came."""
    lock, gone = Turns(), []  # type: tuple[Turns, list[str]]
    async with lock.turn():
        tasks = await line_up(lock, gone, "clock 1", "a", "clock 2", "b")
    await asyncio.gather(*tasks)
    assert gone == ["a", "b", "clock 1", "clock 2"]


async def test_patience_ends() -> None:
    """Whoever has let others go ahead for long enough goes before those who come then."""
    lock, gone = Turns(), []  # type: tuple[Turns, list[str]]
    async with lock.turn():
        tasks = await line_up(lock, gone, "clock")
        await asyncio.sleep(turns._SECONDS + 0.05)
        tasks += await line_up(lock, gone, "late")
    await asyncio.gather(*tasks)
    assert gone == ["clock", "late"]


async def test_one_at_a_time() -> None:
    """However many want it, and whoever fails in it."""
    lock, inside, most = Turns(), 0, 0

    async def want(number: int) -> None:
        nonlocal inside, most
        async with lock.turn():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1
            if number % 3 == 0:
                raise RuntimeError("failed in its turn")

    found = await asyncio.gather(*(want(n) for n in range(30)), return_exceptions=True)
    assert most == 1
    assert sum(isinstance(each, RuntimeError) for each in found) == 10


async def test_a_cancelled_one_keeps_nobody() -> None:
    """Cancelled while it waits, or in the moment in which it is called: the next one has the turn."""
    lock, gone = Turns(), []  # type: tuple[Turns, list[str]]
    async with lock.turn():
        waiting, called, last = await line_up(lock, gone, "waiting", "called", "last")
        waiting.cancel()
    called.cancel()
    await asyncio.gather(waiting, called, last, return_exceptions=True)
    assert gone == ["last"]
    async with asyncio.timeout(1), lock.turn():
        pass
