"""One member who lists many accounts within minutes: all are listed, none counts until an admin has looked."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Right
from bot.services import notices
from bot.storage import account_reports, history, members, outbox
from bot.storage.account_reports import NewReport
from bot.storage.accounts import Listing
from detection.thresholds import REPORT_BURST_ACCOUNTS, REPORT_BURST_MINUTES


def brought(listing: Listing, account_id: int, source: str, said: Mapping[str, Any]) -> NewReport:
    """What else came with a listing: photos, names."""
    return NewReport(
        newsroom_id=listing.newsroom_id,
        account_id=account_id,
        member_id=listing.member_id,
        batch=listing.batch,
        lister=listing.lister,
        source=source,
        said=said,
        at=listing.at,
    )


async def hold_burst(conn: AsyncConnection, member: Member, now: datetime) -> None:
    """Hold what a member listed in the last minutes when it is too much; admins are asked once for each burst."""
    since = now - timedelta(minutes=REPORT_BURST_MINUTES)
    ids = await account_reports.lately(conn, member.newsroom_id, member.id, since)
    if len(ids) < REPORT_BURST_ACCOUNTS:
        return
    before = await account_reports.count_held(conn, member.newsroom_id, member.id)
    await account_reports.hold(conn, member.newsroom_id, member.id, ids, held=True)
    if before:
        return
    await history.note(conn, member.newsroom_id, None, ("member", member.id), "reports_held", now, accounts=ids)
    people = await members.all_of(conn, member.newsroom_id, MemberStatus.ACTIVE)
    asked = [each for each in people if each.may(Right.MANAGE_MEMBERS)]
    await outbox.put(conn, [notices.reply(each, "reports_held", person=member.id) for each in asked], now)
