"""An accepted report is never lost: the real bot dies at its n-th system call, or is told that the call failed.

strace kills it, or answers in the kernel's stead. Each kill that really happened is counted, and so is each error.
"""

import shutil
import signal
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from tests.bot_runner import until
from tests.faults.siege import Siege, besieged

STRACE: Final = shutil.which("strace")
pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(STRACE is None, reason="the n-th system call is failed by strace, which is missing"),
]

KILLS, ALL_KILLS = 12, 100
ERRORS, ALL_ERRORS = 8, 60
#: Of the database's files, a call and up to which one of them: what a run of a few seconds makes of each.
_OF_DATABASE: Final = (("pwrite64", 120), ("fdatasync", 40), ("openat", 6), ("pread64", 40), ("fcntl", 200))
#: Of every file and socket.
_OF_ALL: Final = (("sendto", 60), ("fsync", 12), ("rename", 8), ("mkdir", 8), ("flock", 12))
_FAILING: Final = (
    ("pwrite64", "EIO", 100),
    ("pwrite64", "ENOSPC", 100),
    ("pwrite64", "EDQUOT", 100),
    ("pwrite64", "EINTR", 100),
    ("fdatasync", "EIO", 40),
    ("fdatasync", "EINTR", 40),
    ("openat", "EIO", 5),
    ("openat", "EINTR", 5),
    ("ftruncate", "EIO", 3),
    ("fsync", "EIO", 10),
    ("fsync", "ENOSPC", 10),
    ("write", "ENOSPC", 40),
    ("rename", "EDQUOT", 8),
    ("unlink", "EIO", 4),
    ("mkdir", "ENOSPC", 8),
)
#: Those that the database makes are failed on its files only: what else the interpreter writes is not what is meant.
_DATABASE_CALLS: Final = frozenset({"pwrite64", "fdatasync", "openat", "ftruncate"})
_LONGEST: Final = 12.0


def _strace(siege: Siege, call: str, injected: str, *, database: bool, log: Path) -> tuple[str, ...]:
    path = siege.room.database.path
    paths = [f"--trace-path={path}{end}" for end in ("", "-wal", "-shm")] if database else []
    options = ("-f", "-qq", "--seccomp-bpf", f"--output={log}", f"--trace={call}", f"--inject={call}:{injected}")
    assert STRACE is not None
    return (STRACE, *options, *paths)


async def die_at_calls(folder: Path, kills: int, seed: int) -> None:
    """Die at drawn calls until so many deaths have really happened."""
    async with besieged(folder, seed) as siege:
        log, missed = folder / "strace.log", 0
        while siege.deaths.total() - missed < kills:
            database = siege.chance.random() < 0.7
            call, most = siege.chance.choice(_OF_DATABASE if database else _OF_ALL)
            number = siege.chance.randint(1, most)
            siege.process.wrapper = _strace(siege, call, f"signal=KILL:when={number}", database=database, log=log)
            siege.process.start()
            if await _dies(siege):
                assert siege.process.returncode == -signal.SIGKILL, siege.process.last_words()
                siege.process.kill()
                await siege.died(call)
            else:
                siege.process.kill()
                await siege.died("the call did not come")
                missed += 1
            assert missed <= 2 * kills + 6, siege.deaths
        verdict = await siege.finish()
    verdict.check(f"{siege.deaths.total() - missed} killed at a system call {dict(siege.deaths)}")


async def live_with_errors(folder: Path, errors: int, seed: int) -> None:
    """Calls fail, one or a few in a row, until so many runs have really met an error."""
    async with besieged(folder, seed) as siege:
        log, hit, injected, missed = folder / "strace.log", 0, 0, 0
        order = [_FAILING[n % len(_FAILING)] for n in range(4 * errors)]
        for call, error, most in order:
            if hit == errors:
                break
            number, length = siege.chance.randint(1, most), siege.chance.choice((0, 0, 3, 20))
            spell = f"error={error}:when={number}..{number + length}"
            siege.process.wrapper = _strace(siege, call, spell, database=call in _DATABASE_CALLS, log=log)
            log.unlink(missing_ok=True)
            siege.process.start()
            await _works_a_while(siege)
            # It may have given up with a clear line (at its start, say), as it would on the operator's disk.
            gone = siege.process.returncode is not None
            siege.process.kill()
            count = _injected(log)
            hit, injected, missed = hit + (count > 0), injected + count, missed + (count == 0)
            await siege.died(f"{call} {error}{' ended it' if gone else ''}" if count else "the call did not come")
        verdict = await siege.finish()
    assert hit == errors, siege.deaths
    verdict.check(f"{hit} runs with {injected} errors {dict(siege.deaths)}")


def _injected(log: Path) -> int:
    return log.read_text(errors="replace").count("(INJECTED)") if log.exists() else 0


async def _dies(siege: Siege) -> bool:
    with suppress(TimeoutError):
        await until(lambda: siege.process.returncode is not None, _LONGEST)
    return siege.process.returncode is not None


async def _works_a_while(siege: Siege) -> None:
    counts = siege.room.world.journal.counts
    introduced = counts["getMe"]
    with suppress(TimeoutError):
        await until(lambda: counts["getMe"] > introduced or siege.process.returncode is not None, 30)
        await until(lambda: siege.process.returncode is not None, siege.chance.uniform(0.7, 2.5))


@pytest.mark.proof
async def test_deaths_at_system_calls(tmp_path: Path) -> None:
    """Twelve."""
    await die_at_calls(tmp_path, KILLS, 1)


@pytest.mark.proof
async def test_errors_of_system_calls(tmp_path: Path) -> None:
    """Eight."""
    await live_with_errors(tmp_path, ERRORS, 1)


@pytest.mark.slow
async def test_a_hundred_deaths(tmp_path: Path) -> None:
    """A hundred that really happened."""
    await die_at_calls(tmp_path, ALL_KILLS, 2)


@pytest.mark.slow
async def test_sixty_errors(tmp_path: Path) -> None:
    """Sixty runs that really met one."""
    await live_with_errors(tmp_path, ALL_ERRORS, 2)
