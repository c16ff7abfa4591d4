"""A list of accounts that is sent in the chat: its columns are guessed, settled by presses, then it is taken in.

Whoever ends the process meanwhile ends nothing: the list waits in the store, and goes on at the line where it was.
"""

import asyncio
import csv
import io
import logging
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.analysis import AnalysisFailed
from bot.clock import Clock
from bot.errors import Refusal
from bot.model.newsroom import Member
from bot.model.plain import one_line
from bot.services import notices
from bot.services.batchfiles.rows import RowFile
from bot.services.batchfiles.sheets import SENT, SheetFile, is_workbook
from bot.services.checks.lines import clean
from bot.services.imports.account_columns import FIELDS, IDENTITIES, Column, guessed
from bot.services.imports.accounts import AccountForm, import_accounts
from bot.services.imports.room import ImportRoom, Problem
from bot.services.stage import Stage
from bot.storage import account_files, history, members, outbox
from bot.storage.account_files import AccountFile

log = logging.getLogger(__name__)

_GZIP = b"\x1f\x8b"
_SAMPLES = 20
# Columns that are looked at, and signs of a cell: what a list says is in its first ones.
_MOST_HEADS = 200
#: Signs of a file's hash in the name of its list.
_MARK = 8
_LONGEST_SAMPLE = 500
_LONGEST_NAME = 120
_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
_MOST_COLUMNS = 40
_SAID_PROBLEMS = 10


def is_list(name: str | None) -> bool:
    """Whether a file is one that can be read as a list, by its name."""
    return (name or "").lower().endswith(_ENDINGS)


