"""Who stands behind a photo of a known fake: one person's word alone accuses nobody who has the same photo.

What stood there as the account was confirmed was looked at by those who confirmed it. What came later counts when two
people put it there, or one who may decide accounts, or a list that somebody took in.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.rights import Right, allows
from bot.storage import account_reports, accounts, members

#: People whose word makes a photo an account's.
_PEOPLE = 2


async def doubtful(conn: AsyncConnection, newsroom_id: int, account_ids: Collection[int]) -> frozenset[int]:
    """Photos that came to these accounts after they were confirmed, by one person who may not decide accounts."""
    by_photo: defaultdict[int, list[account_reports.Brought]] = defaultdict(list)
    for each in await account_reports.photos_brought(conn, newsroom_id, account_ids):
        by_photo[each.photo_id].append(each)
    alone = {photo: words for photo, words in by_photo.items() if _is_alone(words)}
    if not alone:
        return frozenset()
    people = await members.by_ids(conn, {each.member_id or 0 for words in alone.values() for each in words})
    decide = {each.id for each in people if allows(each.roles, Right.DECIDE_ACCOUNT)}
    confirmed = {
        account_id: await _confirmed_at(conn, newsroom_id, account_id)
        for account_id in {each.account_id for words in alone.values() for each in words}
    }
    return frozenset(
        photo
        for photo, words in alone.items()
        if not any(each.member_id in decide or _stood(each, confirmed[each.account_id]) for each in words)
    )


def _is_alone(words: Collection[account_reports.Brought]) -> bool:
    by_list = any(each.member_id is None or each.batch is not None for each in words)
    return not by_list and len({each.member_id for each in words}) < _PEOPLE


def _stood(word: account_reports.Brought, confirmed: datetime | None) -> bool:
    return confirmed is None or word.at <= confirmed


async def _confirmed_at(conn: AsyncConnection, newsroom_id: int, account_id: int) -> datetime | None:
    said = await accounts.rulings_of(conn, newsroom_id, account_id)
    return max((each.at for each in said if each.ruling == "confirm"), default=None)
