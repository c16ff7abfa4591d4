"""Streams the store out, noun by noun, as plain objects; comments and accounts can be imported again as they are."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from bot.model.submission import OriginKind, SubmissionState
from bot.services.account_objects import ACCOUNT_COLUMNS, record_object, several
from bot.storage import exporting
from bot.storage.exporting import Page, PageRow
from bot.storage.store import Store

_PAGE: Final = 500

Exported = dict[str, Any]


class Noun(StrEnum):
    """What can be exported."""

    SUBMISSIONS = "submissions"
    COMMENTS = "comments"
    ACCOUNTS = "accounts"
    THREATS = "threats"


@dataclass(frozen=True, kw_only=True, slots=True)
class Export:
    """How one noun is exported: its pages, its object, and the columns of its table."""

    page: Page
    shape: Callable[[PageRow], Exported]
    columns: tuple[str, ...]


async def exported(store: Store, newsroom_id: int, noun: Noun) -> AsyncIterator[Exported]:
    """Every object of a noun, oldest first; what is added meanwhile comes at the end."""
    export = EXPORTS[noun]
    after = 0
    while True:
        async with store.read() as conn:
            rows = await export.page(conn, newsroom_id, after, _PAGE)
        if not rows:
            return
        for row in rows:
            yield export.shape(row)
        after = rows[-1]["id"]


def table_row(noun: Noun, value: Mapping[str, Any]) -> list[str]:
    """An exported object as cells: nested objects are opened, several values parted by semicolons."""
    flat = _flat(value)
    return [_cell(flat.get(column)) for column in EXPORTS[noun].columns]


def _comment(row: PageRow) -> Exported:
    account = {"platform": row["platform"], "handle": row["handle"], "name": row["author"]}
    return {
        "id": row["source"],
        "text": row["text"],
        "account": {key: value for key, value in account.items() if value} or None,
        "post": row["post"],
        "at": _iso(row["posted_at"]),
        "added_at": _iso(row["added_at"]),
        "batch": row["batch"],
        "case": _label("K", row["number"]),
        "comment": str(row["id"]),
    }


def _account(row: PageRow) -> Exported:
    return record_object(row["account"], row["details"], row["facts"])


def _threat(row: PageRow) -> Exported:
    return {
        "threat": _label("T", row["number"]),
        "case": _label("K", row["case_number"]),
        "level": row["level"],
        "kinds": list(row["kinds"]),
        "severity": row["severity"],
        "imminent": row["imminent"],
        "targets": [target["text"] for target in row["targets"]],
        "status": row["status"],
        "recorded_at": _iso(row["recorded_at"]),
        "text": row["text"],
        **_origin(row["origin"]),
    }


def _submission(row: PageRow) -> Exported:
    parts = row["parts"]
    return {
        "case": _label("K", row["number"]),
        "state": row["state"],
        "withdrawn": row["state"] == SubmissionState.WITHDRAWN.value,
        "source": row["source"],
        "reporter": row["reporter"],
        "opened_at": _iso(row["opened_at"]),
        "level": row["level"],
        "target": row["target"],
        "note": "\n".join(part["text"] for part in parts if _is_typed(part) and part["text"]),
        "parts": [_part(part) for part in parts],
        "submission": str(row["id"]),
    }


def _part(part: PageRow) -> Exported:
    return {
        "kind": part["kind"],
        "what": part["what"],
        "text": part["text"],
        "image_sha256": part["sha256"],
        "sent_at": _iso(part["sent_at"]),
        "edited_at": _iso(part["edited_at"]),
        **_origin(part["origin"]),
    }


def _origin(origin: Mapping[str, Any]) -> Exported:
    return {
        "origin": origin.get("kind"),
        "author": origin.get("name"),
        "handle": origin.get("handle"),
        "post": origin.get("post"),
        "at": _iso_again(origin.get("sent_at")),
    }


def _is_typed(part: PageRow) -> bool:
    return bool(part["origin"].get("kind") == OriginKind.TYPED.value)


def _label(letter: str, number: int | None) -> str | None:
    return f"{letter}-{number}" if number is not None else None


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment is not None else None


def _iso_again(moment: str | None) -> str | None:
    return _iso(datetime.fromisoformat(moment)) if moment else None


def _flat(value: Mapping[str, Any]) -> dict[str, Any]:
    flat = dict(value)
    if isinstance(account := flat.pop("account", None), Mapping):
        flat |= account
    elif account is not None:
        flat["account"] = account
    if isinstance(parts := flat.pop("parts", None), list):
        flat["texts"] = "\n\n".join(part["text"] for part in parts if part["text"])
        flat["images_sha256"] = [part["image_sha256"] for part in parts if part["image_sha256"]]
        flat["authors"] = list(dict.fromkeys(name for part in parts if (name := part["handle"] or part["author"])))
    return flat


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return several(value)
    return str(value)


EXPORTS: Final = {
    Noun.COMMENTS: Export(
        page=exporting.comments_page,
        shape=_comment,
        columns=(
            *("id", "text", "platform", "handle", "name", "post", "at"),
            *("added_at", "batch", "case", "comment"),
        ),
    ),
    Noun.ACCOUNTS: Export(
        page=exporting.accounts_page,
        shape=_account,
        columns=ACCOUNT_COLUMNS,
    ),
    Noun.THREATS: Export(
        page=exporting.threats_page,
        shape=_threat,
        columns=(
            *("threat", "case", "level", "kinds", "severity", "imminent", "targets", "status", "recorded_at"),
            *("text", "origin", "author", "handle", "post", "at"),
        ),
    ),
    Noun.SUBMISSIONS: Export(
        page=exporting.submissions_page,
        shape=_submission,
        columns=(
            *("case", "state", "withdrawn", "source", "reporter", "opened_at", "level", "target", "note"),
            *("texts", "authors", "images_sha256", "submission"),
        ),
    ),
}
