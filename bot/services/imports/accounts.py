"""Imports lists of accounts: suspected, with who brought them, when and in which batch; known ones are added to."""

from collections.abc import Sequence
from contextlib import ExitStack, aclosing
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Refusal
from bot.services.accounts import keys_of
from bot.services.batchfiles.ahead import batches
from bot.services.batchfiles.pictures import open_pictures
from bot.services.batchfiles.rows import Row, RowFile
from bot.services.imports.account_pictures import AccountPictures, Picture, bind
from bot.services.imports.account_rows import COLUMNS, AccountRow, read_account
from bot.services.imports.room import IMPORTER, ROWS, ImportRoom, Problem, Tally, Watch, line
from bot.storage import accounts
from bot.storage.accounts import Listing


async def import_accounts(room: ImportRoom, path: Path, watch: Watch, photos: Path | None = None) -> Tally:
    """List the accounts of a file, with pictures from a folder or a ZIP. Raises Refusal for an unusable file."""
    tally = Tally(batch=room.batch_name(path))
    with ExitStack() as stack:
        file = RowFile.open(path)
        stack.callback(file.close)
        pictures = stack.enter_context(open_pictures(photos, room.image_bytes)) if photos is not None else None
        run = AccountImport(room, tally, AccountPictures(room, pictures, tally, watch), watch)
        async with aclosing(batches(file.rows(COLUMNS), ROWS)) as read:
            async for rows in read:
                await run.store(rows)
                watch.progress(file.position, file.size)
    async with room.store.write() as conn:
        await room.note(conn, "accounts", tally.batch, tally)
    return tally


class AccountImport:
    """One run over one list."""

    def __init__(self, room: ImportRoom, tally: Tally, pictures: AccountPictures, watch: Watch) -> None:
        self._room = room
        self._tally = tally
        self._pictures = pictures
        self._watch = watch

    async def store(self, rows: Sequence[Row]) -> None:
        """Store some rows in one transaction; their pictures are looked at before it opens."""
        read = [account for row in rows if (account := self._read(row)) is not None]
        pictures = await self._pictures.of(read)
        async with self._room.store.write() as conn:
            for account, found in zip(read, pictures, strict=True):
                await self._list(conn, account, found)

    def _read(self, row: Row) -> AccountRow | None:
        if row.error == "empty":
            return None
        try:
            return read_account(row)
        except Refusal as refusal:
            self._refuse(row.number, refusal.code, str(next(iter(refusal.values.values()), "")))
            return None

    async def _list(self, conn: AsyncConnection, account: AccountRow, pictures: Sequence[Picture]) -> None:
        try:
            # A row that says of two listed accounts that they are one is refused; the rows around it go in.
            async with conn.begin_nested():
                outcome, added = await self._put(conn, account, pictures)
        except IntegrityError:
            self._refuse(account.number, "account_conflict", account.entry.source)
            return
        self._tally.count(outcome)
        self._tally.photos_added += added

    async def _put(self, conn: AsyncConnection, account: AccountRow, pictures: Sequence[Picture]) -> tuple[str, int]:
        now = self._room.clock()
        listing = Listing(
            newsroom_id=self._room.newsroom_id, member_id=None, lister=IMPORTER, batch=self._tally.batch, at=now
        )
        account_id, outcome = await accounts.put(conn, account.entry, keys_of(account.entry), listing)
        added = await bind(conn, self._room.newsroom_id, account_id, pictures, now)
        if added and outcome == "same":
            await accounts.touch(conn, account_id, now)
            outcome = "changed"
        return outcome, added

    def _refuse(self, number: int, code: str, detail: str = "") -> None:
        self._watch.problem(Problem(place=line(number), code=code, detail=detail))
        self._tally.refused += 1
