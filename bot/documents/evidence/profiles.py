"""Two records that others ask for: an event concerning human-rights defenders, and a newsroom's log of attacks.

What the archive cannot know is what people filled in of the event record (bot.model.event_record); the rest is there,
empty, with the list of values that may be put in. The public summary stands in files of its own and holds no name, no
words, no address, and nothing of the private description.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.documents.evidence.harmless import json_bytes
from bot.documents.evidence.tables import table, threat_row, utc
from bot.i18n import N_, PlainTranslator
from bot.model.event_record import codes_of
from bot.model.evidence import Evidence, ExportedCase, ExportedThreat, Profile

_HRD: Final = (
    *("threat", "incident", "country", "initial_date", "description", "impact", "gender", "violation"),
    *("rights_concerned", "hrd_type", "perpetrator", "source", "monitoring_status", "latitude", "longitude", "place"),
    *("summary_for_publication", "private_description", "accounts", "link", "times_posted"),
    *("first_seen_utc", "last_seen_utc", "status"),
)
_HRD_PUBLIC: Final = (
    *("country", "initial_date", "violation", "rights_concerned", "hrd_type", "perpetrator", "monitoring_status"),
    "summary_for_publication",
)
_NEWSROOM: Final = (
    *("threat", "incident", "recorded_at_utc", "target", "gender", "attack", "text", "screenshot_sha256", "link"),
    *("perpetrator", "topic", "threat_level", "finding", "peer_support", "mental_health_support", "legal_case"),
    *("follow_up", "status", "channel", "platform", "place", "first_seen_utc", "last_seen_utc", "times_posted"),
    *("measures", "notes"),
)

_HELP: Final = {
    "offered": "offered",
    "accepted": "accepted",
    "declined": "declined",
    "not_needed": "not needed",
}
#: What the values of the event record's lists are called in these records. Those of "violation", "rights" and
#: "hrd_type" that a published record of 6 October 2020 used come first, in its words; the others are ours.
_VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "gender": {
        "woman": "woman",
        "man": "man",
        "nonbinary": "non-binary",
        "other": "other: undefined, organisation, community",
    },
    "violation": {
        "intimidation": "Intimidation and Threats",
        "online": "Online Attack and Harassment",
        "physical": "Physical Attack",
        "judicial": "Judicial Harassment",
        "detention": "Arbitrary Detention",
        "raid": "Raid or Search",
        "surveillance": "Surveillance",
        "smear": "Smear Campaign",
    },
    "rights": {
        "media": "Media freedom",
        "online": "Online",
        "environment": "Right to healthy and safe environment",
        "expression": "Freedom of expression",
        "assembly": "Freedom of assembly and association",
        "privacy": "Privacy",
        "life": "Life and bodily integrity",
        "trial": "Fair trial",
    },
    "hrd_type": {
        "media": "Media Worker",
        "lawyer": "Lawyer",
        "activist": "Activist",
        "organisation": "Organisation",
        "other": "Other",
    },
    "perpetrator": {"state": "state", "nonstate": "non-state", "unknown": "unknown"},
    "monitoring": {"pending": "Pending", "followed": "Followed", "closed": "Closed"},
    "attack": {
        "threat": "threat",
        "sexual": "sexual harassment",
        "doxxing": "publication of private data",
        "legal": "legal pressure",
        "smear": "insult or smear",
    },
    "danger": {"low": "low", "medium": "medium", "high": "high", "extreme": "extreme"},
    "peer_support": _HELP,
    "mental_support": _HELP,
    "legal_case": {
        "none": "none",
        "considered": "being considered",
        "reported": "reported to the police",
        "court": "in court",
        "ended": "ended",
    },
}
#: How the columns are called whose field has another name.
_COLUMNS: Final = {
    "rights": "rights_concerned",
    "monitoring": "monitoring_status",
    "danger": "threat_level",
    "mental_support": "mental_health_support",
}
#: Which values a column may have; free text stands in the others.
LISTS: Final = {_COLUMNS.get(field, field): list(values.values()) for field, values in _VALUES.items()}
_ATTACKS: Final = {"sexual": "sexual", "doxx": "doxxing", "stalking": "doxxing", "legal": "legal"}

_SUMMARIES: Final = {
    "person": N_("On {date} a media worker received a threat ({kinds})."),
    "outlet": N_("On {date} a media outlet received a threat ({kinds})."),
}
KINDS: Final = {
    "death": N_("death"),
    "violence": N_("violence"),
    "arson": N_("arson or attack on an office"),
    "sexual": N_("sexual violence"),
    "kidnap": N_("kidnapping"),
    "family": N_("against the family"),
    "doxx": N_("publishing private data"),
    "stalking": N_("stalking"),
    "legal": N_("arrest or prosecution"),
    "incitement": N_("incitement of others"),
}


def profile_files(evidence: Evidence, t: PlainTranslator) -> dict[str, bytes]:
    """The files of the export's profile; none for a full one."""
    if evidence.profile is Profile.HRD:
        rows = [_hrd(evidence, each, t) for each in evidence.threats]
        public = [{name: row[name] for name in _HRD_PUBLIC} for row in rows]
        return _both("hrd/private", _HRD, rows) | _both("hrd/public", _HRD_PUBLIC, public) | _lists("hrd")
    if evidence.profile is Profile.NEWSROOM:
        rows = [_logged(evidence, each) for each in evidence.threats]
        return _both("newsroom/log", _NEWSROOM, rows) | _lists("newsroom")
    return {}


