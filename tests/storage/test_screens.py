"""Readings of screenshots: queued with their part, kept as they are, held while they change; the codec carries all."""

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.codec import dump, load
from bot.model.newsroom import Member
from bot.model.screen import ReadComment, Reading, ReadingState, ReadProfile, ReadScreen
from bot.model.submission import Origin, OriginKind, PartKind
from bot.model.verdict import Finding
from bot.storage import cases, comments, screens
from bot.storage.comments import NewComment
from bot.storage.filing import BurstRule, FiledPart, NewPart, file_parts
from bot.storage.screens import NewReading
from bot.storage.store import Store
from bot.storage.tables import screen_readings, submissions
from tests.newsroom import make_member, make_newsroom, message
from tests.stores import MakeStore, StoppedClock

SHA = "c" * 64
LATER = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
THREAD = ReadScreen(
    kind="thread",
    platform="facebook",
    language="ky",
    size=(1080, 2340),
    comments=(
        ReadComment(
            number=1,
            author="Айбек",
            handle="aibek",
            text="Салам",
            time="2 ч",
            avatar=(1, 2, 3, 4),
            earliest=LATER,
            latest=LATER,
            finding=Finding(copy_count=3, copies_since=LATER),
        ),
        ReadComment(number=2, text="", own=True, level=1),
    ),
    unsure=True,
)


@pytest.fixture
async def member(store: Store, clock: StoppedClock) -> Member:
    """Somebody who sends pictures."""
    return await make_member(store, await make_newsroom(store, clock()), clock())


async def file(conn: AsyncConnection, member: Member, at: datetime, number: int, **options: Any) -> FiledPart:
    """A picture of its own case."""
    sent = message(member, at, "", kind=PartKind.PHOTO, message_id=number, **options)
    part = NewPart(newsroom_id=member.newsroom_id, member_id=member.id, incoming=sent, finding=Finding(), sha256=SHA)
    (filed,) = await file_parts(conn, [part], BurstRule(within=timedelta(0), parts=1), at)
    await screens.enqueue(conn, [_new(filed)], at)
    return filed


def _new(filed: FiledPart) -> NewReading:
    return NewReading(newsroom_id=filed.part.newsroom_id, submission_id=filed.submission_id, part_id=filed.id)


async def test_pictures_wait_in_their_order(store: Store, clock: StoppedClock, member: Member) -> None:
    """The oldest first, each with what reading it needs; the moment is that of the first forward."""
    origin = Origin(kind=OriginKind.USER, handle="kollega", sent_at=LATER)
    async with store.write() as conn:
        first = await file(conn, member, clock(), 7, origin=origin)
        second = await file(conn, member, clock.tick(60), 8, origin=Origin())
        found = await screens.waiting(conn, member.newsroom_id, 9)
    assert [(p.part_id, p.sha256, p.source, p.sent_at) for p in found] == [
        (first.id, SHA, f"telegram:{member.telegram_id}:7", LATER),
        (second.id, SHA, f"telegram:{member.telegram_id}:8", clock()),
    ]
    async with store.read() as conn:
        assert await screens.waiting(conn, member.newsroom_id, 1) == found[:1]
        assert await screens.picture(conn, member.newsroom_id, second.id) == found[1]
        assert await screens.waiting(conn, member.newsroom_id + 1, 9) == []
        assert await screens.picture(conn, member.newsroom_id + 1, second.id) is None


async def test_a_reading_is_kept_whole_and_asked_for_once(store: Store, clock: StoppedClock, member: Member) -> None:
    """What is read no longer waits, and an update that comes twice does not make it wait again."""
    async with store.write() as conn:
        filed = await file(conn, member, clock(), 7)
        done = Reading(state=ReadingState.DONE, screen=THREAD)
        await screens.finish(conn, member.newsroom_id, filed.id, done, clock())
        await screens.enqueue(conn, [_new(filed)], clock())
    async with store.read() as conn:
        assert await screens.waiting(conn, member.newsroom_id, 9) == []
        assert await screens.of_submission(conn, filed.submission_id) == {filed.id: done}
        case = await cases.by_submission(conn, member.newsroom_id, filed.submission_id)
    assert case is not None
    assert case.parts[0].reading == done
    assert case.verdict.copy_count == 3


async def test_a_correction_says_by_whom(store: Store, clock: StoppedClock, member: Member) -> None:
    """The reading is what the person says; its state stays."""
    right = dataclasses.replace(THREAD, unsure=False)
    async with store.write() as conn:
        filed = await file(conn, member, clock(), 7)
        done = Reading(state=ReadingState.DONE, screen=THREAD)
        await screens.finish(conn, member.newsroom_id, filed.id, done, clock())
        await screens.correct(conn, member.newsroom_id, filed.id, right, member.id)
        held = await screens.hold(conn, member.newsroom_id, filed.id)
    assert held is not None
    assert held.reading == Reading(state=ReadingState.DONE, screen=right, corrected_by=member.id)
    assert not held.is_withdrawn


