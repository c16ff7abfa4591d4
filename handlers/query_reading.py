"""The grammar of what people ask of a log: `key:value,value -key:value since:7d "free text" -word`.

Keys and values are understood in three languages, cut short, or with a letter wrong; what is not understood is said
back and left out. No input is an error.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any, ClassVar, Final, Generic, TypeVar
from zoneinfo import ZoneInfo

from bot.errors import Refusal
from bot.model.takedown import TakedownQuery
from bot.model.threat import ThreatQuery
from handlers.since import read_since
from handlers.threat_query_words import Words

_QUOTES: Final = {'"': '"', "«": "»", "“": "”", "„": "”", "‘": "’"}
_KEY: Final = re.compile(r"(?P<no>[-!−]?)(?P<key>[^\W\d_][\w-]*)\s*(?P<sign>:|=|：|(?=>=|<=|>|<|≥|≤))\s*")
_MOST_PARTS: Final = 40
_LONGEST: Final = 100
# Below this a slip of the keyboard is as likely another word.
_SHORTEST_SLIP: Final = 5
_LIKE: Final = 0.8

Query = TypeVar("Query", ThreatQuery, TakedownQuery)


@dataclass(slots=True)
class QueryReading(ABC, Generic[Query]):
    """What of a query was understood so far; a log says which keys it has and how their values are taken."""

    #: The words of each key; the query's field for keys with a list of values; how the number of a record looks.
    keys: ClassVar[Words]
    many: ClassVar[Mapping[str, str]]
    record: ClassVar[re.Pattern[str]]

    now: datetime
    zone: ZoneInfo
    query: Query
    values: dict[str, list[str]] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    without: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def read(self, text: str) -> Query:
        """The query that a text stands for; what it could not understand is in its `unknown`."""
        for number, (key, values, no, raw) in enumerate(query_parts(text)):
            if number >= _MOST_PARTS:
                self.unknown.append("…")
                break
            self._take(key, values, no, raw)
        listed: dict[str, Any] = {self.many[name]: _once(found) for name, found in self.values.items()}
        listed |= {"numbers": _once(self.numbers), "words": _once(self.words)}
        listed |= {"without": _once(self.without), "unknown": _once(self.unknown)}
        return replace(self.query, **listed)

    @abstractmethod
    def take_value(self, key: str, value: str, no: bool) -> bool:
        """Take a value of one of the log's own keys; says whether it was understood."""

    def take_listed(self, key: str, codes: Sequence[str], no: bool) -> None:
        """Note codes of a key that has many, as asked for or as denied."""
        if no:
            self.without.extend((key, code) for code in codes)
        else:
            self.values.setdefault(key, []).extend(codes)

    def _take(self, typed: str | None, values: list[str], no: bool, raw: str) -> None:
        if typed is None:
            for value in values:
                self._take_word(value, no)
            return
        key = meaning(self.keys, typed)
        if key is None or not values:
            # "http://…" and "12:30" are words, not a key that nobody knows.
            is_word = raw.startswith(("http:", "https:")) and not no
            (self.words if is_word else self.unknown).append(raw.strip()[:_LONGEST])
            return
        for value in values:
            denied = no or value.startswith("!")
            if not self._take_of(key, value.removeprefix("!").strip(), denied):
                self.unknown.append(f"{typed}:{value}")

    def _take_of(self, key: str, value: str, no: bool) -> bool:
        match key:
            case "words":
                return self._take_word(value, no)
            case "since" | "until":
                return not no and self._take_moment(key, value)
        return self.take_value(key, value, no)

    def _take_word(self, value: str, no: bool) -> bool:
        found = self.record.fullmatch(value)
        if found and not no:
            self.numbers.append(int(found.group(1)))
        elif no:
            self.without.append(("words", value))
        else:
            self.words.append(value)
        return True

    def _take_moment(self, key: str, value: str) -> bool:
        try:
            moment, rest = read_since(value, self.now, self.zone)
        except Refusal:
            return False
        if moment is None or rest:
            return False
        bound: dict[str, Any] = {key: moment}
        self.query = replace(self.query, **bound)
        return True


def _once(found: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(found))


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


def meaning(words: Words, typed: str) -> str | None:
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
