"""Two records that others ask for: an event concerning human-rights defenders, and a newsroom's log of attacks.

Fields that the archive cannot know (gender, impact, coordinates, measures…) are there, empty, with the list of values
that may be put in. The public summary stands in files of its own and holds no name, no words and no address.
"""

from collections.abc import Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.documents.evidence.harmless import json_bytes
from bot.documents.evidence.tables import table, threat_row, utc
from bot.i18n import N_, PlainTranslator
from bot.model.evidence import Evidence, ExportedCase, ExportedThreat, Profile

_HRD: Final = (
    *("threat", "country", "initial_date", "description", "impact", "gender", "violation", "rights_concerned"),
    *("hrd_type", "perpetrator", "source", "monitoring_status", "latitude", "longitude", "place"),
    "summary_for_publication",
)
_HRD_PUBLIC: Final = (
    *("country", "initial_date", "violation", "rights_concerned", "hrd_type", "perpetrator", "monitoring_status"),
    "summary_for_publication",
)
_NEWSROOM: Final = (
    *("threat", "recorded_at_utc", "target", "gender", "attack", "text", "screenshot_sha256", "link"),
    *("perpetrator", "topic", "threat_level", "peer_support", "mental_health_support", "legal_case", "follow_up"),
)

#: Which values a field may have; free text stands in the others.
LISTS: Final = {
    "gender": ["woman", "man", "non-binary", "other: undefined, organisation, community"],
    "violation": ["Intimidation and Threats", "Online Attack and Harassment"],
    "rights_concerned": ["Media freedom", "Online", "Right to healthy and safe environment"],
    "hrd_type": ["Media Worker"],
    "perpetrator": ["state", "non-state", "unknown"],
    "monitoring_status": ["Pending", "Followed", "Closed"],
    "attack": ["threat", "sexual harassment", "publication of private data", "legal pressure", "insult or smear"],
}
_ATTACKS: Final = {"sexual": 1, "doxx": 2, "stalking": 2, "legal": 3}

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
    flat, case = threat_row(evidence, threat), _case(evidence, threat)
    is_outlet = case.target_kind == "outlet"
    date = t.date(threat.recorded_at, ZoneInfo(evidence.zone), "long")
    summary = _SUMMARIES["outlet" if is_outlet else "person"]
    return {
        "threat": threat.label,
        "country": flat.get("country"),
        "initial_date": (utc(threat.recorded_at) or "")[:10],
        "description": flat.get("text"),
        "impact": flat.get("impact"),
        "gender": LISTS["gender"][-1] if is_outlet else flat.get("gender"),
        "violation": LISTS["violation"],
        "rights_concerned": LISTS["rights_concerned"][:2],
        "hrd_type": LISTS["hrd_type"][0],
        "perpetrator": flat.get("perpetrator", "unknown"),
        "source": flat.get("source", "newsroom"),
        "monitoring_status": "Pending",
        "latitude": flat.get("latitude"),
        "longitude": flat.get("longitude"),
        "place": flat.get("place"),
        "summary_for_publication": t.gettext(summary, date=date, kinds=kind_words(threat.kinds, t) or threat.level),
    }


def _logged(evidence: Evidence, threat: ExportedThreat) -> dict[str, Any]:
    flat, case = threat_row(evidence, threat), _case(evidence, threat)
    attack = next((_ATTACKS[kind] for kind in threat.kinds if kind in _ATTACKS), 0)
    shots = [part.sha256 for part in case.parts if part.sha256]
    return {
        "threat": threat.label,
        "recorded_at_utc": flat["recorded_at_utc"],
        "target": list(threat.targets) or case.target,
        "gender": flat.get("gender"),
        "attack": LISTS["attack"][attack],
        "text": flat.get("text"),
        "screenshot_sha256": shots,
        "link": flat.get("link") or flat.get("post"),
        "perpetrator": flat.get("author") or flat.get("handle"),
        "topic": flat.get("topic"),
        "threat_level": f"{threat.level}, {threat.severity} of 4{', imminent' if threat.imminent else ''}",
        "peer_support": flat.get("peer_support"),
        "mental_health_support": flat.get("mental_health_support"),
        "legal_case": flat.get("legal_case"),
        "follow_up": threat.status,
    }


def _case(evidence: Evidence, threat: ExportedThreat) -> ExportedCase:
    return next(each for each in evidence.cases if each.label == threat.case)
