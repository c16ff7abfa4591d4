"""Where a page of a list begins, whatever number a button or a stored reply carries."""

from typing import Final

#: Nobody turns so many pages; a number that fits no column would end as an error for whoever pressed.
FARTHEST: Final = 1_000_000


def first_of(page: int, size: int) -> int:
    """The place of a page's first line, from 0; of what is before the first or beyond all pages, that of the next."""
    return min(max(0, page), FARTHEST) * size
