"""Replies about the house itself: what could not be handled or sent, and what is missing for its safety."""

from handlers.cards.card import Card, Reader
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk


async def _buried(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return Card(
        text=reader.t.gettext(
            "Something you sent could not be handled. It is kept, and an administrator can have it tried again. You "
            "need not do anything."
        )
    )


async def _buried_admin(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    count = int(v["count"])
    return Card(
        text=reader.t.ngettext(
            "{count} update could not be handled. It is kept: /deadletters shows it and can have it tried again.",
            "{count} updates could not be handled. They are kept: /deadletters shows them and can have them tried "
            "again.",
            count,
            count=count,
        )
    )


async def _unsent_admin(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    count = int(v["count"])
    return Card(
        text=reader.t.ngettext(
            "{count} message could not be delivered: Telegram refused it, or it cannot be shown. The server's log "
            "names the reason.",
            "{count} messages could not be delivered: Telegram refused them, or they cannot be shown. The server's "
            "log names the reasons.",
            count,
            count=count,
        )
    )


async def _no_backups(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return Card(
        text=reader.t.gettext(
            "No backups are made: when the server's disk dies or is taken, everything is lost. Whoever runs the server "
            "finds the few steps in docs/operations.md, “Back up”."
        )
    )


HOUSE_REPLIES: dict[str, Render] = {
    "buried": _buried,
    "buried_admin": _buried_admin,
    "unsent_admin": _unsent_admin,
    "no_backups": _no_backups,
}
