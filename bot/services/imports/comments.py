"""Imports comments: the same lines as `kalkan check` takes, JSONL or CSV."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.analysis import TextFailure, TextJob
from bot.errors import Refusal
from bot.services.batchfiles.ahead import batches
from bot.services.batchfiles.pictures import read_picture
from bot.services.batchfiles.rows import RowFile
from bot.services.checks.comments import Kept, comment_of
from bot.services.checks.lines import COLUMNS, BadLine, CheckLine, read_line, row_of_table
from bot.services.imports.pictures import sha256_of, take
from bot.services.imports.room import ROWS, ImportRoom, Problem, Tally, Watch, line
from bot.storage import comments, photos
from bot.storage.comments import NewComment
from bot.storage.importing import comments_there, photos_there
from bot.storage.photos import NewPhoto
from detection.text.normalise import key

_MOST_SOURCE: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """A line on its way into the archive."""

    line: CheckLine
    source: str

    @property
    def identity(self) -> tuple[str, str]:
        """What tells a comment from another: the file's id for it, and its text."""
        return (self.source, self.line.text)


async def import_comments(room: ImportRoom, path: Path, watch: Watch) -> Tally:
    """Store the comments of a file. Raises Refusal when it cannot be read at all."""
    tally = Tally(batch=room.batch_name(path))
    file = RowFile.open(path)
    try:
        async for batch in _batches(file, path.parent):
            await _store(room, batch, tally, watch)
            watch.progress(file.position, file.size)
    finally:
        file.close()
    async with room.store.write() as conn:
        await room.note(conn, "comments", tally.batch, tally)
    return tally


async def _batches(file: RowFile, folder: Path) -> AsyncIterator[list[CheckLine | BadLine]]:
    async with aclosing(batches(_lines(file, folder), ROWS)) as read:
        async for batch in read:
            yield batch


def _lines(file: RowFile, folder: Path) -> Iterator[CheckLine | BadLine]:
    is_table = file.is_table
    for row in file.rows(COLUMNS):
        if row.error != "empty":
            yield read_line(row_of_table(row) if is_table else row, folder)


async def _store(room: ImportRoom, batch: Sequence[CheckLine | BadLine], tally: Tally, watch: Watch) -> None:
    entries = [_Entry(line=each, source=source_of(each)) for each in _good(batch, tally, watch)]
    worded = await _fresh(room, [entry for entry in entries if entry.line.text.strip()], tally)
    pictured = [entry for entry in entries if entry.line.image is not None and not entry.line.text.strip()]
    pictures = await _pictures(room, [*(e for e in worded if e.line.image is not None), *pictured], tally, watch)
    new_comments = await _comments(room, worded, tally, watch)
    async with room.store.write() as conn:
        now = room.clock()
        await comments.add(conn, new_comments, now)
        await photos.add(conn, pictures, now)
    tally.added += len(new_comments)
    tally.photos_added += len(pictures)


def source_of(each: CheckLine) -> str:
    """The id that the file gives; for a line without one, a hash of what it says."""
    if each.is_named:
        return str(each.id)[:_MOST_SOURCE]
    said = "\0".join([each.text, repr(each.author), str(each.at), str(each.image or "")])
    return f"sha256:{hashlib.sha256(said.encode()).hexdigest()}"


def _good(batch: Sequence[CheckLine | BadLine], tally: Tally, watch: Watch) -> Iterator[CheckLine]:
    for each in batch:
        if isinstance(each, BadLine):
            _refuse(each.number, each.error, tally, watch)
        elif each.is_named and len(str(each.id)) > _MOST_SOURCE:
            _refuse(each.number, "id_too_long", tally, watch)
        else:
            yield each


def _refuse(number: int, code: str, tally: Tally, watch: Watch, detail: str = "") -> None:
    watch.problem(Problem(place=line(number), code=code, detail=detail))
    tally.refused += 1


async def _fresh(room: ImportRoom, entries: Sequence[_Entry], tally: Tally) -> list[_Entry]:
    """The entries whose words are not stored yet, each once."""
    async with room.store.read() as conn:
        there = await comments_there(conn, room.newsroom_id, {entry.source for entry in entries})
    fresh = []
    for entry in entries:
        if entry.identity in there:
            tally.same += 1
        else:
            there.add(entry.identity)
            fresh.append(entry)
    return fresh


async def _comments(room: ImportRoom, entries: Sequence[_Entry], tally: Tally, watch: Watch) -> list[NewComment]:
    """The comments of these entries, in the forms by which they are found again."""
    read = await room.analysis.texts([TextJob(text=entry.line.text) for entry in entries])
    ready = []
    for entry, result in zip(entries, read, strict=True):
        if isinstance(result, TextFailure):
            _refuse(entry.line.number, f"text_{result.code}", tally, watch)
            continue
        words, skeleton = result.normalised.words, result.normalised.skeleton
        kept = Kept(
            newsroom_id=room.newsroom_id,
            source=entry.source,
            words=words,
            key=key(skeleton) if skeleton else 0,
            batch=tally.batch,
        )
        ready.append(comment_of(entry.line, kept))
    return ready


async def _pictures(room: ImportRoom, entries: Sequence[_Entry], tally: Tally, watch: Watch) -> list[NewPhoto]:
    """The pictures of these entries that are not stored yet; a line of nothing but a picture counts by its picture."""
    new: dict[tuple[str, str], NewPhoto] = {}
    for entry in entries:
        photo, code = await _picture(room, entry)
        if photo is not None and (photo.sha256, photo.source) not in new:
            new[photo.sha256, photo.source] = photo
        if code is not None:
            watch.problem(Problem(place=line(entry.line.number), code=code, detail=str(entry.line.image)))
            tally.photos_refused += 1
        if not entry.line.text.strip():
            tally.count("refused" if code else "added" if photo else "same")
    return list(new.values())


async def _picture(room: ImportRoom, entry: _Entry) -> tuple[NewPhoto | None, str | None]:
    """The photo of a line, None when it is there already; or the code of why it cannot be taken."""
    try:
        data = await asyncio.to_thread(read_picture, entry.line.image or Path(), room.image_bytes)
    except Refusal as refusal:
        return None, refusal.code
    async with room.store.read() as conn:
        there = await photos_there(conn, room.newsroom_id, {sha256_of(data)})
    if any(photo.source == entry.source for photo in there):
        return None, None
    taken = (await take(room, [data]))[0]
    return taken.photo(room.newsroom_id, entry.source), taken.error
