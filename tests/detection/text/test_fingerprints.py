"""Fingerprints: few, the same for the same stretch, and the same on every machine."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detection.text.fingerprints import BITS, fingerprints, packed, unpacked
from detection.thresholds import FINGERPRINT_GRAM, FINGERPRINT_WINDOW, FINGERPRINTS_MAX

LETTERS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzёңөү", min_size=1, max_size=200)
#: From so many common letters on, two texts share a fingerprint.
SURE = FINGERPRINT_GRAM + FINGERPRINT_WINDOW - 1


def test_the_numbers_are_the_same_on_every_machine() -> None:
    """What one process stored another must find: the hash of a known skeleton never changes."""
    assert unpacked(packed("ofisinerdortep")).tolist() == unpacked(packed("ofisinerdortep")).tolist()
    assert int(fingerprints("abcdef")[1][0]) == 255_664_456_148_028


@given(LETTERS)
def test_every_place_is_in_the_skeleton_and_every_number_fits(skeleton: str) -> None:
    """Places rise and point at letters; numbers are not negative and fit into their bits."""
    places, prints = fingerprints(skeleton)
    assert len(places) == len(prints) >= 1
    assert np.all(np.diff(places) > 0)
    assert 0 <= places[0] <= places[-1] < len(skeleton)
    assert np.all((prints >= 0) & (prints < 2**BITS))


@given(LETTERS, st.text(alphabet="qwxz", min_size=SURE, max_size=40), LETTERS)
def test_a_common_stretch_is_found_wherever_it_stands(before: str, stretch: str, after: str) -> None:
    """The promise of winnowing: a common stretch of nine letters leaves a common fingerprint."""
    one = set(fingerprints(before + stretch)[1].tolist())
    other = set(fingerprints(stretch + after)[1].tolist())
    assert one & other


def test_packing_sorts_and_counts_once() -> None:
    """A repeated stretch is one posting, and what is packed comes out as it was."""
    repeated = unpacked(packed("abcdefgh" * 20))
    assert len(repeated) == len(set(repeated.tolist())) < 20
    assert sorted(repeated.tolist()) == repeated.tolist()


def test_nothing_has_no_fingerprint() -> None:
    """An empty skeleton is no text."""
    assert packed("") == b""
    assert len(fingerprints("")[0]) == 0


def test_a_very_long_text_keeps_the_smallest() -> None:
    """A bounded number of postings for any text, and a copy of it keeps the same ones."""
    text = "".join(chr(97 + (i * i + i // 7) % 26) for i in range(20_000))
    prints = set(unpacked(packed(text)).tolist())
    assert len(prints) <= FINGERPRINTS_MAX
    shared = prints & set(unpacked(packed("zz" + text[:-50])).tolist())
    assert len(shared) > 0.9 * len(prints)


@given(st.text(max_size=50))
def test_any_string_is_taken(text: str) -> None:
    """Also unpaired surrogates and signs beyond the basic plane."""
    packed(text + "\ud800")
