"""Edits to learn from. They are other ones than those of benchmarks.text.edits, which judge."""

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from benchmarks.text.corpora import share

Words = Callable[[Random], str]
Learn = Callable[[Random, str, Sequence[str]], str]

_NAMES: Final = (
    *("Азамат", "Болот", "Нурлан", "Айгуль", "Сергей", "Иванов", "Петрова", "Алмазбек", "Кубаныч", "Эркин", "Бишкек"),
    *("Ош", "Алматы", "Москва", "Каракол", "Самара", "Ташкент", "Душанбе", "Орозов", "Касымова", "Нарын", "Талас"),
)
_LATIN_NAMES: Final = (
    "John",
    "Smith",
    "London",
    "Miller",
    "Boston",
    "Kyle",
    "Anna",
    "Harris",
    "Berlin",
    "Ohio",
    "Tashkent",
)
_LEET: Final = dict(zip("оазчбaoeist", "0@34640315$7", strict=False))
_SENTENCE: Final = re.compile(r"(?<=[.!?…])\s+")


def learned(kind: str, source_id: str, text: str, others: Sequence[str]) -> str:
    """The text edited in one way of LEARNED; the same for the same id."""
    return LEARNED[kind](Random(int(share(f"learn:{kind}:{source_id}") * 2**48)), text, others)


def _word(r: Random, others: Sequence[str]) -> str:
    return r.choice(r.choice(others).split() or ["и"])


def _other(r: Random, others: Sequence[str], least: int, most: int) -> str:
    found = r.choice(others)
    for _ in range(30):
        if least <= len(found) <= most:
            break
        found = r.choice(others)
    return found


def _typos(rate: float) -> Learn:
    def edit(r: Random, text: str, _others: Sequence[str]) -> str:
        letters = "абвгдежзиклмнопрстуфхцчшыэюя" if re.search("[а-я]", text) else "abcdefghijklmnopqrstuvwxyz"
        out, i = [], 0
        while i < len(text):
            kind = r.randrange(4) if text[i].isalpha() and r.random() < rate else 9
            out.append({0: r.choice(letters), 1: "", 2: text[i] + r.choice(letters)}.get(kind, text[i : i + 1]))
            if kind == 3 and i + 1 < len(text):
                out[-1] = text[i + 1] + text[i]
                i += 1
            i += 1
        return "".join(out)

    return edit


def _names(r: Random, text: str, _others: Sequence[str]) -> str:
    words = text.split()
    named = [i for i, w in enumerate(words) if i and w[:1].isupper() and len(w) > 2]
    named = named or [r.randrange(len(words))]
    pool = _NAMES if re.search("[а-яА-Я]", text) else _LATIN_NAMES
    for i in r.sample(named, min(r.choice([1, 2, 3, 99]), len(named))):
        words[i] = r.choice(pool)
    return " ".join(words)


def _replaced(rate: float) -> Learn:
    def edit(r: Random, text: str, others: Sequence[str]) -> str:
        words = text.split()
        for i in r.sample(range(len(words)), min(len(words), max(1, round(len(words) * rate)))):
            words[i] = _word(r, others)
        return " ".join(words)

    return edit


def _block(r: Random, text: str, others: Sequence[str]) -> str:
    words = text.split()
    size = max(1, round(len(words) * 0.25))
    start = r.randrange(max(1, len(words) - size + 1))
    return " ".join(
        [*words[:start], *(_word(r, others) for _ in range(r.randint(1, size + 1))), *words[start + size :]]
    )


def _dropped(r: Random, text: str, _others: Sequence[str]) -> str:
    return " ".join(w for w in text.split() if r.random() > 0.2) or text


def _inserted(r: Random, text: str, others: Sequence[str]) -> str:
    return " ".join(f"{w} {_word(r, others)}" if r.random() < 0.2 else w for w in text.split())


def _added(r: Random, text: str, others: Sequence[str]) -> str:
    before, after = _other(r, others, 15, 120), _other(r, others, 15, 120)
    return r.choice([f"{before}. {text}", f"{text}. {after}", f"{before}. {text} {after}"])


def _left_out(r: Random, text: str, _others: Sequence[str]) -> str:
    parts = [s for s in _SENTENCE.split(text) if s.strip()]
    if len(parts) > 1:
        parts.pop(r.randrange(len(parts)))
        return " ".join(parts)
    words = text.split()
    size = max(1, int(len(words) * r.uniform(0.2, 0.45)))
    return " ".join(words[size:] if r.random() < 0.5 else words[:-size]) or text


