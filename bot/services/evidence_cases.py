"""Rows of the archive as what is exported of cases. A reporter's name and own words are left out unless asked for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.evidence import EvidenceOrder, ExportedCase, ExportedPart, ExportedRuling, ExportedThreat
from bot.model.submission import OriginKind, PartKind
from bot.services.evidence_choice import Choice
from bot.services.evidence_threats import ThreatTold, discretion_of, threats_told
from bot.storage import evidence
from bot.storage.evidence import Rows

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Held:
    """What a case holds: its messages, those of them that are shown, their places, its threats and rulings."""

    parts: Sequence[Row]
    shown: frozenset[int] | None
    threats: Sequence[ThreatTold]
    rulings: Sequence[Row]

    @property
    def places(self) -> dict[int, int]:
        """The place of each message in the case, from 1 on."""
        return {part["id"]: place for place, part in enumerate(self.parts, 1)}


async def exported_cases(
    conn: AsyncConnection, newsroom_id: int, chosen: Choice, order: EvidenceOrder
) -> list[ExportedCase]:
    """What was chosen: whole cases in the order of their numbers, then those that hold copies."""
    rows = await evidence.case_rows(conn, newsroom_id, chosen.cases)
    parts = _by_case(await evidence.part_rows(conn, newsroom_id, chosen.cases))
    rulings = _by_case(await evidence.ruling_rows(conn, newsroom_id, chosen.whole))
    discretion = await discretion_of(conn, newsroom_id, order)
    in_case = _shared_out(await threats_told(conn, newsroom_id, chosen.threats, discretion), chosen.whole)
    in_order = sorted(rows, key=lambda row: (row["id"] in chosen.copies, row["number"] or 0))
    return [
        _case(
            row,
            _Held(
                parts=parts[row["id"]],
                shown=chosen.copies.get(row["id"]),
                threats=in_case[row["id"]],
                rulings=rulings[row["id"]],
            ),
            with_names=order.with_names,
        )
        for row in in_order
    ]


def _shared_out(told: Sequence[ThreatTold], whole: Sequence[int]) -> defaultdict[int, list[ThreatTold]]:
    """Each threat stands in one case: where it was seen first, else the first case of the export that holds a copy."""
    found: defaultdict[int, list[ThreatTold]] = defaultdict(list)
    for threat in told:
        case = next((each for each in threat.seen_in if each in whole), threat.seen_in[0])
        found[case].append(threat)
    return found


def pictures_of(cases: Iterable[ExportedCase]) -> list[str]:
    """The SHA-256 of every original, once each."""
    return list(dict.fromkeys(part.sha256 for case in cases for part in case.parts if part.sha256))


def _by_case(rows: Rows) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["submission_id"]].append(row)
    return found


def _case(row: Row, held: _Held, *, with_names: bool) -> ExportedCase:
    label, places = f"K-{row['number']}", held.places
    parts = [part for part in held.parts if held.shown is None or part["id"] in held.shown]
    return ExportedCase(
        label=label,
        opened_at=row["opened_at"],
        level=row["level"],
        target=row["target"],
        target_kind=row["target_kind"],
        parts=[
            _part(part, places[part["id"]], with_names=with_names) for part in parts if with_names or not _note(part)
        ],
        threats=[_threat(each, label, row["id"], places) for each in held.threats],
        rulings=[
            ExportedRuling(
                kind=each["kind"], value=each["value"], at=each["at"], by=each["who"] if with_names else None
            )
            for each in held.rulings
        ],
        reporter=row["reporter"] if with_names else None,
        is_copy=held.shown is not None,
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


def _threat(told: ThreatTold, case: str, case_id: int, places: Mapping[int, int]) -> ExportedThreat:
    row = told.row
    return ExportedThreat(
        label=f"T-{row['number']}",
        case=case,
        part=places.get(told.seen_in_part(case_id), 0),
        level=row["level"],
        kinds=list(row["kinds"]),
        severity=row["severity"],
        imminent=row["imminent"],
        targets=told.targets,
        status=row["status"],
        recorded_at=row["recorded_at"],
        more=told.details,
    )
