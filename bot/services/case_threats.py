"""Threats of a case, recorded as the detector saw them or as a person ruled."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.newsroom import Member
from bot.model.rights import Right
from bot.model.submission import Case, Incoming, Origin, OriginKind, Part
from bot.model.threat import Category
from bot.services.findings import TextOutcome
from bot.services.submissions import author_of
from bot.services.threat_filing import file_threats, regrade
from bot.services.threat_sources import Place, in_message, in_part
from bot.storage import threats

#: What happens to people at this moment: nobody has to say that it is urgent.
_BODILY = (Category.RAID, Category.DETENTION, Category.ASSAULT)


async def aim_threats(conn: AsyncConnection, member: Member, submission_id: int, staff_id: int) -> None:
    """A person says at whom a case is aimed: its records say so too."""
    for threat_id in await threats.ids_of_submission(conn, member.newsroom_id, submission_id):
        await threats.add_targets(conn, member.newsroom_id, threat_id, [(staff_id, "")], word_of(member))


def word_of(member: Member) -> int | None:
    """Whose word alone it is that a threat is aimed at somebody; None of those who may decide it."""
    return None if member.may(Right.SEE_TARGETS) else member.id


async def record_threat(
    conn: AsyncConnection,
    member: Member,
    incoming: Incoming,
    where: tuple[int, int],
    outcome: TextOutcome,
    now: datetime,
) -> None:
    """Record what was found in the words of a part, if it is a threat; `where` is submission and part."""
    found = outcome.finding.threat
    if found.level == "threat":
        place = Place(newsroom_id=member.newsroom_id, submission_id=where[0], part_id=where[1], reporter_id=member.id)
        await file_threats(conn, [in_message(place, incoming, author_of(incoming), outcome, found)], now)


async def regrade_threat(
    conn: AsyncConnection,
    member: Member,
    incoming: Incoming,
    where: tuple[int, int],
    outcome: TextOutcome,
    now: datetime,
) -> None:
    """A message was edited: what it says now is recorded where that is graver than what was, and rings like any other.

    What is milder leaves the record as it stands: nobody edits a threat away.
    """
    found = outcome.finding.threat
    if found.level == "threat":
        place = Place(newsroom_id=member.newsroom_id, submission_id=where[0], part_id=where[1], reporter_id=member.id)
        await regrade(conn, member, in_message(place, incoming, author_of(incoming), outcome, found), now)


async def record_ruled(
    conn: AsyncConnection, member: Member, case: Case, now: datetime, category: Category = Category.THREAT
) -> int | None:
    """A person's word makes a threat of a case in which the detector saw none; returns the record's id.

    Its first words are recorded, not a note. A security lead who says so needs no alarm to hear of it.
    """
    there = await threats.ids_of_submission(conn, case.newsroom_id, case.submission_id)
    if there:
        if category is not Category.THREAT:
            await threats.change(conn, case.newsroom_id, there[0], category=category.value)
        return there[0]
    if not case.parts:
        return None
    told = [part for part in case.parts if not part.is_note] or list(case.parts)
    worst = max(told, key=lambda part: part.threat.rank)
    found = replace(worst.threat, level="threat")
    if category in _BODILY:
        found = replace(found, imminent=True)
    place = Place(
        newsroom_id=case.newsroom_id,
        submission_id=case.submission_id,
        part_id=worst.id,
        reporter_id=case.reporter_id,
    )
    stored = await threats.told_by_part(conn, case.newsroom_id, worst.id)
    calls = not member.may(Right.MANAGE_THREATS)
    recorded = await file_threats(
        conn, [replace(in_part(place, worst, stored, found), category=category)], now, calls=calls
    )
    return recorded[0].id if recorded else None


def as_incoming(case: Case, part: Part) -> Incoming:
    """Typed words that are to be checked, as a message of somebody unknown."""
    return Incoming(
        chat_id=case.chat_id,
        message_id=part.message_id,
        sent_at=case.opened_at,
        kind=part.kind,
        origin=Origin(kind=OriginKind.PASTED),
        text=part.text,
    )
