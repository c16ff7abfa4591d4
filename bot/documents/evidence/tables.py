"""Evidence as JSON, exact, and as CSV, for spreadsheets: one view for each profile."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.documents.evidence.harmless import cell, json_bytes
from bot.model.evidence import Evidence, ExportedCase, ExportedPart, ExportedThreat

_THREAT_COLUMNS = (
    *("threat", "case", "part", "level", "kinds", "severity", "imminent", "targets", "status"),
    *("recorded_at_utc", "recorded_at_local", "text", "author", "handle", "post", "written_at_utc", "original_sha256"),
)
_PART_COLUMNS = (
    *("case", "part", "kind", "received_at_utc", "received_at_local", "edited_at_utc", "text"),
    *("origin", "author", "handle", "author_id", "post", "written_at_utc", "original_sha256"),
)


def files_of(evidence: Evidence) -> dict[str, bytes]:
    """The whole as JSON, and its threats and messages as tables."""
    return {
        "evidence.json": json_bytes(view(evidence)),
        "tables/threats.csv": table(_THREAT_COLUMNS, [threat_row(evidence, each) for each in evidence.threats]),
        "tables/messages.csv": table(
            _PART_COLUMNS, [_part_row(evidence, case, part) for case in evidence.cases for part in case.parts]
        ),
    }


def view(evidence: Evidence) -> dict[str, Any]:
    """Everything of an export but the bytes and the log."""
    return {
        "export": evidence.label,
        "made_at": utc(evidence.made_at),
        "newsroom": evidence.newsroom,
        "zone": evidence.zone,
        "profile": evidence.profile.value,
        "names_included": evidence.with_names,
        "log_size": evidence.log.size,
        "log_root": evidence.log.root.hex(),
        "originals_missing": list(evidence.missing),
        "cases": [_case(each) for each in evidence.cases],
    }


def table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """A CSV in UTF-8 with a mark, so that spreadsheets read the letters right."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(row.get(column)) for column in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def threat_row(evidence: Evidence, threat: ExportedThreat) -> dict[str, Any]:
    """A threat with the message that holds it, flat."""
    part = evidence.part_of(threat)
    row = {
        "threat": threat.label,
        "case": threat.case,
        "part": threat.part,
        "level": threat.level,
        "kinds": list(threat.kinds),
        "severity": threat.severity,
        "imminent": threat.imminent,
        "targets": list(threat.targets),
        "status": threat.status,
        "recorded_at_utc": utc(threat.recorded_at),
        "recorded_at_local": local(threat.recorded_at, evidence.zone),
    }
    return row | (_message(part) if part is not None else {}) | dict(threat.more)


def utc(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return moment.astimezone(UTC).isoformat() if moment is not None else None


def local(moment: datetime, zone: str) -> str:
    """ISO 8601 in the newsroom's zone."""
    return moment.astimezone(ZoneInfo(zone)).isoformat()


def _part_row(evidence: Evidence, case: ExportedCase, part: ExportedPart) -> dict[str, Any]:
    row = {
        "case": case.label,
        "part": part.place,
        "kind": part.kind,
        "received_at_utc": utc(part.received_at),
        "received_at_local": local(part.received_at, evidence.zone),
        "edited_at_utc": utc(part.edited_at),
    }
    return row | _message(part)


def _message(part: ExportedPart) -> dict[str, Any]:
    origin = part.origin
    return {
        "text": part.text,
        "origin": origin.get("kind"),
        "author": origin.get("name"),
        "handle": origin.get("handle"),
        "author_id": origin.get("telegram_id"),
        "post": origin.get("post"),
        "written_at_utc": origin.get("sent_at"),
        "original_sha256": part.sha256,
    }


def _case(case: ExportedCase) -> dict[str, Any]:
    return {
        "case": case.label,
        "opened_at": utc(case.opened_at),
        "level": case.level,
        "target": case.target,
        "reporter": case.reporter,
        "messages": [_plain(asdict(part)) for part in case.parts],
        "threats": [_plain(asdict(threat)) for threat in case.threats],
        "rulings": [_plain(asdict(ruling)) for ruling in case.rulings],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return utc(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return value
