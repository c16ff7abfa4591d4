"""The note that members post under a fake's comment: what it says, who took it, and whether it had to be corrected."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.account import Account
from bot.model.takedown import Facts

#: The languages of a note.
LABEL_LANGUAGES = ("ru", "ky", "en")


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicLabel:
    """A note that a member took, word for word; `corrected_at` once the account was cleared."""

    id: int
    number: int
    account_id: int
    language: str
    text: str
    member_id: int
    taker: str
    taken_at: datetime
    corrected_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelGround:
    """What a note may stand on: a confirmed account, when two people had confirmed it, and what is known."""

    account: Account
    confirmed_at: datetime | None
    facts: Facts
    taken: tuple[PublicLabel, ...] = ()
