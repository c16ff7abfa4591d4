"""The pictures of listed accounts: found by file name, looked at once, stored for each account that uses them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.photo import PhotoFacts
from bot.services.batchfiles.pictures import Pictures
from bot.services.imports.account_rows import AccountRow
from bot.services.imports.pictures import Taken, again, sha256_of, take
from bot.services.imports.room import ImportRoom, Problem, Tally, Watch, line
from bot.storage import photos
from bot.storage.importing import photos_there
from bot.storage.photos import NewPhoto

# Pictures of one account, and pictures held in memory at once.
_MOST_PHOTOS: Final = 20
_AT_ONCE: Final = 4
_MOST_SOURCE: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A picture of an account under the name of its file: stored before, or looked at just now."""

    source: str
    sha256: str
    known: PhotoFacts | None = None
    taken: Taken | None = None

    def photo(self, newsroom_id: int, account_id: int) -> NewPhoto | None:
        """The photo to be stored for an account."""
        if self.known is not None:
            return again(self.known, newsroom_id, self.source, account_id)
        return self.taken.photo(newsroom_id, self.source, account_id) if self.taken is not None else None


class AccountPictures:
    """Finds the pictures that a list of accounts names; without a collection the names are passed over."""

    def __init__(self, room: ImportRoom, pictures: Pictures | None, tally: Tally, watch: Watch) -> None:
        self._room = room
        self._pictures = pictures
        self._tally = tally
        self._watch = watch
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def of(self, accounts: Sequence[AccountRow]) -> list[list[Picture]]:
        """The pictures of each account that can be taken; the others are reported."""
        return list(await asyncio.gather(*(self._of(account) for account in accounts)))

    async def _of(self, account: AccountRow) -> list[Picture]:
        if self._pictures is None:
            return []
        found = []
        for name in account.photos[:_MOST_PHOTOS]:
            picture = await self._picture(self._pictures, name)
            if isinstance(picture, Picture):
                found.append(picture)
            else:
                self._watch.problem(Problem(place=line(account.number), code=picture, detail=name))
                self._tally.photos_refused += 1
        return found

    async def _picture(self, pictures: Pictures, name: str) -> Picture | str:
        async with self._turns:
            file = await asyncio.to_thread(pictures.find, name)
            if file is None or file.data is None:
                return "photo_missing" if file is None else file.error or "image_unreadable"
            sha256, source = sha256_of(file.data), file.name[-_MOST_SOURCE:]
            async with self._room.store.read() as conn:
                there = await photos_there(conn, self._room.newsroom_id, {sha256})
            if there:
                return Picture(source=source, sha256=sha256, known=there[0])
            taken = (await take(self._room, [file.data]))[0]
        return taken.error or Picture(source=source, sha256=sha256, taken=taken)


async def bind(
    conn: AsyncConnection, newsroom_id: int, account_id: int, pictures: Sequence[Picture], now: datetime
) -> int:
    """Store pictures for an account that has not got them yet; returns how many are new to it.

    One that an import brought without an account is given to the first account that uses it.
    """
    there = await photos_there(conn, newsroom_id, {picture.sha256 for picture in pictures}) if pictures else []
    mine = {photo.sha256 for photo in there if photo.account_id == account_id}
    free = {photo.sha256: photo.id for photo in there if photo.account_id is None}
    wanted = {picture.sha256: picture for picture in pictures if picture.sha256 not in mine}
    await photos.link(conn, [free[sha256] for sha256 in wanted if sha256 in free], account_id)
    new = [wanted[sha256].photo(newsroom_id, account_id) for sha256 in wanted if sha256 not in free]
    await photos.add(conn, [photo for photo in new if photo is not None], now)
    return len(wanted)
