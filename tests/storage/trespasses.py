"""What one newsroom tries with the ids of another: each of these must change nothing there."""

import dataclasses
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account_record import LinkState
from bot.model.post import AdEntry, PostEntry
from bot.storage import account_doubts as account_doubts_room
from bot.storage import account_files as account_files_room
from bot.storage import account_links as account_links_room
from bot.storage import account_records as account_records_room
from bot.storage import account_reports as account_reports_room
from bot.storage import account_shares as account_shares_room
from bot.storage import (
    accounts,
)
from bot.storage import ads as ads_room
from bot.storage import alarms as alarms_room
from bot.storage import curators as curators_room
from bot.storage import digest_chats as digest_chats_room
from bot.storage import digests as digests_room
from bot.storage import farm_links as farm_links_room
from bot.storage import farms as farms_room
from bot.storage import impersonations as impersonations_room
from bot.storage import imported_comments as imported_comments_room
from bot.storage import imported_files as imported_files_room
from bot.storage import post_codings as post_codings_room
from bot.storage import posts as posts_room
from bot.storage import restricted_letters as restricted_letters_room
from bot.storage import restrictions as restrictions_room
from bot.storage import sayings as sayings_room
from bot.storage import work_reports as work_reports_room
from bot.storage.photo_sayings import PHOTO
from bot.storage.report_sayings import ACTOR, AD, POST
from bot.storage.staff_sayings import STAFF, keep_watched
from bot.storage.takedown_sayings import TAKEDOWN
from tests.storage.houses import (
    LONG_AGO,
    House,
)
from tests.stores import StoppedClock


async def change_accounts(conn: AsyncConnection, acting: House, other: House, now: datetime) -> None:
    """All that changes accounts' records, with the other newsroom's ids."""
    mine, theirs = acting.newsroom.id, other.account_id
    await account_doubts_room.hide_photos(conn, mine, other.ids, now)
    await account_doubts_room.show_photos(conn, mine, theirs, now)
    assert await account_doubts_room.hide_facts(conn, mine, other.member.id, now) == []
    assert await account_doubts_room.show_facts(conn, mine, other.member.id, [LONG_AGO]) == []
    assert await account_reports_room.hold(conn, mine, other.member.id, None, held=True) == 0
    await account_reports_room.withdraw_member(conn, mine, other.member.id, now)
    await account_reports_room.withdraw_batch(conn, mine, "batch of the other", now)
    assert await account_reports_room.rebuild(conn, mine, theirs, now)
    assert await accounts.withdraw_rulings(conn, mine, other.member.id, now) == []
    assert not await account_files_room.change(conn, mine, other.file_id, "ready", {"state": "done"})
    pair = (acting.account_id, acting.account_id)
    assert await account_links_room.offer(conn, mine, pair, ["photo"], now)
    assert await account_links_room.put(conn, mine, pair, LinkState.REJECTED, acting.member.id, now)
    names = accounts.Keys(handle=None, names={"Башка": "башка"})
    assert await accounts.add_names(conn, mine, acting.account_id, names, now)
    for row_id in other.ids:
        assert await account_records_room.remove_fact(conn, mine, row_id, now) is None
    moved = [(kind, row_id) for row_id in other.ids for kind in ("name", "photo", "fact")]
    await account_records_room.move(conn, mine, theirs, acting.account_id, moved)
    await account_records_room.set_details(conn, mine, theirs, {"posts_a_day": 99.0})
    for row_id in other.ids:
        await impersonations_room.agree(conn, mine, row_id, acting.member.id, now)
        await impersonations_room.disagree(conn, mine, row_id)
    await impersonations_room.move(conn, mine, other.incident_id, acting.incident_id)
    share_id = await account_shares_room.begin(conn, mine, None, "csv", "x", now)
    await account_shares_room.hold(conn, mine, share_id, await accounts.by_ids(conn, mine, other.ids))


