"""SQLCipher under SQLAlchemy: aiosqlite's connection and thread around sqlcipher3's connection.

The key is given raw (32 bytes): a passphrase would be stretched anew, for 0.25 s, by each connection. SQLCipher 4
encrypts each page with AES-256 and signs it with HMAC-SHA512; of the file only its length and which pages change can
be seen. The write-ahead log is encrypted page by page as well; what is sorted or vacuumed stays in memory
(temp_store).
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Any, Final

import aiosqlite
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_dbapi, SQLiteDialect_aiosqlite
from sqlcipher3 import dbapi2 as sqlcipher

from bot.errors import Damaged, KalkanError

#: How SQLAlchemy calls this driver: sqlite+aiosqlcipher.
DRIVER: Final = "aiosqlcipher"
KEY_BYTES: Final = 32
_PLAIN_HEAD: Final = b"SQLite format 3\x00"
#: Bytes of a page of SQLCipher's, and how many different ones are in any of them: of 4,096 random bytes 256 are to be
#: expected; fewer than 200 do not happen.
_PAGE: Final = 4096
_RANDOM: Final = 200
_SMALLEST: Final = 512
_PIECE: Final = 1 << 20
_ERRORS: Final = (
    "DatabaseError",
    "Error",
    "IntegrityError",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
)


#: Descriptors of databases whose heads were looked at, by device and inode; one is needed when something is wrong.
_held: Final[dict[tuple[int, int], int]] = {}


class DatabaseLocked(KalkanError):
    """The database cannot be opened with what was given; one line says what to do."""


class Form(Enum):
    """What a file of SQLite's looks like from outside."""

    ABSENT = "absent"
    PLAIN = "plain"
    SEALED = "sealed"
    RUINED = "ruined"


def form_of(path: Path) -> Form:
    """Whether a file is a plain database, an encrypted one (all of it looks random), or neither. Raises OSError.

    Not for a process that has the database open: see `head_of`.
    """
    try:
        with path.open("rb") as file:
            return _form(file.read(_PAGE))
    except FileNotFoundError:
        return Form.ABSENT


def head_of(path: Path, size: int = _PAGE) -> bytes:
    """The first bytes of a database that this process may have open. Raises OSError.

    The descriptor is never closed. Closing any descriptor of a file drops all locks that this process has on it, those
    of SQLite's connections among them (POSIX). The next process that opens the database and leaves it would then take
    itself for the last, and remove the write-ahead log from under us: what we commit from then on is lost.
    """
    return os.pread(_held_open(path), size, 0)


def read_through(path: Path) -> None:
    """Read every byte of a database that this process may have open. Raises OSError where the disk gives nothing."""
    descriptor, at = _held_open(path), 0
    while piece := os.pread(descriptor, _PIECE, at):
        at += len(piece)


def _held_open(path: Path) -> int:
    found = path.stat()
    place = (found.st_dev, found.st_ino)
    if place not in _held:
        _held[place] = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    return _held[place]


def _form(head: bytes) -> Form:
    if not head:
        return Form.ABSENT
    if head.startswith(_PLAIN_HEAD):
        return Form.PLAIN
    return Form.SEALED if len(set(head)) >= _RANDOM else Form.RUINED


def refuse_unfit(path: Path, key: bytes | None) -> None:
    """Say why a file that SQLite does not take for a database is none. Raises DatabaseLocked, Damaged, OSError."""
    form = _form(head_of(path))
    if form is Form.RUINED:
        raise Damaged
    if key is not None and form is Form.PLAIN:
        raise DatabaseLocked(f"{path} is not encrypted yet: stop the bot and run `kalkan key seal` once")
    if key is None and form is Form.SEALED:
        raise DatabaseLocked(f"{path} is encrypted: it needs the master key it was sealed with")


def refuse_stump(path: Path) -> None:
    """Refuse a file that is shorter than SQLite's smallest page: it would be taken for an empty one. Raises Damaged."""
    with suppress(FileNotFoundError):
        # Asked by its name: opening it here would cost this process its locks.
        if 0 < path.stat().st_size < _SMALLEST:
            raise Damaged


def is_no_database(error: Exception) -> bool:
    """Whether SQLite said that a file is none of its own, or none that opens with this key."""
    return "not a database" in str(error)


def open_sealed(path: str, key: bytes) -> Any:
    """A connection of sqlcipher3's, in autocommit, that has read the file once. Raises DatabaseLocked."""
    refuse_stump(Path(path))
    connection = sqlcipher.connect(path, isolation_level=None, check_same_thread=False, timeout=15)
    try:
        give_key(connection, key)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlcipher.DatabaseError as error:
        connection.close()
        if is_no_database(error):
            refuse_unfit(Path(path), key)
            line = f"{path} does not open with this master key: it was sealed with another one, or is damaged"
            raise DatabaseLocked(line) from None
        raise
    return connection


def give_key(connection: Any, key: bytes) -> None:
    """Tell a new connection of sqlcipher3's its key. Raises ValueError for anything but 32 bytes."""
    if len(key) != KEY_BYTES:
        raise ValueError("a database key has 32 bytes")
    # Else a wrong key is told of on standard error as well, three lines each time.
    connection.execute("PRAGMA cipher_log_level = NONE")
    # No parameter may stand here; the digits of 32 bytes are nothing but digits.
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")


class CipherDialect(SQLiteDialect_aiosqlite):
    """SQLite as sqlcipher3 speaks it: the same in all but the names of its errors."""

    driver = DRIVER
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> AsyncAdapt_aiosqlite_dbapi:
        """aiosqlite's adapter, with sqlcipher3's errors: the standard library's are never raised here."""
        adapter = AsyncAdapt_aiosqlite_dbapi(aiosqlite, sqlcipher)
        for name in _ERRORS:
            setattr(adapter, name, getattr(sqlcipher, name))
        return adapter


registry.register(f"sqlite.{DRIVER}", __name__, CipherDialect.__name__)


async def connect_sealed(path: str, key: bytes) -> aiosqlite.Connection:
    """What SQLAlchemy asks for a new connection. Raises DatabaseLocked."""
    connection = aiosqlite.Connection(lambda: open_sealed(path, key), 64)
    # A process that ends must not wait for it.
    connection._thread.daemon = True
    try:
        return await connection
    except BaseException:
        # Its thread still has to say goodbye to this loop, which may be closed next.
        await asyncio.to_thread(connection._thread.join)
        raise
