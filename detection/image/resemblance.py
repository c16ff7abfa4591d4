"""Do two regions show the same, spot by spot, once one is laid on the other?"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detection import thresholds
from detection.image.geometry import Transform, read
from detection.image.pixels import Grey


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Normalised correlation (-1 to 1) of the blocks of the known view that the query covers.

    Half of them have at least ``median``, three quarters at least ``quarter``. ``blocks`` is how many were compared,
    ``covered`` the share of the known view that the query covers.
    """

    median: float
    quarter: float
    blocks: int
    covered: float


NOTHING_COMMON = Resemblance(median=0.0, quarter=0.0, blocks=0, covered=0.0)


def resemblance(
    query: Grey,
    known: Grey,
    transform: Transform,
    round_query: bool = False,
    blur: float = thresholds.PHOTO_VIEW_BLUR,
) -> Resemblance:
    """Compare views; ``transform`` takes pixels of the known one to the query's, of which a round one is a disc.

    Both are softened by ``blur`` pixels of the known one first.
    """
    height, width = known.shape
    shown = np.full(query.shape, 255, np.uint8)
    if round_query:
        shown = np.zeros(query.shape, np.uint8)
        radius = round(min(query.shape) / 2 * thresholds.PHOTO_DISC_POINTS)
        cv2.circle(shown, (query.shape[1] // 2, query.shape[0] // 2), radius, 255, -1)
    scale = read(transform).scale
    source = cv2.GaussianBlur(query, (0, 0), 0.5 * scale) if scale > 1.2 else query
    matrix = transform.astype(np.float64)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = cv2.warpAffine(source, matrix, (width, height), flags=flags)
    mask = cv2.warpAffine(shown, matrix, (width, height), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
    # A query of few pixels has nothing fine to compare: the known photo is made as soft.
    soft = max(blur, 0.5 / max(scale, 0.05))
    blurred = [cv2.GaussianBlur(each.astype(np.float32), (0, 0), soft) for each in (laid, known)]
    return _summary(*_blocks(np.asarray(blurred[0]), np.asarray(blurred[1]), np.asarray(mask)))


def _blocks(
    laid: NDArray[np.float32], known: NDArray[np.float32], mask: NDArray[np.uint8]
) -> tuple[NDArray[np.float64], float]:
    """The correlation of every block that is covered and not even, and the share of blocks that are covered."""
    side = thresholds.PHOTO_VIEW_BLOCK
    rows, columns = known.shape[0] // side, known.shape[1] // side
    if not rows or not columns:
        return np.empty(0), 0.0
    one, other, shown = (_tiles(each, rows, columns) for each in (laid, known, mask))
    covered = (shown > 0).mean(axis=1) > 0.95
    one, other = one[covered], other[covered]
    one, other = one - one.mean(axis=1, keepdims=True), other - other.mean(axis=1, keepdims=True)
    spread, wanted = one.std(axis=1), other.std(axis=1)
    uneven = np.maximum(spread, wanted) >= thresholds.PHOTO_BLOCK_EVEN
    product = (one * other).mean(axis=1)
    correlated = product / np.maximum(spread * wanted, 1.0)
    return correlated[uneven].astype(np.float64), float(covered.mean())


def _tiles(pixels: NDArray[np.generic], rows: int, columns: int) -> NDArray[np.float64]:
    side = thresholds.PHOTO_VIEW_BLOCK
    cut = pixels[: rows * side, : columns * side].astype(np.float64)
    return cut.reshape(rows, side, columns, side).swapaxes(1, 2).reshape(rows * columns, side * side)


def _summary(correlated: NDArray[np.float64], covered: float) -> Resemblance:
    if not len(correlated):
        return NOTHING_COMMON
    quarter, median = np.percentile(correlated, [25, 50])
    return Resemblance(float(median), float(quarter), len(correlated), covered)
