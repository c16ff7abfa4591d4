"""Social-media accounts on the newsroom's list, and the photos they use."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AccountStatus(StrEnum):
    """`suspected` until two people confirm; `cleared` recalls; `gone` was removed by its platform."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    CLEARED = "cleared"
    GONE = "gone"


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A social-media account that somebody listed, with who listed it, when and why."""

    id: int
    platform: str
    handle: str | None
    numeric_id: str | None
    names: tuple[str, ...]
    status: AccountStatus
    farm: str | None
    reason: str | None
    source: str
    batch: str | None
    listed_by: str
    listed_at: datetime
    photos: tuple[str, ...]
    confirmations: tuple[int, ...]
    #: Another account of the list that this one is.
    merged_into: int | None = None
    #: Taken off the list with all that its reporter alone filed.
    is_withdrawn: bool = False
    #: Accounts that this one takes in: their ids, and how they are called.
    others: tuple[tuple[int, str], ...] = ()

    @property
    def is_shown(self) -> bool:
        """Whether it stands on the list in its own right."""
        return self.merged_into is None and not self.is_withdrawn

    def is_waiting(self, confirmations: int) -> bool:
        """Whether so many people confirmed it, and something is still missing."""
        return self.status is AccountStatus.SUSPECTED and len(self.confirmations) >= confirmations

    @property
    def label(self) -> str:
        """How the account is called on cards: platform and handle, else id, else name."""
        return account_label(self.platform, self.handle, self.numeric_id, self.names)


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountEntry:
    """What an import or /fake says of one account."""

    platform: str
    handle: str | None = None
    numeric_id: str | None = None
    names: tuple[str, ...] = ()
    farm: str | None = None
    reason: str | None = None
    source: str = ""
    photos: tuple[str, ...] = ()


def account_label(platform: str, handle: str | None, numeric_id: str | None, names: tuple[str, ...]) -> str:
    """How an account is called on cards and in exports."""
    return f"{platform}:{handle or numeric_id or (names[0] if names else '?')}"


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountPage:
    """One page of an answer to a search of the list."""

    accounts: tuple[Account, ...]
    total: int
    page: int
    words: str
