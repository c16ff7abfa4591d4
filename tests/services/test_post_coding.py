"""The coding queue: two see nothing of each other, a third decides where they differ; the report counts the rest."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.errors import Refusal
from bot.model.account import AccountEntry, AccountStatus
from bot.model.newsroom import Member
from bot.model.post import DECIDER, ActorEntry, PostEntry
from bot.model.report import Pair
from bot.model.rights import Role
from bot.services.period_reports import PeriodReports
from bot.services.post_coding import HELD, PostCoding
from bot.services.reports.windows import read_windows
from bot.storage import accounts, comments, post_codings, posts
from bot.storage.comments import NewComment
from bot.storage.store import Store
from tests.newsroom import make_member, make_newsroom, queued
from tests.stage import Recorder
from tests.stores import StoppedClock

WORDS = "2026-11-01..2026-11-26 vs 2026-10-06..2026-10-31"
BISHKEK = ZoneInfo("Asia/Bishkek")
SAME = ("neutral", "sport")


@dataclass(kw_only=True)
class House:
    """A newsroom with three editors and the posts of a party."""

    store: Store
    clock: StoppedClock
    newsroom_id: int
    people: tuple[Member, ...]
    coding: PostCoding
    reports: PeriodReports
    stage: Recorder = field(default_factory=Recorder)

    async def commit(self) -> None:
        """End the transaction of what was staged."""
        await self.stage.commit(self.store)

    async def shown(self, member: Member) -> tuple[str, int]:
        """What the last reply to a member shows: its code, and of which post."""
        rows = [body for to, body in await queued(self.store, "member_id", "body") if to == member.id]
        return rows[-1]["code"], int(rows[-1]["values"].get("post", 0))

    async def ask(self, member: Member) -> tuple[str, int]:
        """/code, and what it shows."""
        self.coding.next(self.stage, member)
        await self.commit()
        return await self.shown(member)

    async def say(self, member: Member, post_id: int, tone: str, topic: str | None) -> tuple[str, int]:
        """Press the tone and the topic of a post; returns what is shown then."""
        for what, value in (("tone", tone), ("topic", topic)):
            if value is not None:
                await self.coding.code(self.stage, member, post_id, what, value, 5)
                await self.commit()
        return await self.shown(member)

    async def code_all(self, member: Member, codes: dict[int, tuple[str, str]], default: tuple[str, str]) -> int:
        """Code whatever is shown until there is nothing left; returns how many that were."""
        code, post_id = await self.ask(member)
        count = 0
        while code == "coding":
            code, post_id = await self.say(member, post_id, *codes.get(post_id, default))
            count += 1
        return count


@pytest.fixture
async def house(store: Store, clock: StoppedClock) -> House:
    """Four posts of a party in November, two in October."""
    newsroom = await make_newsroom(store, clock())
    people = [await make_member(store, newsroom, clock(), Role.EDITOR, name=name) for name in ("А", "Б", "В")]
    async with store.write() as conn:
        actor_id, _ = await posts.put_actor(
            conn, newsroom.id, ActorEntry(name="Партия", category="parties"), "партия", clock()
        )
        entries = [(actor_id, post(number)) for number in range(6)]
        await posts.add(conn, newsroom.id, entries, "posts.csv", clock())
    return House(
        store=store,
        clock=clock,
        newsroom_id=newsroom.id,
        people=tuple(people),
        coding=PostCoding(store, clock),
        reports=PeriodReports(store, clock),
    )


def post(number: int) -> PostEntry:
    """Post n: those from 4 on are of October."""
    at = datetime(2026, 11, 3 + number, 12, tzinfo=BISHKEK)
    at = at.replace(month=10, day=10 + number) if number > 3 else at
    given: dict[str, Any] = {"posted_at": at, "captured_at": at + timedelta(days=3), "text": f"Сөз {number}"}
    return PostEntry(
        source=str(number),
        actor="Партия",
        category="parties",
        platform="vk",
        venue="page",
        reactions=10 * (number + 1),
        **given,
    )


async def test_two_code_each_post_and_a_third_decides(house: House) -> None:
    """Six posts: two by everybody alike, one on which tone differs; the third is asked only for that tone."""
    one, two, three = house.people
    await house.coding.draw(house.stage, one, WORDS)
    await house.commit()
    first, post_id = await house.shown(one)
    assert first == "coding"
    view = await house.coding.view(one, post_id)
    assert (view.place, view.drawn, view.done, view.tone) == (1, 6, 0, None)
    assert await house.code_all(one, {}, SAME) == 6
    # The second sees nothing of what the first said.
    _, post_id = await house.ask(two)
    view = await house.coding.view(two, post_id)
    assert (view.place, view.tone, view.topic, view.said) == (2, None, None, ((), ()))
    assert await house.code_all(two, {post_id: ("negative", "sport")}, SAME) == 6
    assert (await house.ask(one))[0] == "coding_done"
    report = await house.reports.make(house.newsroom_id, *read_windows(WORDS))
    assert sum((report.sampling.coded.now, report.sampling.coded.before)) == 5
    assert sum((report.sampling.open.now, report.sampling.open.before)) == 1
    # The third decides: of the topic nothing is asked.
    assert await house.ask(three) == ("coding", post_id)
    view = await house.coding.view(three, post_id)
    assert (view.place, view.tone, view.topic) == (DECIDER, None, "sport")
    assert (set(view.said[0]), view.said[1]) == ({"neutral", "negative"}, ("sport",))
    assert (await house.say(three, post_id, "negative", None))[0] == "coding_done"
    report = await house.reports.make(house.newsroom_id, *read_windows(WORDS))
    assert (report.sampling.coded, report.sampling.to_code) == (Pair(now=4, before=2), Pair(now=4, before=2))
    assert report.tone.negative.now + report.tone.negative.before == 1
    assert {(found.what, found.units, found.agreed) for found in report.agreement} == {("tone", 6, 5), ("topic", 6, 6)}
    assert [(line.key, line.posts) for line in report.topics] == [("sport", Pair(now=4, before=2))]


async def test_undo_skip_and_what_is_behind(house: House) -> None:
    """A coder may take back, pass over and press twice; once a third has decided, what was said stands."""
    one, two, three = house.people
    await house.coding.draw(house.stage, one, WORDS)
    await house.commit()
    _, first = await house.shown(one)
    _, second = await house.say(one, first, *SAME)
    assert second != first
    # Pressed again on the message that is behind: nothing changes.
    assert await house.say(one, first, "negative", "crime") == ("coding", second)
    await house.coding.undo(house.stage, one, first, 5)
    await house.commit()
    assert await house.shown(one) == ("coding", first)
    assert (await house.coding.view(one, first)).tone is None
    await house.say(one, first, "positive", "crime")
    await house.coding.skip(house.stage, one, second, 5)
    await house.commit()
    assert (await house.shown(one))[1] not in (first, second)
    # What was passed over comes back last; others get it meanwhile.
    assert await house.code_all(one, {}, SAME) == 5
    assert await house.code_all(two, {}, SAME) == 6
    await house.code_all(three, {}, ("neutral", "crime"))
    with pytest.raises(Refusal, match="coding_settled"):
        await house.coding.undo(house.stage, one, first, 5)
    with pytest.raises(Refusal, match="coding_not_yours"):
        await house.coding.view(three, second)
    with pytest.raises(Refusal, match="button_not_yours"):
        await house.coding.code(house.stage, one, first, "tone", "angry", 5)


async def test_nobody_codes_a_post_twice_and_no_place_is_held_for_ever(house: House) -> None:
    """Two ask at once and get different places; who goes away leaves the place to others after a day."""
    one, two, three = house.people
    await house.coding.draw(house.stage, one, WORDS)
    await house.commit()
    _, begun = await house.shown(one)
    assert (await house.ask(one))[1] == begun
    for person in (two, three):
        await house.code_all(person, {}, SAME)
    # All six have two coders but one place: it is held for the first.
    report = await house.reports.make(house.newsroom_id, *read_windows(WORDS))
    assert sum((report.sampling.coded.now, report.sampling.coded.before)) == 5 + (await places(house, begun) == 2)
    house.clock.tick(HELD.total_seconds() + 1)
    assert await house.code_all(three, {}, SAME) + await house.code_all(two, {}, SAME) <= 1
    report = await house.reports.make(house.newsroom_id, *read_windows(WORDS))
    assert report.sampling.coded == Pair(now=4, before=2)
    async with house.store.read() as conn:
        said = await post_codings.of_posts(conn, house.newsroom_id, [begun])
    assert len({each.member_id for each in said}) == len(said)


async def places(house: House, post_id: int) -> int:
    """How many have coded a post."""
    async with house.store.read() as conn:
        found = await post_codings.of_posts(conn, house.newsroom_id, [post_id])
    return sum(each.coded_at is not None for each in found)


async def test_the_report_counts_posts_and_the_archive(house: House) -> None:
    """Figures as counted by hand: 10+20+30+40 reactions against 50+60; fakes' comments by status, each once."""
    await comment(house, "vk", "fake", datetime(2026, 11, 2, 9, tzinfo=BISHKEK), how_many=3)
    await comment(house, "vk", "doubt", datetime(2026, 11, 26, 23, 59, tzinfo=BISHKEK))
    await comment(house, None, None, datetime(2026, 11, 27, 0, 0, tzinfo=BISHKEK), how_many=5)
    await comment(house, "facebook", None, datetime(2026, 10, 6, 0, 0, tzinfo=BISHKEK), how_many=2)
    await listed(house, "fake", AccountStatus.CONFIRMED)
    await listed(house, "doubt", AccountStatus.SUSPECTED)
    report = await house.reports.make(house.newsroom_id, *read_windows(WORDS))
    assert (report.posts, report.reactions) == (Pair(now=4, before=2), Pair(now=100, before=110))
    assert report.interactions == Pair(now=100, before=110)
    assert report.sampling.delay_median == Pair(now=3, before=3)
    assert report.days[2].posts == Pair(now=1, before=0)
    assert (report.own.comments, report.days[25].comments.now, report.days[0].comments.before) == (
        Pair(now=4, before=2),
        1,
        2,
    )
    assert report.fakes is not None
    assert (report.fakes.confirmed.now.count, report.fakes.confirmed.now.value) == (3, 0.75)
    assert (report.fakes.suspected.now.count, report.fakes.confirmed.before.count) == (1, 0)
    assert [(each.actor, each.present, each.absent) for each in report.presence] == [("Партия", ("vk",), ())]
    assert [each.text for each in report.top_posts if each.is_now][:2] == ["Сөз 3", "Сөз 2"]
    assert not report.is_empty
    empty = await house.reports.make(house.newsroom_id, *read_windows("2024-01-01..2024-01-02"))
    assert empty.is_empty
    assert (empty.fakes, empty.agreement, empty.top_posts) == (None, (), ())


async def comment(house: House, platform: str | None, handle: str | None, at: datetime, how_many: int = 1) -> None:
    """Comments that an import brought."""
    new = [
        NewComment(
            newsroom_id=house.newsroom_id,
            text="т",
            words="т",
            text_key=1,
            source=f"{platform}{handle}{at}{number}",
            platform=platform,
            author_key=f"{platform}:{handle}" if handle else None,
            posted_at=at,
        )
        for number in range(how_many)
    ]
    async with house.store.write() as conn:
        await comments.add(conn, new, house.clock())


async def listed(house: House, handle: str, status: AccountStatus) -> None:
    """An account of the list."""
    listing = accounts.Listing(newsroom_id=house.newsroom_id, member_id=None, lister="x", batch=None, at=house.clock())
    async with house.store.write() as conn:
        entry = AccountEntry(platform="vk", handle=handle)
        account_id, _ = await accounts.put(conn, entry, accounts.Keys(handle=handle, names={}), listing)
        if status is not AccountStatus.SUSPECTED:
            await accounts.set_status(conn, account_id, status, [AccountStatus.SUSPECTED], house.clock())
