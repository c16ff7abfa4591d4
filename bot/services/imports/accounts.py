"""Imports lists of accounts: suspected, with who brought them, when and in which batch; known ones are added to.

How far the file is done stands in the same transaction as its rows: whatever ends the process, the same command goes on
from there. A published list of removed accounts is kept with its source; its accounts are gone, nobody confirmed them.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import ExitStack, aclosing
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, cast

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Refusal
from bot.services.account_bursts import brought
from bot.services.account_confirming import CONFIRMATIONS, settle_status
from bot.services.account_protected import ProtectedNames, keep_back
from bot.services.accounts import keys_of, mark_gone
from bot.services.batchfiles.ahead import batches
from bot.services.batchfiles.pictures import Pictures, open_pictures
from bot.services.batchfiles.rows import Row, RowFile
from bot.services.batchfiles.sheets import SheetFile, opened_table
from bot.services.imports.account_columns import AccountColumns
from bot.services.imports.account_pictures import AccountPictures, Picture, bind
from bot.services.imports.account_rows import AccountRow, read_account
from bot.services.imports.file_identity import identity
from bot.services.imports.room import IMPORTER, ImportRoom, Problem, Tally, Watch
from bot.services.imports.room import line as line_called
from bot.storage import account_records, account_reports, accounts, import_runs
from bot.storage.accounts import Listing
from bot.storage.import_runs import ImportRun
from detection.accounts.names import handle_key
from detection.accounts.platforms import Platform, valid_handle

#: Rows of one transaction: pictures of so many accounts are looked at before it opens.
ROWS = 100
_NOUN = "accounts"


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountForm:
    """How a list is read: the operator's columns, a platform for rows that name none, who brings it.

    `takedown` is the source of a published list of removed accounts.
    """

    columns: Mapping[str, str] | None = None
    only_given: bool = False
    platform: str | None = None
    takedown: str | None = None
    member_id: int | None = None
    lister: str = IMPORTER
    batch: str | None = None

    def naming(self) -> AccountColumns:
        """What columns are called. Raises Refusal for a field that there is not."""
        return AccountColumns(self.columns, only_given=self.only_given)

    @property
    def identity(self) -> str:
        """What tells one reading of a file from another."""
        return f"{self.naming().identity} {self.platform} {self.takedown}"


_AS_IT_IS = AccountForm()


async def import_accounts(
    room: ImportRoom, path: Path, watch: Watch, photos: Path | None = None, form: AccountForm = _AS_IT_IS
) -> Tally:
    """List the accounts of a file, with pictures from a folder or a ZIP; or of such a folder alone, named by handle.

    Raises Refusal for an unusable file, or while it is being imported by somebody else.
    """
    is_collection = await asyncio.to_thread(_is_collection, path)
    sha256 = None if is_collection else await asyncio.to_thread(identity, path, form.identity)
    batch = form.batch or room.batch_name(path)
    run = await _run_of(room, sha256, batch) if sha256 else None
    with ExitStack() as stack:
        place = photos if photos is not None else path if is_collection else None
        pictures = stack.enter_context(open_pictures(place, room.image_bytes)) if place is not None else None
        source = (
            _FromPictures(pictures, form)
            if photos is None and pictures is not None
            else await opened_table(path, room.analysis)
        )
        stack.callback(source.close)
        taking = AccountImport(room, run, batch, (pictures, watch), form)
        async with aclosing(_rows(source, form, taking.tally.resumed_after)) as read:
            async for rows in read:
                await taking.store([row for row, _ in rows], rows[-1][1])
                watch.progress(source.position, source.size)
        return await taking.finish()


async def _run_of(room: ImportRoom, sha256: str, batch: str) -> ImportRun:
    async with room.store.read() as conn:
        found = await import_runs.of_file(conn, room.newsroom_id, _NOUN, sha256)
    counts = {**Tally().counts, "batch": batch}
    return found or ImportRun(newsroom_id=room.newsroom_id, noun=_NOUN, sha256=sha256, position=0, counts=counts)


def _is_collection(path: Path) -> bool:
    return path.is_dir() or path.suffix.lower() == ".zip"


class _FromPictures:
    """The rows of a folder of photos named by handle: "aibek.jpg", "aibek_2.jpg", "aibek/1.jpg" are of one account."""

    def __init__(self, pictures: Pictures, form: AccountForm) -> None:
        if form.platform is None:
            raise Refusal("platform_missing")
        self._pictures = pictures
        self._platform = cast(Platform, form.platform)
        self.size = len(pictures.names)
        self.position = 0
        self.line = 0

    def close(self) -> None:
        """The pictures are closed by whoever opened them."""

    def rows(self, _columns: AccountColumns, after: int = 0) -> Iterator[Row]:
        """A row for each handle, with the names of its pictures."""
        of: dict[str, list[str]] = {}
        for name in self._pictures.names:
            of.setdefault(handle_in(name, self._platform), []).append(name)
        for number, (handle, names) in enumerate(of.items(), start=1):
            self.position += len(names)
            self.line = number
            if number > after:
                values = {"platform": self._platform, "handle": handle, "photos": names}
                yield Row(number=number, values=values) if handle else Row(number=number, error="handle_missing")


def handle_in(name: str, platform: Platform) -> str:
    """The handle by which a picture is called: its folder, else its file without a number at the end; "" for none."""
    path = PurePosixPath(name)
    told = path.parts[-2] if len(path.parts) > 1 else path.stem
    told = told.removeprefix("@").removeprefix(f"{platform}_")
    if len(path.parts) == 1:
        stem, mark, number = told.rpartition("_")
        told = stem if mark and stem and number.isdecimal() and len(number) <= 2 else told
        told = told.partition(" (")[0].partition("#")[0]
    return valid_handle(platform, told) or ""


async def _rows(
    source: "RowFile | SheetFile | _FromPictures", form: AccountForm, after: int
) -> AsyncGenerator[Sequence[tuple[Row, int]], None]:
    """Rows, each with its last line: asked in the thread that reads, which is ahead of the writing."""
    numbered = ((row, source.line) for row in source.rows(form.naming(), after))
    async with aclosing(batches(numbered, ROWS)) as read:
        async for rows in read:
            if rows:
                yield rows


class AccountImport:
    """One run over one list; without an ImportRun it cannot be gone on with."""

    def __init__(
        self,
        room: ImportRoom,
        run: ImportRun | None,
        batch: str,
        looking: tuple[Pictures | None, Watch],
        form: AccountForm,
    ) -> None:
        self._room = room
        self._run = run
        self._form = form
        self._watch = looking[1]
        self._names: ProtectedNames | None = None
        self.tally = Tally(**run.counts, resumed_after=run.position) if run is not None else Tally(batch=batch)
        self._by_handle = _named_by_handle(looking[0])
        self._pictures = AccountPictures(room, looking[0], self.tally, looking[1])

    async def store(self, rows: Sequence[Row], line: int) -> None:
        """Store rows up to a line in one transaction; their pictures are looked at before it opens."""
        before = replace(self.tally)
        try:
            read = [account for row in rows if (account := self._read(row)) is not None]
            read = await self._without_erased(read)
            pictures = await self._pictures.of(read)
            async with self._room.store.write() as conn:
                for account, found in zip(read, pictures, strict=True):
                    await self._list(conn, account, found)
                await self._advance(conn, line)
        except BaseException:
            self._undo(before)
            raise

    async def _without_erased(self, rows: list[AccountRow]) -> list[AccountRow]:
        """The rows but for those about accounts that two people erased: no list brings them, or their photos, back."""
        if self._room.erased is None:
            return rows
        async with self._room.store.read() as conn:
            gone = await self._room.erased.among(conn, self._room.newsroom_id, [row.entry for row in rows])
        self.tally.erased += len(gone)
        return [row for place, row in enumerate(rows) if place not in gone]

    async def finish(self) -> Tally:
        """Keep in the history what came of it."""
        async with self._room.store.write() as conn:
            await self._room.note(conn, _NOUN, self.tally.batch, self.tally)
            if self._run is not None:
                await import_runs.finish(conn, self._run)
        return self.tally

    def _undo(self, before: Tally) -> None:
        for name, value in before.counts.items():
            setattr(self.tally, name, value)

    async def _advance(self, conn: AsyncConnection, position: int) -> None:
        if self._run is None:
            return
        counts: dict[str, Any] = {**self.tally.counts, "batch": self.tally.batch}
        advanced = await import_runs.advance(conn, self._run, position, counts, self._room.clock())
        if advanced is None:
            raise Refusal("import_running")
        self._run = advanced

    def _read(self, row: Row) -> AccountRow | None:
        if self._form.platform is not None and row.values is not None and not row.values.get("platform"):
            row = replace(row, values={**row.values, "platform": self._form.platform})
        try:
            read = read_account(row)
        except Refusal as refusal:
            self._refuse(row.number, refusal.code, str(next(iter(refusal.values.values()), "")))
            return None
        return self._with_pictures(read)

    def _with_pictures(self, read: AccountRow) -> AccountRow:
        """The row with pictures that are named by its handle, where it names none itself."""
        if read.photos or not read.entry.handle:
            return read
        handle = read.entry.handle
        found = self._by_handle.get(handle_key("other", handle))
        if found is None and read.entry.platform == "facebook":
            # Facebook counts no dots: "aibek.asanov" and "aibekasanov" are one account.
            found = self._by_handle.get(handle_key("facebook", handle))
        return replace(read, photos=tuple(found or ()))

    async def _list(self, conn: AsyncConnection, account: AccountRow, pictures: Sequence[Picture]) -> None:
        try:
            # A row that says of two listed accounts that they are one is refused; the rows around it go in.
            async with conn.begin_nested():
                outcome, added = await self._put(conn, account, pictures)
        except IntegrityError:
            self._refuse(account.number, "account_conflict", account.entry.source)
            return
        self.tally.count(outcome)
        self.tally.photos_added += added

    async def _put(self, conn: AsyncConnection, account: AccountRow, pictures: Sequence[Picture]) -> tuple[str, int]:
        now, form, newsroom_id = self._room.clock(), self._form, self._room.newsroom_id
        entry = replace(account.entry, source=form.takedown[:200]) if form.takedown else account.entry
        listing = Listing(
            newsroom_id=newsroom_id, member_id=form.member_id, lister=form.lister, batch=self.tally.batch, at=now
        )
        account_id, outcome = await accounts.put(conn, entry, keys_of(entry), listing)
        if form.member_id is not None and not form.takedown:
            name = (await self._protected(conn)).of(entry)
            if name is not None:
                await keep_back(conn, listing, account_id, entry, name)
        added = await bind(conn, newsroom_id, account_id, pictures, now)
        if pictures:
            shas = [picture.sha256 for picture in pictures]
            shown = await account_reports.photo_ids(conn, newsroom_id, account_id, shas)
            await account_reports.add(conn, brought(listing, account_id, entry.source, {"photos": shown}))
        if outcome != "added":
            listed = await accounts.get(conn, newsroom_id, account_id)
            if listed is not None and listed.is_waiting(CONFIRMATIONS):
                await settle_status(conn, newsroom_id, account_id, now)
        told = await account_records.add_facts(conn, newsroom_id, account_id, account.facts, form.member_id, now)
        if account.details and await self._tell(conn, account_id, account.details):
            told = [*told, 0]
        if form.takedown:
            gone = await mark_gone(conn, None, account_id, form.takedown, now, newsroom_id)
            told = [*told, 0] if gone else told
        if (added or told) and outcome == "same":
            await accounts.touch(conn, account_id, now)
            outcome = "changed"
        return outcome, added

    async def _protected(self, conn: AsyncConnection) -> ProtectedNames:
        if self._names is None:
            self._names = await ProtectedNames.read(conn, self._room.newsroom_id)
        return self._names

    async def _tell(self, conn: AsyncConnection, account_id: int, details: Mapping[str, Any]) -> bool:
        """Keep details that are not known yet: a file never overwrites what a person noted."""
        known = (await account_records.details_of(conn, self._room.newsroom_id, [account_id])).get(account_id)
        there = known.given() if known is not None else {}
        new = {name: value for name, value in details.items() if name not in there and value is not None}
        if new:
            await account_records.set_details(conn, self._room.newsroom_id, account_id, new)
        return bool(new)

    def _refuse(self, number: int, code: str, detail: str = "") -> None:
        self._watch.problem(Problem(place=line_called(number), code=code, detail=detail))
        self.tally.refused += 1


def _named_by_handle(pictures: Pictures | None) -> dict[str, list[str]]:
    """Pictures by the handle that their name is; of an Instagram name it is what most platforms would take."""
    found: dict[str, list[str]] = {}
    for name in pictures.names if pictures is not None else ():
        handle = handle_in(name, "instagram") or handle_in(name, "facebook")
        if handle:
            found.setdefault(handle_key("other", handle), []).append(name)
    return found
