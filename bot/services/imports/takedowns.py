"""Imports a newsroom's own ledger of reports to platforms; twice the same file changes nothing."""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Refusal
from bot.model.account import AccountEntry
from bot.model.takedown import OPEN, Aim, TakedownEntry
from bot.services.accounts import keys_of
from bot.services.batchfiles.ahead import batches
from bot.services.batchfiles.rows import Row
from bot.services.batchfiles.sheets import opened_table
from bot.services.imports.origin import Origin, origin_of
from bot.services.imports.room import ROWS, ImportRoom, Problem, Tally, Watch, line
from bot.services.imports.takedown_rows import TakedownColumns, TakedownRow, read_takedown_row
from bot.services.takedowns import RECHECK, aim_at, key_of
from bot.storage import accounts, history, sayings, takedown_sayings, takedowns
from bot.storage.sayings import Said
from bot.storage.takedown_sayings import TAKEDOWN
from detection.accounts.links import parse_links

_SAME_DAY = timedelta(hours=36)


async def import_takedowns(room: ImportRoom, path: Path, watch: Watch) -> Tally:
    """Take in the reports of a CSV, JSONL or XLSX file. Raises Refusal when it cannot be read at all."""
    tally = Tally(batch=room.batch_name(path))
    origin = await origin_of(room, "takedowns", path, tally.batch)
    file = await opened_table(path, room.analysis)
    try:
        async with aclosing(batches(file.rows(TakedownColumns()), ROWS)) as read:
            async for some in read:
                await _store(origin, some, tally, watch)
                watch.progress(file.position, file.size)
    finally:
        file.close()
    async with room.store.write() as conn:
        await room.note(conn, "takedowns", tally.batch, tally)
    return tally


async def _store(origin: Origin, rows: Sequence[Row], tally: Tally, watch: Watch) -> None:
    room = origin.room
    async with room.store.write() as conn:
        file_id = await origin.file_id(conn)
        last = await takedowns.lock(conn, room.newsroom_id)
        for row in rows:
            try:
                read = read_takedown_row(row)
                aim = await _aim(room, conn, read.link)
            except Refusal as refusal:
                detail = str(next(iter(refusal.values.values()), ""))
                watch.problem(Problem(place=line(row.number), code=refusal.code, detail=detail))
                tally.refused += 1
                continue
            outcome = await _put(room, conn, _entry(read, aim, room.clock()), last + 1, (file_id, tally.batch))
            last += outcome == "added"
            tally.count(outcome)


async def _aim(room: ImportRoom, conn: AsyncConnection, words: str) -> Aim:
    links = parse_links(words)
    if not links:
        raise Refusal("link_unknown")
    link = links[0]
    entry = AccountEntry(platform=link.platform, handle=link.handle, numeric_id=link.numeric_id)
    account_id = await accounts.find(conn, room.newsroom_id, entry, keys_of(entry))
    account = await accounts.get(conn, room.newsroom_id, account_id) if account_id is not None else None
    if account is not None and link.post is None:
        return aim_at(account)
    named = link.handle or link.numeric_id
    return Aim(
        kind="post" if link.post else "account",
        platform=link.platform,
        target=link.url[:500],
        key=key_of(link),
        account_id=account_id,
        account=f"{link.platform}:{named}"[:220] if named else None,
    )


async def _put(
    room: ImportRoom, conn: AsyncConnection, entry: TakedownEntry, number: int, source: tuple[int, str]
) -> str:
    now, newsroom_id, (file_id, batch) = room.clock(), room.newsroom_id, source
    known = await takedown_sayings.of_target(conn, newsroom_id, entry.aim.key)
    told = takedown_sayings.told_of(entry)
    same = next((row_id for row_id, there in known if _is_same(there, told)), None)
    if same is not None:
        return await _update(room, conn, same, told, file_id)
    earlier = await takedowns.of_target(conn, newsroom_id, entry.aim.key)
    given: dict[str, Any] = {"attempt": len(earlier) + 1, "source": batch[:200]}
    if earlier:
        given["previous_id"] = earlier[-1].id
    takedown_id = await takedowns.add(conn, newsroom_id, number, entry, now, **given)
    await sayings.add(conn, newsroom_id, TAKEDOWN.noun, file_id, [(takedown_id, told)], now)
    subject = ("takedown", takedown_id)
    await history.note(conn, newsroom_id, None, subject, "imported", now, batch=batch)
    return "added"


def _entry(row: TakedownRow, aim: Aim, now: datetime) -> TakedownEntry:
    # A day that the file does not say is not made up: the median of days would be of nothing.
    sent = row.sent_at
    entry = TakedownEntry(
        aim=aim,
        status=row.status,
        channel=row.channel,
        ticket=row.ticket,
        note=row.note,
        answer=row.answer,
        sent_at=sent,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
    )
    # What waits for years needs no reminder on the day of the import; what was sent lately does.
    is_fresh = row.status in OPEN and sent is not None and now - sent < RECHECK
    return replace(entry, recheck_at=sent + RECHECK) if is_fresh and sent is not None else entry


def _is_same(known: Said, told: Said) -> bool:
    if told["ticket"] and known["ticket"]:
        return bool(told["ticket"] == known["ticket"])
    if known["channel"] != told["channel"]:
        return False
    if known["sent_at"] is None or told["sent_at"] is None:
        return known["sent_at"] is told["sent_at"]
    return abs(datetime.fromisoformat(known["sent_at"]) - datetime.fromisoformat(told["sent_at"])) < _SAME_DAY


async def _update(room: ImportRoom, conn: AsyncConnection, takedown_id: int, told: Said, file_id: int) -> str:
    """What the file knows beyond the ledger; an outcome that people here decided is never overwritten."""
    now, newsroom_id = room.clock(), room.newsroom_id
    await sayings.keep_edited(conn, newsroom_id, TAKEDOWN, [takedown_id], now)
    (is_news,) = await sayings.hear(conn, newsroom_id, TAKEDOWN, file_id, [(takedown_id, told)], now)
    if not is_news:
        return "same"
    subject = ("takedown", takedown_id)
    await history.note(conn, newsroom_id, None, subject, "imported", now, status=told["status"])
    return "changed"
