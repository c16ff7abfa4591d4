"""Imports of comments in bulk: gone on with where they ended, searchable at their end, bad rows by line."""

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from bot.analysis import Analysis, AnalysisFailed, TextFailure, TextPrints
from bot.clock import Clock
from bot.errors import Refusal
from bot.services.imports import comment_index, comments
from bot.services.imports.comment_rows import CommentForm
from bot.services.imports.comments import import_comments
from bot.services.imports.file_identity import identity
from bot.services.imports.room import ImportRoom, Problem
from bot.services.imports.times import DateOrder
from bot.services.texts import TextIndex
from bot.storage import import_runs, texts
from bot.storage.store import Store
from bot.storage.tables import comments as comments_table
from bot.storage.tables import history
from bot.storage.texts import WAITING
from detection.text.normalise import normalise
from tests.services.import_archive import Archive, archive_of, position_of, write_comments
from tests.services.rooms import InlineAnalysis, Seen, make_room, rows_of, write_lines
from tests.stores import MakeStore, open_store, sqlite_url


class Killed(BaseException):
    """The end of a process, as far as a test can play it."""


class DyingWatch(Seen):
    """Ends the import after so many batches, between two of them."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._left = after

    def progress(self, done: int, total: int) -> None:
        """One more batch."""
        super().progress(done, total)
        self._left -= 1
        if self._left == 0:
            raise Killed


class HeldAnalysis(InlineAnalysis):
    """Begins, and goes on when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()

    async def prints(self, texts: Sequence[str]) -> list[TextPrints | TextFailure]:
        """The same, later."""
        self.begun.set()
        await self.go_on.wait()
        return await super().prints(texts)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches and portions of which a small file has many."""
    monkeypatch.setattr(comments, "ROWS", 50)
    monkeypatch.setattr(comment_index, "PORTION", 120)
    monkeypatch.setattr(comment_index, "_MOST", 150)


@pytest.fixture
async def room(store: Store, clock: Clock, tmp_path: Path) -> ImportRoom:
    """An empty newsroom, on each engine."""
    return await make_room(store, clock, tmp_path)


@pytest.fixture
async def sqlite_room(sqlite_store: Store, clock: Clock, tmp_path: Path) -> ImportRoom:
    """An empty newsroom, for what does not depend on the engine."""
    return await make_room(sqlite_store, clock, tmp_path)


@pytest.fixture
async def whole(migrated_file: Path, clock: Clock, tmp_path: Path) -> tuple[Path, Archive]:
    """A file of 500 comments, and what an archive holds after an undisturbed import of it."""
    path = write_comments(tmp_path / "c.jsonl", 500)
    shutil.copy(migrated_file, tmp_path / "other.sqlite")
    store = Store(sqlite_url(tmp_path / "other.sqlite"))
    try:
        await import_comments(await make_room(store, clock, tmp_path), path, Seen())
        return path, await archive_of(store)
    finally:
        await store.close()


async def test_interrupted_between_batches_it_goes_on(room: ImportRoom, whole: tuple[Path, Archive]) -> None:
    """Ended again and again, the archive, the numbers and the history are those of one undisturbed import."""
    path, archive = whole
    for ends in (1, 3, 2):
        with pytest.raises(Killed):
            await import_comments(room, path, DyingWatch(ends))
    assert await position_of(room.store) == 300
    tally = await import_comments(room, path, Seen())
    assert (tally.resumed_after, tally.added, tally.same, tally.refused) == (300, 494, 0, 6)
    assert await archive_of(room.store) == archive
    assert await position_of(room.store) is None
    (note,) = await rows_of(room.store, history)
    assert note["details"]["counts"]["added"] == 494


async def test_interrupted_within_a_batch_nothing_of_it_is_there(
    room: ImportRoom, whole: tuple[Path, Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows and position are one transaction: between them there is no instant to die in."""
    path, archive = whole
    calls = iter([False, False, True])
    real = import_runs.advance

    async def dying(*arguments: object) -> object:
        if next(calls, False):
            raise Killed
        return await real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(import_runs, "advance", dying)
    with pytest.raises(Killed):
        await import_comments(room, path, Seen())
    assert (await position_of(room.store), len(await rows_of(room.store, comments_table))) == (100, 99)
    await import_comments(room, path, Seen())
    assert await archive_of(room.store) == archive


