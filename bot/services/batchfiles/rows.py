"""Rows of a JSONL or CSV file, one after the other: a row that cannot be read is said with a code, the rest goes on.

Nothing is held but the row at hand, whatever the size of the file; gzip is told by its first bytes. Row numbers are
lines of the file, counted from 1.
"""

import codecs
import csv
import gzip
import io
import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol, cast

from bot.errors import Refusal
from bot.services.batchfiles.encoding import BROKEN, UTF16_MARKS, encoding_of
from bot.services.batchfiles.plain_files import open_plain

#: Longest line in bytes; no platform takes a comment of a hundredth of it.
MOST_BYTES: Final = 4 << 20
_GZIP_MAGIC: Final = b"\x1f\x8b"
_UTF8_MARK: Final = b"\xef\xbb\xbf"
_SEPARATORS: Final = ",;\t|"
# What exports put an apostrophe before, so that a spreadsheet takes it for words and not for a formula.
GUARDED: Final = re.compile("[\\s'\"]*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
# A packed file that is damaged, and one that the system stops giving while it is read.
_UNREADABLE: Final = (EOFError, zlib.error, OSError)
_NOT_UTF8: Final = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row: its values by name, or the code of what is wrong with it."""

    number: int
    values: Mapping[str, Any] | None = None
    error: str | None = None


class Naming(Protocol):
    """Says what the columns of a table are called."""

    def knows(self, name: str) -> bool:
        """Whether a column of this name, as the file writes it, is one of those looked for."""

    def named(self, names: Sequence[str]) -> Sequence[str]:
        """What each column is called in rows, "" for one to be passed over. Raises Refusal for an unusable header."""


class RowFile:
    """A file of rows, open for reading; `position` in `size` bytes (0: unknown) says how far the reading is.

    `line` is the last line of the file that belongs to a row given so far.
    """

    def __init__(self, raw: BinaryIO, name: str, size: int = 0) -> None:
        self._raw = io.BufferedReader(cast(io.RawIOBase, raw)) if not isinstance(raw, io.BufferedReader) else raw
        self.name = name
        self.size = size
        self.line = 0

    @property
    def position(self) -> int:
        """How many bytes were read; 0 where nobody knows how many there are."""
        # Asked by whoever shows it: to ask the system after each line takes longer than to read one.
        return self._raw.tell() if self.size else 0

    @cached_property
    def _packed(self) -> bool:
        # Asked for late: a pipe makes whoever looks wait for its first bytes.
        return self._raw.peek(2)[:2] == _GZIP_MAGIC

    @classmethod
    def open(cls, path: Path) -> "RowFile":
        """Open a file. Raises Refusal when it is not there, or no plain file."""
        try:
            raw = open_plain(path)
        except FileNotFoundError:
            raise Refusal("file_missing", file=str(path)) from None
        except (OSError, ValueError) as error:
            raise Refusal("file_unreadable", file=str(path), why=getattr(error, "strerror", "") or "") from None
        size = os.fstat(raw.fileno()).st_size
        try:
            if size or path.is_file():
                raw.peek(1)
        except OSError as error:
            raw.close()
            raise Refusal("file_unreadable", file=str(path), why=error.strerror or "") from None
        return cls(raw, path.name, size)

    def close(self) -> None:
        """Close the file."""
        self._raw.close()

    @property
    def is_table(self) -> bool:
        """Whether it is a CSV by its name, else by its first character."""
        name = self.name.lower().removesuffix(".gz")
        if name.endswith((".csv", ".tsv")):
            return True
        if name.endswith((".jsonl", ".ndjson", ".json")):
            return False
        return not self._head().removeprefix(_UTF8_MARK).lstrip().startswith(b"{")

    def lines(self) -> Iterator[tuple[int, bytes | None]]:
        """Numbered lines of bytes without their ends; None for one that is too long.

        Raises Refusal("file_broken") where a packed file ends too early or is damaged.
        """
        stream = self._unpacked()
        number = 0
        try:
            while line := stream.readline(MOST_BYTES + 1):
                self.line = number = number + 1
                if line.endswith(b"\n") or len(line) <= MOST_BYTES:
                    yield number, line.rstrip(b"\r\n")
                else:
                    _pass_over(stream)
                    yield number, None
        except _UNREADABLE:
            raise Refusal("file_broken") from None

    def objects(self, after: int = 0, *, with_empty: bool = False) -> Iterator[Row]:
        """The JSON object of each line behind the first `after` lines; an empty line is a row only where asked for."""
        number = 0
        try:
            for number, line in islice(self.lines(), after, None):
                if not with_empty and line is not None and not line.strip():
                    continue
                yield _object(number, line.removeprefix(_UTF8_MARK) if line and number == 1 else line)
        except Refusal as refusal:
            yield Row(number=number + 1, error=refusal.code)

    def table(self, columns: Sequence[str] | Naming, after: int = 0) -> Iterator[Row]:
        """The rows of a CSV behind the first `after` lines, by those names in its first line that `columns` knows.

        Raises Refusal("file_header") when the first line names none of them, or what a Naming raises.
        """
        naming = plain_naming(columns) if isinstance(columns, Sequence) else columns
        numbered = _Counted(self._texts())
        header = next(numbered, "")
        separator = _separator(header, naming)
        names = naming.named(_cells_of(header, separator))
        for _ in islice(numbered, max(0, after - 1)):
            pass
        for row in _rows(csv.reader(numbered, delimiter=separator), numbered, names):
            self.line = numbered.number
            yield row

    def rows(self, columns: Sequence[str] | Naming, after: int = 0) -> Iterator[Row]:
        """Rows of either kind of file, behind the first `after` lines."""
        return self.table(columns, after) if self.is_table else self.objects(after)

    def texts(self) -> Iterator[tuple[int, str]]:
        """Numbered lines of text; what is no UTF-8 carries lone surrogates."""
        yield from enumerate((line.rstrip("\r\n") for line in self._texts()), start=1)

    def head_line(self) -> str:
        """The first line, as far as it is short."""
        return self._head().removeprefix(_UTF8_MARK).partition(b"\n")[0].decode("utf-8", "replace")

    def _unpacked(self) -> BinaryIO:
        return cast(BinaryIO, gzip.GzipFile(fileobj=self._raw) if self._packed else self._raw)

    def _head(self) -> bytes:
        if not self._packed:
            return self._raw.peek(1)[:4096]
        try:
            head = zlib.decompressobj(wbits=31).decompress(self._raw.peek(1), 4096)
        except zlib.error:
            head = b""
        return head

    def _encoding(self) -> str:
        """The encoding of the whole file, which is read once for it: a later byte may tell what the first do not."""
        with suppress(Refusal):
            return encoding_of(self._chunks())
        return "utf-8-sig"

    def _chunks(self) -> Iterator[bytes]:
        if not self._raw.seekable():
            raise Refusal("file_unreadable", file=self.name, why="a table is read twice, so it must be a file")
        self._raw.seek(0)
        stream = self._unpacked()
        try:
            while chunk := stream.read(1 << 16):
                yield chunk
        except _UNREADABLE:
            raise Refusal("file_broken") from None

    def _texts(self) -> Iterator[str]:
        """Decoded lines with their ends, cut where they are too long."""
        encoding = self._encoding()
        decoder = codecs.getincrementaldecoder(encoding)(BROKEN[encoding])
        # What a line has so far, in pieces: put together at each of them, a long line would take minutes.
        held: list[str] = []
        for chunk in self._chunks():
            end, *lines = decoder.decode(chunk).split("\n")
            held.append(end)
            if lines:
                yield "".join(held) + "\n"
                *lines, begun = lines
                yield from (f"{line}\n" for line in lines)
                held = [begun]
            if sum(map(len, held)) > MOST_BYTES:
                yield "".join(held)
                held = []
        held.append(decoder.decode(b"", final=True))
        if rest := "".join(held):
            yield rest


class _Counted:
    """Lines on their way into the CSV reader, with the number of the last one."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.number = 0

    def __iter__(self) -> "_Counted":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        return line


def unguarded(cell: str) -> str:
    """A cell without the apostrophe that an export put before it."""
    return cell[1:] if cell.startswith("'") and GUARDED.match(cell[1:]) else cell


def _pass_over(stream: BinaryIO) -> None:
    while (rest := stream.readline(MOST_BYTES)) and not rest.endswith(b"\n"):
        pass


def _object(number: int, line: bytes | None) -> Row:
    if line is None:
        return Row(number=number, error="line_too_long")
    if line.startswith(UTF16_MARKS):
        return Row(number=number, error="not_utf8")
    if not line.strip():
        return Row(number=number, error="empty")
    try:
        values = _DECODER.decode(line.decode("utf-8"))
    except UnicodeDecodeError:
        return Row(number=number, error="not_utf8")
    except (ValueError, RecursionError):
        return Row(number=number, error="not_json")
    return Row(number=number, values=values) if isinstance(values, dict) else Row(number=number, error="not_an_object")


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


_DECODER: Final = json.JSONDecoder(parse_constant=_no_number)


def plain_naming(columns: Sequence[str]) -> Naming:
    """Columns go by their own names, in small letters and with underscores."""
    return _PlainNaming(columns)


class _PlainNaming:
    """Columns go by their own names, in small letters and with underscores."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = columns

    def knows(self, name: str) -> bool:
        return _plain_name(name) in self._columns

    def named(self, names: Sequence[str]) -> Sequence[str]:
        plain = [_plain_name(name) for name in names]
        if not set(plain) & set(self._columns):
            raise Refusal("file_header", columns=", ".join(self._columns))
        return plain


def _cells_of(header: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([header], delimiter=separator), [])
    except csv.Error:
        return []


def _separator(header: str, naming: Naming) -> str:
    def parted(separator: str) -> tuple[int, int]:
        cells = _cells_of(header, separator)
        return sum(naming.knows(name) for name in set(cells)), len(cells)

    return max(_SEPARATORS, key=parted)


def _plain_name(cell: str) -> str:
    return cell.strip().strip("\"'\ufeff").strip().lower().replace(" ", "_")


def _rows(reader: Iterator[list[str]], numbered: _Counted, names: Sequence[str]) -> Iterator[Row]:
    while True:
        begin = numbered.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Row(number=begin, error="row_broken")
            continue
        except Refusal as refusal:
            yield Row(number=begin, error=refusal.code)
            return
        if any(cell.strip() for cell in cells):
            yield _table_row(begin, names, cells)


def _table_row(number: int, names: Sequence[str], cells: Sequence[str]) -> Row:
    if any(not cell.isascii() and _NOT_UTF8.search(cell) for cell in cells):
        return Row(number=number, error="not_utf8")
    values = {name: unguarded(cell) for name, cell in zip(names, cells, strict=False) if name and cell.strip()}
    return Row(number=number, values=values)
