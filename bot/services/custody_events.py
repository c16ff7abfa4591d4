"""What of the day's work is an entry of the custody log, and what each of them says.

A message makes two entries: how it came (`received`: the raw update, who sent it on, their own words) and what was in
it (`kept`: what others wrote, its author, the hash of its bytes). The second can be shown to a court without the first,
and stays readable when the first is not any more: how a message came is sealed with a key of its own (the noun
"arrival"), which goes when whoever sent it on is forgotten.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from bot.model.codec import dump
from bot.model.newsroom import Member
from bot.model.outbox import Kind, Outgoing
from bot.model.submission import Case, Incoming
from bot.storage.custody import NewEntry
from bot.storage.filing import FiledPart

#: Under which noun the log says how the messages of a submission came.
ARRIVAL: Final = "arrival"
#: Outbox rows by which a member is shown the pictures themselves.
_SHOWS_ORIGINALS = frozenset({Kind.PHOTOS, Kind.PHOTO_PAIR})
#: Replies that open something: of which noun, and where its row's id, or its number, stands among their values.
_OPENS = {
    "threat": ("threat", "threat"),
    "threat_history": ("threat", "threat"),
    "threat_sightings": ("threat", "threat"),
    "account": ("account", "account"),
    "account_history": ("account", "account"),
    "curator": ("curator", "number"),
    "incident": ("incident", "number"),
    "outreach": ("outreach", "outreach"),
    "campaign": ("campaign", "number"),
    "farm": ("farm", "number"),
    "takedown": ("takedown", "takedown"),
}
#: Lists of what is kept here, and searches: with what was looked for, if anything was.
LISTS: Final = frozenset(
    {"cases", "copies", "staff", "campaigns", "farms", "spikes", "outreaches", "takedowns", "queries"}
    | {"curators", "workreports", "members", "doubts", "reliability", "shares", "import_batches", "audit"}
    | {"found", "campaign_copies", "campaign_texts", "farm_offers"}
)
_SEARCHES: Final = {"find": "text", "accounts": "query", "threats": "query", "photo_seen": "sha256", "stats": "since"}


def of_filed(filed: Iterable[FiledPart], now: datetime) -> Iterator[NewEntry]:
    """Messages that were filed just now, or read to their end just now."""
    for each in filed:
        if each.is_new:
            yield _received(each, now)
        if each.is_complete:
            body = contents(each.part.incoming, each.id) | {"sha256": each.part.sha256}
            yield _of_submission(each.part.newsroom_id, each.submission_id, "kept", body, now)


def of_edit(member: Member, submission_id: int, part_id: int, incoming: Incoming, now: datetime) -> Iterator[NewEntry]:
    """A message was edited where it stands: the update, and what it says now."""
    body = _arrival(incoming, part_id) | {"by": member.id, "edit": True}
    yield replace(_of_submission(member.newsroom_id, submission_id, "received", body, now), noun=ARRIVAL)
    told = contents(incoming, part_id) | {"edit": True}
    yield _of_submission(member.newsroom_id, submission_id, "kept", told, now)


def of_view(outgoing: Outgoing, now: datetime) -> Iterator[NewEntry]:
    """A member was shown pictures; Telegram has them."""
    if outgoing.kind not in _SHOWS_ORIGINALS:
        return
    submission, found = outgoing.body.get("submission"), outgoing.body.get("found") or {}
    noun, row_id = ("submission", submission) if submission is not None else ("photo", found.get("photo"))
    if row_id is None:
        return
    body = {"by": outgoing.member_id, "shown": outgoing.kind.value, "photo": outgoing.body.get("photo")}
    yield NewEntry(newsroom_id=outgoing.newsroom_id, kind="viewed", noun=noun, row_id=int(row_id), body=body, at=now)


def opened_by(outgoing: Outgoing) -> tuple[str, int] | None:
    """Which case, threat, account, farm or person a card opens to its reader; None for anything else."""
    body = outgoing.body
    if outgoing.kind is Kind.SUBMISSION and body.get("copy"):
        return ("submission", int(body["submission"]))
    if outgoing.kind is not Kind.REPLY or body.get("code") not in _OPENS:
        return None
    noun, name = _OPENS[body["code"]]
    value = (body.get("values") or {}).get(name)
    return (noun, int(value)) if value is not None else None


def photo_of(outgoing: Outgoing) -> int | None:
    """Which stored photo a message shows beside another; whoever is shown it is noted by `of_view`."""
    if outgoing.kind is not Kind.PHOTO_PAIR:
        return None
    found = outgoing.body.get("photo") or (outgoing.body.get("found") or {}).get("photo")
    return int(found) if found is not None else None


def page_of(outgoing: Outgoing) -> str | None:
    """Which page of which list or search a card shows to its reader, in words that are the same each time."""
    code = outgoing.body.get("code") if outgoing.kind is Kind.REPLY else None
    values = outgoing.body.get("values") or {}
    # A card's first page is the card; each further one shows as much again.
    is_further = code in _OPENS and int(values.get("page") or 0) > 0
    if not is_further and (code not in LISTS | _SEARCHES.keys() or _is_own(outgoing)):
        return None
    return json.dumps([code, values], sort_keys=True, ensure_ascii=False, default=str)


def _is_own(outgoing: Outgoing) -> bool:
    """A list of what its reader handed in."""
    return outgoing.body.get("code") == "cases" and bool((outgoing.body.get("values") or {}).get("mine"))


def of_opening(outgoing: Outgoing, hashed: Callable[[str], str], now: datetime) -> Iterator[NewEntry]:
    """What a card opens, lists or has looked up: noted before it leaves. Words that were looked for stay unsaid."""
    body: dict[str, Any] = {"by": outgoing.member_id}
    subject = opened_by(outgoing)
    if subject is not None:
        body |= {"opened": outgoing.body.get("code", outgoing.kind.value), "row": subject[1]}
        yield _opening(outgoing, subject, body, now)
        return
    code = outgoing.body.get("code") if outgoing.kind is Kind.REPLY else None
    own = ("newsroom", outgoing.newsroom_id)
    if code in LISTS and not _is_own(outgoing):
        yield _opening(outgoing, own, body | {"opened": code}, now)
    elif outgoing.kind is Kind.TABLE and "audit" in outgoing.body:
        told = body | {"what": "audit", "form": outgoing.body["form"]}
        yield replace(_opening(outgoing, own, told, now), kind="exported")
    elif code in _SEARCHES:
        words = str((outgoing.body.get("values") or {}).get(_SEARCHES[code], ""))
        yield _opening(outgoing, own, body | {"searched": code, "words": hashed(words) if words else ""}, now)


def _opening(outgoing: Outgoing, subject: tuple[str, int], body: dict[str, Any], now: datetime) -> NewEntry:
    noun, row_id = subject
    return NewEntry(newsroom_id=outgoing.newsroom_id, kind="viewed", noun=noun, row_id=row_id, body=body, at=now)


def of_pasted(member: Member, case: Case, now: datetime) -> Iterator[NewEntry]:
    """Words that a member typed turned out to be somebody else's, given to be checked."""
    for part in case.parts:
        body = {"part": part.id, "is": part.kind.value, "text": part.text, "origin": {"kind": "pasted"}}
        yield _of_submission(member.newsroom_id, case.submission_id, "kept", body, now)


