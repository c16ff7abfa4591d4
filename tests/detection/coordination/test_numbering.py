"""Farms keep their numbers while they grow, split and merge."""

from hypothesis import given
from hypothesis import strategies as st

from detection.coordination.numbering import numbered


def test_a_farm_that_grows_keeps_its_number() -> None:
    """Also when half of its accounts are replaced."""
    assert numbered({3: {1, 2, 3, 4}}, [{3, 4, 5, 6, 7}, {20, 21}]) == [3, None]


def test_of_a_split_the_greatest_part_keeps_the_number() -> None:
    """The other part is a new farm."""
    assert numbered({1: set(range(10))}, [set(range(3)), set(range(3, 10))]) == [None, 1]


def test_of_a_merger_the_farm_with_more_accounts_goes_on() -> None:
    """On a tie the older one."""
    assert numbered({1: {1, 2}, 2: {3, 4, 5}}, [{1, 2, 3, 4, 5}]) == [2]
    assert numbered({1: {1, 2}, 2: {3, 4}}, [{1, 2, 3, 4}]) == [1]


def test_a_few_accounts_in_common_are_no_identity() -> None:
    """Spares that two farms share do not make one the other."""
    assert numbered({1: set(range(20))}, [{0, 1, *range(100, 120)}]) == [None]


@given(
    st.dictionaries(st.integers(1, 9), st.frozensets(st.integers(0, 40), min_size=1), max_size=6),
    st.lists(st.frozensets(st.integers(0, 40), min_size=1), max_size=6),
)
def test_no_number_is_given_twice(known: dict[int, frozenset[int]], found: list[frozenset[int]]) -> None:
    """Whatever there was and is; and every number given is a known one."""
    seen: set[int] = set()
    apart = [each - seen for each in found if (each - seen, seen.update(each))[0]]
    given_numbers = [number for number in numbered(known, apart) if number is not None]
    assert len(given_numbers) == len(set(given_numbers))
    assert set(given_numbers) <= set(known)
