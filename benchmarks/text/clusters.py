"""How well found groups agree with the true ones, by pairs of comments."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreement:
    """Pairs: found together and truly together, found together, truly together."""

    right: int
    found: int
    true: int

    @property
    def precision(self) -> float:
        """Of the pairs found together, the share that belongs together."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Of the pairs that belong together, the share found together."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def agreement(found: Sequence[object], true: Sequence[object]) -> Agreement:
    """Compare two labellings of the same things; None is a group of its own each time.

    Raises:
        ValueError: The labellings differ in length.
    """
    both = [pair for pair in zip(found, true, strict=True) if None not in pair]
    return Agreement(
        right=_pairs(Counter(both)),
        found=_pairs(Counter(label for label in found if label is not None)),
        true=_pairs(Counter(label for label in true if label is not None)),
    )


def _pairs(sizes: Counter[object] | Counter[tuple[object, object]]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())
