"""Files of every kind are withdrawn whole: all that one alone said ends, what people and other files say stays."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.errors import Refusal
from bot.model.account import AccountEntry
from bot.model.newsroom import Member
from bot.model.staff import StaffKind
from bot.model.takedown import TakedownStatus
from bot.services.accounts import keys_of
from bot.services.imports.room import ImportRoom
from bot.services.imports.withdrawing import every_file, withdraw
from bot.storage import (
    account_erasing,
    accounts,
    impersonations,
    imported_files,
    newsrooms,
    person_erasing,
    post_codings,
    posts,
    sayings,
    staff,
    takedowns,
)
from bot.storage.store import Store
from bot.storage.tables import custody_pending, history
from bot.storage.tables import posts as posts_table
from tests.newsroom import make_member
from tests.services.imported_kinds import KINDS, KindOfFile, counted, take
from tests.services.rooms import Seen, make_room, rows_of
from tests.stores import StoppedClock

POISON, GOOD = "poison", "good"
EVERY_KIND = pytest.mark.parametrize("kind", KINDS, ids=[kind.noun for kind in KINDS])


@pytest.fixture
async def room(store: Store, clock: StoppedClock, tmp_path: Path) -> ImportRoom:
    """A newsroom."""
    return await make_room(store, clock, tmp_path)


async def name_of(room: ImportRoom, file: str) -> str:
    """What the list calls a file."""
    return next(each.name for each in await every_file(room) if each.name.startswith(file))


async def somebody(room: ImportRoom) -> Member:
    """A member."""
    async with room.store.read() as conn:
        newsroom = await newsrooms.get(conn, room.newsroom_id)
    return await make_member(room.store, newsroom, room.clock())


def of_kind(noun: str) -> KindOfFile:
    """The kind of this name."""
    return next(kind for kind in KINDS if kind.noun == noun)


@EVERY_KIND
async def test_what_a_file_alone_said_ends_and_comes_back(
    room: ImportRoom, clock: StoppedClock, tmp_path: Path, kind: KindOfFile
) -> None:
    """Before it, between, and after it there is what there would be had it never come; the log has each step."""
    await take(room, kind, tmp_path, POISON, kind.poison)
    alone = await counted(room, kind.noun)
    name = await name_of(room, POISON)
    await withdraw(room, name, Seen())
    assert await counted(room, kind.noun) == set()
    clock.tick()
    await take(room, kind, tmp_path, GOOD, kind.good)
    without = await counted(room, kind.noun)
    assert len(without) >= 2
    done = await withdraw(room, name, Seen(), back=True)
    assert (done.turned, done.by_hand, done.by_files) == (2, 0, 0)
    both = await counted(room, kind.noun)
    assert both not in (alone, without)
    done = await withdraw(room, name, Seen())
    assert (done.turned, done.by_hand, done.by_files) == (1, 0, 1)
    assert await counted(room, kind.noun) == without
    assert (await withdraw(room, name, Seen())).turned == 0
    await withdraw(room, await name_of(room, GOOD), Seen())
    assert await counted(room, kind.noun) == set()
    await withdraw(room, name, Seen(), back=True)
    assert await counted(room, kind.noun) == alone
    rows = [row for row in await rows_of(room.store, history) if row["subject"] == "import"]
    events = [row["event"] for row in rows if row["details"]["batch"] == name]
    assert events == ["imported", "withdrawn", "put_back", "withdrawn", "put_back"]
    assert len([row for row in await rows_of(room.store, custody_pending) if row["noun"] == "import"]) == len(rows)


@EVERY_KIND
async def test_the_list_says_of_each_file_what_it_is(room: ImportRoom, tmp_path: Path, kind: KindOfFile) -> None:
    """Newest first: name, kind, hash, who, how many; twice the same file is one, another of its name has a number."""
    await take(room, kind, tmp_path, POISON, kind.poison)
    before = await counted(room, kind.noun)
    tally = await take(room, kind, tmp_path, POISON, kind.poison)
    assert (tally.added, tally.changed, await counted(room, kind.noun)) == (0, 0, before)
    await take(room, kind, tmp_path, POISON, kind.good)
    second, first = await every_file(room)
    assert (first.noun, first.importer, second.name) == (kind.noun, "command line", f"{first.name} (2)")
    assert first.sha256 != second.sha256
    assert first.rows == (4 if kind.noun == "posts" else 2)
    await withdraw(room, second.name, Seen())
    assert await counted(room, kind.noun) == before
    with pytest.raises(Refusal, match="import_withdrawn"):
        await take(room, kind, tmp_path, POISON, kind.good)
    assert [each.is_withdrawn for each in await every_file(room)] == [True, False]


async def test_people_s_words_about_staff_stay(room: ImportRoom, clock: StoppedClock, tmp_path: Path) -> None:
    """Who was named, linked, watched for or taken off by hand; of the names only the file's go."""
    own, member = room.newsroom_id, await somebody(room)
    four = "kind,name,position,aliases\n" + "".join(f"person,{name},boss,Чужое имя\n" for name in "АБВГД")
    async with room.store.write() as conn:
        await staff.put(conn, own, StaffKind.PERSON, "А", None, ("Ah",), clock())
    await take(room, of_kind("staff"), tmp_path, POISON, four)
    async with room.store.write() as conn:
        ids = {each.name: each.id for each in await staff.all_of(conn, own)}
        await staff.link_member(conn, ids["Б"], member.id, clock())
        await impersonations.agree(conn, own, ids["В"], member.id, clock())
        assert await staff.remove(conn, own, ids["Г"], clock())
    name = await name_of(room, POISON)
    done = await withdraw(room, name, Seen())
    assert (done.turned, done.by_hand, done.by_files) == (2, 3, 0)
    async with room.store.read() as conn:
        left = {each.name: (each.aliases, each.position, each.member_id) for each in await staff.all_of(conn, own)}
    assert left == {"А": (("Ah",), None, None), "Б": ((), None, member.id), "В": ((), None, None)}
    await withdraw(room, name, Seen(), back=True)
    async with room.store.read() as conn:
        assert {each.name for each in await staff.all_of(conn, own)} == set("АБВД")


