"""A running simulator, the real python-telegram-bot against it, and a judge of everything that passes between."""

from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw
from telegram import Bot

from bot.simulator import Simulator, User, World

if TYPE_CHECKING:
    from tests.simulator.schema import Judge

TOKEN = "7000000001:AAtest-token_of_nobody"


@pytest.fixture(autouse=True)
def timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-telegram-bot warns about its old unit of retry_after unless the new one is chosen."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture(scope="session")
def session_judge() -> "Judge":
    """The judge of the whole session: importing it takes seconds."""
    from tests.simulator.schema import Judge

    return Judge()


@pytest.fixture
def judge(session_judge: "Judge") -> Iterator["Judge"]:
    """The judge of one test: any problem fails the test."""
    session_judge.problems.clear()
    yield session_judge
    assert session_judge.problems == []


@pytest.fixture
async def simulator(judge: "Judge") -> AsyncIterator[Simulator]:
    """A simulator whose every exchange is judged."""
    async with Simulator(TOKEN) as running:
        running.observers.append(judge)
        yield running


@pytest.fixture
async def unjudged() -> AsyncIterator[Simulator]:
    """A simulator for tests that break the rules on purpose."""
    async with Simulator(TOKEN) as running:
        yield running


@pytest.fixture
def world(simulator: Simulator) -> World:
    """The world of the simulator."""
    return simulator.world


@pytest.fixture
async def bot(simulator: Simulator) -> AsyncIterator[Bot]:
    """python-telegram-bot, connected to the simulator."""
    async with bot_of(simulator) as connected:
        yield connected


@pytest.fixture
def aigul(world: World) -> User:
    """A journalist who has started the bot."""
    return world.add_user("Айгуль", last_name="Токтоева", language_code="ky", started=True)


def bot_of(simulator: Simulator) -> Bot:
    """A bot for a simulator that the test made itself."""
    return Bot(simulator.world.token, base_url=simulator.base_url, base_file_url=simulator.base_file_url)


def picture(width: int = 400, height: int = 300, *, color: str = "steelblue", kind: str = "JPEG") -> bytes:
    """A picture with a shape in it; JPEG ones carry an orientation and a camera name in EXIF."""
    image = Image.new("RGB", (width, height), color)
    ImageDraw.Draw(image).ellipse((width // 4, height // 4, width // 2, height // 2), fill="white")
    out = BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SpyCam"
    image.save(out, kind, **({"exif": exif} if kind == "JPEG" else {}))
    return out.getvalue()
