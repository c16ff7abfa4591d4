"""An archive with a laboratory that works in the test's own process, and files to import."""

import io
import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from PIL import Image, ImageOps

from bot.analysis import (
    Analysis,
    ImageFinding,
    ImageLimits,
    TextFailure,
    TextJob,
    TextPrints,
    TextResult,
    indexing,
    worker,
)
from bot.clock import Clock
from bot.services.batchfiles.rows import Row
from bot.services.checks.answers import Answer
from bot.services.checks.checker import Checker
from bot.services.checks.lines import read_line
from bot.services.checks.screens import CheckScreens, ScreenReader
from bot.services.checks.storing import CheckFiling
from bot.services.findings import Findings
from bot.services.imports.room import ImportRoom, Problem
from bot.services.knowledge import Knowledge
from bot.services.newsrooms import NewsroomDefaults, Newsrooms
from bot.services.photo_index import PhotoIndex
from bot.services.screen_findings import ScreenFindings
from bot.services.texts import TextIndex
from bot.simulator.avatars import avatar
from bot.storage.store import Store
from bot.storage.vault import Vault
from detection.image.description import Description
from detection.image.findings import PhotoFinding
from detection.image.shelf import Sightings
from detection.threats import StaffName

T = TypeVar("T")
LIMITS = ImageLimits(max_bytes=2_000_000, max_pixels=4_000_000)


class InlineAnalysis:
    """The detectors called as the workers call them, in this process and without limits on time or memory.

    `images` counts the pictures that were looked at.
    """

    def __init__(self) -> None:
        self.images = 0

    async def texts(self, jobs: Sequence[TextJob]) -> list[TextResult]:
        """What a text worker answers."""
        return worker.examine_texts(jobs)

    async def prints(self, texts: Sequence[str]) -> list[TextPrints | TextFailure]:
        """What a text worker answers an import."""
        return indexing.prints_of(texts)

    async def image(self, data: bytes) -> ImageFinding:
        """What an image worker answers."""
        self.images += 1
        return worker.examine_image(data, LIMITS)

    async def compare(
        self, described: Description, sightings: Sightings, known: Mapping[int, bytes]
    ) -> list[PhotoFinding]:
        """What an image worker answers."""
        return worker.compare_photos(described, sightings, known)[0]

    async def workbook(self, read: Callable[..., T], *args: object) -> T:
        """What the worker answers that reads workbooks."""
        return read(*args)


@dataclass
class Seen:
    """A watch that remembers what it was told."""

    problems: list[Problem] = field(default_factory=list)
    done: int = 0

    def progress(self, done: int, total: int) -> None:  # noqa: ARG002 - the watch's interface
        """How far it is."""
        self.done = done

    def problem(self, problem: Problem) -> None:
        """What was not taken."""
        self.problems.append(problem)

    @property
    def codes(self) -> list[tuple[str, str]]:
        """Place and code of each problem."""
        return [(problem.place, problem.code) for problem in self.problems]


async def make_room(store: Store, clock: Clock, folder: Path) -> ImportRoom:
    """A room over a store with its newsroom."""
    newsroom = await Newsrooms(store, clock).ensure(NewsroomDefaults(name="N", zone="UTC", language="en"))
    return ImportRoom(
        store=store,
        clock=clock,
        vault=Vault(folder / "vault"),
        analysis=cast(Analysis, InlineAnalysis()),
        newsroom_id=newsroom.id,
        image_bytes=LIMITS.max_bytes,
    )


@asynccontextmanager
async def checking(
    room: ImportRoom, *, store: bool = False, staff: tuple[StaffName, ...] = (), reader: ScreenReader | None = None
) -> AsyncIterator["Checks"]:
    """A checker over what the room's store holds."""
    knowledge = Knowledge(
        room.store,
        room.clock,
        room.newsroom_id,
        PhotoIndex(room.store, room.clock, room.analysis, room.newsroom_id),
    )
    index = TextIndex(room.store, room.newsroom_id)
    findings = Findings(room.store, room.analysis, knowledge, index, room.newsroom_id)
    filing = CheckFiling(room.store, room.clock, room.vault, room.newsroom_id) if store else None
    found_on = ScreenFindings(room.store, findings, room.newsroom_id, staff)
    newsroom = await Newsrooms(room.store, room.clock).ensure(NewsroomDefaults(name="N", zone="UTC", language="en"))
    screens = CheckScreens(reader, found_on, newsroom, room.clock) if reader is not None else None
    try:
        yield Checks(Checker(findings, room.image_bytes, staff, filing, screens))
    finally:
        knowledge.close()


class Checks:
    """Asks a checker about plain objects."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker

    async def __call__(self, *objects: dict[str, Any], folder: Path = Path()) -> list[Answer]:
        """The answers to these lines, checked as one batch."""
        rows = (Row(number=number, values=each) for number, each in enumerate(objects, start=1))
        return await self._checker.check([read_line(row, folder) for row in rows])


async def rows_of(store: Store, table: sa.Table) -> list[dict[str, Any]]:
    """Every row of a table, the oldest first where rows are numbered."""
    async with store.read() as conn:
        rows = await conn.execute(sa.select(table).order_by(*table.primary_key))
        return [dict(row) for row in rows.mappings().all()]


def write_lines(path: Path, lines: Iterable[Any]) -> Path:
    """A JSONL file."""
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def picture(seed: int, *, mirrored: bool = False, quality: int = 85) -> bytes:
    """A drawn portrait as JPEG."""
    image = avatar(seed, 200)
    out = io.BytesIO()
    (ImageOps.mirror(image) if mirrored else image).save(out, "JPEG", quality=quality)
    return out.getvalue()


def blank(colour: str = "white") -> bytes:
    """A picture with nothing in it."""
    out = io.BytesIO()
    Image.new("RGB", (50, 50), colour).save(out, "PNG")
    return out.getvalue()
