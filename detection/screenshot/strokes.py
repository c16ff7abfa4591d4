"""Where text stands: thin strokes in rows, whatever their colour and whether they are darker or lighter than around.

A stroke is what a morphological top-hat (lighter than around) or black-hat (darker) of a small window keeps; that needs
no global threshold, so a light bubble on a dark page and a white label on a blue button are found alike.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from detection.screenshot.boxes import Box, shared_rows
from detection.screenshot.canvas import Canvas, Pixels
from detection.screenshot.separators import middle_dots

Mask = NDArray[np.uint8]

# Widest stroke of a letter: a heading of 64 px, bold, has 11.
_STROKE: Final = 15
# Grey levels by which a stroke differs from around: JPEG of quality 80 rings by up to 15, placeholders have 60.
_CONTRAST: Final = 30
# Share of the strongest contrast so near that a stroke must have.
_NEARBY: Final = 25
_OF_NEARBY: Final = 0.4
# Gap between words of one line, as a share of its height, above which they are separate pieces («2 ч   Ответить»).
_GAP: Final = 0.85
# A gap from which the colours on both sides are compared, and how much paler one has to be to stand apart.
_PALE_GAP: Final = 0.36
_PALE_GAP_LEAST: Final = 13
_PALER: Final = 0.76
# Lowest letter without dots and accents: an "x" of 11 sp has 15 px.
_BODY: Final = 13
_LINE_HEIGHT: Final = (11, 96)
# Share of its box that the outline of a field fills.
_HOLLOW: Final = 0.15
# On recompressed screens the letters of a whole line may touch.
_LONGEST: Final = 1000


def letter_rows(canvas: Canvas) -> list[list[Box]]:
    """The letters of every line, from left to right; lines may run askew."""
    letters = _letters(_differing(canvas.grey, _surroundings(canvas.grey), _STROKE, _CONTRAST))
    return _rows([Box(*(int(v) for v in row[:4])) for row in letters])


class Found(NamedTuple):
    """Pieces of lines of text, and the middle dots between some of them, each top down and left to right."""

    lines: tuple[Box, ...]
    dots: tuple[Box, ...]


def find_lines(canvas: Canvas, pictures: tuple[Box, ...]) -> Found:
    """The text outside of ``pictures``."""
    around = _surroundings(canvas.grey)
    mask = _differing(canvas.grey, around, _STROKE, _CONTRAST)
    # A photo's rim reaches a little beyond its box.
    for box in (picture.grown(8) for picture in pictures):
        mask[max(0, box.y) : max(0, box.bottom), max(0, box.x) : max(0, box.right)] = 0
    lines, dots = [], []
    for line in _pieces(_letters(mask)):
        found = middle_dots(mask, line)
        dots += found
        lines += [part for piece in _cut(mask, line, found) for part in _by_colour(canvas.grey, mask, piece)]
    return Found(_in_order(lines), _in_order(dots))


def _in_order(boxes: list[Box]) -> tuple[Box, ...]:
    return tuple(sorted(boxes, key=lambda box: (box.y, box.x)))


def _cut(mask: Mask, line: Box, dots: list[Box]) -> list[Box]:
    """The parts of the line between the dots, each as wide as what it holds."""
    starts, ends = [line.x, *(dot.right for dot in dots)], [*(dot.x for dot in dots), line.right]
    parts = []
    for start, end in zip(starts, ends, strict=True):
        filled = np.flatnonzero((mask[line.y : line.bottom, start:end] > 0).any(axis=0))
        if len(filled):
            parts.append(Box(start + int(filled[0]), line.y, int(filled[-1] - filled[0]) + 1, line.h))
    return parts if dots else [line]


def _window(side: int) -> Mask:
    return cv2.getStructuringElement(cv2.MORPH_RECT, (side, side)).astype(np.uint8)


def _differing(grey: Pixels, around: Pixels, side: int, contrast: int) -> Mask:
    """Where something narrower than ``side`` stands out, darker or lighter than what is around it.

    Between dark letters lie light gaps that are as narrow; the median of the surroundings tells which of them is ink.
    """
    window = _window(side)
    darker = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, window)
    lighter = cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, window)
    found = np.where(grey < around, darker, np.where(grey > around, lighter, 0)).astype(np.uint8)
    # Between the letters of a recompressed screen the grey is half as strong as they are: they must not hang together.
    nearby = cv2.dilate(found, _window(_NEARBY))
    return np.asarray(found > np.maximum(contrast, _OF_NEARBY * nearby), np.uint8)


def _surroundings(grey: Pixels) -> Pixels:
    """The median of some 60 pixels around: the page, the bubble or the button on which a letter stands."""
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_NEAREST)
    return cv2.resize(cv2.medianBlur(small, 15), grey.shape[::-1], interpolation=cv2.INTER_NEAREST).astype(np.uint8)


def _components(mask: Mask) -> NDArray[np.int32]:
    """x, y, width, height and pixels of each connected part."""
    return np.asarray(cv2.connectedComponentsWithStats(mask, connectivity=8)[2][1:], np.int32)


def _letters(mask: Mask) -> NDArray[np.int32]:
    parts = _components(mask)
    width, height = parts[:, 2], parts[:, 3]
    fits = (height <= _LINE_HEIGHT[1]) & (height >= 2) & (width <= _LONGEST)
    # Separators, the edges of bubbles and the stripes of quotations are long and thin.
    # So are those of fields and buttons, which are round at their ends.
    fits &= ~((height > 50) & (parts[:, 4] < _HOLLOW * width * height))
    fits &= ~((width > 60) & (height < 6)) & ~((height > 60) & (width < 0.2 * height))
    return parts[fits]


def _pieces(letters: NDArray[np.int32]) -> list[Box]:
    """Letters joined to pieces of lines: first the bodies of letters, then dots, commas and accents to their line."""
    every = [Box(*(int(v) for v in row[:4])) for row in letters]
    lines = [_trimmed(row) for row in _rows(every)]
    small = [box for box in every if box.h < _BODY] + [line for line in lines if line.w < 16]
    lines = [line for line in lines if line.w >= 16]
    bodies = list(lines)
    for mark in sorted(small, key=lambda box: box.x):
        _attach(lines, bodies, mark)
    return [line for line in _merged(lines) if _is_line(line)]


def _rows(letters: list[Box]) -> list[list[Box]]:
    rows: list[list[Box]] = []
    for body in sorted((box for box in letters if box.h >= _BODY), key=lambda box: box.x):
        _join(rows, body)
    return rows


def _by_colour(grey: Pixels, mask: Mask, line: Box) -> list[Box]:
    """A name and the paler time behind it are two pieces, though the gap between is hardly wider than a space."""
    cut = mask[line.y : line.bottom, line.x : line.right] > 0
    values = grey[line.y : line.bottom, line.x : line.right].astype(np.int16)
    contrast = np.where(cut, np.abs(values - int(np.median(values))), 0).max(axis=0)
    columns = np.flatnonzero(contrast)
    if not len(columns):
        return [line]
    steps = np.flatnonzero(np.diff(columns) > max(_PALE_GAP * line.h, _PALE_GAP_LEAST))
    parts, start = [], 0
    for end in steps:
        left, right = columns[start : end + 1], columns[end + 1 :]
        shades = sorted((_shade(contrast[left]), _shade(contrast[right[: 3 * line.h]])))
        if shades[0] < _PALER * shades[1]:
            parts.append(Box(line.x + int(left[0]), line.y, int(left[-1] - left[0]) + 1, line.h))
            start = int(end) + 1
    rest = columns[start:]
    return [*parts, Box(line.x + int(rest[0]), line.y, int(rest[-1] - rest[0]) + 1, line.h)]


def _shade(contrast: NDArray[np.int16]) -> float:
    return float(np.percentile(contrast, 85))


def _merged(lines: list[Box]) -> list[Box]:
    """Join pieces of one line that a comma or a tall letter kept apart."""
    done: list[Box] = []
    for line in sorted(lines, key=lambda box: box.x):
        for place, other in enumerate(done):
            size = max(line.h, other.h)
            if (
                line.x - other.right <= _GAP * size
                and shared_rows(line, other) > 0.7
                and size < 2 * min(line.h, other.h)
            ):
                done[place] = _bounds([other, line])
                break
        else:
            done.append(line)
    return done


def _join(rows: list[list[Box]], body: Box) -> None:
    best, least = None, 0.0
    for row in rows:
        last = row[-1]
        size = max(*(box.h for box in row[-4:]), body.h)
        gap = body.x - max(box.right for box in row[-3:])
        if gap > _GAP * size or size > 2.6 * min(body.h, max(box.h for box in row[-4:])):
            continue
        shared = max(shared_rows(last, body), shared_rows(_bounds(row[-4:]), body))
        if shared > max(0.5, least):
            best, least = row, shared
    if best is None:
        rows.append([body])
    else:
        best.append(body)


def _attach(lines: list[Box], bodies: list[Box], mark: Box) -> None:
    """Give the mark to the line it stands in, over or at the end of; a narrow letter that has none is its own line.

    Where it stands is told from the line's ``bodies`` alone: pieces of an emoji would draw a line down to the next one.
    """
    for place, line in enumerate(bodies):
        reach = max(8, round(line.h * 0.5))
        beside = line.x - reach <= mark.x <= max(line.right, lines[place].right) + reach
        over = line.y - 0.35 * line.h <= mark.y and mark.bottom <= line.bottom + 0.3 * line.h
        if beside and over and mark.h <= 1.25 * line.h:
            grown = _bounds([lines[place], mark])
            bottom = min(grown.bottom, max(lines[place].bottom, line.bottom + round(0.14 * line.h)))
            lines[place] = Box(grown.x, grown.y, grown.w, bottom - grown.y)
            return
    if mark.h >= _BODY:
        lines.append(mark)
        bodies.append(mark)


def _trimmed(row: list[Box]) -> Box:
    """Around the letters, but no higher and lower than their like reach: an emoji is taller than its line."""
    bounds = _bounds(row)
    if len(row) < 4:
        return bounds
    body = float(np.median([box.h for box in row]))
    top = max(bounds.y, round(float(np.median([box.y for box in row])) - 0.8 * body))
    bottom = min(bounds.bottom, round(float(np.median([box.bottom for box in row])) + 0.5 * body) + 2)
    return Box(bounds.x, top, bounds.w, max(1, bottom - top))


def _bounds(boxes: list[Box]) -> Box:
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    return Box(x, y, max(box.right for box in boxes) - x, max(box.bottom for box in boxes) - y)


def _is_line(box: Box) -> bool:
    return box.h >= _LINE_HEIGHT[0] and box.w >= 4 and box.h <= _LINE_HEIGHT[1]
