"""People put incidents together and take them apart; what they did stays done, and can be undone by its opposite."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.newsroom import Member
from bot.model.threat import Incident
from bot.services import notices
from bot.services.stage import Stage
from bot.storage import history, impersonations, incidents, outbox, texts, threat_search, threats
from bot.storage.store import Store


class IncidentEditing:
    """Merges and splits. Raises Refusal for what there is not."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def merge(self, stage: Stage, member: Member, number: int, into: int, message_id: int) -> None:
        """All records of one incident go into another."""
        if number == into:
            raise Refusal("incident_same")
        await self._known(member, number)
        await self._known(member, into)

        async def act(conn: AsyncConnection) -> None:
            now, newsroom_id = self._clock(), member.newsroom_id
            await texts.lock(conn, newsroom_id)
            gone = await incidents.by_number(conn, newsroom_id, number)
            kept = await incidents.by_number(conn, newsroom_id, into)
            if gone is None or kept is None or gone.merged_into is not None or kept.merged_into is not None:
                await outbox.put(conn, [notices.reply(member, "incident_same")], now)
                return
            await incidents.move(conn, newsroom_id, gone.id, None, kept.id)
            await impersonations.move(conn, newsroom_id, gone.id, kept.id)
            await incidents.set_merged(conn, newsroom_id, gone.id, kept.id)
            await incidents.grow(conn, newsroom_id, _joined(kept, gone))
            for one, other in ((gone, kept), (kept, gone)):
                told = {"other": other.label}
                await history.note(conn, newsroom_id, member.id, ("incident", one.id), "merged", now, **told)
            said = notices.edited_reply(member, message_id, "incident", number=kept.number)
            await outbox.put(conn, [said], now)

        stage.stage_once(act)

    async def split(self, stage: Stage, member: Member, threat_id: int, message_id: int) -> None:
        """A record leaves its incident for one of its own, which takes in nothing but its copies by itself."""
        async with self._store.read() as conn:
            record = await threats.recorded(conn, member.newsroom_id, threat_id)
        if record is None or record.incident_id is None:
            raise Refusal("threat_unknown")

        async def act(conn: AsyncConnection) -> None:
            now, newsroom_id = self._clock(), member.newsroom_id
            await texts.lock(conn, newsroom_id)
            there = await threats.recorded(conn, newsroom_id, threat_id)
            if there is None or there.incident_id is None:
                return
            people = (await threat_search.targets(conn, newsroom_id, [threat_id]))[threat_id]
            staff_ids = {target.staff_id for target in people if target.staff_id is not None}
            made = await incidents.add(conn, newsroom_id, staff_ids, (), now, is_closed=True)
            await incidents.move(conn, newsroom_id, there.incident_id, [threat_id], made.id)
            told = {"other": made.label}
            await history.note(conn, newsroom_id, member.id, ("incident", there.incident_id), "split", now, **told)
            await history.note(conn, newsroom_id, member.id, ("threat", threat_id), "split", now, **told)
            await outbox.put(conn, [notices.edited_reply(member, message_id, "incident", number=made.number)], now)

        stage.stage_once(act)

    async def _known(self, member: Member, number: int) -> Incident:
        async with self._store.read() as conn:
            incident = await incidents.by_number(conn, member.newsroom_id, number)
        if incident is None:
            raise Refusal("incident_unknown")
        return incident


def _joined(kept: Incident, gone: Incident) -> Incident:
    return replace(
        kept,
        staff_ids=kept.staff_ids | gone.staff_ids,
        campaign_numbers=kept.campaign_numbers | gone.campaign_numbers,
        first_seen=min(kept.first_seen, gone.first_seen),
        last_seen=max(kept.last_seen, gone.last_seen),
    )
