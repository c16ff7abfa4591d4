"""One row of an export of comments: its columns by what they mean, then read as `kalkan check` reads a line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from bot.errors import Refusal
from bot.services.batchfiles.rows import Row, RowFile
from bot.services.checks.lines import BadLine, CheckLine, platform_named, read_line, row_of_table
from bot.services.imports.columns import CommentColumns, said
from bot.services.imports.times import DateOrder, joined, posted_at

Line = CheckLine | BadLine

_MOST_SOURCE: Final = 200
_MOST_HANDLE: Final = 100
# What an object that says who wrote a comment calls these; of two names for one the later is the better.
_PARTS: Final[Mapping[str, str]] = {
    "platform": "platform",
    **dict.fromkeys(("screen_name", "username", "handle"), "handle"),
    **dict.fromkeys(("display_name", "name"), "name"),
    **dict.fromkeys(("id_str", "id"), "account_id"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class CommentForm:
    """What the operator says of a file of comments: {field: column}, whose platform it is, the order in its dates."""

    columns: Mapping[str, str] | None = None
    platform: str | None = None
    date_order: DateOrder | None = None

    @property
    def identity(self) -> str:
        """The same for two forms that read every file alike."""
        return repr((sorted((self.columns or {}).items()), self.platform, self.date_order))


@dataclass(frozen=True, kw_only=True, slots=True)
class Chunk:
    """Some lines of a file; `after` is the last line of it that was read, `position` its place in bytes."""

    lines: list[Line]
    after: int
    position: int


class CommentReader:
    """Reads the rows of one file. Raises Refusal for a form that makes no sense."""

    def __init__(self, form: CommentForm, folder: Path) -> None:
        self._columns = CommentColumns(form.columns)
        self._platform = platform_named(form.platform) if form.platform else None
        self._order = form.date_order
        self._folder = folder
        if form.platform and self._platform is None:
            raise Refusal("platform_unknown")

    def chunks(self, file: RowFile, after: int, size: int) -> Iterator[Chunk]:
        """The lines behind the first `after` lines of a file, `size` at a time.

        Raises Refusal for a file in which no column is known.
        """
        is_table = file.is_table
        rows = file.rows(self._columns, after)
        is_first = True
        while portion := list(islice(rows, size)):
            if is_first and not is_table:
                self._check(portion)
            is_first = False
            lines = [self.read(row, is_table=is_table) for row in portion]
            yield Chunk(lines=lines, after=file.line, position=file.position)

    def read(self, row: Row, *, is_table: bool) -> Line:
        """The line that a row holds."""
        if row.values is None:
            return read_line(row, self._folder)
        try:
            line = read_line(
                row_of_table(Row(number=row.number, values=self._flat(row.values, is_table))), self._folder
            )
        except Refusal as refusal:
            return BadLine(id=str(row.number), number=row.number, error=refusal.code)
        if isinstance(line, CheckLine) and (code := _unstorable(line)) is not None:
            return BadLine(id=line.id, number=line.number, error=code)
        return line

    def _check(self, rows: Sequence[Row]) -> None:
        """Raises Refusal when objects were read, and none of them has a text or an image."""
        found: dict[str, None] = {}
        for row in rows:
            names = tuple(row.values or ())
            if {"text", "image"} & set(self._columns.fields(names)):
                return
            found |= dict.fromkeys(names)
        if found:
            raise Refusal("columns_without_text", found=said(list(found)))

    def _flat(self, values: Mapping[str, Any], is_table: bool) -> dict[str, Any]:
        if is_table:
            flat = dict(values)
        else:
            fields = self._columns.fields(tuple(values))
            flat = {field: value for field, value in zip(fields, values.values(), strict=True) if field}
        _open_author(flat)
        if self._platform is not None and platform_named(str(flat.get("platform") or "")) is None:
            flat["platform"] = self._platform
        at = joined(flat.get("at"), flat.pop("clock", None))
        flat["at"] = posted_at(at, self._order) if at not in (None, "") else None
        return flat


def _open_author(flat: dict[str, Any]) -> None:
    """Say of an author whether that is a handle or a name, and lay an object's parts beside the other columns."""
    author = flat.pop("author", None)
    if author is None:
        return
    if not isinstance(author, str):
        if not isinstance(author, Mapping):
            raise Refusal("account_wrong")
        for name, field in _PARTS.items():
            if (value := author.get(name)) is not None:
                flat[field] = value
        return
    flat.setdefault("handle" if _is_handle(author.strip()) and not flat.get("handle") else "name", author)


def _is_handle(author: str) -> bool:
    """No platform has handles with spaces in them; one in other letters than Latin is written with its sign."""
    return not any(map(str.isspace, author)) and (author.isascii() or author.startswith("@") or "/" in author)


def _unstorable(line: CheckLine) -> str | None:
    """The code of what no column can hold."""
    if line.is_named and len(str(line.id)) > _MOST_SOURCE:
        return "id_too_long"
    return "account_wrong" if len(line.author.handle or "") > _MOST_HANDLE else None
