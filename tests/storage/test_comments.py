"""Comments: kept with who wrote them, found by their key, and no longer counted once they are withdrawn."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.model.account import AccountEntry
from bot.model.copies import CopyCount
from bot.model.newsroom import Newsroom
from bot.model.submission import Incoming
from bot.storage import accounts, comments, copies, filing, importing, texts
from bot.storage.comments import NewComment
from bot.storage.copies import Skip
from bot.storage.filing import BurstRule, FiledPart, NewPart
from bot.storage.store import Store
from bot.storage.tables import accounts as accounts_table
from bot.storage.tables import texts as texts_table
from bot.storage.texts import DONE, WAITING
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


async def test_withdrawn_comments_count_nowhere(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Those of the submission, and no others: found neither by id nor by key, and not counted."""
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
        assert await comments.sizes_of_keys(conn, newsroom.id, {len("Сен жалганчысың")}) == {len("Сен жалганчысың"): 1}


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
        moment = sa.select(comments.t.c.withdrawn_at).where(comments.t.c.id == first)
        assert await conn.scalar(moment) == later - timedelta(seconds=1)
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


async def counted(store: Store, newsroom: Newsroom, keys: Collection[int], **skip: Any) -> CopyCount:
    async with store.read() as conn:
        return await comments.count_by_keys(conn, newsroom.id, keys, **skip)


async def confirmed(store: Store, clock: StoppedClock, newsroom: Newsroom, **entry: Any) -> None:
    """A listed account that people confirmed."""
    listing = accounts.Listing(newsroom_id=newsroom.id, member_id=None, lister="x", batch=None, at=clock())
    keys = accounts.Keys(handle=entry.get("handle"), names={})
    async with store.write() as conn:
        account_id, _ = await accounts.put(conn, AccountEntry(**entry), keys, listing)
        own = accounts_table.c.id == account_id
        await conn.execute(sa.update(accounts_table).where(own).values(status="confirmed"))


async def test_nobody_said_it(store: Store, newsroom: Newsroom) -> None:
    """No keys, or keys of no comment: nothing counted."""
    for keys in ([], [1, 2]):
        assert await counted(store, newsroom, keys) == CopyCount()
    async with store.read() as conn:
        assert await comments.counts_by_keys(conn, newsroom.id, []) == []


