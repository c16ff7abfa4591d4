"""Ten kinds of tampering by somebody who has the database, its triggers removed, and knows how the log is made.

The attacker has neither the secret nor what was anchored outside. Everything that can be put right without them is put
right: chain, leaves, the note of the log's end; checkpoints in the database that would tell are deleted.
"""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

from bot.custody.entries import NO_ENTRY, Entry
from bot.custody.merkle import frontier_of

Spoil = Callable[[sqlite3.Connection, random.Random, int], None]
_TABLES = ("custody_entries", "custody_bodies")
_LINE = "seq, at, kind, subject, commitment"


def spoil(file: Path, kind: str, seed: int) -> None:
    """Tamper with the log in a file."""
    connection = sqlite3.connect(file)
    try:
        for table in _TABLES:
            for what in ("update", "delete", "replace"):
                connection.execute(f"DROP TRIGGER {table}_no_{what}")
        (size,) = connection.execute("SELECT count(*) FROM custody_entries").fetchone()
        KINDS[kind](connection, random.Random(f"{kind}:{seed}"), size)
        connection.commit()
    finally:
        connection.close()


def _flip(connection: sqlite3.Connection, dice: random.Random, size: int) -> None:
    seq, column = dice.randrange(size), dice.choice(("commitment", "prev", "leaf"))
    (value,) = connection.execute(f"SELECT {column} FROM custody_entries WHERE seq = ?", (seq,)).fetchone()
    connection.execute(f"UPDATE custody_entries SET {column} = ? WHERE seq = ?", (_flipped(value, dice), seq))


def _back_date(connection: sqlite3.Connection, dice: random.Random, size: int) -> None:
    moment = f"2026-10-0{dice.randrange(1, 6)}T08:00:00.000000Z"
    connection.execute("UPDATE custody_entries SET at = ? WHERE seq = ?", (moment, dice.randrange(size)))


def _other_kind(connection: sqlite3.Connection, dice: random.Random, size: int) -> None:
    connection.execute("UPDATE custody_entries SET kind = 'viewed' WHERE seq = ?", (dice.randrange(size),))


def _other_subject(connection: sqlite3.Connection, dice: random.Random, size: int) -> None:
    name = dice.randbytes(16).hex()
    connection.execute("UPDATE custody_entries SET subject = ? WHERE seq = ?", (name, dice.randrange(size)))


def _other_body(connection: sqlite3.Connection, dice: random.Random, size: int) -> None:
    seq = dice.randrange(size)
    (value,) = connection.execute("SELECT sealed FROM custody_bodies WHERE seq = ?", (seq,)).fetchone()
    connection.execute("UPDATE custody_bodies SET sealed = ? WHERE seq = ?", (_flipped(value, dice), seq))


def _exchanged(connection: sqlite3.Connection, dice: random.Random, size: int) -> None:
    one, other = dice.sample(range(size), 2)
    told = dict(connection.execute("SELECT seq, sealed FROM custody_bodies WHERE seq IN (?, ?)", (one, other)))
    for seq, source in ((one, other), (other, one)):
        connection.execute("UPDATE custody_bodies SET sealed = ? WHERE seq = ?", (told[source], seq))


def _no_body(connection: sqlite3.Connection, dice: random.Random, size: int) -> None:
    connection.execute("DELETE FROM custody_bodies WHERE seq = ?", (dice.randrange(size),))


def _no_line(connection: sqlite3.Connection, dice: random.Random, size: int) -> None:
    seq = dice.randrange(size)
    for table in _TABLES:
        connection.execute(f"DELETE FROM {table} WHERE seq = ?", (seq,))


def _cut(connection: sqlite3.Connection, dice: random.Random, size: int) -> None:
    seq = dice.randrange(1, size)
    for table in _TABLES:
        connection.execute(f"DELETE FROM {table} WHERE seq >= ?", (seq,))
    _end_anew(connection)


def _rewritten(connection: sqlite3.Connection, dice: random.Random, size: int) -> None:
    _back_date(connection, dice, size)
    prev = NO_ENTRY
    for seq, at, kind, subject, commitment in connection.execute(
        f"SELECT {_LINE} FROM custody_entries ORDER BY seq"
    ).fetchall():
        line = Entry(seq=seq, at=at, kind=kind, subject=subject, commitment=commitment, prev=prev)
        connection.execute("UPDATE custody_entries SET prev = ?, leaf = ? WHERE seq = ?", (prev, line.leaf, seq))
        prev = line.leaf
    _end_anew(connection)


def _end_anew(connection: sqlite3.Connection) -> None:
    leaves = [leaf for (leaf,) in connection.execute("SELECT leaf FROM custody_entries ORDER BY seq")]
    end = (len(leaves), leaves[-1], b"".join(frontier_of(leaves)))
    connection.execute("UPDATE custody_logs SET size = ?, head = ?, frontier = ?", end)
    connection.execute("DELETE FROM custody_checkpoints")


def _flipped(value: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(value))
    return value[:place] + bytes([value[place] ^ 1 << dice.randrange(8)]) + value[place + 1 :]


KINDS: dict[str, Spoil] = {
    "a bit flipped": _flip,
    "back-dated": _back_date,
    "kind changed": _other_kind,
    "subject changed": _other_subject,
    "body changed": _other_body,
    "bodies exchanged": _exchanged,
    "body deleted": _no_body,
    "line deleted": _no_line,
    "end cut off": _cut,
    "all rewritten": _rewritten,
}
