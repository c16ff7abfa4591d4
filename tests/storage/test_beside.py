"""Two processes on one SQLite file: what ends first leaves the other one's locks and its log alone."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.storage import file_looks
from bot.storage.file_looks import first_bytes
from bot.storage.store import Store

KEY = bytes(range(32))
# Opens the file as any command does, reads, and ends: the last connection to a file deletes its write-ahead log.
BESIDE = """
import asyncio, sys
import sqlalchemy as sa
from bot.storage.store import Store
async def look():
    store = Store(sys.argv[1], bytes.fromhex(sys.argv[2]) or None)
    async with store.write() as conn:
        await conn.execute(sa.text("INSERT INTO seen VALUES (1000)"))
        print((await conn.execute(sa.text("SELECT count(*) FROM seen"))).scalar())
    await store.close()
asyncio.run(look())
"""


def beside(url: str, key: bytes) -> int:
    """How many rows another process finds, which then adds one and ends."""
    command = [sys.executable, "-c", BESIDE, url, key.hex()]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, cwd=Path.cwd())
    return int(done.stdout)


def descriptors() -> set[Path]:
    """What this process has open."""
    return set(Path("/proc/self/fd").iterdir())


@pytest.mark.parametrize("key", [b"", KEY], ids=["plain", "sqlcipher"])
async def test_a_command_that_ends_leaves_the_log_to_the_bot(tmp_path: Path, key: bytes) -> None:
    """Rows committed here are there for it, its rows for us, again and again, while we open ever new readers."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'kalkan.sqlite'}"
    store = Store(url, key or None)
    async with store.write() as conn:
        await conn.execute(sa.text("CREATE TABLE seen (n INTEGER)"))
    log = tmp_path / "kalkan.sqlite-wal"
    inode = log.stat().st_ino
    for turn in range(3):
        async with store.write() as conn:
            await conn.execute(sa.text("INSERT INTO seen VALUES (1)"))
        # As many readers at once as turns: each opens a connection of its own, and looks at the file before.
        readers = [store.read() for _ in range(turn + 1)]
        opened = [await reader.__aenter__() for reader in readers]
        counts = {(await conn.execute(sa.text("SELECT count(*) FROM seen"))).scalar() for conn in opened}
        for reader in readers:
            await reader.__aexit__(None, None, None)
        assert counts == {2 * turn + 1}
        assert beside(url, key) == 2 * turn + 2
        assert log.stat().st_ino == inode
    await store.close()
    assert not log.exists()
    assert file_looks._KEPT == {}


async def test_a_look_opens_nothing_that_it_would_have_to_close(tmp_path: Path) -> None:
    """While a store is open, a look goes through what is kept; two stores keep one descriptor between them."""
    path = tmp_path / "kalkan.sqlite"
    stores = [Store(f"sqlite+aiosqlite:///{path}") for _ in range(2)]
    for store in stores:
        async with store.write() as conn:
            await conn.execute(sa.text("CREATE TABLE IF NOT EXISTS seen (n INTEGER)"))
        async with store.read() as conn:
            await conn.execute(sa.text("SELECT * FROM seen"))
    before = descriptors()
    assert first_bytes(path, 15) == b"SQLite format 3"
    assert descriptors() == before
    assert [keepers for _, keepers in file_looks._KEPT.values()] == [2]
    await stores[0].close()
    assert first_bytes(path, 15) == b"SQLite format 3"
    await stores[1].close()
    assert file_looks._KEPT == {}
