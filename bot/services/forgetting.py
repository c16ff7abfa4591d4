"""Erasing a case takes two people: one asks and names the ground, another one agrees within a day."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import NotAllowed, Refusal
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Right
from bot.services import notices
from bot.services.erasing import Erasure
from bot.services.stage import After, Run, Stage
from bot.storage import cases, history, members, outbox
from bot.storage.store import Store

_WAITS: Final = timedelta(hours=24)
_LONGEST: Final = 300
_ASKED: Final = "erasure_asked"


class Forgetting:
    """At one newsroom's desk."""

    def __init__(self, store: Store, clock: Clock, erasure: Erasure) -> None:
        self._store = store
        self._clock = clock
        self._erasure = erasure

    async def propose(self, stage: Stage, member: Member, number: int, ground: str) -> None:
        """Ask for the erasure of case K-number; all who may agree are told. Raises Refusal."""
        _require(member)
        if not ground.strip():
            raise Refusal("erasure_ground")
        async with self._store.read() as conn:
            case = await cases.by_number(conn, member.newsroom_id, number)
            others = await self._others(conn, member)
        if case is None:
            raise Refusal("case_unknown")
        if not others:
            raise Refusal("erasure_alone")
        said = ground.strip()[:_LONGEST]
        values = {"case": case.label, "submission": case.submission_id, "who": member.name, "ground": said}

        async def act(conn: AsyncConnection) -> None:
            now, subject = self._clock(), ("submission", case.submission_id)
            await history.note(conn, member.newsroom_id, member.id, subject, _ASKED, now, ground=said, by=member.id)
            asked = [notices.reply(each, "erasure_asked", **values) for each in others]
            await outbox.put(conn, [*asked, notices.reply(member, "erasure_waits", case=case.label)], now)

        stage.stage_once(act)

    async def agree(self, stage: Stage, member: Member, submission_id: int, message_id: int) -> None:
        """Erase it, as the second person. Raises Refusal when nobody asked, or whoever asked presses."""
        _require(member)
        async with self._store.read() as conn:
            case = await cases.by_submission(conn, member.newsroom_id, submission_id)
        if case is None:
            raise Refusal("case_unknown")
        prints = await self._erasure.prepared(submission_id)

        async def act(conn: AsyncConnection) -> None:
            asker, ground = await self._asked(conn, member, submission_id)
            await self._erasure.apply(conn, submission_id, prints, member.id, ground)
            now = self._clock()
            done = {"case": case.label, "who": member.name, "ground": ground}
            told = [notices.edited_reply(member, message_id, "case_erased", **done)]
            await outbox.put(conn, [*told, *_also(asker, member, done)], now)

        stage.stage(_then(act, self._erasure.soil), None)

    async def _asked(self, conn: AsyncConnection, member: Member, submission_id: int) -> tuple[Member | None, str]:
        """Who asked last, and on what ground."""
        since = self._clock() - _WAITS
        told = await history.of(conn, member.newsroom_id, ("submission", submission_id))
        asked = [details for event, at, details in told if event == _ASKED and at >= since]
        askers = [details for details in asked if int(details["by"]) != member.id]
        if not asked:
            raise Refusal("erasure_expired")
        if not askers:
            raise Refusal("erasure_second")
        asker = await members.get(conn, member.newsroom_id, int(askers[-1]["by"]))
        if asker is None or not asker.may(Right.ERASE):
            raise Refusal("erasure_expired")
        return asker, str(askers[-1]["ground"])

    async def _others(self, conn: AsyncConnection, member: Member) -> list[Member]:
        everyone = await members.all_of(conn, member.newsroom_id, MemberStatus.ACTIVE)
        return [each for each in everyone if each.id != member.id and each.may(Right.ERASE)]


def _also(asker: Member | None, member: Member, done: dict[str, Any]) -> list[Any]:
    return [notices.reply(asker, "case_erased", **done)] if asker is not None and asker.id != member.id else []


def _require(member: Member) -> None:
    if not member.may(Right.ERASE):
        raise NotAllowed(Right.ERASE)


def _then(act: Any, after: After) -> Run:
    async def run(conn: AsyncConnection, _items: list[Any]) -> After:
        await act(conn)
        return after

    return run
