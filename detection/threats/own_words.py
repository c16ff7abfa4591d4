"""A newsroom's own threat words: checked, and compiled to a lexicon that `assess` takes beside the standard one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from detection.threats.finding import Kind
from detection.threats.lexicon import Entry, Lexicon, LexiconError
from detection.thresholds import OWN_WORD_MAX_CHARS, OWN_WORD_MAX_WORDS, OWN_WORD_MIN_LETTERS, OWN_WORDS_MAX

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʻ-][^\W\d_]+)*\*?")


@dataclass(frozen=True, slots=True)
class OwnWord:
    """A word or phrase ("отхайдар*": whatever begins so) and what it threatens."""

    word: str
    kind: Kind


def checked_word(text: str) -> str:
    """`text` as it is kept: lower case, one space between words. Raises `LexiconError` with a code.

    "empty", "too_long", "too_short" (few letters fit everything) or "unreadable" (signs other than a star at the end of
    a word).
    """
    words = text.casefold().split()
    if not words:
        raise LexiconError("empty")
    if len(words) > OWN_WORD_MAX_WORDS or len(text) > OWN_WORD_MAX_CHARS:
        raise LexiconError("too_long")
    if not all(_WORD.fullmatch(word) for word in words):
        raise LexiconError("unreadable")
    if max(len(word.rstrip("*")) - word.endswith("*") for word in words) < OWN_WORD_MIN_LETTERS:
        raise LexiconError("too_short")
    return " ".join(words)


@lru_cache(maxsize=8)
def own_lexicon(words: tuple[OwnWord, ...]) -> Lexicon | None:
    """The lexicon of these words, the last few lists remembered; None of none. Words that cannot be read are left out.

    A word counts as what the writer will do: with a target a threat, without one something to look at.
    """
    entries = [
        Entry(role="will", kind=each.kind, pattern=each.word) for each in words[:OWN_WORDS_MAX] if _is_readable(each)
    ]
    return Lexicon.compile(entries) if entries else None


def _is_readable(own: OwnWord) -> bool:
    try:
        return checked_word(own.word) == own.word
    except LexiconError:
        return False
