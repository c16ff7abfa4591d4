"""Reads what stands behind /takedown: a link or a handle with single words, then lines `ticket: …`, `sent: …`."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import Refusal
from bot.model.takedown import Aim, TakedownChannel, TakedownEntry, TakedownStatus, Why
from bot.services.takedown_words import CHANNEL_WORDS, STATUS_WORDS, named
from handlers.query_reading import meaning
from handlers.since import read_since
from handlers.takedown_query import channel_named, takedown_status_named
from handlers.takedown_query_words import LABELS, WHYS

_TICKET: Final = re.compile(r"(?:#|№)\s?(\S{1,100})")
_REFERENCE: Final = re.compile(r"[KkКкTtТтCcСс]-?\d{1,9}")
_DAYS: Final = re.compile(r"(\d{1,3})\s?(?:d|days?|д|дн\w*|к|күн\w*)?")
_LETTERS: Final = str.maketrans("КкТтСс", "KkTtCc")
_LONGEST_NOTE: Final = 2000


@dataclass(slots=True)
class TypedTakedown:
    """What was typed: `target` names what is to be removed."""

    target: str = ""
    status: TakedownStatus = TakedownStatus.SENT
    channel: TakedownChannel = TakedownChannel.FORM
    ticket: str | None = None
    sent_at: datetime | None = None
    recheck_at: datetime | None = None
    why: list[Why] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)
    answer: str | None = None
    notes: list[str] = field(default_factory=list)

    def entry(self, aim: Aim, now: datetime) -> TakedownEntry:
        """The ledger's entry for it."""
        is_open = self.status in (TakedownStatus.DRAFT, TakedownStatus.SENT, TakedownStatus.ANSWERED)
        return TakedownEntry(
            aim=aim,
            status=self.status,
            channel=self.channel,
            ticket=self.ticket,
            why=tuple(self.why),
            evidence=tuple(self.evidence),
            note="\n".join(self.notes)[:_LONGEST_NOTE],
            answer=self.answer,
            sent_at=self.sent_at,
            answered_at=now if self.answer is not None else None,
            closed_at=None if is_open else now,
            recheck_at=self.recheck_at,
        )


def read_takedown(text: str, now: datetime, zone: ZoneInfo) -> TypedTakedown:
    """Read it. Raises Refusal("takedown_missing") when nothing is named, and Refusal("since_unknown") for no day."""
    typed, (first, *rest) = TypedTakedown(), [*text.splitlines(), ""]
    typed.target = " ".join(word for word in first.split() if not _take_word(typed, word))
    for line in filter(None, (line.strip() for line in rest)):
        label, colon, value = line.partition(":")
        name = named(LABELS, label) if colon else None
        if name is None or not _take_line(typed, name, value.strip(), now, zone):
            typed.notes.append(line)
    if not typed.target:
        raise Refusal("takedown_missing")
    return typed


def _take_word(typed: TypedTakedown, word: str) -> bool:
    """Whether a word of the first line says something of the report; what names the account stays."""
    ticket = _TICKET.fullmatch(word)
    if ticket is not None:
        typed.ticket = ticket.group(1)
        return True
    channel, status = named(CHANNEL_WORDS, word), named(STATUS_WORDS, word)
    if channel is not None:
        typed.channel = TakedownChannel(channel)
    elif status is not None:
        typed.status = TakedownStatus(status)
    return channel is not None or status is not None


def _take_line(typed: TypedTakedown, name: str, value: str, now: datetime, zone: ZoneInfo) -> bool:
    """Whether what stands behind a label was understood."""
    match name:
        case "channel":
            found = channel_named(value)
            typed.channel = TakedownChannel(found) if found else typed.channel
            return found is not None
        case "status":
            found = takedown_status_named(value)
            typed.status = TakedownStatus(found) if found else typed.status
            return found is not None
        case "ticket":
            typed.ticket = " ".join(value.split())[:100] or None
        case "sent":
            typed.sent_at, _ = read_since(value, now, zone)
            return typed.sent_at is not None
        case "recheck":
            days = _DAYS.fullmatch(value.lower())
            typed.recheck_at = now + timedelta(days=int(days.group(1))) if days else None
            return days is not None
        case "why":
            known = [meaning(WHYS, part.strip().lower()) for part in value.split(",")]
            typed.why += [Why(code) for code in known if code is not None]
            return None not in known
        case "evidence":
            typed.evidence += [each.translate(_LETTERS).upper() for each in _REFERENCE.findall(value)]
            return bool(typed.evidence)
        case "answer":
            typed.answer = value[:4000] or None
        case _:
            typed.notes.append(value)
    return True
