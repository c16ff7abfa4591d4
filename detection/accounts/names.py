"""Handles and names made comparable: over case, dots, alphabets, look-alike characters and word order."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from detection.accounts.platforms import Platform
from detection.text import alphabets
from detection.text.normalise import fold, latinise

# Facebook ignores dots in a user name; the other platforms count them.
_DOTLESS: Final[frozenset[Platform]] = frozenset(("facebook",))
_SEPARATORS: Final = re.compile(r"[\s._\-·]+")
_PAIRS: Final = re.compile("rn|vv")
_PAIR_OF: Final = {"rn": "m", "vv": "w"}
_ALIKE: Final = str.maketrans("i|689", "llbbg")
_REPEATED: Final = re.compile(r"(.)\1+")
# Spellings of one sound in names: Kyrgyz «Ж» is written j, zh, dzh and «Дж»; "yo" is «ё», x is «кс» or, in Uzbek, «х».
_NAME_SPELLINGS: Final = re.compile(r"дж|dzh|dj|j|yo|(?<=[aeio])x(?=[aei]|\b)")
_NAME_SPELLING_OF: Final = {"дж": "ж", "dzh": "zh", "dj": "zh", "j": "zh", "yo": "e", "x": "ks"}


def handle_key(platform: Platform, handle: str) -> str:
    """The form under which a platform holds a handle: two handles with one key are one account."""
    key = unicodedata.normalize("NFKC", handle).strip().removeprefix("@").casefold()
    return key.replace(".", "") if platform in _DOTLESS else key


@lru_cache(maxsize=65_536)
def handle_skeleton(handle: str) -> str:
    """What a handle looks like: "talai.gul_92" and "ta1aigul92" are alike. Not a proof of anything."""
    bare = _SEPARATORS.sub("", handle_key("other", handle)).translate(alphabets.TO_LATIN).translate(_ALIKE)
    return _REPEATED.sub(r"\1", _PAIRS.sub(lambda pair: _PAIR_OF[pair.group()], bare))


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """A name in one script, its words sorted: «Талайгүл Өмүралиева» and "Omuralieva Talaigul" have one key."""
    spelled = _NAME_SPELLINGS.sub(lambda part: _NAME_SPELLING_OF[part.group()], fold(name))
    return " ".join(sorted(latinise(spelled).split()))
