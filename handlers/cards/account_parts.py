"""What other features show on an account's card: each part is a function, and this list is where it is joined."""

from collections.abc import Awaitable, Callable, Sequence

from bot.i18n import Html
from bot.model.account_record import AccountRecord
from handlers.cards.card import Reader
from handlers.desk import FrontDesk

Part = Callable[[FrontDesk, Reader, AccountRecord], Awaitable[Sequence[Html]]]

#: Lines that stand between an account's record and its buttons, in this order: farms, takedowns.
PARTS: tuple[Part, ...] = ()


async def parts_of(desk: FrontDesk, reader: Reader, record: AccountRecord) -> list[Html]:
    """The lines of all parts."""
    return [line for part in PARTS for line in await part(desk, reader, record)]
