"""A plain SQLite file becomes an encrypted one: copied whole, compared row by row, and only then put in its place.

Whenever this is stopped, the next run goes on: until the copy is compared and in its place, the plain file is as it
was.
"""

import os
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlcipher3 import dbapi2 as sqlcipher

from bot.errors import KalkanError
from bot.storage.cipher import Form, form_of, open_sealed

_DRAFT: Final = ".sealing"
_OLD: Final = ".plain"
_BLOCK: Final = 1 << 20
_SQLITE: Final = sqlite.dialect()


class NotConverted(KalkanError):
    """The database could not be encrypted; nothing is lost, and the line says what to do."""


def encrypt(path: Path, key: bytes) -> bool:
    """Encrypt the database at `path`, which nobody else may have open; whether there was anything to do.

    Needs as much free disk as the database has. Raises NotConverted, DatabaseLocked for another key, Damaged, OSError.
    """
    old = path.with_name(f"{path.name}{_OLD}")
    was_plain = form_of(path) is Form.PLAIN
    if was_plain:
        draft = path.with_name(f"{path.name}{_DRAFT}")
        draft.unlink(missing_ok=True)
        _copy(path, draft, key)
        _swap(path, draft, old)
    elif form_of(path) is not Form.ABSENT:
        # What does not open with this key keeps the plain one beside it.
        open_sealed(str(path), key).close()
    had_old = old.exists()
    if had_old:
        overwrite(old)
    return was_plain or had_old


def overwrite(path: Path) -> None:
    """Write zeros over a file and remove it. A disk that writes elsewhere (SSD, btrfs) may keep what was there."""
    with path.open("r+b") as file:
        rest = path.stat().st_size
        while rest > 0:
            rest -= file.write(bytes(min(_BLOCK, rest)))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def _copy(path: Path, draft: Path, key: bytes) -> None:
    source = sqlcipher.connect(str(path), isolation_level=None, timeout=1)
    try:
        _alone(source, path)
        draft.touch(mode=0o600)
        source.execute("ATTACH ? AS sealed KEY ?", (str(draft), f"x'{key.hex()}'"))
        source.execute("SELECT sqlcipher_export('sealed')")
        _compare(source, path)
        source.execute("DETACH sealed")
    except sqlcipher.Error as error:
        raise NotConverted(f"{path} could not be encrypted: {error}; it is as it was") from None
    finally:
        source.close()
    with draft.open("rb") as file:
        os.fsync(file.fileno())


def _alone(source: Any, path: Path) -> None:
    """Hold the file alone, with its write-ahead log folded in: what follows is all of it."""
    try:
        source.execute("PRAGMA locking_mode = EXCLUSIVE")
        (mode,) = source.execute("PRAGMA journal_mode = DELETE").fetchone()
        source.execute("BEGIN EXCLUSIVE")
        source.execute("COMMIT")
    except sqlcipher.OperationalError as error:
        mode = str(error)
    if mode != "delete":
        raise NotConverted(f"{path} is in use ({mode}): stop the bot and every other command first")


def _compare(source: Any, path: Path) -> None:
    """Every table and index is there as it was, and every row."""
    schemas = [set(_rows(source, place, "sqlite_master").fetchall()) for place in ("main", "sealed")]
    if _without_pages(schemas[0]) != _without_pages(schemas[1]):
        raise NotConverted(f"the encrypted copy of {path} has another schema; the plain one is as it was")
    for name in _tables(source):
        if not _is_same(source, name):
            raise NotConverted(f"the encrypted copy of {path} differs in {name}; the plain one is as it was")
    if source.execute("PRAGMA sealed.integrity_check").fetchone() != ("ok",):
        raise NotConverted(f"the encrypted copy of {path} is damaged; the plain one is as it was")


def _without_pages(schema: set[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """The schema without the numbers of the pages at which its parts begin."""
    return {(kind, name, table, statement) for kind, name, table, _, statement in schema}


def _tables(source: Any) -> list[str]:
    found = source.execute("SELECT name FROM main.sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    return [name for (name,) in found]


def _is_same(source: Any, name: str) -> bool:
    with closing(_rows(source, "main", name)) as one, closing(_rows(source, "sealed", name)) as other:
        try:
            return all(ours == theirs for ours, theirs in zip(one, other, strict=True))
        except ValueError:
            # One of them has more rows.
            return False


def _rows(source: Any, place: str, name: str) -> Any:
    """In the order in which they lie: the same in both, since one was copied from the other."""
    query = sa.select(sa.text("*")).select_from(sa.table(name, schema=place))
    return source.cursor().execute(str(query.compile(dialect=_SQLITE)))


def _swap(path: Path, draft: Path, old: Path) -> None:
    # The old name is given first: a power cut in between leaves the plain file under both, and the next run begins
    # anew.
    old.unlink(missing_ok=True)
    os.link(path, old)
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
