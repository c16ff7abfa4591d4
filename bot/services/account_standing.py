"""What stands behind a suspicion: whose words, how many independent voices they are, and what they weigh.

Nothing of it is stored: it is worked out of the words that count now, so that without a reporter it is what it would
have been without them from the start.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import account_reports, reporters
from detection.accounts.standing import Reporter, Standing, Word, standing

_DAY = 86_400.0


async def people_of(conn: AsyncConnection, newsroom_id: int, now: datetime) -> dict[int, Reporter]:
    """Everybody of a newsroom with their record."""
    proved: defaultdict[int, dict[int, float]] = defaultdict(dict)
    refuted: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for each in await reporters.outcomes(conn, newsroom_id):
        kept = proved if each.status == "confirmed" else refuted
        kept[each.member_id][each.account_id] = (now - each.at).total_seconds() / _DAY
    return {
        each.member_id: Reporter(
            id=each.member_id,
            joined_days=(now - each.joined_at).total_seconds() / _DAY,
            invited_by=each.invited_by,
            proved=proved.get(each.member_id),
            refuted=refuted.get(each.member_id),
        )
        for each in await reporters.came(conn, newsroom_id)
    }


async def standings(
    conn: AsyncConnection, newsroom_id: int, now: datetime, ids: Collection[int] | None = None
) -> dict[int, Standing]:
    """What stands behind each of these accounts, of all for None; nothing for one of which no word counts."""
    people = await people_of(conn, newsroom_id, now)
    words: defaultdict[int, set[Word]] = defaultdict(set)
    for heard in await account_reports.heard(conn, newsroom_id, ids):
        words[heard.account_id].add(Word(member_id=heard.member_id, is_held=heard.is_held))
    for account_id, member_id in await reporters.confirmations(conn, newsroom_id):
        if ids is None or account_id in ids:
            words[account_id].add(Word(member_id=member_id))
    return {account_id: standing(account_id, said, people) for account_id, said in words.items()}
