"""Backups: what stands in one, and what is said of one that was made, looked through or restored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class TableShape:
    """A table as it stands in a backup: its columns with the kind of their values, and those filled in at the end.

    `later` are columns that refer to the same table: a row may refer to one that comes after it.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]
    later: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Root:
    """Where a newsroom's custody log ended: how many lines, and the root of their tree in hex."""

    newsroom_id: int
    size: int
    root: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """What a backup begins with: what is in it, before anything of it is read."""

    form: int
    made_at: datetime
    revision: str
    roots: tuple[Root, ...]
    tables: tuple[TableShape, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How much of a table there is: rows, and the SHA-256 (hex) of all their lines."""

    rows: int
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What a backup ends with: what it must hold if nothing of it was lost on the way."""

    tables: Mapping[str, Tally]
    files: int
    #: SHA-256 over the sorted names of the vault's files, which are their hashes.
    files_sha256: str
    keys: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeBackup:
    """A backup that was made: complete, on disk, and under its final name."""

    path: Path
    made_at: datetime
    size: int
    rows: int
    files: int
    roots: tuple[Root, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoredBackup:
    """A backup that was read to its end and is what its manifest says."""

    heading: Heading
    manifest: Manifest
    #: Whether bodies and signatures of the custody log were checked as well: its secret was there.
    is_verified: bool = False

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(tally.rows for tally in self.manifest.tables.values())