def _cut(share_kept: float) -> Learn:
    def edit(r: Random, text: str, _others: Sequence[str]) -> str:
        size = int(len(text) * share_kept)
        return text[:size] if r.random() < 0.7 else text[-size:]

    return edit


def _pasted(size: int) -> Learn:
    def edit(r: Random, text: str, others: Sequence[str]) -> str:
        start = r.randrange(max(1, len(text) - size))
        host = _other(r, others, 30, 150).split()
        place = r.randrange(len(host) + 1)
        return " ".join([*host[:place], text[start : start + size], *host[place:]])

    return edit


def _reordered(r: Random, text: str, _others: Sequence[str]) -> str:
    parts = [s for s in _SENTENCE.split(text) if s.strip()]
    if len(parts) > 1:
        r.shuffle(parts)
        return " ".join(parts)
    words = text.split()
    return " ".join(words[len(words) // 2 :] + words[: len(words) // 2])


def _swapped(r: Random, text: str, _others: Sequence[str]) -> str:
    words = text.split()
    for i in range(0, len(words) - 1, 2):
        if r.random() < 0.6:
            words[i], words[i + 1] = words[i + 1], words[i]
    return " ".join(words)


def _shuffled(r: Random, text: str, _others: Sequence[str]) -> str:
    words = text.split()
    r.shuffle(words)
    return " ".join(words)


def _leet(r: Random, text: str, _others: Sequence[str]) -> str:
    return "".join(_LEET.get(c.lower(), c) if r.random() < 0.6 else c for c in text)


def _spaces_out(r: Random, text: str, _others: Sequence[str]) -> str:
    share_out = r.choice([0.2, 0.5, 1.0])
    words = text.split()
    return "".join(w if r.random() < share_out else f"{w} " for w in words).strip()


def _spaces_in(r: Random, text: str, _others: Sequence[str]) -> str:
    rate = r.choice([0.05, 0.15, 0.5])
    return "".join(f"{c} " if c.isalpha() and r.random() < rate else c for c in text)


def _hidden_letters(r: Random, text: str, _others: Sequence[str]) -> str:
    rate = r.choice([0.03, 0.08])
    return "".join(r.choice("*#_x·") if c.isalpha() and r.random() < rate else c for c in text)


def _respelled(r: Random, text: str, _others: Sequence[str]) -> str:
    """Sounds written another way, here and there: what is left of slang and careless transliteration."""
    swaps = [
        ("е", "и"),
        ("о", "а"),
        ("ш", "щ"),
        ("тс", "ц"),
        ("i", "y"),
        ("c", "k"),
        ("ks", "x"),
        ("ся", "ца"),
        ("th", "z"),
    ]
    for one, other in r.sample(swaps, 4):
        *parts, last = text.split(one)
        text = "".join(part + (other if r.random() < 0.5 else one) for part in parts) + last
    return text


def _tagged(r: Random, text: str, others: Sequence[str]) -> str:
    tags = " ".join(f"#{_word(r, others).strip('#.,!?')}" for _ in range(r.randint(1, 4)))
    return r.choice([f"{tags} {text}", f"{text} {tags}", f"ахаха {text}", f"{text} ну вот", f"Внимание!!! {text}"])


def _several(count: int) -> Learn:
    def edit(r: Random, text: str, others: Sequence[str]) -> str:
        for kind in r.sample(["typos 4", "names", "dropped", "inserted", "swapped", "replaced 20", "leet"], count):
            text = LEARNED[kind](r, text, others)
        return text

    return edit


LEARNED: Final[dict[str, Learn]] = {
    "typos 4": _typos(0.04),
    "typos 6": _typos(0.06),
    "typos 8": _typos(0.08),
    "typos 10": _typos(0.10),
    "typos 15": _typos(0.15),
    "names": _names,
    "replaced 20": _replaced(0.2),
    "replaced 35": _replaced(0.35),
    "block": _block,
    "dropped": _dropped,
    "inserted": _inserted,
    "added": _added,
    "left out": _left_out,
    "cut 80": _cut(0.8),
    "cut 60": _cut(0.6),
    "cut 50": _cut(0.5),
    "pasted 80": _pasted(80),
    "pasted 50": _pasted(50),
    "reordered": _reordered,
    "swapped": _swapped,
    "shuffled": _shuffled,
    "leet": _leet,
    "spaces out": _spaces_out,
    "spaces in": _spaces_in,
    "hidden letters": _hidden_letters,
    "respelled": _respelled,
    "tagged": _tagged,
    "two edits": _several(2),
    "four edits": _several(4),
}
