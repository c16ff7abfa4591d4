"""Campaigns in the archive: what waits, what is counted, and what editors said, on both engines."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.model.account import AccountEntry, AccountStatus
from bot.model.ids import new_id
from bot.model.newsroom import Newsroom
from bot.model.staff import StaffKind
from bot.model.verdict import Finding, TargetFound, ThreatFound
from bot.storage import (
    accounts,
    campaign_figures,
    campaigns,
    cases,
    comments,
    filing,
    history,
    staff,
    stock_phrases,
    threats,
)
from bot.storage import texts as texts_room
from bot.storage.campaign_figures import Aim
from bot.storage.filing import BurstRule, NewPart
from bot.storage.store import Store
from bot.storage.tables import campaign_parts, texts
from bot.storage.texts import DONE
from tests.campaign_ground import post
from tests.newsroom import make_member, make_newsroom, message
from tests.stores import MakeStore, StoppedClock

#: Three texts that nobody would take for each other.
WALL = "Стену у реки строят на деньги вкладчиков, а не города"
BREAD = "Хлеб подорожал вдвое, потому что муку вывозят за границу"
ROAD = "Дорогу к перевалу закроют до весны из-за схода лавин"


@dataclass
class Archive:
    """Short ways of filling and asking one newsroom's archive."""

    store: Store
    clock: StoppedClock
    newsroom: Newsroom

    async def posted(self, text: str, by: str | None = None, **said: Any) -> int:
        """A comment; returns its text's number."""
        async with self.store.write() as conn:
            return (await post(conn, self.newsroom.id, text, by, **{"at": self.clock()} | said))[1]

    async def campaign(self, *numbers: int, last_seen: datetime | None = None) -> int:
        """A campaign of these texts; returns its id."""
        campaign_id = new_id()
        async with self.store.write() as conn:
            await campaigns.found(conn, self.newsroom.id, [campaign_id], self.clock())
            await campaigns.assign(conn, self.newsroom.id, numbers, campaign_id)
            await campaigns.describe(
                conn, self.newsroom.id, campaign_id, "Имя", self.clock(), last_seen or self.clock()
            )
        return campaign_id

    async def ask(self, function: Any, *arguments: Any) -> Any:
        """What a query of this newsroom answers."""
        async with self.store.read() as conn:
            return await function(conn, self.newsroom.id, *arguments)

    async def do(self, function: Any, *arguments: Any) -> Any:
        """Make a change."""
        async with self.store.write() as conn:
            return await function(conn, self.newsroom.id, *arguments)

    async def key_of(self, number: int) -> int:
        """The key of a text."""
        return int((await self.ask(campaigns.known, [number]))[number].text_key)

    async def case(self, text: str, *, by: str | None = None, targets: Sequence[TargetFound] = ()) -> tuple[int, int]:
        """A forwarded comment by a new member, perhaps a threat; its submission and the member's id."""
        member = await make_member(self.store, self.newsroom, self.clock())
        found = Finding(threat=ThreatFound(level="threat", severity=4, targets=tuple(targets)))
        part = NewPart(
            newsroom_id=self.newsroom.id, member_id=member.id, incoming=message(member, self.clock()), finding=found
        )
        async with self.store.write() as conn:
            (filed,) = await filing.file_parts(conn, [part], BurstRule(within=timedelta(0), parts=1), self.clock())
            await post(conn, self.newsroom.id, text, by, at=self.clock(), submission_id=filed.submission_id)
            if targets:
                threat = threats.NewThreat(
                    newsroom_id=self.newsroom.id,
                    submission_id=filed.submission_id,
                    part_id=filed.id,
                    finding=found.threat,
                )
                await threats.record(conn, [threat], self.clock())
        return filed.submission_id, member.id

    async def person(self, name: str) -> int:
        """Somebody under protection."""
        await self.do(staff.put, StaffKind.PERSON, name, None, (), self.clock())
        async with self.store.read() as conn:
            return next(each.id for each in await staff.all_of(conn, self.newsroom.id) if each.name == name)


@pytest.fixture
async def archive(store: Store, clock: StoppedClock) -> Archive:
    return Archive(store, clock, await make_newsroom(store, clock()))


async def test_texts_wait_in_the_order_of_their_numbers(archive: Archive) -> None:
    """Until they are placed; woken they wait again, but not before their postings are there."""
    one, two, three = [await archive.posted(text) for text in (WALL, BREAD, ROAD)]
    assert [t.number for t in await archive.ask(campaigns.waiting, 2)] == [one, two]
    await archive.do(campaigns.set_state, [one, two, three], DONE)
    assert await archive.ask(campaigns.count_waiting) == 0
    async with archive.store.write() as conn:
        await conn.execute(sa.update(texts).where(texts.c.number == three).values(state=0))
    keys = [await archive.key_of(number) for number in (two, three)]
    await archive.do(texts_room.wake, keys)
    await archive.do(texts_room.wake, [])
    assert [t.number for t in await archive.ask(campaigns.waiting, 9)] == [two]
    await archive.do(campaigns.set_state, [three], DONE)
    assert (await archive.ask(campaigns.known, [three]))[three].state == 0


