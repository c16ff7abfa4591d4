"""People behind farms, and what their workers sent them: for `security` only, apart from the accounts."""

from dataclasses import dataclass
from datetime import date, datetime

#: How reliable a source is (A: completely … F: cannot be judged), how credible what it says (1: confirmed … 6: cannot
#: be judged): the Admiralty code of NATO's AJP-2.1.
SOURCES = "ABCDEF"
CREDIBILITY = "123456"
KINDS = ("curator", "client")


def is_grade(text: str) -> bool:
    """Whether this is a grade of the Admiralty code, such as B2."""
    return len(text) == 2 and text[0] in SOURCES and text[1] in CREDIBILITY


@dataclass(frozen=True, kw_only=True, slots=True)
class Tie:
    """That a person had to do with a farm or a kind of accounts, since when, until when, by which source."""

    id: int
    farm: str | None
    account_kind: str | None
    since: date | None
    until: date | None
    grade: str
    why: str
    author: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Hypothesis:
    """What else could explain the same facts, graded likewise."""

    text: str
    grade: str
    author: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Curator:
    """Somebody behind farms: `kind` is "curator" or "client"."""

    id: int
    number: int
    kind: str
    name: str
    note: str | None
    grade: str
    author: str
    at: datetime
    ties: tuple[Tie, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()

    @property
    def label(self) -> str:
        """What people call the record."""
        return f"P-{self.number}"


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkReport:
    """What workers of a farm sent their bosses. Nobody knows who handed it in, and only the day is kept."""

    id: int
    number: int
    sha256: str | None
    text: str
    farm: str | None
    day: date

    @property
    def label(self) -> str:
        """What people call it."""
        return f"W-{self.number}"
