"""Whom listed accounts praised and attacked, as members noted it on records: from that changes of sides are read."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account_record import STANCES, Fact, FactKind
from bot.model.farm import StanceSeen
from bot.storage import account_records, farm_activity, newsrooms
from detection.accounts.names import name_key

#: Accounts read in one piece: parameters of a statement are limited.
_PIECE: Final = 500
#: A record knows the day; the middle of the day errs by half a one at most.
_NOON: Final = time(12, 0)


async def noted_stances(conn: AsyncConnection, newsroom_id: int) -> list[StanceSeen]:
    """Every dated stance on the records of listed accounts, oldest first; those of merged accounts by what they are.

    One who is spelled in several ways or scripts is one subject, under the spelling that is used most.
    """
    zone = ZoneInfo((await newsrooms.get(conn, newsroom_id)).zone)
    listed = await farm_activity.listed(conn, newsroom_id)
    whose = {row.id: row.merged_into or row.id for row in listed}
    ids = sorted(whose)
    facts: list[Fact] = []
    for start in range(0, len(ids), _PIECE):
        facts += await account_records.facts_of(conn, newsroom_id, ids[start : start + _PIECE], STANCES)
    dated = [fact for fact in facts if fact.seen_on is not None and fact.value.strip()]
    called = _called(fact.value for fact in dated)
    seen = [
        StanceSeen(
            account_id=whose[fact.account_id],
            at=datetime.combine(fact.seen_on, _NOON, tzinfo=zone).astimezone(UTC),
            subject=called[_key(fact.value)],
            polarity=1 if fact.kind is FactKind.PRAISED else -1,
        )
        for fact in dated
        if fact.seen_on is not None
    ]
    return sorted(seen, key=lambda each: each.at)


def _key(name: str) -> str:
    return name_key(name) or name.strip().casefold()


def _called(names: Iterable[str]) -> dict[str, str]:
    """For each subject's key the spelling that is used most, the first one on a tie."""
    counts: dict[str, Counter[str]] = {}
    for name in names:
        counts.setdefault(_key(name), Counter())[name.strip()] += 1
    return {key: spellings.most_common(1)[0][0] for key, spellings in counts.items()}