async def test_interrupted_while_postings_are_written(
    room: ImportRoom, whole: tuple[Path, Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts whose postings were not written yet get them from the next run, though nothing is remembered of them."""
    path, archive = whole

    async def dying(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(texts, "post_many", dying)
        with pytest.raises(Killed):
            await import_comments(room, path, Seen())
    assert await position_of(room.store) is not None
    tally = await import_comments(room, path, Seen())
    assert tally.added == 494
    assert await archive_of(room.store) == archive


async def test_rows_come_in_while_a_portion_is_written(
    postgres_copy: str, clock: Clock, tmp_path: Path, whole: tuple[Path, Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL the first portion waits for rows that come after it, and the archive is the same."""
    path, archive = whole
    store, real, watch = open_store(postgres_copy), texts.post_many, Seen()
    rest: list[int] = []

    async def late(*given: object) -> None:
        before = watch.done
        async with asyncio.timeout(20):
            while not rest and watch.done == before:  # noqa: ASYNC110 - the watch is told by a function
                await asyncio.sleep(0.01)
        rest.append(watch.done - before)
        await real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(texts, "post_many", late)
    try:
        await import_comments(await make_room(store, clock, tmp_path), path, watch)
        assert rest[0] > 0
        assert await archive_of(store) == archive
    finally:
        await store.close()


async def test_an_import_ends_with_what_its_index_met(
    room: ImportRoom, whole: tuple[Path, Archive], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portion fails while more comes in: the import says so, and the next one writes what is missing."""
    path, archive = whole

    async def failing(*_: object) -> None:
        raise OSError("no")

    with monkeypatch.context() as patch:
        patch.setattr(texts, "post_many", failing)
        with pytest.raises(OSError, match="no"):
            await import_comments(room, path, Seen())
    await import_comments(room, path, Seen())
    assert await archive_of(room.store) == archive


async def test_what_was_imported_is_found_and_waits_for_its_campaign(room: ImportRoom, tmp_path: Path) -> None:
    """At the end every text has its postings: a reworked one is found, and the sweep has work."""
    said = "Бул журналисттер акча алып жалган жазып жатышат деп уктум"
    path = write_lines(tmp_path / "c.jsonl", [{"text": said, "author": "a"}, {"text": "x" * 40, "author": "b"}])
    await import_comments(room, path, Seen())
    index = TextIndex(room.store, room.newsroom_id)
    (found,) = await index.search([normalise(said.replace("акча", "доллар")).words])
    assert [match.words for match in found] == [normalise(said).words]
    async with room.store.read() as conn:
        assert {text.state for text in await texts.by_numbers(conn, room.newsroom_id, [1, 2])} == {WAITING}


async def test_finished_file_is_read_again_and_its_new_rows_are_taken(room: ImportRoom, tmp_path: Path) -> None:
    """What is there counts as the same; rows at the end are added."""
    path = write_comments(tmp_path / "c.jsonl", 120)
    assert (await import_comments(room, path, Seen())).added == 118
    assert (await import_comments(room, path, Seen())).same == 118
    with path.open("a") as file:
        file.write('{"id": "new", "text": "жаңы"}\n')
    tally = await import_comments(room, path, Seen())
    assert (tally.added, tally.same, tally.refused) == (1, 118, 2)


async def test_same_row_in_neighbouring_batches_is_taken_once(room: ImportRoom, tmp_path: Path) -> None:
    """The next batch is made ready before this one is written: it must not be fooled."""
    path = write_lines(tmp_path / "c.jsonl", [{"id": n % 50, "text": f"text {n % 50}"} for n in range(150)])
    tally = await import_comments(room, path, Seen())
    assert (tally.added, tally.same) == (50, 100)
    assert len(await rows_of(room.store, comments_table)) == 50


async def test_other_columns_are_another_import(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """An interrupted import is not gone on with when the file is read in another way, nor when it has changed."""
    path = write_comments(tmp_path / "c.jsonl", 120)
    with pytest.raises(Killed):
        await import_comments(sqlite_room, path, DyingWatch(1))
    tally = await import_comments(sqlite_room, path, Seen(), CommentForm(columns={"post": "post"}))
    assert (tally.resumed_after, tally.same) == (0, 49)
    path.write_bytes(path.read_bytes() + b"\n")
    assert (await import_comments(sqlite_room, path, Seen())).resumed_after == 0


async def test_second_of_two_at_once_is_refused(
    room: ImportRoom, more_stores: MakeStore, clock: Clock, tmp_path: Path
) -> None:
    """Of two processes that import one file, the one that comes too late is told so, and every row is there once."""
    path = write_comments(tmp_path / "c.jsonl", 400)
    slow, slow_room = HeldAnalysis(), await make_room(more_stores(), clock, tmp_path)
    late = asyncio.create_task(import_comments(replace(slow_room, analysis=cast(Analysis, slow)), path, Seen()))
    await slow.begun.wait()
    with pytest.raises(Killed):
        await import_comments(room, path, DyingWatch(3))
    slow.go_on.set()
    with pytest.raises(Refusal, match="import_running"):
        await late
    await import_comments(room, path, Seen())
    await _is_there_once(room, 395)


async def test_two_at_once_take_nothing_twice(
    room: ImportRoom, more_stores: MakeStore, clock: Clock, tmp_path: Path
) -> None:
    """However two imports of one file meet: one of them takes each row, and at most one is refused."""
    path = write_comments(tmp_path / "c.jsonl", 400)
    rooms = [room, await make_room(more_stores(), clock, tmp_path)]
    ends = await asyncio.gather(*(import_comments(each, path, Seen()) for each in rooms), return_exceptions=True)
    codes = [end.code if isinstance(end, Refusal) else type(end).__name__ for end in ends]
    assert sorted(codes) in (["Tally", "Tally"], ["Tally", "import_running"])
    await _is_there_once(room, 395)


async def _is_there_once(room: ImportRoom, rows: int) -> None:
    sources = [row["source"] for row in await rows_of(room.store, comments_table)]
    assert len(sources) == len(set(sources)) == rows


async def test_rows_of_a_table_are_called_by_their_lines(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """A cell of several lines moves the lines after it, before and after an interruption; tabs, UTF-16, cp1251."""
    header, rows = "Дата\tКомментарий\tАвтор\n", []
    for number in range(120):
        day = "32.01.2026" if number in (3, 110) else "06.10.2026 14:30"
        rows.append(f'{day}\t"эки\nсап {number}"\tАйгуль Асанова\n')
    for encoding in ("utf-16", "cp1251", "utf-8-sig"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes((header + "".join(rows)).encode(encoding))
        seen = DyingWatch(1)
        with pytest.raises(Killed):
            await import_comments(sqlite_room, path, seen)
        assert seen.codes == [("line 8", "at_wrong")]
        seen = Seen()
        tally = await import_comments(sqlite_room, path, seen)
        assert seen.codes == [("line 222", "at_wrong")]
        assert (tally.resumed_after, tally.added + tally.same, tally.refused) == (101, 118, 2)
    row = (await rows_of(sqlite_room.store, comments_table))[0]
    assert (row["text"], row["author"], row["posted_at"].hour) == ("эки\nсап 0", "Айгуль Асанова", 14)


async def test_options_say_what_the_names_do_not(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """Columns, platform and order of dates given by hand."""
    path = tmp_path / "c.csv"
    path.write_text("Who;Said;When\ntroll;сөз;10/06/2026 2:30 PM\n", encoding="utf-8")
    with pytest.raises(Refusal, match="columns_without_text"):
        await import_comments(sqlite_room, path, Seen())
    columns = {"text": "said", "handle": "WHO", "at": "When"}
    form = CommentForm(columns=columns, platform="facebook", date_order=DateOrder.MONTH)
    assert (await import_comments(sqlite_room, path, Seen(), form)).added == 1
    (row,) = await rows_of(sqlite_room.store, comments_table)
    assert (row["author_key"], row["text"]) == ("facebook:troll", "сөз")
    assert row["posted_at"].isoformat() == "2026-10-06T14:30:00+00:00"
    assert await position_of(sqlite_room.store) is None


async def test_objects_without_text_are_refused_at_once(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """Not a million bad rows, but one answer that names the keys."""
    path = write_lines(tmp_path / "c.jsonl", [{"id": n, "inhalt": "x"} for n in range(300)])
    with pytest.raises(Refusal, match="columns_without_text") as caught:
        await import_comments(sqlite_room, path, Seen())
    assert caught.value.values["found"] == "id, inhalt"


async def test_broken_workers_cost_no_rows(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """When no text at all can be read, the machine is to blame: the import stops where it is, to be gone on with."""
    path = write_comments(tmp_path / "c.jsonl", 120)

    async def broken(texts: Sequence[str]) -> list[TextPrints | TextFailure]:
        return [TextFailure(code="crashed") for _ in texts]

    working = sqlite_room.analysis.prints
    sqlite_room.analysis.prints = broken  # type: ignore[method-assign]
    with pytest.raises(AnalysisFailed, match="crashed"):
        await import_comments(sqlite_room, path, Seen())
    sqlite_room.analysis.prints = working  # type: ignore[method-assign]
    assert (await import_comments(sqlite_room, path, Seen())).added == 118


async def test_ids_that_no_database_takes(room: ImportRoom, tmp_path: Path) -> None:
    """Half a surrogate pair or a NUL in an id is replaced, as in the text."""
    path = write_lines(tmp_path / "c.jsonl", [{"id": "a\x00\ud800", "text": "x\x00", "image": "\ud800.jpg"}])
    for counts in ((1, 0), (0, 1)):
        tally = await import_comments(room, path, Seen())
        assert (tally.added, tally.same) == counts


def test_identity_is_of_the_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy is the same file; a large one is told by place, size and ends."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"a" * 1000)
    two.write_bytes(b"a" * 1000)
    assert identity(one, "") == identity(two, "") != identity(one, "other")
    for limit in ("_WHOLE", "_ENDS"):
        monkeypatch.setattr(f"bot.services.imports.file_identity.{limit}", 100)
    before = identity(one, "")
    assert before != identity(two, "")
    one.write_bytes(b"a" * 999 + b"b")
    assert identity(one, "") not in (before, None)
    with pytest.raises(Refusal, match="file_unreadable"):
        identity(Path("/dev/null"), "")
    with pytest.raises(Refusal, match="file_missing"):
        identity(tmp_path / "no", "")


def test_problems_are_cut_short(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more bad rows than anybody reads the rest is counted."""
    from bot.cli.runs import progress

    monkeypatch.setattr(progress, "MOST_PROBLEMS", 3)
    with progress.ImportWatch("comments") as watch:
        for number in range(10):
            watch.problem(Problem(place=f"line {number}", code="empty"))
    assert capsys.readouterr().err.splitlines()[2:] == [
        "line 2: empty: there is neither a text nor an image",
        "and 7 more problems",
    ]
