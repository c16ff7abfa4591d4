"""Lists of accounts: columns by name, contents and word; workbooks; folders named by handle; removed ones; kills."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis import Analysis
from bot.clock import Clock
from bot.errors import Refusal
from bot.model.account import Account, AccountStatus
from bot.model.account_record import FactKind
from bot.services.batchfiles.sheets import SheetFile, read_cells
from bot.services.imports import accounts as importing
from bot.services.imports.account_columns import FIELDS, AccountColumns, guessed
from bot.services.imports.accounts import AccountForm, handle_in, import_accounts
from bot.services.imports.room import ImportRoom
from bot.storage import account_records, accounts
from bot.storage.store import Store
from tests.services.rooms import Seen, make_room, picture


@pytest.fixture
async def room(store: Store, clock: Clock, tmp_path: Path) -> ImportRoom:
    """An empty newsroom, on each engine."""
    return await make_room(store, clock, tmp_path)


@pytest.fixture
async def sqlite_room(sqlite_store: Store, clock: Clock, tmp_path: Path) -> ImportRoom:
    """An empty newsroom, for what does not depend on the engine."""
    return await make_room(sqlite_store, clock, tmp_path)


async def listed(room: ImportRoom) -> dict[str, Account]:
    """What stands on the list."""
    async with room.store.read() as conn:
        return {a.label: a for a in await accounts.changed_since(conn, room.newsroom_id, None)}


def book(rows: Sequence[Sequence[object]]) -> bytes:
    """A workbook with an empty first sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        made.add_worksheet()
        sheet = made.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(number, place, cell)
    return out.getvalue()


def test_columns_are_guessed_by_name_and_by_contents() -> None:
    """In three languages, in any case; what the name does not say the first rows do; no field twice."""
    heads = ("Соцтармак", "Ник нейм", "Кто это", "Заметка", "Фото", "xxx")
    rows = [
        ("fb", "a.b", "Айбек Асанов", "спорит", "1.jpg", "https://facebook.com/a.b"),
        ("vk", "c_d", "Бермет Исакова", "", "2.png", "https://vk.com/c_d"),
    ]
    found = guessed(heads, rows)
    assert [column.field for column in found] == ["platform", "handle", "name", "", "photos", "link"]
    assert found[2].examples == ("Айбек Асанов", "Бермет Исакова")
    assert [column.field for column in guessed(("link", "URL"), [])] == ["link", ""]


@given(st.lists(st.text(max_size=20), max_size=8), st.lists(st.lists(st.text(max_size=20), max_size=8), max_size=4))
def test_no_file_breaks_the_guess(heads: list[str], rows: list[list[str]]) -> None:
    """Whatever the first rows are, every column has at most one field, and none is taken twice."""
    found = [column.field for column in guessed(heads, rows)]
    assert len(found) == len(heads)
    assert all(field in ("", *FIELDS) for field in found)
    taken = [field for field in found if field]
    assert len(taken) == len(set(taken))


def test_columns_as_the_operator_says() -> None:
    """What is named wins; a field or column that there is not, or no identity, is refused with a sentence."""
    columns = AccountColumns({"handle": "Ник в инсте", "reason": "Имя"})
    assert list(columns.named(("Ник в инсте", "Имя", "Ферма"))) == ["handle", "reason", "farm"]
    for given_columns, heads in (({"handle": "X"}, ("Ник",)), ({}, ("Имя", "Ферма"))):
        with pytest.raises(Refusal):
            AccountColumns(given_columns).named(heads)
    with pytest.raises(Refusal, match="column_field_unknown"):
        AccountColumns({"shoe": "Имя"})


async def test_a_workbook_is_a_list(room: ImportRoom, tmp_path: Path) -> None:
    """Numbers, dates and several values are read as people see them; the record is filled and never overwritten."""
    path = tmp_path / "list.xlsx"
    path.write_bytes(
        book(
            [
                ("Ссылка", "ID", "ФИО", "Дата фото", "Постов в день", "Хвалит", "Тип"),
                (
                    "https://facebook.com/a.b",
                    100012345678,
                    "Айбек Асанов",
                    "2026-10-02",
                    12.5,
                    "Асан — «наш»",
                    "наёмный",
                ),
                ("https://facebook.com/c.d", "", "Бермет", "завтра", "", "", ""),
            ]
        )
    )
    seen = Seen()
    tally = await import_accounts(room, path, seen)
    assert (tally.added, tally.refused, seen.codes) == (1, 1, [("line 3", "day_wrong")])
    account = (await listed(room))["facebook:a.b"]
    assert account.status is AccountStatus.SUSPECTED
    async with room.store.read() as conn:
        details = (await account_records.details_of(conn, room.newsroom_id, [account.id]))[account.id]
        facts = await account_records.facts_of(conn, room.newsroom_id, [account.id])
    assert (str(details.photo_on), details.posts_a_day) == ("2026-10-02", 12.5)
    assert [(fact.kind, fact.value, fact.why) for fact in facts] == [(FactKind.PRAISED, "Асан", "«наш»")]
    assert (await import_accounts(room, path, Seen())).same == 1


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no book", b"a,b\n1,2\n"])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    """A damaged file is a sentence, never a crash."""
    with pytest.raises(Refusal, match="file_broken"):
        read_cells(data, "x.xlsx")


async def test_a_workbook_that_unpacks_to_too_much_is_refused(
    analysis: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes out is counted before the library sees it."""
    monkeypatch.setattr("bot.services.batchfiles.sheets.MOST_UNPACKED", 1000)
    with pytest.raises(Refusal, match="file_too_large"):
        read_cells(book([("a" * 50, n) for n in range(200)]), "x.xlsx")
    with pytest.raises(Refusal, match="file_missing"):
        await SheetFile.open(Path("/nowhere/x.xlsx"), analysis)


