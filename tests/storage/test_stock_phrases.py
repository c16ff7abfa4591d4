"""The never-match list and the rejected pairs, on both engines."""

import pytest
import sqlalchemy as sa

from bot.model.newsroom import Newsroom
from bot.storage import campaign_texts, rejections, stock_phrases
from bot.storage.store import Store
from bot.storage.tables import campaigns, texts
from tests.newsroom import make_member, make_newsroom
from tests.stores import StoppedClock

BIG = 2**63 - 1


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    return await make_newsroom(store, clock())


async def test_the_list_keeps_each_text_once(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Put twice, it is there once, as it was put first; taken off twice, it was there once."""
    member = await make_member(store, newsroom, clock(), name="Нурбек")
    async with store.write() as conn:
        here = (conn, newsroom.id)
        first = await stock_phrases.add(*here, 7, "Рахмат!", member.id, clock())
        assert await stock_phrases.add(*here, 7, "рахмат", member.id, clock.tick()) is None
        second = await stock_phrases.add(*here, BIG, "согласен", member.id, clock())
        assert first is not None
        assert second is not None
        assert await stock_phrases.keys(*here) == {7, BIG}
        listed = await stock_phrases.all_of(*here)
        assert [(p.id, p.text, p.member_name) for p in listed] == [
            (second, "согласен", "Нурбек"),
            (first, "Рахмат!", "Нурбек"),
        ]
        assert await stock_phrases.remove(*here, first) == (7, "Рахмат!")
        assert await stock_phrases.remove(*here, first) is None
        assert await stock_phrases.keys(*here) == {BIG}


async def test_a_list_is_a_newsrooms_own(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """The same text on two lists is two entries, and none is taken off by the other newsroom."""
    other = await make_newsroom(store, clock())
    people = {each.id: (await make_member(store, each, clock())).id for each in (newsroom, other)}
    async with store.write() as conn:
        ids = []
        for each, member_id in people.items():
            ids.append(await stock_phrases.add(conn, each, 7, "рахмат", member_id, clock()))
            await rejections.add(conn, each, 1, 2, member_id, clock())
        assert await stock_phrases.remove(conn, other.id, ids[0] or 0) is None
        assert [p.id for p in await stock_phrases.all_of(conn, other.id)] == [ids[1]]
        await conn.execute(sa.delete(rejections.t).where(rejections.t.c.newsroom_id == newsroom.id))
        assert await rejections.among(conn, newsroom.id, [1]) == set()
        assert await rejections.among(conn, other.id, [1]) == {(1, 2)}


async def test_a_rejected_pair_has_no_order(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Said either way round it is one pair, found by either key; others are not found by it."""
    member = await make_member(store, newsroom, clock())
    async with store.write() as conn:
        for key, other in ((9, 5), (5, 9), (9, BIG), (1, 2)):
            await rejections.add(conn, newsroom.id, key, other, member.id, clock())
        assert await rejections.among(conn, newsroom.id, [9]) == {(5, 9), (9, BIG)}
        assert await rejections.among(conn, newsroom.id, {5, 7}) == {(5, 9)}
        assert await rejections.among(conn, newsroom.id, []) == set()
        assert len(await rejections.among(conn, newsroom.id, range(40_000))) == 3


async def test_the_texts_of_campaigns(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Those of these campaigns and no other, by number."""
    now = clock()
    moments = {"started_at": now, "first_seen": now, "last_seen": now}
    async with store.write() as conn:
        for n in (1, 2):
            row = {"id": n, "newsroom_id": newsroom.id, "number": n, "name": "x", **moments}
            await conn.execute(sa.insert(campaigns), [row])
        rows = [
            {"newsroom_id": newsroom.id, "number": n, "text_key": n * 10, "words": "w", "state": 2, "campaign_id": c}
            for n, c in ((3, 1), (2, 2), (1, 1), (4, None))
        ]
        await conn.execute(sa.insert(texts), rows)
        found = await campaign_texts.of_campaigns(conn, newsroom.id, [1])
        assert [(m.campaign_id, m.number, m.text_key) for m in found] == [(1, 1, 10), (1, 3, 30)]
        assert len(await campaign_texts.of_campaigns(conn, newsroom.id, [1, 2, 77])) == 3
        assert await campaign_texts.of_campaigns(conn, newsroom.id + 1, [1]) == []
