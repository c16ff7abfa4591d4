"""What is told of threats in an export: all that the log holds of each, its copies, steps, and event record."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.event_record import PRIVATE, PUBLIC, About, RecordValue
from bot.model.evidence import EvidenceOrder, ExportedSighting, ExportedStep, Profile, ThreatDetails
from bot.model.submission import OriginKind
from bot.services.event_records import known_names, member_names, without_names
from bot.storage import event_records, evidence

Row = Mapping[str, Any]
#: Of a step that tells of a target `who` is the target; of all others it is a member of the newsroom.
_TOLD: Final = "told"


@dataclass(frozen=True, kw_only=True, slots=True)
class Discretion:
    """What is left out unless it was asked for: members' names (`hidden` are these), and what is private."""

    with_names: bool
    with_private: bool
    hidden: Sequence[str] = ()


async def discretion_of(conn: AsyncConnection, newsroom_id: int, order: EvidenceOrder) -> Discretion:
    """What an order leaves out: the private part belongs to the HRD record alone."""
    hidden = [] if order.with_names else await member_names(conn, newsroom_id)
    return Discretion(with_names=order.with_names, with_private=order.profile is Profile.HRD, hidden=hidden)


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreatTold:
    """A threat with its details; `seen_in`: the cases that hold it, the first one first."""

    row: Row
    targets: Sequence[str]
    details: ThreatDetails
    sightings: Sequence[Row]

    @property
    def seen_in(self) -> list[int]:
        """Where it was recorded, then where it was seen again."""
        return list(dict.fromkeys([self.row["submission_id"], *(each["submission_id"] for each in self.sightings)]))

    def seen_in_part(self, case: int) -> int:
        """The message of a case that holds it."""
        if case == self.row["submission_id"]:
            return int(self.row["part_id"])
        return next((int(each["part_id"]) for each in self.sightings if each["submission_id"] == case), 0)


async def threats_told(
    conn: AsyncConnection, newsroom_id: int, threat_ids: Sequence[int], discretion: Discretion
) -> list[ThreatTold]:
    """These threats in the order of their numbers."""
    rows = await evidence.threat_rows(conn, newsroom_id, threat_ids)
    seen = _by(await evidence.sighting_rows(conn, newsroom_id, threat_ids), "threat_id")
    steps = _by(await evidence.step_rows(conn, newsroom_id, "threat", threat_ids), "subject_id")
    targets = await evidence.target_names(conn, newsroom_id, threat_ids)
    records = await _records(conn, newsroom_id, rows, discretion)
    places = await _places(conn, newsroom_id, rows, seen)
    return [
        ThreatTold(
            row=row,
            targets=list(dict.fromkeys([*targets.get(row["id"], ()), *(str(t["text"]) for t in row["targets"])])),
            details=_details(
                row,
                [_sighting(each, places, discretion) for each in seen[row["id"]]],
                [_step(each, discretion) for each in steps[row["id"]]],
                records[row["id"]],
                discretion,
            ),
            sightings=seen[row["id"]],
        )
        for row in rows
    ]


def _by(rows: Sequence[Row], name: str) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[name]].append(row)
    return found


async def _records(
    conn: AsyncConnection, newsroom_id: int, rows: Sequence[Row], discretion: Discretion
) -> dict[int, dict[str, str]]:
    """The event record of each threat: its own values before those of its incident; no name in what is published."""
    ids = [row["id"] for row in rows]
    shared = {row["incident_id"] for row in rows if row["incident_id"] is not None}
    own = await event_records.of_many(conn, newsroom_id, About.THREAT.value, ids)
    of_incidents = await event_records.of_many(conn, newsroom_id, About.INCIDENT.value, shared)
    # The list of people may have grown since this was written.
    names = await known_names(conn, newsroom_id) if own or of_incidents else []
    found = {}
    for row in rows:
        merged: dict[str, RecordValue] = {**of_incidents.get(row["incident_id"], {}), **own.get(row["id"], {})}
        found[row["id"]] = {
            field: held.value for field, held in merged.items() if discretion.with_private or field not in PRIVATE
        }
        for field in PUBLIC & merged.keys():
            found[row["id"]][field] = without_names(merged[field].value, names)
    return found


async def _places(
    conn: AsyncConnection, newsroom_id: int, rows: Sequence[Row], seen: Mapping[int, Sequence[Row]]
) -> dict[int, int]:
    """The place of each message in its case, for all cases in which one of these was seen."""
    cases = {row["submission_id"] for row in rows} | {each["submission_id"] for told in seen.values() for each in told}
    counted: defaultdict[int, int] = defaultdict(int)
    places = {}
    for part in await evidence.part_rows(conn, newsroom_id, sorted(cases)):
        counted[part["submission_id"]] += 1
        places[part["id"]] = counted[part["submission_id"]]
    return places


def _details(
    row: Row,
    seen: Sequence[ExportedSighting],
    steps: Sequence[ExportedStep],
    record: Mapping[str, str],
    discretion: Discretion,
) -> ThreatDetails:
    accounts = [row["account"], *(each.account for each in seen)]
    return ThreatDetails(
        category=row["category"],
        channel=row["channel"],
        platform=row["platform"],
        accounts=list(dict.fromkeys(account for account in accounts if account)),
        link=row["link"],
        place=row["spot"],
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        times=row["times"],
        sightings=seen,
        incident=f"I-{row['incident']}" if row["incident"] is not None else None,
        assignee=row["assignee"] if discretion.with_names else None,
        measures=list(row["measures"] or ()),
        triage=dict(row["triage"] or {}),
        notes=[each for each in steps if each.event == "note"],
        history=[each for each in steps if each.event != "note"],
        record=dict(record),
    )


def _sighting(row: Row, places: Mapping[int, int], discretion: Discretion) -> ExportedSighting:
    is_typed = row["origin"].get("kind") == OriginKind.TYPED.value
    return ExportedSighting(
        case=f"K-{row['case_number']}",
        part=places.get(row["part_id"], 0),
        text=row["text"] if discretion.with_names or not is_typed else "",
        account=row["account"],
        link=row["link"],
        posted_at=row["posted_at"],
        seen_at=row["seen_at"],
        sha256=row["sha256"],
    )


def _step(row: Row, discretion: Discretion) -> ExportedStep:
    details = {str(name): str(value) for name, value in (row["details"] or {}).items()}
    if not discretion.with_names and row["event"] != _TOLD:
        details.pop("who", None)
    if details.get("field") in PRIVATE:
        details.pop("value", None)
    shown = {name: without_names(value, discretion.hidden) for name, value in details.items()}
    by = row["who"] if discretion.with_names else None
    return ExportedStep(event=row["event"], at=row["at"], details=shown, by=by)
