"""Updates that could not be handled, for the admin."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DeadLetter:
    """An update that could not be handled; `error` is a class name, never a message text."""

    id: int
    update_id: int
    tries: int
    error: str
    received_at: datetime
