"""The newsroom (tenant), its members and the invites by which they come."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.rights import Right, Role, allows

#: What an admin may limit in the chat, with the least and the most: hours until an invite expires, seconds within which
#: messages of one sender are one submission, megabytes of a picture, minutes until an unanswered alarm goes on, cases
#: in one export of evidence, the local hours from and until which sensitive work is announced to the other leads, days
#: that a case stays on which nothing hangs.
LIMITS = {
    "invite_hours": (1, 720),
    "burst_seconds": (1, 60),
    "image_mb": (1, 20),
    "alarm_minutes": (1, 120),
    "export_cases": (1, 5000),
    "odd_from": (0, 23),
    "odd_until": (0, 23),
    "retention_days": (8, 3650),
}
#: Days that a case stays on which nothing hangs, until the newsroom says otherwise.
RETENTION_DAYS = 90
#: Days after which no backup is left, at most: the operator may choose fewer.
BACKUP_DAYS = 90


@dataclass(frozen=True, kw_only=True, slots=True)
class Newsroom:
    """A tenant: its name, its zone on cards, the language of whoever has chosen none."""

    id: int
    name: str
    zone: str
    language: str
    limits: dict[str, int]


class MemberStatus(StrEnum):
    """Where a member stands: a pending one is nobody yet, a removed one nobody again, a frozen one nobody for now."""

    PENDING = "pending"
    ACTIVE = "active"
    REMOVED = "removed"
    FROZEN = "frozen"


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A person with a Telegram id who belongs to the newsroom."""

    id: int
    newsroom_id: int
    telegram_id: int
    name: str
    roles: frozenset[Role]
    status: MemberStatus
    language: str | None
    joined_at: datetime
    #: Rises when the member is removed or loses a role: buttons drawn before are dead.
    epoch: int = 0
    #: After how many hours sensitive messages go, where that is sooner than for everybody.
    sweep_hours: int | None = None

    def may(self, right: Right) -> bool:
        """Whether this member is active and one of the roles covers `right`."""
        return self.status is MemberStatus.ACTIVE and allows(self.roles, right)


@dataclass(frozen=True, kw_only=True, slots=True)
class Invite:
    """A one-use invitation; only the hash of its token is kept."""

    id: int
    newsroom_id: int
    role: Role
    created_by: int | None
    needs_approval: bool
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
