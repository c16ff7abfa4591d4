"""Threats of a case, recorded as the detector saw them or as a person ruled."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.newsroom import Member
from bot.model.submission import Case
from bot.model.verdict import ThreatFound
from bot.storage import threats
from bot.storage.threats import NewThreat


async def record_threat(
    conn: AsyncConnection, member: Member, submission_id: int, part_id: int, found: ThreatFound, now: datetime
) -> None:
    """Record what was found in a part, if it is a threat."""
    if found.level == "threat":
        threat = NewThreat(newsroom_id=member.newsroom_id, submission_id=submission_id, part_id=part_id, finding=found)
        await threats.record(conn, [threat], now)


async def record_ruled(conn: AsyncConnection, member: Member, case: Case, now: datetime) -> None:
    """A person's word makes a threat of a case in which the detector saw none.

    Its first words are recorded, not a note.
    """
    if case.parts and not await threats.count_of(conn, case.submission_id):
        told = [part for part in case.parts if not part.is_note] or case.parts
        worst = max(told, key=lambda part: part.threat.rank)
        row = NewThreat(
            newsroom_id=member.newsroom_id,
            submission_id=case.submission_id,
            part_id=worst.id,
            finding=replace(worst.threat, level="threat"),
        )
        await threats.record(conn, [row], now)
