"""All that the archive can do, done by one newsroom with the ids of another: none of it may change anything there."""

import dataclasses
from array import array
from collections.abc import Awaitable, Callable
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.alarm import AlarmState
from bot.model.newsroom import MemberStatus
from bot.model.rights import Role
from bot.model.screen import Reading, ReadingState, ReadScreen
from bot.model.staff import StaffKind
from bot.model.takedown import TakedownStatus
from bot.model.tokens import token_hash
from bot.storage import (
    accounts,
    comments,
    custody,
    filing,
    inbox,
    members,
    newsrooms,
    outbox,
    staff,
    threats,
)
from bot.storage import alarms as alarms_room
from bot.storage import campaign_pictures as campaign_pictures_room
from bot.storage import campaigns as campaigns_room
from bot.storage import clearing as clearing_room
from bot.storage import duty as duty_room
from bot.storage import import_runs as import_runs_room
from bot.storage import incidents as incidents_room
from bot.storage import outreaches as outreaches_room
from bot.storage import screens as screens_room
from bot.storage import sealed_bodies as sealed_bodies_room
from bot.storage import sealed_originals as sealed_originals_room
from bot.storage import sent_messages as sent_messages_room
from bot.storage import stock_phrases as stock_phrases_room
from bot.storage import takedown_batches as takedown_batches_room
from bot.storage import takedowns as takedowns_room
from bot.storage import texts as texts_room
from bot.storage import threat_models as threat_models_room
from bot.storage import threat_queries as threat_queries_room
from bot.storage import threat_words as threat_words_room
from bot.storage.tables import metadata
from bot.storage.texts import WAITING, NewText
from tests.storage.house_exchange import touch_exchange
from tests.storage.house_rows import PRINTS
from tests.storage.houses import (
    ENTRY,
    KEYS,
    LESSON,
    OWNER_KEYS,
    PERSON,
    SHA,
    SUBJECT,
    House,
)
from tests.storage.trespasses import (
    change_accounts,
    touch_digests,
    touch_farms,
    touch_reports,
    touch_restrictions,
)
from tests.stores import StoppedClock

Change = Callable[[AsyncConnection, House, House, StoppedClock], Awaitable[None]]


async def _custody_has(conn: AsyncConnection, checkpoint_id: int) -> bool:
    """Whether a row's id is a checkpoint's."""
    t = metadata.tables["custody_checkpoints"].c
    return bool(await conn.scalar(sa.select(t.id).where(t.id == checkpoint_id)))


async def _replay(conn: AsyncConnection, acting: House, other: House, clock: StoppedClock) -> None:
    mine = acting.newsroom.id
    assert await inbox.replay(conn, mine, clock()) == 1
    assert not any([await inbox.once_more(conn, mine, row, clock()) for row in sorted(other.ids)])


async def _redeem(conn: AsyncConnection, acting: House, other: House, clock: StoppedClock) -> None:
    mine = acting.newsroom.id
    assert await members.redeem(conn, mine, token_hash(f"of {other.newsroom.id}"), 1, clock()) is None


async def _remove(conn: AsyncConnection, acting: House, other: House, clock: StoppedClock) -> None:
    mine = acting.newsroom.id
    (person,) = await staff.all_of(conn, other.newsroom.id)
    assert not await staff.remove(conn, mine, person.id, clock())


async def _change(conn: AsyncConnection, acting: House, other: House, clock: StoppedClock) -> None:
    mine = acting.newsroom.id
    await newsrooms.change(conn, mine, name="Башка")


async def _put(conn: AsyncConnection, acting: House, other: House, clock: StoppedClock) -> None:
    mine = acting.newsroom.id
    assert await staff.put(conn, mine, StaffKind.PERSON, "Айгүл", None, ("жаңы",), clock()) == "changed"
    listing = accounts.Listing(newsroom_id=mine, member_id=None, lister="y", batch=None, at=clock())
    entry = dataclasses.replace(ENTRY, reason="жаңы")
    assert await accounts.put(conn, entry, KEYS, listing) == (acting.account_id, "changed")


