"""Orders of evidence: what they come to is said before it is made, when it is more than one record."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.codec import dump, load
from bot.model.evidence import EvidenceOrder, OrderPlan
from bot.model.ids import new_id
from bot.model.newsroom import Member
from bot.model.threat import ThreatQuery
from bot.services import notices
from bot.services.evidence_choice import choice_of
from bot.services.stage import Stage
from bot.services.threats import Threats
from bot.storage import dialogs, evidence, incidents, outbox, threat_queries
from bot.storage.store import Store

_ANSWER_WITHIN: Final = timedelta(hours=1)
_MOST_INCIDENTS: Final = 3


class EvidenceOrders:
    """Takes orders. Raises Refusal for a number that there is not, for nothing found, for more than is allowed."""

    def __init__(self, store: Store, clock: Clock, log: Threats) -> None:
        self._store = store
        self._clock = clock
        self._log = log

    async def plan(
        self, newsroom_id: int, order: EvidenceOrder, asked: Sequence[ThreatQuery] = (), member: Member | None = None
    ) -> OrderPlan:
        """What numbers and queries come to together, as numbers: what is made later is what was counted now."""
        await self._incidents_known(newsroom_id, asked)
        found = [number for query in asked for number in await self._log.numbers(newsroom_id, member, query)]
        whole = replace(order, threats=tuple(dict.fromkeys([*order.threats, *found])))
        if not whole.threats and not whole.cases:
            raise Refusal("export_nothing")
        async with self._store.read() as conn:
            chosen = await choice_of(conn, newsroom_id, whole)
            around = await evidence.incidents_around(conn, newsroom_id, chosen.threats)
        further = sorted(number for number, held in around.items() if not held <= set(whole.threats))
        return OrderPlan(order=whole, cases=len(chosen.cases), incidents=tuple(further[:_MOST_INCIDENTS]))

    async def kept_queries(self, newsroom_id: int) -> dict[str, str]:
        """The queries that members keep, by name, for the command line; a name that means several is left out."""
        async with self._store.read() as conn:
            every = await threat_queries.all_named(conn, newsroom_id)
        meant: dict[str, set[str]] = {}
        for query in every:
            meant.setdefault(query.name or "", set()).add(query.words)
        return {name: words.pop() for name, words in meant.items() if len(words) == 1}

    async def _incidents_known(self, newsroom_id: int, asked: Sequence[ThreatQuery]) -> None:
        async with self._store.read() as conn:
            for number in (number for query in asked for number in query.incidents):
                if await incidents.by_number(conn, newsroom_id, number) is None:
                    raise Refusal("export_unknown", label=f"I-{number}")

    async def take(self, stage: Stage, member: Member, plan: OrderPlan) -> None:
        """Have one record made at once; for more, say how many there are and wait for a press."""
        order_id = new_id()

        async def act(conn: AsyncConnection) -> None:
            await self._remember(conn, member, order_id, plan.order)
            if plan.records > 1:
                said = notices.reply(member, "export_ask", **_told(order_id, plan))
                await outbox.put(conn, [said], self._clock())
            else:
                await self._begin(conn, member, plan.order, _told(order_id, plan))

        stage.stage_once(act)

    async def go_on(self, stage: Stage, member: Member, order_id: int, message_id: int) -> None:
        """The press: exactly what was counted is made. Raises Refusal when the order is forgotten."""
        order = await self._remembered(member, order_id)

        async def act(conn: AsyncConnection) -> None:
            await dialogs.end(conn, member.id)
            said = notices.edited_reply(member, message_id, "export_begun")
            await outbox.put(conn, [said, _ordered(member, order)], self._clock())

        stage.stage_once(act)

    async def with_incident(self, stage: Stage, member: Member, order_id: int, number: int, message_id: int) -> None:
        """The other press: the same with all records of an incident; it is said anew how many that makes."""
        order = await self._remembered(member, order_id)
        plan = await self.plan(member.newsroom_id, order, [ThreatQuery(incidents=(number,))], member)
        fresh = new_id()

        async def act(conn: AsyncConnection) -> None:
            await self._remember(conn, member, fresh, plan.order)
            said = notices.edited_reply(member, message_id, "export_ask", **_told(fresh, plan))
            await outbox.put(conn, [said], self._clock())

        stage.stage_once(act)

    async def _begin(self, conn: AsyncConnection, member: Member, order: EvidenceOrder, told: dict[str, Any]) -> None:
        said = notices.reply(member, "export_begun", **told)
        await outbox.put(conn, [said, _ordered(member, order)], self._clock())

    async def _remember(self, conn: AsyncConnection, member: Member, order_id: int, order: EvidenceOrder) -> None:
        body = {"id": order_id, "order": dump(order)}
        await dialogs.ask(conn, member.newsroom_id, member.id, "export", body, self._clock() + _ANSWER_WITHIN)

    async def _remembered(self, member: Member, order_id: int) -> EvidenceOrder:
        async with self._store.read() as conn:
            dialog = await dialogs.of_member(conn, member.id, self._clock())
        if dialog is None or dialog.kind != "export" or dialog.body["id"] != order_id:
            raise Refusal("export_forgotten")
        return load(EvidenceOrder, dialog.body["order"])


def _told(order_id: int, plan: OrderPlan) -> dict[str, Any]:
    return {
        "id": order_id,
        "threats": len(plan.order.threats),
        "cases": len(plan.order.cases),
        "all_cases": plan.cases,
        "incidents": list(plan.incidents),
    }


def _ordered(member: Member, order: EvidenceOrder) -> Any:
    return notices.evidence(member, dump(order), secrets.token_hex(16))
