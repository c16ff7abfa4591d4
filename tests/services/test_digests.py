"""What digests say: the window's figures, what it was before, corrections first; and how people set them."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.errors import Refusal
from bot.model.account import AccountEntry, AccountStatus
from bot.model.digest import (
    ALL_SECTIONS,
    ChatFacts,
    ChatKind,
    ChatState,
    Claim,
    DigestContent,
    NamedAccount,
    Place,
    Schedule,
    Section,
)
from bot.model.ids import new_id
from bot.model.newsroom import Member, Newsroom
from bot.model.rights import Role
from bot.model.submission import SubmissionState
from bot.services import digest_contents
from bot.services.digest_chats import DigestChats
from bot.services.digest_clock import DigestClock
from bot.services.digests import Digests, at_time, with_day, with_section
from bot.services.two_people import TwoPeople
from bot.storage import accounts, comments, digest_chats, digests, filing, history
from bot.storage.comments import NewComment
from bot.storage.store import Store
from bot.storage.tables import submissions
from tests.newsroom import make_member, make_newsroom, queued, said
from tests.services.test_digest_clock import GROUP, make_schedule
from tests.stage import Recorder
from tests.stores import StoppedClock

BISHKEK = ZoneInfo("Asia/Bishkek")
FACTS = ChatFacts(is_public=False, can_write=True, people=3, known=3)


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    """A newsroom in Bishkek, at six in the evening."""
    clock.now = datetime(2026, 10, 6, 12, tzinfo=UTC)
    return await make_newsroom(store, clock())


@pytest.fixture
async def editor(store: Store, newsroom: Newsroom, clock: StoppedClock) -> Member:
    """An editor."""
    return await make_member(store, newsroom, clock(), Role.EDITOR)


@pytest.fixture
async def admin(store: Store, newsroom: Newsroom, clock: StoppedClock) -> Member:
    """The administrator."""
    return await make_member(store, newsroom, clock(), Role.ADMIN)


async def make_case(store: Store, member: Member, number: int, now: datetime, level: str = "none") -> int:
    """A case with nothing in it; returns its submission."""
    row = {
        "id": new_id(),
        "newsroom_id": member.newsroom_id,
        "member_id": member.id,
        "chat_id": member.telegram_id,
        "first_message_id": number,
        "number": number,
        "state": SubmissionState.CASE.value,
        "settled": True,
        "source": "telegram",
        "level": level,
        "opened_at": now,
        "last_sent_at": now,
        "settles_at": now,
    }
    async with store.write() as conn:
        await conn.execute(submissions.insert(), [row])
    return int(str(row["id"]))


async def add_comments(store: Store, case: int, newsroom: Newsroom, now: datetime, *authors: str) -> None:
    """Comments with one text by these authors, in one case."""
    new = [
        NewComment(
            newsroom_id=newsroom.id,
            text="Сатылган",
            words="сатылган",
            text_key=7,
            source=f"s{new_id()}",
            submission_id=case,
            platform="vk",
            handle=author,
            author_key=f"vk:{author}",
            posted_at=datetime(2026, 10, 6, 9, tzinfo=UTC),
        )
        for author in authors
    ]
    async with store.write() as conn:
        await comments.add(conn, new, now)


async def add_fake(store: Store, member: Member, handle: str, now: datetime) -> int:
    """An account that is confirmed now."""
    listing = accounts.Listing(newsroom_id=member.newsroom_id, member_id=member.id, lister="x", batch=None, at=now)
    async with store.write() as conn:
        entry = AccountEntry(platform="vk", handle=handle)
        account_id, _ = await accounts.put(conn, entry, accounts.Keys(handle=handle, names={}), listing)
    await set_account(store, member, account_id, AccountStatus.CONFIRMED, now)
    return account_id


async def set_account(store: Store, member: Member, account_id: int, to: AccountStatus, now: datetime) -> None:
    """People decide on an account."""
    async with store.write() as conn:
        await accounts.set_status(conn, account_id, to, list(AccountStatus), now)
        await history.note(conn, member.newsroom_id, member.id, ("account", account_id), to.value, now)


async def content_of(store: Store, newsroom: Newsroom, until: datetime, hours: int = 24) -> DigestContent:
    """What a digest of the hours before a moment says."""
    async with store.read() as conn:
        window = (until - timedelta(hours=hours), until)
        return await digest_contents.contents(conn, newsroom.id, window, BISHKEK, until)


async def test_a_window_and_the_one_before(
    store: Store, newsroom: Newsroom, editor: Member, clock: StoppedClock
) -> None:
    """Cases and distinct comments of the window; several reporters of one comment count once; fakes are known."""
    await add_fake(store, editor, "troll_1", clock())
    await make_case(store, editor, 1, clock())
    clock.tick(86_400)
    for number in (2, 3):
        case = await make_case(store, editor, number, clock(), "threat" if number == 3 else "none")
        await add_comments(store, case, newsroom, clock(), "troll_1", "aida")
    found = await content_of(store, newsroom, clock.tick(60))
    assert (found.now.cases, found.before.cases) == (2, 1)
    assert (found.now.comments, found.now.by_fakes, found.now.repeated) == (2, 1, 2)
    assert [case.number for case in found.cases] == [3, 2]
    assert [(each.name, each.count) for each in found.platforms] == [("vk", 2)]
    assert (found.before.confirmed, found.now.confirmed) == (1, 0)
    assert not found.is_quiet


async def test_nothing_is_told_twice_or_lost_at_the_edge(
    store: Store, newsroom: Newsroom, editor: Member, clock: StoppedClock
) -> None:
    """What happens at the very end of a window is of the next one."""
    await make_case(store, editor, 1, clock())
    assert (await content_of(store, newsroom, clock())).now.cases == 0
    assert (await content_of(store, newsroom, clock() + timedelta(hours=24))).now.cases == 1


async def test_a_cleared_account_is_corrected_first(
    store: Store, newsroom: Newsroom, editor: Member, clock: StoppedClock
) -> None:
    """A digest that named a fake is followed by one that begins with its clearance, once."""
    schedule, ticking = await make_schedule(store, newsroom, clock()), DigestClock(store, clock)
    account_id = await add_fake(store, editor, "aida", clock.tick(60))
    clock.tick(86_400)
    assert await ticking.tick() == 1
    await set_account(store, editor, account_id, AccountStatus.CLEARED, clock())
    clock.tick(86_400)
    assert await ticking.tick() == 1
    clock.tick(86_400)
    assert await ticking.tick() == 1
    first, second, third = await _told(store, schedule)
    assert first.corrections == ()
    assert first.accounts == (NamedAccount(account_id=account_id, label="vk:aida", said="confirmed"),)
    assert [(each.label, each.said, each.now) for each in second.corrections] == [("vk:aida", "confirmed", "cleared")]
    assert third.corrections == ()
    assert third.is_quiet


async def test_what_only_goes_further_is_no_correction(
    store: Store, newsroom: Newsroom, editor: Member, clock: StoppedClock
) -> None:
    """A fake that its platform removed, a case that turned out to be a threat: news, no corrections."""
    account_id = await add_fake(store, editor, "aida", clock())
    case = await make_case(store, editor, 1, clock())
    claims = [
        (Claim(noun="account", row_id=account_id, label="vk:aida", said="confirmed"), clock()),
        (Claim(noun="case", row_id=case, label="K-1", said="none"), clock()),
    ]
    await set_account(store, editor, account_id, AccountStatus.GONE, clock())
    async with store.write() as conn:
        await filing.raise_level(conn, case, "threat")
        assert await digest_contents.corrections(conn, newsroom.id, claims) == []
        threatening = [(replace(claims[1][0], said="threat"), clock())]
        await conn.execute(submissions.update().values(level="curse"))
        (wrong,) = await digest_contents.corrections(conn, newsroom.id, threatening)
    assert wrong[1].now == "curse"


async def _told(store: Store, schedule: Schedule) -> list[DigestContent]:
    async with store.read() as conn:
        rows = await conn.execute(digests.digests.select().order_by(digests.digests.c.id))
        found = [await digests.get(conn, schedule.newsroom_id, row.id) for row in rows.all()]
    return [each.content for each in found if each is not None]


def test_sections_that_are_off_say_nothing() -> None:
    """Whatever is switched off is neither listed, nor counted, nor claimed."""
    account = NamedAccount(account_id=1, label="vk:a", said="confirmed")
    now = datetime(2026, 10, 6, tzinfo=UTC)
    content = DigestContent(since=now, until=now, accounts=(account,))
    content = replace(content, now=replace(content.now, confirmed=1))
    kept = digest_contents.of_sections(content, ALL_SECTIONS - {Section.FAKES})
    assert kept.accounts == ()
    assert kept.claims == ()
    assert kept.is_quiet
    assert digest_contents.of_sections(content, ALL_SECTIONS) == content


async def test_an_editor_asks_and_the_administrator_agrees(
    store: Store, editor: Member, admin: Member, clock: StoppedClock
) -> None:
    """A member's own chat has no digest before an administrator allows it; then every morning."""
    desk, chats, stage = Digests(store, clock), DigestChats(store, clock, TwoPeople(store, clock)), Recorder()
    place = Place(chat_id=editor.telegram_id, kind=ChatKind.PRIVATE)
    with pytest.raises(Refusal, match="chat_not_allowed"):
        await desk.here(editor, place)
    await chats.ask(stage, editor)
    await stage.commit(store)
    assert "chat_asked" in await said(store, admin)
    assert await said(store, editor) == ["chat_waits"]
    (chat,) = await chats.everything(admin)
    with pytest.raises(Refusal):
        await desk.view(editor, chat.id)
    await chats.allow(stage, admin, chat.id, 1)
    await stage.commit(store)
    view = await desk.view(editor, chat.id)
    assert view.next_at == datetime(2026, 10, 7, 3, tzinfo=UTC)
    assert view.schedule is not None
    assert view.schedule.told_until == datetime(2026, 10, 6, 3, tzinfo=UTC)
    with pytest.raises(Refusal):
        await desk.view(admin, chat.id)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(FACTS, is_public=True), "chat_public"),
        (replace(FACTS, can_write=False), "chat_closed"),
        (replace(FACTS, former="Асан"), "chat_former"),
    ],
)
async def test_a_chat_that_will_not_do(
    store: Store, admin: Member, clock: StoppedClock, facts: ChatFacts, code: str
) -> None:
    """A public group, one in which the bot may not write, one where somebody sits whose access has ended: refused."""
    with pytest.raises(Refusal, match=code):
        await DigestChats(store, clock, TwoPeople(store, clock)).add(Recorder(), admin, GROUP, facts)


