"""Pages: whatever number a button carries."""

from bot.model.paging import first_row


def test_pages_count_from_nothing() -> None:
    """A page begins after all that come before it; below the first there is none."""
    assert [first_row(page, 5) for page in (-3, 0, 1, 7)] == [0, 0, 5, 35]


def test_no_page_fits_no_column() -> None:
    """The farthest page of a thousand rows is still a number that both engines take."""
    assert first_row(1 << 61, 1_000) < 1 << 31
