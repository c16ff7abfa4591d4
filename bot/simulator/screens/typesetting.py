"""Text in one colour and size broken into lines: words, links in their own colour, emoji, letters of another font."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from bot.simulator.screens.emoji import EMOJI
from bot.simulator.screens.faces import Face, Weight, face, fallback
from bot.simulator.screens.truth import Device

_LINK: Final = re.compile(r"(?:https?://|www\.)\S+|[@#][\w.]*\w")
# Marks beyond the first on a letter, or on none, would reach into the lines around.
_EXTRA_MARKS: Final = re.compile("((?:^|\\s|[\u0300-\u036f]))[\u0300-\u036f]+")
_KEPT: Final = "\u200d\ufe0f"
_ELLIPSIS: Final = "…"
_LONGEST: Final = 4000  # letters; more never stand on one screen


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters of one face, or one emoji; ``advance`` in pixels."""

    words: str
    kind: Literal["text", "emoji"]
    face: Face
    advance: float
    link: bool = False


@dataclass(frozen=True, slots=True)
class Type:
    """How letters are set: by which phone, how heavy, how large (in pixels)."""

    device: Device
    weight: Weight
    pixels: float

    @property
    def face(self) -> Face:
        """The font that this names."""
        return face(self.device, self.weight, self.pixels)

    @property
    def emoji_side(self) -> int:
        """How large an emoji stands among these letters, in pixels."""
        return round(self.pixels * 1.16)


def cleaned(text: str) -> str:
    """The text as a phone can show it: composed, without invisible signs, spaces and marks single, few empty lines."""
    letters = (letter if _shown(letter) else " " for letter in unicodedata.normalize("NFC", text[:_LONGEST]))
    lines = (" ".join(line.split()) for line in "".join(letters).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", _EXTRA_MARKS.sub(r"\1", "\n".join(lines))).strip()


def _shown(letter: str) -> bool:
    return letter == "\n" or letter in _KEPT or unicodedata.category(letter)[0] != "C"


@lru_cache(maxsize=8192)
def pieces(words: str, style: Type, links: bool = False) -> tuple[Piece, ...]:
    """Words in one line, cut where the font, the colour or the kind changes."""
    found: list[Piece] = []
    at = 0
    for match in _LINK.finditer(words) if links else ():
        found += _plain(words[at : match.start()], style, False)
        found += _plain(match.group(), style, True)
        at = match.end()
    return (*found, *_plain(words[at:], style, False))


def _plain(words: str, style: Type, link: bool) -> Iterator[Piece]:
    at = 0
    for match in EMOJI.finditer(words):
        yield from _letters(words[at : match.start()], style, link)
        yield Piece(match.group(), "emoji", style.face, style.emoji_side * 1.08)
        at = match.end()
    yield from _letters(words[at:], style, link)


def _letters(words: str, style: Type, link: bool) -> Iterator[Piece]:
    """Runs of letters that the font has, and runs that are drawn with the fallback."""
    main, other = style.face, fallback(style.weight, style.pixels)
    start = 0
    for end in range(1, len(words) + 1):
        if end == len(words) or main.draws(words[end]) != main.draws(words[start]):
            used = main if main.draws(words[start]) else other
            yield Piece(words[start:end], "text", used, used.width(words[start:end]), link)
            start = end


def width(words: str, style: Type) -> float:
    """How wide these words stand in one line, in pixels."""
    return sum(piece.advance for piece in pieces(words, style))


def fitted(words: str, style: Type, room: float, ending: str = _ELLIPSIS) -> str:
    """The words, cut with ``ending`` if they are wider than ``room`` pixels."""
    if width(words, style) <= room:
        return words
    clusters = _clusters(words)
    low, high = 0, len(clusters)
    while low < high:
        middle = (low + high + 1) // 2
        if width("".join(clusters[:middle]).rstrip() + ending, style) <= room:
            low = middle
        else:
            high = middle - 1
    return "".join(clusters[:low]).rstrip() + ending


def broken(text: str, style: Type, room: float) -> list[str]:
    """A cleaned text in lines of at most ``room`` pixels; endless words are cut within, own lines are kept."""
    return [line for own in text.split("\n") for line in _broken_line(own, style, room)]


def _broken_line(text: str, style: Type, room: float) -> list[str]:
    lines = [""]
    taken, space = 0.0, width(" ", style)
    for word in (part for whole in text.split() for part in _parts(whole, style, room)):
        wide = width(word, style)
        if not lines[-1]:
            lines[-1], taken = word, wide
        elif taken + space + wide <= room:
            lines[-1], taken = f"{lines[-1]} {word}", taken + space + wide
        else:
            lines.append(word)
            taken = wide
    return lines


def _parts(word: str, style: Type, room: float) -> list[str]:
    """A word, cut where it does not fit into a line of its own."""
    if width(word, style) <= room:
        return [word]
    parts, taken = [""], 0.0
    for cluster in _clusters(word):
        wide = width(cluster, style)
        if parts[-1] and taken + wide > room:
            parts.append("")
            taken = 0.0
        parts[-1] += cluster
        taken += wide
    return parts


def _clusters(words: str) -> list[str]:
    """Letters with the marks on them, and whole emoji: what no line break may divide."""
    found: list[str] = []
    at = 0
    for match in EMOJI.finditer(words):
        found += _marked(words[at : match.start()])
        found.append(match.group())
        at = match.end()
    return found + _marked(words[at:])


def _marked(words: str) -> list[str]:
    found: list[str] = []
    for letter in words:
        if found and unicodedata.combining(letter):
            found[-1] += letter
        else:
            found.append(letter)
    return found
