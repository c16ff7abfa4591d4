"""The first sheet of an XLSX workbook, row by row, as plain texts: no formula is carried out, no link is followed."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final
from xml.etree import ElementTree

from bot.errors import Refusal
from bot.services.batchfiles.rows import Naming, Row, unguarded

_MOST_UNPACKED: Final = 200_000_000
_MOST_CELLS: Final = 500
_MOST_TEXT: Final = 32_767
_DAY_FORMATS: Final = frozenset({*range(14, 23), *range(45, 48)})
_DAYS_IN_CODE: Final = re.compile(r"[dyhs]", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[A-Z]{1,3}")
# Day 60 of the year 1900 never was: from the first of March on the days are right.
_EPOCH: Final = datetime(1899, 12, 30, tzinfo=UTC)


def is_workbook(path: Path) -> bool:
    """Whether it is a workbook by its name."""
    return path.suffix.lower() == ".xlsx"


def workbook_rows(path: Path, naming: Naming) -> Iterator[Row]:
    """The rows below the first one, by the names in that. Raises Refusal for what is no workbook, or none of ours."""
    try:
        with zipfile.ZipFile(path) as book:
            yield from _rows(book, naming)
    except FileNotFoundError:
        raise Refusal("file_missing", file=str(path)) from None
    except (OSError, zipfile.BadZipFile, zlib.error, KeyError, ElementTree.ParseError, ValueError, EOFError):
        raise Refusal("workbook_broken", file=path.name) from None


def _rows(book: zipfile.ZipFile, naming: Naming) -> Iterator[Row]:
    shared, days = _shared_texts(book), _day_styles(book)
    names: Sequence[str] | None = None
    for number, cells in _sheet(book, shared, days):
        if names is None:
            names = naming.named(cells)
        elif any(cell.strip() for cell in cells):
            values = {name: unguarded(cell) for name, cell in zip(names, cells, strict=False) if name and cell.strip()}
            yield Row(number=number, values=values)


def _sheet(book: zipfile.ZipFile, shared: Sequence[str], days: frozenset[int]) -> Iterator[tuple[int, list[str]]]:
    sheets = sorted(name for name in book.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name))
    if not sheets:
        raise ValueError("a workbook without a sheet")
    first = min(sheets, key=lambda name: int(re.findall(r"\d+", name)[-1]))
    number = 0
    for row in _elements(book, first, "row"):
        number = int(row.get("r") or number + 1)
        cells: dict[int, str] = {}
        for place, cell in enumerate(each for each in row if _name(each) == "c"):
            where = _LETTERS.match(cell.get("r") or "")
            column = _column(where.group()) if where else place
            if column < _MOST_CELLS:
                cells[column] = _text(cell, shared, days)[:_MOST_TEXT]
        yield number, [cells.get(place, "") for place in range(max(cells, default=-1) + 1)]


def _text(cell: ElementTree.Element, shared: Sequence[str], days: frozenset[int]) -> str:
    kind, value = cell.get("t") or "n", ""
    for child in cell:
        if _name(child) == "v":
            value = child.text or ""
        elif _name(child) == "is":
            value = _joined(child)
    if kind == "s":
        return shared[int(value)] if value else ""
    if kind == "n" and value:
        return _number(value, int(cell.get("s") or 0) in days)
    return value


def _number(value: str, is_day: bool) -> str:
    number = float(value)
    if is_day and 0 < number < 2_958_466:
        return (_EPOCH + timedelta(days=number)).replace(microsecond=0).isoformat()
    return str(int(number)) if number.is_integer() and abs(number) < 10**15 else value


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _shared_texts(book: zipfile.ZipFile) -> list[str]:
    name = "xl/sharedStrings.xml"
    return [_joined(each)[:_MOST_TEXT] for each in _elements(book, name, "si")] if name in book.namelist() else []


def _joined(element: ElementTree.Element) -> str:
    return "".join(each.text or "" for each in element.iter() if _name(each) == "t")


def _day_styles(book: zipfile.ZipFile) -> frozenset[int]:
    """The styles by which a number is shown as a day."""
    name = "xl/styles.xml"
    if name not in book.namelist():
        return frozenset()
    own = {
        int(each.get("numFmtId") or 0)
        for each in _elements(book, name, "numFmt")
        if _DAYS_IN_CODE.search(re.sub(r'"[^"]*"|\[[^\]]*\]', "", each.get("formatCode") or ""))
    }
    styles = next(iter(_elements(book, name, "cellXfs")), None)
    kinds = [int(each.get("numFmtId") or 0) for each in styles] if styles is not None else []
    return frozenset(place for place, kind in enumerate(kinds) if kind in _DAY_FORMATS or kind in own)


def _elements(book: zipfile.ZipFile, name: str, wanted: str) -> Iterator[ElementTree.Element]:
    """The elements of a name, one after the other; what was given is forgotten."""
    if book.getinfo(name).file_size > _MOST_UNPACKED:
        raise Refusal("workbook_too_large", file=name)
    with book.open(name) as stream:
        for _, element in ElementTree.iterparse(_Bounded(stream)):  # noqa: S314 - no declarations pass `_Bounded`
            if _name(element) == wanted:
                yield element
                element.clear()


class _Bounded:
    """A stream that ends where too much was unpacked, and takes no declarations: entities could swell without end."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._read = 0
        self._last = b""

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._read += len(data)
        seen = self._last + data
        # No workbook has declarations; in another encoding than UTF-8 they could hide.
        if self._read > _MOST_UNPACKED or b"<!" in seen or b"\x00" in seen:
            raise ValueError("not the XML of a workbook")
        self._last = data[-1:]
        return data


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
