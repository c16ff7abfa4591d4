"""An account with its record as a plain object and as the cells of a table, which an import knows again."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any, Final

from bot.model.account import Account
from bot.model.account_record import Details, Fact, FactKind

#: The columns of a table, which an import knows again.
ACCOUNT_COLUMNS: Final = (
    *("platform", "handle", "id", "names", "status", "type", "attached_to", "farm", "reason", "source", "batch"),
    *("first_seen", "last_seen", "photo_on", "cover_on", "posts_a_day", "links", "work", "study", "place", "group"),
    *("tags", "praised", "attacked", "listed_by", "listed_at", "confirmations", "photos_sha256", "account"),
)

#: What an import parts values at.
_PARTING: Final = re.compile(r"[;|]")
_COLUMN_OF: Final = {FactKind.TAG: "tags", FactKind.LINK: "links"}


def record_object(account: Account, details: Details, facts: Sequence[Fact]) -> dict[str, Any]:
    """One account with its record; an import reads it back."""
    told: dict[str, Any] = {name: str(value) for name, value in details.given().items()}
    for kind in FactKind:
        # `link` and `name` of a list are the account's own.
        column = _COLUMN_OF.get(kind, kind.value)
        told[column] = [_told(fact) for fact in facts if fact.kind is kind]
    told.pop(FactKind.NAME.value)
    return _listed(account) | {"type": told.pop("kind", None)} | told


def _told(fact: Fact) -> str:
    day = f" {fact.seen_on.isoformat()}" if fact.seen_on is not None else ""
    link = f" {fact.link}" if fact.link else ""
    why = f" — {fact.why}" if fact.why else ""
    return f"{fact.value}{day}{link}{why}"


def account_cells(value: Mapping[str, Any]) -> list[str]:
    """An account's object as cells; several values are parted by semicolons."""
    return [_cell(value.get(column)) for column in ACCOUNT_COLUMNS]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return several(value) if isinstance(value, list) else str(value)


def several(values: Sequence[Any]) -> str:
    """Values in one cell: what parts them stands in none, so that an import takes them apart as they were."""
    return "; ".join(_PARTING.sub(",", str(value)) for value in values)


def _listed(account: Account) -> dict[str, Any]:
    """A listed account as a plain object."""
    return {
        "platform": account.platform,
        "handle": account.handle,
        "id": account.numeric_id,
        "names": list(account.names),
        "status": account.status.value,
        "farm": account.farm,
        "reason": account.reason,
        "source": account.source,
        "batch": account.batch,
        "listed_by": account.listed_by,
        "listed_at": account.listed_at.astimezone(UTC).isoformat(),
        "confirmations": len(account.confirmations),
        "photos_sha256": list(account.photos),
        "account": str(account.id),
    }
