"""Word patterns of the lexicons: parsed once, matched word by word in bounded time.

The notation is described in `lexicons/README.md`. There is no regular expression in matching: a pattern is a list of
steps, each takes one word or skips a few, so that no text can make it slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from detection.text import alphabets
from detection.text.normalise import latinise
from detection.threats.notation import PatternError, literals, spread
from detection.threats.view import ROMANISED, View, Word

_KEY: Final = 3
_THRICE: Final = re.compile(r"(.)\1{2,}")
_DEFAULT_GAP: Final = 3
_MIN_ENDING_WORD: Final = 5
_MIN_FOLDED_ENDING: Final = 5
_MIN_LATIN_ENDING: Final = 4
#: English plurals ("athletes") and the Uzbek "from" end so too.
_FOREIGN_ENDINGS: Final = ("tes", "dan", "den")
# A shorter beginning, romanised, fits half of the dictionary.
_MIN_ROMANISED_PREFIX: Final = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class WordSet:
    """The words that one step accepts."""

    exact: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    #: Endings for texts with and without ң, ө, ү.
    endings: tuple[str, ...] = ()
    folded_endings: tuple[str, ...] = ()
    #: Endings of words that are typed in Latin letters.
    latin_endings: tuple[str, ...] = ()

    def accepts(self, word: Word, kyrgyz_letters: bool) -> bool:
        """Whether any form of `word` is in the set."""
        for form in word.forms:
            if form in self.exact or form.startswith(self.prefixes):
                return True
        if not self.endings or len(word.ending) < _MIN_ENDING_WORD:
            return False
        if word.is_romanised:
            return any(form.endswith(self.latin_endings) for form in word.forms[1:])
        return word.ending.endswith(self.endings if kyrgyz_letters else self.folded_endings)

    def index_keys(self) -> set[str]:
        """The index keys under which a text word must be looked up to be accepted (endings apart)."""
        return {key_of(literal) for literal in (*self.exact, *self.prefixes)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One word, or with `words` None up to `gap` words of any kind."""

    words: WordSet | None
    gap: int = 0
    optional: bool = False


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Pattern:
    """A compiled pattern; two are the same only if they are one object, which keeps look-ups cheap."""

    steps: tuple[Step, ...]
    #: The step by which the pattern is found, and how many words may stand before it.
    anchor: int
    before: int

    def match(self, view: View, start: int) -> int | None:
        """The index after the last word of a match that begins at word `start`, or None."""
        return _match(self.steps, 0, view, start, view.words[start].sentence)

    @property
    def anchor_words(self) -> WordSet:
        """The word set of the anchor step."""
        words = self.steps[self.anchor].words
        if words is None:
            raise PatternError("the anchor is a gap")
        return words


def key_of(form: str) -> str:
    """The part of a word by which the index finds patterns."""
    return form[: _KEY + form.startswith(ROMANISED)]


def _match(steps: Sequence[Step], at: int, view: View, index: int, sentence: int) -> int | None:
    if at == len(steps):
        return index
    step = steps[at]
    if step.words is None:
        for skipped in range(step.gap + 1):
            end = _match(steps, at + 1, view, index + skipped, sentence)
            if end is not None:
                return end
        return None
    if _takes(step.words, view, index, sentence):
        end = _match(steps, at + 1, view, index + 1, sentence)
        if end is not None:
            return end
    return _match(steps, at + 1, view, index, sentence) if step.optional else None


def _takes(words: WordSet, view: View, index: int, sentence: int) -> bool:
    inside = index < len(view.words) and view.words[index].sentence == sentence
    return inside and words.accepts(view.words[index], view.kyrgyz_letters)


def compile_pattern(source: str, groups: Mapping[str, WordSet], romanise: bool) -> list[Pattern]:
    """The patterns that `source` stands for; several when a bracket holds alternatives of several words.

    `romanise` adds the one-script spelling of every Cyrillic word. Raises `PatternError`.
    """
    # Alternatives of several words share most of theirs: each is read once.
    known: dict[str, Step] = {}
    # A hyphen separates words in a text, and so it does here.
    flats = [flat.split() for flat in spread(source.replace("-", " "))]
    for part in {part for flat in flats for part in flat}:
        known[part] = _step(part, groups, romanise)
    return [_joined([known[part] for part in flat], source) for flat in flats]


def word_set(source: str, groups: Mapping[str, WordSet], romanise: bool) -> WordSet:
    """The set that space-separated words stand for."""
    return _union([_one_word(word, groups, romanise) for word in source.split()])


