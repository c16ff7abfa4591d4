"""Whether people's words confirm an account: worked out of all that were said of it and count now.

Two people's words do, unless one brought the other into the newsroom lately: such a pair is one person until somebody
else suspected the account too, or a third person confirms it.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountStatus
from bot.model.newsroom import MemberStatus
from bot.model.rights import Right
from bot.services import notices
from bot.services.account_standing import people_of
from bot.storage import account_reports, accounts, members, outbox, reporters
from bot.storage.accounts import Ruled
from bot.storage.reporters import Came
from detection.thresholds import REPORTER_LINK_DAYS

#: People whose word makes a suspected account a confirmed one: a wrong accusation is worse than a missed fake.
CONFIRMATIONS = 2
_RULED = (AccountStatus.SUSPECTED, AccountStatus.CONFIRMED, AccountStatus.CLEARED)
_LATELY = timedelta(days=REPORTER_LINK_DAYS)


async def settle_status(conn: AsyncConnection, newsroom_id: int, account_id: int, now: datetime) -> AccountStatus:
    """Give an account the status that the words about it make; what its platform removed stays gone."""
    said = await accounts.rulings_of(conn, newsroom_id, account_id)
    heard = {each.member_id for each in await account_reports.heard(conn, newsroom_id, [account_id])}
    came = {each.member_id: each for each in await reporters.came(conn, newsroom_id)}
    status, live = outcome(said, heard, came)
    await accounts.set_live(conn, account_id, live)
    await accounts.set_status(conn, account_id, status, [each for each in _RULED if each is not status], now)
    return status


async def announce_unseen(conn: AsyncConnection, newsroom_id: int, account_id: int, label: str, now: datetime) -> None:
    """Those who confirmed an account stand alone, or with people who have no record: the others who decide are told."""
    account = await accounts.get(conn, newsroom_id, account_id)
    said = set(account.confirmations) if account is not None else set()
    heard = {each.member_id for each in await account_reports.heard(conn, newsroom_id, [account_id])}
    known = await people_of(conn, newsroom_id, now)
    if any(each is None or (each in known and known[each].has_record(account_id)) for each in heard - said):
        return
    people = await members.all_of(conn, newsroom_id, MemberStatus.ACTIVE)
    names = ", ".join(each.name for each in people if each.id in said)
    told = [each for each in people if each.may(Right.DECIDE_ACCOUNT) and each.id not in said]
    values = {"account": account_id, "label": label, "who": names}
    await outbox.put(conn, [notices.reply(each, "account_confirmed_alone", **values) for each in told], now)


def outcome(
    said: Iterable[Ruled], heard: Collection[int | None], came: Mapping[int, Came]
) -> tuple[AccountStatus, list[int]]:
    """What words make of an account, said one after the other; and which of them count."""
    status, confirms, clears = AccountStatus.SUSPECTED, dict[int, Ruled](), list[int]()
    for word in said:
        if word.ruling == "clear":
            clears = [*clears, word.id] if status is AccountStatus.CLEARED else [word.id]
            status, confirms = AccountStatus.CLEARED, {}
        elif word.ruling == "confirm":
            confirms.setdefault(word.member_id, word)
            is_confirmed = status is AccountStatus.CONFIRMED or is_enough(confirms, heard, came)
            status = AccountStatus.CONFIRMED if is_confirmed else AccountStatus.SUSPECTED
    return status, [*clears, *(word.id for word in confirms.values())]


def is_enough(said: Mapping[int, Ruled], heard: Collection[int | None], came: Mapping[int, Came]) -> bool:
    """Whether these people's words confirm an account that was reported by those `heard` (None: by a list)."""
    people = sorted(said)
    if len(people) != CONFIRMATIONS:
        return len(people) > CONFIRMATIONS
    at = max(word.at for word in said.values())
    if not _brought(people[0], people[1], came, at):
        return True
    others = [each for each in heard if each not in said]
    return any(each is None or not any(_brought(each, one, came, at) for one in people) for each in others)


def _brought(one: int, other: int, came: Mapping[int, Came], at: datetime) -> bool:
    """Whether one of two people brought the other, not long before a moment."""
    pairs = ((came.get(one), other), (came.get(other), one))
    return any(who is not None and who.invited_by == by and at - who.joined_at < _LATELY for who, by in pairs)
