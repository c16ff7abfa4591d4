"""The fast hash is ImageHash's, and its mirror hash is the hash of the mirrored picture."""

import imagehash
import numpy as np
import pytest
from PIL import Image, ImageOps

from bot.simulator.avatars import avatar
from detection.image.phash import HASH_BYTES, phash_pair

#: A bit whose frequency equals the median to the last digit may fall either way.
ROUNDING = 2


def bits(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def reference(picture: Image.Image) -> bytes:
    return np.packbits(np.asarray(imagehash.phash(picture, hash_size=16).hash, dtype=np.bool_).ravel()).tobytes()


@pytest.mark.parametrize("size", [(200, 200), (64, 64), (31, 90), (256, 120)])
def test_agrees_with_imagehash_on_the_picture_and_on_its_mirror_image(size: tuple[int, int]) -> None:
    """Twelve portraits in each shape, each really mirrored for the reference."""
    for seed in range(12):
        picture = avatar(seed).resize(size).convert("L")
        plain, mirrored = phash_pair(np.asarray(picture))
        assert len(plain) == HASH_BYTES
        assert bits(plain, reference(picture)) <= ROUNDING
        assert bits(mirrored, reference(ImageOps.mirror(picture))) <= ROUNDING


def test_the_mirror_image_has_the_same_two_hashes_the_other_way_round() -> None:
    """Which of two mirrored pictures came first does not matter."""
    picture = avatar(4).convert("L")
    plain, mirrored = phash_pair(np.asarray(picture))
    again = phash_pair(np.asarray(ImageOps.mirror(picture)))
    assert bits(again[0], mirrored) <= ROUNDING
    assert bits(again[1], plain) <= ROUNDING
