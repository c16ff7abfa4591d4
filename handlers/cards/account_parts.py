"""What other features show on an account's card: each part is a function, and this list is where it is joined."""

from collections.abc import Awaitable, Callable, Sequence

from bot.i18n import Html
from bot.model.account_record import AccountRecord
from bot.model.rights import Right
from handlers.cards.card import Reader
from handlers.cards.deeds import deed_lines
from handlers.cards.farms import farm_line
from handlers.desk import FrontDesk

Part = Callable[[FrontDesk, Reader, AccountRecord], Awaitable[Sequence[Html]]]


async def _farm(desk: FrontDesk, reader: Reader, record: AccountRecord) -> Sequence[Html]:
    if not reader.member.may(Right.SEE_FARMS):
        return ()
    line = farm_line(await desk.farms.belongs(reader.member, record.account.id), reader)
    return () if line is None else (line,)


async def _deeds(desk: FrontDesk, reader: Reader, record: AccountRecord) -> Sequence[Html]:
    return await deed_lines(desk, reader, record.account)


#: Lines that stand between an account's record and its buttons, in this order.
PARTS: tuple[Part, ...] = (_farm, _deeds)


async def parts_of(desk: FrontDesk, reader: Reader, record: AccountRecord) -> list[Html]:
    """The lines of all parts."""
    return [line for part in PARTS for line in await part(desk, reader, record)]
