"""Rows of a workbook (XLSX), as those of a CSV: the first sheet that holds something, its first line the names.

The file is a stranger's: it is a ZIP, so what comes out of it is counted before a library reads it, and nothing in it
is carried out. Formulas are read as what they showed when the file was saved.
"""

import asyncio
import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from bot.errors import Refusal
from bot.services.batchfiles.rows import Naming, Row, RowFile, plain_naming, unguarded

#: Bytes of the file, and bytes that come out of it.
MOST_BYTES: Final = 50_000_000
MOST_UNPACKED: Final = 400_000_000
_CHUNK: Final = 1 << 20
_LONGEST_CELL: Final = 32_768


class SheetFile:
    """A workbook, open for reading; `position` of `size` rows says how far the reading is."""

    is_table: Final = True

    def __init__(self, cells: list[list[Any]], name: str) -> None:
        self._cells = cells
        self.name = name
        self.size = len(cells)
        self.position = 0
        self.line = 0

    @classmethod
    def open(cls, path: Path) -> "SheetFile":
        """Open a workbook. Raises Refusal when it is missing, too large or none."""
        try:
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except FileNotFoundError:
            raise Refusal("file_missing", file=str(path)) from None
        except OSError as error:
            raise Refusal("file_unreadable", file=str(path), why=error.strerror or "") from None
        return cls(read_cells(data, path.name), path.name)

    def close(self) -> None:
        """Nothing is held open."""

    def heads(self) -> list[str]:
        """The names of the columns."""
        return [_text(cell) for cell in self._cells[0]] if self._cells else []

    def first(self, most: int) -> list[list[str]]:
        """The first rows as they stand."""
        return [[_text(cell) for cell in row] for row in self._cells[1 : most + 1]]

    def rows(self, columns: Sequence[str] | Naming, after: int = 0) -> Iterator[Row]:
        """The rows behind the first `after` lines. Raises Refusal for a header that names nothing looked for."""
        naming = plain_naming(columns) if isinstance(columns, Sequence) else columns
        names = naming.named(self.heads())
        for number in range(max(2, after + 1), len(self._cells) + 1):
            self.position = self.line = number
            cells = [_text(cell) for cell in self._cells[number - 1]]
            if any(cells):
                values = {n: unguarded(cell) for n, cell in zip(names, cells, strict=False) if n and cell.strip()}
                yield Row(number=number, values=values)


async def opened_table(path: Path) -> "RowFile | SheetFile":
    """A table of either kind, by its name. Raises Refusal when it cannot be read."""
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        return await asyncio.to_thread(SheetFile.open, path)
    return RowFile.open(path)


def read_cells(data: bytes, name: str) -> list[list[Any]]:
    """The cells of the first sheet that has any. Raises Refusal."""
    if len(data) > MOST_BYTES:
        raise Refusal("file_too_large", file=name)
    _measure(data, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in range(len(book.sheet_names)):
            cells: list[list[Any]] = book.get_sheet_by_index(sheet).to_python()
            if cells:
                return cells
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile):
        raise Refusal("file_broken", file=name) from None
    return []


def _measure(data: bytes, name: str) -> None:
    """Count what comes out of the archive before anything of it is held. Raises Refusal."""
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                with archive.open(member) as stream:
                    while chunk := stream.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise Refusal("file_too_large", file=name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise Refusal("file_broken", file=name) from None


def _text(cell: Any) -> str:
    """A cell as a person sees it: whole numbers without a point, dates as they are written in ISO."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e18:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)[:_LONGEST_CELL]
