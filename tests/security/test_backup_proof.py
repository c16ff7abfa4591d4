"""Backups under attack and under faults: flipped bits, kills at any instant, a full disk, another engine.

Small numbers here; `make test-slow` runs the full ones.
"""

import asyncio
import errno
import functools
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.errors import KalkanError, Refusal
from bot.sealing.house_keys import HouseKeys
from bot.services.backup.making import BackupMaker, BackupPlaces
from bot.services.backup.restoring import Restorer, check_backup
from bot.storage.dumping import tallies
from bot.storage.store import Store
from bot.storage.vault import Seal, Vault
from tests.backups import IDENTITY, SECRET, TEXT, Backups
from tests.laboratory import analysis
from tests.postgres import PostgresServer, seeing_all
from tests.services.conftest import EditorsDesk, desk, newsroom
from tests.stores import sqlite_url

__all__ = ["analysis", "desk", "newsroom"]
pytestmark = pytest.mark.proof

FLIPS, FLIPS_IN_FULL = 40, 300
KILLS, KILLS_IN_FULL = 4, 30
REFUSALS = "backup_damaged|backup_other_key|backup_foreign|backup_incomplete"


@pytest.fixture
def backups(desk: EditorsDesk, tmp_path: Path) -> Backups:
    """Of this test's newsroom."""
    return Backups(desk=desk, folder=tmp_path)