def kind_words(kinds: Sequence[str], t: PlainTranslator) -> str:
    """Kinds of threats in words."""
    return ", ".join(t.gettext(KINDS[kind]) if kind in KINDS else kind for kind in kinds)


def _both(name: str, columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> dict[str, bytes]:
    return {f"{name}.csv": table(columns, rows), f"{name}.json": json_bytes(rows)}


def _lists(folder: str) -> dict[str, bytes]:
    return {f"{folder}/values.json": json_bytes(LISTS)}


def _hrd(evidence: Evidence, threat: ExportedThreat, t: PlainTranslator) -> dict[str, Any]:
    flat, case, record = threat_row(evidence, threat), _case(evidence, threat), threat.more.record
    is_outlet = case.target_kind == "outlet"
    date = t.date(threat.more.first_seen or threat.recorded_at, ZoneInfo(evidence.zone), "long")
    summary = _SUMMARIES["outlet" if is_outlet else "person"]
    made = t.gettext(summary, date=date, kinds=kind_words(threat.kinds, t) or threat.level)
    latitude, _, longitude = record.get("coordinates", "").partition(", ")
    return {
        **{name: flat.get(name) for name in _HRD},
        "country": record.get("country"),
        "initial_date": (utc(threat.more.first_seen or threat.recorded_at) or "")[:10],
        "description": flat.get("text"),
        "impact": record.get("impact"),
        "gender": _one(record, "gender", "other" if is_outlet else None),
        "violation": _several(record, "violation", ("intimidation", "online")),
        "rights_concerned": _several(record, "rights", ("media", "online")),
        "hrd_type": _several(record, "hrd_type", ("media",)),
        "perpetrator": _one(record, "perpetrator", "unknown"),
        "source": "newsroom",
        "monitoring_status": _one(record, "monitoring", "pending"),
        "latitude": latitude or None,
        "longitude": longitude or None,
        "place": record.get("place") or flat.get("place"),
        "summary_for_publication": record.get("summary") or made,
        "private_description": record.get("private"),
    }


def _one(record: Mapping[str, str], field: str, usual: str | None = None) -> str | None:
    code = record.get(field, usual)
    return _VALUES[field].get(code, code) if code is not None else None


def _several(record: Mapping[str, str], field: str, usual: Sequence[str]) -> list[str]:
    codes = codes_of(record[field]) if field in record else usual
    return [_VALUES[field].get(code, code) for code in codes]


def _logged(evidence: Evidence, threat: ExportedThreat) -> dict[str, Any]:
    flat, case, record = threat_row(evidence, threat), _case(evidence, threat), threat.more.record
    attack = next((_ATTACKS[kind] for kind in threat.kinds if kind in _ATTACKS), "threat")
    shots = [*(part.sha256 for part in case.parts), *(seen.sha256 for seen in threat.more.sightings)]
    accounts = list(threat.more.accounts)
    return {
        **{name: flat.get(name) for name in _NEWSROOM},
        "target": list(threat.targets) or case.target,
        "gender": _one(record, "gender"),
        "attack": _one(record, "attack", attack),
        "screenshot_sha256": list(dict.fromkeys(sha256 for sha256 in shots if sha256)),
        "link": flat.get("link") or flat.get("post"),
        "perpetrator": accounts or flat.get("author") or flat.get("handle"),
        "topic": record.get("topic"),
        "threat_level": _one(record, "danger"),
        "finding": f"{threat.level}, {threat.severity} of 4{', imminent' if threat.imminent else ''}",
        "peer_support": _one(record, "peer_support"),
        "mental_health_support": _one(record, "mental_support"),
        "legal_case": _one(record, "legal_case"),
        "follow_up": record.get("follow_up"),
    }


def _case(evidence: Evidence, threat: ExportedThreat) -> ExportedCase:
    return next(each for each in evidence.cases if each.label == threat.case)
