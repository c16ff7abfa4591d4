"""Imported files as wholes: which there are, and what came of withdrawing one."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportedFile:
    """A file: its kind ("staff", "comments", …), how many rows came by it, how many of these are withdrawn.

    `id` is None for comments and lists of accounts, whose rows carry the file's name; `sha256` where it is known.
    """

    noun: str
    name: str
    rows: int
    withdrawn: int
    at: datetime
    importer: str
    is_withdrawn: bool = False
    sha256: str | None = None
    id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Withdrawal:
    """What came of withdrawing a file, or of putting it back.

    Of its rows `turned` are gone (or here again), `by_hand` stay since people here said so, `by_files` since another
    file says the same. `codings` of its posts are kept and count nowhere until it is put back.
    """

    noun: str
    name: str
    turned: int
    by_hand: int = 0
    by_files: int = 0
    codings: int = 0