async def test_who_holds_a_reading_keeps_others_waiting(
    store: Store, more_stores: MakeStore, clock: StoppedClock, member: Member
) -> None:
    """Two that would file the same reading do it one after the other: the second sees what the first did."""
    async with store.write() as conn:
        filed = await file(conn, member, clock(), 7)
    states: list[ReadingState] = []

    async def take(own: Store) -> None:
        async with own.write() as conn:
            held = await screens.hold(conn, member.newsroom_id, filed.id)
            assert held is not None
            states.append(held.reading.state)
            await asyncio.sleep(0.05)
            done = Reading(state=ReadingState.DONE, screen=THREAD)
            await screens.finish(conn, member.newsroom_id, filed.id, done, clock())

    await asyncio.gather(take(store), take(more_stores()))
    assert states == [ReadingState.WAITING, ReadingState.DONE]


async def test_a_withdrawn_case_is_seen(store: Store, clock: StoppedClock, member: Member) -> None:
    """By whoever holds its reading; and of no other newsroom is anything held."""
    async with store.write() as conn:
        filed = await file(conn, member, clock(), 7)
        change = sa.update(submissions).where(submissions.c.id == filed.submission_id)
        await conn.execute(change.values(state="withdrawn"))
        held = await screens.hold(conn, member.newsroom_id, filed.id)
        assert held is not None
        assert held.is_withdrawn
        assert await screens.hold(conn, member.newsroom_id + 1, filed.id) is None


async def test_a_row_goes_with_its_part_or_not_at_all(store: Store, clock: StoppedClock, member: Member) -> None:
    """A transaction that fails leaves no part and nothing that waits for it."""

    async def die() -> None:
        async with store.write() as conn:
            await file(conn, member, clock(), 7)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await die()
    async with store.read() as conn:
        assert await conn.scalar(sa.select(sa.func.count()).select_from(screen_readings)) == 0


@pytest.mark.parametrize(
    ("hours", "author", "key", "found"),
    [
        (0, "name:A", 5, True),
        (2.9, "name:A", 5, True),
        (-2.9, "name:A", 5, True),
        (3.2, "name:A", 5, False),
        (-3.2, "name:A", 5, False),
        (0, "name:B", 5, False),
        (0, "name:A", 6, False),
    ],
)
async def test_the_same_posting_is_known_again(
    store: Store, clock: StoppedClock, member: Member, hours: float, author: str, key: int, found: bool
) -> None:
    """By author, text and a time within the span, or half of it outside; what was withdrawn is forgotten."""
    at = LATER + timedelta(hours=hours)
    async with store.write() as conn:
        filed = await file(conn, member, clock(), 7)
        stored = NewComment(
            newsroom_id=member.newsroom_id,
            text="т",
            words="т",
            text_key=5,
            source="telegram:1:7#1",
            submission_id=filed.submission_id,
            part_id=filed.id,
            author_key="name:A",
            posted_at=at,
        )
        await comments.add(conn, [stored, dataclasses.replace(stored, posted_at=None)], clock())
        span = (LATER - timedelta(hours=1.5), LATER + timedelta(hours=1.5))
        asked = (member.newsroom_id, author, key, span)
        assert await screens.posted_alike(conn, *asked) == (at if found else None)
        await comments.withdraw_source(conn, member.newsroom_id, "telegram:1:7#1", clock())
        assert await screens.posted_alike(conn, *asked) is None


moments = st.none() | st.datetimes(timezones=st.just(UTC))
boxes = st.none() | st.tuples(*[st.integers(-9, 9000)] * 4)
read_comments = st.builds(
    ReadComment,
    number=st.integers(1, 99),
    text=st.text(),
    handle=st.none() | st.text(),
    avatar=boxes,
    box=boxes,
    earliest=moments,
    latest=moments,
    posted_at=moments,
    dropped=st.booleans(),
)
read_profiles = st.builds(ReadProfile, counters=st.lists(st.tuples(st.text(), st.text())).map(tuple), avatar=boxes)


@given(
    st.builds(
        ReadScreen,
        kind=st.sampled_from(["none", "unknown", "profile", "thread", "chat", "post"]),
        platform=st.none() | st.text(),
        profile=st.none() | read_profiles,
        comments=st.lists(read_comments, max_size=4).map(tuple),
    )
)
def test_any_screen_comes_back_as_it_went(screen: ReadScreen) -> None:
    """Through JSON's values and back."""
    assert load(ReadScreen, dump(screen)) == screen
