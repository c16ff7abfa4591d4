"""Access beyond roles: a second factor, and acts that wait for a second person."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

#: The one word that freezes a member's own access; people in need do not look for a slash.
PANIC_WORD: Final = re.compile(r"(?i)^\s*/?(?:panic|паника|дүрбөлөң)\s*[!.]*\s*$")


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
    #: A lead or an editor who has not been seen for days.
    is_idle: bool = False
    codes_left: int = 0


class ActKind(StrEnum):
    """What takes two people."""

    ROLES = "roles"
    ADMIT = "admit"
    #: The last security lead leaves.
    REMOVAL = "removal"
    #: An account, or a part of one, becomes that of a confirmed fake.
    MERGE = "merge"
    SPLIT = "split"
    #: A limit that guards what is kept is lowered.
    SETTING = "setting"
    #: People who are no members would read digests in a group.
    CHAT = "chat"
    THAW = "thaw"
    UNLOCK = "unlock"
    TOTP_RESET = "totp_reset"
    WAKE = "wake"
    ACCOUNTS_OUT = "accounts_out"
    FARM_OUT = "farm_out"
    THREATS_OUT = "threats_out"
    LEDGER_OUT = "ledger_out"
    WITHDRAW = "withdraw"
    WITHDRAW_MEMBER = "withdraw_member"
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
