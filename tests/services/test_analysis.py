"""The pools: hostile pictures and texts cost their own worker at most, and no process outlives its purpose."""

import asyncio
import gc
import os
import resource
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from bot.analysis import (
    Analysis,
    AnalysisFailed,
    AnalysisLimits,
    ImageLimits,
    ImageRefused,
    TextFailure,
    TextFinding,
    TextJob,
    batches,
    worker,
)
from bot.analysis.findings import TextResult
from bot.analysis.limits import WorkerLimits
from bot.analysis.pool import LimitedPool
from detection.image.packing import unpack
from detection.threats import StaffName
from tests.detection.image import hostile
from tests.services import misbehaving

PHOTO = hostile.encoded(hostile.drawing())
MEGABYTE = 1 << 20
LIMITS = AnalysisLimits(image_workers=1, image_cpu_seconds=4, image_wall_seconds=8.0)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def analysis() -> AsyncIterator[Analysis]:
    async with Analysis(LIMITS) as running:
        yield running


def pool_with(**changed: float) -> LimitedPool:
    """A pool of one worker with small limits, for functions that misbehave on purpose."""
    limits = {"cpu_seconds": 2, "wall_seconds": 3.0, "memory_bytes": 300 * MEGABYTE, "file_bytes": MEGABYTE} | changed
    return LimitedPool(workers=1, tasks_per_worker=0, warm_up=misbehaving.ready, limits=WorkerLimits(**limits))


@pytest.fixture
async def pool() -> AsyncIterator[LimitedPool]:
    running = pool_with()
    running.start()
    yield running
    await running.stop()


