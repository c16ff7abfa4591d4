"""The simulated Bot API in a process of its own, so that it does not share a core's time with what is measured."""

import argparse
import asyncio
import signal

from benchmarks.forwards import FIRST_SENDER
from bot.simulator import Simulator


async def _run(token: str, port: int, senders: int) -> None:
    simulator = Simulator(token, port=port, page=False)
    for number in range(senders):
        simulator.world.add_user(f"Member {number}", user_id=FIRST_SENDER + number, language_code="ru", started=True)
    await simulator.start()
    print(simulator.address, flush=True)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()
    await simulator.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--token", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--senders", type=int, default=50)
    options = parser.parse_args()
    asyncio.run(_run(options.token, options.port, options.senders))