async def test_how_often_and_by_whom(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Over all texts with one of the keys: times, accounts, the known fakes among them, and the earliest of all."""
    await confirmed(store, clock, newsroom, platform="vk", handle="fake", source="s")
    await confirmed(store, clock, newsroom, platform="facebook", numeric_id="77", source="s")
    day = clock() - timedelta(days=9)
    await add(
        store,
        clock,
        comment(newsroom, text_key=1, platform="vk", handle="fake", author_key="vk:fake"),
        comment(newsroom, text_key=1, platform="vk", handle="fake", author_key="vk:fake", posted_at=day, post="p"),
        comment(newsroom, text_key=2, platform="facebook", author_key="facebook:77"),
        # Only the platform's own handles count: somebody else's is nobody's.
        comment(newsroom, text_key=2, platform="ok", handle="fake", author_key="ok:fake"),
        comment(newsroom, text_key=2, author="fake", author_key="name:fake"),
        comment(newsroom, text_key=2),
        comment(newsroom, text_key=3, author_key="vk:other"),
    )
    found = await counted(store, newsroom, [1, 2])
    assert (found.times, found.accounts, found.fakes) == (6, 4, 2)
    assert (found.since, found.first_account, found.first_post) == (day, "vk:fake", "p")
    async with store.read() as conn:
        asked = {"vk:fake", "facebook:77", "ok:fake", "name:fake", "odd", "vk:"}
        assert await comments.fakes_among(conn, newsroom.id, asked) == {"vk:fake", "facebook:77"}
        assert await comments.fakes_among(conn, newsroom.id, ()) == set()


async def test_the_same_comment_forwarded_twice_was_posted_once(
    store: Store, clock: StoppedClock, newsroom: Newsroom
) -> None:
    """Told apart by author and date; imported lines, and comments of nobody known, count each."""
    (one,), (two,) = await filed(store, clock, newsroom), await filed(store, clock, newsroom)
    at = clock() - timedelta(hours=5)

    def forwarded(part: FiledPart, **said: object) -> NewComment:
        return comment(newsroom, text_key=1, submission_id=part.submission_id, part_id=part.id, **said)

    await add(
        store,
        clock,
        forwarded(one, author_key="vk:a", posted_at=at),
        forwarded(two, author_key="vk:a", posted_at=at),
        forwarded(two, author_key="vk:a", posted_at=clock()),
        forwarded(one),
        forwarded(two),
        comment(newsroom, text_key=1, author_key="vk:a", posted_at=at),
        comment(newsroom, text_key=1, author_key="vk:a", posted_at=at),
    )
    assert (found := await counted(store, newsroom, [1])).times == 6
    assert (found.accounts, found.since, found.first_account) == (1, at, None)
    mine = await counted(store, newsroom, [1], skip_submission=one.submission_id)
    assert (mine.times, mine.accounts) == (5, 1)
    others = await counted(store, newsroom, [1], skip_comment=("vk:a", at))
    assert (others.times, others.since) == (3, clock())
    neither = await counted(store, newsroom, [1], skip_submission=two.submission_id, skip_comment=("vk:a", at))
    assert (neither.times, neither.accounts) == (1, 0)


async def test_many_are_counted_at_once(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Each group by itself, with what does not count in it; groups may share keys, and a withdrawn comment is gone."""
    (part,) = await filed(store, clock, newsroom)
    said = [comment(newsroom, text_key=key, author_key=f"vk:{n}") for key in (1, 2, 2**62) for n in range(key % 7 + 1)]
    gone = comment(newsroom, text_key=1, submission_id=part.submission_id, part_id=part.id)
    await add(store, clock, *said, gone)
    groups = [[1], [2, 1], [], [2**62], [5], [1, 2], [1]]
    skips = [Skip()] * 5 + [Skip(comment=("vk:0", clock())), Skip(submission_id=part.submission_id)]
    async with store.write() as conn:
        before = await comments.counts_by_keys(conn, newsroom.id, groups, skips)
        assert [(c.times, c.accounts) for c in before] == [(3, 2), (6, 3), (0, 0), (5, 5), (0, 0), (4, 2), (2, 2)]
        await comments.withdraw(conn, part.submission_id, clock())
        after = await comments.counts_by_keys(conn, newsroom.id, groups)
        assert [c.times for c in after] == [2, 5, 0, 5, 0, 5, 2]


async def test_pages_of_copies(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Newest first by when they were posted, else added; withdrawn ones and other texts are on no page."""
    (part,) = await filed(store, clock, newsroom)
    old = [comment(newsroom, f"n{n}", text_key=n % 2, posted_at=clock() - timedelta(days=n)) for n in range(1, 6)]
    mine = comment(newsroom, "mine", text_key=1, submission_id=part.submission_id, part_id=part.id)
    await add(store, clock, *old, mine)
    async with store.write() as conn:
        pages = [await comments.page_by_keys(conn, newsroom.id, {1, 9}, 2, offset) for offset in (0, 2, 4)]
        assert [[facts.text for facts in page] for page in pages] == [["mine", "n1"], ["n3", "n5"], []]
        assert await comments.keys_of_submission(conn, newsroom.id, part.submission_id) == [(1, "mine")]
        await comments.withdraw(conn, part.submission_id, clock())
        assert await comments.keys_of_submission(conn, newsroom.id, part.submission_id) == []
        assert len(await comments.page_by_keys(conn, newsroom.id, {0, 1}, 99, 0)) == 5
        assert await comments.page_by_keys(conn, newsroom.id, (), 99, 0) == []


async def test_comments_get_another_normalisers_forms(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Page by page, the withdrawn ones too; who and when stay as they are."""
    ids = await add(store, clock, *(comment(newsroom, f"n{n}", author="A") for n in range(5)))
    async with store.write() as conn:
        first = await comments.rebuild_batch(conn, newsroom.id, 0, 3)
        rest = await comments.rebuild_batch(conn, newsroom.id, first[-1][0], 99)
        assert [*first, *rest] == [(comment_id, f"n{n}", 2) for n, comment_id in enumerate(ids)]
        await comments.rekey(conn, ((each.id, each.text.upper(), 100) for each in rest))
        await comments.rekey(conn, [])
        assert sorted(f.id for f in await comments.with_keys(conn, newsroom.id, {100})) == ids[3:]
        words = sa.select(comments.t.c.words).order_by(comments.t.c.id)
        assert list((await conn.execute(words)).scalars()) == ["n0", "n1", "n2", "N3", "N4"]


async def test_an_authors_name_has_a_campaign_looked_for(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """A text that was said by nobody known waits again once somebody is known to have said it."""
    (part,) = await filed(store, clock, newsroom)
    await add(store, clock, comment(newsroom, text_key=4, submission_id=part.submission_id, part_id=part.id))
    async with store.write() as conn:
        await conn.execute(sa.update(texts_table).values(state=DONE))
        await comments.set_author(conn, part.submission_id, "vk", "a", "vk:a")
        assert [text.state for text in await texts.by_keys(conn, newsroom.id, [4])] == [WAITING]


async def test_counting_reads_only_the_comments_asked_for(sqlite_store: Store, clock: StoppedClock) -> None:
    """However many comments a newsroom has: SQLite finds those with the keys in their index, and accounts in theirs."""
    async with sqlite_store.read() as conn:
        for statement in (copies._TOTALS, copies._FIRSTS, copies._SKIPPABLE):
            compiled = await conn.run_sync(lambda connection, one=statement: one.compile(connection))
            text = str(compiled).replace("(__[POSTCOMPILE_authors])", "('a')")
            plan = (await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", ("[]",) * text.count("?"))).all()
            searched = [row.detail for row in plan if " comments" in row.detail or " accounts" in row.detail]
            assert searched
            assert searched[0] == "SEARCH comments USING INDEX ix_comments_text_key (newsroom_id=? AND text_key=?)"
            assert all("newsroom_id=? AND platform=?" in each for each in searched[1:])


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
        assert await importing.comments_there(conn, newsroom.id, ["a", "b", "c"], "f") == {("a", "Сен жалганчысың")}
        assert await importing.comments_there(conn, newsroom.id, [], "f") == set()
