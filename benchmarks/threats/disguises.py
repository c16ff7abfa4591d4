"""Ways to write a threat so that a machine does not see it, each a function of the text alone."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Final

_LOOKALIKES: Final = str.maketrans("аеорсухіАЕОРСХТМВНК", "aeopcyxiAEOPCXTMBHK")
_LOOKALIKES_BACK: Final = str.maketrans("aeopcyxAEOPCXTMBHK", "аеорсухАЕОРСХТМВНК")
_DIGITS: Final = str.maketrans({"о": "0", "з": "3", "б": "6", "ч": "4", "i": "1", "e": "3", "o": "0", "a": "@"})
_FOLD: Final = str.maketrans("өүңёӨҮҢЁқғҳў", "оунеОУНЕкгху")
_LETTERS: Final = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяөүң"
_SOUNDS: Final = "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya o u n"
_TRANSLIT: Final = {letter: sound.strip("-") for letter, sound in zip(_LETTERS, _SOUNDS.split(), strict=True)}


def _drawn(text: str, at: int, of: int) -> bool:
    """One in `of`, decided by the text and the place alone."""
    return blake2b(f"{at}:{text}".encode(), digest_size=2).digest()[0] % of == 0


def _lookalikes(text: str) -> str:
    table = _LOOKALIKES_BACK if text.isascii() else _LOOKALIKES
    return "".join(char.translate(table) if not _drawn(text, at, 3) else char for at, char in enumerate(text))


def _digits(text: str) -> str:
    return text.translate(_DIGITS)


def _latin(text: str) -> str:
    return "".join(
        _TRANSLIT.get(char, char) if char.islower() else _TRANSLIT.get(char.lower(), char).capitalize() for char in text
    )


def _spaced(text: str) -> str:
    """Two of the longest words letter by letter."""
    words = text.split()
    for word in sorted(set(words), key=len)[-2:]:
        words = [" ".join(each) if each == word else each for each in words]
    return "  ".join(words)


def _invisible(text: str) -> str:
    return "".join(
        char + "\u200b" if char.isalpha() and not _drawn(text, at, 2) else char for at, char in enumerate(text)
    )


def _folded(text: str) -> str:
    return text.translate(_FOLD)


def _stretched(text: str) -> str:
    return "".join(
        char * 4 if char.lower() in "аеиоуыэюяөүaeiou" and _drawn(text, at, 3) else char for at, char in enumerate(text)
    )


def _starred(text: str) -> str:
    """One inner letter of every second long word is masked."""
    words = text.split(" ")
    return " ".join(
        word[:2] + "*" + word[3:] if len(word) > 4 and at % 2 == 0 else word for at, word in enumerate(words)
    )


def _shouted(text: str) -> str:
    return text.upper()


def _dotted(text: str) -> str:
    """A dot inside every second long word."""
    words = text.split(" ")
    return " ".join(word[:3] + "." + word[3:] if len(word) > 5 and at % 2 else word for at, word in enumerate(words))


DISGUISES: Final[dict[str, Callable[[str], str]]] = {
    "look-alike letters": _lookalikes,
    "digits for letters": _digits,
    "Latin spelling": _latin,
    "letters spaced": _spaced,
    "invisible signs": _invisible,
    "ө ү ң ё folded": _folded,
    "letters stretched": _stretched,
    "letters masked": _starred,
    "capitals": _shouted,
    "dots inside": _dotted,
}