async def _admit(conn: AsyncConnection, acting: House, other: House, clock: StoppedClock) -> None:
    mine = acting.newsroom.id
    await members.admit(conn, mine, PERSON, "Ким", Role.EDITOR, MemberStatus.REMOVED, None, clock())


async def _numbers(conn: AsyncConnection, acting: House, other: House, clock: StoppedClock) -> None:
    mine = acting.newsroom.id
    assert await filing.take_numbers(conn, mine, "case_counter", 5) == 6


async def _texts(conn: AsyncConnection, acting: House, other: House, clock: StoppedClock) -> None:
    mine = acting.newsroom.id
    prints = array("q", PRINTS).tobytes()
    await texts_room.register(conn, mine, [NewText(7, "т", prints), NewText(10, "к", prints)])
    await texts_room.post_many(conn, mine, [3], [prints])
    await texts_room.wake(conn, mine, [7, 8, 9])
    await texts_room.unpost(conn, mine)


async def _campaigns(conn: AsyncConnection, acting: House, other: House, clock: StoppedClock) -> None:
    mine = acting.newsroom.id
    await campaigns_room.describe(conn, mine, other.campaign_id, "башка", clock(), clock())
    await campaigns_room.restore(conn, mine, other.campaign_id)
    assert await campaigns_room.merge(conn, mine, other.campaign_id, acting.campaign_id) == []
    await campaigns_room.assign(conn, mine, [1, 2, 3], None)
    await campaigns_room.set_state(conn, mine, [1, 2, 3], WAITING)
    await campaign_pictures_room.put(conn, mine, other.ids, None)
    await campaign_pictures_room.set_waiting(conn, mine, other.ids, True)


async def _threats(conn: AsyncConnection, acting: House, other: House, clock: StoppedClock) -> None:
    mine = acting.newsroom.id
    await threats.change(conn, mine, other.threat_id, status="resolved")
    await threats.add_searched(conn, mine, other.threat_id, "башка")
    await threats.grow(conn, mine, other.threat_id, 5, clock())
    await threats.set_ruled(conn, mine, other.submission_id, is_threat=False)
    await threats.let_go(conn, mine, other.part_id, 0)
    await threats.withdraw(conn, mine, other.submission_id)
    await incidents_room.move(conn, mine, other.incident_id, None, acting.incident_id)
    await incidents_room.set_merged(conn, mine, other.incident_id, acting.incident_id)
    await alarms_room.count_up(conn, mine, other.alarm_id, 5, 5, (4, True))
    taken = AlarmState.TAKEN
    assert not await alarms_room.answer(conn, mine, other.alarm_id, acting.member.id, taken, clock())
    assert not await duty_room.leave(conn, mine, other.member.id)
    assert not await duty_room.set_quiet(conn, mine, other.member.id, (1, 2))
    assert not await threat_queries_room.forget(conn, mine, other.member.id, "өлүм")


async def _deeds(conn: AsyncConnection, acting: House, other: House, clock: StoppedClock) -> None:
    mine = acting.newsroom.id
    await takedowns_room.change(conn, mine, other.takedown_id, note="башка")
    drafts, sent = [TakedownStatus.DRAFT], TakedownStatus.SENT
    assert await takedowns_room.move(conn, mine, [other.takedown_id], sent, drafts) == 0
    assert not await takedown_batches_room.set_sent(conn, mine, other.batch_id, acting.member.id, clock())
    assert await takedown_batches_room.drop_doubtful(conn, mine, other.batch_id) == 0
    await takedown_batches_room.take_drafts(conn, mine, "vk", acting.batch_id)
    await outreaches_room.change(conn, mine, other.outreach_id, {"state": "gone"})
    written = (other.outreach_id, acting.member.id, "ru", clock())
    assert not await outreaches_room.set_written(conn, mine, *written)
    await outreaches_room.release(conn, mine, other.outreach_id, OWNER_KEYS[0])


