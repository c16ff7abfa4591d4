"""Fingerprints of many skeletons at once are those of each alone."""

from hypothesis import given
from hypothesis import strategies as st

from detection.text.fingerprint_batches import packed_all
from detection.text.fingerprints import packed
from detection.thresholds import FINGERPRINTS_MAX

LETTERS = st.text(alphabet="abcяё\U0001f600\ud800", max_size=60)


@given(st.lists(LETTERS, max_size=12))
def test_together_as_alone(skeletons: list[str]) -> None:
    """Whatever stands beside a skeleton, of whatever length, and however often the same: its prints are its own."""
    assert packed_all(skeletons) == [packed(skeleton) for skeleton in skeletons]


def test_very_long_and_very_short_ones_among_others() -> None:
    """The limits on both ends hold in company too."""
    long = "".join(chr(97 + (n * n + n // 7) % 26) for n in range(6 * FINGERPRINTS_MAX))
    skeletons = ["", "a", "abcdefgh", "abcdefghi", "abcdefghij", long, long[:FINGERPRINTS_MAX], "x" * 500]
    assert packed_all(skeletons) == [packed(skeleton) for skeleton in skeletons]
    assert packed_all([]) == []