async def test_authors_tell_one_from_several(archive: Archive) -> None:
    """Nobody known, one, or two at the most; what was withdrawn does not count, nor make a text live."""
    wall, bread, road = [await archive.posted(text) for text in (WALL, BREAD, ROAD)]
    for author in ("vk:a", "vk:b", "vk:c"):
        await archive.posted(BREAD, author)
    submission, _ = await archive.case(ROAD, by="vk:a")
    keys = {number: await archive.key_of(number) for number in (wall, bread, road)}
    found = await archive.ask(campaigns.authors, set(keys.values()))
    assert found == {keys[bread]: frozenset({"vk:a", "vk:c"}), keys[road]: frozenset({"vk:a"})}
    async with archive.store.write() as conn:
        await comments.withdraw(conn, submission, archive.clock())
        await conn.execute(sa.update(comments.t).where(comments.t.c.text == WALL).values(withdrawn_at=archive.clock()))
    assert keys[road] not in await archive.ask(campaigns.authors, set(keys.values()))
    known = await archive.ask(campaigns.known, [wall], [keys[bread]])
    assert {number: text.is_live for number, text in known.items()} == {wall: False, bread: True}


async def test_campaigns_are_numbered_densely(archive: Archive) -> None:
    """Whoever opens them; an unknown number is none."""
    await archive.do(campaigns.found, [new_id(), new_id()], archive.clock())
    await archive.do(campaigns.found, [], archive.clock())
    await archive.campaign()
    labels = [(await archive.ask(campaigns.by_number, number)).label for number in (1, 2, 3)]
    assert labels == ["C-1", "C-2", "C-3"]
    assert await archive.ask(campaigns.by_number, 4) is None


async def test_a_merged_campaign_is_found_as_what_replaced_it(archive: Archive) -> None:
    """However many merges later; restored it stands for itself, and the texts can be given back."""
    one, two, three = [await archive.campaign(await archive.posted(text)) for text in (WALL, BREAD, ROAD)]
    moved = await archive.do(campaigns.merge, three, two)
    await archive.do(campaigns.merge, two, one)
    assert (await archive.ask(campaigns.by_number, 3)).number == 1
    assert await archive.ask(campaigns.merged) == {two: one, three: one}
    assert await archive.ask(campaigns.absorbed, one) == [two]
    assert (await archive.ask(campaigns.by_ids, [three]))[three].merged_into == 2
    assert await archive.ask(campaigns.sizes, [one, two, three]) == {one: 3}
    await archive.do(campaigns.restore, three)
    await archive.do(campaigns.assign, moved, three)
    assert (await archive.ask(campaigns.by_number, 3)).merged_into is None
    assert list(await archive.ask(campaigns.members, three)) == moved


async def test_told_apart_outlives_a_merge(archive: Archive) -> None:
    """It holds for the campaign that took one of the two in; within one campaign it means nothing."""
    one, two, three = [await archive.campaign() for _ in range(3)]
    for _ in range(2):
        await archive.do(campaigns.tell_apart, three, two)
    assert await archive.ask(campaigns.told_apart, two) == {three}
    await archive.do(campaigns.merge, two, one)
    assert await archive.ask(campaigns.told_apart, three) == {one}
    assert await archive.ask(campaigns.told_apart, one) == {three}
    await archive.do(campaigns.merge, three, one)
    assert await archive.ask(campaigns.told_apart, one) == set()


async def test_a_comment_counts_once(archive: Archive) -> None:
    """Forwarded by two colleagues it was posted once; posted twice it counts twice; withdrawn not at all."""
    number = await archive.posted(WALL, "vk:a", post="p1")
    await archive.posted(WALL, "vk:a", post="p1")
    await archive.posted(WALL, None, post="p2")
    wall = await archive.campaign(number, await archive.posted(BREAD, "name:Асан"))
    for _ in range(2):
        await archive.case(WALL, by="vk:b")
    gone, _ = await archive.case(WALL, by="vk:c")
    async with archive.store.write() as conn:
        await comments.withdraw(conn, gone, archive.clock())
    (line,) = await archive.ask(campaign_figures.lines, [wall])
    assert (line.times, line.accounts, line.fakes, line.posts) == (5, 3, 0, 2)
    assert await archive.ask(campaign_figures.authors, wall, 2) == (("vk:a", 2), ("Асан", 1))
    assert await archive.ask(campaign_figures.posts, wall, 9) == (("p1", 2), ("p2", 1))
    assert await archive.ask(campaign_figures.text_count, wall) == 2
    shown = await archive.ask(campaign_figures.texts, wall, 1)
    assert [(t.number, t.text, t.times, t.accounts) for t in shown] == [(number, WALL, 4, 2)]
    assert [t.text for t in await archive.ask(campaign_figures.texts, wall, 9, 1)] == [BREAD]


