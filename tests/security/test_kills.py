"""An accepted report is never lost: `kill -9` under twenty updates a second, while Telegram has a bad day."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.siege import bad_weather, besieged

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.siege]

KILLS = 12
#: Two hundred, in newsrooms of their own: the log is checked after each, and a log of an hour takes longer than a kill.
SIEGES, KILLS_OF_A_SIEGE = 10, 20


async def kill_often(folder: Path, kills: int, seed: int) -> None:
    """Start it, let it work for a drawn while, kill it; again and again, and the log is checked each time."""
    async with besieged(folder, seed) as siege:
        bad_weather(siege, seed)
        # Some twenty of them may all meet a bot that had nothing in hand.
        while siege.process.kills < kills or not siege.redelivered:
            assert siege.process.kills < 3 * kills
            siege.process.start()
            # Some die before they have polled.
            if siege.chance.random() < 0.9:
                await siege.polling()
                await asyncio.sleep(siege.chance.uniform(0, 1.5))
            else:
                await asyncio.sleep(siege.chance.uniform(0.1, 1.5))
            siege.process.check_alive()
            siege.process.kill()
            await siege.died("kill -9")
        verdict = await siege.finish()
    verdict.check(f"{siege.process.kills} kill -9, {siege.redelivered} updates delivered again")


@pytest.mark.proof
async def test_kills(tmp_path: Path) -> None:
    """Twelve kills."""
    await kill_often(tmp_path, KILLS, 1)


@pytest.mark.slow
@pytest.mark.parametrize("siege", range(1, SIEGES + 1))
async def test_two_hundred_kills(tmp_path: Path, siege: int) -> None:
    """Two hundred, twenty in each of ten sieges."""
    await kill_often(tmp_path, KILLS_OF_A_SIEGE, 1 + siege)
