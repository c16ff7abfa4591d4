"""Imports: what arrives, what is refused, and that the same file twice changes nothing."""

import gzip
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.account import AccountStatus
from bot.model.newsroom import MemberStatus
from bot.model.rights import Role
from bot.model.staff import StaffKind
from bot.services.imports.accounts import import_accounts
from bot.services.imports.comments import import_comments
from bot.services.imports.photos import import_photos
from bot.services.imports.room import ImportRoom, Tally
from bot.services.imports.staff import import_staff
from bot.services.imports.staff_rows import extra_staff
from bot.storage import accounts as account_archive
from bot.storage import members
from bot.storage import staff as staff_archive
from bot.storage.store import Store
from bot.storage.tables import accounts, comments, history, photo_descriptions, photos
from detection.image.packing import unpack
from tests.services.rooms import InlineAnalysis, Seen, blank, make_room, picture, rows_of, write_lines


@pytest.fixture
async def room(store: Store, clock: Clock, tmp_path: Path) -> ImportRoom:
    """An empty newsroom, on each engine."""
    return await make_room(store, clock, tmp_path)


@pytest.fixture
async def sqlite_room(sqlite_store: Store, clock: Clock, tmp_path: Path) -> ImportRoom:
    """An empty newsroom, for what does not depend on the engine."""
    return await make_room(sqlite_store, clock, tmp_path)


def numbers(tally: Tally) -> tuple[int, int, int, int]:
    """Added, changed, same, refused."""
    return (tally.added, tally.changed, tally.same, tally.refused)


def make_folder(folder: Path, files: dict[str, bytes]) -> Path:
    """A folder with these files."""
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


# --- comments ---


async def test_comments_arrive_with_all_that_is_known(room: ImportRoom, tmp_path: Path) -> None:
    """Text, author, post, time, source and batch; on the second run all of it is there already."""
    line = {"id": "c1", "text": "Салам", "account": {"platform": "fb", "handle": "a.b", "name": "Имя"}}
    path = write_lines(tmp_path / "c.jsonl", [line | {"post": "p1", "at": "2026-01-02T03:04:05+06:00"}])
    assert numbers(await import_comments(room, path, Seen())) == (1, 0, 0, 0)
    assert numbers(await import_comments(room, path, Seen())) == (0, 0, 1, 0)
    (row,) = await rows_of(room.store, comments)
    assert (row["source"], row["text"], row["platform"], row["handle"]) == ("c1", "Салам", "facebook", "a.b")
    assert (row["author"], row["author_key"], row["post"]) == ("Имя", "facebook:ab", "p1")
    assert row["batch"] == f"c.jsonl {room.clock():%Y-%m-%d}"
    assert row["posted_at"].isoformat() == "2026-01-01T21:04:05+00:00"
    assert row["submission_id"] is None


