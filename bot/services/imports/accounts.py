"""Imports lists of accounts: suspected, with who brought them, when and in which batch; known ones are added to."""

from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Refusal
from bot.services.accounts import keys_of
from bot.services.batchfiles.ahead import batches
from bot.services.batchfiles.pictures import Pictures, open_pictures
from bot.services.batchfiles.rows import Row, RowFile
from bot.services.imports.account_rows import COLUMNS, AccountRow, read_account
from bot.services.imports.pictures import Taken, sha256_of, take
from bot.services.imports.room import IMPORTER, ROWS, ImportRoom, Problem, Tally, Watch, line
from bot.storage import accounts, photos
from bot.storage.accounts import Listing
from bot.storage.importing import photos_there

# Pictures of one row; an account with more is a photo album.
_MOST_PHOTOS: Final = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class _Picture:
    """A picture of an account, under the name of its file."""

    source: str
    taken: Taken


class AccountImport:
    """One run over one list."""

    def __init__(self, room: ImportRoom, batch: str, pictures: Pictures | None, watch: Watch) -> None:
        self._room = room
        self._pictures = pictures
        self._watch = watch
        self.tally = Tally(batch=batch)

    async def store(self, rows: Sequence[Row]) -> None:
        """Store some rows in one transaction; their pictures are read before it opens."""
        read = [account for row in rows if (account := self._read(row)) is not None]
        pictures = [await self._pictures_of(account) for account in read]
        async with self._room.store.write() as conn:
            for account, found in zip(read, pictures, strict=True):
                await self._list(conn, account, found)

    def _read(self, row: Row) -> AccountRow | None:
        try:
            return read_account(row)
        except Refusal as refusal:
            self._refuse(row.number, refusal.code, str(next(iter(refusal.values.values()), "")))
            return None

    def _refuse(self, number: int, code: str, detail: str = "") -> None:
        self._watch.problem(Problem(place=line(number), code=code, detail=detail))
        self.tally.refused += 1

    async def _pictures_of(self, account: AccountRow) -> list[_Picture]:
        if self._pictures is None:
            return []
        found = []
        for name in account.photos[:_MOST_PHOTOS]:
            taken = await self._picture(name)
            if isinstance(taken, str):
                self._watch.problem(Problem(place=line(account.number), code=taken, detail=name))
                self.tally.photos_refused += 1
            else:
                found.append(_Picture(source=name[-200:], taken=taken))
        return found

    async def _picture(self, name: str) -> Taken | str:
        """The picture with this name, looked at unless it is stored already; or the code of why there is none."""
        file = self._pictures.find(name) if self._pictures is not None else None
        if file is None or file.data is None:
            return file.error or "image_unreadable" if file else "photo_missing"
        sha256 = sha256_of(file.data)
        if sha256 in self._seen:
            return self._seen[sha256]
        taken = (await take(self._room, [file.data]))[0]
        return taken.error or taken
