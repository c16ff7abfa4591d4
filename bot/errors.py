"""What can go wrong, in two families.

KalkanError
├── Refusal            a person can fix it; shown to them in their language by its code
│   └── NotAllowed     the person's roles do not cover it; logged, answered as if the thing did not exist
├── Outage             something outside is down; tried again later, nothing is lost
│   ├── NoRoom         the disk has no room for files; they wait with Telegram until it has
│   └── QueueAway      the queue between receivers and cells does not answer
│       └── QueueFull  it does, and takes no more
├── DoneElsewhere      another process did it at the same moment; looked at again at once
├── UnreadableUpdate   Telegram sent what cannot be parsed; a dead letter at once
├── SettingsError      the operator's settings are wrong; one line at start, then exit
├── AlreadyServed      another process serves this data folder; one line that names it, then exit
└── Damaged            the database is not what was written: stop, and restore it

A Refusal carries a code and plain values, never prose: sentences are born in handlers/cards.
"""

from collections.abc import Mapping


class KalkanError(Exception):
    """Any error that Kalkan raises on purpose."""


class Refusal(KalkanError):
    """Something that the person can put right; `code` names the sentence, `values` fill it in."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.values: Mapping[str, str | int] = values


class NotAllowed(Refusal):
    """The member's roles do not allow this."""

    def __init__(self, right: str) -> None:
        super().__init__("not_allowed")
        self.right = right


class Outage(KalkanError):
    """Something outside is down for now; the work is kept and tried again."""


class DoneElsewhere(KalkanError):
    """Another process did this at the same moment: nothing of it is kept, and it is looked at anew."""


class UnreadableUpdate(KalkanError):
    """An update that can never be parsed: trying again would change nothing."""


class SettingsError(KalkanError):
    """A setting is missing or wrong; the message is one line that says which and what to write instead."""


class NoRoom(Outage):
    """The disk has no room left for files. Words are still taken."""


class QueueAway(Outage):
    """The broker does not answer; its argument is the kind of error, never an address."""


class QueueFull(QueueAway):
    """The broker answers, and does not keep what it was given."""


class AlreadyServed(KalkanError):
    """Another process serves this data folder or this database; the message names it."""


class Damaged(KalkanError):
    """The database holds what was never written to it; going on would be guessing."""

    def __init__(self) -> None:
        super().__init__(
            "the database is damaged, so nothing more is taken and what members send waits with Telegram: copy the"
            " data folder, look at it with `kalkan doctor`, and put the newest backup back with `kalkan restore`"
        )
