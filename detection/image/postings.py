"""Which stored regions have points like these: the lists of the voting index, and how a region's points vote.

A stored point is 22 bytes: a code of 128 bits, the region it belongs to, its direction and its size. Points that agree
vote for a region together with the turn and the change of size that they imply: true copies agree on both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detection import thresholds
from detection.image.keypoints import Keypoints
from detection.image.words import CELLS, CODE_WORDS, Codes, cells, codes, probed_cells

# A direction is kept in 256 steps of a turn, a size in 16 steps an octave.
_TURN: Final = 256
_OCTAVE: Final = 16
# Votes are counted in bins of 45 degrees and of one octave, once from the start of a bin and once from its middle.
_TURN_BIN: Final = 5
_OCTAVE_BIN: Final = 4
_SHIFTS: Final = ((0, 0), (1 << (_TURN_BIN - 1), 1 << (_OCTAVE_BIN - 1)))


@dataclass(frozen=True, slots=True)
class Points:
    """The points of some regions as they are stored, in any order; ``owners`` numbers the regions."""

    cells: NDArray[np.uint32]
    codes: Codes
    owners: NDArray[np.uint32]
    turns: NDArray[np.uint8]
    sizes: NDArray[np.uint8]

    @classmethod
    def of(cls, keypoints: Keypoints, owner: int) -> Points:
        """The strongest points of one region."""
        strongest = keypoints.strongest(thresholds.PHOTO_VOTING_POINTS)
        return cls(
            cells(strongest.descriptors),
            codes(strongest.descriptors),
            np.full(len(strongest), owner, np.uint32),
            *_turns_and_sizes(strongest),
        )

    @classmethod
    def joined(cls, several: Sequence[Points]) -> Points:
        """All points of several."""
        if not several:
            return cls(
                np.empty(0, np.uint32),
                np.empty((0, CODE_WORDS), np.uint64),
                np.empty(0, np.uint32),
                np.empty(0, np.uint8),
                np.empty(0, np.uint8),
            )
        return cls(
            np.concatenate([each.cells for each in several]),
            np.concatenate([each.codes for each in several]),
            np.concatenate([each.owners for each in several]),
            np.concatenate([each.turns for each in several]),
            np.concatenate([each.sizes for each in several]),
        )


def _turns_and_sizes(keypoints: Keypoints) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    turns = np.rint(keypoints.points[:, 3] * (_TURN / 360)).astype(np.int64) & (_TURN - 1)
    sizes = np.clip(np.rint(_OCTAVE * np.log2(np.maximum(keypoints.points[:, 2], 1))), 0, 255)
    return turns.astype(np.uint8), sizes.astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Postings:
    """Stored points sorted by cell; those of cell ``c`` are the rows from ``offsets[c]`` to ``offsets[c + 1]``."""

    offsets: NDArray[np.uint32]
    codes: Codes
    owners: NDArray[np.uint32]
    turns: NDArray[np.uint8]
    sizes: NDArray[np.uint8]

    @classmethod
    def of(cls, points: Points) -> Postings:
        """Sort points by their cells."""
        order = np.argsort(points.cells, kind="stable")
        offsets = np.zeros(CELLS + 1, np.uint32)
        np.cumsum(np.bincount(points.cells, minlength=CELLS), out=offsets[1:])
        return cls(offsets, points.codes[order], points.owners[order], points.turns[order], points.sizes[order])

    def __len__(self) -> int:
        return len(self.owners)


@dataclass(frozen=True, slots=True)
class PointQuery:
    """The points of a region that is searched for, with the cells that each looks into."""

    probes: NDArray[np.uint32]
    codes: Codes
    turns: NDArray[np.uint8]
    sizes: NDArray[np.uint8]

    @classmethod
    def of(cls, keypoints: Keypoints) -> PointQuery:
        """What to look up for a region's points."""
        turns, sizes = _turns_and_sizes(keypoints)
        return cls(probed_cells(keypoints.descriptors), codes(keypoints.descriptors), turns, sizes)

    def __len__(self) -> int:
        return len(self.codes)


def votes(postings: Postings, query: PointQuery) -> tuple[NDArray[np.uint32], NDArray[np.float64]]:
    """The regions that got votes, and how many: the sum over agreeing points of 1 for equal codes down to 0.4."""
    rows, asked, distances = _agreeing(postings, query)
    if not len(rows):
        return np.empty(0, np.uint32), np.empty(0)
    weights = 1 - distances / 40
    owners = postings.owners[rows].astype(np.int64)
    turned = (postings.turns[rows] - query.turns[asked]).astype(np.int64)
    grown = postings.sizes[rows].astype(np.int64) - query.sizes[asked] + _TURN
    found, best = np.unique(owners), np.zeros(0)
    for turn_shift, size_shift in _SHIFTS:
        turn_bin = ((turned + turn_shift) & (_TURN - 1)) >> _TURN_BIN
        bins = (owners << 8) | (turn_bin << 5) | ((grown + size_shift) >> _OCTAVE_BIN & 31)
        counted = _counted(bins, asked, weights, found)
        best = counted if not len(best) else np.maximum(best, counted)
    return found.astype(np.uint32), best


def _counted(
    bins: NDArray[np.int64], asked: NDArray[np.int64], weights: NDArray[np.float64], owners: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The votes of each owner's best bin; a point of the query votes once in a bin, with its nearest partner."""
    keys = bins * 1024 + asked
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    first = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    single = np.maximum.reduceat(weights[order], first)
    bins = keys[first] >> 10
    first = np.flatnonzero(np.r_[True, bins[1:] != bins[:-1]])
    sums = np.add.reduceat(single, first)
    best = np.zeros(len(owners))
    np.maximum.at(best, np.searchsorted(owners, bins[first] >> 8), sums)
    return best


def _agreeing(postings: Postings, query: PointQuery) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]:
    """Rows of stored points whose code is near a query point's in one of its cells, that point, and the distance."""
    starts = postings.offsets[query.probes].astype(np.int64)
    lengths = (postings.offsets[query.probes + 1] - starts).ravel()
    starts = starts.ravel()
    before = np.cumsum(lengths) - lengths
    rows = np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))
    asked = np.repeat(np.repeat(np.arange(len(query)), query.probes.shape[1]), lengths)
    distances = np.bitwise_count(postings.codes[rows, 0] ^ query.codes[asked, 0])
    # Half of the code already rules most of them out.
    near = np.flatnonzero(distances <= thresholds.PHOTO_POINT_BITS)
    rows, asked = rows[near], asked[near]
    distances = distances[near] + np.bitwise_count(postings.codes[rows, 1] ^ query.codes[asked, 1])
    near = np.flatnonzero(distances <= thresholds.PHOTO_POINT_BITS)
    return rows[near], asked[near], distances[near]
