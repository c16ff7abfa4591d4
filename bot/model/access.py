"""Access beyond roles: a second factor, and acts that wait for a second person."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class StepState:
    """Where a member stands with their second factor at a moment."""

    #: A secret was set up and confirmed by a first code.
    is_set: bool = False
    #: A secret was made and shown; its first code is waited for.
    is_waiting: bool = False
    #: A right code was given not long ago.
    is_fresh: bool = False
    #: Too many wrong codes: none is read until then.
    locked_until: datetime | None = None
    #: A lead who has not been seen for days.
    is_idle: bool = False
    codes_left: int = 0


class ActKind(StrEnum):
    """What takes two people."""

    ROLES = "roles"
    ADMIT = "admit"
    THAW = "thaw"
    UNLOCK = "unlock"
    TOTP_RESET = "totp_reset"
    ACCOUNTS_OUT = "accounts_out"
    FARM_OUT = "farm_out"
    WITHDRAW = "withdraw"
    # For good: a case, an account, somebody outside, somebody who was a member.
    ERASE = "erase"
    ERASE_ACCOUNT = "erase_account"
    ERASE_PERSON = "erase_person"
    ERASE_MEMBER = "erase_member"


class ActState(StrEnum):
    """Where such an act stands."""

    WAITING = "waiting"
    ALLOWED = "allowed"
    REFUSED = "refused"
    VOID = "void"


@dataclass(frozen=True, kw_only=True, slots=True)
class PendingAct:
    """What somebody wants done, exactly; `seal` is what it rested on when it was asked for."""

    id: int
    newsroom_id: int
    kind: ActKind
    body: dict[str, Any]
    seal: str
    asked_by: int
    asked_at: datetime
    expires_at: datetime
    state: ActState
    decided_by: int | None
    decided_at: datetime | None
