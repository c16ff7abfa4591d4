"""Where rows come from: which file, by its bytes. What it says is kept with it, so that it can be withdrawn whole."""

import asyncio
import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.batchfiles.plain_files import open_plain
from bot.services.imports.room import IMPORTER, ImportRoom
from bot.storage import imported_files
from bot.storage.members import lock_newsroom


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """A file that is being imported; `sha256` is that of its bytes, None for what is no plain file."""

    room: ImportRoom
    noun: str
    name: str
    sha256: str | None

    async def file_id(self, conn: AsyncConnection) -> int:
        """The file as the archive knows it, in the transaction of its rows. Raises Refusal when it was withdrawn.

        Nobody withdraws anything while the transaction is open: what is said of a row is read and written in it.
        """
        await lock_newsroom(conn, self.room.newsroom_id)
        given = (self.noun, self.name, self.sha256, IMPORTER, self.room.clock())
        return (await imported_files.begin(conn, self.room.newsroom_id, *given))[0]


async def origin_of(room: ImportRoom, noun: str, path: Path, name: str) -> Origin:
    """The origin of what is imported from a place."""
    return Origin(room=room, noun=noun, name=name, sha256=await asyncio.to_thread(content_hash, path))


async def name_of(origin: Origin) -> str:
    """By what name a file can be withdrawn: of two different ones of a name and a day the second has a number."""
    room = origin.room
    async with room.store.write() as conn:
        given = (origin.noun, origin.name, origin.sha256, IMPORTER, room.clock())
        return (await imported_files.begin(conn, room.newsroom_id, *given))[1]


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
