"""What `kalkan check` says of a line, in the shape of the public contract (docs/check.md, contract 1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.model.screen import ReadComment, ReadProfile, ReadScreen
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
    #: What stands on its picture, if that is a screenshot; or the code of why it could not be read.
    screen: ReadScreen | None = None
    screen_error: str | None = None


def as_json(answer: Answer, staff_names: Mapping[int, str]) -> dict[str, Any]:
    """The contract's object for an answer; `staff_names` has the name of each staff id that a target may carry."""
    if answer.error is not None:
        return {"id": answer.id, "error": answer.error}
    found = answer.finding
    return {
        "id": answer.id,
        **_copies(found),
        "photos": [_photo(photo) for photo in found.photos],
        "accounts": _accounts(found),
        "threat": _threat(found.threat, staff_names),
        "ocr": _screen(answer, staff_names),
    }


def target_names(threat: ThreatFound, staff_names: Mapping[int, str]) -> list[str]:
    """Whom a threat aims at, each once: the name on the staff list, else the words of the text."""
    named = {target.text for target in threat.targets if target.staff in staff_names}
    told = (t for t in threat.targets if t.staff in staff_names or t.text not in named)
    return list(dict.fromkeys(_target(target, staff_names) for target in told))


def _copies(found: Finding) -> dict[str, Any]:
    return {
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
    }


def _accounts(found: Finding) -> list[dict[str, Any]]:
    return [
        {"account": a.account, "source": a.source, "status": a.status, "score": a.score, "why": a.why}
        for a in found.accounts
    ]


def _screen(answer: Answer, staff_names: Mapping[int, str]) -> dict[str, Any] | None:
    screen = answer.screen
    if screen is None:
        return {"error": answer.screen_error} if answer.screen_error is not None else None
    return {
        "kind": screen.kind,
        "platform": screen.platform,
        "language": screen.language,
        "confidence": screen.confidence,
        "unsure": screen.unsure,
        "profile": _profile(screen.profile) if screen.profile is not None else None,
        "comments": [_comment(comment, staff_names) for comment in screen.counted],
    }


def _profile(profile: ReadProfile) -> dict[str, Any]:
    counters = [list(counter) for counter in profile.counters]
    return {
        "name": profile.name,
        "handle": profile.handle,
        "counters": counters,
        "accounts": _accounts(profile.finding),
    }


def _comment(comment: ReadComment, staff_names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "number": comment.number,
        "author": comment.author,
        "handle": comment.handle,
        "time": comment.time,
        "level": comment.level,
        "text": comment.text,
        "confidence": comment.confidence,
        **_copies(comment.finding),
        "accounts": _accounts(comment.finding),
        "threat": _threat(comment.finding.threat, staff_names),
    }


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