class _Quiet:
    """Follows an import for its member: keeps the first problems."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def progress(self, done: int, total: int) -> None:
        """Nobody looks."""

    def problem(self, problem: Problem) -> None:
        """Kept while there are few."""
        if len(self.problems) < _SAID_PROBLEMS:
            self.problems.append(problem)


class AccountFiles:
    """Of one newsroom; `workshop` is a folder for the file that is being taken in."""

    def __init__(self, room: ImportRoom, workshop: Path) -> None:
        self._room = room
        self._workshop = workshop
        self._clock: Clock = room.clock

    async def receive(self, stage: Stage, member: Member, name: str, data: bytes) -> None:
        """Keep a list and ask about its columns. Raises Refusal when it is none."""
        # Packed ones are for the command line: nobody sends one by this name but to see what comes out of it.
        if not is_list(name) or data.startswith(_GZIP):
            raise Refusal("list_format")
        name = clean(one_line(name.replace("\\", "/").rpartition("/")[2]))[-_LONGEST_NAME:]
        columns = await self._columns(name, data)
        kept = await self._room.vault.put(data)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            rows = [(each.name, each.field, list(each.examples)) for each in columns[:_MOST_COLUMNS]]
            file_id = await account_files.add(conn, member.newsroom_id, member.id, (name, kept.sha256), rows, now)
            told = {"file": name, "sha256": kept.sha256}
            await history.note(conn, member.newsroom_id, member.id, ("import", file_id), "sent", now, **told)
            await outbox.put(conn, [notices.reply(member, "import_columns", file=file_id)], now)

        stage.stage_once(act)

    async def of(self, member: Member, file_id: int) -> AccountFile:
        """A list that this member sent. Raises Refusal."""
        async with self._room.store.read() as conn:
            found = await account_files.get(conn, member.newsroom_id, file_id)
        if found is None or found.member_id != member.id:
            raise Refusal("list_unknown")
        return found

    async def choose(self, stage: Stage, member: Member, file_id: int, place: int, field: str, message_id: int) -> None:
        """Take a column for a field ("": leave it out); another one taken for it is left out then. Raises Refusal."""
        file = await self.of(member, file_id)
        if field not in ("", *FIELDS) or not 0 <= place < len(file.columns):
            raise Refusal("button_not_yours")

        async def act(conn: AsyncConnection) -> None:
            there = await account_files.get(conn, member.newsroom_id, file_id)
            if there is not None:
                columns = [
                    [name, field if n == place else "" if taken == field else taken, examples]
                    for n, (name, taken, examples) in enumerate(there.columns)
                ]
                await account_files.change(conn, member.newsroom_id, file_id, "asking", {"columns": columns})
            said = notices.edited_reply(member, message_id, "import_columns", file=file_id)
            await outbox.put(conn, [said], self._clock())

        stage.stage_once(act)

    async def start(self, stage: Stage, member: Member, file_id: int, message_id: int, *, takedown: bool) -> None:
        """Take a list in. Raises Refusal when no column tells accounts from each other."""
        file = await self.of(member, file_id)
        if not IDENTITIES & {field for _, field, _ in file.columns}:
            raise Refusal("list_without_accounts")

        async def act(conn: AsyncConnection) -> None:
            values = {"state": "ready", "is_takedown": takedown}
            await account_files.change(conn, member.newsroom_id, file_id, "asking", values)
            said = notices.edited_reply(member, message_id, "import_columns", file=file_id)
            await outbox.put(conn, [said], self._clock())

        stage.stage_once(act)

    async def sweep(self) -> bool:
        """Take in the oldest list that waits; False when there is none."""
        async with self._room.store.read() as conn:
            file = await account_files.ready(conn, self._room.newsroom_id)
            if file is None:
                return False
            member = await members.get(conn, self._room.newsroom_id, file.member_id)
        watch = _Quiet()
        code, values = await self._taken_in(file, member, watch)
        shown = [f"{each.place}: {each.code} {each.detail}".strip() for each in watch.problems]
        async with self._room.store.write() as conn:
            done = {"state": "done" if code == "import_done" else "failed", "counts": values}
            if await account_files.change(conn, self._room.newsroom_id, file.id, "ready", done) and member is not None:
                said = notices.reply(member, code, name=file.name, problems=shown, **values)
                await outbox.put(conn, [said], self._clock())
        return True

    async def _taken_in(self, file: AccountFile, member: Member | None, watch: _Quiet) -> tuple[str, dict[str, object]]:
        path = await asyncio.to_thread(self._written, file, await self._room.vault.get(file.sha256))
        form = AccountForm(
            columns={field: name for name, field, _ in file.columns if field},
            only_given=True,
            takedown=file.name if file.is_takedown else None,
            member_id=file.member_id,
            lister=member.name if member is not None else "",
            # Two lists by one name on one day are two: whoever confirms one has not seen the other.
            batch=f"{file.name} {file.sent_at:%Y-%m-%d} {file.sha256[:_MARK]}",
        )
        try:
            tally = await import_accounts(self._room, path, watch, form=form)
        except Refusal as refusal:
            log.warning("a list of accounts could not be taken in: %s", refusal.code)
            return "import_failed", {"why": refusal.code}
        except (AnalysisFailed, OSError, ValueError, OverflowError, RecursionError, MemoryError):
            # Whatever is in it, a list that cannot be taken in must not stand before the others for ever.
            log.exception("a list of accounts could not be taken in")
            return "import_failed", {"why": "file_broken"}
        finally:
            await asyncio.to_thread(path.unlink, True)
        return "import_done", {**tally.counts, "batch": tally.batch, "takedown": file.is_takedown}

    def _written(self, file: AccountFile, data: bytes) -> Path:
        """Under a name of ours: a stranger's may be too long for the disk, or another list's."""
        self._workshop.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._workshop / f"list-{file.id}{Path(file.name).suffix.lower()}"
        path.write_bytes(data)
        return path

    async def _columns(self, name: str, data: bytes) -> list[Column]:
        """The columns of a file, with what stands in its first rows. Raises Refusal."""
        if is_workbook(name):
            book = await SheetFile.read(data, name, self._room.analysis, SENT)
            heads, samples = book.heads(), book.first(_SAMPLES)
        else:
            heads, samples = await asyncio.to_thread(_head_of_table, name, data)
        heads = [clean(head) for head in heads[:_MOST_HEADS]]
        if not any(head.strip() for head in heads):
            raise Refusal("list_empty")
        return guessed(heads, [[clean(cell[:_LONGEST_SAMPLE]) for cell in row[:_MOST_HEADS]] for row in samples])


def _head_of_table(name: str, data: bytes) -> tuple[list[str], list[list[str]]]:
    file = RowFile(io.BytesIO(data), name, len(data))
    lines = [text for _, (_, text) in zip(range(_SAMPLES + 1), file.texts(), strict=False)]
    if not lines:
        return [], []
    separator = max(",;\t|", key=lines[0].count)
    try:
        heads, *samples = csv.reader(lines, delimiter=separator)
    except (csv.Error, ValueError):
        # A cell without an end, or longer than any.
        raise Refusal("file_broken", file=name) from None
    return heads, samples
