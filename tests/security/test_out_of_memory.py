"""Out of memory: the kernel ends workers, or the bot itself, in the midst of work; a picture asks for too much.

The limit is a real one, of a control group. Who is ended is the kernel's choice, as it would be under systemd's
MemoryMax; where the bot itself is to die, the kernel is told to prefer it.
"""

import asyncio
import resource
import signal
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.model.rights import Role
from bot.simulator import origins
from tests.bot_process import BotProcess
from tests.bot_runner import open_newsroom, until
from tests.faults.memory import MemoryBox, memory_box, prefer, why_not
from tests.faults.nursery import nursery
from tests.faults.siege import PATIENCE, Siege, besieged

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.siege]
limited = pytest.mark.skipif(why_not() is not None, reason=f"no real limit of memory: {why_not()}")

DEATHS, ALL_DEATHS = 3, 20
_MARGIN = 8_000_000


@pytest.fixture
def box() -> Iterator[MemoryBox]:
    """A group of processes with a limit."""
    with memory_box() as here:
        yield here


def address_space(pid: int) -> int:
    """Bytes of it that a process has."""
    pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * resource.getpagesize()


async def begin_in(box: MemoryBox, siege: Siege) -> None:
    """A bot that lives in the box from its first deed on."""
    siege.process.bear()
    box.add(siege.process.pid)
    introduced = siege.polling()
    siege.process.begin()
    await introduced


async def die_of_hunger(folder: Path, box: MemoryBox, deaths: int, seed: int) -> None:
    """The bot itself is ended by the kernel, again and again."""
    async with besieged(folder, seed, own_workers=True) as siege:
        for _ in range(deaths):
            before = box.kills
            await begin_in(box, siege)
            await asyncio.sleep(siege.chance.uniform(0.2, 2))
            prefer(siege.process.pid)
            with box.eaten(_MARGIN):
                await until(lambda: siege.process.returncode is not None, PATIENCE)
            assert siege.process.returncode == -signal.SIGKILL, siege.process.last_words()
            assert box.kills > before
            siege.process.kill()
            await siege.died("out of memory")
        verdict = await siege.finish()
    verdict.check(f"{deaths} ended by the kernel for want of memory")


@limited
@pytest.mark.proof
async def test_the_bot_is_out_of_memory(tmp_path: Path, box: MemoryBox) -> None:
    """Three times under twenty messages a second: nothing lost, nothing twice, the log verifies."""
    await die_of_hunger(tmp_path, box, DEATHS, 1)


@limited
@pytest.mark.slow
async def test_the_bot_is_out_of_memory_often(tmp_path: Path, box: MemoryBox) -> None:
    """The same twenty times."""
    await die_of_hunger(tmp_path, box, ALL_DEATHS, 2)


@limited
@pytest.mark.proof
async def test_the_kernel_takes_a_worker_first(tmp_path: Path, box: MemoryBox) -> None:
    """Nobody told it whom: a worker is ended, the bot is not, and goes on by itself."""
    async with besieged(tmp_path, 3, own_workers=True) as siege:
        await begin_in(box, siege)
        await asyncio.sleep(3)
        pid, before = siege.process.pid, box.kills
        with box.eaten(_MARGIN):
            await until(lambda: box.kills >= before + 2, PATIENCE, siege.process)
        await siege.rest()
        assert siege.process.pid == pid
        siege.process.check_alive()
        verdict = await siege.finish()
    verdict.check(f"{box.kills - before} workers ended by the kernel")


@pytest.mark.proof
async def test_the_bot_gets_no_memory(tmp_path: Path) -> None:
    """Its every allocation fails for a while (MemoryError): it ends, or goes on by itself; nothing is lost."""
    async with besieged(tmp_path, 4) as siege:
        siege.process.start()
        await siege.polling()
        await asyncio.sleep(2)
        pid = siege.process.pid
        size = address_space(pid)
        _, hard = resource.prlimit(pid, resource.RLIMIT_AS)
        resource.prlimit(pid, resource.RLIMIT_AS, (size, hard))
        await asyncio.sleep(4)
        if siege.process.returncode is None:
            resource.prlimit(pid, resource.RLIMIT_AS, (hard, hard))
            await _rest_or_end(siege)
        code = siege.process.returncode
        siege.process.kill()
        await siege.died("no memory")
        verdict = await siege.finish()
    how = f"ended with {code}" if code is not None else "went on by itself"
    verdict.check(f"no memory for four seconds: the bot {how}")


async def _rest_or_end(siege: Siege) -> None:
    """What failed for want of memory may bring the bot down later, too: a job that waits and tries again gives up."""
    try:
        await siege.rest()
    except AssertionError:
        if siege.process.returncode is None:
            raise


@pytest.mark.proof
async def test_a_picture_asks_for_too_much(tmp_path: Path) -> None:
    """It is refused in words and kept; texts go on; nothing was started anew."""
    file = BytesIO()
    Image.new("RGBA", (6300, 6300), (9, 120, 40, 128)).save(file, "PNG")
    with nursery(own_workers=True) as here:
        async with open_newsroom(tmp_path / "data", image_memory=200_000_000, image_seconds=60) as room:
            (who,) = await room.admit(Role.JOURNALIST, 1)
            process = BotProcess.of(room)
            process.nursery = here
            try:
                process.start()
                room.world.send_document(who, file.getvalue(), "huge.png", mime_type="image/png")
                room.later()
                room.world.forward(who, origins.from_hidden_user("Асан"), text="сөз")
                room.later()
                pid = process.pid
                await until(room.is_quiet, PATIENCE, process)
                cards = [m.text for m in room.world.bot_messages(who)]
                assert any("needs too much memory" in card or "too much memory" in card for card in cards), cards
                assert any("сөз" in card for card in cards), cards
                assert process.pid == pid
                assert room.database.value("SELECT count(*) FROM photos") == 0
            finally:
                process.close()
