"""An accepted report is never lost: the real bot dies at its n-th system call, or is told that the call failed.

strace takes hold of it, from its first deed on or while it works, and kills it or answers in the kernel's stead. Which
calls, and how many of them a thread makes, is what a counting run saw. What is counted really happened.
"""

import asyncio
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from tests.bot_runner import until
from tests.faults.siege import Siege, besieged
from tests.faults.tracing import STRACE, Spell, held, injected, most_by_a_thread, offspring, traced

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.siege,
    pytest.mark.skipif(STRACE is None, reason="the n-th system call is failed by strace, which is missing"),
]

#: In each proof, and in each siege of the full one. These are short: what is sent meanwhile is answered at the end of
#: each, at Telegram's pace.
KILLS, KILLS_OF_A_SIEGE = 6, 20
ERRORS, ERRORS_OF_A_SIEGE = 8, 20
KILL_SIEGES, ERROR_SIEGES = 5, 3
#: Messages a second: enough for each call to come often, and no more than a bot in strace's hands can answer.
A_SECOND = 8
#: Of the database's files, and of every file and socket.
_OF_DATABASE: Final = ("pwrite64", "fdatasync", "openat", "pread64", "fcntl", "ftruncate")
_OF_ALL: Final = ("sendto", "write", "fsync", "rename", "mkdir", "unlink", "openat", "flock")
#: What the kernel may say of each. Those of the database are failed on its files only.
_ERRORS: Final = {
    "pwrite64": ("EIO", "ENOSPC", "EDQUOT", "EINTR"),
    "fdatasync": ("EIO", "EINTR"),
    "openat": ("EIO", "EINTR"),
    "ftruncate": ("EIO",),
    "pread64": ("EIO",),
    "fsync": ("EIO", "ENOSPC"),
    "write": ("ENOSPC",),
    "rename": ("EDQUOT",),
    "unlink": ("EIO",),
    "mkdir": ("ENOSPC",),
}
#: Seconds: of watching what a bot at work does, and of waiting for a call that was drawn.
_WATCHED: Final = 5.0
_LONGEST: Final = 6.0
#: Of the calls that were counted, how many may be waited for: no two runs are the same.
_SURE: Final = 0.6
#: How many of a call a bot at work must have made while it was watched, for one to be waited for.
_OFTEN: Final = 5
#: How many spells one bot lives through, unless it dies of one.
_LIVES: Final = 6


@dataclass(kw_only=True)
class Seen:
    """What a start makes of each call, and what a bot at work does in a few seconds: by its busiest thread."""

    start: Mapping[Spell, int]
    work: Mapping[Spell, int]


@dataclass(kw_only=True)
class Ordeal:
    """A siege with strace in hand."""

    siege: Siege
    log: Path
    seen: Seen = field(default_factory=lambda: Seen(start={}, work={}))

    @classmethod
    async def of(cls, siege: Siege, folder: Path) -> "Ordeal":
        """One that has counted."""
        ordeal = cls(siege=siege, log=folder / "strace.log")
        await ordeal._count()
        return ordeal

    async def _count(self) -> None:
        siege, database = self.siege, self.siege.room.database.path
        spells = [Spell(call=c, database=database) for c in _OF_DATABASE] + [Spell(call=c) for c in _OF_ALL]
        every = ("--decode-fds=path", f"--trace={','.join({spell.call for spell in spells})}")
        siege.process.bear()
        with traced(siege.process.pid, self.log, *every) as tracer:
            assert await held(siege.process.pid, tracer)
            await self._begin()
            others = offspring(siege.process.pid)
        start = most_by_a_thread(self.log, spells, others)
        with traced(siege.process.pid, self.log, *every) as tracer:
            assert await held(siege.process.pid, tracer)
            await asyncio.sleep(_WATCHED)
        work = most_by_a_thread(self.log, spells, others)
        assert len(start) > 5, start
        siege.process.kill()
        await siege.died("after counting")
        siege.deaths.clear()
        often = {spell: count for spell, count in work.items() if count >= _OFTEN}
        assert often, work
        self.seen = Seen(start=start, work=often)

    async def _begin(self) -> None:
        introduced = self.siege.polling()
        self.siege.process.begin()
        await introduced

    def drawn(self, of: Mapping[Spell, int], calls: Sequence[str]) -> tuple[Spell, int]:
        """One of these calls that surely comes, and which one of them."""
        fitting = [spell for spell in of if spell.call in calls]
        spell = self.siege.chance.choice(fitting)
        return spell, self.siege.chance.randint(1, max(1, int(of[spell] * _SURE)))

    async def from_the_start(self, *options: str) -> None:
        """A new bot in strace's hands, until it is gone or has worked a while."""
        process = self.siege.process
        process.bear()
        with traced(process.pid, self.log, *options) as tracer:
            assert await held(process.pid, tracer)
            with suppress(TimeoutError):
                introduced = self.siege.room.world.journal.counts["getMe"]
                process.begin()
                counts = self.siege.room.world.journal.counts
                await until(lambda: counts["getMe"] > introduced or self.gone, _LONGEST)
                await self.gone_within(0.5)

    async def at_work(self, *options: str) -> None:
        """The running bot in strace's hands, until it is gone or a while after a call was answered in its stead."""
        process = self.siege.process
        with traced(process.pid, self.log, *options) as tracer:
            if await held(process.pid, tracer):
                with suppress(TimeoutError):
                    await until(lambda: self.gone or injected(self.log) > 0, _LONGEST)
                await self.gone_within(self.siege.chance.uniform(0.3, 1.5))

    @property
    def gone(self) -> bool:
        """Whether the bot has ended."""
        return self.siege.process.returncode is not None

    async def gone_within(self, seconds: float) -> bool:
        """Wait for its end."""
        with suppress(TimeoutError):
            await until(lambda: self.gone, seconds)
        return self.gone


