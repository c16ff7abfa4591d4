"""Presses on buttons: who drew what is pressed, and each press that changes something used up with its effect."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import DoneElsewhere
from bot.model.sent_message import Drawn
from bot.services.stage import Stage
from bot.storage import sent_messages, spent_presses
from bot.storage.spent_presses import Spent
from bot.storage.store import Store


class Presses:
    """What the front desk asks and says of buttons that were pressed."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def drawn(self, newsroom_id: int, chat_id: int, message_id: int, said: str) -> Drawn:
        """Who drew the buttons of a message, and whether what was `said` had its effect already."""
        async with self._store.read() as conn:
            return await sent_messages.drawn(conn, newsroom_id, chat_id, message_id, said)

    def spend(self, stage: Stage, newsroom_id: int, drawn_by: int, said: str) -> None:
        """Use a press up in the transaction of its effect.

        When another process did so meanwhile, that transaction leaves nothing behind, and the update is looked at anew:
        then it is known to be used.
        """
        stage.stage(self._spend, Spent(newsroom_id=newsroom_id, drawn_by=drawn_by, said=said))

    async def _spend(self, conn: AsyncConnection, presses: Sequence[Spent]) -> None:
        if not await spent_presses.spend(conn, presses, self._clock()):
            raise DoneElsewhere
