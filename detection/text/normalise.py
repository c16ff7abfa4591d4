"""One text, whatever was done to hide that it is the same: case, marks, look-alikes, digits, spacing, alphabet.

Three forms, each from the one before: `folded` keeps the script, `words` is in one coarse Latin spelling, `skeleton`
has no spaces. They are for comparing, never for showing. Every step is linear in the length of the text.
docs/normalisation.md shows what is folded to what.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Final

from detection.text import alphabets, lettering
from detection.text.disguise import unmask
from detection.text.sounds import sounded
from detection.thresholds import (
    HANDLE_MAX_CHARS,
    HANDLE_USUAL_CHARS,
    HASHTAG_MAX_CHARS,
    HASHTAGS_KEPT,
    TAGLESS_MIN_LETTERS,
    TEXT_MAX_CHARS,
)

#: Rises with every change of what `normalise` gives for any text: an archive made with an older one is made anew.
NORMALISER_VERSION: Final = 3

# Whatever stands before "://" counts, since look-alikes are put into addresses too.
_SCHEME: Final = re.compile(r"(?:[hH][tT]{2}[pP][sS]?|(?<!\w)\w{2,12})\Z")
_SCHEME_MAX: Final = 14
_BARE_URL: Final = re.compile(r"\b(?:www\.|t\.me/)\S+", re.IGNORECASE)
# Where spaces were taken out, the text itself follows a name or a tag: of a longer run only as much goes as most have.
_NAME: Final = rf"@(?:[A-Za-z0-9_.]{{3,{HANDLE_MAX_CHARS}}}(?![\w.])|[A-Za-z0-9_.]{{3,{HANDLE_USUAL_CHARS}}})"
_MENTION: Final = re.compile(rf"(?<![\w.@])(?:{_NAME})+")
_HASHTAG: Final = re.compile(rf"(?<!\w)#\w{{1,{HASHTAG_MAX_CHARS}}}|(?<=\w)#\w{{3,{HASHTAG_MAX_CHARS}}}")
_STARRED: Final = re.compile(r"(?<=[^\W\d_])\*+(?=[^\W\d_])")
_DIGIT_AT_LETTER: Final = re.compile("[a-z][0-9]|[0-9][a-z]")
_MAX_PASSES: Final = 6
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
    """All comparable forms of `text`; takes any string, also one with unpaired surrogates.

    `words` given in again come out as they are.
    """
    folded = _folded(text, alphabets.BARE_WITH_APOSTROPHES)
    words = _settled((sounded(folded) or folded)[:TEXT_MAX_CHARS].rstrip())
    return Normalised(folded=folded, words=words, skeleton=words.replace(" ", ""))


def _settled(words: str) -> str:
    """`words` as they come out when given in again: digits and rare letters may take a second look."""
    for _ in range(_MAX_PASSES):
        if words.isascii() and not _DIGIT_AT_LETTER.search(words) and not lettering.spells_out(words):
            break
        folded = fold(words)
        again = sounded(folded) or folded
        if again == words:
            break
        words = again
    return words


def fold(text: str) -> str:
    """The `folded` form: links, mentions and hashtags out, disguises off, lower case, the region's letters folded."""
    return _folded(text, alphabets.BARE)


def _folded(text: str, table: alphabets.BareTable) -> str:
    plain = _without_references(lettering.together(lettering.visible(text[:TEXT_MAX_CHARS])))
    words = lettering.bare_words(plain, TEXT_MAX_CHARS, table)
    joined = " ".join(unmask(words)).casefold().translate(alphabets.FOLD)
    if "@" in joined or "$" in joined:
        joined = joined.replace("@", " ").replace("$", " ")
    return " ".join(joined.split())


def _without_references(text: str) -> str:
    """`text` without links and mentions, and without hashtags if enough is left: farms vary them.

    A short text keeps the words of its first hashtags: with a space more or less it could not be told where they end.
    """
    if "." in text or "://" in text:
        text = _without_links(text)
    if "@" in text:
        text = _MENTION.sub(" ", text)
    if "*" in text:
        text = _STARRED.sub("", text)
    if "#" not in text:
        return text
    rest = _HASHTAG.sub(" ", text)
    if sum(map(str.isalpha, rest)) >= TAGLESS_MIN_LETTERS:
        return rest
    kept = islice(_HASHTAG.finditer(text), HASHTAGS_KEPT - 1, None)
    end = next((tag.end() for tag in kept), len(text))
    return text[:end] + _HASHTAG.sub(" ", text[end:])


def _without_links(text: str) -> str:
    lower = text.lower()
    if "www." in lower or "t.me/" in lower:
        text = _BARE_URL.sub(" ", text)
    before, *tails = text.split("://")
    if not tails:
        return text
    kept = [before]
    for tail in tails:
        scheme = _SCHEME.search(kept[-1][-_SCHEME_MAX:])
        kept[-1] = kept[-1][: len(kept[-1]) - len(scheme.group())] if scheme else kept[-1]
        address = tail.split(None, 1)
        kept += [" ", address[1] if len(address) > 1 else ""] if not tail[:1].isspace() else [tail]
    return "".join(kept)


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
