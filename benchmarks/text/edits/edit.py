"""What an edit is: one way in which an operator changes a ready-made comment before posting it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

SENTENCE_END: Final = re.compile(r"(?<=[.!?…])[\s]+|\n+")
LETTER: Final = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Material:
    """What an operator has at hand besides the comment: other comments of the same language, and their words."""

    texts: Sequence[str]
    words: Sequence[str]
    #: Sentences of 15 to 120 characters out of `texts`.
    sentences: Sequence[str]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Material":
        """Cut words and sentences out of comments; raises `ValueError` when there is nothing to cut."""
        words = [word for text in texts for word in text.split() if word.isalpha() and len(word) > 2]
        sentences = [s for text in texts for s in split_sentences(text) if 15 <= len(s) <= 120]
        if not words or not sentences:
            raise ValueError("no comment with a word and a sentence")
        return cls(texts=texts, words=words, sentences=sentences)


Apply = Callable[[str, Random, Material], str]


@dataclass(frozen=True, slots=True)
class Edit:
    """One kind of edit. `apply` returns the text unchanged where the kind does not apply to it."""

    name: str
    group: str
    apply: Apply = field(repr=False)
    #: A kind of which at least 0.98 must be recognised as a copy.
    must: bool = False
    #: Languages of the texts that it is tried on; empty for all.
    languages: tuple[str, ...] = ()
    #: The edited text is the one stored, and the untouched one is asked about.
    reverse: bool = False
    #: How much of the text is changed, 0 to 1, for kinds that form a scale (`family` is the scale's name).
    strength: float | None = None
    family: str = ""


def split_sentences(text: str) -> list[str]:
    """The sentences of a text, each with its closing mark, without the space between."""
    return [part for part in SENTENCE_END.split(text.strip()) if part.strip()]


def letters(text: str) -> int:
    """How many letters a text has, of any script."""
    return len(LETTER.findall(text))


def is_cyrillic(text: str) -> bool:
    """Whether more letters are Cyrillic than not."""
    cyrillic = sum("\u0400" <= char <= "\u052f" for char in text)
    return cyrillic * 2 > letters(text)


def per_letter(text: str, rng: Random, rate: float, change: Callable[[str], str]) -> str:
    """Change each letter with probability `rate`."""
    return "".join(change(char) if char.isalpha() and rng.random() < rate else char for char in text)


def match_case(model: str, text: str) -> str:
    """`text` in the case of `model`: all capitals, a capital first, or as it is."""
    if len(model) > 1 and model.isupper():
        return text.upper()
    return text[:1].upper() + text[1:] if model[:1].isupper() else text
