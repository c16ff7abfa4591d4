"""Evidence as JSON, exact, and as CSV, for spreadsheets: one view for each profile."""

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.documents.evidence.harmless import cell, json_bytes
from bot.model.event_record import PRIVATE
from bot.model.evidence import (
    Evidence,
    ExportedCase,
    ExportedPart,
    ExportedSighting,
    ExportedStep,
    ExportedThreat,
    ThreatDetails,
)

_THREAT_COLUMNS = (
    *("threat", "case", "part", "level", "kinds", "severity", "imminent", "targets", "status"),
    *("recorded_at_utc", "recorded_at_local", "text", "author", "handle", "post", "written_at_utc", "original_sha256"),
    *("category", "incident", "channel", "platform", "accounts", "link", "place", "first_seen_utc", "last_seen_utc"),
    *("times_posted", "times_seen", "assignee", "measures", "triage", "notes", "event_record"),
)
_SIGHTING_COLUMNS = (
    *("threat", "case", "part", "posted_at_utc", "posted_at_local", "seen_at_utc", "seen_at_local"),
    *("account", "link", "text", "original_sha256"),
)
_STEP_COLUMNS = ("threat", "at_utc", "at_local", "event", "details", "by")
_PART_COLUMNS = (
    *("case", "part", "kind", "received_at_utc", "received_at_local", "edited_at_utc", "text"),
    *("origin", "author", "handle", "author_id", "post", "written_at_utc", "original_sha256"),
)


def files_of(evidence: Evidence) -> dict[str, bytes]:
    """The whole as JSON; its threats, their copies and history, and its messages as tables."""
    threats = evidence.threats
    return {
        "evidence.json": json_bytes(view(evidence)),
        "tables/threats.csv": table(_THREAT_COLUMNS, [threat_row(evidence, each) for each in threats]),
        "tables/sightings.csv": table(
            _SIGHTING_COLUMNS, [_sighting_row(evidence, each, seen) for each in threats for seen in each.more.sightings]
        ),
        "tables/steps.csv": table(
            _STEP_COLUMNS,
            [
                _step_row(evidence, each, step)
                for each in threats
                for step in sorted([*each.more.history, *each.more.notes], key=lambda step: step.at)
            ],
        ),
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
        "originals_sealed": {sha: hashlib.sha256(data).hexdigest() for sha, data in evidence.sealed.items()},
        "words_sealed": [
            {"case": each.case, "sha256": each.body_sha256, "age_sha256": hashlib.sha256(each.age).hexdigest()}
            for each in evidence.bodies
        ],
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
    return row | (_message(part) if part is not None else {}) | _details(threat.more)


def public_record(details: ThreatDetails) -> dict[str, str]:
    """What is filled in of the event record, but what belongs to the private part of that record alone."""
    return {field: value for field, value in details.record.items() if field not in PRIVATE}


def _details(details: ThreatDetails) -> dict[str, Any]:
    return {
        "category": details.category,
        "incident": details.incident,
        "channel": details.channel,
        "platform": details.platform,
        "accounts": list(details.accounts),
        "link": details.link,
        "place": details.place,
        "first_seen_utc": utc(details.first_seen),
        "last_seen_utc": utc(details.last_seen),
        "times_posted": details.times,
        "times_seen": len(details.sightings),
        "assignee": details.assignee,
        "measures": list(details.measures),
        "triage": [f"{question}: {answer}" for question, answer in details.triage.items()],
        "notes": [note.details.get("text", "") for note in details.notes],
        "event_record": [f"{field}: {value}" for field, value in public_record(details).items()],
    }


def _sighting_row(evidence: Evidence, threat: ExportedThreat, seen: ExportedSighting) -> dict[str, Any]:
    posted = seen.posted_at
    return {
        "threat": threat.label,
        "case": seen.case,
        "part": seen.part,
        "posted_at_utc": utc(posted),
        "posted_at_local": local(posted, evidence.zone) if posted is not None else None,
        "seen_at_utc": utc(seen.seen_at),
        "seen_at_local": local(seen.seen_at, evidence.zone),
        "account": seen.account,
        "link": seen.link,
        "text": seen.text,
        "original_sha256": seen.sha256,
    }


def _step_row(evidence: Evidence, threat: ExportedThreat, step: ExportedStep) -> dict[str, Any]:
    return {
        "threat": threat.label,
        "at_utc": utc(step.at),
        "at_local": local(step.at, evidence.zone),
        "event": step.event,
        "details": [f"{name}: {value}" for name, value in step.details.items()],
        "by": step.by,
    }


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
        "is_copy": case.is_copy,
        "threats": [_whole_threat(threat) for threat in case.threats],
        "rulings": [_plain(asdict(ruling)) for ruling in case.rulings],
    }


def _whole_threat(threat: ExportedThreat) -> dict[str, Any]:
    told: dict[str, Any] = _plain(asdict(threat))
    more = told.pop("more")
    return {**told, **more, "record": public_record(threat.more)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return utc(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return value
