"""One laboratory for all tests of a session: the real pools of bot.analysis, started once.

An Analysis belongs to one event loop, and every test has its own. This one lives in a loop of its own thread, and each
call is carried over to it; what is analysed, how and with which limits is the product's own code.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import pytest

from bot.analysis import Analysis, AnalysisLimits, TextFailure, TextJob, TextPrints
from bot.analysis.findings import ImageFinding, TextResult
from bot.analysis.worker import DrawPair
from bot.model.photo import PhotoSide
from bot.model.screen import ReadScreen
from detection.image.description import Description
from detection.image.findings import PhotoFinding
from detection.image.shelf import Sightings

T = TypeVar("T")
R = TypeVar("R")
LIMITS = AnalysisLimits(image_workers=1, text_workers=1)


class SharedAnalysis(Analysis):
    """An Analysis that may be asked from any event loop; `start` and `stop` leave the shared pools alone."""

    def __init__(self, real: Analysis, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(real.limits)
        self._real = real
        self._loop = loop

    async def open(self) -> None:
        """Open already."""

    async def start(self) -> None:
        """Running already."""

    async def stop(self) -> None:
        """Others are using it."""

    async def texts(self, jobs: Sequence[TextJob]) -> list[TextResult]:
        return await self._carried(self._real.texts(jobs))

    async def prints(self, texts: Sequence[str]) -> list[TextPrints | TextFailure]:
        return await self._carried(self._real.prints(texts))

    async def image(self, data: bytes) -> ImageFinding:
        return await self._carried(self._real.image(data))

    async def clean_copy(self, data: bytes, max_side: int, quality: int = 85) -> bytes:
        return await self._carried(self._real.clean_copy(data, max_side, quality))

    async def workbook(self, read: Callable[..., R], *args: object) -> R:
        return await self._carried(self._real.workbook(read, *args))

    async def pair(
        self, draw: DrawPair, pictures: tuple[bytes, bytes], sides: tuple[PhotoSide, PhotoSide], mirrored: bool
    ) -> bytes:
        return await self._carried(self._real.pair(draw, pictures, sides, mirrored))

    async def screen(self, data: bytes) -> ReadScreen:
        return await self._carried(self._real.screen(data))

    async def compare(
        self, described: Description, sightings: Sightings, known: Mapping[int, bytes]
    ) -> list[PhotoFinding]:
        return await self._carried(self._real.compare(described, sightings, known))

    async def _carried(self, call: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(call, self._loop))


@pytest.fixture(scope="session")
def analysis() -> Iterator[Analysis]:
    """The session's laboratory."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="laboratory", daemon=True)
    thread.start()

    def do(call: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(call, loop).result(60)

    async def begin() -> Analysis:
        real = Analysis(LIMITS)
        await real.open()
        return real

    real = do(begin())
    yield SharedAnalysis(real, loop)
    do(real.stop())
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
