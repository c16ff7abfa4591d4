"""Edits after which one text is a part of the other: sentences added and dropped, fragments, truncation."""

from collections.abc import Callable
from random import Random
from typing import Literal

from benchmarks.text.edits.edit import Material, letters, split_sentences

Where = Literal["before", "after", "both"]


def sentence_added(where: Where) -> Callable[[str, Random, Material], str]:
    """A sentence out of another comment put before, after, or one on each side."""

    def edit(text: str, rng: Random, material: Material) -> str:
        before = rng.choice(material.sentences) if where in ("before", "both") else ""
        after = rng.choice(material.sentences) if where in ("after", "both") else ""
        glue = rng.choice((" ", " ", "\n", "! "))
        return glue.join(part for part in (before, text, after) if part)

    return edit


def sentence_dropped(text: str, rng: Random, _material: Material) -> str:
    """One sentence left out; at least 40 % of the letters, and 25 of them, stay."""
    sentences = split_sentences(text)
    rests = [" ".join(sentences[:place] + sentences[place + 1 :]) for place in range(len(sentences))]
    rests = [rest for rest in rests if letters(rest) >= max(25, 0.4 * letters(text))]
    return rng.choice(rests) if len(sentences) > 1 and rests else text


def fragment_pasted(length: int) -> Callable[[str, Random, Material], str]:
    """About `length` characters of the text, cut between words, pasted into another comment."""

    def edit(text: str, rng: Random, material: Material) -> str:
        piece = _fragment(text, length, rng)
        if piece is None:
            return text
        other = rng.choice(material.texts).split()
        place = rng.choice((0, len(other), rng.randint(0, len(other))))
        return " ".join([*other[:place], piece, *other[place:]])

    return edit


def _fragment(text: str, length: int, rng: Random) -> str | None:
    """Whole words of together `length` characters, ten less or ten more; None for a text that is no longer itself."""
    words = text.split()
    starts = [place for place in range(len(words)) if len(" ".join(words[place:])) >= length]
    if not starts or len(text) < length * 1.2:
        return None
    start = rng.choice(starts)
    taken: list[str] = []
    while len(" ".join(taken)) < length - 5:
        taken.append(words[start + len(taken)])
    return " ".join(taken)


def truncated(share: float) -> Callable[[str, Random, Material], str]:
    """The first `share` of the characters: cut in a word or between two, with or without dots; at times the last."""

    def edit(text: str, rng: Random, _material: Material) -> str:
        size = round(share * len(text))
        kept = text[:size] if rng.random() < 0.75 else text[len(text) - size :]
        if rng.random() < 0.5 and " " in kept:
            kept = kept.rsplit(" ", 1)[0]
        return kept.strip() + rng.choice(("", "", "…", "...", ".."))

    return edit
