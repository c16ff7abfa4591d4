"""The stage: the simulated Bot API and the real bot in one process and one loop, by the same path as `kalkan serve`."""

import asyncio
import errno
import logging
import os
import secrets
import signal
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import HttpUrl, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.cli.demo.archive import stock_archive
from bot.cli.demo.cast import BOT_USERNAME, NEWSROOM, People, enter
from bot.cli.demo.clock import StoryClock
from bot.cli.demo.drawing import Drawing
from bot.cli.demo.endings import started_then_ended, until_one_ends, wait
from bot.cli.demo.library import fill_library
from bot.cli.demo.newsroom import Newsroom
from bot.cli.demo.october import October
from bot.clock import utcnow
from bot.config import Settings
from bot.errors import SettingsError
from bot.model.sent_message import MOST_SWEEP_HOURS
from bot.redaction import configure_logging
from bot.simulator import Simulator
from bot.wiring.serving import serve

_ZONE: Final = "Asia/Bishkek"
_FIRST_HOUR: Final = time_of_day(9, 0)
_PORTS_TRIED: Final = 50
_BOT_ID: Final = 4_000_000_377
# A visitor should not wait for the pace that Telegram wants; the simulator asks for none.
_CHAT_SECONDS: Final = 0.05
# Three people forward two thousand messages in half a minute: a newsroom under attack is given wider limits.
_OCTOBER_LIMITS: Final = "forwards=3000/0.02, texts=3000/0.02"


@dataclass(frozen=True, kw_only=True, slots=True)
class Playbill:
    """Where the demo plays; `began` is the monotonic moment at which the command was given."""

    port: int
    folder: Path
    drawing: Drawing
    began: float
    october: bool = False
    once: bool = False


class DemoSettings(Settings):
    """The demo's own settings: the environment and .env of a real newsroom have no say, least of all its database."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given to the constructor, and the defaults."""
        return (init_settings,)


def play(bill: Playbill) -> None:
    """Play until SIGINT or SIGTERM. Raises SettingsError when no port is free."""
    # A proxy of the environment must not be asked for the way to this very machine.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
    asyncio.run(_play(bill))


async def _play(bill: Playbill) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    # `serve` puts its own handlers in their place as soon as it runs.
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    await until_one_ends(_perform(bill), wait(stopped))


async def _perform(bill: Playbill) -> None:
    today = utcnow().astimezone(ZoneInfo(_ZONE))
    clock = StoryClock(datetime.combine(today.date() - timedelta(days=1), _FIRST_HOUR, today.tzinfo))
    token = f"{_BOT_ID}:{secrets.token_urlsafe(27)}"
    configure_logging("WARNING", (token,))
    # On a busy machine a tick is passed over now and then, and the next one does its work.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    simulator = await _open_simulator(bill.port, token, clock)
    try:
        people = enter(simulator.world)
        settings = _settings(bill, token, simulator.address)
        archive = await stock_archive(settings, clock, bill.drawing, today)
        ready = asyncio.Event()

        async def rehearse() -> None:
            await ready.wait()
            if bill.october:
                await October(simulator.world, people, clock, today).replay(archive, settings)
            else:
                await Newsroom(simulator.world, people, clock, today).play(archive, bill.drawing)
            if bill.once:
                return
            await fill_library(simulator.world, bill.drawing)
            _announce(bill, simulator.address, people)
            await asyncio.Event().wait()

        serving = serve(settings, clock=clock, ready=ready)
        await until_one_ends(started_then_ended(serving, ready), rehearse())
    finally:
        await simulator.stop()


async def _open_simulator(port: int, token: str, clock: StoryClock) -> Simulator:
    """The simulator on the port, or on the next free one after it."""
    for wanted in range(port, port + _PORTS_TRIED) if port else (0,):
        simulator = Simulator(token, bot_username=BOT_USERNAME, port=min(wanted, 65535), clock=clock)
        try:
            await simulator.start()
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            continue
        return simulator
    raise SettingsError(f"no port from {port} on is free; --port 0 takes any")


def _settings(bill: Playbill, token: str, address: str) -> Settings:
    return DemoSettings(
        telegram_token=SecretStr(token),
        telegram_base_url=HttpUrl(address),
        data_dir=bill.folder,
        # Nothing in it is real, and it is removed at the end.
        plain_database=True,
        newsroom_name=NEWSROOM,
        zone=_ZONE,
        language="ru",
        send_chat_seconds=_CHAT_SECONDS,
        # A demo on a laptop whose disk is nearly full is no matter for its administrators.
        disk_alarm_percent=0,
        disk_files_percent=0,
        ballast_bytes=0,
        # Nobody sets an authenticator up for a rehearsal; /totp shows how it is done.
        step_up=False,
        # Yesterday's story is there to be read.
        sweep_hours=MOST_SWEEP_HOURS,
        sweep_group_hours=0,
        limits=_OCTOBER_LIMITS if bill.october else "",
    )


def _announce(bill: Playbill, address: str, people: People) -> None:
    seconds = time.monotonic() - bill.began
    print(f"Kalkan demo: {address}/ is ready after {seconds:.1f} s. Ctrl-C ends it.", flush=True)
    cast = (people.journalist, people.editor, people.security, people.admin, people.stranger)
    print(f"  You can be {', '.join(f'{p.first_name} ({p.caption})' for p in cast)}.", flush=True)
    print(f"  Pictures to drag into a chat: {bill.drawing.folder}", flush=True)
