"""The alarm: a message that must be answered, else it goes on to the next person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

#: Minutes until an unanswered alarm goes on, unless the newsroom's admin set others.
ALARM_MINUTES: Final = 5
#: After an alarm was taken, what else comes in its incident rings again, at most once within this. Two rounds of an
#: alarm's own patience: whoever took it has told those who are meant and looks again; a day of silence would hide the
#: real threat behind an invented one.
RING_AGAIN: Final = timedelta(minutes=2 * ALARM_MINUTES)


class AlarmState(StrEnum):
    """`ringing` goes on until somebody answers; what was answered stays answered."""

    RINGING = "ringing"
    TAKEN = "taken"
    FALSE = "false"


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """One alarm of an incident. `step` counts the people it went to; `due_at` is None when it goes no further."""

    id: int
    newsroom_id: int
    incident_id: int
    threat_id: int
    state: AlarmState
    step: int
    due_at: datetime | None
    raised_at: datetime
    #: Posts that it counts: it is one message, however many come.
    times: int
    threats: int
    severity: int
    imminent: bool
    answered_by: int | None
    answered_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """One person on the duty roster; the first is on duty. Quiet hours are minutes of the newsroom's day."""

    member_id: int
    name: str
    place: int
    quiet_from: int | None = None
    quiet_until: int | None = None

    def is_quiet(self, minute: int) -> bool:
        """Whether a minute of the day lies in the quiet hours; they may go over midnight."""
        if self.quiet_from is None or self.quiet_until is None or self.quiet_from == self.quiet_until:
            return False
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= minute < self.quiet_until
        return minute >= self.quiet_from or minute < self.quiet_until


def rounds(roster: tuple[int, ...], everyone: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """Whom an alarm goes to, step by step: the one on duty, the same again, each of the others, then everyone, twice.

    `roster` are the members on call in their order, `everyone` the editors; who was told already is told again there.
    """
    if not roster:
        return (everyone, everyone) if everyone else ()
    first, *rest = roster
    last = tuple(dict.fromkeys([*everyone, *roster]))
    return ((first,), (first,), *((member,) for member in rest), last, last)
