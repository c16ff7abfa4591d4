"""Which file is this? An interrupted import goes on only with the very file that it began with."""

import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

from bot.errors import Refusal
from bot.services.batchfiles.plain_files import open_plain

# Of a larger file path, size, and first and last bytes are taken: reading it all would take longer than many an import.
_WHOLE: Final = 100_000_000
_ENDS: Final = 1_000_000
_CHUNK: Final = 1 << 20


def identity(path: Path, read_as: str) -> str | None:
    """A hash of a file and of how it is read; None for what is no plain file and can be read but once.

    Raises Refusal when it cannot be opened.
    """
    try:
        with open_plain(path) as file:
            there = os.fstat(file.fileno())
            if not stat.S_ISREG(there.st_mode):
                return None
            content = _digest(file) if there.st_size <= _WHOLE else _digest_of_ends(file, path, there.st_size)
    except FileNotFoundError:
        raise Refusal("file_missing", file=str(path)) from None
    except (OSError, ValueError) as error:
        raise Refusal("file_unreadable", file=str(path), why=getattr(error, "strerror", "") or "") from None
    return hashlib.sha256(f"{content} {read_as}".encode("utf-8", "surrogatepass")).hexdigest()


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _digest_of_ends(file: BinaryIO, path: Path, size: int) -> str:
    digest = hashlib.sha256(f"{path.resolve()}\0{size}\0".encode("utf-8", "surrogateescape"))
    digest.update(file.read(_ENDS))
    file.seek(-_ENDS, os.SEEK_END)
    digest.update(file.read(_ENDS))
    return digest.hexdigest()
