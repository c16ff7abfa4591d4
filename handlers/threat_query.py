"""Reads what people ask of the threat log: `target:azattyk kind:death,arson severity:>=3 since:7d "free text"`."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from bot.model.threat import GRAVEST, Range, ThreatQuery
from handlers.query_reading import QueryReading, meaning
from handlers.threat_query_words import ALL, KEYS, ME, NO, NOBODY, VALUES, YES

_INCIDENT: Final = re.compile(r"(?:[IiИи]\s?-\s?|№\s?|#)?(\d{1,9})")
_SPAN: Final = re.compile(r"(?P<least>\d)\s?[-–—]\s?(?P<most>\d)")
_BOUND: Final = re.compile(r"(?P<sign>>=|<=|≥|≤|>|<)?\s*(?P<number>\d)(?P<plus>\+)?")


@dataclass(slots=True)
class _Reading(QueryReading[ThreatQuery]):
    keys: ClassVar = KEYS
    many: ClassVar = {
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
    record: ClassVar = re.compile(r"(?:[TtТт]\s?-\s?)(\d{1,9})\b")

    incidents: list[int] = field(default_factory=list)

    def take_value(self, key: str, value: str, no: bool) -> bool:
        match key:
            case "severity":
                span = _range(value, no)
                self.query = replace(self.query, severity=span or self.query.severity)
                return span is not None
            case "imminent":
                if value.lower() not in (*YES, *NO):
                    return False
                self.query = replace(self.query, imminent=(value.lower() in YES) != no)
                return True
            case "incident":
                found = _INCIDENT.fullmatch(value)
                if found and not no:
                    self.incidents.append(int(found.group(1)))
                return bool(found) and not no
            case "sort":
                order = meaning(VALUES["sort"], value.lower())
                self.query = replace(self.query, sort=order or self.query.sort)
                return order is not None
        known = _known(key, value, no)
        self.take_listed(key, known, no)
        return bool(known)


def read_query(text: str, now: datetime, zone: ZoneInfo) -> ThreatQuery:
    """The query that a text stands for; what it could not understand is in its `unknown`."""
    reading = _Reading(now=now, zone=zone, query=ThreatQuery())
    return replace(reading.read(text), incidents=tuple(dict.fromkeys(reading.incidents)))


def _known(key: str, value: str, no: bool) -> tuple[str, ...]:
    """The codes that a value stands for; none where it is not understood."""
    typed = value.lower()
    if key in VALUES:
        if typed in ALL and not no:
            return tuple(VALUES[key])
        code = meaning(VALUES[key], typed)
        return (code,) if code else ()
    if key in ("target", "assignee", "reporter") and typed in ME:
        return ("me",)
    if key == "assignee" and typed in NOBODY:
        return ("nobody",)
    return (value,) if value else ()


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


def category_named(typed: str) -> str | None:
    """The category of an incident that a word names."""
    return meaning(VALUES["category"], typed.lower()) if typed else None


def status_named(typed: str) -> str | None:
    """The status that a word names."""
    return meaning(VALUES["status"], typed.lower()) if typed else None
