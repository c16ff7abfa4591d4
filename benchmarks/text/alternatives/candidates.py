"""What each alternative gives: the nearest stored texts with its own measure. What they mean is decided outside."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, Protocol

#: How many candidates each query gets, from every alternative alike.
MOST: Final = 20
_TAG: Final = re.compile(r"(?:https?://|www\.)\S+|(?<!\w)@\w+")
_NO_WORD: Final = re.compile(r"[\W_]+")


class Candidates(Protocol):
    """An index that names near texts. It gets prepared texts only, the same way for what is stored and asked."""

    name: str

    def load(self, texts: Sequence[str]) -> None:
        """Index texts; raises `NotInstalled`."""

    def nearest(self, texts: Sequence[str]) -> list[list[tuple[int, float]]]:
        """Up to `MOST` (place, measure) a text, the nearest first; the larger the measure, the nearer."""

    def close(self) -> None:
        """Give back files, processes and memory."""


def usual_words(text: str) -> str:
    """What one does before any fuzzy search: compatibility forms, small letters, no links, mentions or punctuation."""
    plain = unicodedata.normalize("NFKC", _TAG.sub(" ", text)).casefold()
    return " ".join(_NO_WORD.sub(" ", plain).split())


def shingles(text: str, length: int) -> list[str]:
    """The distinct runs of `length` characters, in order; a shorter text is its own shingle."""
    runs = (text[start : start + length] for start in range(len(text) - length + 1))
    return list(dict.fromkeys(runs)) or [text]
