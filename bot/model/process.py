"""What a process of the bot does: everything, or one part of it beside others that share its database."""

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
