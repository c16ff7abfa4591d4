"""Exports: the whole store page by page, in forms that come back in by an import."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.documents.table import xlsx_file
from bot.model.submission import SubmissionState
from bot.services import exports
from bot.services.account_objects import ACCOUNT_COLUMNS, account_cells
from bot.services.batchfiles.writing import csv_line, json_line
from bot.services.exports import EXPORTS, Noun, exported, table_row
from bot.services.imports.accounts import import_accounts
from bot.services.imports.comments import import_comments
from bot.services.imports.room import ImportRoom
from bot.storage import cases
from bot.storage import comments as comment_archive
from bot.storage.store import Store
from bot.storage.tables import accounts, comments, submissions
from tests.newsroom import make_newsroom
from tests.services.rooms import Seen, checking, make_room, rows_of, write_lines

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+7 996",
    "  @SUM(A1)",
    '"=1"',
    "a\nb\r\nc",
    "'quoted'",
    "\u2028x",
    "обычный, текст; с «кавычками»",
]


@pytest.fixture
async def room(store: Store, clock: Clock, tmp_path: Path) -> ImportRoom:
    """An empty newsroom, on each engine."""
    return await make_room(store, clock, tmp_path)


@pytest.fixture
async def elsewhere(room: ImportRoom) -> ImportRoom:
    """Another newsroom in the same store."""
    return replace(room, newsroom_id=(await make_newsroom(room.store, room.clock())).id)


async def everything(room: ImportRoom, noun: Noun) -> list[dict[str, Any]]:
    """All that an export gives."""
    return [value async for value in exported(room.store, room.newsroom_id, noun)]


def as_table(noun: Noun, values: list[dict[str, Any]]) -> bytes:
    """The CSV of these values."""
    return b"".join([csv_line(EXPORTS[noun].columns), *(csv_line(table_row(noun, value)) for value in values)])


async def test_comments_come_out_as_they_went_in(room: ImportRoom, tmp_path: Path) -> None:
    """Lines of an export are lines of an import: nothing is added by bringing them back."""
    account = {"platform": "x", "handle": "h", "name": "Имя"}
    line = {"id": "a", "text": "Текст", "account": account, "post": "p", "at": "2026-01-02T06:00:00+06:00"}
    await import_comments(room, write_lines(tmp_path / "c.jsonl", [line, {"id": "b", "text": "x"}]), Seen())
    found = await everything(room, Noun.COMMENTS)
    assert {key: found[0][key] for key in line} == line | {"at": "2026-01-02T00:00:00+00:00"}
    assert found[1]["account"] is None
    assert found[0]["batch"].startswith("c.jsonl ")
    path = tmp_path / "again.jsonl"
    path.write_bytes(b"".join(map(json_line, found)))
    assert (await import_comments(room, path, Seen())).same == 2


@pytest.mark.parametrize("form", ["jsonl", "csv"])
async def test_hostile_texts_survive_the_round_trip(room: ImportRoom, tmp_path: Path, form: str) -> None:
    """No text is changed, and none is a formula in the table."""
    lines = [{"id": f"c{n}", "text": text} for n, text in enumerate(HOSTILE)]
    await import_comments(room, write_lines(tmp_path / "c.jsonl", lines), Seen())
    values = await everything(room, Noun.COMMENTS)
    path = tmp_path / f"again.{form}"
    path.write_bytes(as_table(Noun.COMMENTS, values) if form == "csv" else b"".join(map(json_line, values)))
    tally = await import_comments(room, path, Seen())
    assert (tally.added, tally.same, tally.refused) == (0, len(HOSTILE), 0)
    if form == "csv":
        cells = [cell for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")) for cell in row]
        assert not any(cell.lstrip(" \"'").startswith(("=", "+", "@")) and not cell.startswith("'") for cell in cells)


async def test_accounts_come_out_as_they_went_in(room: ImportRoom, tmp_path: Path) -> None:
    """An exported list is an importable list."""
    rows = [
        {"platform": "facebook", "handle": "a.b", "id": "5", "names": ["Имя", "Name"], "farm": "F", "reason": "=r"}
        | {"work": ["Акимат"], "first_seen": "2026-10-01", "type": "hired"},
        {"platform": "vk", "id": "77"},
    ]
    await import_accounts(room, write_lines(tmp_path / "l.jsonl", rows), Seen())
    found = await everything(room, Noun.ACCOUNTS)
    assert [(a["platform"], a["handle"], a["id"], a["status"]) for a in found] == [
        ("facebook", "a.b", "5", "suspected"),
        ("vk", None, "77", "suspected"),
    ]
    assert (found[0]["work"], found[0]["first_seen"], found[0]["type"]) == (["Акимат"], "2026-10-01", "hired")
    path = tmp_path / "again.csv"
    path.write_bytes(as_table(Noun.ACCOUNTS, found))
    assert (await import_accounts(room, path, Seen())).same == 2
    assert len(await rows_of(room.store, accounts)) == 2


FULL = {
    **{"platform": "facebook", "handle": "a.b", "id": "5", "names": ["Имя; Второе", "Name"], "type": "attached"},
    **{"attached_to": "Асан Усонов", "first_seen": "2026-10-01", "cover_on": "2026-10-02", "posts_a_day": "2.5"},
    **{"work": ["Акимат 2026-10-03 — в шапке"], "group": ["Ак жол", "Биз болобуз"], "place": ["Ош"]},
    "praised": ["Асан Усонов 2026-10-05 https://www.facebook.com/a/posts/5 — «цитата; ещё»"],
    "tags": ["office_hours — пишет с 10 до 18"],
    "links": ["https://site.kg/2026-10-01/news 2026-10-04", "https://vk.com/other"],
}


@pytest.mark.parametrize("form", ["jsonl", "csv", "xlsx"])
async def test_a_whole_record_survives_the_round_trip(
    room: ImportRoom, elsewhere: ImportRoom, tmp_path: Path, form: str
) -> None:
    """What people noted of an account arrives at another newsroom as it was, in each form."""
    await import_accounts(room, write_lines(tmp_path / "l.jsonl", [FULL]), Seen())
    (told,) = await everything(room, Noun.ACCOUNTS)
    path = tmp_path / f"again.{form}"
    path.write_bytes(
        json_line(told)
        if form == "jsonl"
        else as_table(Noun.ACCOUNTS, [told])
        if form == "csv"
        else xlsx_file(ACCOUNT_COLUMNS, [account_cells(told)])
    )
    seen = Seen()
    assert (await import_accounts(elsewhere, path, seen)).added == 1
    (again,) = await everything(elsewhere, Noun.ACCOUNTS)
    assert told["links"] == FULL["links"]
    assert told["praised"] == FULL["praised"]
    apart = {"batch", "account", "listed_at", "source", "reason"}
    same = {key: value for key, value in told.items() if key not in apart}
    if form != "jsonl":
        same = json.loads(json.dumps(same, ensure_ascii=False).replace(";", ","))
    assert {key: again[key] for key in same} == same


async def test_submissions_and_threats(room: ImportRoom) -> None:
    """A withdrawn submission is marked, its comments are left out; a threat names its case and its words."""
    lines = [
        {"id": "a", "text": "Let's go to burn down Azattyk"},
        {"id": "b", "text": "обычные слова", "at": "2026-01-01"},
    ]
    async with checking(room, store=True) as check:
        await check(*lines)
    withdrawn = (await rows_of(room.store, submissions))[1]["id"]
    async with room.store.write() as conn:
        await cases.set_state(conn, withdrawn, SubmissionState.WITHDRAWN, before=[SubmissionState.CASE])
        await comment_archive.withdraw(conn, withdrawn, room.clock())
    found = await everything(room, Noun.SUBMISSIONS)
    assert [(s["case"], s["state"], s["withdrawn"], s["reporter"]) for s in found] == [
        ("K-1", "case", False, "command line"),
        ("K-2", "withdrawn", True, "command line"),
    ]
    assert found[1]["parts"][0]["text"] == "обычные слова"
    assert found[1]["parts"][0]["at"] == "2026-01-01T00:00:00+00:00"
    assert [c["id"] for c in await everything(room, Noun.COMMENTS)] == ["a"]
    (threat,) = await everything(room, Noun.THREATS)
    assert (threat["threat"], threat["case"], threat["level"], threat["text"]) == (
        "T-1",
        "K-1",
        "threat",
        lines[0]["text"],
    )
    for noun, values in ((Noun.SUBMISSIONS, found), (Noun.THREATS, [threat])):
        assert json.loads(json_line(values[0])) == values[0]
        assert len(list(csv.reader(io.StringIO(as_table(noun, values).decode(), newline="")))) == 1 + len(values)


async def test_export_goes_on_over_pages(room: ImportRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every row comes once, however the pages fall."""
    monkeypatch.setattr(exports, "_PAGE", 7)
    await import_comments(
        room, write_lines(tmp_path / "c.jsonl", [{"id": n, "text": f"t{n}"} for n in range(40)]), Seen()
    )
    assert [c["text"] for c in await everything(room, Noun.COMMENTS)] == [f"t{n}" for n in range(40)]
    assert len(await rows_of(room.store, comments)) == 40


async def test_times_are_utc_with_their_zone(room: ImportRoom, tmp_path: Path) -> None:
    """No reader has to guess a zone."""
    await import_comments(room, write_lines(tmp_path / "c.jsonl", [{"text": "x", "at": "2026-01-01"}]), Seen())
    (comment,) = await everything(room, Noun.COMMENTS)
    for key in ("at", "added_at"):
        assert datetime.fromisoformat(comment[key]).tzinfo == UTC
