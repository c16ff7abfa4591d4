"""What people do with a report to a platform, step by step; each step is a line of its history."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.account import AccountStatus
from bot.model.newsroom import Member
from bot.model.outbox import Outgoing
from bot.model.takedown import OUTCOMES, Takedown, TakedownChannel, TakedownStatus, Why, may_become
from bot.services import notices
from bot.services.knowledge import Knowledge
from bot.services.stage import Stage
from bot.services.takedowns import RECHECK, Takedowns
from bot.storage import accounts, dialogs, history, outbox, takedowns

#: Days that a press may set.
RECHECKS: Final = (1, 3, 7, 14, 30)
#: What a member may be asked to write: the longest answer of each.
QUESTIONS: Final = {"ticket": 100, "answer": 4000, "note": 2000}

_ANSWER_WITHIN = timedelta(minutes=15)


class TakedownSteps:
    """Moves reports on. Raises Refusal for an unknown report or a value that there is not."""

    def __init__(self, clock: Clock, knowledge: Knowledge, ledger: Takedowns) -> None:
        self._clock = clock
        self._knowledge = knowledge
        self._ledger = ledger

    async def move(self, stage: Stage, member: Member, takedown_id: int, status: str, message_id: int) -> None:
        """Where a report stands now. Raises Refusal for a status that there is not."""
        if status not in {each.value for each in TakedownStatus}:
            raise Refusal("button_not_yours")
        after = TakedownStatus(status)
        await self._ledger.view(member, takedown_id)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            found = await takedowns.get(conn, member.newsroom_id, takedown_id)
            if found is not None and may_become(found.status, after):
                values = _times(found, after, now)
                if await takedowns.move(conn, member.newsroom_id, [found.id], after, [found.status], **values):
                    told = {"before": found.status.value, "status": status}
                    await self._note(conn, member, takedown_id, "takedown_status", told)
            await outbox.put(conn, [_shown(member, takedown_id, message_id)], now)

        stage.stage_once(act)

    async def set_channel(self, stage: Stage, member: Member, takedown_id: int, channel: str, message_id: int) -> None:
        """By which way it was reported. Raises Refusal."""
        if channel not in {each.value for each in TakedownChannel}:
            raise Refusal("button_not_yours")
        await self._change(stage, member, takedown_id, message_id, "takedown_channel", {"channel": channel})

    async def toggle_why(self, stage: Stage, member: Member, takedown_id: int, code: str, message_id: int) -> None:
        """What is fake about it, or is not after all. Raises Refusal."""
        if code not in {each.value for each in Why}:
            raise Refusal("button_not_yours")
        known = (await self._ledger.view(member, takedown_id)).takedown.why
        kept = [each for each in known if each != code] + ([code] if code not in known else [])

        async def act(conn: AsyncConnection) -> None:
            await takedowns.change(conn, member.newsroom_id, takedown_id, why=kept)
            await self._note(conn, member, takedown_id, "takedown_why", {"why": ",".join(kept)})
            said = notices.edited_reply(member, message_id, "takedown_menu", takedown=takedown_id, menu="why")
            await outbox.put(conn, [said], self._clock())

        stage.stage_once(act)

    async def set_recheck(self, stage: Stage, member: Member, takedown_id: int, days: int, message_id: int) -> None:
        """In how many days somebody is to look again; 0 for never. Raises Refusal."""
        if days not in (0, *RECHECKS):
            raise Refusal("button_not_yours")
        at = self._clock() + timedelta(days=days) if days else None
        told = {"until": at.isoformat() if at is not None else ""}
        values = {"recheck_at": at, "remind_at": at}
        await self._change(stage, member, takedown_id, message_id, "takedown_recheck", told, values)

    async def ask_for(self, stage: Stage, member: Member, takedown_id: int, what: str) -> None:
        """Ask for a ticket, an answer or a note; the member's next message is that. Raises Refusal."""
        if what not in QUESTIONS:
            raise Refusal("button_not_yours")
        found = (await self._ledger.view(member, takedown_id)).takedown

        async def act(conn: AsyncConnection) -> None:
            now, body = self._clock(), {"takedown": takedown_id, "what": what}
            await dialogs.ask(conn, member.newsroom_id, member.id, "takedown_words", body, now + _ANSWER_WITHIN)
            asked = notices.reply(member, "ask_takedown_words", label=found.label, what=what)
            await outbox.put(conn, [asked], now)

        stage.stage_once(act)

    async def tell(self, stage: Stage, member: Member, takedown_id: int, what: str, text: str) -> None:
        """What was asked for. An answer of the platform opens nothing and closes nothing: people decide the outcome."""
        found = (await self._ledger.view(member, takedown_id)).takedown
        words = text.strip()[: QUESTIONS.get(what, 100)]
        if not words or what not in QUESTIONS:
            raise Refusal("note_empty")
        words = " ".join(words.split()) if what == "ticket" else words

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await dialogs.end(conn, member.id)
            values: dict[str, Any] = {what: words}
            if what == "answer":
                values["answered_at"] = now
                if found.status is TakedownStatus.SENT:
                    await takedowns.move(
                        conn, member.newsroom_id, [takedown_id], TakedownStatus.ANSWERED, [TakedownStatus.SENT]
                    )
            if what == "note" and found.note:
                values["note"] = f"{found.note}\n{words}"[-4000:]
            await takedowns.change(conn, member.newsroom_id, takedown_id, **values)
            await self._note(conn, member, takedown_id, "takedown_told", {"what": what, "text": words[:500]})
            await outbox.put(conn, [notices.reply(member, "takedown", takedown=takedown_id)], now)

        stage.stage_once(act)

    async def set_gone(self, stage: Stage, member: Member, takedown_id: int, message_id: int) -> None:
        """The platform removed the account: its status says so from now on, with the report as reason.

        Raises Refusal when the report is of a post, or did not end with a removal.
        """
        found = (await self._ledger.view(member, takedown_id)).takedown
        if found.account_id is None or found.kind != "account" or found.status is not TakedownStatus.REMOVED:
            raise Refusal("takedown_not_removed")
        account_id = found.account_id

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            before = (AccountStatus.SUSPECTED, AccountStatus.CONFIRMED)
            if await accounts.set_status(conn, account_id, AccountStatus.GONE, before, now):
                reason = f"{found.label} {found.channel}"
                subject = ("account", account_id)
                await history.note(conn, member.newsroom_id, member.id, subject, "gone", now, reason=reason)
            await outbox.put(conn, [_shown(member, takedown_id, message_id)], now)

        stage.stage_once(act)
        self._knowledge.outdate()

    async def _change(
        self,
        stage: Stage,
        member: Member,
        takedown_id: int,
        message_id: int,
        event: str,
        told: Mapping[str, str],
        values: Mapping[str, Any] | None = None,
    ) -> None:
        await self._ledger.view(member, takedown_id)

        async def act(conn: AsyncConnection) -> None:
            await takedowns.change(conn, member.newsroom_id, takedown_id, **(values or told))
            await self._note(conn, member, takedown_id, event, told)
            await outbox.put(conn, [_shown(member, takedown_id, message_id)], self._clock())

        stage.stage_once(act)

    async def _note(
        self, conn: AsyncConnection, member: Member, takedown_id: int, event: str, told: Mapping[str, str]
    ) -> None:
        subject = ("takedown", takedown_id)
        await history.note(conn, member.newsroom_id, member.id, subject, event, self._clock(), **told)


def _shown(member: Member, takedown_id: int, message_id: int) -> Outgoing:
    return notices.edited_reply(member, message_id, "takedown", takedown=takedown_id)


def _times(found: Takedown, after: TakedownStatus, now: datetime) -> dict[str, Any]:
    """What a new status does to the times: an end ends the waiting, a way back opens it again."""
    if after is TakedownStatus.WITHDRAWN:
        return {"remind_at": None, "recheck_at": None}
    if after in OUTCOMES:
        return {"closed_at": now, "recheck_at": None, "remind_at": None}
    values: dict[str, Any] = {"closed_at": None}
    if found.sent_at is None and found.status in (TakedownStatus.DRAFT, TakedownStatus.WITHDRAWN):
        values["sent_at"] = now
    if after is TakedownStatus.ANSWERED:
        values["answered_at"] = found.answered_at or now
    if found.recheck_at is None:
        values |= {"recheck_at": now + RECHECK, "remind_at": now + RECHECK}
    return values
