"""Staff from a file: a CSV, JSONL, or plain lines of `[outlet] Name; alias; alias`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.errors import Refusal
from bot.model.staff import StaffKind
from bot.services.batchfiles.rows import Row, RowFile
from bot.services.checks.lines import clean
from bot.services.staff import read_staff
from detection.threats import StaffName

COLUMNS: Final = ("kind", "name", "position", "aliases", "telegram_id")

_KINDS: Final = {
    **dict.fromkeys(("", "person", "staff", "journalist", "freelancer", "illustrator"), StaffKind.PERSON),
    **dict.fromkeys(("outlet", "media", "brand"), StaffKind.OUTLET),
}
_MOST_NAME: Final = 200
#: Stands for bytes that fit no encoding: a name with a hole in it would protect nobody.
_LOST: Final = "\ufffd"
_MOST_POSITION: Final = 100
_MOST_ALIASES: Final = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffRow:
    """One person or outlet of a file."""

    number: int
    kind: StaffKind
    name: str
    position: str | None = None
    aliases: tuple[str, ...] = ()
    telegram_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BadStaffRow:
    """A row that cannot be read; `error` is the code."""

    number: int
    error: str


def staff_rows(file: RowFile) -> Iterator[StaffRow | BadStaffRow]:
    """Everyone whom a file names, row by row."""
    if _is_plain(file):
        yield from _plain_rows(file)
        return
    for row in file.rows(COLUMNS):
        yield _staff_row(row)


def extra_staff(path: Path) -> tuple[tuple[StaffName, ...], list[BadStaffRow]]:
    """The staff of a file for one run, with ids below zero that no stored one has; and what cannot be read."""
    file = RowFile.open(path)
    try:
        rows = list(staff_rows(file))
    finally:
        file.close()
    good = [row for row in rows if isinstance(row, StaffRow)]
    names = [
        StaffName(ref=-number, kind=row.kind.value, names=(row.name, *row.aliases))
        for number, row in enumerate(good, start=1)
    ]
    return tuple(names), [row for row in rows if isinstance(row, BadStaffRow)]


def _is_plain(file: RowFile) -> bool:
    name = file.name.lower().removesuffix(".gz")
    if name.endswith((".txt", ".csv", ".tsv", ".jsonl", ".ndjson", ".json")):
        return name.endswith(".txt")
    return file.is_table and "name" not in file.head_line().lower()


def _plain_rows(file: RowFile) -> Iterator[StaffRow | BadStaffRow]:
    number = 0
    try:
        for number, text in file.texts():
            words = " ".join(text.removeprefix("\ufeff").split())
            if words and not words.startswith("#"):
                yield _plain_row(number, words)
    except Refusal as refusal:
        yield BadStaffRow(number=number + 1, error=refusal.code)


def _plain_row(number: int, words: str) -> StaffRow | BadStaffRow:
    if _LOST in words:
        return BadStaffRow(number=number, error="not_utf8")
    if not words.isprintable():
        return BadStaffRow(number=number, error="staff_name_wrong")
    try:
        kind, name, aliases = read_staff(words)
    except Refusal as refusal:
        return BadStaffRow(number=number, error=refusal.code)
    return StaffRow(number=number, kind=kind, name=name, aliases=aliases)


def _staff_row(row: Row) -> StaffRow | BadStaffRow:
    try:
        if row.values is None:
            raise Refusal(row.error or "not_an_object")
        return _read(row.number, row.values)
    except Refusal as refusal:
        return BadStaffRow(number=row.number, error=refusal.code)


def _read(number: int, values: Mapping[str, Any]) -> StaffRow:
    name = _text(values, "name")
    if not name:
        raise Refusal("staff_name_missing")
    kind = _KINDS.get(_text(values, "kind").lower())
    if kind is None:
        raise Refusal("staff_kind_unknown")
    aliases = dict.fromkeys(alias[:_MOST_NAME] for alias in _aliases(values.get("aliases")) if alias != name)
    return StaffRow(
        number=number,
        kind=kind,
        name=name[:_MOST_NAME],
        position=_text(values, "position")[:_MOST_POSITION] or None,
        aliases=tuple(aliases)[:_MOST_ALIASES],
        telegram_id=_telegram_id(values.get("telegram_id")),
    )


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refusal(f"staff_{key}_wrong")
    return _whole(clean(value).strip())


def _whole(text: str) -> str:
    if _LOST in text:
        raise Refusal("not_utf8")
    return text


def _aliases(value: Any) -> Sequence[str]:
    parts = value.split(";") if isinstance(value, str) else value or []
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise Refusal("staff_aliases_wrong")
    return [text for part in parts if (text := _whole(clean(part).strip()))]


def _telegram_id(value: Any) -> int | None:
    if value is None or value == "":
        return None
    try:
        number = int(value) if isinstance(value, str | int) and not isinstance(value, bool) else 0
    except ValueError:
        number = 0
    if not 0 < number < 1 << 62:
        raise Refusal("telegram_id_wrong")
    return number
