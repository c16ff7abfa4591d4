"""Tables as files: CSV and XLSX in which nothing is a formula, and a picture for a phone."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import xlsxwriter
import xlsxwriter.format
import xlsxwriter.worksheet
from PIL import Image, ImageDraw

from bot.documents.fonts import font
from bot.model.plain import cell, one_line

Cell = str | int | float

_LONGEST_CELL: Final = 32_000
_NO_DAY: Final = datetime(1980, 1, 1, tzinfo=UTC)
_WIDEST_COLUMN: Final = 60
_MARGIN: Final = 24
_TEXT: Final = 20
_LEADING: Final = 30
_GAP: Final = 20
_MOST_PIXELS: Final = 230
_TALLEST: Final = 60
_PAGE: Final = (255, 255, 255)
_INK: Final = (20, 22, 26)
_FAINT: Final = (90, 94, 100)
_BAND: Final = (242, 244, 247)


def csv_file(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte-order mark, so that spreadsheets read Cyrillic; what looks like a formula is plain text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_safe(head) for head in heads])
    writer.writerows([_safe(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def xlsx_file(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook of strings and numbers: no formula, no link, nothing that is carried out."""
    return book_file([Sheet(name="Sheet1", heads=heads, rows=rows)])


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A sheet of a workbook: heads, rows, and notes beneath them. The name is one that Excel takes."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()


def book_file(sheets: Sequence[Sheet]) -> bytes:
    """A workbook of several sheets, of strings and numbers as `xlsx_file` makes it."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        # Who made it, and when to the second, is nobody's business.
        book.set_properties({"created": _NO_DAY})
        bold = book.add_format({"bold": True})
        for each in sheets:
            _write_sheet(book.add_worksheet(each.name), each, bold)
    return out.getvalue()


def _write_sheet(sheet: xlsxwriter.worksheet.Worksheet, content: Sheet, bold: xlsxwriter.format.Format) -> None:
    heads, rows = content.heads, content.rows
    for place, head in enumerate(heads):
        sheet.write_string(0, place, _safe(head), bold)
        sheet.set_column(place, place, _width(head, [row[place] for row in rows]))
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, place, _safe(value))
            else:
                sheet.write_number(number, place, value)
    for number, note in enumerate(content.notes, start=len(rows) + 2):
        sheet.write_string(number, 0, _safe(note))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(rows)), max(0, len(heads) - 1))


def _safe(value: Cell) -> str:
    return cell(value)[:_LONGEST_CELL] if isinstance(value, str) else str(value)


def _width(head: str, values: Sequence[Cell]) -> int:
    return min(_WIDEST_COLUMN, max([len(head), *(len(str(value)) for value in values[:200])]) + 2)


def picture(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """A PNG: heads, then a line for each row; what is too long for its column ends in an ellipsis."""
    shown = [[one_line(str(value)) for value in row] for row in rows[:_TALLEST]]
    columns = list(zip(*([list(heads), *shown]), strict=True))
    widths = [min(_MOST_PIXELS, max(_pixels(text) for text in column)) for column in columns]
    width = sum(widths) + _GAP * (len(widths) - 1) + 2 * _MARGIN
    image = Image.new("RGB", (int(width), _MARGIN * 2 + _LEADING * (len(shown) + 1)), _PAGE)
    pen = ImageDraw.Draw(image)
    _draw_row(pen, list(heads), widths, _MARGIN, _FAINT)
    for number, row in enumerate(shown, start=1):
        top = _MARGIN + number * _LEADING
        if number % 2:
            pen.rectangle((0, top - 4, int(width), top + _LEADING - 5), fill=_BAND)
        _draw_row(pen, row, widths, top, _INK)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_row(
    pen: ImageDraw.ImageDraw, texts: Sequence[str], widths: Sequence[float], top: int, ink: tuple[int, int, int]
) -> None:
    left = float(_MARGIN)
    for text, width in zip(texts, widths, strict=True):
        pen.text((left, top), _fitting(text, width), font=font(_TEXT), fill=ink)
        left += width + _GAP


def _fitting(text: str, width: float) -> str:
    if _pixels(text) <= width:
        return text
    kept = text[:200]
    while kept and _pixels(kept + "…") > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _pixels(text: str) -> float:
    return float(font(_TEXT).getlength(text[:200]))
