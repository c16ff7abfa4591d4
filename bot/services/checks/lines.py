"""One line to be checked or imported: `{"id", "text"?, "image"?, "account"?, "post"?, "at"?}`, read with care.

Unknown keys are passed over; whatever else is wrong has a code and concerns this line alone.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from bot.errors import Refusal
from bot.model.moments import is_plausible
from bot.services.batchfiles.rows import Row
from bot.services.findings import Author
from detection.accounts.links import parse_links

LineId = str | int | float

#: Columns of a table of comments; `account`'s parts have a column each.
COLUMNS: Final = ("id", "text", "image", "platform", "handle", "name", "account_id", "post", "at")

_COLUMNS_OF_AUTHOR: Final = (("platform", "platform"), ("handle", "handle"), ("name", "name"), ("account_id", "id"))

PLATFORMS: Final = frozenset(
    {"facebook", "instagram", "vk", "ok", "tiktok", "youtube", "x", "threads", "telegram", "other"}
)
_PLATFORM_NAMES: Final = {
    **dict.fromkeys(("fb", "meta"), "facebook"),
    **dict.fromkeys(("ig", "insta"), "instagram"),
    **dict.fromkeys(("vkontakte", "vk.com", "вк", "вконтакте"), "vk"),
    **dict.fromkeys(("odnoklassniki", "ok.ru", "одноклассники"), "ok"),
    **dict.fromkeys(("yt",), "youtube"),
    **dict.fromkeys(("twitter", "x.com"), "x"),
    **dict.fromkeys(("tg",), "telegram"),
}
_NOBODY: Final = Author()
_OF_AN_AUTHOR: Final = ("handle", "id", "name", "platform")
_MOST_HANDLE: Final = 100
_MOST_NUMERIC_ID: Final = 40
_MOST_NAME: Final = 200
_MOST_POST: Final = 500
# Halves of surrogate pairs can be stored nowhere, and PostgreSQL takes no NUL; one sign for one keeps spans in place.
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckLine:
    """A line that can be checked: it has a text, a picture, or both."""

    id: LineId
    number: int
    #: Whether the line itself says its id; without one it is called by its number.
    is_named: bool = True
    text: str = ""
    image: Path | None = None
    author: Author = _NOBODY
    post: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BadLine:
    """A line that cannot be read; `error` is the code."""

    id: LineId
    number: int
    error: str


def read_line(row: Row, folder: Path) -> CheckLine | BadLine:
    """The line that a row of JSON holds; pictures are looked for beside the file, in `folder`."""
    number = row.number
    line_id: LineId = str(number)
    if row.values is None:
        return BadLine(id=line_id, number=number, error=row.error or "not_an_object")
    try:
        given = _id(row.values.get("id"))
        line_id = line_id if given is None else given
        return _line(row.values, number, line_id, given is not None, folder)
    except Refusal as refusal:
        return BadLine(id=line_id, number=number, error=refusal.code)


def row_of_table(row: Row) -> Row:
    """A row of a table of comments in the form of a line of JSON."""
    if row.values is None:
        return row
    values = dict(row.values)
    parts = {key: values[column] for column, key in _COLUMNS_OF_AUTHOR if column in values}
    values["account"] = parts or None
    return Row(number=row.number, values=values)


def clean(text: str) -> str:
    """The text with what no database takes replaced, sign for sign."""
    return _UNSTORABLE.sub("\ufffd", text)


def platform_named(word: str) -> str | None:
    """The platform that a word names; None for a word that names none of them."""
    name = word.strip().lower()
    name = _PLATFORM_NAMES.get(name, name)
    return name if name in PLATFORMS else None


def moment(value: str) -> datetime:
    """An ISO 8601 time in UTC; one without a zone is UTC. Raises Refusal("at_wrong")."""
    try:
        read = datetime.fromisoformat(value.strip())
        at = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refusal("at_wrong") from None
    if not is_plausible(at):
        raise Refusal("at_wrong")
    return at


def bare_handle(handle: str) -> str:
    """A handle without the sign before it."""
    return handle.strip().removeprefix("@").strip()


def _line(values: Mapping[str, Any], number: int, line_id: LineId, is_named: bool, folder: Path) -> CheckLine:
    text, image = _text(values, "text") or "", _text(values, "image")
    line = CheckLine(
        id=line_id,
        number=number,
        is_named=is_named,
        text=clean(text),
        image=folder / image if image and image.strip() else None,
        author=_author(values.get("account")),
        post=(_label(values.get("post"), "post_wrong") or "")[:_MOST_POST] or None,
        at=_at(values),
    )
    if not line.text.strip() and line.image is None:
        raise Refusal("empty")
    return line


def _at(values: Mapping[str, Any]) -> datetime | None:
    # Whoever reads tables and foreign exports has made a moment of it; JSON has none.
    if isinstance(given := values.get("at"), datetime):
        return given
    at = _text(values, "at")
    return moment(at) if at else None


def _id(value: Any) -> LineId | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refusal("id_wrong")
    if isinstance(value, float) and not math.isfinite(value):
        raise Refusal("id_wrong")
    return value


def _text(values: Mapping[str, Any], key: str) -> str | None:
    value = values.get(key)
    if value is None or isinstance(value, str):
        return value
    raise Refusal(f"{key}_wrong")


def _label(value: Any, error: str) -> str | None:
    """A short text, which may also be given as a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**_MOST_NUMERIC_ID else ""
    if value is None or isinstance(value, str):
        return clean(value).strip() or None if value else None
    raise Refusal(error)


def _author(account: Any) -> Author:
    if account is None:
        return _NOBODY
    if not isinstance(account, Mapping):
        raise Refusal("account_wrong")
    given = [account.get(key) for key in _OF_AN_AUTHOR]
    # Few write much. What is remembered is short and of one type: 1 and True are the same key.
    if all(each is None or (type(each) is str and len(each) <= _MOST_NAME) for each in given):
        return _known_author(*given)
    return _author_of(*given)


def _author_of(*given: Any) -> Author:
    handle, number, name, platform = (_label(each, "account_wrong") for each in given)
    author = Author(
        platform=(platform_named(platform) or "other") if platform else None,
        handle=bare_handle(handle) or None if handle else None,
        numeric_id=number,
        name=name[:_MOST_NAME] if name else None,
    )
    if len(author.handle or "") > _MOST_HANDLE and "/" not in (author.handle or ""):
        raise Refusal("account_wrong")
    if len(number or "") > _MOST_NUMERIC_ID:
        raise Refusal("account_wrong")
    return linked(author)


_known_author: Final = lru_cache(maxsize=4096)(_author_of)


def linked(author: Author) -> Author:
    """The author whose handle was given as the address of a profile, with platform and handle apart."""
    if not author.handle or "/" not in author.handle:
        return author
    link = next((link for link in parse_links(author.handle) if link.handle or link.numeric_id), None)
    if link is None:
        raise Refusal("account_wrong")
    number = link.numeric_id or author.numeric_id
    return Author(platform=link.platform, handle=link.handle, numeric_id=number, name=author.name)
