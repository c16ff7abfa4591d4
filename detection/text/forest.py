"""A small forest of decision trees over the numbers of a likeness: how much they speak for a copy, in log-odds.

The trees were grown offline by gradient boosting; benchmarks/text/fitting says on which texts and edits, and which of
the signs of FEATURES bind it. The file holds nothing but splits and leaves.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from detection.text.likeness import FEATURES

_FILE: Final = "forest.json"


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees of one depth, laid out as complete binary trees: row t, node n has children 2n+1 and 2n+2."""

    depth: int
    #: (trees, 2^depth - 1): which number is asked about, and up to what value the way goes left.
    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    #: (trees, 2^depth)
    leaf: NDArray[np.float64]

    def scores(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The log-odds of each row of numbers, shape (rows, len(FEATURES))."""
        nodes = 2**self.depth - 1
        # Flat places: an index into one long row costs a third of one into a table.
        first = np.arange(len(self.feature)) * nodes
        line = (np.arange(len(rows)) * rows.shape[1])[:, None]
        node = np.zeros((len(rows), len(first)), dtype=np.int64)
        for _ in range(self.depth):
            place = node + first
            node = 2 * node + 1 + (rows.take(line + self.feature.take(place)) > self.threshold.take(place))
        scores: NDArray[np.float64] = self.leaf.take(node + (np.arange(len(first)) * (nodes + 1) - nodes)).sum(axis=1)
        return scores


def forest_of(read: dict[str, Any]) -> Forest:
    """The forest that the file's object describes. Raises ValueError when it was grown for other numbers."""
    if read["features"] != list(FEATURES):
        raise ValueError("the forest was grown for other features")
    return Forest(
        depth=int(read["depth"]),
        feature=np.array(read["feature"], dtype=np.int64),
        threshold=np.array(read["threshold"], dtype=np.float64),
        leaf=np.array(read["leaf"], dtype=np.float64),
    )


@cache
def forest() -> Forest:
    """The forest that ships with the package."""
    return forest_of(json.loads(resources.files("detection.text").joinpath(_FILE).read_text("utf-8")))
