"""What a backup begins and ends with, as JSON; foreign ones are refused, whatever they hold."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from bot.errors import Refusal
from bot.model.backup import Heading, Manifest, Root, TableShape, Tally

FORM: Final = 1
HEADING: Final = "kalkan-backup.json"
MANIFEST: Final = "manifest.json"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
_KINDS: Final = frozenset({"plain", "moment", "day", "bytes", "json", "bool"})


def told(value: Heading | Manifest) -> bytes:
    """The JSON of it."""
    return json.dumps(asdict(value), default=datetime.isoformat, indent=1).encode()


def read_heading(data: bytes) -> Heading:
    """The heading. Raises Refusal for one that is none, or of a form that is not known here."""
    try:
        found = json.loads(data)
        if found["form"] != FORM:
            raise Refusal("backup_newer")
        return Heading(
            form=FORM,
            made_at=datetime.fromisoformat(found["made_at"]),
            revision=_named(found["revision"], r"\d{4}\Z"),
            roots=tuple(_root(root) for root in found["roots"]),
            tables=tuple(_shape(table) for table in found["tables"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise Refusal("backup_foreign") from None


def read_manifest(data: bytes) -> Manifest:
    """The manifest. Raises Refusal."""
    try:
        found = json.loads(data)
        tables = {
            name: Tally(rows=int(tally["rows"]), sha256=str(tally["sha256"])) for name, tally in found["tables"].items()
        }
        keys = tuple(map(str, found["keys"]))
        return Manifest(tables=tables, files=int(found["files"]), files_sha256=str(found["files_sha256"]), keys=keys)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise Refusal("backup_foreign") from None


def hash_of_names(names: Iterable[str]) -> str:
    """One hash over the names of the vault's files, which are their hashes."""
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()


def _shape(found: Any) -> TableShape:
    columns = tuple((_named(name), kind) for name, kind in found["columns"])
    names = {name for name, _ in columns}
    key, later = tuple(found["key"]), tuple(found["later"])
    if (
        not key
        or not names.issuperset(key)
        or not names.issuperset(later)
        or not _KINDS.issuperset(k for _, k in columns)
    ):
        raise ValueError("no table of ours")
    return TableShape(name=_named(found["name"]), columns=columns, key=key, later=later)


def _root(found: Any) -> Root:
    return Root(
        newsroom_id=int(found["newsroom_id"]), size=int(found["size"]), root=_named(found["root"], r"[0-9a-f]{64}\Z")
    )


def _named(word: Any, pattern: str | re.Pattern[str] = _NAME) -> str:
    if not isinstance(word, str) or re.match(pattern, word) is None:
        raise ValueError("no name of ours")
    return word
