"""A file of comments is withdrawn whole: nothing of it counts, everything else does, and it can be put back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot.errors import Refusal
from bot.model.staff import StaffKind
from bot.services.imports import withdrawing
from bot.services.imports.comments import import_comments
from bot.services.imports.room import ImportRoom
from bot.services.imports.withdrawing import COMMENTS, every_file, withdraw
from bot.services.spike_counting import SpikeCounting
from bot.storage import comments, staff
from bot.storage.store import Store
from bot.storage.tables import comments as comments_table
from bot.storage.tables import history, spike_counts
from tests.services.rooms import Seen, make_room, rows_of, write_lines
from tests.stores import StoppedClock

LIE = "Азаттык элди алдап жатат, баары сатылган"
POISON, GOOD = "poison.jsonl", "good.jsonl"


class Interrupted(BaseException):
    """The end of the process, as far as a test can play it."""


class Dying(Seen):
    """Ends the withdrawal after its first portion."""

    def progress(self, done: int, total: int) -> None:
        """The portion is written."""
        super().progress(done, total)
        raise Interrupted


@pytest.fixture
async def room(store: Store, clock: StoppedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ImportRoom:
    """A newsroom with two imported files that hold the same words, by 30 accounts and by 3."""
    monkeypatch.setattr(withdrawing, "ROWS", 12)
    room = await make_room(store, clock, tmp_path)
    async with store.write() as conn:
        await staff.put(conn, room.newsroom_id, StaffKind.OUTLET, "Азаттык", None, (), clock())
    # All of it in one hour, whenever the tests run.
    day = (datetime.now(UTC) - timedelta(days=2)).replace(minute=10)
    for name, accounts in ((POISON, range(30)), (GOOD, range(100, 103))):
        lines = [
            {"id": each, "message": LIE, "author": f"troll{each}", "post": "p1", "date": int(day.timestamp()) + each}
            for each in accounts
        ]
        await import_comments(room, write_lines(tmp_path / name, lines), Seen())
    await SpikeCounting(store, clock, room.newsroom_id).count()
    return room


async def withdrawn(room: ImportRoom, name: str, watch: Seen, *, back: bool = False) -> int:
    """How many comments of a file were withdrawn, or put back."""
    return (await withdraw(room, name, watch, noun=COMMENTS, back=back)).turned


async def name_of(room: ImportRoom, file: str) -> str:
    """What the import of a file is called."""
    return next(each.name for each in await every_file(room) if each.name.startswith(file))


async def counted(room: ImportRoom) -> tuple[set[tuple[Any, ...]], int]:
    """What the spikes count of whom in which hour, and how many accounts posted the words."""
    rows = await rows_of(room.store, spike_counts)
    key = (await rows_of(room.store, comments_table))[0]["text_key"]
    async with room.store.read() as conn:
        found = await comments.with_keys(conn, room.newsroom_id, [key])
    return {(r["kind"], r["ref"], r["hour"], r["comments"]) for r in rows}, len(found)


async def test_a_withdrawn_file_counts_nowhere_until_it_is_put_back(room: ImportRoom) -> None:
    """Neither among copies nor in spikes; the other file's same words go on counting."""
    before, accounts = await counted(room)
    assert accounts == 33
    assert {each[3] for each in before} == {33}
    name = await name_of(room, POISON)
    assert await withdrawn(room, name, Seen()) == 30
    after, left = await counted(room)
    assert left == 3
    assert {each[3] for each in after} == {3}
    (poison, good) = sorted(await every_file(room), key=lambda each: each.name, reverse=True)
    assert (poison.rows, poison.withdrawn, good.withdrawn) == (30, 30, 0)
    assert await withdrawn(room, name, Seen(), back=True) == 30
    assert await counted(room) == (before, accounts)
    notes = [row["event"] for row in await rows_of(room.store, history) if row["details"].get("batch") == name]
    assert notes == ["imported", "withdrawn", "put_back"]


async def test_interrupted_it_goes_on_with_the_rest(room: ImportRoom) -> None:
    """What was withdrawn stands, with the figures that fit it."""
    name = await name_of(room, POISON)
    with pytest.raises(Interrupted):
        await withdrawn(room, name, Dying())
    figures, left = await counted(room)
    assert left == 21
    assert {each[3] for each in figures} == {21}
    seen = Seen()
    assert await withdrawn(room, name, seen) == 18
    assert (await counted(room))[1] == 3


async def test_a_file_that_nobody_imported_is_refused(room: ImportRoom) -> None:
    """And nothing changes."""
    with pytest.raises(Refusal, match="import_unknown"):
        await withdrawn(room, "other.jsonl 2026-01-01", Seen())
    assert (await counted(room))[1] == 33


async def test_what_another_file_says_too_is_not_lost_with_it(room: ImportRoom, tmp_path: Path) -> None:
    """A poisoned file holds true comments beside its own: a good file with these brings them, and each counts once."""
    poison = await name_of(room, POISON)
    await withdrawn(room, poison, Seen())
    day = int((datetime.now(UTC) - timedelta(days=2)).timestamp())
    lines = [{"id": each, "message": LIE, "author": f"troll{each}", "post": "p1", "date": day} for each in (0, 1, 500)]
    tally = await import_comments(room, write_lines(tmp_path / "true.jsonl", lines), Seen())
    assert tally.added == 3
    assert (await counted(room))[1] == 6
    assert await withdrawn(room, poison, Seen(), back=True) == 28
    assert (await counted(room))[1] == 34
    await import_comments(room, tmp_path / "true.jsonl", Seen())
    assert (await counted(room))[1] == 34


async def test_another_file_of_the_name_is_another_file(room: ImportRoom, tmp_path: Path) -> None:
    """Who exports to one name each day is not shut out by the day that was withdrawn."""
    await withdrawn(room, await name_of(room, POISON), Seen())
    cast(StoppedClock, room.clock).tick(86_400)
    day = int((datetime.now(UTC) - timedelta(days=2)).timestamp())
    lines = [{"id": each, "message": LIE, "author": f"troll{each}", "post": "p1", "date": day} for each in (0, 1)]
    tally = await import_comments(room, write_lines(tmp_path / POISON, lines), Seen())
    assert tally.added == 2
    assert (await counted(room))[1] == 5


async def test_importing_it_again_does_not_put_it_back(room: ImportRoom, tmp_path: Path) -> None:
    """The same file stays withdrawn, on another day too."""
    await withdrawn(room, await name_of(room, POISON), Seen())
    cast(StoppedClock, room.clock).tick(2 * 86_400)
    tally = await import_comments(room, tmp_path / POISON, Seen())
    assert tally.added == 0
    assert (await counted(room))[1] == 3
