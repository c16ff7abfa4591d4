"""A newsroom's own ledger from CSV and XLSX: read as it is kept, twice the same, and nothing of it harms a file."""

import csv
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
import sqlalchemy as sa
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analysis import Analysis
from bot.documents import table
from bot.errors import Refusal
from bot.services.batchfiles.sheets import SheetFile, unpacked
from bot.services.imports.room import ImportRoom, Problem
from bot.services.imports.takedown_rows import TakedownColumns
from bot.services.imports.takedowns import import_takedowns
from bot.storage.store import Store
from bot.storage.tables import takedowns
from tests.newsroom import make_newsroom
from tests.services.rooms import InlineAnalysis
from tests.services.threat_ground import HOSTILE
from tests.stores import StoppedClock

HEADS = ["Ссылка", "Канал", "Номер обращения", "Дата жалобы", "Итог", "Дата ответа", "Ответ платформы"]
ROWS = [
    ["https://facebook.com/talai.gul", "форма", "4711", "01.10.2026", "Удалено", "04.10.2026", "Спасибо"],
    ["https://vk.com/id5", "траст", "", "02.10.2026", "отказ", "05.10.2026", "=HYPERLINK(1)"],
    ["https://www.tiktok.com/@a.b/video/7", "", "", "", "", "", ""],
    ["ни о чём", "форма", "", "", "", "", ""],
    ["https://vk.com/id6", "голубь", "", "", "", "", ""],
]


class Watched:
    """Remembers what an import says."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def progress(self, done: int, total: int) -> None:
        """Nobody looks."""

    def problem(self, problem: Problem) -> None:
        """Remember it."""
        self.problems.append(problem)


def csv_of(path: Path, heads: list[str], rows: list[list[str]]) -> Path:
    """A CSV as a spreadsheet saves it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([heads, *rows])
    return path


def xlsx_of(path: Path, heads: list[str], rows: list[list[str]]) -> Path:
    """A workbook with real dates in it."""
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd.mm.yyyy"})
        for number, row in enumerate([heads, *rows]):
            for place, value in enumerate(row):
                if number and "Дата" in heads[place] and value:
                    moment = datetime.strptime(value, "%d.%m.%Y").replace(tzinfo=UTC)
                    sheet.write_datetime(number, place, moment.replace(tzinfo=None), day)
                else:
                    sheet.write_string(number, place, value)
    return path


async def room_of(store: Store, clock: StoppedClock, folder: Path) -> ImportRoom:
    """The archive, as far as this import needs it."""
    newsroom = await make_newsroom(store, clock())
    nothing: Any = None
    inline = cast(Analysis, InlineAnalysis())
    return ImportRoom(store=store, clock=clock, vault=nothing, analysis=inline, newsroom_id=newsroom.id, image_bytes=1)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_a_ledger_comes_in(store: Store, clock: StoppedClock, tmp_path: Path, form: str) -> None:
    """Channels, days and outcomes in the newsroom's words; what is no link is said; the same file adds nothing."""
    room, watch = await room_of(store, clock, tmp_path), Watched()
    path = (csv_of if form == "csv" else xlsx_of)(tmp_path / f"жалобы.{form}", HEADS, ROWS)
    tally = await import_takedowns(room, path, watch)
    assert (tally.added, tally.refused) == (3, 2)
    assert [problem.code for problem in watch.problems] == ["link_unknown", "takedown_channel_unknown"]
    async with store.read() as conn:
        first, second, third = (await conn.execute(sa.select(takedowns).order_by(takedowns.c.number))).all()
    assert (first.status, first.channel, first.ticket) == ("removed", "form", "4711")
    assert (first.closed_at - first.sent_at).days == 3
    assert (second.status, second.channel, second.answer) == ("refused", "trust_team", "=HYPERLINK(1)")
    # Nothing is made up of what the file does not say.
    assert (third.status, third.kind, third.sent_at, third.remind_at) == ("sent", "post", None, None)
    clock.tick(90 * 86_400)
    again = await import_takedowns(room, path, Watched())
    assert (again.added, again.changed, again.same) == (0, 0, 3)


async def test_hostile_cells_stay_words(store: Store, clock: StoppedClock, tmp_path: Path) -> None:
    """Formulas, markup and marks of direction go in as they are, and come out as plain text."""
    room = await room_of(store, clock, tmp_path)
    rows = [[f"https://vk.com/id{number}", text, text] for number, text in enumerate(HOSTILE, start=10)]
    await import_takedowns(room, csv_of(tmp_path / "x.csv", ["link", "answer", "note"], rows), Watched())
    async with store.read() as conn:
        kept = (await conn.execute(sa.select(takedowns.c.answer, takedowns.c.note))).all()
    assert len(kept) == len(HOSTILE)
    cells = [[answer or "", note] for answer, note in kept]
    text = table.csv_file(["=1", "b"], cells).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text)):
        assert all(not cell.startswith(("=", "+", "-", "@", "\t")) for cell in row)
        assert all("\u202e" not in cell for cell in row)


async def test_a_workbook_that_is_none(tmp_path: Path, analysis: Analysis) -> None:
    """No workbook, an empty one, one with declarations: refused by name, and nothing is unpacked without end."""
    path = tmp_path / "x.xlsx"
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><worksheet><row><c>&b;</c></row></worksheet>'
    broken: list[dict[str, str] | bytes] = [b"", b"PK\x03\x04", {"a": "b"}, {"xl/worksheets/sheet1.xml": bomb}]
    for content in broken:
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            with zipfile.ZipFile(path, "w") as file:
                for name, text in content.items():
                    file.writestr(name, text)
        with pytest.raises(Refusal, match="file_broken"):
            await SheetFile.open(path, analysis)


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30), max_size=6))
def test_a_workbook_is_read_back(cells: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    """What a workbook's cells hold is what a row says."""
    path = tmp_path_factory.mktemp("book") / "x.xlsx"
    texts = [cell for cell in cells if cell.strip() and not cell.startswith("'")]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "link")
        for number, text in enumerate(texts, start=1):
            sheet.write_string(number, 0, text)
    rows = list(SheetFile(unpacked(path.read_bytes()).lines, path.name).rows(TakedownColumns()))
    assert [row.values for row in rows] == [{"link": text} for text in texts]
