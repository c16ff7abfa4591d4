"""The one door to analysis: texts, pictures, clean copies and screenshots, each with its limits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from bot import trail
from bot.analysis import farms, indexing, screens, worker
from bot.analysis.batches import TextBatches
from bot.analysis.drawing import DrawingRoom, warm_up_workbooks
from bot.analysis.findings import EngineMissing, ImageFinding, TextFailure, TextJob, TextResult
from bot.analysis.indexing import TextPrints
from bot.analysis.limits import AnalysisLimits, WorkerLimits
from bot.analysis.pool import LimitedPool
from bot.analysis.teaching import Taught, taught
from bot.model.photo import PhotoSide
from bot.model.screen import ReadScreen
from bot.trail import Milestone
from detection.coordination.activity import Activity
from detection.coordination.suggestion import Suggested
from detection.image.description import Description
from detection.image.findings import PhotoFinding
from detection.image.opening import check_bytes
from detection.image.shelf import Sightings
from detection.threats.training import Labelled

log = logging.getLogger(__name__)

T = TypeVar("T")


class Analysis:
    """Three pools of limited workers. Made and used within one event loop; also an async context manager."""

    def __init__(self, limits: AnalysisLimits | None = None) -> None:
        self.limits = limits or AnalysisLimits()
        self._images = _image_pool(self.limits)
        self._texts = _text_pool(self.limits)
        self._screens = _screen_pool(self.limits)
        self._drawing = DrawingRoom(_farm_limits(self.limits), scratch=True)
        self._workbooks = DrawingRoom(_workbook_limits(self.limits), load=warm_up_workbooks)
        self._batches = TextBatches(
            self._texts,
            lanes=self.limits.text_workers,
            max_texts=self.limits.batch_texts,
            max_characters=self.limits.batch_characters,
        )

    async def open(self) -> None:
        """Let tasks come: each pool's first one starts its workers. Enough for whoever may need only some, or none."""
        self._texts.open()
        self._images.open()
        self._screens.open()

    async def start(self) -> None:
        """Start the workers; they load their libraries while the bot goes on starting, and the first task waits."""
        self._texts.start()
        self._images.start()
        self._screens.start()

    async def stop(self) -> None:
        """End every worker; analyses under way fail as stopped."""
        pools = (self._texts, self._images, self._screens, self._drawing, self._workbooks)
        await asyncio.gather(*(pool.stop() for pool in pools))

    async def texts(self, jobs: Sequence[TextJob]) -> list[TextResult]:
        """One result a job, in order: a TextFailure where a text timed out or brought its worker down."""
        return await self._batches.examine(jobs)

    async def prints(self, texts: Sequence[str]) -> list[TextPrints | TextFailure]:
        """The forms by which texts are found again, in order. Raises AnalysisFailed when the analysis is stopped."""
        limits = self.limits
        return await indexing.prints(
            self._texts, texts, most_texts=limits.batch_texts, most_characters=limits.batch_characters
        )

    async def image(self, data: bytes) -> ImageFinding:
        """Open and describe a picture. Raises ImageRefused (say its code) or AnalysisFailed."""
        # Whatever can be refused without a decoder is not worth shipping to a worker.
        check_bytes(data, self.limits.image)
        finding = await self._images.run(worker.examine_image, data, self.limits.image)
        trail.reach(log, Milestone.ANALYSED, task="picture")
        return finding

    async def compare(
        self, described: Description, sightings: Sightings, known: Mapping[int, bytes]
    ) -> list[PhotoFinding]:
        """The known photos that are or may be in a picture, surest first. Raises AnalysisFailed."""
        found, unreadable = await self._images.run(worker.compare_photos, described, sightings, known)
        if unreadable:
            log.warning("photo descriptions that cannot be read: %s", unreadable)
        return found

    async def clean_copy(self, data: bytes, max_side: int, quality: int = 85) -> bytes:
        """A re-encoded JPEG that may be sent on: no metadata, no foreign byte. Raises as ``image`` does."""
        check_bytes(data, self.limits.image)
        return await self._images.run(worker.copy_cleanly, data, self.limits.image, max_side, quality)

    async def pair(
        self, draw: worker.DrawPair, pictures: tuple[bytes, bytes], sides: tuple[PhotoSide, PhotoSide], mirrored: bool
    ) -> bytes:
        """Two pictures drawn side by side in a worker by ``draw``. Raises as ``image`` does."""
        for data in pictures:
            check_bytes(data, self.limits.image)
        return await self._images.run(worker.draw_pair, draw, pictures, self.limits.image, sides, mirrored)

    async def screen(self, data: bytes) -> ReadScreen:
        """What stands on a screenshot; kind "none" for any other picture.

        Raises EngineMissing when nothing here reads pictures, else as ``image`` does.
        """
        check_bytes(data, self.limits.image)
        read = await self._screens.run(screens.read, data, self.limits.image, self.limits.screen_languages)
        if read is None:
            raise EngineMissing
        trail.reach(log, Milestone.ANALYSED, task="screen")
        return read

    async def teach(self, labelled: Sequence[Labelled]) -> Taught:
        """A threat model taught on rulings, if it is better than the shipped one. Raises AnalysisFailed."""
        return await taught(labelled, _teaching_limits(self.limits))

    async def farms(self, activity: Activity, rejected: Collection[int]) -> Suggested:
        """The farms that accounts' activity suggests, computed in a process of its own. Raises AnalysisFailed."""
        return await farms.suggested(activity, rejected, _farm_limits(self.limits))

    async def drawn(self, draw: Callable[..., bytes], *args: object) -> bytes:
        """A chart or a network drawn in the worker that draws. Raises AnalysisFailed."""
        return await self._drawing.run(draw, *args)

    async def workbook(self, read: Callable[..., T], *args: object) -> T:
        """What ``read(*args)`` makes of a stranger's workbook, in a worker of its own. Raises AnalysisFailed."""
        return await self._workbooks.run(read, *args)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


