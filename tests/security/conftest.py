"""The newsroom that is attacked."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.analysis import Analysis
from tests.bot_runner import Newsroom, detectors, open_newsroom


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def analysis() -> AsyncIterator[Analysis]:
    """The detectors of every attack."""
    async with detectors() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The bot's data folder."""
    return tmp_path / "data"


@pytest_asyncio.fixture(loop_scope="session")
async def newsroom(folder: Path, analysis: Analysis) -> AsyncIterator[Newsroom]:
    """A running bot without members."""
    async with open_newsroom(folder, analysis) as room:
        await room.start_bot()
        yield room
