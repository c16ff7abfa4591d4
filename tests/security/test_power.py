"""An accepted report is never lost: the power goes while the real inbox, desk, vault and log write.

The disk of `tests.faults.powerloss` keeps, of what was not forced to it, none, some or torn pieces of 512 bytes.
"""

import asyncio
import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.house import MakeStore, Shift, account_of, finish, open_house, plain_store, prepare
from tests.faults.powerloss import PowerlessDisk, why_not

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))

CUTS, ALL_CUTS = 8, 60


@dataclass
class Total:
    """The sum over all cuts."""

    cuts: int = 0
    acknowledged: int = 0
    unsynced_lost: int = 0
    lost: int = 0
    doubled: int = 0

    def line(self, name: str) -> str:
        """One line of figures."""
        return (
            f"{name}: {self.cuts} power cuts, {self.acknowledged} updates acknowledged, "
            f"{self.lost} lost, {self.doubled} doubled"
        )


async def cut_once(folder: Path, prepared: Path, seed: int, make_store: MakeStore, total: Total) -> None:
    """One run until the power goes, and the start after it."""
    chance, image, shift = random.Random(seed), folder / "image", Shift()
    await asyncio.to_thread(shutil.copytree, prepared, image)
    with PowerlessDisk(folder / "mount", image, seed) as disk:
        async with open_house(disk.mount, make_store) as house:
            end = asyncio.get_running_loop().time() + chance.uniform(0.05, 0.8)
            shifting = asyncio.create_task(
                shift.run(house, lambda: asyncio.get_running_loop().time() > end + 5 or shift.refused > 0, chance)
            )
            await asyncio.sleep(max(0, end - asyncio.get_running_loop().time()))
            await asyncio.to_thread(disk.cut)
            await shifting
    assert disk.writes > 0
    assert disk.syncs > 0
    total.cuts += 1
    async with open_house(image, make_store) as house:
        await finish(house)
        account = await account_of(house, shift.acknowledged)
    assert account.problems == [], (seed, account)
    assert account.lost == [], (seed, account)
    assert account.doubled == [], (seed, account)
    total.acknowledged += len(shift.acknowledged)


async def cut_often(folder: Path, cuts: int, make_store: MakeStore, name: str) -> None:
    """`cuts` runs, each over a disk of its own."""
    prepared, total = folder / "prepared", Total()
    prepared.mkdir()
    await prepare(prepared, make_store)
    for seed in range(cuts):
        at = folder / str(seed)
        at.mkdir()
        await cut_once(at, prepared, seed, make_store, total)
        await asyncio.to_thread(shutil.rmtree, at)
    print(total.line(name))
    assert total.cuts == cuts
    assert total.acknowledged > cuts


@pytest.mark.proof
async def test_power_cuts(tmp_path: Path) -> None:
    """Eight cuts at drawn instants: nothing acknowledged is lost, nothing happens twice, the log verifies."""
    await cut_often(tmp_path, CUTS, plain_store, "plain")


@pytest.mark.slow
async def test_many_power_cuts(tmp_path: Path) -> None:
    """The same sixty times."""
    await cut_often(tmp_path, ALL_CUTS, plain_store, "plain")
