"""Rows of a workbook (XLSX), as those of a CSV: the first sheet that holds something, its first line the names.

The file is a stranger's: it is a ZIP, so what comes out of it is counted before a library reads it, and nothing in it
is carried out. Formulas are read as what they showed when the file was saved. The reading is done by a worker with
limits: a sheet may say that its last cell is the seventeen-billionth, and a library believe it.
"""

import asyncio
import datetime as dt
import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from bot.analysis import Analysis, AnalysisFailed
from bot.errors import Refusal
from bot.services.batchfiles.plain_files import open_plain
from bot.services.batchfiles.rows import Naming, Row, RowFile, plain_naming, unguarded
from bot.services.batchfiles.writing import json_line

#: Bytes of the file, bytes that come out of it, and bytes of its rows as they are handed on.
MOST_BYTES: Final = 50_000_000
MOST_UNPACKED: Final = 400_000_000
MOST_TEXT: Final = 200_000_000
#: Rows of a sheet: as many as a spreadsheet can have.
MOST_ROWS: Final = 1_048_576
_CHUNK: Final = 1 << 20
_LONGEST_CELL: Final = 32_768


@dataclass(frozen=True, slots=True)
class Most:
    """How much of a workbook is taken: rows, and bytes of their text."""

    rows: int
    text: int


#: What the command line takes, and what is taken of a list that is sent in the chat: 25,000 accounts are a large one.
WHOLE: Final = Most(MOST_ROWS, MOST_TEXT)
SENT: Final = Most(100_000, 32_000_000)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a worker made of a workbook: its rows, each a line of JSON; or the code of why there are none."""

    lines: bytes = b""
    error: str | None = None


class SheetFile:
    """A workbook that was unpacked; `position` of `size` rows says how far the reading is."""

    is_table: Final = True

    def __init__(self, lines: bytes, name: str) -> None:
        self._lines = lines
        self.name = name
        self.size = lines.count(b"\n")
        self.position = 0
        self.line = 0

    @classmethod
    async def read(cls, data: bytes, name: str, analysis: Analysis, most: Most = WHOLE) -> "SheetFile":
        """A workbook of these bytes, taken apart in a worker. Raises Refusal, and AnalysisFailed("stopped")."""
        if len(data) > MOST_BYTES:
            raise Refusal("file_too_large", file=name)
        try:
            found = await analysis.workbook(unpacked, data, most)
        except AnalysisFailed as failure:
            if failure.code == "stopped":
                raise
            raise Refusal("file_broken" if failure.code == "crashed" else "file_too_large", file=name) from failure
        if found.error is not None:
            raise Refusal(found.error, file=name)
        return cls(found.lines, name)

    @classmethod
    async def open(cls, path: Path, analysis: Analysis) -> "SheetFile":
        """Open a workbook. Raises Refusal when it is missing, too large or none."""
        return await cls.read(await asyncio.to_thread(_bytes_of, path), path.name, analysis)

    def close(self) -> None:
        """Nothing is held open."""

    def heads(self) -> list[str]:
        """The names of the columns."""
        return next(self._cells(), [])

    def first(self, most: int) -> list[list[str]]:
        """The first rows as they stand."""
        return list(islice(self._cells(), 1, most + 1))

    def rows(self, columns: Sequence[str] | Naming, after: int = 0) -> Iterator[Row]:
        """The rows behind the first `after` lines. Raises Refusal for a header that names nothing looked for."""
        naming = plain_naming(columns) if isinstance(columns, Sequence) else columns
        names = naming.named(self.heads())
        for number, cells in enumerate(self._cells(), start=1):
            if number <= max(1, after):
                continue
            self.position = self.line = number
            if any(cells):
                values = {n: unguarded(cell) for n, cell in zip(names, cells, strict=False) if n and cell.strip()}
                yield Row(number=number, values=values)

    def _cells(self) -> Iterator[list[str]]:
        for line in io.BytesIO(self._lines):
            cells: list[str] = json.loads(line)
            yield cells


async def opened_table(path: Path, analysis: Analysis) -> "RowFile | SheetFile":
    """A table of either kind, by its name. Raises Refusal when it cannot be read."""
    if is_workbook(path.name):
        return await SheetFile.open(path, analysis)
    return RowFile.open(path)


def is_workbook(name: str) -> bool:
    """Whether a file is a workbook by its name."""
    return name.lower().endswith((".xlsx", ".xlsm"))


def _bytes_of(path: Path) -> bytes:
    try:
        with open_plain(path) as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise Refusal("file_missing", file=str(path)) from None
    except (OSError, ValueError) as error:
        raise Refusal("file_unreadable", file=str(path), why=getattr(error, "strerror", "") or "") from None


def unpacked(data: bytes, most: Most = WHOLE) -> Unpacked:
    """Runs in a worker: the rows of the first sheet that has any, as text; or why there are none."""
    try:
        cells = read_cells(data, "")
    except Refusal as refusal:
        return Unpacked(error=refusal.code)
    if len(cells) > most.rows:
        return Unpacked(error="file_too_large")
    lines, left = [], most.text
    for row in cells:
        line = json_line([_text(cell) for cell in row])
        left -= len(line)
        if left < 0:
            return Unpacked(error="file_too_large")
        lines.append(line)
    return Unpacked(lines=b"".join(lines))


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
    except (CalamineError, OSError, ValueError, OverflowError, zipfile.BadZipFile):
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
