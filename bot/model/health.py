"""How the house is, as the machine sees it."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.custody import Trust
from bot.model.process import Crew, CrewTrouble


@dataclass(frozen=True, kw_only=True, slots=True)
class Queue:
    """Rows whose time has come, and seconds since the oldest one's time."""

    waiting: int
    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class HouseHealth:
    """What waits, when the daily chores were done last (None: never), and what room there is (None: unknown)."""

    version: str
    since: datetime
    inbox: Queue
    outbox: Queue
    alarms: Queue
    dead: int
    backup_at: datetime | None
    verified_at: datetime | None
    trust: Trust | None
    entries: int
    free_bytes: int | None
    free_percent: float | None
    #: Where several processes may share the work; None: one does everything.
    crew: Crew | None = None

    @property
    def troubles(self) -> tuple[CrewTrouble, ...]:
        """What the processes lack."""
        return self.crew.troubles(self.inbox.waiting) if self.crew is not None else ()
