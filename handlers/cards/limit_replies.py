"""What a member reads when they ask for too much at once."""

from handlers.cards.card import Card, Reader
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk


async def _too_often(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    text = reader.t.gettext("That was too much at once. Please try again in {seconds} s.", seconds=v["seconds"])
    return Card(text=text)


async def _slowed(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    text = reader.t.gettext(
        "That is a lot at once: everything is kept and is being read, at the latest within {minutes} min. Threats are "
        "reported as soon as they are read. Commands work as usual.",
        minutes=v["minutes"],
    )
    return Card(text=text)


LIMIT_REPLIES: dict[str, Render] = {"too_often": _too_often, "slowed": _slowed}
