"""Ways in which a ready-made comment is changed before it is posted again; each is seeded and keeps the words."""

import random
from collections.abc import Callable

TEXTS = (
    "Журналисты опять врут про нашего президента, хватит это терпеть",
    "Кыргызстандын өнүгүшү үчүн жаңы мыйзам керек, элибиз ойгонсун",
    "These people are paid by foreign embassies to destroy our country",
    "Вчера на площади было всего двести человек, а пишут про тысячи",
    "Кайрадан ушул эле жалган кабар, качан токтойсуңар, уят эмеспи",
    "Nobody believes your reports any more, go back to your sponsors",
    "Депутаты приняли закон, который давно ждали простые люди в сёлах",
    "Бул сайтты окубагыла, баары чет элдик акчага жазылат дешет",
)
_LOOKALIKE = str.maketrans("асеорхуАВСЕНКМОРТХ", "aceopxyABCEHKMOPTX")
_SPELLINGS = "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya n o u"
_LATIN = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяңөү", _SPELLINGS.split(), strict=True))


def recased(text: str) -> str:
    """Capitals at random."""
    dice = random.Random(text)
    return "".join(char.upper() if dice.random() < 0.5 else char.lower() for char in text)


def with_emoji(text: str) -> str:
    """A smiley after every word."""
    return " ".join(f"{word} 🔥😡" for word in text.split())


def repunctuated(text: str) -> str:
    """Other signs at the end of words."""
    return "!!! " + text.replace(",", "").replace(" ", ", ") + "…"


def disguised(text: str) -> str:
    """Latin look-alikes in Cyrillic words."""
    return text.translate(_LOOKALIKE)


def spread_out(text: str) -> str:
    """More spaces, also such as are not seen."""
    return text.replace(" ", " \u00a0  \u200b")


def broken(text: str) -> str:
    """Characters without width inside words."""
    return "\u200b".join(text)


def accented(text: str) -> str:
    """A mark on every letter."""
    return "".join(char + "\u0336" for char in text)


def decorated(text: str) -> str:
    """Latin letters as mathematical bold ones."""
    return "".join(chr(0x1D41A + ord(char) - 97) if "a" <= char <= "z" else char for char in text)


def romanised(text: str) -> str:
    """Typed in Latin letters."""
    return "".join(_LATIN.get(char, char).replace("_", "") for char in text.lower())


def without_kyrgyz_letters(text: str) -> str:
    """Typed on a Russian keyboard."""
    return text.translate(str.maketrans("ңөүё", "ноуе"))


SAME_SKELETON: tuple[Callable[[str], str], ...] = (
    recased,
    with_emoji,
    repunctuated,
    disguised,
    spread_out,
    broken,
    accented,
    decorated,
    without_kyrgyz_letters,
)
