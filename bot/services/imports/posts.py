"""Imports posts of actors and actors themselves; twice the same file changes nothing, an interrupted one goes on.

A post that is there already takes newer counts: what counts is the latest capture that anybody brought.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Refusal
from bot.model.post import ActorEntry, PostEntry
from bot.services.batchfiles.ahead import batches
from bot.services.batchfiles.rows import Row
from bot.services.batchfiles.sheets import opened_table
from bot.services.imports.file_identity import identity
from bot.services.imports.named_columns import NamedColumns
from bot.services.imports.origin import Origin, origin_of
from bot.services.imports.post_rows import PostForm, actor_naming, name_key, read_actor, read_post
from bot.services.imports.room import ROWS, ImportRoom, Problem, Tally, Watch, line
from bot.storage import import_runs, newsrooms, posts
from bot.storage.import_runs import ImportRun

_AS_IT_IS: Final = PostForm()

#: Stores some rows; what it counts and complains of goes into the tally and to the watch.
Store = Callable[[AsyncConnection, Sequence[Row]], Awaitable[None]]


async def import_posts(room: ImportRoom, path: Path, watch: Watch, form: PostForm = _AS_IT_IS) -> Tally:
    """Take in the posts of a CSV, JSONL or XLSX file. Raises Refusal when it cannot be read at all."""
    async with room.store.read() as conn:
        newsroom = await newsrooms.get(conn, room.newsroom_id)
    form = replace(form, zone=ZoneInfo(newsroom.zone))
    run = await open_run(room, path, "posts", form.identity, watch)

    async def store(conn: AsyncConnection, rows: Sequence[Row]) -> None:
        await _store_posts(run, conn, [entry for row in rows if (entry := run.read(row, form)) is not None])

    return await run.take(path, form.naming(), store)


async def import_actors(room: ImportRoom, path: Path, watch: Watch, columns: Mapping[str, str] | None = None) -> Tally:
    """Take in actors with their category, and on which platforms they are or are not. Raises Refusal."""
    naming = actor_naming(columns)
    run = await open_run(room, path, "actors", naming.identity, watch)

    async def store(conn: AsyncConnection, rows: Sequence[Row]) -> None:
        for row in rows:
            try:
                entry = read_actor(row)
            except Refusal as refusal:
                run.refuse(row, refusal)
                continue
            given = (conn, room.newsroom_id, entry, name_key(entry.name), room.clock(), await run.file_id(conn))
            _, outcome = await posts.put_actor(*given)
            run.tally.count(outcome)

    return await run.take(path, naming, store)


async def open_run(room: ImportRoom, path: Path, noun: str, read_as: str, watch: Watch) -> "ResumedImport":
    """The import of a file: begun, or gone on with where it was interrupted. Raises Refusal."""
    sha256 = await asyncio.to_thread(identity, path, read_as)
    batch = room.batch_name(path)
    origin = await origin_of(room, noun, path, batch)
    if sha256 is None:
        return ResumedImport(origin, batch, None, watch)
    async with room.store.read() as conn:
        found = await import_runs.of_file(conn, room.newsroom_id, noun, sha256)
    counts = {**Tally().counts, "batch": batch}
    run = found or ImportRun(newsroom_id=room.newsroom_id, noun=noun, sha256=sha256, position=0, counts=counts)
    return ResumedImport(origin, batch, run, watch)


class ResumedImport:
    """One run over one table: how far it is stands in the transaction of its rows."""

    def __init__(self, origin: Origin, batch: str, run: ImportRun | None, watch: Watch) -> None:
        self.room = origin.room
        self.file_id = origin.file_id
        self.watch = watch
        self.tally = Tally(**run.counts, resumed_after=run.position) if run is not None else Tally(batch=batch)
        self._noun = origin.noun
        #: Of whom this run has said already that they are there, and what they are: their ids.
        self.actors: dict[tuple[str, str | None], int] = {}
        self._told: set[str] = set()
        self._run = run

    async def take(self, path: Path, naming: NamedColumns, store: Store) -> Tally:
        """Store the rows that are not stored yet, some at a time."""
        file = await opened_table(path, self.room.analysis)
        try:
            rows = ((row, file.line) for row in file.rows(naming, self.tally.resumed_after))
            async with aclosing(batches(rows, ROWS)) as read:
                async for some in read:
                    if some:
                        await self._write([row for row, _ in some], some[-1][1], store)
                        self.watch.progress(file.position, file.size)
        finally:
            file.close()
        async with self.room.store.write() as conn:
            await self.room.note(conn, self._noun, self.tally.batch, self.tally)
            if self._run is not None:
                await import_runs.finish(conn, self._run)
        return self.tally

    async def _write(self, rows: Sequence[Row], position: int, store: Store) -> None:
        before = replace(self.tally)
        try:
            async with self.room.store.write() as conn:
                await store(conn, rows)
                await self._advance(conn, position)
        except BaseException:
            self.tally = before
            raise

    async def _advance(self, conn: AsyncConnection, position: int) -> None:
        if self._run is None:
            return
        counts: dict[str, Any] = {**self.tally.counts, "batch": self.tally.batch}
        advanced = await import_runs.advance(conn, self._run, position, counts, self.room.clock())
        if advanced is None:
            raise Refusal("import_running")
        self._run = advanced

    def read(self, row: Row, form: PostForm) -> PostEntry | None:
        """The post of a row; None when it is refused."""
        try:
            return read_post(row, form)
        except Refusal as refusal:
            self.refuse(row, refusal)
            return None

    def is_first(self, what: str) -> bool:
        """Whether this is complained of for the first time: a line for each of a thousand rows helps nobody."""
        is_new = what not in self._told
        self._told.add(what)
        return is_new

    def refuse(self, row: Row, refusal: Refusal) -> None:
        """A row cannot be taken."""
        detail = ", ".join(str(value) for value in refusal.values.values())
        self.watch.problem(Problem(place=line(row.number), code=refusal.code, detail=detail))
        self.tally.refused += 1


async def _store_posts(run: ResumedImport, conn: AsyncConnection, entries: Sequence[PostEntry]) -> None:
    room, now = run.room, run.room.clock()
    file_id = await run.file_id(conn)
    known = await posts.with_sources(conn, room.newsroom_id, {entry.source for entry in entries})
    actor_ids = await _put_actors(run, conn, entries, file_id)
    new: dict[str, PostEntry] = {}
    for entry in entries:
        if entry.source in known:
            continue
        # The same post twice in one file: the later capture counts.
        run.tally.count("same" if entry.source in new else "added")
        new[entry.source] = _later(new[entry.source], entry) if entry.source in new else entry
    added = [(actor_ids[name_key(entry.actor)], entry) for entry in new.values()]
    await posts.add(conn, room.newsroom_id, added, run.tally.batch, now, file_id)
    again = [(known[e.source], actor_ids[name_key(e.actor)], e) for e in entries if e.source in known]
    for is_news in await posts.renew(conn, room.newsroom_id, again, file_id, now):
        run.tally.count("changed" if is_news else "same")


async def _put_actors(
    run: ResumedImport, conn: AsyncConnection, entries: Sequence[PostEntry], file_id: int
) -> dict[str, int]:
    """See that the actors of these posts are known, in the name of the file; their ids by their names' keys."""
    room = run.room
    said = dict.fromkeys((name_key(entry.actor), entry.category) for entry in entries)
    named = {name_key(entry.actor): entry.actor for entry in reversed(entries)}
    known = await posts.actors_of(conn, room.newsroom_id)
    for key, category in said:
        if (key, category) in run.actors:
            continue
        before = known[key][2] if key in known else None
        if category and before and category != before and run.is_first(key):
            run.watch.problem(Problem(place=named[key], code="actor_category_other", detail=before))
        actor = ActorEntry(name=named[key], category=category)
        given = (conn, room.newsroom_id, actor, key, room.clock(), file_id)
        run.actors[key, category], _ = await posts.put_actor(*given, is_aside=True)
    return {key: run.actors[key, category] for key, category in said}


def _later(one: PostEntry, other: PostEntry) -> PostEntry:
    if one.captured_at is None or other.captured_at is None:
        return other
    return other if other.captured_at >= one.captured_at else one
