"""The newsroom in which journeys are played."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.analysis import Analysis
from tests.bot_runner import Newsroom, detectors, open_newsroom
from tests.journeys.engines import ENGINES


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def analysis() -> AsyncIterator[Analysis]:
    """The detectors of every journey."""
    async with detectors() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The bot's data folder."""
    return tmp_path / "data"


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> dict[str, object]:
    """The settings of a store: each journey is played on each."""
    return {} if request.param == "sqlite" else {"database_url": request.getfixturevalue("postgres_copy")}


@pytest_asyncio.fixture(loop_scope="session")
async def newsroom(folder: Path, analysis: Analysis, engine: dict[str, object]) -> AsyncIterator[Newsroom]:
    """A running bot without members."""
    async with open_newsroom(folder, analysis, **engine) as room:
        await room.start_bot()
        yield room
