"""Pairs to learn from: each query with the stored texts that share its fingerprints, in the numbers of a likeness.

The index is the product's in memory: the same fingerprints, cap, candidates and likeness as in the archive.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detection.text.candidates import Asked
from detection.text.likeness import FEATURES, Profile, likeness
from detection.text.normalise import normalise
from detection.text.shelf import Shelf

UNRELATED = "unrelated"


@dataclass
class Pairs:
    """Rows of numbers with the query and the stored text that each is of."""

    rows: list[tuple[float, ...]] = field(default_factory=list)
    query: list[int] = field(default_factory=list)
    number: list[int] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)

    def ask(self, shelf: Shelf, text: str, kind: str, origin: int) -> None:
        """Add one query: `origin` is the place of the stored text that was edited, or of the unrelated query."""
        numbers, rows = _near(shelf, normalise(text).words)
        self.query += [len(self.kinds)] * len(numbers)
        self.kinds.append(kind)
        self.sources.append(-1 if kind == UNRELATED else origin)
        self.origins.append(origin)
        self.sizes.append(len(shelf.words))
        self.number += numbers
        self.rows += rows

    def arrays(self) -> "Table":
        """The same in NumPy."""
        return Table(
            np.array(self.rows, dtype=np.float32).reshape(-1, len(FEATURES)),
            np.array(self.query),
            np.array(self.number),
            np.array(self.kinds),
            np.array(self.sources),
            np.array(self.sizes),
            np.array(self.origins),
        )


@dataclass(frozen=True)
class Table:
    """`rows[i]` compares query `query[i]` with stored text `number[i]`; the rest is per query.

    `sources` is the place of the edited text, -1 for an unrelated query; `sizes` how many texts were stored; `origins`
    the place of the edited text or of the unrelated query, whichever it is.
    """

    rows: NDArray[np.float32]
    query: NDArray[np.int64]
    number: NDArray[np.int64]
    kinds: NDArray[np.str_]
    sources: NDArray[np.int64]
    sizes: NDArray[np.int64]
    origins: NDArray[np.int64]

    @property
    def is_true(self) -> NDArray[np.bool_]:
        """Whether a row is the query's source."""
        found: NDArray[np.bool_] = self.sources[self.query] == self.number
        return found

    @property
    def is_unrelated(self) -> NDArray[np.bool_]:
        """Whether a row's query is an unrelated one."""
        found: NDArray[np.bool_] = self.sources[self.query] < 0
        return found


def shelf_of(texts: Sequence[str]) -> Shelf:
    """A shelf with these texts."""
    return Shelf(normalise(text).words for text in texts)


def _near(shelf: Shelf, words: str) -> tuple[list[int], list[tuple[float, ...]]]:
    """The numbers of the texts near a text, and the likeness to each."""
    asked = Asked(words)
    found = shelf.near(asked)
    if not found:
        return [], []
    profile = Profile.of(words, asked.weights(shelf.holders, len(shelf.words)))
    likenesses = [likeness(profile, shelf.words[c.number], c.mass, c.rank, len(shelf.words)) for c in found]
    return [c.number for c in found], [each.values for each in likenesses]
