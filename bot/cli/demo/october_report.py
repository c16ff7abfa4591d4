"""What came of the replay of 6 October, read from the archive and held against what is promised."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.config import Settings
from bot.storage.store import Store
from bot.storage.tables import (
    alarms,
    inbox_updates,
    incidents,
    outbox_messages,
    spikes,
    submission_parts,
    threat_sightings,
    threats,
)

_WITHIN_SECONDS: Final = 2.0
_SETTLING_SECONDS: Final = 180.0
#: From the beginning of the clock's hour in which the wave began.
_WITHIN_HOURS: Final = timedelta(hours=2)


@dataclass(slots=True)
class Replay:
    """What was sent, and what was measured while it was."""

    sent: int
    names: list[str]
    began: float
    #: Number, language, and whether it is a copy, of each threat.
    threats: list[tuple[int, str, bool]] = field(default_factory=list)
    first_threat_at: float | None = None
    first_alarm_at: float | None = None
    handed_over: float = 0.0
    alarms_before_answer: int = 0

    @property
    def delay(self) -> float | None:
        """Seconds from the first threat's forward to the alarm."""
        if self.first_alarm_at is None or self.first_threat_at is None:
            return None
        return self.first_alarm_at - self.first_threat_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What the archive holds afterwards."""

    filed: int
    dead: int
    records: int
    sightings: int
    times: int
    incidents: int
    alarms: int
    unsent: int
    #: Messages that told somebody of the wave.
    waves_told: int


async def report(replay: Replay, settings: Settings) -> bool:
    """Print what came of it; whether every promise is kept."""
    store = Store(settings.database)
    try:
        found = await _settled(store)
    finally:
        await store.close()
    promises = _promises(replay, found)
    threats_sent = len(replay.threats)
    print(
        f"6 October: {replay.sent} messages forwarded, {found.filed} filed, in {time.monotonic() - replay.began:.0f} s;"
        f" {threats_sent} of them threats in 3 languages, {sum(c for *_, c in replay.threats)} copies among these.",
        flush=True,
    )
    print(
        f"  {found.records} records T-n, seen {found.times} times, in {found.incidents} incident(s);"
        f" {found.alarms} alarm(s), the first after {replay.delay or -1:.2f} s.",
        flush=True,
    )
    for kept, promise in promises:
        print(f"  {'kept  ' if kept else 'BROKEN'} {promise}", flush=True)
    return all(kept for kept, _ in promises)


def _promises(replay: Replay, found: Found) -> list[tuple[bool, str]]:
    delay = replay.delay
    return [
        (found.filed == replay.sent and found.dead == 0, "nothing is lost: every message is filed"),
        (delay is not None and delay <= _WITHIN_SECONDS, f"the alarm came within {_WITHIN_SECONDS:.0f} s"),
        (found.sightings == len(replay.threats), "every threat is in the log, and nothing else is"),
        (found.times == len(replay.threats), "every posting of them is counted"),
        (found.incidents == 1, "one incident"),
        (found.waves_told > 0, "editors were told of the wave within the hour"),
        (found.alarms == 1 and replay.alarms_before_answer == 1, "one alarm that counts up, in one message"),
        (
            found.records <= len(replay.threats) - sum(c for *_, c in replay.threats),
            "copies are no records of their own",
        ),
        (found.unsent == 0, "every answer was sent"),
    ]


async def _settled(store: Store) -> Found:
    """The archive once nothing waits in it any longer."""
    end = time.monotonic() + _SETTLING_SECONDS
    while True:
        async with store.read() as conn:
            waiting = await _waiting(conn)
            if not waiting or time.monotonic() > end:
                return await _found(conn)
        await asyncio.sleep(0.5)


async def _waiting(conn: AsyncConnection) -> int:
    updates, messages = inbox_updates.c.state, outbox_messages.c.state
    inside = await conn.scalar(sa.select(sa.func.count()).where(updates.in_(("new", "working"))))
    outside = await conn.scalar(sa.select(sa.func.count()).where(messages.in_(("new", "sending"))))
    return int(inside or 0) + int(outside or 0)


async def _found(conn: AsyncConnection) -> Found:
    async def count(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
        return int(await conn.scalar(sa.select(sa.func.count()).select_from(table).where(*conditions)) or 0)

    times = await conn.scalar(sa.select(sa.func.coalesce(sa.func.sum(threats.c.times), 0)))
    return Found(
        filed=await count(submission_parts),
        dead=await count(inbox_updates, inbox_updates.c.state == "dead"),
        records=await count(threats),
        sightings=await count(threat_sightings),
        times=int(times or 0),
        incidents=await count(incidents, incidents.c.merged_into.is_(None)),
        alarms=await count(alarms),
        unsent=await count(outbox_messages, outbox_messages.c.state != "done"),
        waves_told=await _waves_told(conn),
    )


async def _waves_told(conn: AsyncConnection) -> int:
    """How many messages of a spike left within an hour of its beginning."""
    told, wave = outbox_messages.c, spikes.c
    sent = sa.select(told.created_at).where(told.kind == "spike", told.state == "done")
    began = (await conn.execute(sa.select(wave.started))).scalars().all()
    return sum(any(at - hour <= _WITHIN_HOURS for hour in began) for at in (await conn.execute(sent)).scalars().all())
