"""Edits that a reader barely sees: case, punctuation, smileys, invisible characters, marks, spacing, tags and links."""

import re
from random import Random
from typing import Final

from benchmarks.text.edits.edit import Material, is_cyrillic, per_letter

EMOJI: Final[tuple[str, ...]] = (
    *"😀😂🤣😅😊😍😎😡🤬😢😭👍👎👏🙏💪🔥💯❗❓✅❌⚡🎉🤔🙄😏🤡💩🐑🇰🇬",
    *("🇰🇬", "🇷🇺", "🇺🇿", "🇹🇯", "🇰🇿", "❤️", "🤦‍♂️", "👍🏻", "👍🏽", "🙏🏼", "👨‍👩‍👧", ":)", ")))", "((", ":D", "xD", ";)"),
)
INVISIBLE: Final = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u034f"
#: Marks that turn no letter into another one (a breve over «и» would).
MARKS: Final = "\u0300\u0301\u0330\u0331\u0332\u0333\u0335\u0336\u0337\u0338\u0353\u0359\u0489"
_ADDED: Final = ("!", "!!", "!!!", "...", "…", "?!", ",", ".", " -", " —", ";", "!?", "))")
_PUNCTUATION: Final = re.compile(r"(?<!\d)[^\w\s@#]+|[^\w\s@#]+(?!\d)")
_QUOTES: Final = (("«", "»"), ("“", "”"), ('"', '"'), ("„", "“"), ("'", "'"))
_TAGS_CYRILLIC: Final = ("#Кыргызстан", "#Бишкек", "#новости", "#срочно", "#Россия", "#правда", "#жаңылыктар")
_TAGS_LATIN: Final = ("#kyrgyzstan", "#bishkek", "#news", "#breaking", "#uzbekistan", "#truth", "#tashkent", "#fyp")
_SITES: Final = ("t.co", "bit.ly", "vk.com", "youtu.be", "t.me", "www.instagram.com", "ok.ru", "clck.ru")
_CODE: Final = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def case(text: str, rng: Random, _material: Material) -> str:
    """All capitals, all small, every word's first letter, or letters at random."""
    how = rng.choice(("upper", "lower", "title", "random", "swap"))
    if how == "random":
        return "".join(char.upper() if rng.random() < 0.5 else char.lower() for char in text)
    if how == "title":
        return " ".join(word[:1].upper() + word[1:].lower() for word in text.split())
    return text.upper() if how == "upper" else text.lower() if how == "lower" else text.swapcase()


def punctuation(text: str, rng: Random, _material: Material) -> str:
    """Marks dropped, added after words, put instead of spaces, doubled, or quotes around some words."""
    how = rng.choice(("drop", "add", "instead", "double", "quotes"))
    if how == "drop":
        return " ".join(_PUNCTUATION.sub(rng.choice(("", " ")), text).split())
    if how == "double":
        return _PUNCTUATION.sub(lambda mark: str(mark.group()) * rng.randint(2, 4), text)
    words = text.split()
    if how == "instead":
        return "".join(word + (rng.choice((". ", ",", "... ", " - ", "_", "/")) if rng.random() < 0.4 else " ")
                       for word in words).strip()  # fmt: skip
    if how == "quotes":
        opening, closing = rng.choice(_QUOTES)
        return " ".join(f"{opening}{word}{closing}" if rng.random() < 0.25 else word for word in words)
    rate = rng.uniform(0.1, 0.6)
    return " ".join(word + (rng.choice(_ADDED) if rng.random() < rate else "") for word in words)


def emoji(text: str, rng: Random, _material: Material) -> str:
    """Smileys at the end, at the start, between words or in place of spaces."""
    some = [rng.choice(EMOJI) for _ in range(rng.randint(1, 8))]
    how = rng.choice(("end", "start", "between", "spaces"))
    if how == "end":
        return text + rng.choice((" ", "")) + "".join(some)
    if how == "start":
        return "".join(some) + rng.choice((" ", "")) + text
    words = text.split()
    glue = " " if how == "between" else ""
    return "".join(
        word + (f"{glue}{rng.choice(EMOJI)}{glue}" if rng.random() < 0.3 else " ") for word in words
    ).strip() + some[0]  # fmt: skip


def zero_width(text: str, rng: Random, _material: Material) -> str:
    """Characters without a picture inside words."""
    kinds, rate = rng.sample(INVISIBLE, rng.randint(1, 3)), rng.uniform(0.05, 0.6)
    return per_letter(text, rng, rate, lambda char: char + rng.choice(kinds))


def combining(text: str, rng: Random, _material: Material) -> str:
    """Struck-out, underlined, accented or overgrown letters."""
    kinds, rate, most = rng.sample(MARKS, rng.randint(1, 3)), rng.choice((0.1, 0.3, 0.6, 1.0)), rng.randint(1, 3)
    return per_letter(
        text, rng, rate, lambda char: char + "".join(rng.choice(kinds) for _ in range(rng.randint(1, most)))
    )


def letter_spacing(text: str, rng: Random, _material: Material) -> str:
    """Letters apart, words further apart or not; sometimes a dot, a dash or a thin space instead of the space."""
    apart, gap = rng.choice((" ", " ", " ", "\u00a0", "\u2009", ".", "-", "_")), rng.choice(("  ", "   ", " "))
    return gap.join(apart.join(word) for word in text.split())


def spaces_removed(text: str, rng: Random, _material: Material) -> str:
    """Words run together, all of them or some."""
    rate = rng.choice((0.3, 0.6, 1.0))
    words = text.split()
    return "".join(word + ("" if rng.random() < rate else " ") for word in words).strip()


def spaces_inserted(text: str, rng: Random, _material: Material) -> str:
    """Words torn apart at random places."""
    rate = rng.uniform(0.05, 0.25)
    return per_letter(text, rng, rate, lambda char: char + " ").strip()


def stretched(text: str, rng: Random, _material: Material) -> str:
    """Letters drawn ouuuut in some words: a vowel, or the last letter."""
    words = text.split()
    chosen = set(rng.sample(range(len(words)), min(len(words), rng.randint(1, 6))))
    return " ".join(_stretch(word, rng) if number in chosen else word for number, word in enumerate(words))


def _stretch(word: str, rng: Random) -> str:
    places = [place for place, char in enumerate(word) if char.lower() in "аеёиоуыэюяaeiouyөүұәі"]
    last = max((place for place, char in enumerate(word) if char.isalpha()), default=None)
    if last is None:
        return word
    place = rng.choice(places) if places and rng.random() < 0.7 else last
    return word[:place] + word[place] * rng.randint(3, 9) + word[place + 1 :]


def tags_and_links(text: str, rng: Random, _material: Material) -> str:
    """Hashtags, mentions and links added before, after or on both sides."""
    tags = _TAGS_CYRILLIC if is_cyrillic(text) and rng.random() < 0.7 else _TAGS_LATIN
    added = [rng.choice((rng.choice(tags), _link(rng), f"@{_code(rng, 9)}")) for _ in range(rng.randint(1, 4))]
    cut = rng.choice((0, len(added), rng.randint(0, len(added))))
    return " ".join([*added[:cut], text, *added[cut:]])


def _link(rng: Random) -> str:
    return f"{rng.choice(('https://', 'http://', ''))}{rng.choice(_SITES)}/{_code(rng, rng.randint(5, 11))}"


def _code(rng: Random, length: int) -> str:
    return "".join(rng.choice(_CODE) for _ in range(length))
