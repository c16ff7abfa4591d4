"""What everybody says: texts that are never called copies of each other."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class StockPhrase:
    """A text on the never-match list, as it was written when it was put there; whoever did that, and when."""

    id: int
    text_key: int
    text: str
    member_name: str
    added_at: datetime
