"""How one text differs from another, shown: as a picture for a phone, and as short pieces for a line of text."""

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

from bot.documents.fonts import font
from bot.i18n import PlainTranslator
from bot.model.text import Difference

WIDTH: Final = 720
#: Lines of text in a picture, at most; what does not fit is left out, and a line of its own says so.
MOST_LINES: Final = 40

_MARGIN: Final = 32
_TEXT: Final = 28
_LABEL: Final = 22
_LEADING: Final = 40
_PAGE: Final = (255, 255, 255)
_INK: Final = (20, 22, 26)
_FAINT: Final = (110, 114, 120)
_GROUND: Final = {"dropped": (255, 214, 214), "added": (208, 242, 214)}
_STRIKE: Final = (176, 32, 32)
# Letters of what did not change that a picture and a line of text show before they leave out its middle.
_LONGEST_DRAWN: Final = 240
_LONGEST_LINE: Final = 40
# None of these has a picture of its own; surrogate halves cannot be drawn at all.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})

Piece = tuple[str, str]


def compact(difference: Difference, longest: int = _LONGEST_LINE) -> list[Piece]:
    """The pieces, with the middle of what stayed the same left out where it is longer than `longest` letters."""
    pieces = difference.pieces
    last = len(pieces) - 1
    return [
        (kind, _shortened(text, longest, at_start=place == 0 != last, at_end=place == last))
        if kind == "same"
        else (kind, text)
        for place, (kind, text) in enumerate(pieces)
    ]


def picture(difference: Difference, t: PlainTranslator) -> bytes:
    """A PNG of phone width: what went is struck through on red, what came is on green. `t` is the reader's language."""
    lines = _lines(compact(difference, _LONGEST_DRAWN))
    legend = [("dropped", t.gettext("only in the first text")), ("added", t.gettext("only in this copy"))]
    image = Image.new("RGB", (WIDTH, _MARGIN * 2 + _LEADING * (len(lines) + 1) + _MARGIN // 2), _PAGE)
    pen = ImageDraw.Draw(image)
    _draw_legend(pen, legend)
    for number, line in enumerate(lines):
        _draw_line(pen, line, _MARGIN + _MARGIN // 2 + _LEADING * (number + 1))
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Drawn:
    """A word in its place on a line: where it begins and how wide it is, in pixels."""

    kind: str
    text: str
    left: float
    width: float


def _shortened(text: str, longest: int, *, at_start: bool, at_end: bool) -> str:
    if len(text) <= longest:
        return text
    if at_start:
        return "…" + _tail(text, longest)
    if at_end:
        return _head(text, longest) + "…"
    return f"{_head(text, longest // 2)} … {_tail(text, longest // 2)}"


def _head(text: str, length: int) -> str:
    """The first whole words, or the first letters of one word that is longer."""
    cut = text[: length + 1].rsplit(maxsplit=1)
    return cut[0] if len(cut) > 1 else text[:length]


def _tail(text: str, length: int) -> str:
    cut = text[-length - 1 :].split(maxsplit=1)
    return cut[1] if len(cut) > 1 else text[-length:]


def _lines(pieces: Sequence[Piece]) -> list[list[_Drawn]]:
    """Words set line by line; at most MOST_LINES, the last of them an ellipsis when there is more."""
    face, room = font(_TEXT), WIDTH - 2 * _MARGIN
    space = face.getlength(" ")
    lines: list[list[_Drawn]] = [[]]
    left = 0.0
    for kind, word in _words(pieces, room):
        width = face.getlength(word)
        if lines[-1] and left + width > room:
            if len(lines) == MOST_LINES:
                lines[-1] = [_Drawn(kind="same", text="…", left=0, width=face.getlength("…"))]
                return lines
            lines.append([])
            left = 0.0
        lines[-1].append(_Drawn(kind=kind, text=word, left=left, width=width))
        left += width + space
    return lines


def _words(pieces: Sequence[Piece], room: float) -> Iterator[Piece]:
    """What can be drawn of each word, in parts where it is wider than a line."""
    face = font(_TEXT)
    # No letter is narrower than this, so that no word is measured beyond what a line can hold.
    most = int(room / face.getlength("i")) + 1
    for kind, text in pieces:
        for word in _visible(text).split():
            while word:
                part = word[:most]
                while face.getlength(part) > room:
                    part = part[: max(1, min(len(part) - 1, int(len(part) * room / face.getlength(part))))]
                yield kind, part
                word = word[len(part) :]


def _visible(text: str) -> str:
    return "".join(" " if char.isspace() else char for char in text if _is_drawn(char))


def _is_drawn(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) not in _UNSEEN


def _draw_legend(pen: ImageDraw.ImageDraw, legend: Sequence[Piece]) -> None:
    face, left = font(_LABEL), float(_MARGIN)
    for kind, label in legend:
        width = face.getlength(label)
        _draw_ground(pen, kind, (left, _MARGIN - 4, left + width, _MARGIN + _LABEL + 6))
        pen.text((left, _MARGIN), label, font=face, fill=_FAINT)
        left += width + _MARGIN


def _draw_line(pen: ImageDraw.ImageDraw, line: Sequence[_Drawn], top: int) -> None:
    for place, word in enumerate(line):
        left = _MARGIN + word.left
        joins = place + 1 < len(line) and line[place + 1].kind == word.kind
        right = _MARGIN + line[place + 1].left if joins else left + word.width
        _draw_ground(pen, word.kind, (left, top - 2, right, top + _TEXT + 6))
        pen.text((left, top), word.text, font=font(_TEXT), fill=_INK)
        if word.kind == "dropped":
            middle = top + _TEXT * 0.62
            pen.line((left, middle, right, middle), fill=_STRIKE, width=2)


def _draw_ground(pen: ImageDraw.ImageDraw, kind: str, box: tuple[float, float, float, float]) -> None:
    if kind in _GROUND:
        pen.rectangle(box, fill=_GROUND[kind])