async def test_fakes_are_confirmed_accounts(archive: Archive) -> None:
    """By handle or by numeric id, each once; a suspected one is none."""
    listing = accounts.Listing(
        newsroom_id=archive.newsroom.id, member_id=None, lister="x", batch=None, at=archive.clock()
    )
    named = {"a": None, "b": "77", "c": None, "d": None}
    async with archive.store.write() as conn:
        for handle, numeric in named.items():
            entry = AccountEntry(platform="vk", handle=handle, numeric_id=numeric)
            account, _ = await accounts.put(conn, entry, accounts.Keys(handle=handle, names={}), listing)
            if handle != "c":
                before = [AccountStatus.SUSPECTED]
                await accounts.set_status(conn, account, AccountStatus.CONFIRMED, before, archive.clock())
    for author in ("vk:a", "vk:a", "vk:77", "vk:c", "vk:e", "ok:d"):
        number = await archive.posted(WALL, author)
    (line,) = await archive.ask(campaign_figures.lines, [await archive.campaign(number)])
    assert (line.accounts, line.fakes) == (5, 2)


async def test_first_and_last_seen_are_those_of_the_comments(archive: Archive) -> None:
    """When it was posted, else when it came; of the whole campaign, also when only its commonest text is asked for."""
    now = archive.clock()
    old, older = now - timedelta(days=3), now - timedelta(days=9)
    wall = await archive.posted(WALL, posted_at=old)
    bread = await archive.posted(BREAD, posted_at=older)
    await archive.posted(BREAD)
    campaign = await archive.campaign(wall, bread)
    (common,) = await archive.ask(campaign_figures.commonest, campaign, 1)
    assert (common.number, common.times, common.first_seen, common.last_seen) == (bread, 2, older, now)
    assert [t.number for t in await archive.ask(campaign_figures.commonest, campaign, 9)] == [bread, wall]


async def test_a_text_is_shown_as_it_was_first_written(archive: Archive) -> None:
    """The earliest comment that still counts."""
    await archive.posted(WALL.upper())
    number = await archive.posted(WALL, posted_at=archive.clock() - timedelta(days=1))
    assert await archive.ask(campaign_figures.first_written, number) == WALL
    assert await archive.ask(campaign_figures.first_written, number + 1) is None


async def test_the_newest_come_first(archive: Archive) -> None:
    """By when they were last seen; merged ones, and those with nothing left, are not listed."""
    now = archive.clock()
    seen = [now - timedelta(days=days) for days in (3, 1, 2)]
    texts_ = [WALL, BREAD, ROAD]
    three, one, two = [
        await archive.campaign(await archive.posted(text), last_seen=at) for text, at in zip(texts_, seen, strict=True)
    ]
    await archive.campaign(last_seen=now)
    assert await archive.ask(campaign_figures.newest, None, None, 9, 0) == [one, two, three]
    assert await archive.ask(campaign_figures.newest, None, None, 1, 1) == [two]
    assert await archive.ask(campaign_figures.newest, now - timedelta(days=2), None, 9, 0) == [one, two]
    await archive.do(campaigns.merge, one, two)
    assert await archive.ask(campaign_figures.newest, None, None, 9, 0) == [two, three]


async def test_campaigns_by_whom_they_are_aimed_at(archive: Archive) -> None:
    """As a person said of a case, or the detector of a threat that stands; perhaps of one's own cases only."""
    gul, bek, tag = [await archive.person(name) for name in ("Айгүл", "Бек", "Тагай")]
    said, sender = await archive.case(WALL)
    named = TargetFound(kind="staff", staff=bek, text='"staff": 1,')
    threat, _ = await archive.case(BREAD, targets=[TargetFound(kind="outlet", staff=None, text="x"), named])
    async with archive.store.write() as conn:
        await cases.set_target(conn, said, gul)
    wall, bread = [await archive.campaign(await archive.posted(text)) for text in (WALL, BREAD)]

    async def aimed(*staff_ids: int, member_id: int | None = None) -> list[int]:
        aim = Aim(staff_ids=staff_ids, member_id=member_id)
        return list(await archive.ask(campaign_figures.newest, None, aim, 9, 0))

    assert await aimed(gul, bek) == [bread, wall]
    assert (await aimed(gul), await aimed(bek), await aimed(tag), await aimed(1), await aimed()) == (
        [wall],
        [bread],
        [],
        [],
        [],
    )
    assert await aimed(gul, bek, member_id=sender) == [wall]
    assert await archive.ask(campaign_figures.targets, wall) == ("Айгүл",)
    assert await archive.ask(campaign_figures.targets, bread) == ("Бек",)
    async with archive.store.write() as conn:
        await threats.set_ruled(conn, archive.newsroom.id, threat, is_threat=False)
    assert (await aimed(bek), await archive.ask(campaign_figures.targets, bread)) == ([], ())


