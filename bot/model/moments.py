"""Which days people may mean: those that every zone's clock can show, and on which there was a network."""

from datetime import UTC, date, datetime
from typing import Final

#: The first moment that is taken from anybody, and the first that is not.
FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LAST: Final = datetime(2200, 1, 1, tzinfo=UTC)


def is_plausible(when: date) -> bool:
    """Whether a day, or an aware moment, may be meant; one at the calendar's ends cannot be shown in every zone."""
    if isinstance(when, datetime):
        # Years first: the calendar's last hours cannot even be compared in every zone.
        return FIRST.year - 1 <= when.year <= LAST.year and FIRST <= when < LAST
    return FIRST.date() <= when < LAST.date()