def children() -> set[int]:
    """Worker processes of this one; Python's own resource tracker is none."""
    mine = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rsplit(")", 1)[1].split()[:2]
            command = (stat.parent / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if int(parent) == os.getpid() and state != "Z" and b"spawn_main" in command:
            mine.add(int(stat.parent.name))
    return mine


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def resident() -> int:
    """Bytes of memory this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


async def eventually(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.05)
    return True


@pytest.mark.asyncio(loop_scope="module")
async def test_picture_is_examined(analysis: Analysis) -> None:
    """A photo comes back with its size, its format and a fingerprint."""
    found = await analysis.image(PHOTO)
    assert (found.width, found.height, found.format) == (400, 300, "JPEG")
    assert unpack(found.packed).regions


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("case", hostile.CORPUS, ids=lambda case: case.name)
async def test_hostile_picture_is_answered_in_time(analysis: Analysis, case: hostile.Hostile) -> None:
    """Each is refused by its code or examined within 5 seconds; this process does not grow by 50 MB, the pool lives."""
    await analysis.image(PHOTO)
    data = case.make()
    before, started = resident(), time.monotonic()
    try:
        await analysis.image(data)
        code = "fine"
    except ImageRefused as refusal:
        code = refusal.code
    assert time.monotonic() - started <= 5
    assert code in case.codes
    if resident() - before >= 50 * MEGABYTE:
        # Only now: in a process as large as that of a whole test run it takes longer than the rest of the test.
        gc.collect()
    assert resident() - before < 50 * MEGABYTE
    assert (await analysis.image(PHOTO)).width == 400


@pytest.mark.asyncio(loop_scope="module")
async def test_clean_copy_of_polyglot_is_clean(analysis: Analysis) -> None:
    """What may be sent on is a JPEG that carries none of the source's metadata or trailing bytes."""
    copy = await analysis.clean_copy(hostile.with_everything(hostile.drawing()), 320)
    assert not [mark for mark in hostile.FOREIGN if mark in copy]
    assert (await analysis.image(copy)).width == 320


@pytest.mark.asyncio(loop_scope="module")
async def test_texts_are_examined_in_order(analysis: Analysis) -> None:
    """Each text has its own finding, with the links hidden behind words and the staff it may target."""
    staff = (StaffName(ref=4, kind="person", names=("Aibek Example",)),)
    jobs = [TextJob(text=f"ordinary words number {n}", staff=staff) for n in range(50)]
    jobs.append(TextJob(text="look", urls=("https://t.me/some_channel/5",)))
    assert await analysis.texts(jobs) == worker.examine_texts(jobs)
    assert await analysis.texts([]) == []


@pytest.mark.asyncio(loop_scope="module")
async def test_album_does_not_delay_texts(analysis: Analysis) -> None:
    """While ten large pictures are examined, texts are answered by their own pool."""
    large = hostile.encoded(hostile.drawing(2, (4000, 3000)))
    album = [asyncio.create_task(analysis.image(large)) for _ in range(10)]
    await asyncio.sleep(0)
    await analysis.texts([TextJob(text="meanwhile")])
    assert sum(not task.done() for task in album) >= 5
    assert len(await asyncio.gather(*album)) == 10


@pytest.mark.asyncio(loop_scope="module")
async def test_loop_stays_awake(analysis: Analysis) -> None:
    """Nothing that is examined holds up the event loop."""
    large = hostile.encoded(hostile.drawing(2, (4000, 3000)))
    work = asyncio.gather(*(analysis.image(large) for _ in range(4)))
    longest, last = 0.0, time.monotonic()
    while not work.done():
        await asyncio.sleep(0.01)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    await work
    assert longest < 0.5


@pytest.mark.asyncio(loop_scope="module")
async def test_thousand_texts_a_second(analysis: Analysis) -> None:
    """2,000 texts that arrive one by one are joined into batches, else the border alone would take longer."""
    await analysis.texts([TextJob(text="warm")])
    started = time.monotonic()
    await asyncio.gather(*(analysis.texts([TextJob(text=f"a common comment, number {n}")]) for n in range(2000)))
    assert time.monotonic() - started < 4


async def test_endless_task_is_ended(pool: LimitedPool) -> None:
    """A task that spins is ended by the processor limit; the next one runs in a new worker."""
    first = await pool.run(os.getpid)
    started = time.monotonic()
    with pytest.raises(AnalysisFailed) as failure:
        await pool.run(misbehaving.spin)
    assert failure.value.code == "timeout"
    assert time.monotonic() - started < 5
    assert await pool.run(os.getpid) != first


async def test_sleeping_task_is_ended(pool: LimitedPool) -> None:
    """A task that waits uses no processor and is ended by the clock."""
    with pytest.raises(AnalysisFailed) as failure:
        await pool.run(time.sleep, 60)
    assert failure.value.code == "timeout"
    assert await pool.run(abs, -1) == 1


async def test_greedy_task_gets_no_memory(pool: LimitedPool) -> None:
    """A task that asks for more memory than the limit fails as such, and the worker goes on."""
    first = await pool.run(os.getpid)
    with pytest.raises(AnalysisFailed) as failure:
        await pool.run(misbehaving.swell)
    assert failure.value.code == "memory"
    assert await pool.run(os.getpid) == first


async def test_dying_worker_is_replaced(pool: LimitedPool) -> None:
    """A worker that dies over its task takes only that task with it."""
    with pytest.raises(AnalysisFailed) as failure:
        await pool.run(misbehaving.die)
    assert failure.value.code == "crashed"
    assert await pool.run(abs, -1) == 1


async def test_a_task_whose_worker_is_killed_is_done_all_the_same() -> None:
    """The kernel takes a worker for want of memory, and the next one as well: the task is tried again."""
    pool = pool_with(wall_seconds=30.0)
    pool.start()
    try:
        known = children()

        def fresh() -> set[int]:
            return children() - known

        worker_id = await pool.run(os.getpid)
        task = asyncio.create_task(pool.run(misbehaving.burn, 1.0))
        for _ in range(2):
            await asyncio.sleep(0.5)
            known.add(worker_id)
            os.kill(worker_id, signal.SIGKILL)
            assert await eventually(lambda: bool(fresh()))
            worker_id = max(fresh())
        await task
    finally:
        await pool.stop()


async def test_worker_killed_between_tasks_is_replaced(pool: LimitedPool) -> None:
    """A worker that the system ends while it waits costs no task."""
    first = await pool.run(os.getpid)
    os.kill(first, signal.SIGKILL)
    await asyncio.sleep(0.5)
    assert await pool.run(os.getpid) != first


async def test_exception_that_cannot_be_unpickled_is_harmless(pool: LimitedPool) -> None:
    """A library's odd exception fails its task and breaks nothing."""
    first = await pool.run(os.getpid)
    with pytest.raises(AnalysisFailed) as failure:
        await pool.run(misbehaving.raise_oddly)
    assert failure.value.code == "crashed"
    assert await pool.run(os.getpid) == first


async def test_worker_writes_no_large_file_and_no_core(pool: LimitedPool, tmp_path: Path) -> None:
    """A worker's files are limited and its memory is never dumped to disk."""
    with pytest.raises(AnalysisFailed):
        await pool.run(misbehaving.write_much, str(tmp_path / "much"))
    # Where the system has Landlock there is no file at all.
    assert not (tmp_path / "much").exists() or (tmp_path / "much").stat().st_size <= MEGABYTE
    assert await pool.run(misbehaving.core_limit) == (0, 0)


async def test_processor_limit_counts_per_task() -> None:
    """A worker may use its seconds for each task anew, however long it waits for a core meanwhile."""
    pool = pool_with(wall_seconds=60.0)
    pool.start()
    try:
        first = await pool.run(os.getpid)
        for _ in range(4):
            await pool.run(misbehaving.burn, 0.8)
        assert await pool.run(os.getpid) == first
    finally:
        await pool.stop()


async def test_cancelled_task_frees_its_worker(pool: LimitedPool) -> None:
    """Whoever stops waiting stops the work."""
    await pool.run(abs, -1)
    task = asyncio.create_task(pool.run(time.sleep, 60))
    await asyncio.sleep(0.3)
    task.cancel()
    started = time.monotonic()
    assert await pool.run(abs, -1) == 1
    assert time.monotonic() - started < 2.5


@pytest.mark.slow
async def test_pool_that_cannot_start_says_so_quickly(caplog: pytest.LogCaptureFixture) -> None:
    """When workers cannot even load, the first task waits once, and the others fail at once: no pool for each."""
    broken = LimitedPool(
        workers=1,
        tasks_per_worker=0,
        warm_up=misbehaving.die,
        limits=WorkerLimits(cpu_seconds=1, wall_seconds=2.0, memory_bytes=MEGABYTE, file_bytes=1),
    )
    broken.start()
    started = time.monotonic()
    for _ in range(50):
        with pytest.raises(AnalysisFailed) as failure:
            await broken.run(abs, -1)
        assert failure.value.code == "crashed"
    assert time.monotonic() - started < 20
    await broken.stop()


@pytest.mark.slow
async def test_pool_that_cannot_start_for_a_moment_costs_no_task(tmp_path: Path) -> None:
    """Its first workers die before they are ready, as without memory; what came meanwhile is done all the same."""
    ready = tmp_path / "ready"
    pool = LimitedPool(
        workers=1,
        tasks_per_worker=0,
        warm_up=partial(misbehaving.die_unless, str(ready)),
        limits=WorkerLimits(cpu_seconds=5, wall_seconds=20.0, memory_bytes=300 * MEGABYTE, file_bytes=1),
    )
    pool.start()
    try:
        waiting = asyncio.create_task(pool.run(abs, -1))
        await asyncio.sleep(2)
        ready.touch()
        assert await waiting == 1
    finally:
        await pool.stop()


class PoisonedPool:
    """Stands for the text pool: dies over any batch with the word "poison", as a crashing detector would."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    async def run(self, _function: object, jobs: list[TextJob]) -> list[TextResult]:
        self.sizes.append(len(jobs))
        await asyncio.sleep(0.01)
        if any(job.text == "poison" for job in jobs):
            raise AnalysisFailed("timeout")
        return worker.examine_texts(jobs)


def batches_over(pool: object) -> batches.TextBatches:
    return batches.TextBatches(pool, lanes=1, max_texts=8, max_characters=100)  # type: ignore[arg-type]


async def test_poisonous_text_fails_alone() -> None:
    """A text that brings its batch down is found by going one by one; its neighbours are examined."""
    found = await batches_over(PoisonedPool()).examine([TextJob(text=t) for t in ("a", "poison", "b")])
    assert [type(result) for result in found] == [TextFinding, TextFailure, TextFinding]
    assert found[1] == TextFailure(code="timeout")


async def test_calls_are_joined_while_a_batch_is_under_way() -> None:
    """The first text goes at once; those that arrive meanwhile go together, within the limits of a batch."""
    pool = PoisonedPool()
    joined = batches_over(pool)
    await asyncio.gather(*(joined.examine([TextJob(text=str(n))]) for n in range(20)))
    assert pool.sizes == [1, 8, 8, 3]
    pool.sizes.clear()
    await joined.examine([TextJob(text="x" * 60) for _ in range(3)] + [TextJob(text="y" * 1000)])
    assert pool.sizes == [1, 1, 1, 1]


async def test_text_that_comes_as_a_lane_ends_is_examined() -> None:
    """Between the last answer of a lane and the end of its task another text arrives: it does not wait for ever."""
    at_the_end = asyncio.get_running_loop().create_future()

    class Pool:
        async def run(self, _function: object, jobs: list[TextJob]) -> list[TextFinding | TextFailure]:
            if not at_the_end.done():
                at_the_end.set_result(None)
            return worker.examine_texts(jobs)

    joined = batches_over(Pool())

    async def late() -> list[TextFinding | TextFailure]:
        await at_the_end
        return await joined.examine([TextJob(text="late")])

    second = asyncio.create_task(late())
    await asyncio.sleep(0)
    await joined.examine([TextJob(text="first")])
    async with asyncio.timeout(5):
        assert [type(found) for found in await second] == [TextFinding]


async def test_cancelled_caller_leaves_the_others() -> None:
    """One caller who gives up takes nobody's result away."""
    joined = batches_over(PoisonedPool())
    calls = [asyncio.create_task(joined.examine([TextJob(text=str(n))])) for n in range(5)]
    await asyncio.sleep(0)
    calls[2].cancel()
    done = await asyncio.gather(*calls, return_exceptions=True)
    assert [isinstance(result, list) for result in done] == [True, True, False, True, True]


async def test_stop_leaves_no_process_and_nobody_waiting() -> None:
    """After stop there is no worker, what was under way has failed as stopped, and so does what comes later."""
    others = children()
    analysis = Analysis(AnalysisLimits(image_workers=2))
    await analysis.start()
    await analysis.image(PHOTO)
    # Two that read pictures, one for texts, one for screenshots.
    assert len(children() - others) == 4
    waiting = asyncio.create_task(analysis._images.run(time.sleep, 60))
    await asyncio.sleep(0.1)
    await analysis.stop()
    with pytest.raises(AnalysisFailed) as failure:
        await waiting
    assert failure.value.code == "stopped"
    assert children() <= others
    assert await analysis.texts([TextJob(text="late")]) == [TextFailure(code="stopped")]


async def test_opened_it_starts_what_is_asked() -> None:
    """A command that asks for texts alone pays for the workers that read them; one that asks nothing, for none."""
    others = children()
    analysis = Analysis(AnalysisLimits(image_workers=2))
    await analysis.open()
    assert children() <= others
    assert isinstance((await analysis.texts([TextJob(text="first")]))[0], TextFinding)
    assert len(children() - others) == 1
    await analysis.stop()
    assert children() <= others
    assert await analysis.texts([TextJob(text="late")]) == [TextFailure(code="stopped")]


async def test_stop_before_start_is_harmless() -> None:
    """A start-up that failed earlier on can still be cleaned up."""
    await Analysis().stop()


PARENT = textwrap.dedent(
    """
    import asyncio, os, time
    from bot.analysis import Analysis, AnalysisLimits
    from bot.analysis.worker import within_cpu

    async def main():
        async with Analysis(AnalysisLimits(image_workers=1)) as analysis:
            busy = asyncio.create_task(analysis._images.run(time.sleep, 60))
            idle = await analysis._texts.run(os.getpid)
            await asyncio.sleep(1.5)
            print(idle, *analysis._images._pool._pool_manager.worker_manager.workers, flush=True)
            await busy

    if __name__ == "__main__":
        asyncio.run(main())
    """
)


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process of its own with an analysis that is busy."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )
    yield process
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()


@pytest.mark.parametrize("how", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
async def test_workers_end_with_their_parent(parent: subprocess.Popen[str], how: signal.Signals) -> None:
    """However the bot dies, its workers, idle or busy, are gone a moment later."""
    assert parent.stdout is not None
    workers = [int(word) for word in (await asyncio.to_thread(parent.stdout.readline)).split()]
    assert len(workers) == 2
    assert all(alive(process) for process in workers)
    parent.send_signal(how)
    assert await eventually(lambda: not any(alive(process) for process in workers))


def test_limits_must_be_positive() -> None:
    """A setting of nought or less is refused by name."""
    with pytest.raises(ValueError, match="memory_bytes"):
        AnalysisLimits(memory_bytes=0)


async def test_large_file_is_refused_before_it_is_shipped() -> None:
    """What can be told without a decoder needs no worker: not even a started pool."""
    analysis = Analysis(AnalysisLimits(image=ImageLimits(max_bytes=10)))
    for ask in (analysis.image, lambda data: analysis.clean_copy(data, 100)):
        with pytest.raises(ImageRefused) as refusal:
            await ask(PHOTO)
        assert refusal.value.code == "too_many_bytes"
