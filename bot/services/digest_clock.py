"""Digests that are due: marked and handed to the outbox in one transaction, exactly once for each local day.

Whoever ticks, and however often: the day's slot is a row with a key that is there once, and it is written together with
the digest, the schedule's new end and the messages. A process that is killed has told a day or has not begun it.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.digest import DigestContent, Owed, Schedule
from bot.model.outbox import Outgoing
from bot.model.rights import Right
from bot.model.viewer import Viewer
from bot.services import digest_contents, notices
from bot.services.digest_slots import FAR_AHEAD, JITTER, owed, slots
from bot.storage import digests, members, outbox
from bot.storage.need_to_know import looking_as
from bot.storage.store import Store

log = logging.getLogger(__name__)

_KEPT = digest_contents.CORRECTED_FOR


class DigestClock:
    """Looks for what is due, and tells it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def tick(self) -> int:
        """Tell all that is due now; returns how many digests were made. What fails is tried again at the next tick."""
        now, made = self._clock(), 0
        async with self._store.read() as conn:
            running = await digests.running(conn)
        for schedule, zone in running:
            try:
                made += await self._tell(schedule, ZoneInfo(zone), now)
            except Exception:
                log.exception("the digest of schedule %d could not be made", schedule.id)
        return made

    async def purge(self) -> None:
        """Forget previews, and what is too old to be corrected."""
        async with self._store.write() as conn:
            await digests.purge(conn, self._clock() - _KEPT)

    async def _tell(self, schedule: Schedule, zone: ZoneInfo, now: datetime) -> bool:
        if max(schedule.told_until, schedule.begun_at) > now + JITTER:
            await self._hear_again(schedule, zone, now)
            return False
        # It is told to whoever is in the chat: nobody in particular.
        with looking_as(Viewer(newsroom_id=schedule.newsroom_id)):
            async with self._store.read() as conn:
                due = await _due(conn, schedule, zone, now)
                if due is None or not await _is_read(conn, schedule):
                    return False
                content = await _content(conn, schedule, due, zone, now)
        async with self._store.write() as conn:
            return await self._commit(conn, schedule, zone, (due, content), now)

    async def _commit(
        self,
        conn: AsyncConnection,
        schedule: Schedule,
        zone: ZoneInfo,
        told: tuple[Owed, DigestContent],
        now: datetime,
    ) -> bool:
        # Held, and asked again: another process may have told it, or somebody changed the schedule, a moment ago.
        held = await digests.schedule(conn, schedule.newsroom_id, schedule.id, hold=True)
        due, content = told
        if held is None or held != schedule or await _due(conn, held, zone, now) != due:
            return False
        try:
            async with conn.begin_nested():
                digest_id = await digests.put(conn, held.newsroom_id, held.id, due, content, now)
        except IntegrityError:
            return False
        await digests.change(conn, held.newsroom_id, digests.told(held, due))
        await _settle_claims(conn, held, content, now)
        await outbox.put(conn, messages(held, digest_id, content), now)
        return True

    async def _hear_again(self, schedule: Schedule, zone: ZoneInfo, now: datetime) -> None:
        """The clock had run ahead, and is set back: what happens from now on must not be passed over.

        Days that were told keep their mark, so that none comes twice, and the next window begins now. After a leap of
        more than two days the clock was wrong: nobody waits for years until its days have come.
        """
        async with self._store.write() as conn:
            held = await digests.schedule(conn, schedule.newsroom_id, schedule.id, hold=True)
            if held is None:
                return
            if max(held.told_until, held.begun_at) > now + FAR_AHEAD:
                await digests.unmark(conn, held.newsroom_id, held.id, now.astimezone(zone).date())
                begun = min(held.begun_at, now)
                changed = replace(held, told_until=min(held.told_until, now), begun_at=begun, heard_again=None)
                await digests.change(conn, held.newsroom_id, changed)
            elif held.heard_again is None and held.told_until > now + JITTER:
                await digests.change(conn, held.newsroom_id, replace(held, heard_again=now))


def messages(schedule: Schedule, digest_id: int, content: DigestContent) -> Sequence[Outgoing]:
    """What goes out of a digest: the text first and alone, so that no picture can keep it back."""
    text = notices.digest(schedule.chat, digest_id, "text")
    return [text] if content.is_quiet else [text, notices.digest(schedule.chat, digest_id, "pictures")]


async def _due(conn: AsyncConnection, schedule: Schedule, zone: ZoneInfo, now: datetime) -> Owed | None:
    until, begun = schedule.told_until, schedule.begun_at
    candidates = [slot.day for slot in slots(schedule.rhythm, zone, max(until, begun), now)]
    if not candidates:
        return None
    marked = await digests.marked(conn, schedule.newsroom_id, schedule.id, candidates)
    since = min(until, schedule.heard_again or until)
    return owed(schedule.rhythm, zone, (until, begun, since), marked, now)


async def _is_read(conn: AsyncConnection, schedule: Schedule) -> bool:
    """Whether somebody may read it: whose own chat it is must be a member with the right still."""
    if schedule.chat.member_id is None:
        return True
    member = await members.get(conn, schedule.newsroom_id, schedule.chat.member_id)
    return member is not None and member.may(Right.DIGESTS)


async def _content(
    conn: AsyncConnection, schedule: Schedule, due: Owed, zone: ZoneInfo, now: datetime
) -> DigestContent:
    """What it says, with what earlier ones got wrong."""
    found = await digest_contents.contents(conn, schedule.newsroom_id, (due.since, due.until), zone, now)
    said = await digests.claims_of(conn, schedule.newsroom_id, schedule.id, now - _KEPT)
    wrong = await digest_contents.corrections(conn, schedule.newsroom_id, said)
    found = digest_contents.of_sections(found, schedule.sections)
    return replace(found, corrections=tuple(correction for _, correction in wrong))


async def _settle_claims(conn: AsyncConnection, schedule: Schedule, content: DigestContent, now: datetime) -> None:
    """What was corrected is done with; what is said now will be looked at again."""
    corrected = {(each.noun, each.label) for each in content.corrections}
    said = await digests.claims_of(conn, schedule.newsroom_id, schedule.id, now - _KEPT)
    gone = [claim for claim, _ in said if (claim.noun, claim.label) in corrected]
    await digests.drop_claims(conn, schedule.newsroom_id, schedule.id, gone)
    await digests.add_claims(conn, schedule.newsroom_id, schedule.id, content.claims, now)