def _image_pool(limits: AnalysisLimits) -> LimitedPool:
    return LimitedPool(
        workers=limits.image_workers,
        tasks_per_worker=limits.images_per_worker,
        warm_up=worker.warm_up_images,
        limits=WorkerLimits(
            cpu_seconds=limits.image_cpu_seconds,
            wall_seconds=limits.image_wall_seconds,
            memory_bytes=limits.memory_bytes,
            file_bytes=limits.file_bytes,
        ),
    )


def _screen_pool(limits: AnalysisLimits) -> LimitedPool:
    return LimitedPool(
        workers=limits.screen_workers,
        tasks_per_worker=limits.screens_per_worker,
        warm_up=partial(screens.warm_up, limits.screen_languages),
        limits=WorkerLimits(
            cpu_seconds=limits.screen_cpu_seconds,
            wall_seconds=limits.screen_wall_seconds,
            memory_bytes=limits.memory_bytes,
            file_bytes=limits.file_bytes,
        ),
    )


def _teaching_limits(limits: AnalysisLimits) -> WorkerLimits:
    return WorkerLimits(
        cpu_seconds=limits.teaching_cpu_seconds,
        wall_seconds=limits.teaching_wall_seconds,
        memory_bytes=limits.memory_bytes,
        file_bytes=limits.file_bytes,
    )


def _farm_limits(limits: AnalysisLimits) -> WorkerLimits:
    return WorkerLimits(
        cpu_seconds=limits.farm_cpu_seconds,
        wall_seconds=limits.farm_wall_seconds,
        memory_bytes=limits.farm_memory_bytes,
        file_bytes=limits.file_bytes,
    )


def _workbook_limits(limits: AnalysisLimits) -> WorkerLimits:
    return WorkerLimits(
        cpu_seconds=limits.workbook_cpu_seconds,
        wall_seconds=limits.workbook_wall_seconds,
        memory_bytes=limits.memory_bytes,
        file_bytes=limits.file_bytes,
    )


def _text_pool(limits: AnalysisLimits) -> LimitedPool:
    return LimitedPool(
        workers=limits.text_workers,
        # Texts leave nothing behind in a worker: it is never retired.
        tasks_per_worker=0,
        warm_up=worker.warm_up_texts,
        limits=WorkerLimits(
            cpu_seconds=limits.text_cpu_seconds,
            wall_seconds=limits.text_wall_seconds,
            memory_bytes=limits.memory_bytes,
            file_bytes=limits.file_bytes,
        ),
    )
