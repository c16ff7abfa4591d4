"""Letters set out in an unusual way: one by one, upside down, as flags, with characters nobody sees between them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import Final

from detection.text.alphabets import BARE, INVISIBLE, BareTable

_TURNED: Final = "ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ"
_TURNED_CYRILLIC: Final = "ƍʚɓεʁ"
# Two classes: one with characters above U+FFFF in it is searched slowly.
_UNUSUAL: Final = re.compile(f"[{''.join(chr(code) for code in INVISIBLE if code <= 0xFFFF)}{_TURNED}]")
_HIGH: Final = re.compile("[\U0001f1e6-\U0001f1ff\U000e0000-\U000e007f]")
# From this many different letters on that only upside-down text has, a text is read from its end.
_TURNED_MIN: Final = 3
_UPRIGHT: Final = str.maketrans("ɐqɔpǝɟƃɥᴉıɾʞlɯuodbɹsʇnʌʍxʎz", "abcdefghiijklmnopqrstuvwxyz")
_UPRIGHT_CYRILLIC: Final = str.maketrans("ɐƍʚɹɓǝεʞvwудɔɯʎһuʁ", "абвгдезклмурстучпя") | {ord("d"): "р", ord("o"): "о"}

_INDICATORS: Final = re.compile("[\U0001f1e6-\U0001f1ff]+")
_INDICATOR_A: Final = 0x1F1E6
# Regional indicators in pairs that are no country are letters of a word.
_COUNTRIES_SPELT: Final = (
    "AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
    "CA CC CD CF CG CH CI CK CL CM CN CO CP CR CU CV CW CX CY CZ DE DG DJ DK DM DO DZ EA EC EE EG EH ER ES ET EU FI FJ "
    "FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR "
    "IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM "
    "MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT "
    "PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TF TG TH TJ TK TL "
    "TM TN TO TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
)
_COUNTRIES: Final = frozenset(_COUNTRIES_SPELT.split())

# So many words of so few letters on average that the text is typed letter by letter.
_SPELT_MIN: Final = 6

_LETTER: Final = r"[^\W\d_]"
# Four letters or more, each alone: "у б ь ю". Of two spaces the word ends.
SPACED_OUT: Final = re.compile(rf"(?<!\S){_LETTER}(?: {_LETTER}){{3,}}(?!\S)")
_SINGLES: Final = re.compile(r"(?: \w){3}(?= |\Z)")
_SEPARATOR: Final = re.compile(r"(?<=\w)[^\w\s]+(?=\w)")
# Uzbek oʻ is «ў», which is folded to «у»; its "o" may be a look-alike.
_UZBEK_O: Final = re.compile("[oO]'|[оО]'(?=[A-Za-z])")
_WIDE_GAP: Final = re.compile(r"\s{2,}")
# The same sign or space between four letters or more that stand alone.
_APART: Final = re.compile(rf"(?<!\S){_LETTER}([\s._\-]){_LETTER}\1{_LETTER}\1{_LETTER}(?![^\W_])")
# The share of a text's words that must be single letters, or letters with the same sign between them.
_APART_SHARE: Final = 0.85


def visible(text: str) -> str:
    """`text` without characters that have no picture, flags and upside-down letters resolved."""
    if text.isascii() or not (_UNUSUAL.search(text) or _HIGH.search(text)):
        return text
    text = _INDICATORS.sub(_flags, text.translate(INVISIBLE))
    return _upright(text) if len(set(_TURNED) & set(text)) >= _TURNED_MIN else text


def together(text: str) -> str:
    """`text` with its letters beside each other if all of it was typed letter by letter, signs and digits too.

    Words that stand no further apart than their letters become one.
    """
    found = _APART.search(text)
    if found is None:
        return text
    sign = found.group(1)
    if sign.isspace():
        return _without_spaces(text, sign)
    words = text.split()
    closed = [word[::2] if word[1::2] == sign * (len(word) // 2) and len(word) % 2 else word for word in words]
    apart = sum(len(word) == 1 or len(word) > len(shut) for word, shut in zip(words, closed, strict=True))
    return " ".join(closed) if apart >= _APART_SHARE * len(words) else text


def _without_spaces(text: str, space: str) -> str:
    words = text.split()
    if len(words) < _SPELT_MIN or sum(len(word) == 1 for word in words) < _APART_SHARE * len(words):
        return text
    gap = re.compile(rf"{space}{{2,}}|[^\S{space}]\s*")
    return " ".join(_closed(chunk.split(space)) for chunk in gap.split(text))


def _closed(words: Iterable[str]) -> str:
    """Neighbours of one letter or sign each as one word."""
    return " ".join(
        "".join(group) if single else " ".join(group)
        for single, group in groupby(words, key=lambda word: len(word) == 1)
    )


def bare_words(plain: str, limit: int, table: BareTable = BARE) -> list[str]:
    """The words of `plain` in bare letters (see `BARE`), those typed letter by letter put together."""
    bare = _bare(plain, table)[:limit]
    words = bare.split()
    if len(words) >= _SPELT_MIN and len(words) * 5 >= len(bare) * 2:
        chunks = _WIDE_GAP.split(_bare(_SEPARATOR.sub("", plain), table)[:limit].strip())
        return " ".join(map(_chunk if len(chunks) > 1 else joined_letters, chunks)).split()
    return joined_letters(bare).split() if _SINGLES.search(" ".join(words)) else words


def _bare(plain: str, table: BareTable) -> str:
    bare = plain.translate(table)
    if "'" not in bare:
        return bare
    return _UZBEK_O.sub("u", bare).replace("'", "")


def joined_letters(text: str) -> str:
    """`text` with each run of four or more single letters as one word."""
    return SPACED_OUT.sub(lambda run: run.group().replace(" ", ""), text)


def spells_out(words: str) -> bool:
    """Whether `words`, separated by one space, hold a run of single letters that is to be joined."""
    return _SINGLES.search(words) is not None and SPACED_OUT.search(words) is not None


def _chunk(chunk: str) -> str:
    """What stands between two wide gaps of a text typed letter by letter: one word, as a rule."""
    words = chunk.split(" ")
    return "".join(words) if all(len(word) == 1 for word in words) else joined_letters(chunk)


def _flags(run: re.Match[str]) -> str:
    letters = "".join(chr(ord(char) - _INDICATOR_A + 65) for char in run.group())
    pairs = {letters[place : place + 2] for place in range(0, len(letters), 2)}
    return " " if pairs <= _COUNTRIES else letters


def _upright(text: str) -> str:
    cyrillic = any(char in _TURNED_CYRILLIC or "\u0400" <= char < "\u0530" for char in text)
    return text[::-1].translate(_UPRIGHT_CYRILLIC if cyrillic else _UPRIGHT)
