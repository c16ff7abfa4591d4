"""Filing: what one member sends at one go is one submission, and every message is filed once, whatever happens."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.model.newsroom import Member, Newsroom
from bot.model.submission import Incoming, PartKind, SubmissionState
from bot.model.verdict import Finding, ThreatFound
from bot.storage import cases, filing
from bot.storage.filing import BurstRule, FiledPart, NewPart
from bot.storage.store import Store
from bot.storage.tables import submission_parts, submissions
from tests.newsroom import count, make_member, make_newsroom, message, typed
from tests.stores import MakeStore, StoppedClock

RULE = BurstRule(within=timedelta(seconds=2), parts=5)
FOUND = Finding(threat=ThreatFound(level="threat", kinds=("arson",), severity=4))


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    return await make_newsroom(store, clock())


@pytest.fixture
async def member(store: Store, clock: StoppedClock, newsroom: Newsroom) -> Member:
    return await make_member(store, newsroom, clock())


def part(member: Member, incoming: Incoming, finding: Finding | None = Finding()) -> NewPart:
    return NewPart(newsroom_id=member.newsroom_id, member_id=member.id, incoming=incoming, finding=finding)


async def file(store: Store, clock: StoppedClock, *parts: NewPart, rule: BurstRule = RULE) -> list[FiledPart]:
    async with store.write() as conn:
        return await filing.file_parts(conn, parts, rule, clock())


async def shelf(store: Store, *columns: str) -> list[Any]:
    """These columns of every submission, in the order of making."""
    query = sa.select(*(submissions.c[name] for name in columns)).order_by(submissions.c.id)
    async with store.read() as conn:
        return [tuple(row) for row in (await conn.execute(query)).all()]


def folders(filed: Sequence[FiledPart]) -> list[int]:
    """For each part the number of its folder: 0 for the first one seen, 1 for the next."""
    seen: dict[int, int] = {}
    return [seen.setdefault(each.submission_id, len(seen)) for each in filed]


@pytest.mark.parametrize("together", [True, False], ids=["one batch", "one by one"])
async def test_a_burst_is_one_submission(store: Store, clock: StoppedClock, member: Member, together: bool) -> None:
    """Messages within two seconds of the last one belong together, also when the burst is long; then a new one."""
    sent = [part(member, message(member, clock() + timedelta(seconds=s))) for s in (0, 2, 4, 6.5)]
    filed = (
        await file(store, clock, *sent)
        if together
        else [found for each in sent for found in await file(store, clock, each)]
    )
    assert folders(filed) == [0, 0, 0, 1]
    assert [each.is_first for each in filed] == [True, False, False, True]
    assert all(each.is_complete for each in filed)
    assert await shelf(store, "number", "state") == [(1, "case"), (2, "case")]


async def test_an_album_that_comes_in_disorder_begins_with_its_first(
    store: Store, clock: StoppedClock, member: Member
) -> None:
    """The picture that is filed first need not be the first of the album; the case begins where the album does."""
    first, second = (message(member, clock(), media_group="a", kind=PartKind.PHOTO) for _ in range(2))
    await file(store, clock, part(member, second, None))
    await file(store, clock, part(member, first, None))
    assert first.message_id < second.message_id
    assert await shelf(store, "first_message_id") == [(first.message_id,)]


async def test_an_album_is_one_submission(store: Store, clock: StoppedClock, member: Member) -> None:
    """Pictures of one album belong together, however long they are under way; another album does not join it."""
    later = clock() + timedelta(seconds=1)
    album = [message(member, clock(), media_group="a", kind=PartKind.PHOTO) for _ in range(3)]
    other = [message(member, later + timedelta(seconds=9), media_group="b", kind=PartKind.PHOTO) for _ in range(2)]
    first = await file(store, clock, *(part(member, each, None) for each in [*album[:2], *other]))
    clock.tick(60)
    last = await file(store, clock, part(member, album[2], None))
    assert folders([*first, *last]) == [0, 0, 1, 1, 0]


async def test_a_submission_has_an_end(store: Store, clock: StoppedClock, member: Member) -> None:
    """At most so many messages are one submission; the rest opens the next, in one batch and over several."""
    sent = [part(member, message(member, clock())) for _ in range(12)]
    filed = await file(store, clock, *sent[:7]) + await file(store, clock, *sent[7:])
    sizes = [folders(filed).count(n) for n in range(3)]
    assert sizes == [5, 5, 2]
    assert await shelf(store, "number") == [(1,), (2,), (3,)]


async def test_members_do_not_share_submissions(
    store: Store, clock: StoppedClock, newsroom: Newsroom, member: Member
) -> None:
    """A batch holds the messages of many, each with their own; a chat of several keeps them apart too."""
    other = await make_member(store, newsroom, clock())
    group = -100500
    sent = [
        part(member, message(member, clock(), chat_id=group)),
        part(other, message(other, clock(), chat_id=group)),
        part(member, message(member, clock())),
        part(other, message(other, clock())),
        part(member, message(member, clock(), chat_id=group)),
    ]
    filed = await file(store, clock, *sent)
    assert folders(filed) == [0, 1, 2, 3, 0]
    assert {each.submission_id: each.part.member_id for each in filed}.keys() == {f.submission_id for f in filed}
    assert await shelf(store, "member_id", "chat_id") == [
        (member.id, group),
        (other.id, group),
        (member.id, member.telegram_id),
        (other.id, other.telegram_id),
    ]


@pytest.mark.parametrize("together", [True, False], ids=["one batch", "one by one"])
async def test_words_before_a_forward_are_its_note(
    store: Store, clock: StoppedClock, newsroom: Newsroom, member: Member, together: bool
) -> None:
    """Typed words wait without a number; the forward that follows makes a case of both, with the words as its note."""
    words = part(member, typed(member, clock(), "Бул кимдики?", message_id=1))
    forward = part(member, message(member, clock() + timedelta(seconds=1), "Сени табабыз", message_id=2))
    if together:
        filed = await file(store, clock, words, forward)
    else:
        filed = await file(store, clock, words)
        assert await shelf(store, "state", "number", "settled") == [("growing", None, False)]
        filed += await file(store, clock, forward)
    assert folders(filed) == [0, 0]
    async with store.read() as conn:
        case = await cases.by_number(conn, newsroom.id, 1)
    assert case is not None
    assert (case.state, case.note) == (SubmissionState.CASE, "Бул кимдики?")
    assert [p.is_note for p in case.parts] == [True, False]


async def test_a_late_forward_answers_the_question(store: Store, clock: StoppedClock, member: Member) -> None:
    """Words about which the bot asks already still become the note of a forward of the same burst."""
    (words,) = await file(store, clock, part(member, typed(member, clock())))
    async with store.write() as conn:
        await cases.settle(conn, [words.submission_id])
    assert await shelf(store, "state", "settled") == [("asking", True)]
    await file(store, clock, part(member, message(member, clock() + timedelta(seconds=2))))
    assert await shelf(store, "state", "settled", "number") == [("case", False, 1)]


async def test_what_is_withdrawn_takes_nothing_in(store: Store, clock: StoppedClock, member: Member) -> None:
    """After undo the next message opens a new submission, however soon it comes."""
    (first,) = await file(store, clock, part(member, message(member, clock())))
    async with store.write() as conn:
        assert await cases.set_state(
            conn, first.submission_id, SubmissionState.WITHDRAWN, before=[SubmissionState.CASE]
        )
    (second,) = await file(store, clock, part(member, message(member, clock())))
    assert second.submission_id != first.submission_id


async def test_refiling_changes_nothing(store: Store, clock: StoppedClock, member: Member) -> None:
    """A message that is filed again after a kill is where it was: no part, case or number more."""
    sent = [part(member, message(member, clock())) for _ in range(3)]
    before = await file(store, clock, *sent)
    rows = await shelf(store, *(column.name for column in submissions.c))
    clock.tick(60)
    again = await file(store, clock, *sent)
    assert [(f.id, f.submission_id) for f in again] == [(f.id, f.submission_id) for f in before]
    assert [(f.is_first, f.is_complete) for f in again] == [(False, False)] * 3
    assert await shelf(store, *(column.name for column in submissions.c)) == rows
    async with store.read() as conn:
        assert await count(conn, submission_parts) == 3


async def test_a_picture_is_completed_once(
    store: Store, clock: StoppedClock, newsroom: Newsroom, member: Member
) -> None:
    """Filed unread, then read: its finding, hash and level are kept, and only this time it counts as complete."""
    picture = message(member, clock(), "", kind=PartKind.PHOTO)
    (begun,) = await file(store, clock, part(member, picture, None))
    assert (begun.is_first, begun.is_complete) == (True, False)
    read = NewPart(newsroom_id=newsroom.id, member_id=member.id, incoming=picture, finding=FOUND, sha256="ab" * 32)
    (done,) = await file(store, clock, read)
    assert (done.id, done.is_first, done.is_complete) == (begun.id, False, True)
    (again,) = await file(store, clock, read)
    assert not again.is_complete
    async with store.read() as conn:
        case = await cases.by_number(conn, newsroom.id, 1)
        (line,) = await cases.lines(conn, newsroom.id, member.id, 9)
    assert case is not None
    assert (case.parts[0].finding, case.parts[0].sha256) == (FOUND, "ab" * 32)
    assert line.level == "threat"


async def test_the_worst_level_stays(store: Store, clock: StoppedClock, member: Member) -> None:
    """A submission is as serious as its most serious part, in whatever order they come."""
    levels = ["curse", "threat", "none", "review"]
    for level in levels:
        finding = Finding(threat=ThreatFound(level=level))
        await file(store, clock, part(member, message(member, clock()), finding))
    assert await shelf(store, "level") == [("threat",)]


async def test_numbers_have_no_gaps_and_no_doubles(
    store: Store, more_stores: MakeStore, clock: StoppedClock, newsroom: Newsroom
) -> None:
    """Filing from several processes at once, with some transactions rolled back: K-1 to K-n, each once."""
    people = [await make_member(store, newsroom, clock()) for _ in range(24)]
    stores = [store, more_stores(), more_stores()]

    async def send(number: int, person: Member) -> None:
        async with stores[number % 3].write() as conn:
            await filing.file_parts(conn, [part(person, message(person, clock()))], RULE, clock())
            if number % 4 == 0:
                raise InterruptedError

    results = await asyncio.gather(*(send(n, person) for n, person in enumerate(people)), return_exceptions=True)
    assert sum(isinstance(result, InterruptedError) for result in results) == 6
    assert sorted(await shelf(store, "number")) == [(n,) for n in range(1, 19)]


async def test_an_album_filed_at_once_is_one_submission(
    store: Store, more_stores: MakeStore, clock: StoppedClock, member: Member
) -> None:
    """Its pictures are filed in transactions of their own, at the same time: still one submission, one number."""
    stores = [store, more_stores()]

    async def send(number: int) -> None:
        async with stores[number % 2].write() as conn:
            incoming = message(member, clock(), "", kind=PartKind.PHOTO, media_group="album")
            await filing.file_parts(
                conn, [part(member, incoming, None)], BurstRule(within=RULE.within, parts=10), clock()
            )

    await asyncio.gather(*(send(n) for n in range(10)))
    assert await shelf(store, "number", "media_group") == [(1, "album")]


async def test_two_newsrooms_may_number_messages_alike(
    store: Store, clock: StoppedClock, newsroom: Newsroom, member: Member
) -> None:
    """One person, two newsrooms, two bots: the same chat and message id are two messages, in one batch and in two."""
    other = await make_newsroom(store, clock())
    twin = await make_member(store, other, clock(), telegram_id=member.telegram_id)
    mine, theirs = message(member, clock(), "a", message_id=7), message(twin, clock(), "b", message_id=7)
    assert [f.is_first for f in await file(store, clock, part(member, mine), part(twin, theirs))] == [True, True]
    assert await shelf(store, "newsroom_id", "number") == [(newsroom.id, 1), (other.id, 1)]
    again = await file(store, clock, part(twin, theirs), part(member, mine))
    assert [f.is_complete for f in again] == [False, False]


async def test_a_batch_of_many_is_cheap(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """A hundred messages of twenty people are filed by a handful of statements."""
    people = [await make_member(store, newsroom, clock()) for _ in range(20)]
    sent = [part(p, message(p, clock()), Finding()) for p in people for _ in range(5)]
    statements: list[str] = []
    engine = store._writer.sync_engine
    sa.event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    await file(store, clock, *sent)
    assert len(statements) <= 10
    assert len(await shelf(store, "number")) == 20