async def die_at_calls(folder: Path, kills: int, seed: int) -> None:
    """Die at drawn calls until so many deaths have really happened: a third of them while it starts."""
    async with besieged(folder, seed, a_second=A_SECOND) as siege:
        ordeal, missed = await Ordeal.of(siege, folder), 0
        while siege.deaths.total() < kills:
            starting = siege.chance.random() < 1 / 3
            of = ordeal.seen.start if starting else ordeal.seen.work
            spell, number = ordeal.drawn(of, (*_OF_DATABASE, *_OF_ALL))
            options = (*spell.options, f"--inject={spell.call}:signal=KILL:when={number}")
            if starting:
                await ordeal.from_the_start(*options)
            else:
                siege.process.start()
                await siege.polling()
                await ordeal.gone_within(siege.chance.uniform(0, 1))
                await ordeal.at_work(*options)
            code = siege.process.returncode
            siege.process.kill()
            assert code in (None, -signal.SIGKILL), siege.process.last_words()
            if code is not None:
                await siege.died(f"{spell.call}{' at the start' if starting else ''}")
            missed += code is None
            assert missed <= 10 + kills, siege.deaths
        verdict = await siege.finish()
    verdict.check(f"{siege.deaths.total()} killed at a system call, {missed} lived on, {dict(siege.deaths)}")


async def live_with_errors(folder: Path, errors: int, seed: int) -> None:
    """Calls fail, one or a few in a row, until so many spells have really met an error; one in five at the start."""
    async with besieged(folder, seed, a_second=A_SECOND) as siege:
        ordeal, hit, answered, ended, missed, lived = await Ordeal.of(siege, folder), 0, 0, 0, 0, 0
        while hit < errors:
            starting = siege.chance.random() < 1 / 5
            spell, number = ordeal.drawn(ordeal.seen.start if starting else ordeal.seen.work, list(_ERRORS))
            error, length = siege.chance.choice(_ERRORS[spell.call]), siege.chance.choice((0, 0, 3, 20))
            options = (*spell.options, f"--inject={spell.call}:error={error}:when={number}..{number + length}")
            if starting or lived >= _LIVES:
                siege.process.kill()
                await siege.died("killed")
            if starting:
                await ordeal.from_the_start(*options)
                lived = 1
            else:
                if siege.process.returncode is not None or siege.process.is_idle:
                    siege.process.start()
                    await siege.polling()
                    lived = 0
                await ordeal.at_work(*options)
                lived += 1
            count = injected(ordeal.log)
            print(f"{spell.call} {error} {number}..{number + length}{' at the start' if starting else ''}: {count}")
            hit, answered, missed = hit + (count > 0), answered + count, missed + (count == 0)
            if ordeal.gone:
                # It may give up with a clear line (at its start, say), as it would on the operator's disk.
                ended += 1
                siege.process.kill()
                await siege.died(f"{spell.call} {error}")
                lived = 0
            assert missed <= 6 + errors, siege.deaths
        siege.process.kill()
        await siege.died("killed")
        verdict = await siege.finish()
    verdict.check(f"{hit} spells with {answered} errors, {ended} ended it, {missed} missed, {dict(siege.deaths)}")


@pytest.mark.proof
async def test_deaths_at_system_calls(tmp_path: Path) -> None:
    """Six."""
    await die_at_calls(tmp_path, KILLS, 1)


@pytest.mark.proof
async def test_errors_of_system_calls(tmp_path: Path) -> None:
    """Eight."""
    await live_with_errors(tmp_path, ERRORS, 1)


@pytest.mark.slow
@pytest.mark.parametrize("siege", range(1, KILL_SIEGES + 1))
async def test_a_hundred_deaths(tmp_path: Path, siege: int) -> None:
    """A hundred that really happened, twenty in each of five sieges."""
    await die_at_calls(tmp_path, KILLS_OF_A_SIEGE, 1 + siege)


@pytest.mark.slow
@pytest.mark.parametrize("siege", range(1, ERROR_SIEGES + 1))
async def test_sixty_errors(tmp_path: Path, siege: int) -> None:
    """Sixty spells that really met one, twenty in each of three sieges."""
    await live_with_errors(tmp_path, ERRORS_OF_A_SIEGE, 1 + siege)