async def test_a_group_of_members_is_announced(store: Store, admin: Member, clock: StoppedClock) -> None:
    """Whoever leads hears in one line who let which group have digests, and how many people are in it."""
    newsroom = type("Here", (), {"id": admin.newsroom_id})()
    other, lead = [await make_member(store, newsroom, clock(), role) for role in (Role.ADMIN, Role.SECURITY)]
    stage = Recorder()
    await DigestChats(store, clock, TwoPeople(store, clock)).add(stage, admin, GROUP, FACTS)
    await stage.commit(store)
    assert await said(store, admin) == ["chat_added"]
    assert await said(store, other) == await said(store, lead) == ["chat_opened_by"]
    told = [row.body["values"] for row in await queued(store) if row.body.get("code") == "chat_opened_by"]
    assert told == 2 * [{"name": admin.name, "who": GROUP.title, "people": 3}]


async def test_a_group_with_strangers_takes_two_people(store: Store, admin: Member, clock: StoppedClock) -> None:
    """An administrator alone opens it to nobody who is no member; what changed meanwhile makes it void."""
    newsroom = type("Here", (), {"id": admin.newsroom_id})()
    lead, stage = await make_member(store, newsroom, clock(), Role.SECURITY), Recorder()
    acts = TwoPeople(store, clock)
    chats = DigestChats(store, clock, acts)
    await chats.add(stage, admin, GROUP, replace(FACTS, people=4))
    await stage.commit(store)
    assert await chats.everything(admin) == []
    (view,) = await acts.waiting(admin.newsroom_id)
    assert (view.about, view.act.body["people"], view.act.body["known"]) == (GROUP.title, 4, 3)
    for by in (admin, lead):
        await acts.decide(stage, by, view.act.id, allow=True, message_id=None)
        await stage.commit(store)
    assert [(chat.place, chat.state) for chat in await chats.everything(admin)] == [(GROUP, ChatState.ALLOWED)]
    assert await said(store, admin) == ["act_waits", "act_own", "act_allowed", "chat_added"]
    await chats.add(stage, admin, replace(GROUP, topic_id=5), replace(FACTS, people=4))
    await stage.commit(store)
    async with store.write() as conn:
        people = (None, admin.id)
        await digest_chats.put(conn, admin.newsroom_id, replace(GROUP, topic_id=5), ChatState.STOPPED, people, clock())
    (view,) = await acts.waiting(admin.newsroom_id)
    await acts.decide(stage, lead, view.act.id, allow=True, message_id=None)
    await stage.commit(store)
    assert (await said(store, admin))[-1] == "act_void"
    assert {chat.state for chat in await chats.everything(admin) if chat.place.topic_id} == {ChatState.STOPPED}


