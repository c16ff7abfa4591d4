"""What people do with a record of the threat log, step by step; each step is a line of its history."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.newsroom import Member, MemberStatus
from bot.model.outbox import Outgoing
from bot.model.rights import Right
from bot.model.threat import ANSWERS, GRAVEST, QUESTIONS, STEPS, Category, Channel, Measure, Status, ThreatLine
from bot.services import notices
from bot.services.alarm_raising import Growth, ring
from bot.services.case_threats import word_of
from bot.services.stage import Stage
from bot.services.threats import Threats
from bot.storage import dialogs, history, incidents, members, outbox, staff, texts, threat_queries, threats
from bot.storage.store import Store
from bot.storage.threats import Recorded

_ANSWER_WITHIN = timedelta(minutes=15)
_LONGEST_NOTE = 2000
_LONGEST_NAME = 40


class ThreatSteps:
    """Moves records on. Raises Refusal for an unknown record or a value that there is not."""

    def __init__(self, store: Store, clock: Clock, log: Threats) -> None:
        self._store = store
        self._clock = clock
        self._log = log

    async def set_status(self, stage: Stage, member: Member, threat_id: int, status: str) -> None:
        """Where it stands now; its reporter hears of it."""
        if status not in {step.value for step in STEPS}:
            raise Refusal("status_unknown")
        view = await self._log.view(member, threat_id)

        async def act(conn: AsyncConnection) -> None:
            await self._change(conn, member, view.line, "status", {"status": status}, status=status)
            if Status(status) is not view.line.status:
                await self._tell_status(conn, member, view.line, status)

        stage.stage_once(act)

    async def assign(self, stage: Stage, member: Member, threat_id: int, assignee_id: int | None) -> None:
        """Who sees to it, or nobody; whoever it is hears of it."""
        view = await self._log.view(member, threat_id)
        async with self._store.read() as conn:
            who = await members.get(conn, member.newsroom_id, assignee_id) if assignee_id is not None else None
        if assignee_id is not None and (who is None or not _can_see_to_it(who)):
            raise Refusal("assignee_unknown")

        async def act(conn: AsyncConnection) -> None:
            told = {"who": who.name if who is not None else ""}
            await self._change(conn, member, view.line, "assigned", told, assignee_id=assignee_id)
            if who is not None and who.id != member.id:
                said = notices.reply(who, "threat_assigned", threat=threat_id, label=view.line.label, who=member.name)
                await outbox.put(conn, [said], self._clock())

        stage.stage_once(act)

    async def candidates(self, member: Member) -> list[Member]:
        """Who can see to a record."""
        async with self._store.read() as conn:
            people = await members.all_of(conn, member.newsroom_id, MemberStatus.ACTIVE)
        return [each for each in people if _can_see_to_it(each)]

    async def named(self, member: Member, part: str) -> int:
        """The member of whom a part of the name is given, or "me". Raises Refusal when it is nobody, or several."""
        people = await self.candidates(member)
        if part.casefold() in ("me", "я", "мен", "мне", "мага"):
            return member.id
        found = [each.id for each in people if part.casefold() in each.name.casefold()]
        if len(found) != 1:
            raise Refusal("assignee_unknown")
        return found[0]

    async def note(self, stage: Stage, member: Member, threat_id: int, text: str) -> None:
        """A note: kept as it was written, and found by free words. Raises Refusal when it is empty."""
        words = text.strip()[:_LONGEST_NOTE]
        if not words:
            raise Refusal("note_empty")
        view = await self._log.view(member, threat_id)

        async def act(conn: AsyncConnection) -> None:
            await dialogs.end(conn, member.id)
            await self._change(conn, member, view.line, "note", {"text": words})
            await threats.add_searched(conn, member.newsroom_id, threat_id, words)
            await outbox.put(conn, [notices.reply(member, "threat", threat=threat_id)], self._clock())

        stage.stage_once(act)

    async def ask_note(self, stage: Stage, member: Member, threat_id: int) -> None:
        """Ask for a note; the member's next message is the answer."""
        view = await self._log.view(member, threat_id)
        asked = notices.reply(member, "ask_note", threat=threat_id, label=view.line.label)
        self._ask(stage, member, "note", {"threat": threat_id}, asked)

    async def ask_place(self, stage: Stage, member: Member, threat_id: int) -> None:
        """Ask for the place; the member's next message is the answer."""
        line = await self._log.outline(member, threat_id)
        asked = notices.reply(member, "ask_place", threat=threat_id, label=line.label)
        self._ask(stage, member, "place", {"threat": threat_id}, asked)

    def _ask(self, stage: Stage, member: Member, kind: str, body: dict[str, int], asked: Outgoing) -> None:
        async def act(conn: AsyncConnection) -> None:
            until = self._clock() + _ANSWER_WITHIN
            await dialogs.ask(conn, member.newsroom_id, member.id, kind, dict(body), until)
            await outbox.put(conn, [asked], self._clock())

        stage.stage_once(act)

    async def set_place(self, stage: Stage, member: Member, threat_id: int, text: str) -> None:
        """Where it happened, or where the target is threatened, in words."""
        await self._log.outline(member, threat_id)
        spot = " ".join(text.split())[:200]

        async def act(conn: AsyncConnection) -> None:
            await dialogs.end(conn, member.id)
            await threats.change(conn, member.newsroom_id, threat_id, spot=spot)
            await threats.add_searched(conn, member.newsroom_id, threat_id, spot)
            await self._note(conn, member, threat_id, "told", {"place": spot})
            await outbox.put(conn, [notices.reply(member, "threat_questions", threat=threat_id, step=3)], self._clock())

        stage.stage_once(act)

    async def offer(self, stage: Stage, member: Member, threat_id: int, measure: str) -> None:
        """A measure was offered, or was not after all."""
        if measure not in {each.value for each in Measure}:
            raise Refusal("button_not_yours")
        view = await self._log.view(member, threat_id)
        offered = [each for each in view.measures if each != measure]
        is_new = measure not in view.measures

        async def act(conn: AsyncConnection) -> None:
            kept = [*offered, measure] if is_new else offered
            event = "offered" if is_new else "offer_back"
            await self._change(conn, member, view.line, event, {"measure": measure}, measures=kept)

        stage.stage_once(act)

    async def answer(self, stage: Stage, member: Member, threat_id: int, question: str, answer: str) -> None:
        """An answer of the guided form, kept as it is given; a later one takes its place, both stay in the history."""
        if question not in QUESTIONS or answer not in ANSWERS:
            raise Refusal("button_not_yours")
        view = await self._log.view(member, threat_id)

        async def act(conn: AsyncConnection) -> None:
            told = {"question": question, "answer": answer}
            kept = {**view.triage, question: answer}
            await self._change(conn, member, view.line, "triage", told, triage=kept)

        stage.stage_once(act)

    async def set_severity(self, stage: Stage, member: Member, threat_id: int, severity: int) -> None:
        """How grave it is, as a person says; what the machine said stays in the history."""
        if not 1 <= severity <= GRAVEST:
            raise Refusal("button_not_yours")
        view = await self._log.view(member, threat_id)

        async def act(conn: AsyncConnection) -> None:
            told = {"before": view.line.severity, "severity": severity}
            await self._change(conn, member, view.line, "severity", told, severity=severity)

        stage.stage_once(act)

    async def tell(self, stage: Stage, member: Member, threat_id: int, field: str, value: str) -> None:
        """What a person adds to a record: `who` (a staff id), `channel`, `platform`, or `category`."""

        async def act(conn: AsyncConnection) -> None:
            await self._tell(conn, member, threat_id, field, value)

        if field == "channel" and value not in {each.value for each in Channel}:
            raise Refusal("button_not_yours")
        if field == "category" and value not in {each.value for each in Category}:
            raise Refusal("button_not_yours")
        # The button may be older than what keeps the record from this member.
        await self._log.outline(member, threat_id)
        stage.stage_once(act)

    async def _tell(self, conn: AsyncConnection, member: Member, threat_id: int, field: str, value: str) -> None:
        if await threats.recorded(conn, member.newsroom_id, threat_id) is None:
            return
        told = {field: value}
        if field == "who":
            person = next((p for p in await staff.all_of(conn, member.newsroom_id) if f"{p.id:x}" == value), None)
            if person is None:
                return
            told = {"who": person.name}
            await threats.add_targets(conn, member.newsroom_id, threat_id, [(person.id, person.name)], word_of(member))
        else:
            await threats.change(conn, member.newsroom_id, threat_id, **{field: value})
        await self._note(conn, member, threat_id, "told", told)

    async def urge(self, stage: Stage, member: Member, threat_id: int) -> None:
        """A person says that it cannot wait: whoever is on duty is called at once."""
        await self._log.outline(member, threat_id)

        async def act(conn: AsyncConnection) -> None:
            now, newsroom_id = self._clock(), member.newsroom_id
            await texts.lock(conn, newsroom_id)
            record = await threats.recorded(conn, newsroom_id, threat_id)
            incident = (
                await incidents.by_id(conn, newsroom_id, record.incident_id) if record and record.incident_id else None
            )
            if record is None:
                return
            if incident is None:
                incident = await incidents.add(conn, newsroom_id, (), (), now)
                await threats.change(conn, newsroom_id, threat_id, incident_id=incident.id)
            await threats.change(conn, newsroom_id, threat_id, imminent=True)
            await self._note(conn, member, threat_id, "urgent", {})
            urgent = Recorded(
                id=record.id,
                number=record.number,
                incident_id=incident.id,
                severity=record.severity,
                imminent=True,
            )
            growth = Growth(incident=incident, records=0, times=0, gravest=urgent, is_news=not record.imminent)
            await ring(conn, newsroom_id, growth, now)

        stage.stage_once(act)

    async def keep_query(self, stage: Stage, member: Member, query_id: int, name: str) -> None:
        """Keep a query under a name. Raises Refusal when it is forgotten, or there is no name."""
        query = await self._log.query(member, query_id)
        short = " ".join(name.split())[:_LONGEST_NAME]
        if not short:
            raise Refusal("name_missing")

        async def act(conn: AsyncConnection) -> None:
            await dialogs.end(conn, member.id)
            await threat_queries.keep(conn, member.newsroom_id, query, short, self._clock())
            await outbox.put(conn, [notices.reply(member, "query_kept", name=short)], self._clock())

        stage.stage_once(act)

    async def forget_query(self, stage: Stage, member: Member, query_id: int, message_id: int) -> None:
        """Forget a query that was kept."""
        query = await self._log.query(member, query_id)

        async def act(conn: AsyncConnection) -> None:
            if query.name is not None:
                await threat_queries.forget(conn, member.newsroom_id, member.id, query.name)
            await outbox.put(conn, [notices.edited_reply(member, message_id, "queries")], self._clock())

        stage.stage_once(act)

    async def ask_query_name(self, stage: Stage, member: Member, query_id: int) -> None:
        """Ask under which name a query is to be kept."""
        await self._log.query(member, query_id)
        self._ask(stage, member, "query", {"query": query_id}, notices.reply(member, "ask_query"))

    async def _change(
        self,
        conn: AsyncConnection,
        member: Member,
        line: ThreatLine,
        event: str,
        told: Mapping[str, Any],
        **values: object,
    ) -> None:
        if values:
            await threats.change(conn, member.newsroom_id, line.id, **values)
        await self._note(conn, member, line.id, event, told)

    async def _note(
        self, conn: AsyncConnection, member: Member, threat_id: int, event: str, told: Mapping[str, Any]
    ) -> None:
        await history.note(conn, member.newsroom_id, member.id, ("threat", threat_id), event, self._clock(), **told)

    async def _tell_status(self, conn: AsyncConnection, member: Member, line: ThreatLine, status: str) -> None:
        if line.reporter_id is None or line.reporter_id == member.id:
            return
        reporter = await members.get(conn, member.newsroom_id, line.reporter_id)
        if reporter is not None and reporter.may(Right.OWN_THREATS):
            told = {"threat": line.id, "label": line.label, "who": member.name, "status": status}
            await outbox.put(conn, [notices.reply(reporter, "threat_status", **told)], self._clock())


def _can_see_to_it(member: Member) -> bool:
    return member.may(Right.SEE_THREATS)
