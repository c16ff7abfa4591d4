"""What is given up is said: to its sender in one line, to the administrators once a day."""

from datetime import timedelta
from typing import Any, cast

import pytest
import sqlalchemy as sa

from bot.inbox_work import Work, Worker, WorkLimits
from bot.model.outbox import Waiting
from bot.model.rights import Role
from bot.services import notices
from bot.services.given_up import GivenUp
from bot.services.outbox import Outbox
from bot.services.work_reports import WorkReports
from bot.storage import dialogs, outbox
from bot.storage.tables import inbox_updates
from tests.inbox_house import House, house, raw, running, settled
from tests.newsroom import make_member, queued, said

__all__ = ["house"]


async def refused(_work: Work) -> None:
    """What a fault of ours does to an update."""
    raise ValueError("a fault")


def worker(house: House) -> Worker:
    """A process that gives up at the first try."""
    limits, told = WorkLimits(at_once=20, tries=1), GivenUp(house.clock, reports_of(house)).tell
    return Worker(house.store, house.clock, house.inbox, limits, lambda: None, given_up=told)


def reports_of(house: House) -> WorkReports:
    """The door of work reports; no picture is read here."""
    return WorkReports(house.store, house.clock, cast(Any, None), cast(Any, None), bytes(32))


async def test_nothing_is_buried_without_a_word(house: House) -> None:
    """Sender and administrators read of it; more of the same day are only counted; a stranger's chat hears nothing."""
    member = await house.member()
    admin = await make_member(house.store, house.newsroom, house.clock(), Role.ADMIN)
    house.desk["broken"] = refused
    await house.inbox.accept([raw(member, "broken"), raw(member, "broken"), raw(member, "fine")])
    async with running(house, worker(house)):
        await settled(house)
    assert await house.states() == {"dead": 2, "done": 1}
    assert await said(house.store, member) == ["buried"]
    assert await said(house.store, admin) == ["buried_admin"]

    async with house.store.write() as conn:
        for waiting in await outbox.heads(conn, house.clock(), 9, outbox.Reserved(busy=(), paced=())):
            await outbox.done(conn, waiting.id, waiting.outgoing.kind, house.clock())
    house.clock.tick(timedelta(hours=25).total_seconds())
    await house.inbox.accept([raw(member, "broken")])
    async with running(house, worker(house)):
        await settled(house)
    assert await said(house.store, member) == ["buried", "buried"]
    assert [body["values"] for who, body in await queued(house.store, "member_id", "body") if who == admin.id] == [
        {"count": 1},
        {"count": 3},
    ]


@pytest.mark.parametrize("given_up", ["refused", "tries"])
async def test_a_message_that_cannot_be_sent_is_said_once_a_day(house: House, given_up: str) -> None:
    """However many fail, administrators read one line; that one failing makes none; a void answer is nothing."""
    member = await house.member()
    admin = await make_member(house.store, house.newsroom, house.clock(), Role.ADMIN)
    sender = Outbox(house.store, house.clock, 1)
    async with house.store.write() as conn:
        answer = notices.answer(member, "callback")
        await outbox.put(conn, [answer, notices.reply(member, "ok"), notices.reply(member, "ok")], house.clock())

    async def fail() -> None:
        waiting: Waiting = (await sender.heads(1, outbox.Reserved(busy=(), paced=())))[0]
        await sender.start(waiting)
        await (sender.fail(waiting, "Forbidden") if given_up == "refused" else sender.retry(waiting, "render"))

    await fail()
    assert await said(house.store, admin) == []
    await fail()
    assert await said(house.store, admin) == ["unsent_admin"]
    await fail()
    await fail()
    assert await said(house.store, admin) == ["unsent_admin"]
    assert await queued(house.store, "state") == [("failed",)] * 4


@pytest.mark.parametrize("way", ["order", "answer", "album"])
async def test_no_dead_letter_says_who_handed_in_a_report(house: House, way: str) -> None:
    """Given up at the last try, it is emptied as one that was taken; its sender reads a word that stays nowhere."""
    member = await house.member()
    admin = await make_member(house.store, house.newsroom, house.clock(), Role.ADMIN)
    reports, words = reports_of(house), "/workreport ЛеакСлово" if way == "order" else "ЛеакСлово"
    found = raw(member, words)
    if way == "answer":
        asked = {"after": found["message"]["message_id"] - 1, "until": found["message"]["date"] + 900}
        async with house.store.write() as conn:
            await dialogs.ask(conn, house.newsroom.id, member.id, "workreport", asked, house.clock())
    if way == "album":
        found["message"]["media_group_id"] = "a1"
        # Another process had the first of its pictures.
        first = Work(update=cast(Any, None))
        reports_of(house).expect_album(first, house.newsroom.id, member.telegram_id, "a1")
        async with house.store.write() as conn:
            for run, item in first.steps:
                await run(conn, [item])
    house.desk[words] = refused
    limits = WorkLimits(at_once=20, tries=1)
    told = GivenUp(house.clock, reports).tell
    await house.inbox.accept([found])
    async with running(house, Worker(house.store, house.clock, house.inbox, limits, lambda: None, given_up=told)):
        await settled(house)
    async with house.store.read() as conn:
        (row,) = (await conn.execute(sa.select(inbox_updates))).all()
    assert (row.raw, row.chat_key, row.media_group, row.state, row.error) == ("{}", 0, None, "done", None)
    assert [body["code"] for kind, body in await queued(house.store, "kind", "body") if kind == "quiet"] == [
        "workreport_lost"
    ]
    assert await said(house.store, admin) == []
