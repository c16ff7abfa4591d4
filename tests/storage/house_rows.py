"""What stands in the tables of a newsroom: its rows, and the ids by which tests ask for them."""

from typing import Any

import sqlalchemy as sa

from bot.model.newsroom import Newsroom
from bot.storage import postings
from bot.storage.store import Store
from bot.storage.tables import metadata

PRINTS = (5, 6)
#: Tables whose rows carry no newsroom: their hashes are salted with it.
SALTED = {"text_postings", "text_stops"}
#: Of these tables the house has one row, or the last one is meant.
NAMED = {"threat_id": "threats", "incident_id": "incidents", "alarm_id": "alarms", "query_id": "threat_queries"}
NAMED |= {"takedown_id": "takedowns", "batch_id": "takedown_batches", "outreach_id": "outreaches"}
NAMED |= {"act_id": "pending_acts"}
NAMED |= {"post_id": "posts", "order_id": "report_orders"}
NAMED |= {"label_id": "public_labels"}
NAMED |= {"file_id": "account_files", "share_id": "account_shares", "link_id": "account_links"}
NAMED |= {"spike_id": "spikes", "staff_id": "staff"}
NAMED |= {"farm_id": "farms", "farm_link_id": "farm_links", "run_id": "farm_runs"}
NAMED |= {"chat_row_id": "digest_chats", "schedule_id": "digest_schedules", "digest_id": "digests"}
NAMED |= {"curator_id": "curators", "tie_id": "curator_ties", "report_id": "work_reports"}


async def rows(store: Store, newsroom: Newsroom) -> dict[str, list[Any]]:
    """Every row of a newsroom in every table."""
    found: dict[str, list[Any]] = {}
    async with store.read() as conn:
        for table in metadata.sorted_tables:
            rows = (await conn.execute(sa.select(table).where(belongs(table, newsroom)))).all()
            found[table.name] = sorted(map(repr, rows))
    return found


def belongs(table: sa.Table, newsroom: Newsroom) -> sa.ColumnElement[bool]:
    """Which rows of a table are a newsroom's."""
    if table.name in SALTED:
        return table.c.hash.in_(postings._stored(newsroom.id, PRINTS).tolist())
    return (table.c.newsroom_id if "newsroom_id" in table.c else table.c.id) == newsroom.id


async def only(store: Store, newsroom: Newsroom, table: str) -> int:
    """The id of the last row of a table."""
    found = metadata.tables[table]
    async with store.read() as conn:
        return max((await conn.execute(sa.select(found.c.id).where(belongs(found, newsroom)))).scalars())


async def ids(store: Store, newsroom: Newsroom) -> set[int]:
    """The ids of every row of a newsroom."""
    found: set[int] = set()
    async with store.read() as conn:
        for table in metadata.sorted_tables:
            if "id" in table.c:
                found |= set((await conn.execute(sa.select(table.c.id).where(belongs(table, newsroom)))).scalars())
    return found
