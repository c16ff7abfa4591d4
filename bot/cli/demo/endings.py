"""How the parts of the demo end: together, and none of them in the middle of a word with its database."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def finished(step: Coroutine[Any, Any, T]) -> T:
    """The result of a short step, which is done to its end also when the demo is stopped meanwhile."""
    task = asyncio.create_task(step)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


async def until_one_ends(*parts: Coroutine[Any, Any, None]) -> None:
    """Run these side by side; when one ends, end the others. Raises what the one raises."""
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def started_then_ended(part: Coroutine[Any, Any, None], started: asyncio.Event) -> None:
    """Run a part that says when it has started; when the demo is stopped before that, it ends right after its start."""
    task = asyncio.create_task(part)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        start = asyncio.create_task(wait(started))
        await asyncio.wait([task, start], return_when=asyncio.FIRST_COMPLETED)
        for each in (task, start):
            each.cancel()
        await asyncio.gather(task, start, return_exceptions=True)
        raise


async def wait(event: asyncio.Event) -> None:
    """Wait for an event."""
    await event.wait()
