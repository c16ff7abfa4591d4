"""What people said of pairs of pictures and of owners, and where pictures were seen: counted both ways, never lost."""

from dataclasses import replace

import pytest

from bot.model.newsroom import Member, Newsroom
from bot.model.photo_owner import OwnerEntry
from bot.storage import photo_owners, photo_rulings, photo_uses, photos
from bot.storage.photo_rulings import pair_of
from bot.storage.photos import NewPhoto
from bot.storage.store import Store
from tests.newsroom import make_member, make_newsroom
from tests.storage.test_photos import an_account
from tests.stores import StoppedClock

ONE, TWO, THREE = "1" * 64, "2" * 64, "3" * 64
OWNER = OwnerEntry(name="Жылдыз", profile="https://vk.com/real", how="өзү жазды", note="чалуу керек")


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    return await make_newsroom(store, clock())


@pytest.fixture
async def member(store: Store, clock: StoppedClock, newsroom: Newsroom) -> Member:
    return await make_member(store, newsroom, clock(), name="Айгерим")


async def test_a_ruling_counts_both_ways_and_the_latest_counts(
    store: Store, clock: StoppedClock, newsroom: Newsroom, member: Member
) -> None:
    """Whichever picture is asked about; what was said before stays as the pair's history, with who and when."""
    began = clock()
    async with store.write() as conn:
        assert await photo_rulings.add(conn, newsroom.id, (TWO, ONE), False, member.id, None, began)
        assert not await photo_rulings.add(conn, newsroom.id, (ONE, TWO), False, member.id, None, clock.tick())
        assert await photo_rulings.add(conn, newsroom.id, (ONE, TWO), True, member.id, None, clock.tick())
        assert await photo_rulings.add(conn, newsroom.id, (THREE, ONE), False, member.id, None, clock())
    async with store.read() as conn:
        for asked in ([ONE], [TWO], [ONE, TWO]):
            ruling = (await photo_rulings.among(conn, newsroom.id, asked))[ONE, TWO]
            assert (ruling.is_same, ruling.member_name, ruling.at) == (True, "Айгерим", clock())
        story = (await photo_rulings.story(conn, newsroom.id, [TWO]))[ONE, TWO]
        assert [(said.is_same, said.at) for said in story] == [(False, began), (True, clock())]
        assert (await photo_rulings.among(conn, newsroom.id, [THREE])).keys() == {(ONE, THREE)}
        assert await photo_rulings.among(conn, newsroom.id, ["4" * 64]) == {}
    assert pair_of(TWO, ONE) == pair_of(ONE, TWO) == (ONE, TWO)


async def test_another_persons_word_is_kept_beside_it(
    store: Store, clock: StoppedClock, newsroom: Newsroom, member: Member
) -> None:
    """Two people may say the same, or differ: each word is there, and the latest counts."""
    other = await make_member(store, newsroom, clock(), name="Данияр")
    async with store.write() as conn:
        for who, is_same in ((member, True), (other, True), (other, False)):
            assert await photo_rulings.add(conn, newsroom.id, (ONE, TWO), is_same, who.id, None, clock.tick())
        (said,) = (await photo_rulings.story(conn, newsroom.id, [ONE])).values()
    assert [(word.member_name, word.is_same) for word in said] == [
        ("Айгерим", True),
        ("Данияр", True),
        ("Данияр", False),
    ]


async def test_an_owner_is_corrected_and_taken_back(
    store: Store, clock: StoppedClock, newsroom: Newsroom, member: Member
) -> None:
    """The latest word counts; every earlier one stays, with who said it and when."""
    better = replace(OWNER, note=None)
    async with store.write() as conn:
        assert not await photo_owners.put(conn, newsroom.id, ONE, None, member.id, clock())
        assert await photo_owners.put(conn, newsroom.id, ONE, OWNER, member.id, clock())
        assert not await photo_owners.put(conn, newsroom.id, ONE, OWNER, member.id, clock.tick())
        assert await photo_owners.put(conn, newsroom.id, ONE, better, member.id, clock.tick())
        (known,) = (await photo_owners.of_pictures(conn, newsroom.id, [ONE, TWO])).values()
        assert (known.sha256, known.entry, known.member_name, known.at) == (ONE, better, "Айгерим", clock())
        assert await photo_owners.put(conn, newsroom.id, ONE, None, member.id, clock.tick())
        assert await photo_owners.of_pictures(conn, newsroom.id, [ONE]) == {}
        assert await photo_owners.put(conn, newsroom.id, ONE, OWNER, member.id, clock.tick())
        story = [owner.entry for owner in await photo_owners.story(conn, newsroom.id, ONE)]
    assert story == [OWNER, better, None, OWNER]


async def test_where_a_picture_was_seen(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Every use of the same bytes, oldest first, with its account; what was withdrawn counts nowhere."""
    account = await an_account(store, clock, newsroom, "one")
    plain = NewPhoto(newsroom_id=newsroom.id, sha256=ONE, description=None, width=3, height=2, source="1.jpg")
    async with store.write() as conn:
        first, _ = await photos.add(conn, [replace(plain, account_id=account), replace(plain, sha256=TWO)], clock())
        (second, gone) = await photos.add(conn, [replace(plain, source="2.jpg"), plain], clock.tick())
        await conn.execute(photos.t.update().where(photos.t.c.id == gone).values(withdrawn_at=clock()))
    async with store.read() as conn:
        uses = await photo_uses.of_pictures(conn, newsroom.id, [ONE])
    assert [(use.photo_id, use.account_id, use.source, use.case_number) for use in uses] == [
        (first, account, "1.jpg", None),
        (second, None, "2.jpg", None),
    ]
    assert uses[-1].at == clock()
