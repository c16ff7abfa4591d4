"""What an age file of a threat holds: the words as a person reads them, then all of it as JSON for machines."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.i18n import PlainTranslator
from bot.model.sealed_body import CaseBody, SaidLine, WrittenBody
from bot.model.submission import OriginKind

#: Before it stands what a person reads, behind it one line of JSON.
MARK: Final = "----- JSON -----"
Row = Mapping[str, Any]


#: What can be handed on: nothing of it says who reported it, or was said by colleagues.
_STRANGERS: Final[Mapping[str, Sequence[str]]] = {
    "submission_parts": ("id", "kind", "what", "text", "origin", "sha256", "finding", "sent_at", "edited_at"),
    "screen_readings": ("part_id", "reading", "read_at"),
    "threats": (
        *("number", "part_id", "place", "level", "kinds", "severity", "imminent", "targets", "spans", "text"),
        *("account", "link", "platform"),
    ),
    "threat_sightings": ("part_id", "place", "text", "account", "link", "posted_at", "seen_at"),
    "comments": ("id", "submission_id", "part_id", "text", "platform", "handle", "author", "post", "posted_at"),
}
_KEPT: Final = "kept"


def written(body: CaseBody, t: PlainTranslator) -> WrittenBody:
    """Both texts of a case: what strangers said, to be handed on; and all that was said."""
    return WrittenBody(words=_text(_of_strangers(body), t), inside=_text(body, t))


def _of_strangers(body: CaseBody) -> CaseBody:
    tables = {
        table: [{name: row[name] for name in columns} for row in body.tables.get(table, ()) if not _is_own(row)]
        for table, columns in _STRANGERS.items()
    }
    # These lines tell what a message held, without who sent it on: they can be shown to a court.
    return replace(body, tables=tables, lines=[line for line in body.lines if line.kind == _KEPT])


def _is_own(row: Row) -> bool:
    return bool((row.get("origin") or {}).get("kind") == OriginKind.TYPED.value)


def _text(body: CaseBody, t: PlainTranslator) -> bytes:
    """UTF-8; the same body always gives the same bytes, by whose hash the custody log knows it."""
    records = ", ".join(body.threats)
    head = t.gettext("{newsroom}: sealed words of case {case}", newsroom=body.newsroom, case=body.case)
    lines = [f"{head} ({records})" if records else head, ""]
    for part in body.tables.get("submission_parts", ()):
        lines += _message(part, t)
    for reading in body.tables.get("screen_readings", ()):
        lines += _screen(reading, t)
    lines += _section(t.gettext("Notes and steps"), body.tables.get("history", ()), _step)
    lines += _section(t.gettext("Event record"), body.tables.get("event_records", ()), _field)
    lines += _section(t.gettext("The same words elsewhere"), _alone(body), lambda row: str(row["text"]))
    return ("\n".join([*lines, MARK, _json(body)]) + "\n").encode()


def _message(part: Row, t: PlainTranslator) -> Iterator[str]:
    origin = part["origin"] or {}
    who = " ".join(str(origin[name]) for name in ("name", "handle") if origin.get(name))
    title = t.gettext("Message")
    yield f"[{title}] {part['sent_at']} {who}".rstrip()
    if part["text"]:
        yield str(part["text"])
    yield ""


def _screen(reading: Row, t: PlainTranslator) -> Iterator[str]:
    comments = (reading["reading"] or {}).get("comments") or ()
    title = t.gettext("Read on a screenshot")
    if any(each.get("text") for each in comments):
        yield f"[{title}]"
    for each in comments:
        if each.get("text"):
            yield f"{each.get('author') or each.get('handle') or '?'}: {each['text']}"
            yield ""


def _section(title: str, rows: Any, said: Callable[[Row], str]) -> Iterator[str]:
    told = [words for words in (said(row) for row in rows) if words]
    if told:
        yield f"[{title}]"
        yield from told
        yield ""


def _step(row: Row) -> str:
    words = [str(each) for each in (row["details"] or {}).values() if isinstance(each, str) and each]
    return f"{row['at']} {row['event']}: {', '.join(words)}" if words else ""


def _field(row: Row) -> str:
    return f"{row['field']}: {row['value']}" if row["value"] else ""


def _alone(body: CaseBody) -> list[Row]:
    return [row for row in body.tables.get("comments", ()) if row["submission_id"] is None]


def _json(body: CaseBody) -> str:
    told = {
        "case": body.case,
        "threats": list(body.threats),
        "tables": {name: list(rows) for name, rows in body.tables.items()},
        "custody": [_line(each) for each in body.lines],
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _line(line: SaidLine) -> dict[str, Any]:
    # As in a bag's custody/entries.jsonl: HMAC-SHA256 of the body under the salt is the commitment.
    return {"seq": line.seq, "at": line.at, "kind": line.kind, "salt": line.salt.hex(), "body": line.body.decode()}
