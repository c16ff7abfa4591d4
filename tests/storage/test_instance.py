"""One process serves a data folder and a database; a second is refused and told who the first is."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import AlreadyServed
from bot.storage import instance
from bot.storage.instance import FILE, Holder, Watch, holder_of, holding, sole

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ME = Holder(pid=os.getpid(), host=socket.gethostname(), since="2026-11-22T10:00:00+00:00")
SQLITE = "sqlite+aiosqlite:///x.sqlite"
HOLD = """
import sys, time
from pathlib import Path
from bot.storage.instance import Holder, holding
with holding(Path(sys.argv[1]), Holder(pid=4242, host="other", since="yesterday")):
    print("held", flush=True)
    time.sleep(60)
"""


async def test_a_second_one_is_refused(tmp_path: Path) -> None:
    """By process id, machine and start of the first; when that one ends, the folder is free."""
    async with sole(tmp_path / "data", SQLITE, NOW):
        assert holder_of(tmp_path / "data") == ME
        with pytest.raises(AlreadyServed) as refused:
            async with sole(tmp_path / "data", SQLITE, NOW):
                pass
        for told in (str(os.getpid()), socket.gethostname(), "2026-11-22T10:00:00"):
            assert told in str(refused.value)
    assert holder_of(tmp_path / "data") is None
    async with sole(tmp_path / "data", SQLITE, NOW):
        pass


def test_a_killed_one_blocks_nobody(tmp_path: Path) -> None:
    """Its note is still there, as after a power cut; its lock is not."""
    held = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE)
    assert held.stdout is not None
    with held, held.stdout:
        assert held.stdout.readline() == b"held\n"
        assert holder_of(tmp_path) == Holder(pid=4242, host="other", since="yesterday")
        held.send_signal(signal.SIGKILL)
    assert b"4242" in (tmp_path / FILE).read_bytes()
    assert holder_of(tmp_path) is None
    with holding(tmp_path, ME):
        pass


async def test_those_who_share_keep_out_whoever_wants_it_alone(postgres_copy: str, tmp_path: Path) -> None:
    """Folder and database are shared by any number, and named to whoever does everything; and the other way round."""
    folder = tmp_path / "data"
    async with sole(folder, postgres_copy, NOW, shared=True), sole(folder, postgres_copy, NOW, shared=True):
        assert holder_of(folder) is not None
        for place in (folder, tmp_path / "other"):
            with pytest.raises(AlreadyServed, match=f"process {os.getpid()}"):
                async with sole(place, postgres_copy, NOW):
                    pass
    async with sole(folder, postgres_copy, NOW):
        for place in (folder, tmp_path / "other"):
            with pytest.raises(AlreadyServed):
                async with sole(place, postgres_copy, NOW, shared=True):
                    pass


@pytest.mark.parametrize("note", [b"", b"\xff\x00", b"[]", b'{"pid": "x"}', b"9" * 5000])
def test_a_spoilt_note_is_no_crash(tmp_path: Path, note: bytes) -> None:
    """The lock decides; the note is only for people."""
    with holding(tmp_path, ME):
        (tmp_path / FILE).write_bytes(note)
        found = holder_of(tmp_path)
        assert found is not None
        assert found.pid is None
        with pytest.raises(AlreadyServed, match="served already"), holding(tmp_path, ME):
            pass


async def test_one_serves_a_postgresql_database(postgres_copy: str, tmp_path: Path) -> None:
    """From two machines, with data folders of their own: the second is refused, and told who the first is."""
    async with sole(tmp_path / "one", postgres_copy, NOW):
        with pytest.raises(AlreadyServed) as refused:
            async with sole(tmp_path / "two", postgres_copy, NOW):
                pass
        assert f"process {os.getpid()} on {socket.gethostname()}" in str(refused.value)
    async with sole(tmp_path / "two", postgres_copy, NOW):
        pass


async def test_a_broken_connection_takes_the_lock_again(postgres_copy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL was restarted: the lock is taken anew, or the bot stops when another has it by then."""
    monkeypatch.setattr(instance, "_LOOK_SECONDS", 0.02)
    first, second = Watch(postgres_copy), Watch(postgres_copy)
    await first.take()
    running = asyncio.create_task(first.run())
    assert first._lock is not None
    try:
        await _cut(first)
        await _until(lambda: _connection(first) is None)
        await _until(lambda: _connection(first) is not None)
        with pytest.raises(AlreadyServed):
            await second.take()
        # Nobody looks while the lock changes hands: whoever looked would take it back before the second could.
        await _ended(running)
        await first._lock.drop()
        await _taken(second)
        running = asyncio.create_task(first.run())
        with pytest.raises(AlreadyServed):
            async with asyncio.timeout(10):
                await running
    finally:
        await _ended(running)
        await first.release()
        await second.release()


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError, AlreadyServed):
        await task


async def _taken(watch: Watch) -> None:
    """The server lets go of the lock of a connection that was cut, a moment after it was cut."""
    async with asyncio.timeout(20):
        while True:
            with suppress(AlreadyServed):
                return await watch.take()
            await asyncio.sleep(0.02)


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - what is looked at belongs to the product
            await asyncio.sleep(0.005)


def _connection(watch: Watch) -> AsyncConnection | None:
    assert watch._lock is not None
    return watch._lock.conn


async def _cut(watch: Watch) -> None:
    held = _connection(watch)
    assert held is not None
    driver = (await held.get_raw_connection()).driver_connection
    assert driver is not None
    driver.terminate()
