"""A text as the lexicons see it: words without disguise, each with its place in the original."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Final

from detection.text import alphabets
from detection.text.disguise import unmask
from detection.text.normalise import latinise
from detection.thresholds import THREAT_MAX_CHARS

#: Stand in the place of a time of day and of an emoji of a weapon; no word is spelled so.
TIME: Final = "<time>"
WEAPON: Final = "<weapon>"
#: Marks a word that was written in Latin letters and brought to the one-script spelling.
ROMANISED: Final = "~"

_LINK: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_PIECE: Final = re.compile(
    r"(?P<time>(?<![\d.:])\d{1,2}[:.]\d{2}(?![\d.:]))"
    r"|(?P<initials>\b(?:[A-Z]\.){2,3})"
    "|(?P<weapon>[🔪🗡⚔🔫💣🧨⚰🪓☠🩸])"
    r"|(?P<word>[^\s.,!?;:…«»\"“”„()\[\]{}<>/|\\—–+=~^&%№\-🔪🗡⚔🔫💣🧨⚰🪓☠🩸]+)"
)
_SENTENCE_END: Final = re.compile(r"(?<![.!?…])[.!?…]++(?=\s|\Z)|\n")
_CLAUSE_END: Final = re.compile(r"[,;:—–.!?…\n]")
_QUOTATION: Final = re.compile(r"«[^«»]{3,400}»|\"[^\"]{3,400}\"|“[^“”]{3,400}”|„[^„“”]{3,400}[“”]")
_MASKED: Final = re.compile(r"(?<=\w)[*#_]+(?=\w)|(?<=\w)\*\Z")
_HIDDEN_LETTERS: Final = "абвгдежзийклмнопрстуфхцчшщыьэюя"
_MAX_BREAKS: Final = 5
_BROKEN_BY: Final = frozenset("-._*~+·")
_BROKEN: Final = re.compile(r"[^\W\d_][-._*~+·][^\W\d_]")
_CLITIC: Final = re.compile(r"(?<=[A-Za-z0-9*])['’](?=(?:[l1]{2}|r[e3]|v[e3]|m|d|s|t)(?![A-Za-z]))", re.IGNORECASE)
_STRETCHED: Final = re.compile(r"(.)\1{2,}")
_KYRGYZ_LETTER: Final = re.compile("[ңөү]")
_COMMON_ENGLISH: Final = (
    "the a an is are was and or of to in on for with you your we they he she it this that will not have has be who i "
    "my me his her them at by so if do what all just go let s t ll re get"
)
_ENGLISH: Final = frozenset(_COMMON_ENGLISH.split())
#: Common Russian and Kyrgyz words in Latin letters are spelled so too («и», «мы», «до», «ат»): they prove no English.
_ROMANISED_TOO: Final = "a i s t my do to so on me at it by no go let all has"
_ALSO_ROMANISED: Final = frozenset(_ROMANISED_TOO.split())
_ONLY_ENGLISH: Final = _ENGLISH - _ALSO_ROMANISED


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """One word of the text."""

    #: What the lexicons compare with: the folded word, and for a Latin one its romanised readings.
    forms: tuple[str, ...]
    #: What endings are compared with: with ң, ө, ү as long as the text uses them.
    ending: str
    #: Place in the original text, in code points, end exclusive.
    start: int
    end: int
    sentence: int
    #: Counts commas, colons and dashes as well as sentence ends.
    clause: int
    quoted: bool

    @property
    def is_romanised(self) -> bool:
        """Whether the word may be one of another alphabet typed in Latin letters."""
        return self.forms[-1].startswith(ROMANISED)


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """The words of one text, in order."""

    words: tuple[Word, ...]
    #: Whether the text uses letters that Kyrgyz adds to the Russian alphabet.
    kyrgyz_letters: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    start: int
    end: int
    #: Where in `text` a letter was masked ("уб*ю"), or -1.
    mask: int = -1


def is_broken(text: str) -> bool:
    """Whether a sign stands inside a word ("сож-жём", "сле.ду.ющий"); a mended view may show more."""
    return _BROKEN.search(text) is not None


def view_of(text: str, mended: bool = False) -> View:
    """The words of `text`, with `mended` those put together that single signs break; whatever stands beyond
    `THREAT_MAX_CHARS` is not read."""
    text = text[:THREAT_MAX_CHARS]
    pieces = _joined(_pieces(_LINK.sub(lambda link: " " * len(link.group()), text)), text)
    if mended:
        pieces = _mended(pieces, text)
    plain = [_plain(word) for word in unmask([piece.text for piece in pieces])]
    kyrgyz = any(_KYRGYZ_LETTER.search(word) for word in plain)
    english = _is_english(plain)
    places = _Places(text)
    words = []
    for word, piece in zip(plain, pieces, strict=True):
        folded = word.translate(alphabets.FOLD)
        if folded:
            forms = _forms(folded, piece, english)
            if _STRETCHED.search(piece.text):
                forms += _forms(_doubled(piece.text).translate(alphabets.FOLD), piece, english)
            words.append(places.word(piece, forms, word if kyrgyz else folded))
    return View(words=tuple(words), kyrgyz_letters=kyrgyz)


class _Places:
    """Sentence and quotation of any place in a text."""

    def __init__(self, text: str) -> None:
        self._ends = [mark.end() for mark in _SENTENCE_END.finditer(text)]
        self._clause_ends = [mark.end() for mark in _CLAUSE_END.finditer(text)]
        self._quotations = [mark.span() for mark in _QUOTATION.finditer(text)]
        self._starts = [start for start, _ in self._quotations]

    def word(self, piece: _Piece, forms: tuple[str, ...], ending: str) -> Word:
        before = bisect_right(self._starts, piece.start) - 1
        return Word(
            forms=forms,
            ending=ending,
            start=piece.start,
            end=piece.end,
            sentence=bisect_right(self._ends, piece.start),
            clause=bisect_right(self._clause_ends, piece.start),
            quoted=before >= 0 and piece.end <= self._quotations[before][1],
        )


def _plain(word: str) -> str:
    return _STRETCHED.sub(r"\1", word.casefold()).strip("@$")


def _doubled(word: str) -> str:
    """A stretched word whose letter is a double one ("Клоооооп")."""
    return _STRETCHED.sub(r"\1\1", word.casefold()).strip("@$")


def _forms(folded: str, piece: _Piece, english: bool) -> tuple[str, ...]:
    """What the lexicons compare one word with; a masked letter may be any."""
    if piece.mask > 0:
        letters = ascii_lowercase if folded.isascii() else _HIDDEN_LETTERS
        return (folded, *(folded[: piece.mask] + letter + folded[piece.mask :] for letter in letters))
    if english or not folded.isascii() or folded in _ONLY_ENGLISH:
        return (folded,)
    return _romanised(folded, latinise(folded))


def _mended(pieces: list[_Piece], text: str) -> list[_Piece]:
    """Words that single signs break, put together."""
    whole: list[_Piece] = []
    breaks = 0
    for piece in pieces:
        broken = whole and text[whole[-1].end : piece.start] in _BROKEN_BY
        breaks = breaks + 1 if broken else 0
        if broken and breaks <= _MAX_BREAKS:
            before = whole.pop()
            piece = _Piece(before.text + piece.text, before.start, piece.end)
        whole.append(piece)
    return whole


def _pieces(text: str) -> list[_Piece]:
    found = []
    for match in _PIECE.finditer(text):
        if match.lastgroup == "initials":
            found.append(_Piece(match.group().replace(".", ""), match.start(), match.end()))
            continue
        if match.lastgroup != "word":
            found.append(_Piece(TIME if match.lastgroup == "time" else WEAPON, match.start(), match.end()))
            continue
        start = match.start()
        for part in _CLITIC.split(match.group()):
            found += _bare_pieces(part, start)
            start += len(part) + 1
    return found


def _bare_pieces(part: str, start: int) -> list[_Piece]:
    """The words that one run of characters holds once marks and symbols are off; mostly one."""
    masks = list(_MASKED.finditer(part))
    bare = _MASKED.sub("", part).lstrip("@#").translate(alphabets.BARE)
    mask = masks[0].start() if len(masks) == 1 and len(bare) == len(part) - len(masks[0].group()) else -1
    return [_Piece(word, start, start + len(part), mask) for word in bare.split()]


def _joined(pieces: list[_Piece], text: str) -> list[_Piece]:
    """Words typed letter by letter ("у б ь ю", "у-б-ь-ю") put together: four letters or more, one sign between."""
    joined: list[_Piece] = []
    run: list[_Piece] = []
    for piece in pieces:
        single = len(piece.text) == 1 and piece.text.isalpha()
        if run and (not single or piece.start - run[-1].end > 1 or "\n" in text[run[-1].end : piece.start]):
            joined += _merged(run)
            run = []
        if single:
            run.append(piece)
        else:
            joined.append(piece)
    return joined + _merged(run)


def _merged(run: list[_Piece]) -> list[_Piece]:
    if len(run) < 4:
        return run
    return [_Piece("".join(piece.text for piece in run), run[0].start, run[-1].end)]


def _is_english(words: list[str]) -> bool:
    """A guess: at least two, and a fifth, of the Latin words are the commonest English ones, one of them only that."""
    latin = [word for word in words if word.isascii() and word.isalpha()]
    common = [word for word in latin if word in _ENGLISH]
    return len(common) >= 2 and len(common) * 5 >= len(latin) and not _ALSO_ROMANISED.issuperset(common)


def _romanised(folded: str, latin: str) -> tuple[str, ...]:
    """The readings of a Latin word that may be Russian or Kyrgyz: "j" is «й» or «ж», "yo" is «ё»."""
    readings = {latin, latinise(folded.replace("yo", "e")), latinise(folded.replace("j", "zh"))}
    return (folded, *(ROMANISED + reading for reading in sorted(readings)))