def test_handles_in_the_names_of_pictures() -> None:
    """A folder or a file is called by the handle; a number at its end counts pictures."""
    for name in ("aibek.k.jpg", "aibek.k_2.jpg", "aibek.k/1.jpg", "@aibek.k.png", "aibek.k (1).jpg"):
        assert handle_in(name, "instagram") == "aibek.k", name
    assert handle_in("фото 1.jpg", "instagram") == ""


async def test_photos_find_their_accounts_by_handle(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """Beside a list, and alone as a list of their own; what is no handle is said."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for name, number in (("a.b.jpg", 1), ("a.b_2.jpg", 2), ("c_d.jpg", 3), ("фото 1.jpg", 4)):
        (folder / name).write_bytes(picture(number))
    path = tmp_path / "list.csv"
    path.write_text("platform,handle\nfacebook,ab\n", encoding="utf-8")
    tally = await import_accounts(sqlite_room, path, Seen(), folder)
    assert (tally.added, tally.photos_added) == (1, 0)
    path.write_text("platform,handle\nfacebook,a.b\n", encoding="utf-8")
    assert (await import_accounts(sqlite_room, path, Seen(), folder)).photos_added == 2
    seen = Seen()
    tally = await import_accounts(sqlite_room, folder, seen, form=AccountForm(platform="instagram"))
    assert (tally.added, tally.photos_added, tally.refused) == (2, 3, 1)
    with pytest.raises(Refusal, match="platform_missing"):
        await import_accounts(sqlite_room, folder, Seen())


async def test_a_takedown_list_is_gone_and_not_confirmed(room: ImportRoom, tmp_path: Path) -> None:
    """Its source is kept; a cleared account stays cleared, whatever a list says."""
    path = tmp_path / "removed.csv"
    path.write_text("link\nhttps://facebook.com/a.b\nhttps://facebook.com/c.d\n", encoding="utf-8")
    await import_accounts(room, path, Seen())
    honest = (await listed(room))["facebook:c.d"]
    async with room.store.write() as conn:
        cleared = AccountStatus.CLEARED
        await accounts.set_status(conn, honest.id, cleared, [AccountStatus.SUSPECTED], room.clock())
    tally = await import_accounts(room, path, Seen(), form=AccountForm(takedown="Meta, 2020 Q3"))
    assert (tally.changed, tally.same) == (1, 1)
    found = await listed(room)
    assert (found["facebook:a.b"].status, found["facebook:a.b"].confirmations) == (AccountStatus.GONE, ())
    assert found["facebook:c.d"].status is AccountStatus.CLEARED


async def test_an_interrupted_list_goes_on_where_it_was(
    room: ImportRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows are taken once, also those that span lines; the count at the end is of the whole file."""
    monkeypatch.setattr(importing, "ROWS", 10)
    path = tmp_path / "list.csv"
    rows = "".join(f'facebook,user.{n},"first\nsecond {n}"\n' for n in range(45))
    path.write_text("platform,handle,reason\n" + rows, encoding="utf-8")
    stored = 0

    class Stopped(Seen):
        """Stops the import after two batches."""

        def progress(self, done: int, total: int) -> None:  # noqa: ARG002 - the interface of a watch
            nonlocal stored
            stored += 1
            if stored == 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await import_accounts(room, path, Stopped())
    first = len(await listed(room))
    assert 0 < first < 45
    tally = await import_accounts(room, path, Seen())
    assert (tally.added, tally.same, tally.refused) == (45, 0, 0)
    assert tally.resumed_after > 0
    assert len(await listed(room)) == 45
    assert (await import_accounts(room, path, Seen())).same == 45
