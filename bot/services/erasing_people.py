"""Erases somebody outside: the owner of a photo, whom a thread was with, a curator, somebody who was protected."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.services.custody import Custody
from bot.services.erasing import Erasure
from bot.services.knowledge import Knowledge
from bot.storage import person_erasing
from bot.storage.person_erasing import PersonRows


class PersonErasure:
    """Of one newsroom's archive. `who` names the person: a noun with a number ("outreach", "curator") or a row's id."""

    def __init__(self, clock: Clock, custody: Custody, erasure: Erasure, knowledge: Knowledge) -> None:
        self._clock = clock
        self._custody = custody
        self._erasure = erasure
        self._knowledge = knowledge

    async def rows(self, conn: AsyncConnection, newsroom_id: int, who: Mapping[str, Any]) -> PersonRows:
        """What there is of them; empty for nobody."""
        number = int(who["number"])
        match who["noun"]:
            case "outreach":
                return await person_erasing.rows_of_owner(conn, newsroom_id, number=number)
            case "owner":
                return await person_erasing.rows_of_owner(conn, newsroom_id, owner_id=number)
            case "curator":
                return await person_erasing.rows_of_curator(conn, newsroom_id, number)
            case _:
                return await person_erasing.rows_of_staff(conn, newsroom_id, number)

    async def apply(
        self, conn: AsyncConnection, newsroom_id: int, who: Mapping[str, Any], by: int | None, ground: str
    ) -> None:
        """Erase them within somebody's transaction; `soil` is called once that is committed."""
        rows = await self.rows(conn, newsroom_id, who)
        await person_erasing.erase(conn, rows, self._clock())
        await self._custody.erase_with(conn, newsroom_id, rows.subjects, by, ground)

    def soil(self) -> None:
        """It is committed: what is left of it between rows is to be overwritten."""
        self._knowledge.outdate()
        self._erasure.soil(person_erasing.TOUCHED)
