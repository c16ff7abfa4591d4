"""The words and phrases that the threat detector knows, read from `lexicons/` or given by a newsroom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final, get_args

from detection.threats.finding import Kind, Level
from detection.threats.notation import PatternError, inflected
from detection.threats.pattern import Pattern, WordSet, compile_pattern, key_of, word_set
from detection.threats.view import TIME, WEAPON, View

LANGUAGES: Final = ("ru", "ky", "en", "kk", "uz", "tg")
ACT_ROLES: Final = frozenset(("will", "they", "he", "order", "verb", "event", "threat", "veiled", "curse"))
CONTEXT_ROLES: Final = frozenset(
    (
        *("modal_will", "modal_call", "modal_may", "gather", "spread", "crowd", "imminence", "security"),
        *("outlet", "office", "you", "insult", "reported", "negation", "disclaimer", "sympathy", "past", "benign"),
        *("joke", "weapon", "family", "third", "self", "him", "attempt"),
    )
)
_BUILT_IN: Final = {"time": WordSet(exact=frozenset({TIME})), "weapon": WordSet(exact=frozenset({WEAPON}))}


class LexiconError(ValueError):
    """A lexicon entry is wrong; the message names the entry and says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of a lexicon."""

    role: str
    #: None for a context and for a curse.
    kind: Kind | None = None
    pattern: str
    #: The level that `example` must get.
    expect: Level = "none"
    example: str = ""
    #: One of `LANGUAGES`, or any other code for a newsroom's own words.
    language: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A place where an entry matches: the words `first` up to, not with, `last`."""

    entry: Entry
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Index:
    """Patterns by the first letters of the word they are found by."""

    by_key: Mapping[str, tuple[tuple[Pattern, Entry], ...]]
    #: Patterns of one word that is known by its ending, tried at every word.
    loose: tuple[tuple[Pattern, Entry], ...]

    @classmethod
    def of(cls, patterns: Iterable[tuple[Pattern, Entry]]) -> _Index:
        by_key: dict[str, list[tuple[Pattern, Entry]]] = defaultdict(list)
        loose = []
        for pattern, entry in patterns:
            for key in pattern.anchor_words.index_keys():
                by_key[key].append((pattern, entry))
            if pattern.anchor_words.endings:
                loose.append((pattern, entry))
        return cls({key: tuple(found) for key, found in by_key.items()}, tuple(loose))

    def find(self, view: View) -> Iterator[Hit]:
        for index, word in enumerate(view.words):
            keys = {part for form in word.forms for part in (key_of(form), form)}
            found = [pair for key in keys for pair in self.by_key.get(key, ())]
            for pattern, entry in dict((*found, *self.loose)).items():
                if pattern.anchor_words.accepts(word, view.kyrgyz_letters):
                    yield from _at(pattern, entry, view, index)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lexicon:
    """Compiled entries of one or several languages."""

    entries: tuple[Entry, ...]
    _acts: _Index = field(repr=False)
    _contexts: _Index = field(repr=False)

    @classmethod
    def compile(cls, entries: Iterable[Entry], groups: Mapping[str, Mapping[str, str]] | None = None) -> Lexicon:
        """A lexicon of `entries`; `groups` gives each language its named word lists. Raises `LexiconError`."""
        entries = tuple(entries)
        named = groups or {}
        sets = {language: _word_sets(language, words) for language, words in named.items()}
        found = [
            (pattern, entry)
            for entry in entries
            for pattern in _patterns(entry, sets.get(entry.language, _BUILT_IN), named.get(entry.language, {}))
        ]
        return cls(
            entries=entries,
            _acts=_Index.of(pair for pair in found if pair[1].role in ACT_ROLES),
            _contexts=_Index.of(pair for pair in found if pair[1].role in CONTEXT_ROLES),
        )

    def find_acts(self, view: View) -> Iterator[Hit]:
        """Every act in the text, in no particular order; most texts have none."""
        return self._acts.find(view)

    def find_contexts(self, view: View) -> Iterator[Hit]:
        """Everything that says how an act is meant and against whom, in no particular order."""
        return self._contexts.find(view)


def _at(pattern: Pattern, entry: Entry, view: View, anchor: int) -> Iterator[Hit]:
    for start in range(max(0, anchor - pattern.before), anchor + 1):
        last = pattern.match(view, start)
        if last is not None and last > anchor:
            yield Hit(entry=entry, first=start, last=last)


def _patterns(entry: Entry, groups: Mapping[str, WordSet], named: Mapping[str, str]) -> list[Pattern]:
    if entry.role not in ACT_ROLES | CONTEXT_ROLES:
        raise LexiconError(f"unknown role {entry.role!r} of {entry.pattern!r}")
    if entry.role in ACT_ROLES - {"curse"} and entry.kind not in get_args(Kind):
        raise LexiconError(f"unknown kind {entry.kind!r} of {entry.pattern!r}")
    try:
        source = inflected(entry.pattern, named)
        return compile_pattern(source, groups, romanise=entry.language != "en")
    except PatternError as error:
        raise LexiconError(f"{entry.language} {entry.role}: {error}") from error


def _word_sets(language: str, named: Mapping[str, str]) -> dict[str, WordSet]:
    sets = dict(_BUILT_IN)
    for name, words in named.items():
        sets[name] = word_set(inflected(words, named), sets, romanise=language != "en")
    return sets


@cache
def standard() -> Lexicon:
    """The lexicon that ships with the product, read and compiled once."""
    root = resources.files("detection.threats").joinpath("lexicons")
    folders = {language: root.joinpath(language) for language in LANGUAGES}
    entries = [entry for language, folder in folders.items() for entry in _read_entries(folder, language)]
    return Lexicon.compile(entries, {language: _read_groups(folder) for language, folder in folders.items()})


def _read_entries(folder: Traversable, language: str) -> Iterator[Entry]:
    for name in ("acts.tsv", "contexts.tsv"):
        for line in _lines(folder.joinpath(name)):
            yield parse_entry(line, language)


def parse_entry(line: str, language: str) -> Entry:
    """The entry on one tab-separated line. Raises `LexiconError`."""
    columns = [column.strip() for column in line.split("\t")]
    if len(columns) != 5:
        raise LexiconError(f"five columns are needed, not {len(columns)}: {line!r}")
    role, kind, pattern, expect, example = columns
    if expect not in get_args(Level) or kind not in (*get_args(Kind), "-"):
        raise LexiconError(f"unknown level or kind: {line!r}")
    return Entry(
        role=role,
        kind=next((known for known in get_args(Kind) if known == kind), None),
        pattern=pattern,
        expect=next(level for level in get_args(Level) if level == expect),
        example=example,
        language=language,
    )


def _read_groups(folder: Traversable) -> dict[str, str]:
    rows = (line.split("\t", 1) for line in _lines(folder.joinpath("groups.tsv")))
    return {name.strip(): words for name, words in rows}


def _lines(file: Traversable) -> Iterator[str]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line
