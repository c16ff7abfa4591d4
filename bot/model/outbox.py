"""What waits to be said: an outbox row names a card and its recipient; the text is rendered when it is sent."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any


class Priority(IntEnum):
    """Lower goes first."""

    ALARM = 0
    ANSWER = 1
    CARD = 2
    DIGEST = 3
    #: What has its time until tomorrow: messages that are taken away.
    SWEEP = 4


class Kind(StrEnum):
    """What an outbox row asks the sender to do."""

    SUBMISSION = "submission"
    REPLY = "reply"
    ANSWER = "answer"
    REACTION = "reaction"
    MENU = "menu"
    CLEAR_MENU = "clear_menu"
    PHOTOS = "photos"
    DIFFERENCE = "difference"
    PHOTO_PAIR = "photo_pair"
    CHECKPOINT = "checkpoint"
    EVIDENCE = "evidence"
    ALARM = "alarm"
    TABLE = "table"
    FARM = "farm"
    SPIKE = "spike"
    QUIET = "quiet"
    DIGEST = "digest"
    DELETE = "delete"


#: What Telegram does not count as a message to the chat.
UNPACED = frozenset({Kind.ANSWER, Kind.REACTION, Kind.MENU, Kind.CLEAR_MENU, Kind.DELETE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Outgoing:
    """One message to be sent, or edited, or pressed away.

    `key` joins repeated requests for the same thing while the first still waits; `body` holds codes and numbers.
    """

    kind: Kind
    chat_id: int
    newsroom_id: int
    priority: Priority = Priority.CARD
    member_id: int | None = None
    key: str | None = None
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def case(self) -> int | None:
        """The submission of which it speaks, where its row says so."""
        values = self.body.get("values")
        found = self.body.get("submission") or (values.get("submission") if isinstance(values, dict) else None)
        return int(found) if isinstance(found, int | str) and str(found).isdecimal() else None

    @property
    def is_alarm(self) -> bool:
        """Whether it rings: nothing but another alarm may be waited for."""
        return self.priority is Priority.ALARM


@dataclass(frozen=True, kw_only=True, slots=True)
class Reserved:
    """Chats that are being written to, and chats that may be given only what does not count as a message.

    An alarm waits for alarms alone: of these chats, those that one is on its way to, and those that one just reached.
    """

    busy: Collection[int]
    paced: Collection[int]
    ringing: Collection[int] = ()
    rung: Collection[int] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """An outbox row that the sender has taken.

    A new card shows a case to its reporter for the first time: doing it twice shows it twice.
    """

    id: int
    outgoing: Outgoing
    tries: int
    created_at: datetime
    is_new_card: bool = False
