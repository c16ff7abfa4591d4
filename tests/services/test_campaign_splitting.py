"""Which texts leave a campaign with one that is split off."""

from hypothesis import given
from hypothesis import strategies as st

from bot.services.campaign_splitting import Likeness, side_of


def link(links: dict[int, dict[int, Likeness]], one: int, other: int, score: float, *, is_copy: bool = True) -> None:
    for a, b in ((one, other), (other, one)):
        links.setdefault(a, {})[b] = Likeness(score=score, is_copy=is_copy)


def test_a_split_cuts_the_weakest_link() -> None:
    """Two tight groups with a bridge part at the bridge, from whichever side; a lone text leaves alone."""
    links: dict[int, dict[int, Likeness]] = {}
    for one, other, score in ((1, 2, 0.99), (2, 3, 0.98), (3, 4, 0.91), (4, 5, 0.97), (5, 6, 0.95)):
        link(links, one, other, score)
    assert side_of(6, [1, 2, 3, 4, 5], links) == {4, 5, 6}
    assert side_of(1, [6, 5, 4, 3, 2], links) == {1, 2, 3}
    assert side_of(7, [1, 2, 3], links) == {7}
    assert side_of(7, [], links) == {7}


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6), st.floats(0.9, 1)), max_size=20), st.integers(1, 6))
def test_a_split_leaves_two_sides(edges: list[tuple[int, int, float]], number: int) -> None:
    """Whatever is alike: the text leaves, and something stays."""
    links: dict[int, dict[int, Likeness]] = {}
    for one, other, score in edges:
        link(links, one, other, score)
    others = [n for n in range(1, 7) if n != number]
    leaving = side_of(number, others, links)
    assert number in leaving
    assert leaving < {number, *others}
