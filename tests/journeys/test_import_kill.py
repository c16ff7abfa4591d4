"""An import that is killed goes on where it was: kill -9 at several points, start again, and compare the archives."""

import asyncio
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.journeys.command_line import CommandLine
from tests.services.import_archive import Archive, archive_of, position_of, write_comments
from tests.stores import migrated_file, open_store, postgres_copy, spare_databases, sqlite_copy, store_url

__all__ = ["migrated_file", "postgres_copy", "spare_databases", "sqlite_copy", "store_url"]

ROWS = 6_000
# Every 97th.
BAD = 62
PATIENCE = 60.0
# Campaigns take their time, and are swept by the bot as well: what is compared is there before.
COMMAND = """
import sys
from bot.cli.runs import imports
from bot.services.campaigns import Campaigns
async def nothing(self, progress=None): return 0
Campaigns.sweep_all = nothing
from bot.cli.application import run
if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
"""


class Import:
    """`kalkan import comments FILE`, again and again."""

    def __init__(self, folder: Path, url: str, file: Path) -> None:
        folder.mkdir()
        self.url = url
        self._kalkan = CommandLine(folder / "data", KALKAN_DATABASE_URL=url)
        script = folder / "kalkan.py"
        script.write_text(COMMAND, encoding="utf-8")
        self._command = [sys.executable, str(script), "import", "comments", str(file)]
        self._kalkan.environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])

    def start(self) -> subprocess.Popen[bytes]:
        """Begin it, or go on with it."""
        return subprocess.Popen(
            self._command, env=self._kalkan.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def finish(self) -> tuple[str, str]:
        """Let it end; what it printed."""
        process = self.start()
        out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, err.decode()
        return out.decode(), err.decode()

    def kill_behind(self, line: int, wait: float) -> None:
        """Start it, and kill it a moment after it has come to a line."""
        # One connection for all the looks: to open one takes longer than the import takes from line to line.
        store = open_store(self.url)
        with asyncio.Runner() as runner:
            process, until = self.start(), time.monotonic() + PATIENCE
            try:
                while (runner.run(position_of(store)) or 0) < line:
                    assert process.poll() is None, "the import ended before it could be killed"
                    assert time.monotonic() < until
                    time.sleep(0.002)
                time.sleep(wait)
            finally:
                process.kill()
                process.communicate()
                runner.run(store.close())

    def position(self) -> int | None:
        """How far it came."""

        async def ask() -> int | None:
            store = open_store(self.url)
            try:
                return await position_of(store)
            finally:
                await store.close()

        return asyncio.run(ask())

    def archive(self) -> Archive:
        """What the archive holds."""

        async def read() -> Archive:
            store = open_store(self.url)
            try:
                return await archive_of(store)
            finally:
                await store.close()

        return asyncio.run(read())


class Undisturbed(NamedTuple):
    """An import that nobody disturbed: its file, what it printed, what the archive holds after it."""

    file: Path
    said: str
    archive: Archive


@pytest.fixture(scope="module")
def undisturbed(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """What every other import of the file is compared with."""
    folder = tmp_path_factory.mktemp("undisturbed")
    file = write_comments(folder / "c.jsonl", ROWS)
    database = folder / "a.sqlite"
    database.write_bytes(migrated_file.read_bytes())
    run = Import(folder / "a", f"sqlite+aiosqlite:///{database}", file)
    said, _ = run.finish()
    return Undisturbed(file, said, run.archive())


@pytest.mark.slow
@pytest.mark.parametrize("store_url", ["sqlite", "postgres"], indirect=True)
def test_killed_import_loses_and_doubles_nothing(store_url: str, undisturbed: Undisturbed, tmp_path: Path) -> None:
    """Killed at two points of the file, it ends with the archive of an import that nobody disturbed."""
    chance = random.Random()
    killed = Import(tmp_path / "b", store_url, undisturbed.file)
    for line in sorted(chance.sample(range(1, ROWS - 4_000), 2)):
        killed.kill_behind(max(line, killed.position() or 0), chance.uniform(0, 0.2))
    out, err = killed.finish()
    assert out == undisturbed.said == f"added {ROWS - BAD}, changed 0, same 0, refused {BAD}\n"
    assert "where the import was interrupted" in err or killed.position() is None
    assert killed.archive() == undisturbed.archive
