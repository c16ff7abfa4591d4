"""Find a line among the words of applications, forgiving a letter or two that were read wrongly."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from rapidfuzz.distance import Levenshtein

#: Numbers as applications write them: 312, 1,2 тыс., 2.3K, 7 176, 4 миң.
NUMBER: Final = r"\d[\d., \u00a0]*(?:\s?(?:тыс|млн|млрд|миң|k|к|m|м|b)\b\.?)?"
# Letters that may be wrong in a form of so many letters.
_FORGIVEN: Final = ((16, 3), (9, 2), (5, 1), (0, 0))
ANY: Final = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a line is: its role, the platforms that have it ("any" for all), the languages."""

    role: str
    platforms: frozenset[str]
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Table:
    #: Forms without {*} by their length, numbers replaced by "#".
    plain: Mapping[int, Mapping[str, tuple[Match, ...]]]
    open: tuple[tuple[re.Pattern[str], Match], ...]


def find_words(text: str) -> tuple[Match, ...]:
    """Everything that this line is in some application; empty for what people wrote."""
    key = _key(text)
    if not key or len(key) > 80:
        return ()
    exact = _table().plain.get(len(key), {}).get(key, ())
    return exact or tuple(match for pattern, match in _table().open if pattern.fullmatch(key)) or _nearly(key)


def _nearly(key: str) -> tuple[Match, ...]:
    allowed = next(errors for length, errors in _FORGIVEN if len(key) >= length)
    best = allowed + 1
    found: tuple[Match, ...] = ()
    for length in range(len(key) - allowed, len(key) + allowed + 1):
        for form, matches in _table().plain.get(length, {}).items():
            errors = Levenshtein.distance(key, form, score_cutoff=allowed)
            if errors < best and form[0] == key[0]:
                best, found = errors, matches
    return found


def _key(text: str) -> str:
    """Folded, its numbers as "#"."""
    text = unicodedata.normalize("NFC", text).lower().replace("ё", "е").strip(" .…⌄˅>|·•→")
    text = re.sub(NUMBER, "#", text)
    return re.sub(r"\s+", " ", text).strip(" .…")


@cache
def _table() -> _Table:
    plain: defaultdict[int, defaultdict[str, list[Match]]] = defaultdict(lambda: defaultdict(list))
    patterns = []
    text = resources.files("detection.screenshot.interface").joinpath("words.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        role, platforms, language, forms = line.split("\t")
        match = Match(role=role, platforms=frozenset(platforms.split(",")), languages=frozenset({language}))
        for form in forms.split("|"):
            key = _key(form.replace("{n}", "7"))
            if "{*}" in form:
                patterns.append((re.compile(re.escape(key).replace(r"\{\*\}", ".+")), match))
            else:
                plain[len(key)][key].append(match)
    tuples = {length: {form: tuple(found) for form, found in forms.items()} for length, forms in plain.items()}
    return _Table(tuples, tuple(patterns))