async def flip(backups: Backups, times: int) -> None:
    """Each of so many backups with one bit flipped is refused, and so is each one that ends early."""
    await backups.work()
    made = await backups.make()
    whole = made.path.read_bytes()
    chance = random.Random(8)
    # The head holds the keys, the end says that nothing was cut off: both get their share.
    places = [chance.randrange(len(whole)) for _ in range(times * 2 // 3)]
    places += [chance.randrange(400) for _ in range(times - len(places) - 8)] + list(range(len(whole) - 8, len(whole)))
    assert len(places) == times
    for place in places:
        broken = bytearray(whole)
        broken[place] ^= 1 << chance.randrange(8)
        made.path.write_bytes(broken)
        with pytest.raises(Refusal, match=REFUSALS):
            await check_backup(made.path, [IDENTITY])
    for _ in range(times // 4):
        made.path.write_bytes(whole[: chance.randrange(len(whole))])
        with pytest.raises(Refusal, match=REFUSALS):
            await check_backup(made.path, [IDENTITY])
    made.path.write_bytes(whole)
    assert (await check_backup(made.path, [IDENTITY])).rows == made.rows


async def test_flipped_bits_are_refused(backups: Backups) -> None:
    """40 of 40, and 10 of 10 that end early, on both engines."""
    await flip(backups, FLIPS)


@pytest.mark.slow
async def test_flipped_bits_are_refused_in_full(backups: Backups) -> None:
    """300 of 300, and 75 of 75 that end early, on both engines."""
    await flip(backups, FLIPS_IN_FULL)


async def test_a_damaged_backup_leaves_nothing_behind(backups: Backups) -> None:
    """Also where all but its last byte could be read: no folder, no file."""
    await backups.work()
    made = await backups.make()
    made.path.write_bytes(made.path.read_bytes()[:-1])
    with pytest.raises(Refusal, match=REFUSALS):
        await backups.restore(made.path)
    assert not [path for path in backups.folder.iterdir() if "restor" in path.name]


async def test_into_postgresql_and_back(backups: Backups, postgres_server: PostgresServer) -> None:
    """A backup of either engine is restored into PostgreSQL, into an empty database only, and verifies there."""
    await backups.work()
    made = await backups.make()
    async with backups.desk.store.read() as conn:
        before = await tallies(conn)
    name = postgres_server.create()
    url = postgres_server.url(name)
    try:
        restored = await Restorer(backups.folder / "one", lambda _part: Store(url)).restore(made.path, [IDENTITY])
        assert restored.is_verified
        store = Store(seeing_all(url))
        try:
            async with store.read() as conn:
                assert await tallies(conn) == before
            assert (await backups.verified(store, Vault(backups.folder / "one" / "vault"))).broken is None
        finally:
            await store.close()
        with pytest.raises(Refusal, match="restore_database_full"):
            await Restorer(backups.folder / "two", lambda _part: Store(url)).restore(made.path, [IDENTITY])
        assert not (backups.folder / "two").exists()
    finally:
        postgres_server.drop(name)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_into_an_encrypted_place_and_on_to_another(backups: Backups) -> None:
    """With a new master key each time: the same rows, bytes and root; nothing plain on the disk; no old key opens."""
    await backups.work()
    async with backups.desk.store.read() as conn:
        before = await tallies(conn)
    made = await backups.make()
    for number in range(2):
        keys = HouseKeys(bytes([number + 1]) * 32)
        place = backups.folder / f"place{number}"
        opened = functools.partial(encrypted, keys)
        seal = Seal(box=keys.vault, names=keys.names)
        restorer = Restorer(place, opened, seal=seal, box=keys.secrets)
        assert (await restorer.restore(made.path, [IDENTITY])).is_verified
        store, vault = opened(place), Vault(place / "vault", seal)
        try:
            async with store.read() as conn:
                assert await tallies(conn) == before
            assert (await backups.verified(store, vault)).broken is None
            assert await vault.names() == await backups.desk.vault.names()
            with pytest.raises(KalkanError):
                await look(encrypted(HouseKeys(b"x" * 32), place))
            plain = [TEXT.encode(), SECRET, b"SQLite format 3", b"PNG", b"JFIF"]
            assert [each for each in plain if each in held(place)] == []
            places = BackupPlaces(vault=vault, keys={"custody.key": place / "custody.key"}, box=keys.secrets)
            backups.desk.clock.tick()
            maker = BackupMaker(store, backups.desk.clock, places)
            made = await maker.make(backups.folder / "backups", [IDENTITY.to_public()])
        finally:
            await store.close()


def encrypted(keys: HouseKeys, folder: Path) -> Store:
    """The encrypted database in a folder."""
    return Store(sqlite_url(folder / "kalkan.sqlite"), keys.database)


async def look(store: Store) -> None:
    """Read anything."""
    try:
        async with store.read() as conn:
            await tallies(conn)
    finally:
        await store.close()


def held(folder: Path) -> bytes:
    """Every byte of a folder."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "kalkan", folder], check=False).returncode:
        pytest.skip("no right to mount a small file system")
    yield folder
    subprocess.run(["umount", folder], check=True)


def within(folder: Path) -> list[Path]:
    """What is in a folder."""
    return list(folder.iterdir())


async def make_many(backups: Backups, folder: Path) -> None:
    """One backup after another."""
    maker = backups.maker
    for _ in range(60):
        backups.desk.clock.tick()
        await maker.make(folder, [IDENTITY.to_public()])


async def test_a_full_disk_leaves_nothing_half(backups: Backups, small_disk: Path) -> None:
    """Wherever it fills up: the error says so, no part stays behind, and every backup that is there is whole."""
    await backups.work()
    first = await backups.maker.make(small_disk, [IDENTITY.to_public()])
    for left in (200_000, 20_000, 4_000, 0):
        filler = small_disk / "filler"
        space = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
        filler.write_bytes(bytes(max(0, space - left)))
        with pytest.raises(OSError, match="No space left") as told:
            await make_many(backups, small_disk)
        assert told.value.errno == errno.ENOSPC
        filler.unlink()
        made = within(small_disk)
        assert first.path in made
        for path in made:
            assert (await check_backup(path, [IDENTITY])).rows == first.rows
            if path != first.path:
                path.unlink()


async def test_a_restore_onto_a_full_disk_leaves_nothing(backups: Backups, small_disk: Path) -> None:
    """The error says so, and the place is as it was."""
    await backups.work()
    made = await backups.make()
    place = small_disk / "place"
    restorer = Restorer(place, lambda part: Store(sqlite_url(part / "kalkan.sqlite")))
    with pytest.raises((OSError, OperationalError), match=r"No space left|disk is full|disk I/O"):
        await restorer.restore(made.path, [IDENTITY])
    assert within(small_disk) == []


RESTORE = """
import sys
from bot.cli.application import run
sys.exit(run(["restore", sys.argv[1], "--identity", sys.argv[2], "--into", sys.argv[3]]))
"""


def spawn(folder: Path, script: str, *arguments: object) -> "subprocess.Popen[bytes]":
    """A command of ours as a process group."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KALKAN_")}
    kept |= {"KALKAN_DATA_DIR": str(folder / "data"), "KALKAN_PLAIN_DATABASE": "yes"}
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        env=kept,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


async def kill(backups: Backups, times: int) -> int:
    """Restores that are killed at different instants; returns how many kills hit a running one."""
    for _ in range(2):
        await backups.work(40)
    made = await backups.make()
    identity = backups.folder / "identity"
    identity.write_text(str(IDENTITY))
    place, killed = backups.folder / "place", 0
    begin = time.monotonic()
    whole = spawn(backups.folder, RESTORE, made.path, identity, backups.folder / "whole")
    assert await asyncio.to_thread(whole.wait, 60) == 0
    seconds = time.monotonic() - begin
    for number in range(times):
        process = spawn(backups.folder, RESTORE, made.path, identity, place)
        await asyncio.sleep(seconds * (0.4 + 0.6 * number / times))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        killed += await asyncio.to_thread(process.wait, 20) == -signal.SIGKILL
        if place.exists():
            assert rows_in(place) == rows_in(backups.folder / "whole")
            place.rename(backups.folder / f"done-{number}")
    process = spawn(backups.folder, RESTORE, made.path, identity, place)
    assert await asyncio.to_thread(process.wait, 60) == 0
    assert rows_in(place) == rows_in(backups.folder / "whole")
    return killed


def rows_in(place: Path) -> int:
    """Rows of a restored database, which is all there."""
    with sqlite3.connect(f"file:{place / 'kalkan.sqlite'}?mode=ro", uri=True) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        count: int = connection.execute("SELECT count(*) FROM comments").fetchone()[0]
    connection.close()
    return count


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_a_killed_restore_leaves_nothing_half(backups: Backups) -> None:
    """kill -9 at four instants: there is no folder, or all of it; the next try works."""
    assert await kill(backups, KILLS) >= KILLS // 2


@pytest.mark.slow
@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_a_killed_restore_leaves_nothing_half_in_full(backups: Backups) -> None:
    """The same at thirty instants."""
    assert await kill(backups, KILLS_IN_FULL) >= KILLS_IN_FULL // 2
