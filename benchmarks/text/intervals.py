"""Proportions with their 95 % interval."""

from dataclasses import dataclass
from math import sqrt
from typing import Final

_Z: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Proportion:
    """`hits` out of `of`."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The point; 0 of nothing."""
        return self.hits / self.of if self.of else 0.0

    def wilson(self) -> tuple[float, float]:
        """The 95 % interval after Wilson (1927), which holds for small counts and near 0 and 1."""
        if not self.of:
            return 0.0, 1.0
        n, p = self.of, self.value
        centre = (p + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
        half = _Z / (1 + _Z * _Z / n) * sqrt(p * (1 - p) / n + _Z * _Z / (4 * n * n))
        return max(0.0, centre - half), min(1.0, centre + half)

    def __str__(self) -> str:
        low, high = self.wilson()
        if self.value and self.value < 0.02:
            return f"{self.value:.1e} [{low:.1e}, {high:.1e}]"
        return f"{self.value:.3f} [{low:.3f}, {high:.3f}]"
