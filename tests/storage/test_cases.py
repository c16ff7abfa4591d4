"""Cases: the folder as a card shows it, settled when its burst is over, moved on by one press only."""

from datetime import timedelta
from typing import Any

import pytest

from bot.model.newsroom import Member, Newsroom
from bot.model.staff import StaffKind
from bot.model.submission import Case, OriginKind, SubmissionState
from bot.model.verdict import Finding, ThreatFound
from bot.storage import cases, comments, filing, inbox, staff, threats
from bot.storage.comments import NewComment
from bot.storage.filing import BurstRule, FiledPart, NewPart
from bot.storage.inbox import NewUpdate
from bot.storage.store import Store
from bot.storage.tables import threats as threats_table
from bot.storage.threats import NewThreat
from tests.newsroom import count, make_member, make_newsroom, message, typed
from tests.stores import StoppedClock

RULE = BurstRule(within=timedelta(seconds=2), parts=9)
THREAT = ThreatFound(level="threat", kinds=("arson",), severity=4, imminent=True)


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    return await make_newsroom(store, clock())


@pytest.fixture
async def member(store: Store, clock: StoppedClock, newsroom: Newsroom) -> Member:
    return await make_member(store, newsroom, clock())


async def file(store: Store, clock: StoppedClock, member: Member, *texts: str, **options: Any) -> FiledPart:
    """A submission of forwarded texts, the clock then stepping out of its burst; returns its first part."""
    make = typed if options.pop("typed", False) else message
    parts = [
        NewPart(
            newsroom_id=member.newsroom_id, member_id=member.id, incoming=make(member, clock(), text), finding=Finding()
        )
        for text in texts
    ]
    async with store.write() as conn:
        filed = await filing.file_parts(conn, parts, RULE, clock())
    clock.tick(10)
    return filed[0]


async def see(store: Store, member: Member, submission_id: int) -> Case:
    async with store.read() as conn:
        case = await cases.by_submission(conn, member.newsroom_id, submission_id)
    assert case is not None
    return case


async def test_a_case_is_shown_whole(store: Store, clock: StoppedClock, newsroom: Newsroom, member: Member) -> None:
    """Parts in the order of sending, the reporter, the number by which it is found, the rulings and the target."""
    opened = clock()
    part = await file(store, clock, member, "бир", "эки")
    async with store.write() as conn:
        await cases.add_ruling(conn, newsroom.id, part.submission_id, member.id, "threat", "yes", clock())
        await staff.put(conn, newsroom.id, StaffKind.PERSON, "Айгүл", None, (), clock())
        (person,) = await staff.all_of(conn, newsroom.id)
        await cases.set_target(conn, part.submission_id, person.id)
    case = await see(store, member, part.submission_id)
    assert (case.label, case.reporter_name, case.opened_at, case.target) == ("K-1", member.name, opened, "Айгүл")
    assert [p.text for p in case.parts] == ["бир", "эки"]
    assert [(r.kind, r.value, r.member_name, r.at) for r in case.rulings] == [("threat", "yes", member.name, clock())]
    async with store.read() as conn:
        assert await cases.by_number(conn, newsroom.id, 1) == case
        assert await cases.by_number(conn, newsroom.id, 2) is None
        place = await cases.by_message(conn, newsroom.id, case.chat_id, case.parts[0].message_id)
        assert place == (part.submission_id, part.id)
        assert await cases.by_message(conn, newsroom.id, case.chat_id, 999_999) is None


async def test_lists_page_on(store: Store, clock: StoppedClock, newsroom: Newsroom, member: Member) -> None:
    """The newest first, one's own or everyone's, from any number on; what is no case yet is not listed."""
    other = await make_member(store, newsroom, clock())
    for n in range(4):
        await file(store, clock, (member, other)[n % 2], f"текст {n} " + "ө" * 99)
    await file(store, clock, member, "жөн эле сөз", typed=True)
    async with store.read() as conn:
        assert [line.number for line in await cases.lines(conn, newsroom.id, None, 9)] == [4, 3, 2, 1]
        assert [line.number for line in await cases.lines(conn, newsroom.id, None, 2, before=3)] == [2, 1]
        mine = await cases.lines(conn, newsroom.id, member.id, 9)
    assert [line.number for line in mine] == [3, 1]
    assert (mine[0].excerpt[:7], len(mine[0].excerpt)) == ("текст 2", 60)


async def test_a_burst_settles_when_it_is_over(
    store: Store, clock: StoppedClock, newsroom: Newsroom, member: Member
) -> None:
    """Not before its time, nor while something of the chat waits in the inbox; what is put off does not hold it up."""
    part = await file(store, clock, member, "бир")
    words = await file(store, clock, await make_member(store, newsroom, clock()), "сөз", typed=True)
    update = NewUpdate(
        newsroom_id=newsroom.id,
        bot_id=1,
        update_id=1,
        identity="i",
        chat_key=member.telegram_id,
        media_group=None,
        loose=True,
        raw="{}",
    )

    async def due() -> list[int]:
        async with store.read() as conn:
            return [each.id for each in await cases.due_to_settle(conn, clock())]

    async with store.write() as conn:
        assert await cases.due_to_settle(conn, clock() - timedelta(seconds=19)) == []
        await inbox.accept(conn, [update], clock())
    assert await due() == [words.submission_id]
    async with store.write() as conn:
        (one,) = await inbox.claim(conn, clock(), 1, ())
    assert await due() == [words.submission_id]
    async with store.write() as conn:
        await inbox.put_back(conn, one.id, "Outage", clock() + timedelta(minutes=5))
    assert sorted(await due()) == sorted([part.submission_id, words.submission_id])
    async with store.write() as conn:
        await cases.settle(conn, await _ids(due))
        assert await cases.is_settled(conn, newsroom.id, part.submission_id)
    assert await due() == []
    states = [(await see(store, member, id_)).state for id_ in (part.submission_id, words.submission_id)]
    assert states == [SubmissionState.CASE, SubmissionState.ASKING]


