"""Staff under protection: one record a name, aliases gathered, nobody lost by being added twice."""

import pytest

from bot.model.newsroom import Newsroom
from bot.model.staff import StaffKind
from bot.storage import staff
from bot.storage.store import Store
from tests.newsroom import make_member, make_newsroom
from tests.stores import StoppedClock


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    return await make_newsroom(store, clock())


async def test_aliases_are_gathered(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Added, changed by what is new, the same by what is not; an outlet of the same name is somebody else."""

    async def put(kind: StaffKind, position: str | None, *aliases: str) -> str:
        async with store.write() as conn:
            return await staff.put(conn, newsroom.id, kind, "Айгүл", position, aliases, clock())

    person = StaffKind.PERSON
    assert await put(person, None, "Aigul", "Гүлжан") == "added"
    assert await put(person, None, "Гүлжан") == "same"
    assert await put(person, "кабарчы", "Айгуль", "Aigul") == "changed"
    assert await put(person, None) == "same"
    assert await put(StaffKind.OUTLET, None) == "added"
    async with store.read() as conn:
        found = {one.kind: one for one in await staff.all_of(conn, newsroom.id)}
    assert found[person].names == ("Айгүл", "Aigul", "Гүлжан", "Айгуль")
    assert (found[person].position, found[person].member_id) == ("кабарчы", None)
    assert found[StaffKind.OUTLET].names == ("Айгүл",)


async def test_who_was_removed_comes_back_with_all_names(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Removed once only; put again it is the same record, so that old cases keep the name."""
    async with store.write() as conn:
        await staff.put(conn, newsroom.id, StaffKind.PERSON, "Айгүл", None, ("Aigul",), clock())
        (one,) = await staff.all_of(conn, newsroom.id)
        assert [await staff.remove(conn, newsroom.id, one.id, clock()) for _ in range(2)] == [True, False]
        assert await staff.all_of(conn, newsroom.id) == []
        assert await staff.put(conn, newsroom.id, StaffKind.PERSON, "Айгүл", None, (), clock()) == "changed"
        assert await staff.all_of(conn, newsroom.id) == [one]


async def test_a_protected_person_may_be_a_member(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """And is then linked."""
    member = await make_member(store, newsroom, clock())
    async with store.write() as conn:
        await staff.put(conn, newsroom.id, StaffKind.PERSON, "Айгүл", None, (), clock())
        (one,) = await staff.all_of(conn, newsroom.id)
        await staff.link_member(conn, one.id, member.id, clock())
        assert [each.member_id for each in await staff.all_of(conn, newsroom.id)] == [member.id]
