"""Rows of the archive as what is exported of cases. A reporter's name and own words are left out unless asked for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.evidence import ExportedCase, ExportedPart, ExportedRuling, ExportedThreat
from bot.model.submission import OriginKind, PartKind
from bot.storage import evidence
from bot.storage.evidence import Rows

Row = Mapping[str, Any]


async def exported_cases(
    conn: AsyncConnection, newsroom_id: int, ids: Sequence[int], *, with_names: bool
) -> list[ExportedCase]:
    """These cases, whole, in the order of their numbers."""
    rows = await evidence.case_rows(conn, newsroom_id, ids)
    parts = _by_case(await evidence.part_rows(conn, newsroom_id, ids))
    threats = _by_case(await evidence.threat_rows(conn, newsroom_id, ids))
    rulings = _by_case(await evidence.ruling_rows(conn, newsroom_id, ids))
    return [
        _case(row, parts[row["id"]], threats[row["id"]], rulings[row["id"]], with_names=with_names)
        for row in sorted(rows, key=lambda row: row["number"] or 0)
    ]


def pictures_of(cases: Iterable[ExportedCase]) -> list[str]:
    """The SHA-256 of every original, once each."""
    return list(dict.fromkeys(part.sha256 for case in cases for part in case.parts if part.sha256))


def _by_case(rows: Rows) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["submission_id"]].append(row)
    return found


def _case(
    row: Row, parts: Sequence[Row], threats: Sequence[Row], rulings: Sequence[Row], *, with_names: bool
) -> ExportedCase:
    label = f"K-{row['number']}"
    places = {part["id"]: place for place, part in enumerate(parts, 1)}
    shown = [_part(part, places[part["id"]], with_names=with_names) for part in parts if with_names or not _note(part)]
    return ExportedCase(
        label=label,
        opened_at=row["opened_at"],
        level=row["level"],
        target=row["target"],
        target_kind=row["target_kind"],
        parts=shown,
        threats=[_threat(each, label, places) for each in threats],
        rulings=[
            ExportedRuling(
                kind=each["kind"], value=each["value"], at=each["at"], by=each["who"] if with_names else None
            )
            for each in rulings
        ],
        reporter=row["reporter"] if with_names else None,
    )


def _is_typed(part: Row) -> bool:
    return bool(part["origin"].get("kind") == OriginKind.TYPED.value)


def _note(part: Row) -> bool:
    return _is_typed(part) and part["kind"] == PartKind.TEXT.value


def _part(part: Row, place: int, *, with_names: bool) -> ExportedPart:
    return ExportedPart(
        place=place,
        kind=part["kind"],
        text=part["text"] if with_names or not _is_typed(part) else "",
        origin={name: value for name, value in part["origin"].items() if value is not None},
        received_at=part["sent_at"],
        edited_at=part["edited_at"],
        sha256=part["sha256"],
    )


def _threat(row: Row, case: str, places: Mapping[int, int]) -> ExportedThreat:
    return ExportedThreat(
        label=f"T-{row['number']}",
        case=case,
        part=places.get(row["part_id"], 0),
        level=row["level"],
        kinds=list(row["kinds"]),
        severity=row["severity"],
        imminent=row["imminent"],
        targets=[str(target["text"]) for target in row["targets"]],
        status=row["status"],
        recorded_at=row["recorded_at"],
    )
