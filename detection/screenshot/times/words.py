"""The words of times, from ``words.tsv``, as patterns for one language each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

LANGUAGES: Final = ("ru", "ky", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWords:
    """What each form means in one language; forms are folded (lower case, no dots)."""

    units: Mapping[str, str]
    numbers: Mapping[str, int]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    days: Mapping[str, int]
    now: frozenset[str]
    ago: frozenset[str]
    at: frozenset[str]
    year_words: frozenset[str]
    edited: frozenset[str]


def alternatives(words: Mapping[str, object] | frozenset[str]) -> str:
    """A pattern for any of the words, the longest first; one that never matches when there are none."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"


@cache
def time_words(language: str) -> TimeWords:
    """The words of ``language``; KeyError for one that the table does not have."""
    rows = _table()[language]
    return TimeWords(
        units=_keyed(rows, "unit"),
        numbers={form: int(value) for form, value in _keyed(rows, "number").items()},
        months={form: int(value) for form, value in _keyed(rows, "month").items()},
        weekdays={form: int(value) for form, value in _keyed(rows, "week").items()},
        days={form: int(value) for form, value in _keyed(rows, "day").items()},
        now=frozenset(rows["now"]),
        ago=frozenset(rows["ago"]),
        at=frozenset(rows["at"]),
        year_words=frozenset(rows["year_word"]),
        edited=frozenset(rows["edited"]),
    )


def _keyed(rows: Mapping[str, list[str]], kind: str) -> dict[str, str]:
    return {form: key.split(":")[1] for key, forms in rows.items() if key.startswith(f"{kind}:") for form in forms}


@cache
def _table() -> dict[str, defaultdict[str, list[str]]]:
    text = resources.files("detection.screenshot.times").joinpath("words.tsv").read_text(encoding="utf-8")
    table: dict[str, defaultdict[str, list[str]]] = {language: defaultdict(list) for language in LANGUAGES}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            meaning, language, forms = line.split("\t")
            table[language][meaning].extend(forms.split("|"))
    return table
