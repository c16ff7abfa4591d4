"""What stands in the tables of a newsroom: its rows, and the ids by which tests ask for them; the rows of reports,
digests and of what is about to leave.
"""

import dataclasses
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.digest import ChatKind, ChatState, Claim, DigestContent, Owed, Place
from bot.model.ids import new_id
from bot.model.newsroom import Member, Newsroom
from bot.model.post import ActorEntry, AdEntry, PostEntry
from bot.model.report import Window
from bot.storage import ads as ads_room
from bot.storage import chores as chores_room
from bot.storage import digest_chats as digest_chats_room
from bot.storage import digests as digests_room
from bot.storage import erasing as erasing_room
from bot.storage import filing, postings
from bot.storage import imported_files as imported_files_room
from bot.storage import post_codings as post_codings_room
from bot.storage import posts as posts_room
from bot.storage import processes as processes_room
from bot.storage import report_orders as report_orders_room
from bot.storage import retention as retention_room
from bot.storage.processes import Process
from bot.storage.store import Store
from bot.storage.tables import metadata

PERSON, PRINTS = 4711, (5, 6)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
#: Tables whose rows carry no newsroom: their hashes are salted with it.
SALTED = {"text_postings", "text_stops"}
#: Of these tables the house has one row, or the last one is meant.
NAMED = {"threat_id": "threats", "incident_id": "incidents", "alarm_id": "alarms", "query_id": "threat_queries"}
NAMED |= {"takedown_id": "takedowns", "batch_id": "takedown_batches", "outreach_id": "outreaches"}
NAMED |= {"act_id": "pending_acts"}
NAMED |= {"post_id": "posts", "order_id": "report_orders"}
NAMED |= {"label_id": "public_labels"}
NAMED |= {"file_id": "account_files", "share_id": "account_shares", "link_id": "account_links"}
NAMED |= {"source_id": "imported_files"}
NAMED |= {"partner_id": "exchange_partners", "sent_id": "exchange_files", "export_id": "exchange_exports"}
NAMED |= {"spike_id": "spikes", "staff_id": "staff"}
NAMED |= {"farm_id": "farms", "farm_link_id": "farm_links", "run_id": "farm_runs"}
NAMED |= {"chat_row_id": "digest_chats", "schedule_id": "digest_schedules", "digest_id": "digests"}
NAMED |= {"curator_id": "curators", "tie_id": "curator_ties", "report_id": "work_reports"}


async def rows(store: Store, newsroom: Newsroom) -> dict[str, list[Any]]:
    """Every row of a newsroom in every table."""
    async with store.read() as conn:
        return await rows_seen(conn, newsroom)


async def rows_seen(conn: AsyncConnection, newsroom: Newsroom) -> dict[str, list[Any]]:
    """The same as a transaction sees it."""
    found: dict[str, list[Any]] = {}
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


async def report(conn: AsyncConnection, newsroom: Newsroom, member: Member, now: datetime) -> None:
    """An actor with two posts, one of which the member is to code; ads; two windows that were compared."""
    given = (conn, newsroom.id, "posts", "posts.csv", "e" * 64, "x", now)
    file_id = (await imported_files_room.begin(*given)).id
    actor = ActorEntry(name="Партия", category="parties", presences=(("vk", True),))
    actor_id, _ = await posts_room.put_actor(conn, newsroom.id, actor, "партия", now)
    said = PostEntry(source="row 1", actor="Партия", category=None, platform="vk", venue="page", posted_at=now)
    others = (said, dataclasses.replace(said, source="row 2"))
    await posts_room.add(conn, newsroom.id, [(actor_id, each) for each in others], "posts.csv", now, file_id)
    stored = await posts_room.with_sources(conn, newsroom.id, ["row 1", "row 2"])
    coded = list(stored.values())
    await post_codings_room.draw(conn, newsroom.id, coded, now)
    await post_codings_room.hold(conn, newsroom.id, max(coded), member.id, 1, now)
    day = now.date()
    ad = AdEntry(source="row 1", advertiser="Партия", platform="vk", first_day=day, last_day=day)
    await ads_room.add(conn, newsroom.id, [ad], "ads.csv", now)
    window = Window(first=day, last=day)
    await report_orders_room.add(conn, newsroom.id, new_id(), member.id, (window, window), now)


async def leaving(conn: AsyncConnection, newsroom: Newsroom, filed: filing.FiledPart, now: datetime) -> None:
    """A chore that was done, a case that is about to leave, bytes that nobody needs, a process that works."""
    worker = Process(id=new_id(), newsroom_id=newsroom.id, role="worker", host="one", pid=1)
    await processes_room.beat(conn, worker, await processes_room.moment(conn))
    await chores_room.done(conn, newsroom.id, "verify", LONG_AGO.date(), {"trust": "good"}, now)
    await retention_room.warned(conn, newsroom.id, filed.submission_id, now)
    await erasing_room.note_removals(conn, newsroom.id, ["f" * 64], now)


async def digest(conn: AsyncConnection, newsroom: Newsroom, now: datetime) -> None:
    """A chat with a schedule, a digest of a day, and what it said."""
    place = Place(chat_id=PERSON, kind=ChatKind.PRIVATE)
    chat = await digest_chats_room.put(conn, newsroom.id, place, ChatState.ALLOWED, (None, None), now)
    await digests_room.add(conn, chat, "ru", None, now, now)
    schedule = (await digests_room.of_chats(conn, newsroom.id))[chat.id]
    owed = Owed(days=(LONG_AGO.date(),), since=LONG_AGO, until=now)
    said = DigestContent(since=LONG_AGO, until=now)
    await digests_room.put(conn, newsroom.id, schedule.id, owed, said, now)
    claim = Claim(noun="account", row_id=new_id(), label="x", said="confirmed")
    await digests_room.add_claims(conn, newsroom.id, schedule.id, [claim], now)
