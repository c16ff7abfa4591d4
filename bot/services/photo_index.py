"""The index of photos: which known pictures are, or may be, in this one?

The store is the truth; the shelf, a folder of files and the newest photos in memory, follows it, also when another
process (an import on the command line) writes. Lose the folder, and it is filled again from the store.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar

from bot.analysis import Analysis
from bot.clock import Clock
from bot.model.ids import first_id_at
from bot.storage import photo_descriptions
from bot.storage.store import Store
from detection.image.description import Description
from detection.image.findings import PhotoFinding
from detection.image.packing import NotADescription, unpack
from detection.image.searching import wanted
from detection.image.shelf import Shelf

log = logging.getLogger(__name__)

T = TypeVar("T")

# Rows of another process carry the time at which they were made, which lies before their commit.
_OVERLAP: Final = timedelta(seconds=20)
# Descriptions read at a time, some 15 KB each.
_BATCH: Final = 500


class PhotoIndex:
    """Of one newsroom. `open` fills it; `refresh` brings it up to date."""

    def __init__(
        self, store: Store, clock: Clock, analysis: Analysis, newsroom_id: int, folder: Path | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._analysis = analysis
        self._newsroom_id = newsroom_id
        self._folder = folder
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="photos")
        self._shelf: Shelf | None = None
        self._after = 0

    async def refresh(self) -> None:
        """Put on the shelf what the store has and the shelf has not; the first time the shelf is opened."""
        shelf = await self._opened()
        now = first_id_at(self._clock() - _OVERLAP)
        async with self._store.read() as conn:
            stored = await photo_descriptions.ids(conn, self._newsroom_id, self._after)
        if not self._after:
            gone = shelf.refs() - set(stored)
            await self._run(lambda: shelf.discard(gone))
        missing = [each for each in stored if each not in shelf]
        for start in range(0, len(missing), _BATCH):
            await self._add(shelf, missing[start : start + _BATCH])
        self._after = max(self._after, now)
        if missing:
            await self._run(shelf.maintain)

    async def search(self, described: Description) -> list[PhotoFinding]:
        """The known pictures that are or may be in a picture, surest first; `ref` is the description's id.

        Raises AnalysisFailed when they could not be compared.
        """
        shelf = await self._opened()
        sightings = await self._run(lambda: shelf.search(described))
        ids = wanted(sightings)
        if not ids:
            return []
        async with self._store.read() as conn:
            known = await photo_descriptions.data_of(conn, self._newsroom_id, ids)
        return await self._analysis.compare(described, sightings, known)

    def recheck(self) -> None:
        """Something was erased: the next refresh takes off the shelf what the store has no more."""
        self._after = 0

    def close(self) -> None:
        """Write what is in memory only, and end the thread."""
        shelf, self._shelf = self._shelf, None
        if shelf is not None:
            self._thread.submit(shelf.close)
        self._thread.shutdown(wait=True)

    async def _opened(self) -> Shelf:
        # An empty shelf is one too, though it is as false as an empty list.
        return self._shelf if self._shelf is not None else await self._run(self._open)

    def _open(self) -> Shelf:
        # In the one thread of this index: nobody else opens it meanwhile.
        shelf = self._shelf if self._shelf is not None else Shelf(self._folder)
        self._shelf = shelf
        return shelf

    async def _add(self, shelf: Shelf, ids: list[int]) -> None:
        async with self._store.read() as conn:
            data = await photo_descriptions.data_of(conn, self._newsroom_id, ids)
        await self._run(lambda: shelf.add(_readable(data)))

    async def _run(self, act: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, act)


def _readable(data: Mapping[int, bytes]) -> Iterable[tuple[int, Description]]:
    for ref, each in data.items():
        try:
            yield ref, unpack(each)
        except NotADescription:
            log.warning("description %d cannot be read", ref)
