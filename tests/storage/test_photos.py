"""Photos: what they are found by, bound to accounts once, and withdrawn with their submission."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model.account import AccountEntry
from bot.model.newsroom import Newsroom
from bot.storage import accounts, filing, importing, photo_descriptions, photos
from bot.storage.accounts import Keys, Listing
from bot.storage.filing import BurstRule, NewPart
from bot.storage.photos import NewPhoto
from bot.storage.store import Store
from tests.newsroom import make_member, make_newsroom, message
from tests.stores import StoppedClock

SHA = "a" * 64
FOUND_BY = bytes(range(256))


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    return await make_newsroom(store, clock())


@pytest.fixture
async def submission_id(store: Store, clock: StoppedClock, newsroom: Newsroom) -> int:
    member = await make_member(store, newsroom, clock())
    part = NewPart(newsroom_id=newsroom.id, member_id=member.id, incoming=message(member, clock()))
    async with store.write() as conn:
        (filed,) = await filing.file_parts(conn, [part], BurstRule(within=timedelta(0), parts=1), clock())
    return filed.submission_id


async def an_account(store: Store, clock: StoppedClock, newsroom: Newsroom, handle: str) -> int:
    listing = Listing(newsroom_id=newsroom.id, member_id=None, lister="file", batch=None, at=clock())
    async with store.write() as conn:
        entry = AccountEntry(platform="vk", handle=handle)
        return (await accounts.put(conn, entry, Keys(handle=handle, names={}), listing))[0]


def photo(newsroom: Newsroom, **said: object) -> NewPhoto:
    plain = NewPhoto(newsroom_id=newsroom.id, sha256=SHA, description=FOUND_BY, width=3, height=2, source="1.jpg")
    return replace(plain, **said)


async def add(store: Store, clock: StoppedClock, *wanted: NewPhoto) -> list[int]:
    async with store.write() as conn:
        return await photos.add(conn, wanted, clock())


async def test_a_photo_comes_back(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """By its id and by its picture's bytes, each time that they were used."""
    first, other, again = await add(
        store, clock, photo(newsroom), photo(newsroom, sha256="b" * 64, description=None), photo(newsroom, source="2")
    )
    async with store.read() as conn:
        assert [p.id for p in await photos.by_ids(conn, newsroom.id, [first, other])] == [first, other]
        assert [p.id for p in await photos.of_pictures(conn, newsroom.id, [SHA, "c" * 64])] == [first, again]


async def test_a_picture_is_described_once(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Byte by byte as it was, however many photos have its bytes; another newsroom has its own."""
    stranger = await make_newsroom(store, clock())
    unknown = photo(newsroom, sha256="b" * 64, description=None)
    await add(store, clock, photo(newsroom), unknown, photo(stranger))
    await add(store, clock, photo(newsroom, description=b"later"))
    async with store.write() as conn:
        (described,) = await photo_descriptions.ids(conn, newsroom.id)
        assert await photo_descriptions.data_of(conn, newsroom.id, [described, 7]) == {described: FOUND_BY}
        assert await photo_descriptions.pictures_of(conn, newsroom.id, [described, 7]) == {described: SHA}
        assert await photo_descriptions.ids(conn, newsroom.id, described) == []
        assert await photo_descriptions.data_of(conn, stranger.id, [described]) == {}
        assert await photo_descriptions.undescribed(conn, newsroom.id, "", 9) == ["b" * 64]
        assert await photo_descriptions.undescribed(conn, newsroom.id, "b" * 64, 9) == []
        await photo_descriptions.add(conn, newsroom.id, {})


async def test_withdrawn_photos_count_nowhere(
    store: Store, clock: StoppedClock, newsroom: Newsroom, submission_id: int
) -> None:
    """The submission's own, and no others: not found again."""
    kept, gone = await add(store, clock, photo(newsroom), photo(newsroom, submission_id=submission_id))
    async with store.write() as conn:
        assert [p.id for p in await photos.of_submission(conn, submission_id)] == [gone]
        await photos.withdraw(conn, submission_id, clock.tick())
        assert [p.id for p in await photos.of_pictures(conn, newsroom.id, [SHA])] == [kept]
        assert [p.id for p in await photos.by_ids(conn, newsroom.id, [kept, gone])] == [kept]
        assert await photos.of_submission(conn, submission_id) == []


async def test_a_photo_is_bound_once(store: Store, clock: StoppedClock, newsroom: Newsroom, submission_id: int) -> None:
    """To the account of which a person said it; a later word does not take it away."""
    one, two = [await an_account(store, clock, newsroom, handle) for handle in ("one", "two")]
    (ours,) = await add(store, clock, photo(newsroom, submission_id=submission_id))
    async with store.write() as conn:
        await photos.link(conn, [ours], one)
        await photos.link(conn, [ours], two)
        await photos.link(conn, [], two)
        assert [p.account_id for p in await photos.by_ids(conn, newsroom.id, [ours])] == [one]


async def test_what_an_import_brought_before(
    store: Store, clock: StoppedClock, newsroom: Newsroom, submission_id: int
) -> None:
    """Known by its bytes, with its account; what members sent does not count."""
    account = await an_account(store, clock, newsroom, "one")
    first, _ = await add(
        store, clock, photo(newsroom, account_id=account), photo(newsroom, submission_id=submission_id)
    )
    async with store.read() as conn:
        assert await photos.there(conn, newsroom.id, [SHA, "c" * 64]) == {(SHA, account)}
        assert [p.id for p in await importing.photos_there(conn, newsroom.id, [SHA])] == [first]
