"""The event record: what people alone can say of a threat or an incident, field by field, for those who ask for it.

Two forms: that of a record of an event concerning human-rights defenders, and that of a newsroom's own log of attacks.
Values are codes where there is a list of them, and words as they were written elsewhere. A value that is changed stays
in the archive with who gave it and when; what counts is the latest.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Form(StrEnum):
    """For whom it is filled in."""

    HRD = "hrd"
    NEWSROOM = "newsroom"


class Way(StrEnum):
    """How a field is filled in."""

    CHOICE = "choice"
    SEVERAL = "several"
    NUMBER = "number"
    COORDINATES = "coordinates"
    TEXT = "text"


class About(StrEnum):
    """What a record is of: the noun of the row."""

    THREAT = "threat"
    INCIDENT = "incident"


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordField:
    """A field; `values` are the codes of its list."""

    code: str
    way: Way
    values: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordValue:
    """What a field holds, and who said so when."""

    value: str
    member: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class EventRecord:
    """The fields of a threat or an incident that are filled in; `label` is what people call it."""

    about: About
    row_id: int
    number: int
    values: dict[str, RecordValue]

    @property
    def label(self) -> str:
        """T-n or I-n."""
        return f"{'T' if self.about is About.THREAT else 'I'}-{self.number}"


_HELP = ("offered", "accepted", "declined", "not_needed")

FIELDS = {
    each.code: each
    for each in (
        RecordField(code="country", way=Way.TEXT),
        RecordField(code="place", way=Way.TEXT),
        RecordField(code="coordinates", way=Way.COORDINATES),
        RecordField(code="gender", way=Way.CHOICE, values=("woman", "man", "nonbinary", "other")),
        RecordField(code="impact", way=Way.NUMBER),
        RecordField(
            code="violation",
            way=Way.SEVERAL,
            values=("intimidation", "online", "physical", "judicial", "detention", "raid", "surveillance", "smear"),
        ),
        RecordField(
            code="rights",
            way=Way.SEVERAL,
            values=("media", "online", "environment", "expression", "assembly", "privacy", "life", "trial"),
        ),
        RecordField(code="hrd_type", way=Way.SEVERAL, values=("media", "lawyer", "activist", "organisation", "other")),
        RecordField(code="perpetrator", way=Way.CHOICE, values=("state", "nonstate", "unknown")),
        RecordField(code="monitoring", way=Way.CHOICE, values=("pending", "followed", "closed")),
        RecordField(code="summary", way=Way.TEXT),
        RecordField(code="private", way=Way.TEXT),
        RecordField(code="attack", way=Way.CHOICE, values=("threat", "sexual", "doxxing", "legal", "smear")),
        RecordField(code="topic", way=Way.TEXT),
        RecordField(code="danger", way=Way.CHOICE, values=("low", "medium", "high", "extreme")),
        RecordField(code="peer_support", way=Way.CHOICE, values=_HELP),
        RecordField(code="mental_support", way=Way.CHOICE, values=_HELP),
        RecordField(code="legal_case", way=Way.CHOICE, values=("none", "considered", "reported", "court", "ended")),
        RecordField(code="follow_up", way=Way.TEXT),
    )
}
#: The order in which a form asks.
FORMS = {
    Form.HRD: (
        *("country", "place", "coordinates", "gender", "impact", "violation", "rights", "hrd_type", "perpetrator"),
        *("monitoring", "summary", "private"),
    ),
    Form.NEWSROOM: (
        *("gender", "attack", "topic", "danger", "peer_support", "mental_support", "legal_case", "follow_up"),
    ),
}
#: Kept out of every history and of every export but the private part of an event record.
PRIVATE = frozenset({"private"})
#: What is typed and published: no name of a person stands in it.
PUBLIC = frozenset({"summary", "country"})


def codes_of(value: str) -> tuple[str, ...]:
    """The codes of a field that takes several."""
    return tuple(code for code in value.split(",") if code)