async def test_so_many_strangers_as_were_allowed(store: Store, admin: Member, clock: StoppedClock) -> None:
    """What two people said to be right is kept of the group; of one that is stopped, or of members alone, none are."""
    newsroom = type("Here", (), {"id": admin.newsroom_id})()
    lead, stage = await make_member(store, newsroom, clock(), Role.SECURITY), Recorder()
    acts = TwoPeople(store, clock)
    chats = DigestChats(store, clock, acts)
    await chats.add(stage, admin, GROUP, FACTS)
    await stage.commit(store)
    assert await chats.strangers_allowed(admin.newsroom_id, GROUP.chat_id) == 0
    assert await chats.stop(admin.newsroom_id, GROUP.chat_id, "grown")
    await chats.add(stage, admin, GROUP, replace(FACTS, people=5))
    await stage.commit(store)
    assert await chats.strangers_allowed(admin.newsroom_id, GROUP.chat_id) == 0
    (view,) = await acts.waiting(admin.newsroom_id)
    await acts.decide(stage, lead, view.act.id, allow=True, message_id=None)
    await stage.commit(store)
    assert await chats.strangers_allowed(admin.newsroom_id, GROUP.chat_id) == 2
    assert await chats.stop(admin.newsroom_id, GROUP.chat_id, "public")
    assert await chats.strangers_allowed(admin.newsroom_id, GROUP.chat_id) == 0


