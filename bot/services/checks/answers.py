"""What `kalkan check` says of a line, in the shape of the public contract (docs/check.md, contract 1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.model.verdict import Finding, PhotoFound, TargetFound, ThreatFound
from bot.services.checks.lines import PLATFORMS, LineId

CONTRACT: Final = 1
_NOTHING: Final = Finding()
_ACCOUNT: Final = re.compile(rf"(?:{'|'.join(sorted(PLATFORMS))}):\S+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One line's answer: what was found, or the code of what is wrong with the line."""

    id: LineId
    finding: Finding = _NOTHING
    error: str | None = None


def as_json(answer: Answer, staff_names: Mapping[int, str]) -> dict[str, Any]:
    """The contract's object for an answer; `staff_names` has the name of each staff id that a target may carry."""
    if answer.error is not None:
        return {"id": answer.id, "error": answer.error}
    found = answer.finding
    return {
        "id": answer.id,
        "copies": [
            {
                "comment": str(copy.comment),
                "source": copy.source,
                "account": _account(copy.account),
                "score": copy.score,
                "tier": copy.tier,
            }
            for copy in found.copies
        ],
        "copy_count": found.copy_count,
        "copy_accounts": found.copy_accounts,
        "campaign": found.campaign,
        "photos": [_photo(photo) for photo in found.photos],
        "accounts": [
            {"account": a.account, "source": a.source, "status": a.status, "score": a.score, "why": a.why}
            for a in found.accounts
        ],
        "threat": _threat(found.threat, staff_names),
    }


def target_names(threat: ThreatFound, staff_names: Mapping[int, str]) -> list[str]:
    """Whom a threat aims at, each once: the name on the staff list, else the words of the text."""
    named = {target.text for target in threat.targets if target.staff in staff_names}
    told = (t for t in threat.targets if t.staff in staff_names or t.text not in named)
    return list(dict.fromkeys(_target(target, staff_names) for target in told))


def _photo(photo: PhotoFound) -> dict[str, Any]:
    return {
        "photo": str(photo.photo),
        "source": photo.source,
        "account": photo.account,
        "score": photo.score,
        "tier": photo.tier,
        "mirrored": photo.mirrored,
        "region": list(photo.region),
    }


def _threat(threat: ThreatFound, staff_names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "level": threat.level,
        "kinds": list(threat.kinds),
        "severity": threat.severity,
        "imminent": threat.imminent,
        "targets": target_names(threat, staff_names),
        "spans": [[span.start, span.end, span.why] for span in threat.spans],
    }


def _target(target: TargetFound, staff_names: Mapping[int, str]) -> str:
    known = staff_names.get(target.staff) if target.staff is not None else None
    return known or target.text


def _account(label: str | None) -> str | None:
    # A comment whose author has no handle is labelled by the author's name, which is no account to the contract.
    return label if label is not None and _ACCOUNT.fullmatch(label) else None
