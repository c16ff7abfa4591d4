"""How sure a share is: Wilson's interval, for observations of which some belong together."""

import math
from collections.abc import Collection
from typing import Final

from bot.model.report import Share

#: The 97.5 % quantile of the normal distribution: intervals of 95 %.
Z: Final = 1.959963984540054


def wilson(share: float, total: float, z: float = Z) -> tuple[float, float]:
    """The interval of a share that was seen in `total` independent observations (Wilson 1927), within 0..1.

    It is used because it holds what it promises also near 0 and 1 and for few observations, where the textbook's
    interval does not (Brown, Cai and DasGupta 2001). Raises ValueError for a total of nothing.
    """
    if total <= 0:
        raise ValueError("a share of nothing has no interval")
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(0.0, centre - half), min(1.0, centre + half)


def effective(sizes: Collection[int]) -> float:
    """How many independent observations these groups are worth (Kish 1965): their sum squared by the sum of squares.

    Whether a comment is a fake's is decided by its author: a hundred comments by one account tell no more than one.
    """
    squares = sum(size * size for size in sizes)
    total = sum(sizes)
    return total * total / squares if squares else 0.0


def share_of(count: int, sizes: Collection[int]) -> Share:
    """The share that `count` is of all observations, of which each group of `sizes` counts as its author's."""
    total = sum(sizes)
    if not total:
        return Share(count=0, total=0, effective=0.0, value=None, low=None, high=None)
    worth = effective(sizes)
    value = count / total
    low, high = wilson(value, worth)
    return Share(count=count, total=total, effective=worth, value=value, low=low, high=high)


def plain_share(count: int, total: int) -> Share:
    """The share of observations that are independent."""
    if not total:
        return Share(count=0, total=0, effective=0.0, value=None, low=None, high=None)
    low, high = wilson(count / total, total)
    return Share(count=count, total=total, effective=float(total), value=count / total, low=low, high=high)
