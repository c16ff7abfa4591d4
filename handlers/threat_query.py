"""Reads what people ask of the threat log: `target:azattyk kind:death,arson severity:>=3 since:7d "free text"`.

Keys and values are understood in three languages, cut short, or with a letter wrong; what is not understood is said
back and left out. No input is an error.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.errors import Refusal
from bot.model.threat import GRAVEST, Range, ThreatQuery
from handlers.since import read_since
from handlers.threat_query_words import ALL, KEYS, ME, NO, NOBODY, VALUES, YES, Words

_QUOTES: Final = {'"': '"', "«": "»", "“": "”", "„": "”", "‘": "’"}
_KEY: Final = re.compile(r"(?P<no>[-!−]?)(?P<key>[^\W\d_][\w-]*)\s*(?P<sign>:|=|：|(?=>=|<=|>|<|≥|≤))\s*")
_NUMBER: Final = re.compile(r"(?:[TtТт]\s?-\s?)(\d{1,9})\b")
_INCIDENT: Final = re.compile(r"(?:[IiИи]\s?-\s?|№\s?|#)?(\d{1,9})")
_SPAN: Final = re.compile(r"(?P<least>\d)\s?[-–—]\s?(?P<most>\d)")
_BOUND: Final = re.compile(r"(?P<sign>>=|<=|≥|≤|>|<)?\s*(?P<number>\d)(?P<plus>\+)?")
_MOST_PARTS: Final = 40
_LONGEST: Final = 100
# Below this a slip of the keyboard is as likely another word.
_SHORTEST_SLIP: Final = 5
_LIKE: Final = 0.8
_MANY: Final = {
    "kind": "kinds",
    "status": "statuses",
    "category": "categories",
    "channel": "channels",
    "platform": "platforms",
    "target": "targets",
    "assignee": "assignees",
    "reporter": "reporters",
    "account": "accounts",
}


@dataclass(slots=True)
class _Reading:
    """What was understood so far."""

    now: datetime
    zone: ZoneInfo
    values: dict[str, list[str]] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    incidents: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    without: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    query: ThreatQuery = field(default_factory=ThreatQuery)


def read_query(text: str, now: datetime, zone: ZoneInfo) -> ThreatQuery:
    """The query that a text stands for; what it could not understand is in its `unknown`."""
    reading = _Reading(now=now, zone=zone)
    for number, (key, values, no, raw) in enumerate(query_parts(text)):
        if number >= _MOST_PARTS:
            reading.unknown.append("…")
            break
        _take(reading, key, values, no, raw)
    listed: dict[str, Any] = {_MANY[name]: tuple(dict.fromkeys(found)) for name, found in reading.values.items()}
    return replace(
        reading.query,
        **listed,
        numbers=tuple(dict.fromkeys(reading.numbers)),
        incidents=tuple(dict.fromkeys(reading.incidents)),
        words=tuple(dict.fromkeys(reading.words)),
        without=tuple(dict.fromkeys(reading.without)),
        unknown=tuple(dict.fromkeys(reading.unknown)),
    )


def query_parts(text: str) -> Iterator[tuple[str | None, list[str], bool, str]]:
    """Key (None of a free word), values, whether it is denied, and how it was typed."""
    place = 0
    while place < len(text):
        if text[place].isspace() or text[place] in ",;":
            place += 1
            continue
        found = _KEY.match(text, place)
        if found is None:
            no = text[place] in "-!−" and place + 1 < len(text) and not text[place + 1].isspace()
            values, end = _values(text, place + no, several=False)
            yield None, values, no, text[place:end]
        else:
            values, end = _values(text, found.end(), several=True)
            yield found["key"].lower(), values, bool(found["no"]), text[place:end]
        place = max(end, place + 1)


def _values(text: str, place: int, *, several: bool) -> tuple[list[str], int]:
    """The values from a place on, and where they end; several stand with commas between them."""
    found: list[str] = []
    while place < len(text):
        value, place = _value(text, place, several=several)
        if value:
            found.append(value[:_LONGEST])
        if not several:
            break
        comma = re.compile(r"\s*[,|]\s*").match(text, place)
        if comma is None:
            break
        place = comma.end()
    return found, place


def _value(text: str, place: int, *, several: bool) -> tuple[str, int]:
    closing = _QUOTES.get(text[place])
    if closing is not None:
        end = text.find(closing, place + 1)
        end = len(text) if end < 0 else end
        return " ".join(text[place + 1 : end].split()), end + 1
    stop = re.compile(r"[\s,|]" if several else r"\s")
    # "severity: >= 3" is one value.
    sign = re.compile(r"(?:>=|<=|≥|≤|>|<|!)\s*").match(text, place)
    found = stop.search(text, sign.end() if sign else place)
    end = found.start() if found else len(text)
    return text[place:end], end


def _take(reading: _Reading, typed: str | None, values: list[str], no: bool, raw: str) -> None:
    key = _known(KEYS, typed) if typed is not None else None
    if typed is not None and (key is None or not values):
        # "http://…" and "12:30" are words, not a key that nobody knows.
        is_word = raw.startswith(("http:", "https:")) and not no
        (reading.words if is_word else reading.unknown).append(raw.strip()[:_LONGEST])
        return
    if key is None:
        _take_word(reading, values, no)
        return
    for value in values:
        denied = no or value.startswith("!")
        if not _take_value(reading, key, value.removeprefix("!").strip(), denied):
            reading.unknown.append(f"{typed}:{value}")


def _take_word(reading: _Reading, values: Sequence[str], no: bool) -> None:
    for value in values:
        found = _NUMBER.fullmatch(value)
        if found and not no:
            reading.numbers.append(int(found.group(1)))
        elif no:
            reading.without.append(("words", value))
        else:
            reading.words.append(value)


def _take_value(reading: _Reading, key: str, value: str, no: bool) -> bool:
    """Whether a value was understood."""
    match key:
        case "severity":
            span = _range(value, no)
            reading.query = replace(reading.query, severity=span or reading.query.severity)
            return span is not None
        case "since" | "until":
            return not no and _take_moment(reading, key, value)
        case "imminent":
            if value.lower() not in (*YES, *NO):
                return False
            reading.query = replace(reading.query, imminent=(value.lower() in YES) != no)
            return True
        case "incident":
            found = _INCIDENT.fullmatch(value)
            if found and not no:
                reading.incidents.append(int(found.group(1)))
            return bool(found) and not no
        case "sort":
            order = _known(VALUES["sort"], value.lower())
            reading.query = replace(reading.query, sort=order or reading.query.sort)
            return order is not None
        case "words":
            _take_word(reading, [value], no)
            return True
    return _take_listed(reading, key, value, no)


def _take_listed(reading: _Reading, key: str, value: str, no: bool) -> bool:
    known: str | None = value
    if key in VALUES:
        if value.lower() in ALL and not no:
            reading.values.setdefault(key, []).extend(VALUES[key])
            return True
        known = _known(VALUES[key], value.lower())
    elif key in ("target", "assignee", "reporter") and value.lower() in ME:
        known = "me"
    elif key == "assignee" and value.lower() in NOBODY:
        known = "nobody"
    if not known:
        return False
    if no:
        reading.without.append((key, known))
    else:
        reading.values.setdefault(key, []).append(known)
    return True


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


def _range(value: str, no: bool) -> Range | None:
    span = _SPAN.fullmatch(value)
    if span is not None and not no:
        least, most = sorted((int(span["least"]), int(span["most"])))
        return Range(least=least, most=min(most, GRAVEST))
    found = _BOUND.fullmatch(value)
    if found is None or no:
        return None
    number, sign = int(found["number"]), found["sign"] or (">=" if found["plus"] else "")
    match sign:
        case ">=" | "≥":
            return Range(least=number)
        case ">":
            return Range(least=number + 1)
        case "<=" | "≤":
            return Range(most=number)
        case "<":
            return Range(most=number - 1)
    return Range(least=number, most=number)


def _known(words: Words, typed: str) -> str | None:
    """The code that a word stands for: exactly, cut short, or with a slip."""
    every = {name: code for code, names in words.items() for name in (code, *names)}
    if typed in every:
        return every[typed]
    if len(typed) >= 3:
        begun = {code for name, code in every.items() if name.startswith(typed)}
        if len(begun) == 1:
            return begun.pop()
    if len(typed) >= _SHORTEST_SLIP:
        close = get_close_matches(typed, every, n=1, cutoff=_LIKE)
        return every[close[0]] if close else None
    return None


def category_named(typed: str) -> str | None:
    """The category of an incident that a word names."""
    return _known(VALUES["category"], typed.lower()) if typed else None


def status_named(typed: str) -> str | None:
    """The status that a word names."""
    return _known(VALUES["status"], typed.lower()) if typed else None
