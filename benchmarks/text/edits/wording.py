"""Edits to the words: typos, order, template slots, words dropped and inserted."""

import re
from collections.abc import Callable
from random import Random
from typing import Final

from benchmarks.text.edits.edit import Material, match_case, split_sentences

_KEYBOARDS: Final = ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEXT_KEYS: Final = {
    key: row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    for row in _KEYBOARDS
    for place, key in enumerate(row)
}
_CLAUSE: Final = re.compile(r"(?<=[,;:—–-])\s+")
_TRIMMED: Final = re.compile(r"^(\W*)(.*?)(\W*)$", re.DOTALL)


def typos(rate: float) -> Callable[[str, Random, Material], str]:
    """Slips in `rate` of the letters, at least one: a neighbouring key, two letters swapped, one lost or doubled."""

    def edit(text: str, rng: Random, _material: Material) -> str:
        chars = list(text)
        places = [place for place, char in enumerate(chars) if char.isalpha()]
        for place in rng.sample(places, min(len(places), max(1, round(rate * len(places))))):
            _slip(chars, place, rng)
        return "".join(chars)

    return edit


def _slip(chars: list[str], place: int, rng: Random) -> None:
    """One slip; `chars` keeps its length, a lost letter leaves an empty string."""
    how = rng.choice(("key", "key", "swap", "lost", "doubled"))
    char = chars[place]
    if how == "key" and (keys := _NEXT_KEYS.get(char.lower())):
        chars[place] = match_case(char, rng.choice(keys))
    elif how == "swap" and place + 1 < len(chars) and chars[place + 1].isalpha():
        chars[place], chars[place + 1] = chars[place + 1], chars[place]
    elif how == "lost":
        chars[place] = ""
    else:
        chars[place] = char * 2


def adjacent_words(text: str, rng: Random, _material: Material) -> str:
    """Neighbouring words swapped, in a tenth to a half of the places."""
    words = text.split()
    places = list(range(0, len(words) - 1, 2))
    for place in rng.sample(places, max(1, round(rng.uniform(0.1, 0.5) * len(places))) if places else 0):
        words[place], words[place + 1] = words[place + 1], words[place]
    return " ".join(words)


def sentence_order(text: str, rng: Random, _material: Material) -> str:
    """Sentences in another order; where there is one only, its clauses."""
    parts = split_sentences(text)
    parts = parts if len(parts) > 1 else _CLAUSE.split(text)
    if len(parts) < 2:
        return text
    order = list(range(len(parts)))
    while order == sorted(order):
        rng.shuffle(order)
    return " ".join(parts[place].strip() for place in order)


def template_slots(rate: float) -> Callable[[str, Random, Material], str]:
    """`rate` of the words replaced by other words of the same language's comments."""

    def edit(text: str, rng: Random, material: Material) -> str:
        words = text.split()
        places = [place for place, word in enumerate(words) if any(map(str.isalpha, word))]
        for place in rng.sample(places, min(len(places), max(1, round(rate * len(places))))):
            words[place] = _replaced(words[place], rng.choice(material.words))
        return " ".join(words)

    return edit


def _replaced(word: str, other: str) -> str:
    before, core, after = _TRIMMED.match(word).groups()  # type: ignore[union-attr]
    return str(before) + match_case(str(core), other.lower()) + str(after)


def words_dropped(rate: float) -> Callable[[str, Random, Material], str]:
    """`rate` of the words left out."""

    def edit(text: str, rng: Random, _material: Material) -> str:
        words = text.split()
        most = max(0, len(words) - 1)
        lost = set(rng.sample(range(len(words)), min(most, max(1, round(rate * len(words))))))
        return " ".join(word for place, word in enumerate(words) if place not in lost)

    return edit


def words_inserted(rate: float) -> Callable[[str, Random, Material], str]:
    """Other comments' words put in, `rate` of the number that there are."""

    def edit(text: str, rng: Random, material: Material) -> str:
        words = text.split()
        for _ in range(max(1, round(rate * len(words)))):
            words.insert(rng.randint(0, len(words)), rng.choice(material.words).lower())
        return " ".join(words)

    return edit
