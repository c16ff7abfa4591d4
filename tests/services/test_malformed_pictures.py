"""Thousands of malformed pictures go through the real decoders and the real workers: refusals by code, nothing else.

The corpus is made by a seeded hand (`tests.detection.image.mutations`); a sample of it runs with every test run.
"""

import asyncio
import time
from collections import Counter
from typing import get_args

import pytest

from bot.analysis import Analysis, AnalysisFailed, AnalysisLimits, ImageRefused
from detection.image.opening import RefusalCode, open_image
from tests.detection.image import hostile, mutations
from tests.services.test_analysis import children, resident

MEGABYTE = 1 << 20
CODES = {"fine", "memory", *get_args(RefusalCode)}
LIMITS = AnalysisLimits(image_workers=1)
#: Of every source each way of spoiling, nine times.
MANY = 22 * 13 * 9
SAMPLE = 140


def opened(data: bytes) -> str:
    """What the decoders say in this process."""
    try:
        open_image(data)
    except ImageRefused as refusal:
        return refusal.code
    except MemoryError:
        return "memory"
    return "fine"


async def examined(analysis: Analysis, data: bytes) -> str:
    """What a worker says; how it failed where it did."""
    try:
        await analysis.image(data)
    except (ImageRefused, AnalysisFailed) as error:
        return error.code
    return "fine"


async def outcomes(files: list[tuple[str, bytes]]) -> tuple[dict[str, str], float]:
    """What became of each file in a worker, and the longest that one took; no process is left behind."""
    others, longest, found = children(), 0.0, {}
    async with Analysis(LIMITS) as analysis:
        await analysis.image(hostile.encoded(hostile.drawing()))
        before = resident()
        for name, data in files:
            started = time.monotonic()
            found[name] = await examined(analysis, data)
            longest = max(longest, time.monotonic() - started)
        assert resident() - before < 60 * MEGABYTE
        # Two that may have been replaced, and the one for screenshots: never more than there are places.
        assert len(children() - others) <= 3
        assert await examined(analysis, hostile.encoded(hostile.drawing())) == "fine"
    await asyncio.sleep(0)
    assert children() <= others
    return found, longest


def sample() -> list[tuple[str, bytes]]:
    """Malformed files of every source and every way of spoiling."""
    files = list(mutations.corpus(22 * 13))
    return files[:: len(files) // SAMPLE][:SAMPLE]


def test_corpus_is_the_same_for_the_same_seed() -> None:
    """A failure can be looked at again; every kind of file and every way of spoiling is in it."""
    assert list(mutations.corpus(60)) == list(mutations.corpus(60))
    names = [name.split(": ")[1] for name, _ in mutations.corpus(22 * 13)]
    assert len(set(names)) == 22 * 13 == len(mutations.sources()) * len(mutations.WAYS)


def test_good_sources_are_good() -> None:
    """What is spoilt was whole before: all but the two formats that are not taken can be opened."""
    said = Counter(opened(data) for data in mutations.sources().values())
    assert said == {"fine": 20, "format_not_allowed": 2}


def test_malformed_sample_is_refused_or_shown() -> None:
    """No file brings anything but a refusal by code out of the decoders."""
    assert {opened(data) for _, data in sample()} <= CODES


async def test_malformed_sample_costs_no_worker() -> None:
    """A third of them through a worker: it outlives them all, says the same, and is gone at the end."""
    files = sample()[::3]
    found, longest = await outcomes(files)
    assert found == {name: opened(data) for name, data in files}
    assert longest < 5


@pytest.mark.slow
async def test_whole_malformed_corpus() -> None:
    """2,574 malformed files: nothing but refusals by code, no crash, no hang, no worker left, none over its time."""
    files = list(mutations.corpus(MANY))
    started = time.process_time()
    here = {name: opened(data) for name, data in files}
    spent = time.process_time() - started
    assert set(here.values()) <= CODES
    assert spent < 60
    begun = time.monotonic()
    found, longest = await outcomes(files)
    assert found == here
    assert longest < 10
    print(f"{len(files)} files, {Counter(found.values())}")
    print(f"here {spent:.1f} s CPU; through a worker {time.monotonic() - begun:.0f} s, longest {longest:.2f} s")
