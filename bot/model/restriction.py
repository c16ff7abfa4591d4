"""A restricted case: who may know of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.newsroom import Member


class RefNoun(StrEnum):
    """What a person names when they mean one or several cases."""

    CASE = "K"
    THREAT = "T"
    INCIDENT = "I"


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseRef:
    """K-12; T-5: its case; I-3: the cases of all its records."""

    noun: RefNoun
    number: int

    @property
    def label(self) -> str:
        """As people write it."""
        return f"{self.noun.value}-{self.number}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Restriction:
    """Whom a restricted case names, by id; `opened_at` is since when none of them leads security."""

    submission_id: int
    made_by: int
    made_at: datetime
    opened_at: datetime | None
    members: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class RestrictionView:
    """Who may know of what a person named; nobody in `named` where it is open to everybody as ever."""

    ref: CaseRef
    #: The numbers of the cases that are meant.
    cases: tuple[str, ...]
    named: tuple[Member, ...]
    #: Who else could be named.
    others: tuple[Member, ...]
    #: Whether nobody who is named leads security, so that all who do see it.
    is_open: bool
