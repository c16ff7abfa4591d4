"""Imports staff under protection; who is listed already gains aliases, and the member that they are."""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.staff import StaffKind
from bot.services.batchfiles.ahead import batches
from bot.services.batchfiles.rows import RowFile
from bot.services.imports.origin import Origin, origin_of
from bot.services.imports.room import ROWS, ImportRoom, Problem, Tally, Watch, line
from bot.services.imports.staff_rows import BadStaffRow, StaffRow, staff_rows
from bot.storage import members, staff


async def import_staff(room: ImportRoom, path: Path, watch: Watch) -> Tally:
    """Put the people and outlets of a file on the list. Raises Refusal when it cannot be read at all."""
    tally = Tally(batch=room.batch_name(path))
    origin = await origin_of(room, "staff", path, tally.batch)
    file = RowFile.open(path)
    told: dict[tuple[StaffKind, str], StaffRow] = {}
    try:
        async with aclosing(batches(staff_rows(file), ROWS)) as read:
            async for rows in read:
                await _store(origin, _fresh(rows, told, tally), tally, watch)
                watch.progress(file.position, file.size)
    finally:
        file.close()
    async with room.store.write() as conn:
        await room.note(conn, "staff", tally.batch, tally)
    return tally


def _fresh(
    rows: Sequence[StaffRow | BadStaffRow], told: dict[tuple[StaffKind, str], StaffRow], tally: Tally
) -> Sequence[StaffRow | BadStaffRow]:
    """The rows that say something else of a person than the file's last row of them: each asks what is stored."""
    fresh: list[StaffRow | BadStaffRow] = []
    for row in rows:
        if isinstance(row, StaffRow):
            said = replace(row, number=0)
            if told.get((row.kind, row.name)) == said:
                tally.same += 1
                continue
            told[row.kind, row.name] = said
        fresh.append(row)
    return fresh


async def _store(origin: Origin, rows: Sequence[StaffRow | BadStaffRow], tally: Tally, watch: Watch) -> None:
    async with origin.room.store.write() as conn:
        file_id = await origin.file_id(conn)
        for row in rows:
            if isinstance(row, BadStaffRow):
                watch.problem(Problem(place=line(row.number), code=row.error))
                tally.refused += 1
            else:
                tally.count(await _put(origin.room, conn, row, file_id, watch))


async def _put(room: ImportRoom, conn: AsyncConnection, row: StaffRow, file_id: int, watch: Watch) -> str:
    told = (row.kind, row.name, row.position, row.aliases)
    outcome = await staff.put(conn, room.newsroom_id, *told, room.clock(), file_id)
    if row.telegram_id is not None and await _link(room, conn, row, file_id, watch) and outcome == "same":
        outcome = "changed"
    return outcome


async def _link(room: ImportRoom, conn: AsyncConnection, row: StaffRow, file_id: int, watch: Watch) -> bool:
    """Say which member somebody is; whether that was news."""
    member = await members.by_telegram_id(conn, room.newsroom_id, row.telegram_id or 0)
    if member is None:
        watch.problem(Problem(place=line(row.number), code="member_unknown", detail=str(row.telegram_id)))
        return False
    listed = await staff.all_of(conn, room.newsroom_id)
    person = next((each for each in listed if each.kind is row.kind and each.name == row.name), None)
    if person is None:
        return False
    await staff.link_member(conn, person.id, member.id, room.clock(), file_id)
    return person.member_id != member.id
