"""Takes a whole imported file of comments back, or puts it back: it was poisoned, or it was the wrong one.

What was forwarded stays: only the file's own rows stop counting, in findings, campaigns, spikes and reports alike.
"""

from bot.errors import Refusal
from bot.services.imports import comments
from bot.services.imports.room import ImportRoom, Watch
from bot.storage import history, imported_comments, spike_counts
from bot.storage.imported_comments import ImportedFile

#: Rows of one transaction, as an import takes them.
ROWS = comments.ROWS


async def comment_files(room: ImportRoom) -> list[ImportedFile]:
    """The files of comments that were imported, the newest first."""
    async with room.store.read() as conn:
        return await imported_comments.files(conn, room.newsroom_id)


async def withdraw_comments(room: ImportRoom, name: str, watch: Watch, *, back: bool = False) -> int:
    """Withdraw the comments of a file, or with `back` put them back; says how many.

    Interrupted, the same command goes on with the rest. Raises Refusal for a file that was not imported.
    """
    file = next((each for each in await comment_files(room) if each.name == name), None)
    if file is None:
        raise Refusal("import_unknown", name=name[:200])
    total = file.withdrawn if back else file.comments - file.withdrawn
    done = 0
    while step := await _turn(room, name, back=back):
        done += step
        watch.progress(done, total)
    async with room.store.write() as conn:
        about, event = ("import", 0), "put_back" if back else "withdrawn"
        await history.note(conn, room.newsroom_id, None, about, event, room.clock(), batch=name, comments=done)
    return done


async def _turn(room: ImportRoom, name: str, *, back: bool) -> int:
    """The next rows, and the hours in which they count: one transaction, so that the figures always fit the rows."""
    async with room.store.write() as conn:
        at = None if back else room.clock()
        count, hours = await imported_comments.turn(conn, room.newsroom_id, name, ROWS, at)
        await spike_counts.recount(conn, room.newsroom_id, hours)
    return count