async def _accounts(conn: AsyncConnection, acting: House, other: House, clock: StoppedClock) -> None:
    await change_accounts(conn, acting, other, clock())


async def _farms(conn: AsyncConnection, acting: House, other: House, clock: StoppedClock) -> None:
    mine = acting.newsroom.id
    await touch_farms(conn, mine, acting, other, clock)


async def _reports(conn: AsyncConnection, acting: House, other: House, clock: StoppedClock) -> None:
    await touch_reports(conn, acting, other, clock())


async def _digests(conn: AsyncConnection, acting: House, other: House, clock: StoppedClock) -> None:
    mine = acting.newsroom.id
    await touch_digests(conn, mine, other, clock())


async def _exchange(conn: AsyncConnection, acting: House, other: House, clock: StoppedClock) -> None:
    await touch_exchange(conn, acting.newsroom.id, other.partner_id, other.sent_id, clock())


async def _rest(conn: AsyncConnection, acting: House, other: House, clock: StoppedClock) -> None:
    mine = acting.newsroom.id
    await touch_restrictions(conn, acting, other, clock())
    assert await sealed_originals_room.remove_recipient(conn, mine, "age1lead", clock())
    await sealed_originals_room.removed(conn, mine, SHA)
    for each in await sealed_bodies_room.to_remove(conn, other.newsroom.id, 9):
        await sealed_bodies_room.removed(conn, mine, each.id, 1)
        await sealed_bodies_room.drop(conn, mine, each.id)
    assert await outbox.withdraw_digests(conn, mine, PERSON, clock()) == []
    await sent_messages_room.gone(conn, mine, PERSON, [1], clock())
    await members.raise_epoch(conn, mine, other.member.id)
    await members.set_sweep_hours(conn, mine, other.member.id, 1)
    await custody.destroy_keys(conn, mine, [SUBJECT])
    (theirs,) = [i for i in other.ids if await _custody_has(conn, i)]
    await custody.set_token(conn, mine, theirs, b"t")
    assert await stock_phrases_room.remove(conn, mine, other.phrase_id) is None
    await stock_phrases_room.rekey(conn, mine, other.phrase_id, 99)
    assert await threat_words_room.remove(conn, mine, other.word_id) is None
    _, outcome = await threat_words_room.put(conn, mine, "отхайдар*", "death", acting.member.id, clock())
    assert outcome == "changed"
    await threat_models_room.put(conn, mine, LESSON, None)
    read = Reading(state=ReadingState.DONE, screen=ReadScreen())
    await screens_room.finish(conn, mine, other.part_id, read, clock())
    await screens_room.correct(conn, mine, other.part_id, ReadScreen(), acting.member.id)
    await comments.withdraw_source(conn, mine, "row 1", clock())
    run = await import_runs_room.of_file(conn, mine, "comments", SHA)
    assert run is not None
    run = await import_runs_room.advance(conn, run, 2, {}, clock())
    assert run is not None
    await import_runs_room.finish(conn, run)


async def _leave(conn: AsyncConnection, acting: House, other: House, clock: StoppedClock) -> None:
    """Everything that the newsroom has goes from a shared database."""
    if conn.dialect.name != "postgresql":
        return
    for name in clearing_room.cleared():
        await clearing_room.clear(conn, acting.newsroom.id, name)
    await clearing_room.clear_last(conn, acting.newsroom.id)


#: All of it, by kind: each is tried by itself.
CHANGES: Final[dict[str, Change]] = {
    "exchange": _exchange,
    "replay": _replay,
    "redeem": _redeem,
    "remove": _remove,
    "change": _change,
    "put": _put,
    "admit": _admit,
    "numbers": _numbers,
    "texts": _texts,
    "campaigns": _campaigns,
    "threats": _threats,
    "deeds": _deeds,
    "accounts": _accounts,
    "farms": _farms,
    "reports": _reports,
    "digests": _digests,
    "rest": _rest,
    "leave": _leave,
}