def _joined(steps: list[Step], source: str) -> Pattern:
    while steps and steps[-1].words is None:
        steps.pop()
    if not steps or steps[0].words is None:
        raise PatternError(f"no word to begin with in {source!r}")
    anchors = [at for at, step in enumerate(steps) if step.words and not step.optional and not step.words.endings]
    if not anchors and len(steps) > 1:
        raise PatternError(f"no word to find {source!r} by")
    anchor = max(anchors, key=lambda at: _rarity(steps[at]), default=0)
    before = sum(step.gap if step.words is None else 1 for step in steps[:anchor])
    return Pattern(steps=tuple(steps), anchor=anchor, before=before)


def _rarity(step: Step) -> int:
    """How seldom a step's words may be met: the letters of its shortest one. Of equals the first is taken."""
    words = step.words
    return min((len(each.lstrip(ROMANISED)) for each in (*words.exact, *words.prefixes)), default=0) if words else 0


def _step(source: str, groups: Mapping[str, WordSet], romanise: bool) -> Step:
    if source.startswith(".."):
        if source != ".." and not source[2:].isdecimal():
            raise PatternError(f"a gap is written .. or ..4, not {source!r}")
        return Step(words=None, gap=int(source[2:] or _DEFAULT_GAP))
    optional = source.startswith("[") and source.endswith("]")
    return Step(words=_one_word(source.strip("[]"), groups, romanise), optional=optional)


def _one_word(token: str, groups: Mapping[str, WordSet], romanise: bool) -> WordSet:
    exact: set[str] = set()
    prefixes: set[str] = set()
    endings: set[str] = set()
    members = []
    for literal in literals(token):
        name = literal.removeprefix("@")
        if literal.startswith("@") and name in groups:
            members.append(groups[name])
        elif literal.startswith("*"):
            # A text's «й» has lost its mark before endings are compared.
            endings.add(literal[1:].casefold().replace("й", "и"))
        elif literal.endswith("*"):
            prefixes.add(literal[:-1])
        else:
            exact.add(literal)
    own = WordSet(
        exact=frozenset(_spellings(exact, romanise, 1)),
        prefixes=tuple(sorted(_spellings(prefixes, romanise, _MIN_ROMANISED_PREFIX))),
        endings=tuple(sorted(endings)),
        folded_endings=tuple(sorted({folded for ending in endings if (folded := _telling(ending))})),
        latin_endings=tuple(sorted({latin for ending in endings if (latin := _romanised_ending(ending))})),
    )
    return _union([own, *members])


def _telling(ending: str) -> str:
    """The ending as texts without ң, ө, ү have it; empty if it then is a Russian one too («команды», «Майдан»)."""
    folded = ending.translate(alphabets.FOLD)
    return folded if folded == ending or len(folded) >= _MIN_FOLDED_ENDING else ""


def _romanised_ending(ending: str) -> str:
    """The ending in the one-script spelling; empty if it then is too short to tell anything."""
    latin = latinise(ending.translate(alphabets.FOLD))
    return latin if len(latin) >= _MIN_LATIN_ENDING and not latin.endswith(_FOREIGN_ENDINGS) else ""


def _spellings(literals: set[str], romanise: bool, shortest: int) -> Iterator[str]:
    for literal in literals:
        folded, latin = _folded(literal)
        yield folded
        if romanise and len(latin) >= shortest:
            yield ROMANISED + latin


@lru_cache(maxsize=1 << 15)
def _folded(literal: str) -> tuple[str, str]:
    """A word as texts are folded, and in the one-script spelling; that is empty for a Latin one."""
    # «ийи» is folded to three of a letter, which a text's word then keeps two of.
    folded = _THRICE.sub(r"\1\1", literal.casefold().translate(alphabets.FOLD))
    return folded, "" if folded.isascii() else latinise(folded)


def _union(sets: Sequence[WordSet]) -> WordSet:
    if len(sets) == 1:
        return sets[0]
    return WordSet(
        exact=frozenset().union(*(each.exact for each in sets)),
        prefixes=tuple(sorted({prefix for each in sets for prefix in each.prefixes})),
        endings=tuple(sorted({ending for each in sets for ending in each.endings})),
        folded_endings=tuple(sorted({ending for each in sets for ending in each.folded_endings})),
        latin_endings=tuple(sorted({ending for each in sets for ending in each.latin_endings})),
    )
