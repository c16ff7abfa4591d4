"""Imports comments, however many: JSONL or CSV, a batch of rows a transaction, the next ones made ready meanwhile.

How far the file is done stands in the same transaction as its rows. So whatever ends the process, the same command
goes on from there; a file that was finished is read again, and only what is new in it is added.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Refusal
from bot.services.batchfiles.ahead import batches
from bot.services.batchfiles.rows import RowFile
from bot.services.imports.comment_batches import Batch, BatchMaker
from bot.services.imports.comment_index import CommentIndex
from bot.services.imports.comment_rows import Chunk, CommentForm, CommentReader
from bot.services.imports.file_identity import identity
from bot.services.imports.origin import name_of, origin_of
from bot.services.imports.room import ImportRoom, Tally, Watch
from bot.storage import comments, import_runs, photos
from bot.storage.import_runs import ImportRun
from bot.storage.importing import comments_there, photos_there

#: Rows of one transaction. It holds up other writers for some 0.2 s.
ROWS: Final = 2_000
#: Batches made ready while others are written: a portion of the index holds up the writing for seconds. An import of
#: 100,000 took 25 s on SQLite with one of them, 22 s with six.
_AHEAD: Final = 6
_NOUN: Final = "comments"
_AS_IT_IS: Final = CommentForm()


async def import_comments(room: ImportRoom, path: Path, watch: Watch, form: CommentForm = _AS_IT_IS) -> Tally:
    """Store the comments of a file, from where an interrupted import of it ended.

    Raises Refusal when it cannot be read at all, or while it is being imported by somebody else.
    """
    reader = CommentReader(form, path.parent)
    file = RowFile.open(path)
    try:
        sha256 = await asyncio.to_thread(identity, path, form.identity)
        batch = await name_of(await origin_of(room, _NOUN, path, room.batch_name(path)))
        run = CommentImport(room, watch, await _run_of(room, sha256, batch) if sha256 else None)
        run.tally.batch = run.tally.batch or batch
        return await run.take(file, reader)
    finally:
        file.close()


async def _run_of(room: ImportRoom, sha256: str, batch: str) -> ImportRun:
    async with room.store.read() as conn:
        found = await import_runs.of_file(conn, room.newsroom_id, _NOUN, sha256)
    counts = _counts(Tally(batch=batch))
    return found or ImportRun(newsroom_id=room.newsroom_id, noun=_NOUN, sha256=sha256, position=0, counts=counts)


class CommentImport:
    """One run over one file; without an ImportRun it cannot be gone on with."""

    def __init__(self, room: ImportRoom, watch: Watch, run: ImportRun | None) -> None:
        self._room = room
        self._watch = watch
        self._run = run
        self._index = CommentIndex(room.store, room.analysis, room.newsroom_id)
        self.tally = Tally(**run.counts, resumed_after=run.position) if run is not None else Tally()

    async def take(self, file: RowFile, reader: CommentReader) -> Tally:
        """Store what the file holds."""
        try:
            await self._rows(file, reader)
            await self._index.write()
        finally:
            await self._index.leave()
        async with self._room.store.write() as conn:
            await self._room.note(conn, _NOUN, self.tally.batch, self.tally)
            if self._run is not None:
                await import_runs.finish(conn, self._run)
        return self.tally

    async def _rows(self, file: RowFile, reader: CommentReader) -> None:
        async with aclosing(self._ready(file, reader)) as ready:
            async for batch in ready:
                await self._write(batch)
                for problem in batch.problems:
                    self._watch.problem(problem)
                self._watch.progress(batch.position, file.size)
                if self._index.is_full:
                    await self._index.begin()

    async def _ready(self, file: RowFile, reader: CommentReader) -> AsyncGenerator[Batch, None]:
        """The batches of the file; while one is written, or a portion of the index, the next ones are made ready."""
        made: asyncio.Queue[Batch | Exception | None] = asyncio.Queue(_AHEAD)
        making = asyncio.create_task(self._make(reader.chunks(file, self.tally.resumed_after, ROWS), made))
        try:
            while (batch := await made.get()) is not None:
                if isinstance(batch, Exception):
                    raise batch
                yield batch
        finally:
            making.cancel()
            await asyncio.wait([making])

    async def _make(self, chunks: Iterator[Chunk], made: asyncio.Queue[Batch | Exception | None]) -> None:
        maker = BatchMaker(self._room, self.tally.batch)
        try:
            async with aclosing(batches(chunks, 1, hold=1)) as read:
                async for (chunk,) in read:
                    await made.put(await maker.make(chunk))
        except Exception as error:  # raised again where the batches are taken
            await made.put(error)
        else:
            await made.put(None)

    async def _write(self, batch: Batch) -> None:
        """Write a batch, and how far the file is done with it."""
        async with self._room.store.write() as conn:
            tally = await self._store(conn, batch)
            if self._run is not None:
                self._run = await self._advanced(conn, self._run, batch.after, tally)
        self.tally = tally
        self._index.keep(batch.forms)

    async def _store(self, conn: AsyncConnection, batch: Batch) -> Tally:
        room, now = self._room, self._room.clock()
        # The batch before it was not written yet when this one was made ready.
        sources = {each.source for each in batch.comments}
        there = await comments_there(conn, room.newsroom_id, sources, self.tally.batch)
        new = [each for each in batch.comments if (each.source, each.text) not in there]
        await comments.add(conn, new, now, posted=False)
        pictures = {(photo.sha256, photo.source): photo for photo in batch.photos}
        if pictures:
            for known in await photos_there(conn, room.newsroom_id, {photo.sha256 for photo in batch.photos}):
                pictures.pop((known.sha256, known.source), None)
            await photos.add(conn, list(pictures.values()), now)
        lone = len(batch.lone & pictures.keys())
        return replace(
            self.tally,
            added=self.tally.added + len(new) + lone,
            same=self.tally.same + batch.same + len(batch.comments) - len(new) + len(batch.lone) - lone,
            refused=self.tally.refused + batch.refused,
            photos_added=self.tally.photos_added + len(pictures),
            photos_refused=self.tally.photos_refused + batch.photos_refused,
        )

    async def _advanced(self, conn: AsyncConnection, run: ImportRun, position: int, tally: Tally) -> ImportRun:
        advanced = await import_runs.advance(conn, run, position, _counts(tally), self._room.clock())
        if advanced is None:
            raise Refusal("import_running")
        return advanced


def _counts(tally: Tally) -> Mapping[str, Any]:
    return {**tally.counts, "batch": tally.batch}
