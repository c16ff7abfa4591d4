"""How a local feature is looked up: the cell of the index it belongs to, and a code of 128 bits to compare there.

Cells are an inverted multi-index (A. Babenko, V. Lempitsky, "The Inverted Multi-Index", 2012): each half of a
descriptor has 512 centres, and the pair of nearest ones is one of 262,144 cells, for the price of 1,024 comparisons.
The code has a bit a dimension: is it above the dimension's median?

``codebook.npy`` holds the medians and the centres (of square roots, 15 steps a unit), learnt from the descriptors of
900 photos by ``benchmarks/images/fitting``. Stored cells depend on it: `codebook_version` changes when it does.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detection import thresholds

CENTRES: Final = 512
CELLS: Final = CENTRES * CENTRES
CODE_WORDS: Final = 2
HALF: Final = 64
STEPS: Final = 15.0

Codes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class _Codebook:
    medians: NDArray[np.uint8]
    centres: tuple[NDArray[np.float32], NDArray[np.float32]]
    version: int


@cache
def _codebook() -> _Codebook:
    with resources.files("detection.image").joinpath("codebook.npy").open("rb") as file:
        rows = np.load(file, allow_pickle=False)
    halves = rows[2:].astype(np.float32).reshape(2, CENTRES, HALF) / STEPS
    return _Codebook(
        medians=rows[:2].reshape(-1),
        centres=(halves[0], halves[1]),
        version=zlib.crc32(rows.tobytes()),
    )


def codebook_version() -> int:
    """What an index must have been built with to be searched now."""
    return _codebook().version


def codes(descriptors: NDArray[np.uint8]) -> Codes:
    """A code of 128 bits for each descriptor (n, 128): (n, 2) uint64."""
    bits = np.packbits(descriptors > _codebook().medians, axis=1)
    joined: Codes = np.ascontiguousarray(bits).view(np.uint64)
    return joined


def cells(descriptors: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """The cell of each descriptor (n, 128)."""
    (_, first), (_, second) = _nearest(descriptors, 1)
    nearest: NDArray[np.uint32] = (first[:, 0] * CENTRES + second[:, 0]).astype(np.uint32)
    return nearest


def probed_cells(descriptors: NDArray[np.uint8], most: int = thresholds.PHOTO_PROBED_CELLS) -> NDArray[np.uint32]:
    """The ``most`` nearest cells of each descriptor, in no order: (n, most)."""
    # The nearest cells lie among the nearest few centres of each half: with 6 a half there are 36 pairs to choose from.
    few = max(6, int(np.ceil(np.sqrt(most))))
    (far, first), (far_second, second) = _nearest(descriptors, few)
    together = (far[:, :, None] + far_second[:, None, :]).reshape(-1, few * few)
    pairs = (first[:, :, None] * CENTRES + second[:, None, :]).reshape(-1, few * few)
    best = np.argpartition(together, most - 1, axis=1)[:, :most]
    chosen: NDArray[np.uint32] = np.take_along_axis(pairs, best, axis=1).astype(np.uint32)
    return chosen


def _nearest(descriptors: NDArray[np.uint8], few: int) -> list[tuple[NDArray[np.float32], NDArray[np.int32]]]:
    """For each half of the descriptors the squared distances (n, few) to its nearest centres, and which those are.

    OpenCV's own loop: matrix products in NumPy wake threads for every call, which on busy cores takes ten times longer.
    """
    if not len(descriptors):
        return [(np.empty((0, few), np.float32), np.empty((0, few), np.int32))] * 2
    roots = np.sqrt(descriptors, dtype=np.float32)
    found = []
    for half, centres in zip((roots[:, :HALF], roots[:, HALF:]), _codebook().centres, strict=True):
        distances, places = cv2.batchDistance(
            np.ascontiguousarray(half), centres, cv2.CV_32F, normType=cv2.NORM_L2SQR, K=few
        )
        found.append((np.asarray(distances, np.float32), np.asarray(places, np.int32)))
    return found
