"""Room on the disk: the ballast, the two lines, and who is told what."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import NoRoom, Outage
from bot.model.newsroom import Member
from bot.model.rights import Role
from bot.services.disk import DiskLimits, DiskRoom, DiskWatch, Room, make_ballast
from bot.services.lateness import Lateness
from bot.storage.faults import Fault
from bot.storage.inbox import ClaimedUpdate
from bot.storage.store import Store
from bot.storage.vault import Vault
from tests.newsroom import make_member, make_newsroom, queued, said
from tests.stores import StoppedClock

LIMITS = DiskLimits(alarm_percent=15, files_percent=10, ballast_bytes=100_000)
MakeRoom = Callable[..., DiskRoom]


@dataclass
class Disk:
    """A disk as full as a test says."""

    percent: float = 50
    bytes: int = 10**9

    def measure(self, _folder: Path) -> Room:
        return Room(bytes=self.bytes, percent=self.percent)

    def room(self, folder: Path, limits: DiskLimits = LIMITS) -> DiskRoom:
        """Measured anew at each question."""
        made = DiskRoom(folder, folder / "vault", limits, self.measure)
        made.fresh_seconds = made.recount_seconds = -1
        return made


@pytest.fixture
def disk() -> Disk:
    return Disk()


async def test_the_ballast_takes_its_room_and_gives_it_back(tmp_path: Path, disk: Disk) -> None:
    """Real blocks on disk, readable by the owner only; gone on a full disk, made again when there is room."""
    room = disk.room(tmp_path)
    await room.refresh()
    found = room.ballast.stat()
    assert (found.st_size, found.st_mode & 0o777) == (100_000, 0o600)
    assert found.st_blocks * 512 >= 100_000
    disk.percent = 5
    room.on_fault(Fault.FULL)
    await room.refresh()
    assert not room.ballast.exists()
    disk.percent = 50
    await room.refresh()
    assert room.ballast.exists()


@pytest.mark.parametrize("fault", [Fault.READ_ONLY, Fault.FAILING, Fault.DAMAGED])
async def test_only_a_full_disk_takes_the_ballast(tmp_path: Path, disk: Disk, fault: Fault) -> None:
    """Room does not mend anything else."""
    room = disk.room(tmp_path)
    await room.refresh()
    room.on_fault(fault)
    assert room.ballast.exists()


def test_half_a_ballast_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up while it is made is left as it was."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.services.disk._write_all", full)
    with pytest.raises(OSError, match="No space"):
        make_ballast(tmp_path / "ballast", 10)
    assert list(tmp_path.iterdir()) == []


async def test_files_wait_below_the_line(tmp_path: Path, disk: Disk) -> None:
    """At a tenth of the disk they are taken, below it they are not, and nothing is written; above it they are again."""
    vault = Vault(tmp_path / "vault", room=disk.room(tmp_path))
    disk.percent = 10
    await vault.put(b"one")
    disk.percent = 9.9
    with pytest.raises(NoRoom):
        await vault.put(b"two")
    assert _files(tmp_path) == 1
    disk.percent = 11
    await vault.put(b"two")


def _files(folder: Path) -> int:
    return len([path for path in folder.rglob("*") if path.is_file()])


async def test_the_vault_has_a_limit_of_its_own(tmp_path: Path, disk: Disk) -> None:
    """Of all that is kept, counted anew by each refresh."""
    room = disk.room(tmp_path, DiskLimits(alarm_percent=15, files_percent=10, ballast_bytes=0, vault_bytes=100))
    vault = Vault(tmp_path / "vault", room=room)
    await vault.put(b"a" * 60)
    with pytest.raises(NoRoom):
        await vault.put(b"b" * 60)
    await room.refresh()
    await vault.put(b"b" * 30)


async def test_a_full_disk_is_no_room_and_not_an_error(tmp_path: Path, disk: Disk) -> None:
    """Whoever writes a file to a full disk is told to come again; the ballast's room is given to the database."""
    room = disk.room(tmp_path)
    await room.refresh()
    vault = Vault(tmp_path / "vault", room=room)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("bot.storage.vault._write_all", full)
        with pytest.raises(NoRoom):
            await vault.put(b"one")
    assert not room.ballast.exists()


async def test_administrators_are_told_once_a_day(
    store: Store, clock: StoppedClock, tmp_path: Path, disk: Disk
) -> None:
    """Below the line, and nobody else; also after a restart, and again a day later."""
    newsroom = await make_newsroom(store, clock())
    admin = await make_member(store, newsroom, clock(), Role.ADMIN)
    await make_member(store, newsroom, clock(), Role.EDITOR)

    async def sweep() -> bool:
        return await DiskWatch(store, clock, disk.room(tmp_path), newsroom.id).sweep()

    assert not await sweep()
    disk.percent = 14.5
    assert [await sweep(), await sweep()] == [True, False]
    assert await said(store) == await said(store, admin) == ["disk_low"]
    clock.tick(timedelta(hours=23).total_seconds())
    assert not await sweep()
    clock.tick(timedelta(hours=2).total_seconds())
    assert await sweep()


def _update(member: Member, tries: int, chat: int | None = None) -> ClaimedUpdate:
    key = member.telegram_id if chat is None else chat
    return ClaimedUpdate(id=1, newsroom_id=member.newsroom_id, chat_key=key, raw="{}", tries=tries)


async def test_a_member_hears_of_a_delay_once_an_hour(store: Store, clock: StoppedClock) -> None:
    """Not at the first trouble; of a file without room at once; in a group never."""
    member = await make_member(store, await make_newsroom(store, clock()), clock())
    lateness = Lateness(clock)

    async def tell(update: ClaimedUpdate, error: Exception) -> int:
        async with store.write() as conn:
            await lateness.tell(conn, update, error)
        return len(await queued(store))

    assert await tell(_update(member, 1), Outage("Telegram")) == 0
    assert await tell(_update(member, 3), ValueError("ours")) == 0
    assert await tell(_update(member, 3, -100), Outage("Telegram")) == 0
    assert await tell(_update(member, 1), NoRoom("full")) == 1
    assert await tell(_update(member, 4), Outage("Telegram")) == 1
    clock.tick(3601)
    async with store.write() as conn:
        await conn.exec_driver_sql("UPDATE outbox_messages SET state = 'done'")
    assert await tell(_update(member, 4), Outage("Telegram")) == 2
    assert await said(store, member) == ["late_file", "late"]
