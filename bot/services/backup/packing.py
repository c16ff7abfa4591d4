"""A backup's files one behind the other, as tar has it: written in pieces, and read in pieces of any size."""

import io
import tarfile
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from bot.errors import Refusal

#: A block of rows has some hundred kilobytes, an original at most 20 MB: what is larger was not made here.
MOST_BYTES: Final = 256_000_000
_BLOCK: Final = tarfile.BLOCKSIZE
END: Final = bytes(2 * _BLOCK)


def packed(name: str, data: bytes, at: datetime) -> bytes:
    """A file with what stands before and behind it."""
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = len(data), int(at.timestamp()), 0o600
    return info.tobuf(tarfile.USTAR_FORMAT) + data + bytes(-len(data) % _BLOCK)


class Unpacking:
    """Takes pieces, and hands on each file when it is whole. Raises Refusal for what is no such archive."""

    def __init__(self, take: Callable[[str, bytes], Awaitable[None]]) -> None:
        self._take = take
        self._held = io.BytesIO()
        self._size = 0
        self._file: tarfile.TarInfo | None = None
        self._wanted = _BLOCK
        self.is_ended = False

    async def feed(self, piece: bytes) -> None:
        """The next piece."""
        self._held.write(piece)
        self._size += len(piece)
        if self._size < self._wanted:
            return
        data = self._held.getvalue()
        place = 0
        while len(data) - place >= self._wanted:
            part, place = data[place : place + self._wanted], place + self._wanted
            await self._step(part)
        self._held = io.BytesIO()
        self._size = self._held.write(data[place:])

    async def _step(self, part: bytes) -> None:
        if self._file is not None:
            file, self._file, self._wanted = self._file, None, _BLOCK
            await self._take(file.name, part[: file.size])
        elif part == bytes(_BLOCK):
            self.is_ended = True
        else:
            await self._begin(part)

    async def _begin(self, part: bytes) -> None:
        try:
            file = tarfile.TarInfo.frombuf(part, "ascii", "strict")
        except (tarfile.HeaderError, UnicodeError, ValueError):
            raise Refusal("backup_foreign") from None
        if self.is_ended or not file.isreg() or not 0 <= file.size <= MOST_BYTES:
            raise Refusal("backup_foreign")
        if file.size == 0:
            await self._take(file.name, b"")
            return
        self._file, self._wanted = file, file.size + -file.size % _BLOCK
