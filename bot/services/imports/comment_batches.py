"""Gets lines of comments ready to be written: what is there already left out, texts normalised, pictures looked at."""

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.analysis import AnalysisFailed, TextFailure, TextPrints
from bot.errors import Refusal
from bot.services.batchfiles.pictures import read_picture
from bot.services.checks.comments import Kept, comment_of
from bot.services.checks.lines import BadLine, CheckLine, clean
from bot.services.imports.comment_rows import Chunk, Line
from bot.services.imports.pictures import sha256_of, take
from bot.services.imports.room import ImportRoom, Problem, line
from bot.storage.comments import NewComment
from bot.storage.importing import comments_there, photos_there
from bot.storage.photos import NewPhoto

_MOST_SOURCE: Final = 200
# So many texts, and none could be read.
_TOO_MANY: Final = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """A line on its way into the archive."""

    line: CheckLine
    source: str

    @property
    def identity(self) -> tuple[str, str]:
        """What tells a comment from another: the file's id for it, and its text."""
        return (self.source, self.line.text)

    @property
    def has_words(self) -> bool:
        """Whether it says something, beside its picture."""
        return bool(self.line.text.strip())


@dataclass(kw_only=True, slots=True)
class Batch:
    """What is to be written of a chunk; `after` and `position` are the chunk's."""

    after: int
    position: int
    comments: list[NewComment] = field(default_factory=list)
    forms: list[TextPrints] = field(default_factory=list)
    photos: list[NewPhoto] = field(default_factory=list)
    #: Photos that came without words, by hash and source: they count as rows.
    lone: set[tuple[str, str]] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    same: int = 0
    refused: int = 0
    photos_refused: int = 0

    def refuse(self, number: int, code: str) -> None:
        """A line cannot be taken."""
        self.problems.append(Problem(place=line(number), code=code))
        self.refused += 1


class BatchMaker:
    """Makes batches; what is written of one import is called `name`."""

    def __init__(self, room: ImportRoom, name: str) -> None:
        self._room = room
        self._name = name

    async def make(self, chunk: Chunk) -> Batch:
        """Everything of a chunk that is not in the archive yet, ready to be written. Raises AnalysisFailed."""
        batch = Batch(after=chunk.after, position=chunk.position)
        entries = [_Entry(line=each, source=source_of(each)) for each in _good(chunk.lines, batch)]
        fresh = await self._fresh([entry for entry in entries if entry.has_words], batch)
        pictured = [entry for entry in entries if entry.line.image is not None and not entry.has_words]
        await self._look([*(entry for entry in fresh if entry.line.image is not None), *pictured], batch)
        await self._read(fresh, batch)
        await self._leave_unnamed(batch)
        return batch

    async def _leave_unnamed(self, batch: Batch) -> None:
        """No file brings back who an account was that two people erased."""
        if self._room.erased is not None and batch.comments:
            async with self._room.store.read() as conn:
                batch.comments = await self._room.erased.unnamed(conn, self._room.newsroom_id, batch.comments)

    async def _fresh(self, entries: Sequence[_Entry], batch: Batch) -> list[_Entry]:
        """The entries whose words are not stored yet, each once."""
        async with self._room.store.read() as conn:
            sources = {entry.source for entry in entries}
            there = await comments_there(conn, self._room.newsroom_id, sources, self._name)
        fresh = []
        for entry in entries:
            if entry.identity in there:
                batch.same += 1
            else:
                there.add(entry.identity)
                fresh.append(entry)
        return fresh

    async def _read(self, entries: Sequence[_Entry], batch: Batch) -> None:
        """Add the comments of these entries, in the forms by which they are found again.

        Raises AnalysisFailed when none of many can be read.
        """
        forms = await self._room.analysis.prints([entry.line.text for entry in entries])
        failed = [form for form in forms if isinstance(form, TextFailure)]
        if len(failed) == len(forms) >= _TOO_MANY:
            # No text is to blame: whatever is wrong with this machine must not cost the rows.
            raise AnalysisFailed(failed[0].code)
        for entry, form in zip(entries, forms, strict=True):
            if isinstance(form, TextFailure):
                batch.refuse(entry.line.number, f"text_{form.code}")
                continue
            kept = Kept(
                newsroom_id=self._room.newsroom_id,
                source=entry.source,
                words=form.words,
                key=form.text_key,
                prints=form.prints,
                batch=self._name,
            )
            batch.comments.append(comment_of(entry.line, kept))
            batch.forms.append(form)

    async def _look(self, entries: Sequence[_Entry], batch: Batch) -> None:
        """Add the pictures of these entries that are not stored yet."""
        seen = set()
        for entry in entries:
            photo, code = await self._picture(entry)
            if code is not None:
                place = line(entry.line.number)
                batch.problems.append(Problem(place=place, code=code, detail=str(entry.line.image)))
                batch.photos_refused += 1
                batch.refused += not entry.has_words
            elif photo is None or (photo.sha256, photo.source) in seen:
                batch.same += not entry.has_words
            else:
                seen.add((photo.sha256, photo.source))
                batch.photos.append(photo)
                if not entry.has_words:
                    batch.lone.add((photo.sha256, photo.source))

    async def _picture(self, entry: _Entry) -> tuple[NewPhoto | None, str | None]:
        """The photo of a line, None when it is there already; or the code of why it cannot be taken."""
        room = self._room
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


def source_of(each: CheckLine) -> str:
    """The id that the file gives; for a line without one, a hash of what it says."""
    if each.is_named:
        return clean(str(each.id))[:_MOST_SOURCE]
    said = "\0".join([each.text, repr(each.author), str(each.at), str(each.image or "")])
    return f"sha256:{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _good(lines: Sequence[Line], batch: Batch) -> Iterator[CheckLine]:
    for each in lines:
        if isinstance(each, BadLine):
            batch.refuse(each.number, each.error)
        else:
            yield each
