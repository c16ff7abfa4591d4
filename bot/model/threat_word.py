"""A threat word that a newsroom added to what the detector knows."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreatWord:
    """A word or phrase (a star: whatever begins so), what it threatens, who added it and when."""

    id: int
    word: str
    kind: str
    member_name: str
    added_at: datetime
