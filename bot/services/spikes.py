"""Spikes: what came is counted, scanned, and told to editors once; then it is theirs to say what it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.newsroom import Member, MemberStatus
from bot.model.outbox import Outgoing
from bot.model.paging import first_of
from bot.model.rights import Right
from bot.model.spike import HourCount, Nature, Spike, SpikeStatus
from bot.services import notices
from bot.services.spike_counting import SpikeCounting, hour_of
from bot.services.spike_scanning import Scanner, lay
from bot.services.spike_waves import ORDER, Wave, join, told, triggers
from bot.services.stage import Stage
from bot.storage import history, members, outbox, spike_counts, spikes
from bot.storage.spikes import NewSpike
from bot.storage.store import Store
from detection.spikes.thresholds import (
    AGAIN_APART_HOURS,
    AGAIN_GROWTH,
    AGAIN_HOURS,
    MADE,
    OVER_HOURS,
    UNFAMILIAR,
    WINDOWS,
)

_PAGE: Final = 8
_MUTE: Final = timedelta(hours=24)
_AGAIN: Final = timedelta(hours=AGAIN_HOURS)
_APART: Final = timedelta(hours=AGAIN_APART_HOURS)
_OVER: Final = timedelta(hours=OVER_HOURS)
#: Hours that the small chart of a message shows.
_SHOWN: Final = timedelta(days=7)
_ANSWERS: Final = {
    "seen": (SpikeStatus.SEEN, (SpikeStatus.OPEN, SpikeStatus.MUTED)),
    "mute": (SpikeStatus.MUTED, (SpikeStatus.OPEN, SpikeStatus.SEEN)),
    "false": (SpikeStatus.FALSE, (SpikeStatus.OPEN, SpikeStatus.SEEN, SpikeStatus.MUTED, SpikeStatus.OVER)),
    "real": (SpikeStatus.SEEN, (SpikeStatus.FALSE,)),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SpikeView:
    """A spike with the hours that its chart shows, and what people said of it: event, name, moment."""

    spike: Spike
    hours: tuple[HourCount, ...]
    #: From when to when they are shown; an hour without a row had nothing.
    since: datetime
    until: datetime
    said: tuple[tuple[str, str, datetime], ...]

    @property
    def nature(self) -> Nature:
        """What its makeup looks like."""
        made = self.spike.makeup
        if made.share(made.known + made.repeated) >= MADE:
            return Nature.ORGANISED
        return Nature.PEOPLE if made.share(made.unfamiliar) >= UNFAMILIAR else Nature.UNCLEAR


class Spikes:
    """Of one newsroom."""

    def __init__(self, store: Store, clock: Clock, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._newsroom_id = newsroom_id
        self._counting = SpikeCounting(store, clock, newsroom_id)
        self._scanner = Scanner()

    async def sweep(self) -> bool:
        """Count what came since; scan when it changed what is recent, and every hour. Whether somebody is told."""
        if not await self._counting.is_due():
            return False
        changed: set[datetime] = set()
        while await self._counting.is_due():
            found = await self._counting.count()
            if not found:
                break
            changed |= found
        now = self._clock()
        recent = hour_of(now) - timedelta(hours=max(WINDOWS))
        async with self._store.read() as conn:
            scanned = await spike_counts.scanned(conn, self._newsroom_id)
        hourly = scanned is None or hour_of(scanned) < hour_of(now)
        return await self.scan() if hourly or any(hour >= recent for hour in changed) else False

    async def scan(self) -> bool:
        """Look at every series now; whether somebody is told of something."""
        now = self._clock()
        async with self._store.read() as conn:
            laid = await lay(conn, self._newsroom_id, now)
            known = await triggers(conn, self._newsroom_id, now)
        risen = await self._scanner.risen(laid) if laid is not None else []
        raised = [each for each in risen if each.is_alarm or known.is_watched(each.series, now)]
        # Read before anything is written: nobody waits for the writer meanwhile.
        async with self._store.read() as conn:
            waves = await join(conn, self._newsroom_id, raised, now)
            found = [(wave, await told(conn, self._newsroom_id, wave, known, now)) for wave in waves]
        async with self._store.write() as conn:
            await spike_counts.cursor(conn, self._newsroom_id, now)
            says = await self._keep(conn, found, now)
            await spikes.end(conn, self._newsroom_id, now - _OVER)
            await spike_counts.move(conn, self._newsroom_id, scanned_at=now)
        return says

    async def _keep(self, conn: AsyncConnection, measured: Sequence[tuple[Wave, NewSpike]], now: datetime) -> bool:
        standing = await spikes.standing(conn, self._newsroom_id, now - _AGAIN)
        muted = await spikes.muted(conn, self._newsroom_id, now)
        says, taken = False, set[int]()
        for wave, found in measured:
            before = _continued(wave, [each for each in standing if each[0].id not in taken], now)
            if before is not None:
                taken.add(before[0].id)
                says |= await self._go_on(conn, before, found, now)
            elif not any(series in muted for series in wave.series):
                says |= await self._begin(conn, found, now)
        return says

    async def _begin(self, conn: AsyncConnection, found: NewSpike, now: datetime) -> bool:
        spike_id = await spikes.add(conn, self._newsroom_id, found, now)
        details = {"series": found.series.key, "count": found.count, "usual": found.usual}
        await history.note(conn, self._newsroom_id, None, ("spike", spike_id), "spike_found", now, **details)
        return await self._tell(conn, spike_id, 1, now)

    async def _go_on(self, conn: AsyncConnection, before: tuple[Spike, int], found: NewSpike, now: datetime) -> bool:
        spike, told_count = before
        # Whom it is against may show only after where it is.
        rename = ORDER.index(found.series.kind) < ORDER.index(spike.series.kind)
        await spikes.renew(conn, self._newsroom_id, spike.id, found, now, rename=rename)
        doubled = found.count >= AGAIN_GROWTH * told_count and now - spike.alerted_at >= _APART
        # Of what people called false, or have seen, only a wave that doubles is told again.
        due = doubled or (now - spike.alerted_at >= _AGAIN and spike.status is not SpikeStatus.FALSE)
        if not due or (spike.muted_until is not None and spike.muted_until > now):
            return False
        number = await spikes.alert_again(conn, self._newsroom_id, spike.id, found.count, now)
        details = {"count": found.count, "usual": found.usual, "alert": number}
        await history.note(conn, self._newsroom_id, None, ("spike", spike.id), "spike_again", now, **details)
        return await self._tell(conn, spike.id, number, now)

    async def _tell(self, conn: AsyncConnection, spike_id: int, alert: int, now: datetime) -> bool:
        people = await members.all_of(conn, self._newsroom_id, MemberStatus.ACTIVE)
        said = [notices.spike(each, spike_id, alert) for each in people if each.may(Right.SEE_SPIKES)]
        await outbox.put(conn, said, now)
        return bool(said)

    async def view(self, member: Member, spike_id: int) -> SpikeView:
        """A spike with what its message shows. Raises Refusal when there is none."""
        async with self._store.read() as conn:
            spike = await spikes.by_id(conn, member.newsroom_id, spike_id)
            if spike is None:
                raise Refusal("spike_unknown")
            until = hour_of(min(self._clock(), spike.seen + timedelta(hours=WINDOWS[0]))) + timedelta(hours=1)
            since = until - _SHOWN
            hours = await spike_counts.hourly(conn, member.newsroom_id, spike.series, since, until)
            events = await history.told(conn, member.newsroom_id, ("spike", spike_id))
        said = tuple((event, name, at) for event, name, at, _ in events if name is not None)
        return SpikeView(spike=spike, hours=tuple(hours), since=since, until=until, said=said)

    async def by_number(self, member: Member, number: int) -> int:
        """The id of S-n. Raises Refusal."""
        async with self._store.read() as conn:
            spike = await spikes.by_number(conn, member.newsroom_id, number)
        if spike is None:
            raise Refusal("spike_unknown")
        return spike.id

    async def page(self, member: Member, page: int) -> tuple[list[Spike], bool]:
        """A page of spikes, newest first, and whether there are more."""
        async with self._store.read() as conn:
            found = await spikes.newest(conn, member.newsroom_id, _PAGE + 1, first_of(page, _PAGE))
        return found[:_PAGE], len(found) > _PAGE

    def answer(self, stage: Stage, member: Member, spike_id: int, answer: str, message_id: int) -> None:
        """Somebody says what a spike is: "seen", "mute" (24 hours), "false" or "real". Raises Refusal."""
        if answer not in _ANSWERS:
            raise Refusal("button_not_yours")

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            status, among = _ANSWERS[answer]
            if await spikes.by_id(conn, member.newsroom_id, spike_id, hold=True) is None:
                await outbox.put(conn, [notices.reply(member, "spike_unknown")], now)
                return
            until = now + _MUTE if status is SpikeStatus.MUTED else None
            if await spikes.set_status(conn, member.newsroom_id, spike_id, status, among, until):
                event = f"spike_{answer}"
                await history.note(conn, member.newsroom_id, member.id, ("spike", spike_id), event, now)
            await outbox.put(conn, [_shown_again(member, spike_id, message_id)], now)

        stage.stage_once(act)


def _shown_again(member: Member, spike_id: int, message_id: int) -> Outgoing:
    return notices.spike_edit(member, spike_id, message_id)


def _continued(wave: Wave, standing: Sequence[tuple[Spike, int]], now: datetime) -> tuple[Spike, int] | None:
    """The spike that a wave goes on from: one of its series stood a day ago, or it was told within 48 hours."""
    for spike, count in reversed(standing):
        lately = now - spike.seen <= _OVER or now - spike.alerted_at <= _AGAIN
        if lately and wave.series & {spike.series, *(series for series, _ in spike.joined)}:
            return spike, count
    return None
