"""Listed accounts: found by handle or id, added to and never doubled; confirmed by different people only."""

from datetime import timedelta

import pytest

from bot.model.account import Account, AccountEntry, AccountStatus
from bot.model.newsroom import Member, Newsroom
from bot.storage import accounts, photos
from bot.storage.accounts import Keys, Listing
from bot.storage.photos import NewPhoto
from bot.storage.store import Store
from tests.newsroom import make_member, make_newsroom
from tests.stores import StoppedClock

OPEN = [AccountStatus.SUSPECTED, AccountStatus.CLEARED]


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    return await make_newsroom(store, clock())


@pytest.fixture
async def member(store: Store, clock: StoppedClock, newsroom: Newsroom) -> Member:
    return await make_member(store, newsroom, clock())


def entry(handle: str | None = "Aibek_01", **said: object) -> AccountEntry:
    return AccountEntry(**({"platform": "facebook", "handle": handle, "source": "row 1"} | said))


async def put(
    store: Store, clock: StoppedClock, newsroom: Newsroom, said: AccountEntry, batch: str | None = None
) -> tuple[int, str]:
    keys = Keys(handle=said.handle.lower() if said.handle else None, names={n: n.lower() for n in said.names})
    listing = Listing(newsroom_id=newsroom.id, member_id=None, lister="Данияр", batch=batch, at=clock())
    async with store.write() as conn:
        return await accounts.put(conn, said, keys, listing)


async def get(store: Store, newsroom: Newsroom, account_id: int) -> Account:
    async with store.read() as conn:
        found = await accounts.get(conn, newsroom.id, account_id)
    assert found is not None
    return found


async def search(store: Store, newsroom: Newsroom, words: str, limit: int = 20) -> list[str | None]:
    async with store.read() as conn:
        return [a.handle for a in await accounts.search(conn, newsroom.id, words, words.lower(), limit)]


