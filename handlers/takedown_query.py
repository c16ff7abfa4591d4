"""Reads what people ask of the takedown ledger: `platform:facebook status:refused since:30d "free text"`.

The grammar is the threat log's; what is not understood is said back and left out. No input is an error.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.errors import Refusal
from bot.model.takedown import TakedownQuery
from bot.services.takedown_words import CHANNEL_WORDS, STATUS_WORDS
from handlers.since import read_since
from handlers.takedown_query_words import KEYS, OPEN, VALUES
from handlers.threat_query import meaning, query_parts
from handlers.threat_query_words import ALL, ME, PLATFORMS

_NUMBER: Final = re.compile(r"(?:TD|ТД)\s?-?\s?(\d{1,9})", re.IGNORECASE)
_MOST_PARTS: Final = 40
_LONGEST: Final = 100
_MANY: Final = {
    "platform": "platforms",
    "channel": "channels",
    "status": "statuses",
    "account": "accounts",
    "reporter": "reporters",
}


@dataclass(slots=True)
class _Reading:
    now: datetime
    zone: ZoneInfo
    values: dict[str, list[str]] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    without: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    query: TakedownQuery = field(default_factory=TakedownQuery)


def read_takedown_query(text: str, now: datetime, zone: ZoneInfo) -> TakedownQuery:
    """The query that a text stands for; what it could not understand is in its `unknown`."""
    reading = _Reading(now=now, zone=zone)
    for number, (typed, values, no, raw) in enumerate(query_parts(text)):
        if number >= _MOST_PARTS:
            reading.unknown.append("…")
            break
        _take(reading, typed, values, no, raw)
    listed: dict[str, Any] = {_MANY[name]: tuple(dict.fromkeys(found)) for name, found in reading.values.items()}
    return replace(
        reading.query,
        **listed,
        numbers=tuple(dict.fromkeys(reading.numbers)),
        words=tuple(dict.fromkeys(reading.words)),
        without=tuple(dict.fromkeys(reading.without)),
        unknown=tuple(dict.fromkeys(reading.unknown)),
    )


def _take(reading: _Reading, typed: str | None, values: list[str], no: bool, raw: str) -> None:
    key = meaning(KEYS, typed) if typed is not None else "words"
    if key is None or not values:
        # "https://…" is a word, not a key that nobody knows.
        is_word = raw.startswith(("http:", "https:")) and not no
        (reading.words if is_word else reading.unknown).append(raw.strip()[:_LONGEST])
        return
    for value in values:
        denied = no or (typed is not None and value.startswith("!"))
        if not _take_value(reading, key, value.removeprefix("!").strip() if typed else value, denied):
            reading.unknown.append(f"{typed}:{value}")


def _take_value(reading: _Reading, key: str, value: str, no: bool) -> bool:
    """Whether a value was understood."""
    if key in ("since", "until"):
        return not no and _take_moment(reading, key, value)
    if key == "words":
        found = _NUMBER.fullmatch(value)
        if found is not None and not no:
            reading.numbers.append(int(found.group(1)))
        elif no:
            reading.without.append(("words", value))
        else:
            reading.words.append(value)
        return bool(value)
    known = _known(key, value.lower()) or (value if key in ("account", "reporter") else None)
    if not known or (no and key == "reporter"):
        return False
    for each in known.split(","):
        if no:
            reading.without.append((key, each))
        else:
            reading.values.setdefault(key, []).append(each)
    return True


def _known(key: str, value: str) -> str | None:
    """The code that a value stands for; several are parted by commas."""
    if key == "status" and value in OPEN:
        return "sent,answered"
    if key in VALUES and value in ALL:
        return ",".join(VALUES[key])
    if key == "reporter" and value in ME:
        return "me"
    return meaning(VALUES[key], value) if key in VALUES else None


def _take_moment(reading: _Reading, key: str, value: str) -> bool:
    try:
        moment, rest = read_since(value, reading.now, reading.zone)
    except Refusal:
        return False
    if moment is None or rest:
        return False
    bound: dict[str, Any] = {key: moment}
    reading.query = replace(reading.query, **bound)
    return True


def platform_named(typed: str) -> str | None:
    """The platform that a word names."""
    return meaning(PLATFORMS, typed.lower()) if typed else None


def channel_named(typed: str) -> str | None:
    """The channel that a word names."""
    return meaning(CHANNEL_WORDS, typed.lower()) if typed else None


def takedown_status_named(typed: str) -> str | None:
    """The status that a word names."""
    return meaning(STATUS_WORDS, typed.lower()) if typed else None
