"""Edits between alphabets: ё and е, the region's own letters typed on a Russian keyboard, Uzbek's two spellings."""

import re
from random import Random
from typing import Final

from benchmarks.text.edits.edit import Material, match_case

#: Words that people write either way.
_YO_WORDS: Final = {
    **{"все": "всё", "еще": "ещё", "ее": "её", "нее": "неё", "мое": "моё", "твое": "твоё", "свое": "своё"},
    **{"идет": "идёт", "пошел": "пошёл", "пришел": "пришёл", "нашел": "нашёл", "дает": "даёт", "живет": "живёт"},
    **{"зовет": "зовёт", "ребенок": "ребёнок", "самолет": "самолёт", "черный": "чёрный", "легкий": "лёгкий"},
    **{"тяжелый": "тяжёлый", "серьезно": "серьёзно", "причем": "причём", "вперед": "вперёд", "счет": "счёт"},
    **{"чье": "чьё", "моем": "моём", "нем": "нём", "чем": "чём", "берет": "берёт", "ведет": "ведёт", "учет": "учёт"},
    **{"путем": "путём", "объем": "объём", "надежный": "надёжный", "зеленый": "зелёный", "актер": "актёр"},
}
_WORD: Final = re.compile(r"\w+")
_KYRGYZ: Final = {"ң": ("н", "н", "н", "нг"), "ө": ("о",), "ү": ("у",)}
_KAZAKH: Final = {
    **{"ә": ("а", "а", "э"), "ғ": ("г",), "қ": ("к",), "ң": ("н",), "ө": ("о",), "ұ": ("у",), "ү": ("у",)},
    **{"һ": ("х",), "і": ("и", "и", "ы")},
}
_TAJIK: Final = {"ғ": ("г",), "ӣ": ("и",), "қ": ("к",), "ӯ": ("у",), "ҳ": ("х",), "ҷ": ("ч", "ж", "дж")}
_UZBEK_LETTERS: Final = {"ў": ("у", "о"), "қ": ("к",), "ғ": ("г",), "ҳ": ("х",)}
LETTERS: Final = {"ky": _KYRGYZ, "kk": _KAZAKH, "tg": _TAJIK, "uz": _UZBEK_LETTERS}

#: Letter by letter, after Uzbekistan's law of 1993 as amended in 1995; "ʻ" is one of five apostrophes people type.
UZBEK_TO_CYRILLIC: Final = (
    *(("yo'", "йў"), ("o'", "ў"), ("g'", "ғ"), ("sh", "ш"), ("ch", "ч"), ("yo", "ё"), ("yu", "ю"), ("ya", "я")),
    *(("ye", "е"), ("ts", "ц"), ("'", "ъ"), ("h", "ҳ"), ("x", "х"), ("q", "қ"), ("j", "ж"), ("y", "й"), ("w", "в")),
    *zip("abdefgiklmnoprstuvzc", "абдэфгиклмнопрстувзц", strict=True),
)
_APOSTROPHES: Final = re.compile("[ʻʼ‘’`´]")
_UZBEK: Final = re.compile("|".join(re.escape(latin) for latin, _ in UZBEK_TO_CYRILLIC), re.IGNORECASE)
_UZBEK_OF: Final = dict(UZBEK_TO_CYRILLIC)
_E_AFTER_CONSONANT: Final = re.compile(r"(?<=[^\W\d_аоуиэеёюяўАОУИЭЕЁЮЯЎ])э")


def yo(text: str, rng: Random, _material: Material) -> str:
    """«ё» typed as «е»; where there is none, written out in words that people write either way."""
    if "ё" in text.lower():
        return text.replace("ё", "е").replace("Ё", "Е")
    rate = rng.uniform(0.5, 1.0)
    return _WORD.sub(lambda word: _with_yo(word.group()) if rng.random() < rate else word.group(), text)


def _with_yo(word: str) -> str:
    return match_case(word, _YO_WORDS.get(word.lower(), word.lower())) if word.lower() in _YO_WORDS else word


def russian_keyboard(language: str) -> "RussianKeyboard":
    """The language's own letters typed as the nearest Russian ones, all of them or most."""
    return RussianKeyboard(LETTERS[language])


class RussianKeyboard:
    """Types a text without the letters that a Russian keyboard lacks; a typist keeps to one way of replacing each."""

    def __init__(self, letters: dict[str, tuple[str, ...]]) -> None:
        self._letters = letters

    def __call__(self, text: str, rng: Random, _material: Material) -> str:
        """The edit."""
        habit = {letter: rng.choice(ways) for letter, ways in self._letters.items()}
        rate = rng.choice((1.0, 1.0, 0.6))
        return "".join(
            match_case(char, habit[char.lower()]) if char.lower() in habit and rng.random() < rate else char
            for char in text
        )


def uzbek_apostrophes(text: str, rng: Random, _material: Material) -> str:
    """Uzbek Latin's oʻ and gʻ with another apostrophe, without any, or as people write them in chats."""
    plain = _APOSTROPHES.sub("'", text)
    how = rng.choice(("ʻ", "’", "`", "‘", "", "´"))
    return re.sub(r"(?<=[oOgG])'", how, plain) if how != "'" else plain


def uzbek_to_cyrillic(text: str, rng: Random, _material: Material) -> str:
    """Uzbek Latin in Cyrillic letters, some of its own letters typed on a Russian keyboard at times."""
    cyrillic = uzbek_cyrillic(text)
    if rng.random() < 0.25:
        return cyrillic.translate(str.maketrans("ўқғҳЎҚҒҲ", "укгхУКГХ"))
    return cyrillic


def uzbek_russian_keyboard(text: str, rng: Random, material: Material) -> str:
    """Uzbek in Cyrillic, its own letters typed as the nearest Russian ones; Latin is put into Cyrillic first."""
    return RussianKeyboard(LETTERS["uz"])(uzbek_cyrillic(text), rng, material)


def uzbek_cyrillic(text: str) -> str:
    """Uzbek Latin in Cyrillic letters; «э» is written only where a word begins with it or after a vowel."""
    plain = _APOSTROPHES.sub("'", text)
    cyrillic = _UZBEK.sub(lambda found: _uzbek_letter(found.group()), plain)
    return _E_AFTER_CONSONANT.sub("е", cyrillic)


def _uzbek_letter(latin: str) -> str:
    # Ignoring case, "ı" is an "i" to a regular expression and not to the table.
    return match_case(latin, _UZBEK_OF.get(latin.lower(), latin))