async def test_bad_lines_are_reported_and_the_rest_goes_in(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """Each bad line is named by its number; blank lines are nobody's fault."""
    path = tmp_path / "c.jsonl"
    path.write_bytes(
        b'{"id": 1, "text": "one"}\n\nnonsense\n{"id": 3}\n' + b'{"id": "%s", "text": "x"}\n' % (b"i" * 201)
    )
    seen = Seen()
    assert numbers(await import_comments(sqlite_room, path, seen)) == (1, 0, 0, 3)
    assert seen.codes == [("line 3", "not_json"), ("line 4", "empty"), ("line 5", "id_too_long")]
    assert seen.done == path.stat().st_size


async def test_lines_without_id_are_known_again(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """Text, author and time together tell one nameless comment from another."""
    lines: list[dict[str, Any]] = [
        {"text": "same"},
        {"text": "same"},
        {"text": "same", "at": "2026-01-01"},
        {"text": "same", "account": {"handle": "h"}},
    ]
    path = write_lines(tmp_path / "c.jsonl", lines)
    assert numbers(await import_comments(sqlite_room, path, Seen())) == (3, 0, 1, 0)
    assert numbers(await import_comments(sqlite_room, path, Seen())) == (0, 0, 4, 0)


async def test_two_files_may_number_alike(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """Comment 1 of another file is another comment: nothing is lost to a clash of numbers."""
    for name, text in (("a.jsonl", "one text"), ("b.jsonl", "another text")):
        path = write_lines(tmp_path / name, [{"id": 1, "text": text}])
        assert numbers(await import_comments(sqlite_room, path, Seen())) == (1, 0, 0, 0)
    assert [row["text"] for row in await rows_of(sqlite_room.store, comments)] == ["one text", "another text"]


async def test_table_of_comments_packed_and_in_cp1251(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """What a Russian spreadsheet saves goes in as it is, guarded cells without their guard."""
    table = "id;text;platform;handle;at\n1;«Скоро люди придут громить»;vk;troll;2026-01-02\n2;'=это формула;;;\n"
    path = tmp_path / "c.csv.gz"
    path.write_bytes(gzip.compress(table.encode("cp1251")))
    assert numbers(await import_comments(sqlite_room, path, Seen())) == (2, 0, 0, 0)
    rows = await rows_of(sqlite_room.store, comments)
    assert [row["text"] for row in rows] == ["«Скоро люди придут громить»", "=это формула"]
    assert rows[0]["author_key"] == "vk:troll"


async def test_picture_of_a_comment_is_a_photo(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """A picture beside a comment, or alone, is stored under the line's id; a missing one does not cost the words."""
    make_folder(tmp_path, {"1.jpg": picture(1), "2.jpg": picture(2)})
    lines = [
        {"id": "a", "text": "with", "image": "1.jpg"},
        {"id": "b", "image": "2.jpg"},
        {"id": "c", "text": "words", "image": "no.jpg"},
        {"id": "d", "image": "no.jpg"},
    ]
    path = write_lines(tmp_path / "c.jsonl", lines)
    seen = Seen()
    tally = await import_comments(sqlite_room, path, seen)
    assert numbers(tally) == (3, 0, 0, 1)
    assert (tally.photos_added, tally.photos_refused) == (2, 2)
    assert seen.codes == [("line 3", "image_missing"), ("line 4", "image_missing")]
    assert {row["source"] for row in await rows_of(sqlite_room.store, photos)} == {"a", "b"}
    assert numbers(await import_comments(sqlite_room, path, Seen())) == (0, 0, 3, 1)
    assert len(await rows_of(sqlite_room.store, photos)) == 2


async def test_import_is_kept_in_the_history(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """Who brought what, and how much, can be read later."""
    await import_comments(sqlite_room, write_lines(tmp_path / "c.jsonl", [{"text": "x"}]), Seen())
    (line,) = await rows_of(sqlite_room.store, history)
    assert (line["event"], line["details"]["importer"], line["details"]["counts"]["added"]) == (
        "imported",
        "command line",
        1,
    )


# --- photos ---


async def test_photos_of_a_folder_and_of_a_zip(room: ImportRoom, tmp_path: Path) -> None:
    """Photos go by their file names; the same ones in a ZIP are known already, another name is another photo."""
    folder = make_folder(tmp_path / "photos", {"1.jpg": picture(1), "2.jpg": picture(2), "x.txt": b"no photo"})
    seen = Seen()
    assert numbers(await import_photos(room, folder, seen)) == (2, 0, 0, 1)
    assert seen.codes == [("x.txt", "image_not_an_image")]
    archive = tmp_path / "p.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for name, seed in (("1.jpg", 1), ("2.jpg", 2), ("3.jpg", 1)):
            packed.writestr(f"photos/{name}", picture(seed))
    assert numbers(await import_photos(room, archive, Seen())) == (1, 0, 2, 0)
    stored = await rows_of(room.store, photos)
    assert sorted(row["source"] for row in stored) == ["1.jpg", "2.jpg", "3.jpg"]
    assert await room.vault.get(stored[0]["sha256"]) == picture(1)


async def test_known_photos_are_not_looked_at_again(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """A second run over a large collection costs reading, not decoding."""
    folder = make_folder(tmp_path / "photos", {f"{n}.jpg": picture(n) for n in range(3)})
    for _ in range(2):
        await import_photos(sqlite_room, folder, Seen())
    assert isinstance(sqlite_room.analysis, InlineAnalysis)
    assert sqlite_room.analysis.images == 3


async def test_blank_picture_is_kept_but_matches_nothing(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """A picture too even to be told from others is evidence all the same."""
    assert numbers(await import_photos(sqlite_room, make_folder(tmp_path / "p", {"b.png": blank()}), Seen())) == (
        1,
        0,
        0,
        0,
    )
    (row,) = await rows_of(sqlite_room.store, photo_descriptions)
    assert unpack(row["data"]).regions == ()


# --- accounts ---

TABLE = """platform,handle,id,names,farm,reason,photos
facebook,fake.one,100,Айгуль А.; Aigul A.,Farm A,stolen photo,1.jpg
Twitter,@Fake_Two,,Two|Deux,,,1.jpg;2.jpg
,https://vk.com/id77,,Three,,,
myspace,x,,,,,
facebook,,,Only A Name,,,
facebook,fake.four,,Four,,,missing.jpg
"""


async def test_accounts_arrive_as_suspected(room: ImportRoom, tmp_path: Path) -> None:
    """With names, farm, reason, importer, batch and date; a photo that two of them share is stored for each."""
    folder = make_folder(tmp_path / "photos", {"1.jpg": picture(1), "2.jpg": picture(2)})
    path = tmp_path / "list.csv"
    path.write_text(TABLE, encoding="utf-8")
    seen = Seen()
    tally = await import_accounts(room, path, seen, folder)
    assert (numbers(tally), tally.photos_added, tally.photos_refused) == ((4, 0, 0, 2), 3, 1)
    assert sorted(seen.codes) == [
        ("line 5", "platform_unknown"),
        ("line 6", "handle_missing"),
        ("line 7", "photo_missing"),
    ]
    async with room.store.read() as conn:
        listed = {a.label: a for a in await account_archive.changed_since(conn, room.newsroom_id, None)}
    one, two = listed["facebook:fake.one"], listed["x:Fake_Two"]
    assert set(listed) == {"facebook:fake.one", "x:Fake_Two", "vk:77", "facebook:fake.four"}
    assert (one.status, one.listed_by, one.source) == (AccountStatus.SUSPECTED, "command line", "fake.one")
    assert (one.numeric_id, one.farm, one.reason) == ("100", "Farm A", "stolen photo")
    assert set(one.names) == {"Айгуль А.", "Aigul A."}
    assert one.batch == f"list.csv {room.clock():%Y-%m-%d}"
    assert set(one.photos) < set(two.photos)


async def test_same_list_changes_nothing_and_a_fuller_one_adds(room: ImportRoom, tmp_path: Path) -> None:
    """An account is known again by platform and handle, or by id; new names, farms and photos are added to it."""
    folder = make_folder(tmp_path / "photos", {"1.jpg": picture(1), "2.jpg": picture(2)})
    path = tmp_path / "list.csv"
    path.write_text(TABLE, encoding="utf-8")
    await import_accounts(room, path, Seen(), folder)
    before = await rows_of(room.store, accounts), await rows_of(room.store, photos)
    assert numbers(await import_accounts(room, path, Seen(), folder)) == (0, 0, 4, 2)
    assert (await rows_of(room.store, accounts), await rows_of(room.store, photos)) == before
    lines = [
        {"platform": "facebook", "handle": "FAKE.ONE", "names": ["New Name"]},
        {"platform": "facebook", "id": 100},
        {"platform": "x", "handle": "fake_two", "farm": "Farm B"},
        {"platform": "facebook", "handle": "fake.four", "photos": ["2.jpg"]},
    ]
    more = write_lines(tmp_path / "more.jsonl", lines)
    assert numbers(await import_accounts(room, more, Seen(), folder)) == (0, 3, 1, 0)
    assert len(await rows_of(room.store, accounts)) == 4


async def test_imported_photo_goes_to_the_first_account_that_uses_it(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """A photo imported before its account is bound to it, not stored twice; the next account gets its own."""
    folder = make_folder(tmp_path / "photos", {"1.jpg": picture(1)})
    await import_photos(sqlite_room, folder, Seen())
    rows = [{"platform": "x", "handle": name, "photos": "1.jpg"} for name in ("a", "b")]
    await import_accounts(sqlite_room, write_lines(tmp_path / "l.jsonl", rows), Seen(), folder)
    stored = await rows_of(sqlite_room.store, photos)
    assert len({row["account_id"] for row in stored}) == len(stored) == 2
    assert numbers(await import_photos(sqlite_room, folder, Seen())) == (0, 0, 1, 0)


async def test_row_that_joins_two_accounts_is_refused_alone(room: ImportRoom, tmp_path: Path) -> None:
    """A row that gives one account's handle to another stops neither the rows before it nor those after."""
    rows: list[dict[str, Any]] = [
        {"platform": "x", "id": "1"},
        {"platform": "x", "handle": "h"},
        {"platform": "x", "handle": "h", "id": "1"},
        {"platform": "x", "handle": "last"},
    ]
    seen = Seen()
    tally = await import_accounts(room, write_lines(tmp_path / "l.jsonl", rows), seen)
    assert numbers(tally) == (3, 0, 0, 1)
    assert seen.codes == [("line 3", "account_conflict")]


async def test_made_up_link_is_a_bad_row(room: ImportRoom, tmp_path: Path) -> None:
    """A handle longer than any platform's costs its row, and on no engine the import."""
    rows = [{"link": f"https://facebook.com/{'a' * 150}"}, {"link": "https://facebook.com/real.one"}]
    seen = Seen()
    tally = await import_accounts(room, write_lines(tmp_path / "l.jsonl", rows), seen)
    assert (numbers(tally), seen.codes) == ((1, 0, 0, 1), [("line 1", "link_unknown")])


async def test_import_restores_no_cleared_account(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """An account that people found honest stays cleared when an old list comes again."""
    path = write_lines(tmp_path / "l.jsonl", [{"platform": "x", "handle": "h"}])
    await import_accounts(sqlite_room, path, Seen())
    (row,) = await rows_of(sqlite_room.store, accounts)
    async with sqlite_room.store.write() as conn:
        before = [AccountStatus.SUSPECTED]
        await account_archive.set_status(conn, row["id"], AccountStatus.CLEARED, before, sqlite_room.clock())
    await import_accounts(sqlite_room, write_lines(path, [{"platform": "x", "handle": "h", "farm": "F"}]), Seen())
    (row,) = await rows_of(sqlite_room.store, accounts)
    assert (row["status"], row["farm"]) == ("cleared", "F")


# --- staff ---


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("staff.csv", "name;aliases\nАйжан Асанова из Бишкека;Айжан\n".encode("cp1251") + b"\xff\xfe\x98;x\n"),
        ("staff.txt", "Айжан Асанова из Бишкека\n".encode("cp1251") + b"\xff\xfe\x98\n"),
        ("staff.jsonl", '{"name": "Айжан Асанова из Бишкека"}\n{"name": "\\ud800x"}\n'.encode()),
        ("more.jsonl", '{"name": "Айжан Асанова из Бишкека"}\n{"name": "x", "aliases": ["\ufffd"]}\n'.encode()),
    ],
)
async def test_a_name_with_a_hole_protects_nobody(
    sqlite_room: ImportRoom, tmp_path: Path, name: str, content: bytes
) -> None:
    """What fits no encoding is refused by its line; the others come in."""
    path, seen = tmp_path / name, Seen()
    path.write_bytes(content)
    assert numbers(await import_staff(sqlite_room, path, seen))[0] == 1
    assert [code for _, code in seen.codes] == ["not_utf8"]
    async with sqlite_room.store.read() as conn:
        assert [each.name for each in await staff_archive.all_of(conn, sqlite_room.newsroom_id)] == [
            "Айжан Асанова из Бишкека"
        ]


async def test_staff_from_a_table(room: ImportRoom, tmp_path: Path) -> None:
    """People and outlets with positions, aliases and the member that they are; twice the same changes nothing."""
    now = room.clock()
    async with room.store.write() as conn:
        member = await members.admit(
            conn, room.newsroom_id, 555, "Anna", Role.JOURNALIST, MemberStatus.ACTIVE, None, now
        )
    path = tmp_path / "staff.csv"
    path.write_text(
        "kind,name,position,aliases,telegram id\n"
        "person,Анна Иванова,редактор,Anna Ivanova; Анька,555\noutlet,Азаттык,,Azattyk;Радио,\n"
        ",Фрилансер,,,999\nrobot,X,,,\nperson,,,,\nperson,Y,,,abc\n",
        encoding="utf-8",
    )
    seen = Seen()
    assert numbers(await import_staff(room, path, seen)) == (3, 0, 0, 3)
    assert seen.codes == [
        ("line 4", "member_unknown"),
        ("line 5", "staff_kind_unknown"),
        ("line 6", "staff_name_missing"),
        ("line 7", "telegram_id_wrong"),
    ]
    assert numbers(await import_staff(room, path, Seen())) == (0, 0, 3, 3)
    async with room.store.read() as conn:
        listed = {each.name: each for each in await staff_archive.all_of(conn, room.newsroom_id)}
    anna = listed["Анна Иванова"]
    assert (anna.position, anna.aliases, anna.member_id) == ("редактор", ("Anna Ivanova", "Анька"), member.id)
    assert listed["Азаттык"].kind is StaffKind.OUTLET


async def test_who_is_named_often_in_a_list(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """The same words again change nothing; the file's last words of somebody count."""
    path = tmp_path / "staff.csv"
    rows = ["person,Анна,редактор"] * 3 + ["person,Анна,корреспондент"] * 2 + ["person,Анна,редактор", "outlet,Анна,"]
    path.write_text("\n".join(["kind,name,position", *rows, ""]), encoding="utf-8")
    assert numbers(await import_staff(sqlite_room, path, Seen())) == (2, 2, 3, 0)
    async with sqlite_room.store.read() as conn:
        listed = await staff_archive.all_of(conn, sqlite_room.newsroom_id)
    assert {(each.kind, each.position) for each in listed} == {(StaffKind.PERSON, "редактор"), (StaffKind.OUTLET, None)}


async def test_staff_from_plain_lines(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """The same words as /staff takes, a line each."""
    path = tmp_path / "staff.txt"
    path.write_text("\ufeff# ours\nАнна Иванова; Anna\n\noutlet Азаттык; Azattyk\n", encoding="utf-8")
    assert numbers(await import_staff(sqlite_room, path, Seen())) == (2, 0, 0, 0)
    names, bad = extra_staff(path)
    assert [(name.ref, name.kind, name.names) for name in names] == [
        (-1, "person", ("Анна Иванова", "Anna")),
        (-2, "outlet", ("Азаттык", "Azattyk")),
    ]
    assert bad == []


# --- hostile files ---


@pytest.mark.parametrize("name", ["x.csv", "x.jsonl", "x.csv.gz", "x"])
async def test_noise_is_refused_or_reported(sqlite_room: ImportRoom, tmp_path: Path, name: str) -> None:
    """A file of noise ends every import with a refusal or with counted rows, never with another error."""
    path = tmp_path / name
    noise = bytes(range(256)) * 40
    path.write_bytes(gzip.compress(noise)[:-30] if name.endswith("gz") else noise)
    for run in (import_comments, import_accounts, import_staff):
        try:
            tally = await run(sqlite_room, path, Seen())  # type: ignore[operator]
        except Refusal:
            continue
        assert (tally.added, tally.changed) == (0, 0)


async def test_missing_file_is_refused(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """A wrong path is the person's to put right."""
    for run in (import_comments, import_accounts, import_staff, import_photos):
        with pytest.raises(Refusal, match="file_missing"):
            await run(sqlite_room, tmp_path / "missing", Seen())  # type: ignore[operator]
