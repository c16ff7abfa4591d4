"""Takes a whole imported file back, or puts it back: it was poisoned, or it was the wrong one.

What people here said or decided since stays, and what another file says alike: only what this file alone said ends.
What was forwarded stays as well. Comments may be millions: they are withdrawn a portion at a time. All else goes in one
transaction, wholly or not at all. Lists of accounts are withdrawn in the chat, where many of them take two people.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Refusal
from bot.model.imported import ImportedFile, Withdrawal
from bot.services.imports import comments
from bot.services.imports.room import IMPORTER, ImportRoom, Watch
from bot.storage import account_reports, history, imported_comments, imported_files, post_codings, sayings, spike_counts
from bot.storage.members import lock_newsroom
from bot.storage.photo_sayings import PHOTO
from bot.storage.report_sayings import ACTOR, AD, POST
from bot.storage.sayings import Kind
from bot.storage.staff_sayings import STAFF, keep_watched
from bot.storage.takedown_sayings import TAKEDOWN

#: Rows of one transaction, as an import takes them.
ROWS = comments.ROWS
COMMENTS: Final = "comments"
ACCOUNTS: Final = "accounts"
_KINDS: Final[Mapping[str, Kind]] = {kind.noun: kind for kind in (STAFF, ACTOR, POST, AD, TAKEDOWN, PHOTO)}
_EVERY_LIST: Final = 100_000


async def every_file(room: ImportRoom) -> list[ImportedFile]:
    """The imported files of every kind, the newest first."""
    async with room.store.read() as conn:
        kept = await imported_files.every(conn, room.newsroom_id)
        hashes = {each.name: each.sha256 for each in kept if each.noun == COMMENTS}
        told = [
            ImportedFile(
                noun=COMMENTS,
                name=each.name,
                rows=each.comments,
                withdrawn=each.withdrawn,
                is_withdrawn=each.withdrawn == each.comments,
                at=each.at,
                importer=IMPORTER,
                sha256=hashes.get(each.name),
            )
            for each in await imported_comments.files(conn, room.newsroom_id)
        ]
        lists = await account_reports.batches(conn, room.newsroom_id, _EVERY_LIST)
    listed = [
        ImportedFile(
            noun=ACCOUNTS,
            name=each.name,
            rows=each.accounts,
            withdrawn=each.accounts if each.is_withdrawn else 0,
            is_withdrawn=each.is_withdrawn,
            at=each.at,
            importer=each.lister,
        )
        for each in lists
    ]
    found = [*(each for each in kept if each.noun != COMMENTS), *told, *listed]
    return sorted(found, key=lambda each: (each.at, each.id or 0, each.name), reverse=True)


async def withdraw(
    room: ImportRoom, name: str, watch: Watch, *, noun: str | None = None, back: bool = False
) -> Withdrawal:
    """Withdraw a file, or with `back` put it back; says what came of it.

    Raises Refusal for a file that was not imported, or that has the name of another kind's while `noun` is not said.
    """
    named = [each for each in await every_file(room) if each.name == name and noun in (None, each.noun)]
    if not named:
        raise Refusal("import_unknown", name=name[:200])
    if len(named) > 1:
        raise Refusal("import_ambiguous", name=name[:200], kinds=", ".join(sorted(each.noun for each in named)))
    (file,) = named
    if file.noun == ACCOUNTS:
        raise Refusal("import_in_chat", name=name[:200])
    if file.noun == COMMENTS:
        return Withdrawal(noun=COMMENTS, name=name, turned=await _withdraw_comments(room, file, watch, back=back))
    return await _withdraw_rows(room, file, watch, back=back)


async def _withdraw_rows(room: ImportRoom, file: ImportedFile, watch: Watch, *, back: bool) -> Withdrawal:
    now, newsroom_id, file_id = room.clock(), room.newsroom_id, int(file.id or 0)
    async with room.store.write() as conn:
        await lock_newsroom(conn, newsroom_id)
        rows = await sayings.spoken_of(conn, newsroom_id, file_id)
        await _keep_peoples_words(conn, room, rows)
        if not await imported_files.turn(conn, newsroom_id, file_id, None if back else now):
            return Withdrawal(noun=file.noun, name=file.name, turned=0)
        gone = by_hand = by_files = here = done = 0
        for noun, ids in rows.items():
            off, hand, files = await sayings.refold(conn, newsroom_id, _KINDS[noun], ids, now)
            # Of a file of posts its posts are told; its actors go and come with them.
            if (noun, file.noun) != (ACTOR.noun, "posts"):
                gone, by_hand, by_files, here = gone + off, by_hand + hand, by_files + files, here + hand + files
            done += len(ids)
            watch.progress(done, sum(map(len, rows.values())))
        codings = 0 if back else await post_codings.count_of(conn, newsroom_id, rows.get(POST.noun, ()))
        turned = here if back else gone
        told = {"batch": file.name, "noun": file.noun, "rows": turned}
        told |= {} if back else {"by_hand": by_hand, "by_files": by_files}
        event = "put_back" if back else "withdrawn"
        await history.note(conn, newsroom_id, None, ("import", 0), event, now, **told)
    if back:
        return Withdrawal(noun=file.noun, name=file.name, turned=turned)
    kept = {"by_hand": by_hand, "by_files": by_files, "codings": codings}
    return Withdrawal(noun=file.noun, name=file.name, turned=turned, **kept)


async def _keep_peoples_words(conn: AsyncConnection, room: ImportRoom, rows: Mapping[str, list[int]]) -> None:
    """What people made of the rows since is theirs: it stays whatever the file does."""
    now = room.clock()
    await sayings.keep_edited(conn, room.newsroom_id, TAKEDOWN, rows.get(TAKEDOWN.noun, ()), now)
    await keep_watched(conn, room.newsroom_id, rows.get(STAFF.noun, ()), now)


async def _withdraw_comments(room: ImportRoom, file: ImportedFile, watch: Watch, *, back: bool) -> int:
    total = file.withdrawn if back else file.rows - file.withdrawn
    done = 0
    while step := await _turn(room, file.name, back=back):
        done += step
        watch.progress(done, total)
    async with room.store.write() as conn:
        about, event = ("import", 0), "put_back" if back else "withdrawn"
        await history.note(conn, room.newsroom_id, None, about, event, room.clock(), batch=file.name, comments=done)
    return done


async def _turn(room: ImportRoom, name: str, *, back: bool) -> int:
    """The next rows, and the hours in which they count: one transaction, so that the figures always fit the rows."""
    async with room.store.write() as conn:
        at = None if back else room.clock()
        count, hours = await imported_comments.turn(conn, room.newsroom_id, name, ROWS, at)
        await spike_counts.recount(conn, room.newsroom_id, hours)
    return count