async def _ids(due: Any) -> list[int]:
    found: list[int] = await due()
    return found


async def test_one_press_moves_it_on(store: Store, clock: StoppedClock, member: Member) -> None:
    """Of two presses at once the second finds it moved."""
    part = await file(store, clock, member, "бир")
    moved = []
    for _ in range(2):
        async with store.write() as conn:
            before = [SubmissionState.CASE]
            moved.append(await cases.set_state(conn, part.submission_id, SubmissionState.WITHDRAWN, before=before))
    assert moved == [True, False]


async def test_rulings_are_kept_and_the_latest_counts(
    store: Store, clock: StoppedClock, newsroom: Newsroom, member: Member
) -> None:
    """Saying the same again is no news; another word of the same or of another person is, also in the same instant."""
    other = await make_member(store, newsroom, clock(), name="Нурлан")
    part = await file(store, clock, member, "бир")

    async def rule(person: Member, value: str) -> bool:
        async with store.write() as conn:
            return await cases.add_ruling(conn, newsroom.id, part.submission_id, person.id, "threat", value, clock())

    assert [await rule(member, "yes"), await rule(member, "yes"), await rule(other, "yes")] == [True, False, True]
    assert [await rule(other, "no"), await rule(member, "yes")] == [True, False]
    case = await see(store, member, part.submission_id)
    assert len(case.rulings) == 3
    latest = case.ruled("threat")
    assert latest is not None
    assert (latest.value, latest.member_name) == ("no", "Нурлан")
    assert case.ruled("other") is None


async def test_words_move_to_the_latest_case(
    store: Store, clock: StoppedClock, newsroom: Newsroom, member: Member
) -> None:
    """A note belongs to the member's newest case of the last day that still stands."""
    begun = clock()
    first, second = [await file(store, clock, member, text) for text in ("бир", "эки")]
    words = await file(store, clock, member, "эскертүү", typed=True)
    async with store.write() as conn:
        assert await cases.latest_case_of(conn, member.id, begun) == second.submission_id
        await cases.set_state(conn, second.submission_id, SubmissionState.WITHDRAWN, before=[SubmissionState.CASE])
        assert await cases.latest_case_of(conn, member.id, begun) == first.submission_id
        assert await cases.latest_case_of(conn, member.id, clock()) is None
        await cases.move_parts(conn, words.submission_id, first.submission_id)
    case = await see(store, member, first.submission_id)
    assert (len(case.parts), case.note) == (2, "эскертүү")


async def test_what_is_set_on_a_case(store: Store, clock: StoppedClock, newsroom: Newsroom, member: Member) -> None:
    """Its card's message, its number, the text and the origin of its parts."""
    words = await file(store, clock, member, "сөз", typed=True)
    async with store.write() as conn:
        assert await cases.card_messages(conn, [words.submission_id]) == {}
        await cases.set_card_message(conn, words.submission_id, 55)
        await cases.set_number(
            conn, words.submission_id, await filing.take_numbers(conn, newsroom.id, "case_counter", 1)
        )
        await cases.set_part_text(conn, words.id, "башка сөз", clock())
        await cases.set_part_origin(conn, words.submission_id, {"kind": "pasted"})
        assert await cases.card_messages(conn, [words.submission_id]) == {words.submission_id: 55}
    case = await see(store, member, words.submission_id)
    assert (case.number, case.note) == (1, "")
    assert [(p.text, p.edited_at, p.origin.kind) for p in case.parts] == [("башка сөз", clock(), OriginKind.PASTED)]


async def test_who_wrote_it(store: Store, clock: StoppedClock, newsroom: Newsroom, member: Member) -> None:
    """As the case's comments say that still count."""
    part = await file(store, clock, member, "бир")
    row = NewComment(
        newsroom_id=newsroom.id,
        text="бир",
        words="бир",
        text_key=1,
        source="s",
        submission_id=part.submission_id,
        part_id=part.id,
        author="Асан",
    )
    async with store.write() as conn:
        await comments.add(conn, [row], clock())
        assert await cases.authors(conn, part.submission_id) == [(None, None, "Асан")]
        await comments.withdraw(conn, part.submission_id, clock())
        assert await cases.authors(conn, part.submission_id) == []


async def test_a_threat_is_recorded_once(store: Store, clock: StoppedClock, newsroom: Newsroom, member: Member) -> None:
    """T-1, T-2 without a gap; the same part again is passed over; its status follows the case."""
    one, two = [await file(store, clock, member, text) for text in ("бир", "эки")]
    found = [
        NewThreat(newsroom_id=newsroom.id, submission_id=p.submission_id, part_id=p.id, finding=THREAT)
        for p in (one, two)
    ]
    for batch in (found[:1], found, []):
        async with store.write() as conn:
            await threats.record(conn, batch, clock())
    async with store.write() as conn:
        assert [await threats.count_of(conn, p.submission_id) for p in (one, two)] == [1, 1]
        await threats.set_ruled(conn, newsroom.id, one.submission_id, is_threat=False)
        t = threats_table.c
        assert await count(conn, threats_table, t.number == 1, t.status == "dismissed", t.severity == 4) == 1
        assert await count(conn, threats_table, t.number == 2, t.status == "new") == 1
