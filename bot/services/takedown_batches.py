"""Batch lists for the trust teams of platforms: put together from confirmed accounts, marked as sent at one press."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.account import Account
from bot.model.newsroom import Member
from bot.model.takedown import Batch, BatchItem, TakedownChannel, TakedownEntry, TakedownStatus
from bot.services import notices
from bot.services.account_facts import facts_of
from bot.services.stage import Stage
from bot.services.takedowns import RECHECK, aim_at
from bot.storage import accounts, history, outbox, takedown_batches, takedowns
from bot.storage.store import Store

#: What one list holds at most: trust teams work through lists by hand.
MOST: Final = 500


class TakedownBatches:
    """The lists of one newsroom. Raises Refusal for what there is not."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def make(self, stage: Stage, member: Member, platform: str) -> None:
        """A list of the platform's confirmed accounts that nobody reported yet, and of what waits as a draft.

        While a list of the platform waits to be sent, that one grows; two members at once fill one list.
        """

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            last = await takedowns.lock(conn, member.newsroom_id)
            fresh = await takedown_batches.unreported(conn, member.newsroom_id, platform, MOST)
            waiting = await takedown_batches.waiting(conn, member.newsroom_id, platform)
            if not fresh and not waiting:
                await outbox.put(conn, [notices.reply(member, "takedown_batch_empty")], now)
                return
            way = TakedownChannel.TRUST_TEAM.value
            batch_id = await takedown_batches.open_list(conn, member.newsroom_id, platform, way, member.id, now)
            await takedown_batches.take_drafts(conn, member.newsroom_id, platform, batch_id)
            room = MOST - len(await takedowns.of_batch(conn, member.newsroom_id, batch_id))
            listed = await accounts.by_ids(conn, member.newsroom_id, fresh[: max(0, room)])
            await self._draft(conn, member, batch_id, sorted(listed, key=lambda each: each.id), last, now)
            subject = ("takedown_batch", batch_id)
            await history.note(
                conn, member.newsroom_id, member.id, subject, "batch_made", now, platform=platform, added=len(listed)
            )
            await outbox.put(conn, [notices.reply(member, "takedown_batch", batch=batch_id)], now)

        stage.stage_once(act)

    async def _draft(
        self, conn: AsyncConnection, member: Member, batch_id: int, listed: list[Account], last: int, now: datetime
    ) -> None:
        facts = await facts_of(conn, member.newsroom_id, listed)
        for number, account in enumerate(listed, start=last + 1):
            entry = TakedownEntry(
                aim=aim_at(account),
                status=TakedownStatus.DRAFT,
                channel=TakedownChannel.TRUST_TEAM,
                why=facts[account.id].why,
                evidence=facts[account.id].cases,
            )
            earlier = await takedowns.of_target(conn, member.newsroom_id, entry.aim.key)
            given = {"member_id": member.id, "batch_id": batch_id, "attempt": len(earlier) + 1}
            if earlier:
                given["previous_id"] = earlier[-1].id
            await takedowns.add(conn, member.newsroom_id, number, entry, now, **given)

    async def view(self, member: Member, batch_id: int) -> Batch:
        """A list with what stands on it: of one that waits, only what may be sent. Raises Refusal."""
        async with self._store.read() as conn:
            batch = await takedown_batches.get(conn, member.newsroom_id, batch_id)
            if batch is None:
                raise Refusal("takedown_batch_unknown")
            lines = await takedowns.of_batch(conn, member.newsroom_id, batch_id)
            ids = sorted({each.account_id for each in lines if each.account_id is not None})
            listed = await accounts.by_ids(conn, member.newsroom_id, ids) if ids else []
            facts = await facts_of(conn, member.newsroom_id, listed)
        known = {each.id: each for each in listed}
        items = [
            BatchItem(takedown=each, account=known.get(each.account_id or 0), facts=facts[each.account_id])
            if each.account_id in facts
            else BatchItem(takedown=each, account=None)
            for each in lines
        ]
        return replace(batch, items=tuple(each for each in items if batch.sent_at is not None or each.may_be_sent))

    async def recent(self, member: Member) -> list[Batch]:
        """The newest lists."""
        async with self._store.read() as conn:
            return await takedown_batches.recent(conn, member.newsroom_id, 5)

    async def send(self, stage: Stage, member: Member, batch_id: int, message_id: int) -> None:
        """The whole list was sent: every draft on it is, from now on; what is not confirmed any more leaves it.

        A second press, or a second member, changes nothing.
        """
        await self.view(member, batch_id)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await takedowns.lock(conn, member.newsroom_id)
            if await takedown_batches.set_sent(conn, member.newsroom_id, batch_id, member.id, now):
                left = await takedown_batches.drop_doubtful(conn, member.newsroom_id, batch_id)
                lines = await takedowns.of_batch(conn, member.newsroom_id, batch_id)
                times = {"sent_at": now, "recheck_at": now + RECHECK, "remind_at": now + RECHECK}
                ids, drafts = [each.id for each in lines], [TakedownStatus.DRAFT]
                sent = await takedowns.move(
                    conn, member.newsroom_id, ids, TakedownStatus.SENT, drafts, member_id=member.id, **times
                )
                subject = ("takedown_batch", batch_id)
                await history.note(
                    conn, member.newsroom_id, member.id, subject, "batch_sent", now, sent=sent, left_out=left
                )
            said = notices.edited_reply(member, message_id, "takedown_batch", batch=batch_id)
            await outbox.put(conn, [said], now)

        stage.stage_once(act)

    async def take_out(self, stage: Stage, member: Member, batch_id: int, form: str) -> None:
        """Keep that somebody took a list out as a file. Raises Refusal when there is none."""
        await self.view(member, batch_id)

        async def act(conn: AsyncConnection) -> None:
            subject = ("takedown_batch", batch_id)
            now = self._clock()
            await history.note_export(conn, member.newsroom_id, member.id, subject, "batch_out", now, form=form)
            await outbox.put(conn, [notices.takedown_batch_file(member, batch_id, form)], self._clock())

        stage.stage_once(act)
