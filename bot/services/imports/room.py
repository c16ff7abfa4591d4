"""What every import works with, and what it reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.analysis import Analysis
from bot.clock import Clock
from bot.services.erased_accounts import ErasedAccounts
from bot.storage import history
from bot.storage.store import Store
from bot.storage.vault import Vault

#: Who lists what an import brings.
IMPORTER: Final = "command line"
#: Rows of one transaction.
ROWS: Final = 500
_MOST_BATCH_NAME: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportRoom:
    """The archive and the laboratory, as far as imports need them."""

    store: Store
    clock: Clock
    vault: Vault
    analysis: Analysis
    newsroom_id: int
    image_bytes: int
    #: Knows accounts again that were erased; without it none is.
    erased: ErasedAccounts | None = None

    def batch_name(self, path: Path) -> str:
        """What this import is called when its accounts are confirmed: file name and day."""
        day = f" {self.clock():%Y-%m-%d}"
        return path.name[: _MOST_BATCH_NAME - len(day)] + day

    async def note(self, conn: AsyncConnection, noun: str, batch: str, tally: "Tally") -> None:
        """Keep in the history who brought what."""
        await history.note(
            conn,
            self.newsroom_id,
            None,
            ("import", 0),
            "imported",
            self.clock(),
            noun=noun,
            batch=batch,
            importer=IMPORTER,
            counts=tally.counts,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Something that could not be taken: where it stands ("line 12", a file name), the code, and what it is about."""

    place: str
    code: str
    detail: str = ""


class Watch(Protocol):
    """Follows an import: shows how far it is, and says what is wrong as it comes."""

    def progress(self, done: int, total: int) -> None:
        """`done` of `total` (0: unknown), in bytes of a file or in pictures."""

    def problem(self, problem: Problem) -> None:
        """A row or a picture was not taken."""


@dataclass(kw_only=True, slots=True)
class Tally:
    """How many were added, changed, there already, refused."""

    added: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    #: Pictures that came with accounts, or with comments.
    photos_added: int = 0
    photos_refused: int = 0
    #: Rows about accounts that were erased for good: not taken.
    erased: int = 0
    batch: str = field(default="")
    #: The line of the file behind which an interrupted import went on; the numbers count the lines before it as well.
    resumed_after: int = 0

    def count(self, outcome: str) -> None:
        """One more of "added", "changed", "same" or "refused"."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    @property
    def nothing_read(self) -> bool:
        """Whether there was something, and none of it could be taken."""
        return self.refused > 0 and not (self.added or self.changed or self.same)

    @property
    def counts(self) -> Mapping[str, int]:
        """The numbers by name."""
        names = ("added", "changed", "same", "refused", "photos_added", "photos_refused", "erased")
        return {name: getattr(self, name) for name in names if name != "erased" or self.erased}


def line(number: int) -> str:
    """How the place of a row is called."""
    return f"line {number}"
