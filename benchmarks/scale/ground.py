"""Where everything is measured: a real PostgreSQL on loopback, a data folder, and `kalkan` in processes of its own."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]

from benchmarks.throughput import TOKEN, WIDE_LIMITS
from tests.postgres import PostgresServer, running_server, seeing_all

#: A server of a newsroom's own machine: a commit is on the disk before it is answered, and it has some memory.
DURABLE: Final = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "150",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """One installation: its data folder, and PostgreSQL's address; without one it is SQLite's file."""

    folder: Path
    url: str | None = None
    #: Where the code lies that is measured.
    code: Path = Path(__file__).resolve().parents[2]
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What its processes read; nothing of this machine's own settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KALKAN_")}
        place = {"KALKAN_DATABASE_URL": self.url} if self.url is not None else {}
        return {
            **kept,
            **place,
            "PYTHONPATH": str(self.code),
            "KALKAN_TELEGRAM_TOKEN": TOKEN,
            "KALKAN_DATA_DIR": str(self.folder / "data"),
            "KALKAN_PLAIN_DATABASE": "yes",
            "KALKAN_LIMITS": WIDE_LIMITS,
            "KALKAN_LOG_LEVEL": "WARNING",
            "KALKAN_BALLAST_BYTES": "0",
            **self.given,
        }

    def start(self, *words: str, **options: Any) -> subprocess.Popen[Any]:
        """Begin a command of Kalkan's."""
        command = [sys.executable, "-m", "bot", *words]
        return subprocess.Popen(command, env=self.environment, cwd=self.folder, **options)

    def run(self, *words: str) -> None:
        """A command of Kalkan's, to its end."""
        subprocess.run(
            [sys.executable, "-m", "bot", *words],
            env=self.environment,
            cwd=self.folder,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def ask(self, query: str, *values: object) -> list[Any]:
        """Rows of PostgreSQL's, asked from outside, where no wall between newsrooms stands."""
        return asyncio.run(_asked(self.outside, query, values))

    @property
    def outside(self) -> str:
        """The database for asyncpg, as its superuser sees it."""
        return seeing_all(str(self.url)).replace("+asyncpg", "")


async def _asked(url: str, query: str, values: tuple[object, ...]) -> list[Any]:
    connection = await asyncpg.connect(url)
    try:
        rows: list[Any] = await connection.fetch(query, *values)
        return rows
    finally:
        await connection.close()


@contextmanager
def server(**options: str) -> Iterator[PostgresServer]:
    """PostgreSQL as long as it is needed. Raises FileNotFoundError where none is installed."""
    with running_server(**{**DURABLE, **options}) as running:
        yield running


@contextmanager
def on_postgres(running: PostgresServer, **given: str) -> Iterator[House]:
    """An empty installation on a database of its own; `given` are settings."""
    name = running.create()
    with tempfile.TemporaryDirectory(prefix="kalkan-scale-") as folder:
        try:
            yield House(folder=Path(folder), url=running.url(name), given=given)
        finally:
            running.drop(name)


@contextmanager
def on_sqlite(**given: str) -> Iterator[House]:
    """An empty installation on SQLite."""
    with tempfile.TemporaryDirectory(prefix="kalkan-scale-") as folder:
        yield House(folder=Path(folder), given=given)
