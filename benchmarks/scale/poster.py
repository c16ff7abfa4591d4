"""Posts text updates as Telegram does, at a steady rate, in a process of its own; prints how long each took as JSON.

Each is due at its time whatever became of those before it, and its wait counts from then: a receiver that stalls is not
spared. A forward of one chat lies ten seconds behind the last, so that each is a submission of its own.
"""

import argparse
import asyncio
import json
import time
from typing import Any, Final

import aiohttp

from benchmarks.forwards import forward

#: Telegram opens so many connections at most.
CONNECTIONS: Final = 100


class Poster:
    """One stream of updates."""

    def __init__(self, session: aiohttp.ClientSession, options: argparse.Namespace) -> None:
        self._session = session
        self._options = options
        # Not so long ago that whoever wrote is told that it came late.
        self._began_at = int(time.time()) - 200
        self.waits: list[float] = []
        self.refused = 0

    async def run(self) -> None:
        """Post them all."""
        began, rate = time.perf_counter(), self._options.rate
        async with asyncio.TaskGroup() as group:
            for number in range(rate * self._options.seconds):
                due = began + number / rate
                if (pause := due - time.perf_counter()) > 0:
                    await asyncio.sleep(pause)
                group.create_task(self._post(number, due))

    async def _post(self, number: int, due: float) -> None:
        place = self._options.first + number
        update: dict[str, Any] = {"update_id": 1_000 + place}
        update |= forward(place, self._options.senders, self._began_at)
        async with self._session.post(self._options.url, json=update) as response:
            await response.read()
            self.refused += response.status != 200
        self.waits.append(time.perf_counter() - due)


async def _run(options: argparse.Namespace) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": options.secret}
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
        poster = Poster(session, options)
        await poster.run()
    print(json.dumps({"waits": poster.waits, "refused": poster.refused, "cpu": time.process_time()}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--secret", required=True)
    for name in ("rate", "seconds", "senders", "first"):
        parser.add_argument(f"--{name}", type=int, required=True)
    asyncio.run(_run(parser.parse_args()))
