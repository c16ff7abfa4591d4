"""Batching: requests that come together are answered together, each with its own answer or error."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.services.batching import Batched


class Answerer:
    """Doubles numbers when it is let; fails on a batch that holds a negative one. `batches` is what it was asked."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.gate = asyncio.Event()

    async def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        await self.gate.wait()
        if min(numbers) < 0:
            raise ValueError("negative")
        return [2 * number for number in numbers]


async def test_what_waits_goes_together() -> None:
    """The first goes alone at once; what comes meanwhile goes in batches of the largest size, in order."""
    answer = Answerer()
    batched: Batched[int, int] = Batched(answer, 3)
    asked = [asyncio.create_task(batched.ask(1))]
    await asyncio.sleep(0.01)
    asked += [asyncio.create_task(batched.ask(n)) for n in range(2, 9)]
    await asyncio.sleep(0.01)
    answer.gate.set()
    assert await asyncio.gather(*asked) == [2 * n for n in range(1, 9)]
    assert answer.batches == [[1], [2, 3, 4], [5, 6, 7], [8]]
    assert await batched.ask(9) == 18


async def test_an_error_is_everybody_s_in_the_batch_and_nobody_else_s() -> None:
    """The next batch is answered as if nothing had been."""
    answer = Answerer()
    answer.gate.set()
    batched: Batched[int, int] = Batched(answer, 2)
    results = await asyncio.gather(*(batched.ask(n) for n in (1, -1, 2, 3)), return_exceptions=True)
    assert [type(result) for result in results] == [ValueError, ValueError, int, int]


async def test_who_gives_up_does_not_disturb_the_others() -> None:
    """A cancelled request leaves its batch alone."""
    answer = Answerer()
    batched: Batched[int, int] = Batched(answer, 9)
    first, second = (asyncio.create_task(batched.ask(n)) for n in (1, 2))
    await asyncio.sleep(0.01)
    first.cancel()
    answer.gate.set()
    assert await second == 4
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await batched.ask(3) == 6
