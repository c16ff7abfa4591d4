"""What last night's lesson of the threat detector came to."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """Held-out rulings on a model taught on the others, against the shipped one."""

    texts: int
    threats: int
    #: Mean gain in log loss a held-out text, with its 95 % interval.
    gain: float
    low: float
    high: float
    #: Whether the taught model is used since.
    is_used: bool
    tried_at: datetime
