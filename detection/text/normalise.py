"""One text, whatever was done to hide that it is the same: case, marks, look-alikes, digits, spacing, alphabet.

Three forms, each from the one before: `folded` keeps the script, `words` is in one Latin script, `skeleton` has no
spaces. They are for comparing, never for showing. Every step is linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from detection.text import alphabets
from detection.text.disguise import unmask
from detection.thresholds import FUZZY_MIN_SKELETON, TEXT_MAX_CHARS

# Whatever stands before "://" counts, since look-alikes are put into addresses too.
_URL: Final = re.compile(r"\w{2,12}://\S+|(?:\bwww\.|\bt\.me/)\S+", re.IGNORECASE)
_MENTION: Final = re.compile(r"(?<![\w.@])@[A-Za-z0-9_.]{3,}")
_HASHTAG: Final = re.compile(r"(?<!\w)#\w+")
# Four letters or more, each alone: "у б ь ю". A wider gap ends the word.
_SPACED_OUT: Final = re.compile(r"(?<!\S)[^\W\d_](?: [^\W\d_]){3,}(?!\S)")
_SPELLINGS: Final = re.compile("|".join(sorted(alphabets.LATIN_SPELLINGS, key=len, reverse=True)))
_SOFT_I: Final = re.compile("i(?=[aeou])")
_REPEATED: Final = re.compile(r"([^\W\d_])\1+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Normalised:
    """The comparable forms of one text."""

    #: Lower case in its own script, region's letters folded, words separated by one space.
    folded: str
    #: The same words in one Latin script, sounds written one way, repeated letters once.
    words: str
    #: `words` without spaces; empty for a text without a letter or digit.
    skeleton: str


def normalise(text: str) -> Normalised:
    """All comparable forms of `text`; takes any string, also one with unpaired surrogates."""
    folded = fold(text)
    words = latinise(folded)
    return Normalised(folded=folded, words=words, skeleton=words.replace(" ", ""))


def fold(text: str) -> str:
    """The `folded` form: links, mentions and hashtags out, disguises off, lower case, the region's letters folded."""
    visible = text[:TEXT_MAX_CHARS].translate(alphabets.INVISIBLE)
    plain = _without_hashtags(_MENTION.sub(" ", _URL.sub(" ", visible)))
    bare = _SPACED_OUT.sub(lambda run: run.group().replace(" ", ""), plain.translate(alphabets.BARE)[:TEXT_MAX_CHARS])
    joined = " ".join(unmask(bare.split())).casefold().translate(alphabets.FOLD)
    return " ".join(joined.replace("@", " ").replace("$", " ").split())


def _without_hashtags(text: str) -> str:
    """`text` without hashtags, if enough is left: farms vary them, and one campaign's texts share them."""
    rest = _HASHTAG.sub(" ", text)
    return rest if sum(map(str.isalpha, rest)) >= FUZZY_MIN_SKELETON else text


def latinise(folded: str) -> str:
    """Folded words in one Latin script: «жана» and "zhana", «ещё» and "eshche" come out alike."""
    latin = folded.translate(alphabets.CYRILLIC_TO_LATIN)
    latin = _SPELLINGS.sub(lambda spelling: alphabets.LATIN_SPELLINGS[spelling.group()], latin)
    # Repeats go first: "i+" before a vowel would take quadratic time on a long run of "i".
    latin = _REPEATED.sub(r"\1", _SOFT_I.sub("", _REPEATED.sub(r"\1", latin)))
    return " ".join(latin.split()) or folded


def key(skeleton: str) -> int:
    """A stable 63-bit number of a skeleton, for exact look-up in a signed 64-bit column (BLAKE2b)."""
    digest = blake2b(skeleton.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
