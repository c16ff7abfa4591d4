"""The span of time in which something happened, and its middle with the uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

Form = Literal["now", "elapsed", "clock", "day", "date", "weekday"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTime:
    """When something was posted, by what the screen said: at or after ``earliest``, at or before ``latest`` (UTC)."""

    earliest: datetime
    latest: datetime
    form: Form
    language: str

    @property
    def moment(self) -> datetime:
        """The middle of the span, in UTC."""
        return self.earliest + (self.latest - self.earliest) / 2

    @property
    def uncertainty(self) -> timedelta:
        """By how much ``moment`` may be wrong to either side: half the span, rounded up."""
        half = (self.latest - self.earliest) / 2
        return half if self.earliest + half + half >= self.latest else half + timedelta(microseconds=1)


def span(earliest: datetime, latest: datetime, seen: datetime, form: Form, language: str) -> ShownTime:
    """A span that does not reach beyond the moment at which the screen was seen."""
    latest = min(latest, seen)
    return ShownTime(
        earliest=min(earliest, latest).astimezone(UTC), latest=latest.astimezone(UTC), form=form, language=language
    )
