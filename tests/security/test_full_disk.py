"""Disk full and read-only: what was acknowledged is stored, words go on when files cannot, and it recovers by itself.

Full disks are real ones of a few megabytes (tmpfs), read-only and failing ones the disk of `tests.faults.powerloss`,
which refuses every change to files that are open already, as ext4 does after an error.
"""

import asyncio
import errno
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import utcnow
from bot.services.disk import DiskLimits
from tests.faults.house import House, Shift, account_of, open_house, prepare
from tests.faults.powerloss import PowerlessDisk, why_not

# A large share of a small disk: so that there is something left for words.
LIMITS = DiskLimits(alarm_percent=30, files_percent=25, ballast_bytes=300_000)
#: Points of fullness, and spells of a disk that takes no change; together twenty in the slow proof.
POINTS, ALL_POINTS = 4, 14
SPELLS, ALL_SPELLS = 2, 6
ERRORS = (errno.EROFS, errno.EIO, errno.EDQUOT)
_ROOM = 12_000_000


pytestmark = pytest.mark.skipif(why_not() is not None, reason=f"full disks are mounted too: {why_not()}")


class LateClock:
    """Real time, and later: what waits to be tried again need not be waited for."""

    def __init__(self) -> None:
        self.shift = timedelta()

    def __call__(self) -> datetime:
        return utcnow() + self.shift


@dataclass
class Total:
    """The sum over all points."""

    points: int = 0
    acknowledged: int = 0
    refused: int = 0
    words_after_files: int = 0
    ballasts: int = 0

    def line(self, name: str) -> str:
        """One line of figures."""
        return (
            f"{name}: {self.points} points, {self.acknowledged} acknowledged and stored, {self.refused} batches left "
            f"with Telegram, {self.words_after_files} texts done after the first file had to wait, "
            f"{self.ballasts} ballasts given up and made again"
        )


@contextmanager
def small_disk(at: Path, size: int) -> Iterator[Path]:
    """A real disk of so many bytes."""
    at.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(at)], check=True)
    try:
        yield at
    finally:
        subprocess.run(["umount", "-l", str(at)], check=False)


def enlarge(at: Path, size: int) -> None:
    """Somebody makes room."""
    subprocess.run(["mount", "-o", f"remount,size={size}", str(at)], check=True)


async def words_after_files(house: House) -> int:
    """How many texts were done after a file that still waits."""
    async with house.store.read() as conn:
        query = (
            "SELECT count(*) FROM inbox_updates WHERE state = 'done' AND update_id % 3 > 0 AND update_id > "
            "(SELECT min(update_id) FROM inbox_updates WHERE state <> 'done' AND update_id % 3 = 0)"
        )
        return int((await conn.exec_driver_sql(query)).scalar_one())


async def settle(house: House, clock: LateClock) -> None:
    """The disk works again: without a restart everything is done."""
    for _ in range(600):
        clock.shift += timedelta(seconds=31)
        if await house.is_done():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"it does not recover by itself: {await house.states()}")


async def ordeal(folder: Path, shift: Shift, seed: int, mend: Callable[[], None], total: Total) -> None:
    """Updates come until the disk takes none for a while; then it is mended, and the account is drawn."""
    clock, loop = LateClock(), asyncio.get_running_loop()
    async with open_house(folder, limits=LIMITS, clock=clock) as house:
        room = house.room
        assert room is not None
        await room.refresh()
        end = loop.time() + 60

        async def then() -> None:
            had = room.ballast.exists()
            # Most reads go on; where nothing can be written, even a reader may need some.
            with suppress(Exception):
                total.words_after_files += await words_after_files(house)
            await asyncio.to_thread(mend)
            await settle(house, clock)
            await room.refresh()
            assert room.ballast.exists()
            total.ballasts += not had
            await house.custody.sequence()

        await shift.run(house, lambda: shift.refused > 12 or loop.time() > end, random.Random(seed), then)
        account = await account_of(house, shift.acknowledged)
    assert (account.lost, account.doubled, account.problems) == ([], [], []), (seed, account)
    total.points += 1
    total.acknowledged += len(shift.acknowledged)
    total.refused += shift.refused


async def fill_up(folder: Path, points: int) -> Total:
    """Disks of `points` sizes, each filled to the last byte."""
    prepared, total = folder / "prepared", Total()
    await prepare(prepared)
    least = sum(path.stat().st_size for path in prepared.iterdir())
    for point in range(points):
        size = least + 700_000 + 2_300_000 * point // points
        with small_disk(folder / str(point), size) as disk:
            await asyncio.to_thread(shutil.copytree, prepared, disk, dirs_exist_ok=True)
            shift = Shift()
            await ordeal(disk, shift, point, lambda at=disk: enlarge(at, _ROOM), total)  # type: ignore[misc]
    print(total.line("full disks"))
    return total


async def refuse(folder: Path, spells: int) -> Total:
    """Disks that refuse every change after a while, for a while."""
    prepared, total = folder / "prepared", Total()
    await prepare(prepared)
    for spell in range(spells):
        image, at = folder / f"image{spell}", folder / f"at{spell}"
        await asyncio.to_thread(shutil.copytree, prepared, image)
        with PowerlessDisk(at, image, spell) as disk:
            later = asyncio.create_task(_after(0.3 + 0.1 * spell, disk, ERRORS[spell % len(ERRORS)]))
            await ordeal(at, Shift(), spell, lambda on=disk: on.fail(0), total)  # type: ignore[misc]
            await later
    print(total.line("read-only and failing disks"))
    return total


async def _after(seconds: float, disk: PowerlessDisk, number: int) -> None:
    await asyncio.sleep(seconds)
    await asyncio.to_thread(disk.fail, number)


@pytest.mark.proof
async def test_full_disks(tmp_path: Path) -> None:
    """Four sizes: nothing acknowledged is lost, words are done while files wait, all is done once there is room."""
    total = await fill_up(tmp_path, POINTS)
    assert total.refused > 0
    assert total.ballasts == POINTS
    assert total.words_after_files > 10


@pytest.mark.proof
async def test_read_only_disks(tmp_path: Path) -> None:
    """A disk that turns read-only, and one that fails: the same."""
    assert (await refuse(tmp_path, SPELLS)).refused > 0


@pytest.mark.slow
async def test_fourteen_full_disks(tmp_path: Path) -> None:
    """The same with fourteen sizes."""
    total = await fill_up(tmp_path, ALL_POINTS)
    assert total.refused >= ALL_POINTS
    assert total.ballasts == ALL_POINTS
    assert total.words_after_files > 5 * ALL_POINTS


@pytest.mark.slow
async def test_six_read_only_disks(tmp_path: Path) -> None:
    """The same six times, with each error."""
    assert (await refuse(tmp_path, ALL_SPELLS)).refused >= ALL_SPELLS