async def test_a_new_account_is_suspected(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """With all that was said of it, by whom, when and in which batch."""
    said = entry(numeric_id="100", names=("Айбек", "Aibek"), farm="F-3", reason="бирдей сүрөт")
    account_id, outcome = await put(store, clock, newsroom, said, "list.csv")
    found = await get(store, newsroom, account_id)
    assert outcome == "added"
    assert (found.label, found.names, found.status) == ("facebook:Aibek_01", ("Айбек", "Aibek"), "suspected")
    assert (found.farm, found.reason, found.source) == ("F-3", "бирдей сүрөт", "row 1")
    assert (found.listed_by, found.listed_at, found.batch) == ("Данияр", clock(), "list.csv")
    assert (found.photos, found.confirmations) == ((), ())


async def test_the_same_again_changes_nothing(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """An import that runs twice: the same account, "same", and indexes need not look again."""
    said = entry(names=("Айбек",), reason="r")
    first, _ = await put(store, clock, newsroom, said)
    clock.tick()
    assert await put(store, clock, newsroom, said) == (first, "same")
    async with store.read() as conn:
        assert await accounts.changed_since(conn, newsroom.id, clock()) == []


async def test_what_is_new_is_added(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Names are gathered, a missing id is filled in; what tells the account apart is never replaced."""
    first, _ = await put(store, clock, newsroom, entry(names=("Айбек",)))
    clock.tick()
    assert await put(store, clock, newsroom, entry("AIBEK_01", numeric_id="100", names=("Айбек", "Бек"))) == (
        first,
        "changed",
    )
    found = await get(store, newsroom, first)
    assert (found.handle, found.numeric_id, found.names) == ("Aibek_01", "100", ("Айбек", "Бек"))
    assert found.listed_at == clock() - timedelta(seconds=1)
    assert (await put(store, clock, newsroom, entry("aibek.new", numeric_id="100")))[0] == first
    assert (await get(store, newsroom, first)).handle == "Aibek_01"
    async with store.read() as conn:
        assert [a.id for a in await accounts.changed_since(conn, newsroom.id, clock())] == [first]


async def test_accounts_are_told_apart(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """The same handle elsewhere is another account; so is a namesake, and one without handle or id is never found."""
    ids = [
        (await put(store, clock, newsroom, said))[0]
        for said in (
            entry(),
            entry(platform="instagram"),
            entry("other", names=("Айбек",)),
            entry(None, numeric_id="7"),
            entry(None, numeric_id="8"),
        )
    ]
    assert len(set(ids)) == 5
    async with store.read() as conn:
        assert await accounts.find(conn, newsroom.id, entry(None), Keys(handle=None, names={})) is None
        by_id = {a.id: a.label for a in await accounts.by_ids(conn, newsroom.id, ids)}
    assert by_id[ids[3]] == "facebook:7"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("%", ["a%b"]),
        ("_", ["a_b"]),
        ("a_b", ["a_b"]),
        ("a%b", ["a%b"]),
        ("/", ["a/b"]),
        ("\\", ["a\\b"]),
        ("'", ["a'b"]),
        ("%' OR 1=1 --", []),
        ("B", ["a'b", "a\\b", "a/b", "axb", "a%b", "a_b"]),
    ],
)
async def test_search_takes_wildcards_literally(
    store: Store, clock: StoppedClock, newsroom: Newsroom, words: str, expected: list[str]
) -> None:
    """LIKE's wildcards, its escapes and quotes match themselves only; newest first."""
    for handle in ("a_b", "a%b", "axb", "a/b", "a\\b", "a'b"):
        await put(store, clock, newsroom, entry(handle))
    assert await search(store, newsroom, words) == expected


@pytest.mark.parametrize("words", ["%", "_", "\\", "/"])
async def test_search_takes_wildcards_in_names_literally(
    store: Store, clock: StoppedClock, newsroom: Newsroom, words: str
) -> None:
    """Names as well."""
    await put(store, clock, newsroom, entry("with", names=(f"a{words}b",)))
    await put(store, clock, newsroom, entry("without", names=("axb",)))
    assert await search(store, newsroom, words) == ["with"]


async def test_search_finds_by_handle_id_farm_and_name(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """In any part of them, whatever the case, in Cyrillic too; no words find every one, the newest first."""
    await put(store, clock, newsroom, entry("first", numeric_id="555", farm="Ферма Өрнөк", names=("Жаңыл Мырза",)))
    await put(store, clock, newsroom, entry("second"))
    for words in ("IRS", "55", "ферма", "ФЕРМА ӨРНӨК", "жаңыл", "first"):
        assert await search(store, newsroom, words) == ["first"], words
    assert await search(store, newsroom, "") == ["second", "first"]
    assert await search(store, newsroom, "", limit=1) == ["second"]


async def test_one_person_s_word_counts_once(
    store: Store, clock: StoppedClock, newsroom: Newsroom, member: Member
) -> None:
    """Said twice is said once; a second person's word is another; what ended counts no longer and can be said anew."""
    other = await make_member(store, newsroom, clock())
    account_id, _ = await put(store, clock, newsroom, entry())

    async def confirm(person: Member) -> bool:
        async with store.write() as conn:
            await accounts.lock(conn, account_id)
            return await accounts.rule(conn, newsroom.id, account_id, person.id, "confirm", None, clock())

    assert [await confirm(member), await confirm(member), await confirm(other)] == [True, False, True]
    assert (await get(store, newsroom, account_id)).confirmations == (member.id, other.id)
    async with store.write() as conn:
        await accounts.end_rulings(conn, account_id, "confirm")
        await accounts.rule(conn, newsroom.id, account_id, member.id, "clear", "ката", clock())
    assert (await get(store, newsroom, account_id)).confirmations == ()
    assert await confirm(member)
    assert (await get(store, newsroom, account_id)).confirmations == (member.id,)


async def test_the_status_moves_from_where_it_was_seen(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Of two decisions at once one finds the account moved already; a change is seen by the indexes."""
    account_id, _ = await put(store, clock, newsroom, entry())
    clock.tick()
    async with store.write() as conn:
        assert await accounts.set_status(conn, account_id, AccountStatus.CONFIRMED, OPEN, clock())
        assert not await accounts.set_status(conn, account_id, AccountStatus.CONFIRMED, OPEN, clock())
        assert [a.id for a in await accounts.changed_since(conn, newsroom.id, clock())] == [account_id]
        assert len(await accounts.changed_since(conn, newsroom.id, None)) == 1
    assert (await get(store, newsroom, account_id)).status is AccountStatus.CONFIRMED


async def test_a_batch_is_what_of_it_is_suspected(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Confirmed and cleared ones are no longer waiting in it; another batch is another."""
    ids = [(await put(store, clock, newsroom, entry(f"h{n}"), "one"))[0] for n in range(3)]
    await put(store, clock, newsroom, entry("other"), "two")
    async with store.write() as conn:
        await accounts.set_status(conn, ids[1], AccountStatus.CONFIRMED, OPEN, clock())
        assert await accounts.batch_members(conn, newsroom.id, "one") == [ids[0], ids[2]]
        assert await accounts.batch_members(conn, newsroom.id, "none") == []


async def test_its_photos_are_those_that_count(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """In the order in which they came; one whose submission was withdrawn is not shown."""
    account_id, _ = await put(store, clock, newsroom, entry())
    kept = NewPhoto(
        newsroom_id=newsroom.id, sha256="a" * 64, description=None, width=1, height=1, source="", account_id=account_id
    )
    async with store.write() as conn:
        await photos.add(conn, [kept], clock())
        (gone,) = await photos.add(conn, [NewPhoto(**{**_fields(kept), "sha256": "b" * 64})], clock())
        await conn.execute(photos.t.update().where(photos.t.c.id == gone).values(withdrawn_at=clock()))
    assert (await get(store, newsroom, account_id)).photos == ("a" * 64,)


def _fields(photo: NewPhoto) -> dict[str, object]:
    return {name: getattr(photo, name) for name in NewPhoto.__dataclass_fields__}
