"""A process that presses: each of a newsroom's buttons once, as fast as it can, beside others that press the same.

`python -m tests.security.pressing URL NEWSROOM COUNT NAME` notes an effect for each press that counted, in the
transaction of its spending, and prints how many did and how many another process was first at.
"""

import asyncio
import sys
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import DoneElsewhere
from bot.services.presses import Presses
from bot.storage import history
from bot.storage.store import Store
from tests.stage import Recorder


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


async def press_all(url: str, newsroom_id: int, count: int) -> tuple[int, int]:
    """Press every button once; effects of one's own, and presses that came too late."""
    store, mine, late = Store(url), 0, 0
    presses = Presses(store, now)
    for number in range(1, count + 1):
        stage = Recorder()

        async def effect(conn: AsyncConnection, number: int = number) -> None:
            await history.note(conn, newsroom_id, None, ("press", number), "effect", now())

        stage.stage_once(effect)
        presses.spend(stage, newsroom_id, number, "confirm:1:")
        try:
            await stage.commit(store)
        except DoneElsewhere:
            late += 1
        else:
            mine += 1
    await store.close()
    return mine, late


if __name__ == "__main__":
    given: list[Any] = sys.argv[1:]
    print(*asyncio.run(press_all(given[0], int(given[1]), int(given[2]))))
