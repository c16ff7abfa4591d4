"""Reads what people ask of the takedown ledger: `platform:facebook status:refused since:30d "free text"`."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from bot.model.takedown import TakedownQuery
from bot.services.takedown_words import CHANNEL_WORDS, STATUS_WORDS
from handlers.query_reading import QueryReading, meaning
from handlers.takedown_query_words import KEYS, OPEN, VALUES
from handlers.threat_query_words import ALL, ME, PLATFORMS


@dataclass(slots=True)
class _Reading(QueryReading[TakedownQuery]):
    keys: ClassVar = KEYS
    many: ClassVar = {
        "platform": "platforms",
        "channel": "channels",
        "status": "statuses",
        "account": "accounts",
        "reporter": "reporters",
    }
    record: ClassVar = re.compile(r"(?:TD|ТД)\s?-?\s?(\d{1,9})", re.IGNORECASE)

    def take_value(self, key: str, value: str, no: bool) -> bool:
        known = () if no and key == "reporter" else _known(key, value)
        self.take_listed(key, known, no)
        return bool(known)


def read_takedown_query(text: str, now: datetime, zone: ZoneInfo) -> TakedownQuery:
    """The query that a text stands for; what it could not understand is in its `unknown`."""
    return _Reading(now=now, zone=zone, query=TakedownQuery()).read(text)


def _known(key: str, value: str) -> tuple[str, ...]:
    """The codes that a value stands for; none where it is not understood."""
    typed = value.lower()
    if key == "status" and typed in OPEN:
        return ("sent", "answered")
    if key in VALUES and typed in ALL:
        return tuple(VALUES[key])
    if key == "reporter" and typed in ME:
        return ("me",)
    code = meaning(VALUES[key], typed) if key in VALUES else value
    return (code,) if code else ()


def platform_named(typed: str) -> str | None:
    """The platform that a word names."""
    return meaning(PLATFORMS, typed.lower()) if typed else None


def channel_named(typed: str) -> str | None:
    """The channel that a word names."""
    return meaning(CHANNEL_WORDS, typed.lower()) if typed else None


def takedown_status_named(typed: str) -> str | None:
    """The status that a word names."""
    return meaning(STATUS_WORDS, typed.lower()) if typed else None
