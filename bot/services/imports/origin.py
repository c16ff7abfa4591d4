"""Where rows come from: which file, by its bytes. What it says is kept with it, so that it can be withdrawn whole."""

import asyncio
import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Refusal
from bot.services.batchfiles.plain_files import open_plain
from bot.services.imports.room import IMPORTER, ImportRoom
from bot.storage import imported_files
from bot.storage.imported_files import Begun
from bot.storage.members import lock_newsroom


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """A file that is being imported; `sha256` is that of its bytes, None for what is no plain file."""

    room: ImportRoom
    noun: str
    name: str
    sha256: str | None

    async def begin(self, conn: AsyncConnection) -> Begun:
        """The file as the archive knows it."""
        given = (self.noun, self.name, self.sha256, IMPORTER, self.room.clock())
        return await imported_files.begin(conn, self.room.newsroom_id, *given)

    async def file_id(self, conn: AsyncConnection) -> int:
        """The file's id, in the transaction of its rows. Raises Refusal when it was withdrawn.

        Nobody withdraws anything while the transaction is open: what is said of a row is read and written in it.
        """
        await lock_newsroom(conn, self.room.newsroom_id)
        begun = await self.begin(conn)
        if begun.is_withdrawn:
            raise Refusal("import_withdrawn", name=begun.name)
        return begun.id


async def origin_of(room: ImportRoom, noun: str, path: Path, name: str) -> Origin:
    """The origin of what is imported from a place."""
    return Origin(room=room, noun=noun, name=name, sha256=await asyncio.to_thread(content_hash, path))


async def name_of(origin: Origin) -> str:
    """By what name a file can be withdrawn: of two different ones of a name and a day the second has a number."""
    async with origin.room.store.write() as conn:
        # Two who import it at once are to find one file.
        await lock_newsroom(conn, origin.room.newsroom_id)
        return (await origin.begin(conn)).name


def content_hash(path: Path) -> str | None:
    """The SHA-256 of a file, as `sha256sum` says it; None for what is no plain file, or cannot be read.

    A pipe is not touched: it can be read but once.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        with open_plain(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        # Whoever reads it says what is wrong with it.
        return None