async def test_what_contains_what_is_seen_from_both_sides(archive: Archive) -> None:
    """Also after one of them was merged; a part without a campaign is not shown."""
    wall, bread, road = [await archive.posted(text) for text in (WALL, BREAD, ROAD)]
    one, two = await archive.campaign(wall), await archive.campaign(bread)
    await archive.do(campaigns.add_parts, {(one, bread), (one, road), (one, wall)})
    await archive.do(campaigns.add_parts, {(one, bread)})
    await archive.do(campaigns.add_parts, set())
    assert await archive.ask(campaign_figures.related, one) == ("C-2",)
    assert await archive.ask(campaign_figures.related, two) == ("C-1",)
    three = await archive.campaign(road)
    await archive.do(campaigns.merge, two, three)
    assert await archive.ask(campaign_figures.related, one) == ("C-3",)
    await archive.do(campaigns.merge, three, one)
    assert await archive.ask(campaign_figures.related, one) == ()
    async with archive.store.read() as conn:
        assert await conn.scalar(sa.select(sa.func.count()).select_from(campaign_parts)) == 3


async def test_a_text_between_two_campaigns_is_seen_from_both(archive: Archive) -> None:
    """It is in neither of them, and shares a part with both; not when everybody says it."""
    wall, bread, road = [await archive.posted(text) for text in (WALL, BREAD, ROAD)]
    one, two = await archive.campaign(wall), await archive.campaign(bread)
    await archive.do(campaigns.add_parts, {(one, road)})
    assert await archive.ask(campaign_figures.related, one) == ()
    await archive.do(campaigns.add_parts, {(two, road)})
    assert await archive.ask(campaign_figures.related, one) == ("C-2",)
    assert await archive.ask(campaign_figures.related, two) == ("C-1",)
    member = await make_member(archive.store, archive.newsroom, archive.clock())
    async with archive.store.write() as conn:
        key = await conn.scalar(sa.select(texts.c.text_key).where(texts.c.number == road))
        assert key is not None
        await stock_phrases.add(conn, archive.newsroom.id, key, ROAD, member.id, archive.clock())
    assert await archive.ask(campaign_figures.related, one) == ()


async def test_the_story_says_who_did_what(archive: Archive) -> None:
    """Oldest first; what nobody did by hand has no name."""
    member = await make_member(archive.store, archive.newsroom, archive.clock(), name="Данияр")
    campaign = await archive.campaign()
    for member_id, event in ((member.id, "merged"), (None, "split")):
        async with archive.store.write() as conn:
            subject = ("campaign", campaign)
            await history.note(conn, archive.newsroom.id, member_id, subject, event, archive.clock(), other="C-9")
    assert await archive.ask(campaign_figures.story, campaign) == (
        ("merged", "Данияр", archive.clock(), "C-9"),
        ("split", "", archive.clock(), "C-9"),
    )


async def test_another_newsroom_is_not_seen(archive: Archive, store: Store, clock: StoppedClock) -> None:
    """The same text in both; every figure is of one's own."""
    other = Archive(store, clock, await make_newsroom(store, clock(), "Башка"))
    for each in (archive, other):
        for author in ("vk:a", "vk:b"):
            number = await each.posted(WALL, author)
        campaign = await each.campaign(number)
    (line,) = await other.ask(campaign_figures.lines, [campaign])
    assert (line.times, line.accounts, line.campaign.label) == (2, 2, "C-1")
    assert await archive.ask(campaign_figures.lines, [campaign]) == []
    for function in (campaign_figures.authors, campaign_figures.texts, campaign_figures.posts):
        assert await archive.ask(function, campaign, 9) == ()
    assert await archive.do(campaigns.merge, campaign, campaign) == []
    await archive.do(campaigns.assign, [number + 1], campaign)
    assert await other.ask(campaigns.sizes, [campaign]) == {campaign: 1}


async def test_one_places_at_a_time(archive: Archive, more_stores: MakeStore) -> None:
    """While one transaction holds the lock, another that wants it waits for its end."""
    other, order = more_stores(), []

    async def second() -> None:
        async with other.write() as conn:
            await texts_room.lock(conn, archive.newsroom.id)
            order.append("second")

    async with archive.store.write() as conn:
        await texts_room.lock(conn, archive.newsroom.id)
        task = asyncio.create_task(second())
        await asyncio.sleep(0.2)
        order.append("first")
    await task
    assert order == ["first", "second"]
