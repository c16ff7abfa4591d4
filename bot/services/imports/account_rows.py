"""One row of a list of accounts, read with care."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.errors import Refusal
from bot.model.account import AccountEntry
from bot.model.account_record import FactKind, NewFact
from bot.services.account_words import fact_of, read_amount, read_day, read_kind, read_tag
from bot.services.batchfiles.rows import Row
from bot.services.checks.lines import bare_handle, clean, platform_named
from bot.services.profiles import profile_link
from detection.accounts.links import Link

COLUMNS: Final = ("platform", "handle", "link", "id", "names", "name", "farm", "reason", "photos", "source")

_SEVERAL: Final = re.compile(r"[;|]")
_MOST: Final = {"handle": 100, "id": 40, "farm": 100, "reason": 2000, "source": 200}
#: Where facts of a kind stand; `link` is the account's own.
_FACTS: Final = {FactKind.LINK: "links"} | {
    kind: kind.value
    for kind in (
        *(FactKind.WORK, FactKind.STUDY, FactKind.PLACE, FactKind.GROUP),
        *(FactKind.PRAISED, FactKind.ATTACKED),
    )
}
_MOST_NAMES: Final = 50
_MOST_NAME: Final = 200
_MOST_CELL: Final = 5_000


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountRow:
    """An account to be listed, and the names of its picture files."""

    number: int
    entry: AccountEntry
    photos: tuple[str, ...]
    facts: tuple[NewFact, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


def read_account(row: Row) -> AccountRow:
    """The account of a row. Raises Refusal with the code of what is wrong."""
    if row.values is None:
        raise Refusal(row.error or "not_an_object")
    values = row.values
    link = _link(values)
    platform = link.platform if link is not None else _platform(values)
    handle, number = _text(values, "handle"), _text(values, "id")
    entry = AccountEntry(
        platform=platform,
        handle=(link.handle if link else None) or (bare_handle(handle) if handle and "/" not in handle else None),
        numeric_id=(link.numeric_id if link else None) or number,
        names=_names(values),
        farm=_text(values, "farm"),
        reason=_text(values, "reason"),
        source=_text(values, "source") or "",
    )
    complete = _complete(entry)
    return AccountRow(
        number=row.number,
        entry=complete,
        photos=_several(values, "photos"),
        facts=tuple(_facts(values, complete.source)),
        details=_details(values),
    )


def _facts(values: Mapping[str, Any], source: str) -> Iterator[NewFact]:
    for kind, column in _FACTS.items():
        for told in _cells(values, column):
            yield fact_of(kind, told, source)
    for told in _cells(values, "tags"):
        yield read_tag(told, source)


def _details(values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("first_seen", "last_seen", "photo_on", "cover_on"):
        told = _cell(values, name)
        if told:
            found[name] = read_day(told)
    amount, kind, whom = (_cell(values, name) for name in ("posts_a_day", "type", "attached_to"))
    if amount:
        found["posts_a_day"] = read_amount(amount)
    if kind:
        found |= read_kind(f"{kind} {whom}" if whom else kind)
    return found


def _cell(values: Mapping[str, Any], name: str) -> str:
    """A cell of a record's field. Raises Refusal for what is no text or number."""
    value = values.get(name)
    if value is None:
        return ""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise Refusal("cell_wrong", column=name)
    text = clean(str(value)).strip()
    if len(text) > _MOST_CELL:
        raise Refusal("cell_too_long", column=name)
    return text


def _cells(values: Mapping[str, Any], name: str) -> list[str]:
    """Several values of a field: a list, or a text that semicolons or bars part."""
    value = values.get(name)
    parts = value if isinstance(value, list) else _SEVERAL.split(_cell(values, name))
    return [text for part in parts if (text := _cell({name: part}, name))]


def _complete(entry: AccountEntry) -> AccountEntry:
    """The entry with its source; one that nothing tells from others cannot be listed: a name alone accuses many."""
    if not entry.handle and not entry.numeric_id:
        raise Refusal("handle_missing")
    return replace(entry, source=entry.source or entry.handle or entry.numeric_id or "")


def _link(values: Mapping[str, Any]) -> Link | None:
    given = _text(values, "link") or (handle if "/" in (handle := _text(values, "handle") or "") else None)
    if given is None:
        return None
    link = profile_link(given)
    if link is None:
        raise Refusal("link_unknown")
    return link


def _platform(values: Mapping[str, Any]) -> str:
    word = _text(values, "platform")
    if word is None:
        raise Refusal("platform_missing")
    platform = platform_named(word)
    if platform is None:
        raise Refusal("platform_unknown", platform=word[:40])
    return platform


def _text(values: Mapping[str, Any], key: str) -> str | None:
    value = values.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10 ** _MOST["id"]:
        value = str(value)
    if value is None:
        return None
    if not isinstance(value, str):
        raise Refusal(f"{key}_wrong")
    text = clean(value).strip()
    if len(text) > _MOST.get(key, 500):
        raise Refusal(f"{key}_too_long")
    return text or None


def _names(values: Mapping[str, Any]) -> tuple[str, ...]:
    names = [*_several(values, "names"), *_several(values, "name")]
    return tuple(dict.fromkeys(name[:_MOST_NAME] for name in names))[:_MOST_NAMES]


def _several(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Several values: a list, or a text in which semicolons or bars part them."""
    value = values.get(key)
    if value is None:
        return ()
    parts = _SEVERAL.split(value) if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise Refusal(f"{key}_wrong")
    return tuple(text for part in parts if (text := clean(part).strip()))
