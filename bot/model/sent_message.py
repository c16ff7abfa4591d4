"""What stands in a chat: messages that Telegram took of an outbox row, and who drew the buttons of one."""

from dataclasses import dataclass, field

#: Telegram deletes nothing that a bot sent longer ago (documentation of deleteMessage).
TELEGRAM_HOURS = 48
#: The latest that a sensitive message may be planned to go: an hour is left for what comes between.
MOST_SWEEP_HOURS = 47
#: Messages of one request to delete (documentation of deleteMessages).
DELETED_AT_ONCE = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Stays:
    """How many hours messages stay that go: what stands in members' own chats, and in groups (0: for good)."""

    own: float = MOST_SWEEP_HOURS
    groups: float = 0


@dataclass(kw_only=True, slots=True)
class Posted:
    """What became of an outbox row: messages that are new, whose buttons are new, and that are there no more."""

    new: list[int] = field(default_factory=list)
    redrawn: list[int] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """Who drew the buttons of a message, by the numbers of outbox rows.

    `now` is what the message shows as far as it is known, `before` what it showed until then; `under_way` are rows
    that Telegram may have shown already without our knowing yet. In those of `spent` the press in question had its
    effect.
    """

    now: int | None = None
    before: int | None = None
    under_way: tuple[int, ...] = ()
    spent: frozenset[int] = frozenset()
