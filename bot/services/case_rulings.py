"""What a person's "this is a threat" and "this is none" make of the records of a case.

Anybody rules on a case. A record, and what rings for it, is closed by those who may: another's "no" is said to them.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Right
from bot.model.submission import Case
from bot.services import notices
from bot.storage import members, outbox, threats


async def follow_ruling(conn: AsyncConnection, member: Member, case: Case, *, is_threat: bool, now: datetime) -> None:
    """Open or dismiss the records of a case, or ask those who may."""
    newsroom_id, submission_id = member.newsroom_id, case.submission_id
    if is_threat or member.may(Right.MANAGE_THREATS):
        await threats.set_ruled(conn, newsroom_id, submission_id, is_threat=is_threat)
    elif _is_own_word(member, case):
        await threats.set_ruled(conn, newsroom_id, submission_id, is_threat=False, alone=True)
    elif await threats.count_of(conn, submission_id):
        await _ask_leads(conn, member, case, now)


def _is_own_word(member: Member, case: Case) -> bool:
    """Whether it is a threat by this member's word alone, which they may take back: the machine sees none."""
    said = {ruling.member_id for ruling in case.rulings if (ruling.kind, ruling.value) == ("threat", "yes")}
    return said == {member.id} and all(part.threat.level != "threat" for part in case.parts)


async def _ask_leads(conn: AsyncConnection, member: Member, case: Case, now: datetime) -> None:
    people = await members.all_of(conn, member.newsroom_id, MemberStatus.ACTIVE)
    leads = [each for each in people if each.may(Right.MANAGE_THREATS)]
    told = {"submission": case.submission_id, "case": case.label, "who": member.name}
    await outbox.put(conn, [notices.reply(each, "threat_doubted", **told) for each in leads], now)
