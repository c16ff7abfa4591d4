"""Reads what is to be exported from typed words: `T-42 T-50..53 K-7 I-3 target:azattyk since:7d hrd ky names`.

In any order, in three languages: numbers, queries of the threat log, names of queries that are kept, wishes. Numbers,
incidents and queries add up. What means nothing is refused, never guessed: evidence is no place for a slip.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import Refusal
from bot.model.evidence import EvidenceOrder, Profile
from bot.model.threat import ThreatQuery
from handlers.query_reading import query_parts
from handlers.threat_query import read_query

#: Numbers that are read of one order; how many cases an export holds is a setting of the newsroom.
_MOST: Final = 10_000

_PROFILES: Final = {
    "full": Profile.FULL,
    "полный": Profile.FULL,
    "толук": Profile.FULL,
    "hrd": Profile.HRD,
    "newsroom": Profile.NEWSROOM,
    "редакция": Profile.NEWSROOM,
    "журнал": Profile.NEWSROOM,
}
_LANGUAGES: Final = ("ru", "ky", "en")
_NAMES: Final = frozenset({"names", "имена", "аттар", "ысымдар"})
_OPTIONS: Final = frozenset({*_PROFILES, *_LANGUAGES, *_NAMES})
# Latin and Cyrillic letters that look alike; a number alone is a threat.
_NUMBERS: Final = re.compile(r"([TtТтKkКкIiИи]?)-?([0-9]{1,9})(?:\.\.(?:[TtТтKkКкIiИи]-?)?([0-9]{1,9}))?")
_CASE_LETTERS: Final = frozenset("KkКк")
_INCIDENT_LETTERS: Final = frozenset("IiИи")
_QUOTES: Final = tuple('"«“„‘')


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderWords:
    """What was typed, taken apart: numbers with wishes, numbers of incidents, queries of the threat log."""

    order: EvidenceOrder
    incidents: tuple[int, ...] = ()
    queries: tuple[str, ...] = ()

    def asked(self, now: datetime, zone: ZoneInfo) -> list[ThreatQuery]:
        """The queries as they are read. Raises Refusal for a word in them that is not understood."""
        every = [ThreatQuery(incidents=(number,)) for number in self.incidents]
        every += [read_query(words, now, zone) for words in self.queries]
        for query in every:
            if query.unknown:
                raise Refusal("export_word_unknown", word=query.unknown[0][:40])
        return every


@dataclass(slots=True)
class _Reading:
    threats: dict[int, None] = field(default_factory=dict)
    cases: dict[int, None] = field(default_factory=dict)
    incidents: dict[int, None] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


def read_order(words: str, kept: Mapping[str, str] | None = None) -> OrderWords:
    """The order in these words; `kept` are queries by their names.

    Raises Refusal: nothing was named, too much, or a word that means nothing.
    """
    left, queries = _without_kept(words, kept or {})
    reading = _Reading()
    for key, values, no, raw in query_parts(left):
        if key is not None or no or raw.startswith(_QUOTES):
            reading.asked.append(raw)
            continue
        for word in ",".join(values).split(","):
            _take(reading, word)
    queries += [" ".join(reading.asked)] if reading.asked else []
    if not (reading.threats or reading.cases or reading.incidents or queries):
        raise Refusal("export_empty")
    order = EvidenceOrder(
        threats=tuple(reading.threats),
        cases=tuple(reading.cases),
        profile=Profile(reading.chosen.get("profile", Profile.FULL.value)),
        language=reading.chosen.get("language"),
        with_names="names" in reading.chosen,
    )
    return OrderWords(order=order, incidents=tuple(reading.incidents), queries=tuple(queries))


def _without_kept(words: str, kept: Mapping[str, str]) -> tuple[str, list[str]]:
    """The words without names of kept queries, and the queries that these stand for."""
    left, found = words, []
    for name in sorted(kept, key=len, reverse=True):
        if name.lower() in _OPTIONS or _NUMBERS.fullmatch(name):
            continue
        left, count = re.subn(rf"(?<!\S){re.escape(name)}(?=[\s,]|$)", " ", left, flags=re.IGNORECASE)
        if count:
            found.append(kept[name])
    return left, found


def _take(reading: _Reading, word: str) -> None:
    if not word:
        return
    found = _NUMBERS.fullmatch(word)
    if found is None:
        reading.chosen |= _option(word.lower())
        return
    letter = found.group(1)
    noun = reading.threats
    if letter and letter in _CASE_LETTERS:
        noun = reading.cases
    elif letter and letter in _INCIDENT_LETTERS:
        noun = reading.incidents
    noun |= dict.fromkeys(_span(found.group(2), found.group(3)))
    if len(reading.threats) + len(reading.cases) + len(reading.incidents) > _MOST:
        raise Refusal("export_numbers_many")


def _option(word: str) -> dict[str, str]:
    if word in _PROFILES:
        return {"profile": _PROFILES[word].value}
    if word in _LANGUAGES:
        return {"language": word}
    if word in _NAMES:
        return {"names": "yes"}
    raise Refusal("export_word_unknown", word=word[:40])


def _span(first: str, last: str | None) -> range:
    begin, end = int(first), int(last or first)
    if end - begin >= _MOST:
        raise Refusal("export_numbers_many")
    return range(begin, end + 1)
