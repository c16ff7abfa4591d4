"""What partners say is looked up through an index, however much there is of it."""

from datetime import date, timedelta

import sqlalchemy as sa

from bot.model.exchange import ItemKind, SharedItem
from bot.storage import exchange_items, exchange_partners
from bot.storage.store import Store
from bot.storage.tables import exchange_partners as partners
from tests.newsroom import make_newsroom
from tests.stores import StoppedClock

MANY = 300


async def test_words_are_found_and_forgotten(store: Store, clock: StoppedClock) -> None:
    """Among three hundred: the one that is asked for, until it is recalled, expired, or its partner withdrawn."""
    newsroom, now = await make_newsroom(store, clock()), clock()
    today = now.date()
    said = [
        SharedItem(
            id=f"{n:032x}",
            kind=ItemKind.TEXT,
            text_key=n,
            normaliser=3,
            confidence=50,
            since=today,
            expires=today + timedelta(days=n % 7),
        )
        for n in range(1, MANY)
    ]
    async with store.write() as conn:
        partner_id = await exchange_partners.trust(conn, newsroom.id, "Ала-Тоо", b"p" * 32, now)
        await exchange_items.put(conn, newsroom.id, partner_id, said, 1)
    async with store.read() as conn:

        async def found(*keys: int, day: int = 0) -> list[int | None]:
            held = await exchange_items.of_texts(conn, newsroom.id, keys, 3, today + timedelta(days=day))
            return sorted(each.said.text_key or 0 for each in held)

        assert await found(5, 8, MANY + 1) == [5, 8]
        assert await found(5, 8, day=2) == [5]
        assert await exchange_items.of_texts(conn, newsroom.id, [5], 4, today) == []
    async with store.write() as conn:
        await exchange_items.recall(conn, newsroom.id, partner_id, [f"{5:032x}"], now)
        await exchange_items.drop_expired(conn, newsroom.id, partner_id, today + timedelta(days=1))
        there = await exchange_items.of_partner(conn, newsroom.id, partner_id)
    assert there[f"{5:032x}"][1]
    assert f"{7:032x}" not in there


async def test_a_fingerprint_is_looked_up_in_an_index(sqlite_store: Store) -> None:
    """The engine's own plan names the index of fingerprints, and reads no table from end to end."""
    asked = (
        (exchange_items.asking_texts(1, [5, 8], 3, date(2026, 11, 1)), "ix_exchange_items_text"),
        (sa.select(partners.c.id).where(partners.c.newsroom_id == 1), "sqlite_autoindex_exchange_partners"),
    )
    async with sqlite_store.read() as conn:
        for query, index in asked:
            text = str(await conn.run_sync(lambda connection, one=query: one.compile(connection)))
            marks = ("[]",) * text.count("?")
            plan = (await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", marks)).all()
            found = [row.detail for row in plan if " exchange_" in row.detail]
            assert found
            assert all(each.startswith("SEARCH") and index in each for each in found), plan
