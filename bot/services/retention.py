"""Cases that nobody needs any more leave by themselves; their senders are told a week before, and may keep them.

What stands as evidence never leaves: a case with a ruling, a threat, a link to an account, or that was exported.
"""

import logging
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.custody.keys import CustodyKeys
from bot.errors import Refusal
from bot.model.newsroom import RETENTION_DAYS, Member
from bot.model.rights import Role
from bot.services import notices
from bot.services.erasing import Erasure
from bot.services.stage import Stage
from bot.storage import cases, custody, history, members, newsrooms, outbox, retention
from bot.storage.retention import OldCase
from bot.storage.store import Store

log = logging.getLogger(__name__)

GROUND: Final = "retention"
_NOTICE: Final = timedelta(days=7)
_AT_A_TIME: Final = 200


class Retention:
    """Of one newsroom."""

    def __init__(self, store: Store, clock: Clock, erasure: Erasure, keys: CustodyKeys, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._erasure = erasure
        self._keys = keys
        self._newsroom_id = newsroom_id

    async def sweep(self) -> int:
        """Tell senders of what leaves in a week, and let go what is due; returns how many cases left."""
        await self._warn()
        left = after = 0
        while True:
            now = self._clock()
            async with self._store.read() as conn:
                before = now - await self._span(conn)
                old = await retention.due(conn, self._newsroom_id, before, now - _NOTICE, after, _AT_A_TIME)
            if not old:
                return left
            for each in old:
                left += await self._let_go(each)
            after = old[-1].submission_id

    async def keep(self, stage: Stage, member: Member, submission_id: int, message_id: int) -> None:
        """A case stays for good: its sender, or who sees all cases, says so."""
        async with self._store.read() as conn:
            case = await cases.by_submission(conn, member.newsroom_id, submission_id)
        if case is None or (case.reporter_id != member.id and member.roles == {Role.JOURNALIST}):
            raise Refusal("case_unknown")

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            if await retention.keep(conn, member.newsroom_id, submission_id, member.id, now):
                await history.note(conn, member.newsroom_id, member.id, ("submission", submission_id), "kept", now)
            said = notices.edited_reply(member, message_id, "case_kept", case=case.label)
            await outbox.put(conn, [said], now)

        stage.stage_once(act)

    async def _warn(self) -> None:
        while True:
            now = self._clock()
            async with self._store.write() as conn:
                before = now - await self._span(conn) + _NOTICE
                soon = await retention.to_warn(conn, self._newsroom_id, before, _AT_A_TIME)
                for each in soon:
                    await self._tell(conn, each)
            if not soon:
                return

    async def _tell(self, conn: AsyncConnection, case: OldCase) -> None:
        now = self._clock()
        await retention.warned(conn, self._newsroom_id, case.submission_id, now)
        member = await members.get(conn, self._newsroom_id, case.member_id)
        if member is not None:
            values = {"case": f"K-{case.number}", "submission": case.submission_id, "days": _NOTICE.days}
            await outbox.put(conn, [notices.reply(member, "case_leaving", **values)], now)

    async def _let_go(self, case: OldCase) -> bool:
        async with self._store.read() as conn:
            before = self._clock() - await self._span(conn)
            if await self._was_exported(conn, case.submission_id):
                return False
            if not await retention.is_due(conn, self._newsroom_id, case.submission_id, before):
                return False
        try:
            await self._erasure.case(case.submission_id, None, GROUND)
        except Refusal:
            # A message came to it just now: it is not old any more.
            return False
        return True

    async def _was_exported(self, conn: AsyncConnection, submission_id: int) -> bool:
        name = self._keys.pseudonym(self._newsroom_id, "submission", submission_id)
        lines = await custody.of_subjects(conn, self._newsroom_id, [name])
        return any(line["kind"] == "exported" for line in lines)

    async def _span(self, conn: AsyncConnection) -> timedelta:
        return timedelta(days=await newsrooms.limit(conn, self._newsroom_id, "retention_days", RETENTION_DAYS))
