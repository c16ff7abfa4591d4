"""What the archive knows against listed accounts: stolen and shared photos, copies, threats, cases. Counted here."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import Account, AccountStatus
from bot.model.submission import SubmissionState
from bot.model.takedown import Facts
from bot.model.threat import Status
from bot.storage import campaign_figures, photo_owners
from bot.storage.tables import accounts, comments, outreaches, photos, submission_accounts, submissions, texts, threats

_MOST_CASES: Final = 10
_NO_THREAT: Final = (Status.DISMISSED.value, Status.WITHDRAWN.value)


async def of_accounts(
    conn: AsyncConnection, newsroom_id: int, listed: Sequence[Account], author_keys: Mapping[int, Collection[str]]
) -> dict[int, Facts]:
    """What is known of each; `author_keys` are by account id what its comments are signed with."""
    shas = {sha for account in listed for sha in account.photos}
    owners = await photo_owners.of_pictures(conn, newsroom_id, shas) if shas else {}
    named = await _named_owners(conn, newsroom_id, shas)
    users = await _users(conn, newsroom_id, shas)
    copies = await _copies(conn, newsroom_id, {key for keys in author_keys.values() for key in keys})
    feared = await _threats(conn, newsroom_id, {account.label.lower() for account in listed})
    cases = await _cases(conn, newsroom_id, [account.id for account in listed])
    found = {}
    for account in listed:
        times, by = max((copies[key] for key in author_keys.get(account.id, ()) if key in copies), default=(0, 0))
        others = {user for sha in account.photos for user in users[sha]} - {account.id}
        found[account.id] = Facts(
            stolen_photo=any(sha in owners for sha in account.photos),
            owner=next((named[sha] for sha in account.photos if sha in named), None),
            photo_accounts=len(others),
            copies=times,
            copy_accounts=by,
            threats=feared.get(account.label.lower(), 0),
            cases=tuple(f"K-{number}" for number in cases[account.id][:_MOST_CASES]),
        )
    return found


async def _named_owners(conn: AsyncConnection, newsroom_id: int, shas: Collection[str]) -> dict[str, str]:
    """Owners who agreed to be named, by picture."""
    o = outreaches.c
    query = sa.select(o.sha256, o.owner).where(
        o.newsroom_id == newsroom_id, o.sha256.in_(list(shas)), o.consent.is_(True)
    )
    return {row.sha256: row.owner for row in (await conn.execute(query)).all()}


async def _users(conn: AsyncConnection, newsroom_id: int, shas: Collection[str]) -> defaultdict[str, set[int]]:
    """Listed accounts that use each picture; a cleared one may well be the owner's own."""
    p, a = photos.c, accounts.c
    query = (
        sa.select(p.sha256, p.account_id)
        .join(accounts, a.id == p.account_id)
        .where(p.newsroom_id == newsroom_id, p.sha256.in_(list(shas)), p.withdrawn_at.is_(None))
        .where(a.status != AccountStatus.CLEARED.value)
    )
    found: defaultdict[str, set[int]] = defaultdict(set)
    for row in (await conn.execute(query)).all():
        found[row.sha256].add(row.account_id)
    return found


async def _copies(conn: AsyncConnection, newsroom_id: int, keys: Collection[str]) -> dict[str, tuple[int, int]]:
    """Of the largest campaign of each author: how often it was posted, and by how many accounts."""
    c, t = comments.c, texts.c
    query = (
        sa.select(c.author_key, t.campaign_id)
        .distinct()
        .join(texts, sa.and_(t.newsroom_id == c.newsroom_id, t.text_key == c.text_key))
        .where(c.newsroom_id == newsroom_id, c.author_key.in_(list(keys)), c.withdrawn_at.is_(None))
        .where(t.campaign_id.is_not(None))
    )
    pairs = (await conn.execute(query)).all()
    lines = await campaign_figures.lines(conn, newsroom_id, sorted({row.campaign_id for row in pairs}))
    sizes = {line.campaign.id: (line.times, line.accounts) for line in lines}
    found: dict[str, tuple[int, int]] = {}
    for row in pairs:
        size = sizes.get(row.campaign_id, (0, 0))
        found[row.author_key] = max(size, found.get(row.author_key, size))
    return found


async def _threats(conn: AsyncConnection, newsroom_id: int, labels: Collection[str]) -> dict[str, int]:
    account = sa.func.lower(threats.c.account)
    query = sa.select(account.label("account"), sa.func.count().label("count")).where(
        threats.c.newsroom_id == newsroom_id, account.in_(list(labels)), threats.c.status.not_in(_NO_THREAT)
    )
    rows: Sequence[Any] = (await conn.execute(query.group_by(account))).mappings().all()
    return {row["account"]: row["count"] for row in rows}


async def _cases(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> defaultdict[int, list[int]]:
    """The numbers of the cases that an account stands in."""
    r, s = submission_accounts.c, submissions.c
    query = (
        sa.select(r.account_id, s.number)
        .join(submissions, s.id == r.submission_id)
        .where(r.newsroom_id == newsroom_id, r.account_id.in_(list(ids)), s.number.is_not(None))
        .where(s.state != SubmissionState.WITHDRAWN.value)
        .order_by(s.number)
    )
    found: defaultdict[int, list[int]] = defaultdict(list)
    for row in (await conn.execute(query)).all():
        found[row.account_id].append(row.number)
    return found