async def test_a_report_that_people_moved_on_stays(room: ImportRoom, clock: StoppedClock, tmp_path: Path) -> None:
    """As they left it, also withdrawn by hand; what nobody touched goes, and the attempts are counted anew."""
    kind, own = of_kind("takedowns"), room.newsroom_id
    head = kind.poison.splitlines()[0] + "\n"
    lines = [f"https://facebook.com/troll.{n},sent,form,T-{n},2026-09-01,\n" for n in range(4)]
    await take(room, kind, tmp_path, POISON, head + "".join(lines))
    await take(room, kind, tmp_path, GOOD, head + "https://facebook.com/troll.0,sent,email,,2026-10-01,\n")
    async with room.store.write() as conn:
        ids = [await takedowns.by_number(conn, own, number) for number in range(1, 6)]
        sent = [TakedownStatus.SENT]
        assert await takedowns.move(conn, own, [ids[1]], TakedownStatus.REMOVED, sent, closed_at=clock())
        assert await takedowns.move(conn, own, [ids[2]], TakedownStatus.WITHDRAWN, sent)
    name = await name_of(room, POISON)
    done = await withdraw(room, name, Seen())
    assert (done.turned, done.by_hand) == (3, 1)
    async with room.store.read() as conn:
        found = await takedowns.by_ids(conn, own, ids)
    assert [each.status.value for each in found] == ["withdrawn", "removed", "withdrawn", "withdrawn", "sent"]
    assert (found[4].attempt, found[4].previous_id) == (1, None)
    await withdraw(room, name, Seen(), back=True)
    async with room.store.read() as conn:
        found = await takedowns.by_ids(conn, own, ids)
    assert [each.status.value for each in found] == ["sent", "removed", "withdrawn", "sent", "sent"]
    assert (found[4].attempt, found[4].previous_id) == (2, ids[0])


async def test_codings_of_withdrawn_posts_are_kept(room: ImportRoom, clock: StoppedClock, tmp_path: Path) -> None:
    """They count nowhere, nobody codes such a post any more; put back, they count again."""
    kind, own, member = of_kind("posts"), room.newsroom_id, await somebody(room)
    await take(room, kind, tmp_path, POISON, kind.poison)
    async with room.store.write() as conn:
        ids = sorted((await conn.execute(sa.select(posts_table.c.id))).scalars())
        assert await post_codings.draw(conn, own, ids, clock()) == 2
        for post_id in ids:
            assert await post_codings.hold(conn, own, post_id, member.id, 1, clock())
        await post_codings.code(conn, own, member.id, ids[0], "negative", "crime")
        await post_codings.finish(conn, own, member.id, ids[0], clock())
    async with room.store.read() as conn:
        progress = await post_codings.progress(conn, own, member.id)
    assert progress == (1, 0, 2)
    name = await name_of(room, POISON)
    done = await withdraw(room, name, Seen())
    assert (done.turned, done.codings) == (2, 1)
    async with room.store.read() as conn:
        assert await post_codings.progress(conn, own, member.id) == (0, 0, 0)
        assert await post_codings.held(conn, own, member.id) is None
        assert await post_codings.uncoded(conn, own, 0, 9) == []
        assert await posts.figures_of(conn, own, ids) == []
        assert await staff.protected_names(conn, own) == []
    await withdraw(room, name, Seen(), back=True)
    async with room.store.read() as conn:
        assert await post_codings.progress(conn, own, member.id) == progress
        assert len(await posts.figures_of(conn, own, ids)) == 2


