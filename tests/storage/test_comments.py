"""Comments: kept with who wrote them, found by their key, and no longer counted once they are withdrawn."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model.ids import first_id_at
from bot.model.newsroom import Newsroom
from bot.model.submission import Incoming
from bot.storage import comments, filing, importing
from bot.storage.comments import NewComment
from bot.storage.filing import BurstRule, FiledPart, NewPart
from bot.storage.store import Store
from tests.newsroom import make_member, make_newsroom, message
from tests.stores import StoppedClock


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    return await make_newsroom(store, clock())


def comment(newsroom: Newsroom, text: str = "Сен жалганчысың", **said: object) -> NewComment:
    plain = NewComment(newsroom_id=newsroom.id, text=text, words=text.lower(), text_key=len(text), source="row 1")
    return replace(plain, **said)


async def add(store: Store, clock: StoppedClock, *wanted: NewComment) -> list[int]:
    async with store.write() as conn:
        return await comments.add(conn, wanted, clock())


async def filed(store: Store, clock: StoppedClock, newsroom: Newsroom, how_many: int = 1) -> list[FiledPart]:
    """A submission of so many parts, for comments to belong to."""
    member = await make_member(store, newsroom, clock())
    sent: list[Incoming] = [message(member, clock()) for _ in range(how_many)]
    parts = [NewPart(newsroom_id=newsroom.id, member_id=member.id, incoming=each) for each in sent]
    async with store.write() as conn:
        return await filing.file_parts(conn, parts, BurstRule(within=timedelta(seconds=2), parts=9), clock())


async def test_a_comment_comes_back(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """With all that is known of it; its date is when it was posted, else when it came."""
    posted = clock() - timedelta(days=3)
    full = comment(
        newsroom, platform="vk", handle="id5", author="Асан", author_key="vk:id5", post="p", posted_at=posted
    )
    first, second = await add(store, clock, full, comment(newsroom, "Башка текст", author="Бакыт"))
    async with store.read() as conn:
        facts = {f.id: f for f in await comments.by_ids(conn, newsroom.id, [first, second])}
    assert (facts[first].text, facts[first].account, facts[first].since) == ("Сен жалганчысың", "vk:id5", posted)
    assert (facts[second].account, facts[second].since, facts[second].submission_id) == ("Бакыт", clock(), None)


async def test_copies_are_found_by_their_key(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Every one with the key, also a negative or a very large one; none for no keys."""
    keys = [-(2**63), 2**63 - 1, 0, 7, 7]
    ids = await add(store, clock, *(comment(newsroom, text_key=key) for key in keys))
    async with store.read() as conn:
        assert sorted(f.id for f in await comments.with_keys(conn, newsroom.id, {7, 2**63 - 1})) == [ids[1], *ids[3:]]
        assert await comments.with_keys(conn, newsroom.id, set()) == []
        assert [f.id for f in await comments.with_keys(conn, newsroom.id, {-(2**63)})] == [ids[0]]


async def test_the_recent_ones(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """The newest so many above an id, oldest first; an id tells when it was made."""
    ids = await add(store, clock, *(comment(newsroom, f"n{n}") for n in range(5)))
    async with store.read() as conn:
        assert [c.id for c in await comments.recent(conn, newsroom.id, 0, 3)] == ids[2:]
        assert [c.words for c in await comments.recent(conn, newsroom.id, ids[2], 9)] == ["n3", "n4"]
        assert len(await comments.recent(conn, newsroom.id, first_id_at(clock()), 9)) == 5


async def test_withdrawn_comments_count_nowhere(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Those of the submission, and no others: not found, not recent, and told to the indexes."""
    (one,), (two,) = await filed(store, clock, newsroom), await filed(store, clock, newsroom)
    mine, theirs = await add(
        store,
        clock,
        comment(newsroom, submission_id=one.submission_id, part_id=one.id),
        comment(newsroom, submission_id=two.submission_id, part_id=two.id),
    )
    clock.tick()
    async with store.write() as conn:
        await comments.withdraw(conn, one.submission_id, clock())
        assert [f.id for f in await comments.by_ids(conn, newsroom.id, [mine, theirs])] == [theirs]
        assert [f.id for f in await comments.with_keys(conn, newsroom.id, {len("Сен жалганчысың")})] == [theirs]
        assert [c.id for c in await comments.recent(conn, newsroom.id, 0, 9)] == [theirs]
        assert await comments.withdrawn_since(conn, newsroom.id, clock()) == [mine]
        assert await comments.withdrawn_since(conn, newsroom.id, clock() + timedelta(seconds=1)) == []


async def test_an_edited_text_is_withdrawn_alone(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Of a submission's texts only the edited one; what was withdrawn before keeps its moment."""
    one, two = await filed(store, clock, newsroom, 2)
    first, second = await add(
        store,
        clock,
        *(comment(newsroom, submission_id=part.submission_id, part_id=part.id) for part in (one, two)),
    )
    async with store.write() as conn:
        await comments.withdraw_part(conn, one.id, clock())
        later = clock.tick()
        await comments.withdraw_part(conn, one.id, later)
        assert await comments.withdrawn_since(conn, newsroom.id, later) == []
        assert await comments.withdrawn_since(conn, newsroom.id, later - timedelta(seconds=1)) == [first]
        assert [f.id for f in await comments.by_ids(conn, newsroom.id, [first, second])] == [second]


async def test_who_wrote_it_is_filled_in(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Where nobody is known yet; what Telegram or a file said stays."""
    one, two = await filed(store, clock, newsroom, 2)
    await add(
        store,
        clock,
        comment(newsroom, submission_id=one.submission_id, part_id=one.id),
        comment(newsroom, submission_id=one.submission_id, part_id=two.id, platform="vk", handle="known"),
        comment(newsroom),
    )
    async with store.write() as conn:
        assert await comments.set_author(conn, one.submission_id, "facebook", "aibek", "facebook:aibek") == 1
        facts = await comments.with_keys(conn, newsroom.id, {len("Сен жалганчысың")})
    assert sorted(str(f.account) for f in facts) == ["None", "facebook:aibek", "vk:known"]


async def test_what_an_import_brought_before(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Known by source and text; what members forwarded under the same name does not count."""
    (part,) = await filed(store, clock, newsroom)
    await add(
        store,
        clock,
        comment(newsroom, source="a"),
        comment(newsroom, source="b", submission_id=part.submission_id, part_id=part.id),
    )
    async with store.read() as conn:
        assert await importing.comments_there(conn, newsroom.id, ["a", "b", "c"]) == {("a", "Сен жалганчысың")}
        assert await importing.comments_there(conn, newsroom.id, []) == set()
