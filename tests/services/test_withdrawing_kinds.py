"""Whatever the order of imports, withdrawals and people's words: what counts is what the files that stand say.

And whenever the process ends, a file is whole or wholly withdrawn.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model.staff import StaffKind
from bot.services.imports.room import ImportRoom
from bot.services.imports.withdrawing import every_file, withdraw
from bot.storage import staff
from bot.storage.store import Store
from bot.storage.tables import (
    actor_presences,
    actors,
    ads,
    custody_pending,
    history,
    imported_files,
    imported_sayings,
    photos,
    posts,
    takedowns,
)
from bot.storage.tables import staff as staff_table
from tests.newsroom import make_newsroom
from tests.services.imported_kinds import KINDS, Counted, KindOfFile, counted, take
from tests.services.rooms import Seen, make_room
from tests.stores import StoppedClock

EVERY_KIND = pytest.mark.parametrize("kind", KINDS, ids=[kind.noun for kind in KINDS])
#: Imports and withdrawals of two files, and a person who puts somebody on the list of staff, and takes them off.
STEPS = ("import 0", "import 1", "withdraw 0", "withdraw 1", "back 0", "back 1", "edit", "remove")
ORDERS = st.lists(st.sampled_from(STEPS), min_size=2, max_size=9)
#: All that withdrawing writes to.
TOUCHED = (
    *(imported_files, imported_sayings, staff_table, actors, actor_presences, posts, ads, takedowns, photos),
    *(history, custody_pending),
)
FEW = settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Files:
    """Two files of a kind, and what became of each: never imported, standing or withdrawn."""

    def __init__(self, room: ImportRoom, kind: KindOfFile, folder: Path) -> None:
        self._room = room
        self._kind = kind
        self._folder = folder
        self.stands: dict[int, bool] = {}
        #: What stands when all is done, in its order: imports of files, people's words.
        self.done: list[str] = []

    async def act(self, step: str) -> None:
        """Do a step, unless there is nothing to be done it to."""
        what, _, place = step.partition(" ")
        number = int(place or 0)
        if what in ("edit", "remove"):
            await self._by_hand(what)
        elif what == "import":
            if self.stands.setdefault(number, True):
                await self._import(number)
                self.done.append(step)
        elif self.stands.get(number) is (what == "withdraw"):
            await withdraw(self._room, await self._name(number), Seen(), back=what == "back")
            self.stands[number] = what == "back"

    def that_stand(self) -> list[str]:
        """The steps that an archive needs which never saw what was withdrawn."""
        gone = {f"import {number}" for number, stands in self.stands.items() if not stands}
        return [step for step in self.done if step not in gone]

    async def _import(self, number: int) -> None:
        content = (self._kind.poison, self._kind.good)[number]
        await take(self._room, self._kind, self._folder, f"file{number}", content)

    async def _by_hand(self, what: str) -> None:
        if self._kind.noun != "staff":
            return
        own, now = self._room.newsroom_id, self._room.clock()
        async with self._room.store.write() as conn:
            if what == "edit":
                await staff.put(conn, own, StaffKind.PERSON, "Айгүл", None, ("Колдон",), now)
                self.done.append(what)
                return
            for each in await staff.all_of(conn, own):
                if each.name == "Айгүл":
                    await staff.remove(conn, own, each.id, now)
                    self.done.append(what)

    async def _name(self, number: int) -> str:
        return next(each.name for each in await every_file(self._room) if each.name.startswith(f"file{number}"))


async def _outcome(room: ImportRoom, kind: KindOfFile, folder: Path, steps: Sequence[str]) -> tuple[Counted, list[str]]:
    files = Files(room, kind, folder)
    for step in steps:
        await files.act(step)
    return await counted(room, kind.noun), files.that_stand()


@EVERY_KIND
@FEW
@given(steps=ORDERS)
async def test_what_counts_is_what_stands(
    kind: KindOfFile, steps: list[str], store: Store, clock: StoppedClock, tmp_path: Path
) -> None:
    """The same as in a newsroom into which only the files that stand were ever imported, in their order."""
    await _compare(kind, steps, store, clock, tmp_path)


@pytest.mark.slow
@EVERY_KIND
@settings(FEW, max_examples=20)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=6, max_size=24))
async def test_what_counts_is_what_stands_for_long(
    kind: KindOfFile, steps: list[str], store: Store, clock: StoppedClock, tmp_path: Path
) -> None:
    """The same of longer histories."""
    await _compare(kind, steps, store, clock, tmp_path)


async def _compare(kind: KindOfFile, steps: list[str], store: Store, clock: StoppedClock, folder: Path) -> None:
    ours = replace(await make_room(store, clock, folder), newsroom_id=(await make_newsroom(store, clock())).id)
    counts, wanted = await _outcome(ours, kind, folder, steps)
    theirs = replace(ours, newsroom_id=(await make_newsroom(store, clock())).id)
    assert (await _outcome(theirs, kind, folder, wanted))[0] == counts


class Killed(BaseException):
    """The end of the process, as far as a test can play it: nothing after it is done, not even a commit."""


@contextmanager
def killed_at(store: Store, statement: int) -> Iterator[list[int]]:
    """Let the process end before a statement of a number; how many there were is in the list."""
    seen: list[int] = []

    def before(*_: Any) -> None:
        seen.append(1)
        if len(seen) == statement:
            raise Killed

    writer = store._writer.sync_engine
    sa.event.listen(writer, "before_cursor_execute", before)
    try:
        yield seen
    finally:
        sa.event.remove(writer, "before_cursor_execute", before)


async def _all_rows(room: ImportRoom) -> dict[str, list[str]]:
    async with room.store.read() as conn:
        return {table.name: sorted(map(repr, (await conn.execute(sa.select(table))).all())) for table in TOUCHED}


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=() if kind.noun == "staff" else pytest.mark.slow, id=kind.noun) for kind in KINDS]
)
async def test_killed_between_any_two_statements(
    store: Store, clock: StoppedClock, tmp_path: Path, kind: KindOfFile
) -> None:
    """Nothing at all is changed, or all of it is: withdrawing, and putting back."""
    room = await make_room(store, clock, tmp_path)
    await take(room, kind, tmp_path, "poison", kind.poison)
    await take(room, kind, tmp_path, "good", kind.good)
    name = next(each.name for each in await every_file(room) if each.name.startswith("poison"))
    for back in (False, True):
        before, statement = await _all_rows(room), 0
        while True:
            statement += 1
            with killed_at(store, statement) as seen:
                try:
                    await withdraw(room, name, Seen(), back=back)
                    break
                except Killed:
                    assert len(seen) == statement
            assert await _all_rows(room) == before, statement
        assert statement > 5
        assert await _all_rows(room) != before
        async with store.read() as conn:
            off = await conn.scalar(sa.select(imported_files.c.withdrawn_at).where(imported_files.c.name == name))
        assert (off is None) is back