async def test_a_chat_that_changes_stops_once(store: Store, admin: Member, clock: StoppedClock) -> None:
    """Every topic of a group that became public stops, administrators hear of each once; it can be added anew."""
    chats, stage = DigestChats(store, clock, TwoPeople(store, clock)), Recorder()
    for topic in (None, 5):
        await chats.add(stage, admin, replace(GROUP, topic_id=topic), FACTS)
    await stage.commit(store)
    assert await chats.stop(admin.newsroom_id, GROUP.chat_id, "public")
    assert not await chats.stop(admin.newsroom_id, GROUP.chat_id, "public")
    assert {chat.state for chat in await chats.everything(admin)} == {ChatState.STOPPED}
    assert (await said(store, admin)).count("chat_stopped") == 2
    await chats.add(stage, admin, GROUP, FACTS)
    await stage.commit(store)
    assert [c.state for c in await chats.everything(admin) if c.place.topic_id is None] == [ChatState.ALLOWED]


async def test_a_changed_hour_sends_nothing_of_the_past(
    store: Store, newsroom: Newsroom, editor: Member, clock: StoppedClock
) -> None:
    """Set to an hour that has passed today: the next one is tomorrow's, and it goes on where the last one ended."""
    schedule, desk, stage = await make_schedule(store, newsroom, clock()), Digests(store, clock), Recorder()
    await desk.change(stage, editor, schedule.chat.id, lambda found: at_time(found, time(12, 0)))
    await stage.commit(store)
    assert await DigestClock(store, clock).tick() == 0
    view = await desk.view(editor, schedule.chat.id)
    assert view.next_at == datetime(2026, 10, 7, 6, tzinfo=UTC)
    assert view.schedule is not None
    assert view.schedule.told_until == schedule.told_until


async def test_a_pause_is_made_up_for(store: Store, newsroom: Newsroom, editor: Member, clock: StoppedClock) -> None:
    """Nothing comes during a pause; the first digest after it covers the time, its days owe nothing."""
    schedule, desk, stage = await make_schedule(store, newsroom, clock()), Digests(store, clock), Recorder()
    await desk.pause(stage, editor, schedule.chat.id, None, on=True)
    await stage.commit(store)
    clock.tick(3 * 86_400)
    assert await DigestClock(store, clock).tick() == 0
    await desk.pause(stage, editor, schedule.chat.id, None, on=False)
    await stage.commit(store)
    assert await DigestClock(store, clock).tick() == 0
    clock.tick(86_400)
    assert await DigestClock(store, clock).tick() == 1
    (content,) = await _told(store, schedule)
    assert (content.since, content.until) == (schedule.told_until, datetime(2026, 10, 10, 3, tzinfo=UTC))


async def test_a_preview_marks_nothing(store: Store, newsroom: Newsroom, editor: Member, clock: StoppedClock) -> None:
    """Whoever looks early takes nothing away from the morning."""
    schedule, desk, stage = await make_schedule(store, newsroom, clock()), Digests(store, clock), Recorder()
    clock.tick(3600)
    await desk.preview(stage, editor, schedule.chat.id)
    await stage.commit(store)
    clock.tick(86_400)
    assert await DigestClock(store, clock).tick() == 1
    preview, told = await _told(store, schedule)
    assert told.since == schedule.told_until
    assert preview.until < told.until


def test_the_last_day_and_the_last_section_stay() -> None:
    """What would leave nothing is left as it was."""
    place = Place(chat_id=1, kind=ChatKind.PRIVATE)
    now = datetime(2026, 10, 6, tzinfo=UTC)
    chat = digest_chats.DigestChat(
        id=1, newsroom_id=1, place=place, member_id=1, state=ChatState.ALLOWED, reason=None, added_by=1, added_at=now
    )
    schedule = Schedule(
        id=1,
        newsroom_id=1,
        chat=chat,
        rhythm=digests.Rhythm(),
        language="ru",
        sections=frozenset({Section.WORK}),
        told_until=now,
        begun_at=now,
    )
    for day in range(7):
        schedule = with_day(schedule, day)
    assert schedule.rhythm.days == {6}
    assert with_section(schedule, Section.WORK) == schedule
