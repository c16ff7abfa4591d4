"""The threat log and the takedown ledger as files: records with people's names leave the house when two allow it.

Both are asked for by a query that the member asked before. A picture of the threat log is a card in the chat, which can
be neither saved nor forwarded: it takes one person.
"""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.access import ActKind, PendingAct
from bot.model.newsroom import Member
from bot.model.rights import Right
from bot.model.threat import SavedQuery
from bot.services import notices
from bot.services.stage import Stage
from bot.services.two_people import Doing, TwoPeople
from bot.storage import history, outbox, threat_queries
from bot.storage.store import Store


class RecordExports:
    """Of every newsroom in the store."""

    def __init__(self, store: Store, clock: Clock, acts: TwoPeople) -> None:
        self._store = store
        self._clock = clock
        self._acts = acts
        threats = Doing(right=Right.MANAGE_THREATS, state=self._state, perform=self._threats_allowed)
        ledger = Doing(right=Right.TAKEDOWNS, state=self._state, perform=self._ledger_allowed)
        acts.register(ActKind.THREATS_OUT, threats)
        acts.register(ActKind.LEDGER_OUT, ledger)

    def threats(self, stage: Stage, member: Member, query: SavedQuery, form: str) -> None:
        """Ask for all that answers a query of the threat log: "picture" comes at once, "csv" and "xlsx" take two."""
        if form != "picture":
            self._acts.request(stage, member, ActKind.THREATS_OUT, _body(query, form))
            return

        async def act(conn: AsyncConnection) -> None:
            await self._threats_out(conn, member, _body(query, form))

        stage.stage_once(act)

    def ledger(self, stage: Stage, member: Member, query: SavedQuery, form: str) -> None:
        """Ask for all that answers a query of the takedown ledger, "csv" or "xlsx": it takes two."""
        self._acts.request(stage, member, ActKind.LEDGER_OUT, _body(query, form))

    async def _state(self, conn: AsyncConnection, newsroom_id: int, body: dict[str, Any]) -> Any:
        # What answers it goes on changing while it waits: what was asked for are these words, in this form.
        query = await threat_queries.get(conn, newsroom_id, int(body["query"]))
        return [body["form"], query.words] if query is not None else None

    async def _threats_allowed(self, conn: AsyncConnection, act: PendingAct, first: Member, _: Member | None) -> None:
        await self._threats_out(conn, first, act.body)

    async def _threats_out(self, conn: AsyncConnection, member: Member, body: dict[str, Any]) -> None:
        form = str(body["form"])
        await self._note(conn, member, "threats_out", body)
        await outbox.put(conn, [notices.table(member, int(body["query"]), form)], self._clock())

    async def _ledger_allowed(self, conn: AsyncConnection, act: PendingAct, first: Member, _: Member | None) -> None:
        await self._note(conn, first, "takedowns_out", act.body)
        said = notices.takedown_file(first, int(act.body["query"]), str(act.body["form"]))
        await outbox.put(conn, [said], self._clock())

    async def _note(self, conn: AsyncConnection, member: Member, event: str, body: dict[str, Any]) -> None:
        subject, told = ("newsroom", member.newsroom_id), {"form": body["form"], "words": body["words"]}
        await history.note_export(conn, member.newsroom_id, member.id, subject, event, self._clock(), **told)


def _body(query: SavedQuery, form: str) -> dict[str, Any]:
    return {"query": query.id, "form": form, "words": query.words}
