"""Tables as files: whatever stands in a cell is text, in CSV, in a workbook and in a picture."""

import csv
import io
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.documents.table import csv_file, picture, xlsx_file
from bot.model.plain import cell, one_line
from tests.services.threat_ground import HOSTILE

HEADS = ["Запись", "Сөздөрү"]
_FORMULA = re.compile(r"^[=+\-@\t\r＝＋－＠]")


def _read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("nasty", HOSTILE)
def test_nothing_is_a_formula(nasty: str) -> None:
    """No cell begins with what a spreadsheet would carry out; the workbook has strings and numbers alone."""
    rows = _read(csv_file(HEADS, [[nasty, 7]]))
    assert rows[0] == HEADS
    assert not _FORMULA.match(rows[1][0])
    assert rows[1][1] == "7"
    with zipfile.ZipFile(io.BytesIO(xlsx_file(HEADS, [[nasty, 7]]))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        names = book.namelist()
        shown = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert not [name for name in names if "vba" in name.lower() or "external" in name.lower()]
    assert "\u202e" not in shown


@given(st.text(max_size=60))
def test_any_text_is_a_line_of_its_own(text: str) -> None:
    """Whatever text comes: one row, one cell, no marks of direction, no control characters, no formula."""
    safe = cell(text)
    assert not _FORMULA.match(safe)
    assert "\n" not in safe
    assert not set(safe) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\x00\x07")
    rows = _read(csv_file(HEADS, [[text, text]]))
    assert rows[1] == [safe, safe]
    assert xlsx_file(HEADS, [[text, text]])


def test_a_picture_fits_a_phone() -> None:
    """Thirty long rows are one PNG that Telegram takes, with Kyrgyz letters; hostile cells change nothing."""
    rows = [["өңүү " * 40, nasty] for nasty in HOSTILE * 3]
    with Image.open(io.BytesIO(picture(HEADS, rows))) as image:
        assert image.format == "PNG"
        assert image.width + image.height <= 10_000
        assert max(image.size) / min(image.size) < 20


def test_one_line() -> None:
    """What is left is what is read."""
    assert one_line(" а\u202eб\n в\x00 ") == "аб в"
