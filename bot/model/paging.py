"""Which row a page begins with, whatever number a button carries."""

from typing import Final

#: Nobody turns so many pages; a number that fits no column would end as an error for whoever pressed.
_FARTHEST: Final = 1_000_000


def first_row(page: int, size: int) -> int:
    """How many rows come before a page of `size` rows: pages count from 0, and those beyond all others are empty."""
    return min(max(0, page), _FARTHEST) * size
