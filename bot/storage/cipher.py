"""SQLCipher under SQLAlchemy: aiosqlite's connection and thread around sqlcipher3's connection.

The key is given raw (32 bytes): a passphrase would be stretched anew, for 0.25 s, by each connection. SQLCipher 4
encrypts each page with AES-256 and signs it with HMAC-SHA512; of the file only its length and which pages change can
be seen. The write-ahead log is encrypted page by page as well; what is sorted or vacuumed stays in memory
(temp_store).
"""

from __future__ import annotations

import asyncio
from enum import Enum
from pathlib import Path
from typing import Any, Final

import aiosqlite
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_dbapi
from sqlcipher3 import dbapi2 as sqlcipher

from bot.errors import Damaged, KalkanError
from bot.storage.file_looks import first_bytes
from bot.storage.one_turn import OneTurnAdapter, OneTurnDialect

#: How SQLAlchemy calls this driver: sqlite+aiosqlcipher.
DRIVER: Final = "aiosqlcipher"
KEY_BYTES: Final = 32
_PLAIN_HEAD: Final = b"SQLite format 3\x00"
#: Bytes of a page of SQLCipher's, and how many different ones are in any of them: of 4,096 random bytes 256 are to be
#: expected; fewer than 200 do not happen.
_PAGE: Final = 4096
_RANDOM: Final = 200
_ERRORS: Final = (
    "DatabaseError",
    "Error",
    "IntegrityError",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
)


class DatabaseLocked(KalkanError):
    """The database cannot be opened with what was given; one line says what to do."""


class Form(Enum):
    """What a file of SQLite's looks like from outside."""

    ABSENT = "absent"
    PLAIN = "plain"
    SEALED = "sealed"
    RUINED = "ruined"


def form_of(path: Path) -> Form:
    """Whether a file is a plain database, an encrypted one (all of it looks random), or neither. Raises OSError."""
    try:
        head = first_bytes(path, _PAGE)
    except FileNotFoundError:
        return Form.ABSENT
    if not head:
        return Form.ABSENT
    if head.startswith(_PLAIN_HEAD):
        return Form.PLAIN
    return Form.SEALED if len(set(head)) >= _RANDOM else Form.RUINED


def refuse_unfit(path: Path, key: bytes | None) -> None:
    """Refuse a plain file where a key was given, and a sealed one where none was. Raises DatabaseLocked, Damaged."""
    form = form_of(path)
    if form is Form.RUINED:
        raise Damaged
    if key is not None and form is Form.PLAIN:
        raise DatabaseLocked(f"{path} is not encrypted yet: stop the bot and run `kalkan key seal` once")
    if key is None and form is Form.SEALED:
        raise DatabaseLocked(f"{path} is encrypted: it needs the master key it was sealed with")


def open_sealed(path: str, key: bytes) -> Any:
    """A connection of sqlcipher3's, in autocommit, that has read the file once. Raises DatabaseLocked."""
    refuse_unfit(Path(path), key)
    connection = sqlcipher.connect(path, isolation_level=None, check_same_thread=False, timeout=15)
    try:
        give_key(connection, key)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlcipher.DatabaseError as error:
        connection.close()
        if "not a database" in str(error):
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


class CipherDialect(OneTurnDialect):
    """SQLite as sqlcipher3 speaks it: the same in all but the names of its errors."""

    driver = DRIVER
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> AsyncAdapt_aiosqlite_dbapi:
        """The adapter, with sqlcipher3's errors: the standard library's are never raised here."""
        adapter = OneTurnAdapter(aiosqlite, sqlcipher)
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
