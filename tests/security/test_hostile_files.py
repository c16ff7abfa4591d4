"""Hostile files: pictures, archives, workbooks. Nothing crashes, the bot's own memory stays, none takes long."""

import gc
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest

from bot.analysis import Analysis, AnalysisLimits
from bot.errors import Refusal
from bot.services.batchfiles.pictures import ZipPictures
from bot.services.batchfiles.sheets import SENT, SheetFile
from bot.services.imports.account_columns import AccountColumns
from tests.detection.image import hostile, mutations
from tests.security import hostile_archives, looking
from tests.services.test_analysis import resident

pytestmark = pytest.mark.timeout(1500)

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1 << 20
MOST_MEMORY = 50 * MEGABYTE
#: Of the processor's time and the wall's: a busy machine is given three times as much by the wall.
MOST_SECONDS = 5.0
#: Bytes of a picture, as in the settings.
MOST_PICTURE = 20_000_000
MANY = 22 * 13 * 9


class Figures:
    """What was found: outcomes, the longest one, and how much the parent grew."""

    def __init__(self) -> None:
        gc.collect()
        self.outcomes: Counter[str] = Counter()
        self.longest = 0.0
        self.slowest = ""
        self._before = resident()
        self.grown = 0

    def note(self, name: str, outcome: str, began: float) -> None:
        """One file is done."""
        self.outcomes[outcome] += 1
        self.grown = max(self.grown, resident() - self._before)
        spent = time.monotonic() - began
        if spent > self.longest:
            self.longest, self.slowest = spent, name

    def check(self, least: int) -> None:
        """The bar."""
        print(f"{self.outcomes.total()} files, {dict(self.outcomes)}; longest {self.longest:.2f} s ({self.slowest});")
        print(f"the parent grew by {self.grown / MEGABYTE:.1f} MB")
        assert self.outcomes.total() >= least
        assert self.grown < MOST_MEMORY
        assert self.longest < 3 * MOST_SECONDS, self.slowest


@pytest.fixture
async def analysis() -> AsyncIterator[Analysis]:
    """Workers with the product's limits."""
    async with Analysis(AnalysisLimits(image_workers=1)) as running:
        await running.image(hostile.encoded(hostile.drawing()))
        yield running


def pictures(share: int) -> Iterable[tuple[str, bytes]]:
    """Malformed ones, and bombs, polyglots, animations, cut ones, ones with everything beside the pixels."""
    yield from list(mutations.corpus(MANY))[::share]
    yield from ((f"hostile {name}", data) for name, data, _ in hostile.corpus())


def look(files: Iterable[tuple[str, bytes]], folder: Path) -> Figures:
    """Each through a worker of a process that holds what the bot's holds, and has done nothing else."""
    (folder / looking.GOOD).write_bytes(hostile.encoded(hostile.drawing()))
    for number, (name, data) in enumerate(files):
        (folder / f"{number:05} {name.replace('/', '_')[:80]}").write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-m", "tests.security.looking", str(folder)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        check=True,
    )
    told, found = json.loads(done.stdout), Figures()
    found.outcomes, found.grown = Counter(told["outcomes"]), told["grown"]
    found.longest, found.slowest = told["longest"], told["slowest"]
    return found


async def unpack(analysis: Analysis, files: Iterable[tuple[str, bytes]]) -> Figures:
    """Each as a list that is sent in the chat."""
    await SheetFile.read(hostile_archives.workbook(), "good.xlsx", analysis, SENT)
    found = Figures()
    for name, data in files:
        began = time.monotonic()
        try:
            file = await SheetFile.read(data, f"{name}.xlsx", analysis, SENT)
            outcome = f"{min(1, sum(1 for _ in file.rows(AccountColumns())))} rows or more"
        except Refusal as refusal:
            outcome = refusal.code
        found.note(name, outcome, began)
    return found


def open_archives(files: Iterable[tuple[str, bytes]], folder: Path) -> Figures:
    """Each as a collection of pictures: every member is asked for, none is written anywhere."""
    found, path = Figures(), folder / "a.zip"
    for name, data in files:
        path.write_bytes(data)
        began = time.monotonic()
        try:
            with ZipPictures(path, MOST_PICTURE) as collection:
                for picture in collection:
                    assert len(picture.data or b"") <= MOST_PICTURE
                    assert not {"..", ""} & set(picture.name.split("/")[:-1])
                    if time.monotonic() - began > MOST_SECONDS:
                        break
            outcome = "opened"
        except Refusal as refusal:
            outcome = refusal.code
        found.note(name, outcome, began)
    assert [each.name for each in folder.iterdir()] == ["a.zip"]
    return found


@pytest.mark.proof
def test_a_tenth_of_the_pictures(tmp_path: Path) -> None:
    """Refused by code or looked at; a worker that falls takes nobody along."""
    look(pictures(10), tmp_path).check(least=200)


@pytest.mark.proof
async def test_a_tenth_of_the_workbooks(analysis: Analysis) -> None:
    """Rows, or a sentence; the bot itself unpacks nothing."""
    found = await unpack(analysis, hostile_archives.workbooks(10))
    found.check(least=20)
    assert "file_too_large" in found.outcomes or "file_broken" in found.outcomes


@pytest.mark.proof
def test_a_tenth_of_the_archives(tmp_path: Path) -> None:
    """Members within their limit, or a sentence."""
    open_archives(hostile_archives.archives(10), tmp_path).check(least=20)


@pytest.mark.slow
def test_all_pictures(tmp_path: Path) -> None:
    """More than 2,000."""
    look(pictures(1), tmp_path).check(least=2_000)


@pytest.mark.slow
async def test_all_workbooks(analysis: Analysis) -> None:
    """More than 200."""
    (await unpack(analysis, hostile_archives.workbooks())).check(least=200)


@pytest.mark.slow
def test_all_archives(tmp_path: Path) -> None:
    """More than 200."""
    open_archives(hostile_archives.archives(), tmp_path).check(least=200)
