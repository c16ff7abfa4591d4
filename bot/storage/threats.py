"""The threat log's first rows: what was recorded as a threat, by the detector or by a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.codec import dump
from bot.model.ids import new_id
from bot.model.verdict import ThreatFound
from bot.storage import custody
from bot.storage.custody import NewEntry
from bot.storage.filing import take_numbers
from bot.storage.tables import threats as t


@dataclass(frozen=True, kw_only=True, slots=True)
class NewThreat:
    """A threat found in one part of a submission."""

    newsroom_id: int
    submission_id: int
    part_id: int
    finding: ThreatFound


async def record(conn: AsyncConnection, threats: Sequence[NewThreat], now: datetime) -> None:
    """Give each threat its number T-n; a part is recorded once."""
    there = sa.select(t.c.part_id).where(t.c.part_id.in_([threat.part_id for threat in threats]))
    known = set((await conn.execute(there)).scalars()) if threats else set()
    for threat in threats:
        if threat.part_id not in known:
            await _insert(conn, threat, now)


async def set_status(conn: AsyncConnection, submission_id: int, status: str) -> None:
    """What a person ruled of the threats of a case: "open" or "dismissed"."""
    await conn.execute(sa.update(t).where(t.c.submission_id == submission_id).values(status=status))


async def count_of(conn: AsyncConnection, submission_id: int) -> int:
    """How many threats a case holds."""
    return int(await conn.scalar(sa.select(sa.func.count()).where(t.c.submission_id == submission_id)) or 0)


async def _insert(conn: AsyncConnection, threat: NewThreat, now: datetime) -> None:
    found = threat.finding
    row: dict[str, Any] = {
        "id": new_id(),
        "newsroom_id": threat.newsroom_id,
        "number": await take_numbers(conn, threat.newsroom_id, "threat_counter", 1),
        "submission_id": threat.submission_id,
        "part_id": threat.part_id,
        "level": found.level,
        "kinds": list(found.kinds),
        "severity": found.severity,
        "imminent": found.imminent,
        "targets": dump(found.targets),
        "status": "open",
        "recorded_at": now,
    }
    await conn.execute(sa.insert(t), [row])
    told = ("number", "submission_id", "part_id", "level", "kinds", "severity", "imminent", "targets", "status")
    body = {"event": "threat_recorded"} | {name: row[name] for name in told}
    recorded = NewEntry(
        newsroom_id=threat.newsroom_id, kind="changed", noun="threat", row_id=row["id"], body=body, at=now
    )
    await custody.put(conn, [recorded])
