"""Local features: mirroring descriptors is as good as mirroring the picture."""

import numpy as np
import pytest
from PIL import ImageOps

from bot.simulator.avatars import avatar
from detection.image.alignment import align_points
from detection.image.geometry import read
from detection.image.keypoints import Keypoints, find_keypoints, no_keypoints

PICTURE = avatar(6, 256).convert("L")


def test_mirrored_features_lie_on_those_of_the_mirrored_picture() -> None:
    """Descriptors that were permuted find their partners in the really mirrored picture, in the same places."""
    permuted = find_keypoints(np.asarray(PICTURE)).mirrored()
    real = find_keypoints(np.asarray(ImageOps.mirror(PICTURE)))
    aligned = align_points(permuted, real)
    assert aligned is not None
    assert aligned.inliers > 0.5 * len(real)
    assert np.abs(aligned.transform - [[1, 0, 0], [0, 1, 0]]).max() < 1


def test_mirroring_twice_changes_nothing() -> None:
    """The permutation is its own inverse."""
    points = find_keypoints(np.asarray(PICTURE))
    twice = points.mirrored().mirrored()
    assert np.array_equal(twice.descriptors, points.descriptors)
    assert np.allclose(twice.points[:, :3], points.points[:, :3], atol=1e-3)
    assert np.allclose((twice.points[:, 3] - points.points[:, 3] + 180) % 360, 180, atol=1e-2)


def test_strongest_first_and_no_more_than_asked() -> None:
    """Cutting the list keeps its start."""
    points = find_keypoints(np.asarray(PICTURE), most=40)
    assert 0 < len(points) <= 40
    assert np.array_equal(points.strongest(7).points, points.points[:7])


def test_points_of_two_copies_alternate() -> None:
    """The strongest of either come first, and none is lost when one has fewer."""
    points = find_keypoints(np.asarray(PICTURE))
    one, other = points.strongest(3), Keypoints(points.points[10:12], points.descriptors[10:12], 256, 256)
    together = one.alternating(other)
    assert together.points.tolist() == points.points[[0, 10, 1, 11, 2]].tolist()
    assert together.descriptors.tolist() == points.descriptors[[0, 10, 1, 11, 2]].tolist()


def test_points_are_looked_for_inside_the_mask_only() -> None:
    """Nothing is found where the mask is 0."""
    mask = np.zeros((256, 256), np.uint8)
    mask[:, :100] = 255
    assert find_keypoints(np.asarray(PICTURE), mask).points[:, 0].max() <= 101


def test_an_even_picture_has_no_points_and_aligns_with_nothing() -> None:
    """No points is an answer, not an error."""
    nothing = find_keypoints(np.full((64, 80), 128, np.uint8))
    assert (len(nothing), nothing.width, nothing.height) == (0, 80, 64)
    assert align_points(nothing, find_keypoints(np.asarray(PICTURE))) is None
    assert len(nothing.mirrored()) == 0


def test_a_half_size_copy_aligns_at_half_the_scale() -> None:
    """The similarity says by how much a copy was shrunk."""
    half = find_keypoints(np.asarray(PICTURE.resize((128, 128))))
    aligned = align_points(half, find_keypoints(np.asarray(PICTURE)))
    assert aligned is not None
    assert read(aligned.transform).scale == pytest.approx(2, abs=0.05)


def test_arrays_that_do_not_belong_together_are_refused() -> None:
    """A point without a descriptor is a mistake of the caller's."""
    with pytest.raises(ValueError, match="128 bytes"):
        Keypoints(np.zeros((2, 4), np.float32), np.zeros((1, 128), np.uint8), 5, 5)
    assert len(no_keypoints(3, 4)) == 0
