"""A name's words as sounds: «Талайгүл», "Talaigul", «Талайгуль» and "Talaygül" are one word in any alphabet.

Letters become signs of a small alphabet: S for sh and shch, C for ch, J for zh, dzh and j, c for ts; the others are
Latin letters. Long, soft and doubled sounds are written once, and an i before another vowel is not written.
Surnames and patronymics lose their endings, so that «Өмүралиев», «Омуралиева» and "Omuraly kyzy" have one stem.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from detection.text import alphabets

#: Words and letters of one name that are read.
MOST_WORDS: Final = 8
_MOST_LETTERS: Final = 40
_MOST_CHARS: Final = 300

_CYRILLIC: Final = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфхцчшщыэюя", "abvgdeziiklmnoprstufhcCSSieua", strict=True)),
        **dict(zip("ёңөүұқғҳһҷӣӯўіїәєґѕјӏ", "enouukghhJiuuiiaegsii", strict=True)),
        **{"ж": "J", "җ": "J", "ъ": "", "ь": ""},
    }
)
_LATIN: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("shch|şç|šč|sch", "S"),
        ("sh|ş|ș|š|ŝ|ś", "S"),
        ("tch|ch|ç|č", "C"),
        ("dzh|dsch|dj|dž|zh|ž|ǧ", "J"),
        ("kh|ḥ|x(?=[aeiou])(?<![a-z]x)", "h"),
        ("gh|ğ", "g"),
        ("ts|tz", "c"),
        ("ph", "f"),
        ("th", "t"),
        ("ck", "k"),
        ("x", "ks"),
        ("y(?=[aueio])", ""),
        # "Sergej", "Aijan": a j before a vowel is Kyrgyz and English, elsewhere it is й.
        ("j(?=[aeiouyıöü])", "J"),
        ("j", "i"),
        ("[yıîï]", "i"),
        ("w", "v"),
        ("q", "k"),
    )
)
_TURKISH: Final = frozenset("ışçğöü")
_HARD_C: Final = re.compile("c(?=[aourlktn]|$)")
_GLIDE: Final = re.compile("i+(?=[aeou])")
_REPEATED: Final = re.compile(r"(.)\1+")
_DIGITS: Final = str.maketrans("0134@$", "oieaas")
_LETTER_BESIDE_DIGIT: Final = re.compile(r"(?<=[^\W\d_])[0134@$]+(?=[^\W\d_])")
_APART: Final = re.compile(r"[\W\d_]+")
_HUMP: Final = re.compile(r"(?<=[a-zа-яёңөү])(?=[A-ZА-ЯЁҢӨҮ])")
_CYRILLIC_LETTER: Final = re.compile("[а-яёңөүұқғҳһҷӣӯўіїәєґѕјӏ]")
_LATIN_LETTER: Final = re.compile("[a-z]")

#: "Daughter of", "son of", "of the family of": the word before them is a father's name.
_OF: Final = frozenset(("kizi", "kiz", "uulu", "ulu", "uli", "ogli", "oglu", "ugli", "tegi", "tegin"))
#: Words of respect that are part of nobody's name.
_RESPECT: Final = frozenset(("eJe", "baike", "aga", "apa", "agai", "eJeke", "hanum", "hanim", "mirza"))
_FATHER: Final = re.compile("(?:[oei]?v|o|e)(?:iC|na)$")
_FAMILY: Final = re.compile("(?:[oei]?i?[vf]|o|e)a$|[oei]i?[vf]f?$")
_POLISH: Final = re.compile("sk(?:ii?|aa?|oi)$")
_SHORTEST_STEM: Final = 3


@dataclass(frozen=True, slots=True)
class SoundWord:
    """One word of a name: its sounds, what is left without a surname's ending, and what it is."""

    sounds: str
    stem: str
    #: "given" is any word without a surname's ending; "family"; "father" is a patronymic; "initial" a single letter.
    kind: str

    @property
    def is_family(self) -> bool:
        """Whether it names a family or a father."""
        return self.kind in ("family", "father")


@lru_cache(maxsize=65_536)
def sounds_of(word: str) -> str:
    """The sounds of one word; "" for a word without letters."""
    plain = unicodedata.normalize("NFC", word.translate(alphabets.INVISIBLE)).casefold()[:_MOST_LETTERS]
    plain = _one_script(plain)
    sounds = plain.translate(_CYRILLIC) if _CYRILLIC_LETTER.search(plain) else _latin_sounds(plain)
    sounds = "".join(char for char in sounds if char.isascii() and char.isalpha())
    return _REPEATED.sub(r"\1", _GLIDE.sub("", _REPEATED.sub(r"\1", sounds)))


def _one_script(word: str) -> str:
    """A word of two alphabets is one of either in disguise: the letters that are more decide."""
    cyrillic, latin = len(_CYRILLIC_LETTER.findall(word)), len(_LATIN_LETTER.findall(word))
    if not cyrillic or not latin:
        return word
    return word.translate(alphabets.TO_CYRILLIC if cyrillic >= latin else alphabets.TO_LATIN)


def _latin_sounds(word: str) -> str:
    turkish = not _TURKISH.isdisjoint(word)
    for pattern, sound in _LATIN:
        word = pattern.sub(sound, word)
    word = "".join(char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char))
    if "c" in word and "ts" not in word:
        word = word.replace("c", "J") if turkish else _HARD_C.sub("k", word)
    return word


@lru_cache(maxsize=65_536)
def words_of(name: str) -> tuple[SoundWord, ...]:
    """The words of a name in their order, without what only says "daughter of" or shows respect."""
    parted = _LETTER_BESIDE_DIGIT.sub(lambda found: found.group().translate(_DIGITS), _undressed(name[:_MOST_CHARS]))
    raw = [sounds for word in _APART.split(_HUMP.sub(" ", parted)) if (sounds := sounds_of(word))][:MOST_WORDS]
    words: list[SoundWord] = []
    for sounds in raw:
        if sounds in _OF and words:
            before = words[-1]
            words[-1] = SoundWord(before.sounds, _bare_stem(before.stem), "father")
        elif sounds not in _RESPECT or len(raw) == 1:
            words.append(_word(sounds))
    return tuple(words)


def _undressed(name: str) -> str:
    """Decorated letters plain: full width, mathematical bold, circled; marks that are part of a letter stay."""
    return unicodedata.normalize("NFKC", name)


def _word(sounds: str) -> SoundWord:
    if len(sounds) == 1:
        return SoundWord(sounds, sounds, "initial")
    for pattern, kind in ((_FATHER, "father"), (_POLISH, "family"), (_FAMILY, "family")):
        stem = pattern.sub("", sounds)
        if stem != sounds and len(stem) >= _SHORTEST_STEM:
            return SoundWord(sounds, _bare_stem(stem), kind)
    return SoundWord(sounds, sounds, "given")


def _bare_stem(stem: str) -> str:
    """«Өмүрали кызы» and «Өмүралиева»: the vowel at the seam belongs to either."""
    bare = stem.rstrip("aeiou")
    return bare if len(bare) >= _SHORTEST_STEM else stem


@lru_cache(maxsize=65_536)
def handle_words(handle: str) -> str:
    """The words that a handle may be made of: "talai.gul_92" is "talai gul"; digits between letters are letters."""
    plain = _LETTER_BESIDE_DIGIT.sub(lambda found: found.group().translate(_DIGITS), handle)
    return " ".join(word for word in _APART.split(plain) if len(word) > 1)