def contents(incoming: Incoming, part_id: int) -> dict[str, Any]:
    """What a message holds: nothing in it says who sent it on, and nothing in it was said by them."""
    is_own = incoming.is_note or incoming.is_own_caption
    return {
        "part": part_id,
        "is": incoming.kind.value,
        "what": incoming.what,
        "text": "" if is_own else incoming.text,
        "origin": dump(incoming.origin),
        "urls": list(incoming.urls),
    }


def _received(filed: FiledPart, now: datetime) -> NewEntry:
    body = _arrival(filed.part.incoming, filed.id) | {"by": filed.part.member_id, "source": filed.part.source}
    return replace(_of_submission(filed.part.newsroom_id, filed.submission_id, "received", body, now), noun=ARRIVAL)


def _arrival(incoming: Incoming, part_id: int) -> dict[str, Any]:
    return {
        "part": part_id,
        "chat": incoming.chat_id,
        "message": incoming.message_id,
        "sent_at": incoming.sent_at.isoformat(),
        "words": incoming.text if incoming.is_note or incoming.is_own_caption else "",
        "update": incoming.raw,
    }


def _of_submission(newsroom_id: int, submission_id: int, kind: str, body: dict[str, Any], now: datetime) -> NewEntry:
    return NewEntry(newsroom_id=newsroom_id, kind=kind, noun="submission", row_id=submission_id, body=body, at=now)
