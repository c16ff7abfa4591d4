"""An accepted report is never lost: the power goes while the real inbox, desk, vault and log write.

The disk of `tests.faults.powerloss` keeps, of what was not forced to it, none, some or torn pieces of 512 bytes.
"""

import asyncio
import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.sealing.house_keys import HouseKeys
from tests.bot_runner import until
from tests.faults.house import Shift, account_of, finish, open_house, prepare
from tests.faults.powerloss import PowerlessDisk, why_not

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))

#: On each of both: a plain database, and an encrypted one with a sealed vault.
CUTS, ALL_CUTS = 8, 60
KEYS = HouseKeys(bytes(range(32)))
FORMS = [pytest.param(None, id="plain"), pytest.param(KEYS, id="encrypted")]


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


async def cut_once(folder: Path, prepared: Path, seed: int, keys: HouseKeys | None, total: Total) -> None:
    """One run until the power goes, and the start after it."""
    chance, image, shift = random.Random(seed), folder / "image", Shift()
    await asyncio.to_thread(shutil.copytree, prepared, image)
    with PowerlessDisk(folder / "mount", image, seed) as disk:
        async with open_house(disk.mount, keys) as house:
            shifting = asyncio.create_task(shift.run(house, lambda: shift.refused > 0, chance))
            most = chance.randint(1, 80)
            await until(lambda: len(shift.acknowledged) >= most, 60)
            await asyncio.sleep(chance.uniform(0, 0.03))
            await asyncio.to_thread(disk.cut)
            await shifting
    assert disk.writes > 0
    assert disk.syncs > 0
    total.cuts += 1
    async with open_house(image, keys) as house:
        await finish(house)
        account = await account_of(house, shift.acknowledged)
    assert account.problems == [], (seed, account)
    assert account.lost == [], (seed, account)
    assert account.doubled == [], (seed, account)
    total.acknowledged += len(shift.acknowledged)


async def cut_often(folder: Path, cuts: int, keys: HouseKeys | None) -> None:
    """`cuts` runs, each over a disk of its own."""
    prepared, total = folder / "prepared", Total()
    prepared.mkdir()
    await prepare(prepared, keys)
    for seed in range(cuts):
        at = folder / str(seed)
        at.mkdir()
        await cut_once(at, prepared, seed, keys, total)
        await asyncio.to_thread(shutil.rmtree, at)
    print(total.line("plain" if keys is None else "encrypted"))
    assert total.cuts == cuts
    assert total.acknowledged > cuts


@pytest.mark.proof
@pytest.mark.parametrize("keys", FORMS)
async def test_power_cuts(tmp_path: Path, keys: HouseKeys | None) -> None:
    """Eight cuts at drawn instants: nothing acknowledged is lost, nothing happens twice, the log verifies."""
    await cut_often(tmp_path, CUTS, keys)


@pytest.mark.slow
@pytest.mark.parametrize("keys", FORMS)
async def test_many_power_cuts(tmp_path: Path, keys: HouseKeys | None) -> None:
    """The same sixty times."""
    await cut_often(tmp_path, ALL_CUTS, keys)
