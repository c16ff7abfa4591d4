"""Lines of text made level on a screen that was photographed askew.

How steep lines run is measured on the letters' lower edges and fitted as a straight function of the height on the
picture: a camera held askew turns all lines, one held from the side turns those above and below differently. Every
column is then shifted, which keeps letters upright enough to be read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from detection.screenshot.boxes import Box
from detection.screenshot.canvas import WIDTH, Canvas, grey_of

# Rise over the screen's width, in pixels, below which lines count as level.
_LEVEL: Final = 7.0
# Letters that a line needs to be measured, and lines that a slant needs.
_LETTERS: Final = 9
_LINES: Final = 4
# Steeper lines (9 degrees) are no lines of a screen that was photographed to be read.
_STEEPEST: Final = 0.16


def levelled(canvas: Canvas, rows: list[list[Box]]) -> Canvas:
    """The canvas with level lines; the same when they are level already, or too few to tell."""
    measured = [slope for slope in map(_slope, rows) if slope is not None]
    if len(measured) < _LINES:
        return canvas
    heights, slopes = np.array(measured).T
    kept = np.abs(slopes - np.median(slopes)) < 0.05
    if kept.sum() < _LINES:
        return canvas
    rate, start = np.polyfit(heights[kept], slopes[kept], 1)
    ends = np.array([start, start + rate * canvas.height])
    if np.abs(ends).max() * WIDTH < _LEVEL or np.abs(ends).max() > _STEEPEST:
        return canvas
    return _shifted(canvas, float(start), float(rate))


def _slope(row: list[Box]) -> tuple[float, float] | None:
    """Height of the line and its rise a pixel: the median over letters far apart, which tails of «р» do not move."""
    if len(row) < _LETTERS or row[-1].right - row[0].x < 0.22 * WIDTH:
        return None
    x = np.array([box.x + box.w / 2 for box in row])
    y = np.array([box.bottom for box in row], float)
    half = len(row) // 2
    rises = [(y[at + half] - y[at]) / max(1.0, x[at + half] - x[at]) for at in range(len(row) - half)]
    return float(y.mean()), float(np.median(rises))


def _shifted(canvas: Canvas, start: float, rate: float) -> Canvas:
    columns, rows = np.meshgrid(np.arange(WIDTH, dtype=np.float32), np.arange(canvas.height, dtype=np.float32))
    from_rows = (rows + (start + rate * rows) * (columns - WIDTH / 2)).astype(np.float32)
    rgb = cv2.remap(canvas.rgb, columns, from_rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)
    return replace(canvas, rgb=rgb, grey=grey_of(rgb), slant=(start, rate))
