"""Descriptions in the archive: what was written is read again, and what was changed is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.simulator.avatars import avatar
from detection.image.describing import describe
from detection.image.description import Description
from detection.image.packing import NotADescription, pack, unpack

DESCRIBED = describe(avatar(3))
PACKED = pack(DESCRIBED)


def test_a_description_survives_the_archive() -> None:
    """Boxes, hashes and descriptors exactly; points to a hundredth of a pixel; the view as a small JPEG."""
    again = unpack(PACKED)
    assert (again.width, again.height, again.page) == (DESCRIBED.width, DESCRIBED.height, DESCRIBED.page)
    for one, other in zip(DESCRIBED.regions, again.regions, strict=True):
        assert (one.kind, one.box, one.hashes) == (other.kind, other.box, other.hashes)
        assert np.array_equal(one.keypoints.descriptors, other.keypoints.descriptors)
        assert np.abs(one.keypoints.points - other.keypoints.points).max() < 0.01
        assert max(other.view.shape) == 128


def test_packing_what_was_unpacked_gives_the_same_regions() -> None:
    """A row that is read and written again stays a row of the same photo."""
    once, twice = unpack(PACKED), unpack(pack(unpack(PACKED)))
    assert [r.hashes for r in once.regions] == [r.hashes for r in twice.regions]
    assert np.array_equal(once.regions[0].keypoints.descriptors, twice.regions[0].keypoints.descriptors)


def test_a_photo_takes_less_than_thirty_kilobytes() -> None:
    """What 100,000 photos cost the archive is known: under 3 GB."""
    assert len(PACKED) < 30_000


def test_a_blank_has_no_regions_and_can_be_stored() -> None:
    """Nothing to find is no error."""
    blank = describe(Image.new("RGB", (300, 200), "white"))
    assert unpack(pack(blank)) == Description(width=300, height=200, page=True, regions=())


@given(st.integers(0, len(PACKED) - 1), st.integers(1, 255))
def test_every_changed_byte_is_noticed(at: int, change: int) -> None:
    """Bytes that are not as they were written are never taken for a photo."""
    damaged = bytearray(PACKED)
    damaged[at] ^= change
    with pytest.raises(NotADescription):
        unpack(bytes(damaged))


@given(st.integers(0, len(PACKED) - 1))
def test_a_row_that_was_cut_short_is_refused(length: int) -> None:
    """At any length."""
    with pytest.raises(NotADescription):
        unpack(PACKED[:length])


@given(st.binary(max_size=200))
def test_foreign_bytes_are_refused(data: bytes) -> None:
    """Whatever they are."""
    with pytest.raises(NotADescription):
        unpack(data)
