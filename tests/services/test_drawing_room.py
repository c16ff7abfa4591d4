"""The worker that draws: loaded once for a set of charts, gone when nobody asks, never the loop's own process."""

import asyncio
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.analysis import Analysis, AnalysisFailed, AnalysisLimits
from bot.analysis.drawing import DrawingRoom, warm_up
from bot.analysis.limits import WorkerLimits
from bot.documents.handouts.paper import paper
from bot.model.handout import Handout

LIMITS = WorkerLimits(cpu_seconds=60, wall_seconds=120.0, memory_bytes=1 << 30, file_bytes=1 << 20)


def ready() -> None:
    """What the worker loads; with it this module, which lies where a worker may not read."""
    warm_up()


def whoami(*_: object) -> bytes:
    """Which process draws, and whether the library is there already."""
    return f"{os.getpid()} {'matplotlib.figure' in sys.modules}".encode()


async def test_one_worker_draws_a_set_and_leaves() -> None:
    """Two drawings share a worker that has matplotlib loaded; after a while without one it is gone, and comes again."""
    room = DrawingRoom(LIMITS, idle=0.2, load=ready)
    try:
        first, second = await asyncio.gather(room.run(whoami), room.run(whoami, 1))
        pid, loaded = first.split()
        assert first == second
        assert (int(pid) != os.getpid(), loaded) == (True, b"True")
        async with asyncio.timeout(20):
            while room.is_open:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.05)
        assert (await room.run(whoami)).split()[0] != pid
    finally:
        await room.stop()
    assert not room.is_open


async def test_stopping_ends_what_is_under_way() -> None:
    """A drawing under way fails as stopped: the bot never waits for a picture to end."""
    room = DrawingRoom(LIMITS, load=ready)
    task = asyncio.create_task(room.run(_for_ever))
    await asyncio.sleep(0.1)
    await room.stop()
    with pytest.raises(AnalysisFailed):
        await task


def _for_ever() -> bytes:
    while True:
        pass


def test_the_bot_itself_never_loads_the_library() -> None:
    """Whatever the roof and the studio import, matplotlib is not among it."""
    code = "import sys, bot.wiring, bot.documents.charts.studio; print([m for m in sys.modules if m == 'matplotlib'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _write(name: str) -> bytes:
    """Where it wrote."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(b"made")
    return folder.encode()


async def test_a_worker_writes_in_its_own_folder_alone(tmp_path: Path) -> None:
    """A drawing may put files together in a folder that goes with the worker; nobody else may write anywhere."""
    room = DrawingRoom(LIMITS, load=ready, scratch=True)
    try:
        folder = Path((await room.run(_write, "a.txt")).decode()).parent
        assert folder.is_dir()
        with pytest.raises(AnalysisFailed):
            await room.run(_write, str(tmp_path / "outside"))
    finally:
        await room.stop()
    assert not folder.exists()
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - a folder is looked into from a coroutine


async def test_a_paper_is_set_in_the_worker() -> None:
    """A PDF is made where it is made in the product: in a worker that is shut in."""
    handout = Handout(title="Отчёт", under="", made_at=datetime(2026, 11, 3, tzinfo=UTC))
    async with Analysis(AnalysisLimits()) as analysis:
        made = await analysis.drawn(paper, handout, (), "ru")
    assert made.startswith(b"%PDF")
