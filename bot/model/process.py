"""What a process of the bot does: everything, or one part of it beside others that share its database."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ProcessRole(StrEnum):
    """`all` is one process alone; the others work side by side on one PostgreSQL, each any number of times.

    Of several schedulers one leads, and another takes over when it ends.
    """

    ALL = "all"
    #: Takes what Telegram posts, and stores it.
    WEB = "web"
    #: Handles what is stored.
    WORKER = "worker"
    #: Sends, does what is due by the clock, and looks after how updates come.
    SCHEDULER = "scheduler"


class CrewTrouble(StrEnum):
    """What processes lack that share the work."""

    #: Nobody handles what waits.
    NO_WORKER = "no_worker"
    #: Nobody sends, and nothing is done by the clock.
    NO_SCHEDULER = "no_scheduler"
    #: Of those that could do so none does: for so long as it takes another to follow one that ended.
    NO_LEADER = "no_leader"


@dataclass(frozen=True, kw_only=True, slots=True)
class Crew:
    """The processes that live, by what they do; whether a scheduler leads; whether one process does everything."""

    living: Mapping[ProcessRole, int]
    is_led: bool
    is_alone: bool = False

    def troubles(self, waiting: int) -> tuple[CrewTrouble, ...]:
        """What they lack, gravest first, while so many updates wait. Whoever is alone lacks nobody."""
        if self.is_alone:
            return ()
        found = [CrewTrouble.NO_WORKER] if waiting and not self.count(ProcessRole.WORKER) else []
        if not self.count(ProcessRole.SCHEDULER):
            found.append(CrewTrouble.NO_SCHEDULER)
        elif not self.is_led:
            found.append(CrewTrouble.NO_LEADER)
        return tuple(found)

    def count(self, role: ProcessRole) -> int:
        """How many of a role live."""
        return 1 if self.is_alone and role is ProcessRole.ALL else self.living.get(role, 0)
