"""Other processes come and go while the bot serves: nothing that it commits afterwards is lost.

SQLite's locks are POSIX's, and whoever closes a descriptor of a file drops all locks of their process on it. A command
that finds none takes itself for the last one, and removes the write-ahead log from under the bot.
"""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.storage.cipher import head_of
from bot.storage.store import Store

KEY = bytes(range(32))
_ROUNDS = 3
_OTHER = """
import sys
from pathlib import Path
path, key, said = sys.argv[1], bytes.fromhex(sys.argv[2]), sys.argv[3]
if key:
    from bot.storage.cipher import open_sealed
    connection = open_sealed(path, key)
else:
    import sqlite3
    connection = sqlite3.connect(path, isolation_level=None)
connection.execute("PRAGMA journal_mode=WAL")
if said:
    connection.execute("INSERT INTO said VALUES (?)", (said,))
print(*(row[0] for row in connection.execute("SELECT words FROM said ORDER BY words")))
connection.close()
"""


async def other(path: Path, key: bytes | None, said: str = "") -> list[str]:
    """What a process of its own reads, after it wrote its word; it is gone then."""
    command = [sys.executable, "-c", _OTHER, str(path), (key or b"").hex(), said]
    root = Path(__file__).parents[2]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, cwd=root, check=True)
    return done.stdout.split()


async def say(store: Store, words: str) -> None:
    """Commit a word."""
    async with store.write() as conn:
        await conn.execute(sa.text("INSERT INTO said VALUES (:words)"), {"words": words})


async def listen(store: Store) -> None:
    """A reader opens a connection of its own, while others have theirs."""
    async with store.read() as conn:
        await conn.execute(sa.text("SELECT count(*) FROM said"))
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("key", [pytest.param(None, id="plain"), pytest.param(KEY, id="encrypted")])
async def test_commits_after_a_command_are_kept(tmp_path: Path, key: bytes | None) -> None:
    """Connections are opened, commands come and go, somebody looks at the file's head: every word is there."""
    path = tmp_path / "kalkan.sqlite"
    store = Store(f"sqlite+aiosqlite:///{path}", key)
    async with store.write() as conn:
        await conn.execute(sa.text("CREATE TABLE said (words TEXT)"))
    expected = []
    for number in range(_ROUNDS):
        await asyncio.gather(*(listen(store) for _ in range(4)))
        await asyncio.to_thread(head_of, path)
        await other(path, key, f"command{number}")
        await say(store, f"bot{number}")
        expected += [f"command{number}", f"bot{number}"]
        assert await other(path, key) == sorted(expected)
    await store.close()
    assert await other(path, key) == sorted(expected)