async def touch_reports(conn: AsyncConnection, acting: House, other: House, now: datetime) -> None:
    """Everything that changes posts, codings and ads, with the other newsroom's ids."""
    mine, theirs = acting.newsroom.id, (other.member.id, other.post_id)
    assert (await imported_comments_room.turn(conn, mine, "c.csv", 99, now))[0] == 1
    entry = PostEntry(source="x", actor="x", category=None, platform="vk", venue="page", posted_at=now, reactions=99)
    assert await posts_room.renew(conn, mine, [(other.post_id, other.post_id, entry)], None, now) == [False]
    ad = AdEntry(source="x", advertiser="x", platform="vk", first_day=now.date(), last_day=now.date(), count=99)
    assert not any(await ads_room.renew(conn, mine, [(each, ad) for each in sorted(other.ids)], None, now))
    await touch_files(conn, mine, other, now)
    assert await post_codings_room.draw(conn, mine, other.ids, now) == 0
    await post_codings_room.code(conn, mine, *theirs, "negative", "crime")
    await post_codings_room.finish(conn, mine, *theirs, now)
    await post_codings_room.skip(conn, mine, *theirs, now)
    await post_codings_room.release(conn, mine, 0, now + timedelta(days=9))
    await post_codings_room.drop_decision(conn, mine, other.post_id)


async def touch_files(conn: AsyncConnection, mine: int, other: House, now: datetime) -> None:
    """Everything that changes imported files and what they say, with the other newsroom's ids."""
    theirs = await imported_files_room.every(conn, other.newsroom.id)
    assert theirs
    for file in theirs:
        assert not await imported_files_room.turn(conn, mine, int(file.id or 0), now)
        given = (mine, file.noun, file.name, file.sha256, "x", now)
        assert (await imported_files_room.begin(conn, *given)).id != file.id
    for kind in (STAFF, ACTOR, POST, AD, TAKEDOWN, PHOTO):
        assert await sayings_room.refold(conn, mine, kind, other.ids, now) == (0, 0, 0)
        await sayings_room.keep_edited(conn, mine, kind, other.ids, now)
        await sayings_room.forget(conn, mine, kind.noun, other.ids)
    await keep_watched(conn, mine, other.ids, now)


async def touch_farms(conn: AsyncConnection, mine: int, acting: House, other: House, clock: StoppedClock) -> None:
    """Everything that changes farms, with the other newsroom's ids."""
    now = clock()
    await farms_room.rename(conn, mine, other.farm_id, "башка")
    assert not await farms_room.end(conn, mine, other.farm_id, other.account_id, acting.member.id, now)
    await farm_links_room.put(conn, mine, [], now)
    decided = {"is_same": False, "member_id": acting.member.id, "now": now}
    assert await farm_links_room.decide(conn, mine, other.farm_link_id, **decided) is None
    assert not await farm_links_room.reopen(conn, mine, other.farm_link_id)
    await farm_links_room.put_suggestions(conn, mine, {}, now)
    await farm_links_room.drop_suggestions(conn, mine, [other.account_id])
    await farm_links_room.put_switches(conn, mine, [])
    await farm_links_room.ask_run(conn, mine, acting.member.id, now)
    await farm_links_room.begin_run(conn, mine, now)
    await farm_links_room.end_run(conn, mine, other.run_id, "done", {}, now)
    assert not await curators_room.remove(conn, mine, other.curator_id, now)
    await curators_room.set_note(conn, mine, other.curator_id, "башка")
    assert not await curators_room.untie(conn, mine, other.tie_id, now)
    await work_reports_room.set_farm(conn, mine, other.report_id, None)
    assert await work_reports_room.forget_update(conn, mine, "{}") == 1


async def touch_digests(conn: AsyncConnection, mine: int, other: House, now: datetime) -> None:
    """Everything that changes digests, with the other newsroom's ids."""
    theirs = other.schedule_id
    assert not await digest_chats_room.stop(conn, mine, other.chat_row_id, "removed", now)
    kept = await digests_room.schedule(conn, other.newsroom.id, theirs)
    assert kept is not None
    await digests_room.change(conn, mine, dataclasses.replace(kept, language="en"))
    await digests_room.unmark(conn, mine, theirs, LONG_AGO.date())
    said = await digests_room.claims_of(conn, other.newsroom.id, theirs, LONG_AGO)
    await digests_room.drop_claims(conn, mine, theirs, [claim for claim, _ in said])


async def touch_restrictions(conn: AsyncConnection, acting: House, other: House, now: datetime) -> None:
    """Everything that changes who may know of a case, with the other newsroom's ids."""
    mine, theirs = acting.newsroom.id, other.submission_id
    await restrictions_room.unname(conn, mine, theirs, other.member.id)
    await restrictions_room.set_opened(conn, mine, theirs, now)
    assert not await restrictions_room.lift(conn, mine, theirs)
    await restricted_letters_room.call_back(conn, mine, theirs, [], now)
    assert await alarms_room.move(conn, mine, other.incident_id, [other.threat_id], acting.incident_id) == set()
