"""The order that asked for a code, and goes on by itself after a right one.

What is kept is not what was to be done, but which update asked for it: after a right code that update is handled from
its beginning, so that who its sender is by then, whether the house is open and what they may, is asked anew. It waits
as its sender's one open question: another question, /panic, a lockdown, a lost membership or five minutes end it, and
the transaction that takes the code takes the question with it.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.newsroom import Member
from bot.storage import dialogs, inbox

#: How long an order waits for its code; later it is given anew.
WAITS: Final = timedelta(minutes=5)
_QUESTION: Final = "step_up"


async def keep(conn: AsyncConnection, member: Member, update_id: int, now: datetime) -> None:
    """Let a member's order wait, in the transaction that ends its update; an earlier one is dropped."""
    row = await inbox.in_hand(conn, member.newsroom_id, update_id)
    if row is not None:
        await dialogs.ask(conn, member.newsroom_id, member.id, _QUESTION, {"update": row}, now + WAITS)


async def go_on(conn: AsyncConnection, member: Member, now: datetime) -> bool:
    """Give the order that waits back to the inbox, in the transaction that takes the code; False when none waits."""
    asked = await dialogs.of_member(conn, member.id, now)
    if asked is None or asked.kind != _QUESTION or not await dialogs.end(conn, member.id):
        return False
    return await inbox.once_more(conn, member.newsroom_id, int(asked.body["update"]), now)