async def test_names_of_two_kinds_and_of_none(room: ImportRoom, tmp_path: Path) -> None:
    """A name that nobody imported, and one that two kinds share, are refused with what to say instead."""
    for noun in ("posts", "ads"):
        await take(room, of_kind(noun), tmp_path, "same", of_kind(noun).good)
    name = await name_of(room, "same")
    with pytest.raises(Refusal, match="import_unknown"):
        await withdraw(room, "other.csv 2026-01-01", Seen())
    with pytest.raises(Refusal, match="import_ambiguous"):
        await withdraw(room, name, Seen())
    assert (await withdraw(room, name, Seen(), noun="ads")).noun == "ads"
    assert await counted(room, "ads") == set()
    assert len(await counted(room, "posts")) == 2


async def test_what_stood_before_anybody_kept_who_said_it_stays(
    room: ImportRoom, clock: StoppedClock, tmp_path: Path
) -> None:
    """Rows of an older version, that files speak of since, are no file's to take away."""
    own, kind = room.newsroom_id, of_kind("staff")
    async with room.store.write() as conn:
        await staff.put(conn, own, StaffKind.PERSON, "Бек", "editor", ("Bek",), clock())
        await conn.execute(sa.delete(sayings.t))
    before = await counted(room, "staff")
    await take(room, kind, tmp_path, POISON, kind.poison)
    await withdraw(room, await name_of(room, POISON), Seen())
    assert await counted(room, "staff") == before


async def test_a_file_is_known_by_its_bytes(room: ImportRoom, clock: StoppedClock) -> None:
    """Whatever it is called; what has no hash by its name of the day."""
    async with room.store.write() as conn:
        given = (conn, room.newsroom_id, "ads")
        one = await imported_files.begin(*given, "a.csv", "a" * 64, "command line", clock())
        assert await imported_files.begin(*given, "b.csv", "a" * 64, "command line", clock()) == one
        pipe = await imported_files.begin(*given, "stdin", None, "command line", clock())
        assert await imported_files.begin(*given, "stdin", None, "command line", clock()) == pipe
        assert one != pipe


async def test_who_was_erased_does_not_come_back(room: ImportRoom, clock: StoppedClock, tmp_path: Path) -> None:
    """Neither somebody of a withdrawn list of staff, nor an account of a ledger, when their files are put back."""
    own = room.newsroom_id
    async with room.store.write() as conn:
        listing = accounts.Listing(newsroom_id=own, member_id=None, lister="x", batch=None, at=clock())
        entry = AccountEntry(platform="facebook", handle="troll.one")
        account_id, _ = await accounts.put(conn, entry, keys_of(entry), listing)
    for noun in ("staff", "takedowns"):
        await take(room, of_kind(noun), tmp_path, noun, of_kind(noun).poison)
        await withdraw(room, await name_of(room, noun), Seen())
    async with room.store.write() as conn:
        former = await person_erasing.former_staff(conn, own)
        (staff_id,) = [i for i, names in former.items() if names[0] == "Айгүл"]
        await person_erasing.erase(conn, await person_erasing.rows_of_staff(conn, own, staff_id), clock())
        await account_erasing.erase(conn, await account_erasing.rows_of_account(conn, own, account_id), [], clock())
    for noun in ("staff", "takedowns"):
        await withdraw(room, await name_of(room, noun), Seen(), back=True)
    assert {row[1] for row in await counted(room, "staff")} == {"Бек"}
    assert {row[3] for row in await counted(room, "takedowns")} == {"T-2"}
    said = repr(await rows_of(room.store, sayings.t))
    assert not [word for word in ("Aigul", "T-1", "Удалено") if word in said]
