"""Photo matching: the fast index says what the plain comparison says, and says it of copies only."""

import random
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageOps

from detection.image.fingerprint import HASH_BYTES, PhotoPrint, RegionPrint, fingerprint
from detection.image.matching import KnownPhoto, PhotoIndex, find_matches, known_photos
from detection.image.opening import open_image
from detection.thresholds import PHOTO_MATCH_BITS, PHOTO_POSSIBLE_BITS
from tests.detection.image import hostile

ORIGIN = random.Random(3).randbytes(HASH_BYTES)


def near(bits: frozenset[int]) -> bytes:
    """The origin with these bits flipped, so that distances fall on both sides of every threshold."""
    value = int.from_bytes(ORIGIN)
    for bit in bits:
        value ^= 1 << bit
    return value.to_bytes(HASH_BYTES)


hashes = st.builds(near, st.frozensets(st.integers(0, 255), max_size=60)) | st.binary(
    min_size=HASH_BYTES, max_size=HASH_BYTES
)
knowns = st.lists(st.builds(KnownPhoto, ref=st.integers(0, 8), phash=hashes), max_size=30)
regions = st.lists(st.builds(RegionPrint, box=st.just((1, 2, 30, 40)), phash=hashes, mirrored=hashes), max_size=2)
prints = st.builds(
    PhotoPrint,
    phash=hashes,
    mirrored=hashes,
    width=st.just(400),
    height=st.just(300),
    flat=st.booleans(),
    regions=regions.map(tuple),
)


@given(knowns, knowns, st.sets(st.integers(0, 8)), prints)
def test_index_agrees_with_plain_search(
    first: list[KnownPhoto], second: list[KnownPhoto], dropped: set[int], query: PhotoPrint
) -> None:
    """After any adding and discarding the index gives what comparing one by one gives, in the same order."""
    index = PhotoIndex(first)
    index.discard(dropped)
    index.extend(second)
    kept = [known for known in first if known.ref not in dropped] + second
    assert index.search(query) == find_matches(query, kept)
    assert len(index) == len(kept)


def test_mirrored_copy_is_found_and_said_to_be_mirrored() -> None:
    """A mirrored, recompressed, smaller copy is a match of its source and of nothing else among 50."""
    index = PhotoIndex(known for seed in range(50) for known in known_photos(seed, fingerprint(hostile.drawing(seed))))
    small = ImageOps.mirror(hostile.drawing(7)).resize((200, 150))
    (match,) = index.search(fingerprint(open_image(hostile.encoded(small, quality=50)).rgb))
    assert (match.ref, match.tier, match.mirrored, match.region) == (7, "match", True, (0, 0, 200, 150))
    assert match.score > 0.84


def test_framed_copy_is_found_with_its_region() -> None:
    """A photo shown in a frame is matched where it lies."""
    index = PhotoIndex(known_photos(1, fingerprint(hostile.drawing(1))))
    framed = ImageOps.expand(hostile.drawing(1), (0, 150, 0, 150), "black")
    (match,) = index.search(fingerprint(framed))
    assert match.tier == "match"
    assert not match.mirrored
    assert abs(match.region[1] - 150) <= 3
    assert abs(match.region[3] - 300) <= 6


def test_different_pictures_never_match() -> None:
    """Of 150 unrelated pictures none is a copy of another, nor possibly one."""
    shown = [fingerprint(hostile.drawing(seed)) for seed in range(150)]
    index = PhotoIndex(known for ref, photo in enumerate(shown) for known in known_photos(ref, photo))
    assert [[match.ref for match in index.search(photo)] for photo in shown] == [[ref] for ref in range(150)]


@pytest.mark.parametrize(
    ("bits", "tier"),
    [
        (0, "match"),
        (PHOTO_MATCH_BITS, "match"),
        (PHOTO_MATCH_BITS + 1, "possible"),
        (PHOTO_POSSIBLE_BITS, "possible"),
        (PHOTO_POSSIBLE_BITS + 1, None),
    ],
)
def test_tiers_begin_at_their_thresholds(bits: int, tier: str | None) -> None:
    """A match ends at its last bit, a possible one at its own, and beyond there is nothing."""
    query = PhotoPrint(phash=ORIGIN, mirrored=bytes(HASH_BYTES), width=1, height=1, flat=False)
    found = PhotoIndex([KnownPhoto(ref=5, phash=near(frozenset(range(bits))))]).search(query)
    assert [match.tier for match in found] == ([tier] if tier else [])
    assert all(match.distance == bits and match.score == 1 - bits / 256 for match in found)


def test_flat_picture_is_known_by_its_regions_only() -> None:
    """A page counts for the photo that is shown on it, and for nothing else."""
    region = RegionPrint(box=(1, 2, 3, 4), phash=ORIGIN, mirrored=ORIGIN)
    shown = PhotoPrint(phash=bytes(32), mirrored=bytes(32), width=9, height=9, flat=True, regions=(region,))
    assert known_photos(1, shown) == (KnownPhoto(ref=1, phash=ORIGIN),)
    assert [match.region for match in PhotoIndex(known_photos(1, shown)).search(shown)] == [(1, 2, 3, 4)]
    assert PhotoIndex([KnownPhoto(ref=1, phash=bytes(32))]).search(shown) == []


def test_blank_neither_matches_nor_is_stored() -> None:
    """Two blanks are not copies of each other."""
    blank = PhotoPrint(phash=ORIGIN, mirrored=ORIGIN, width=9, height=9, flat=True)
    assert known_photos(1, blank) == ()
    assert PhotoIndex([KnownPhoto(ref=1, phash=ORIGIN)]).search(blank) == []


def test_hash_of_wrong_length_is_refused() -> None:
    """A damaged row is refused at the door, not found wanting at the search."""
    with pytest.raises(ValueError, match="32 bytes"):
        KnownPhoto(ref=1, phash=b"short")


def test_search_in_a_thread_sees_whole_states() -> None:
    """While photos come and go, a search in another thread finds the one that is always there, and no rubbish."""
    source = random.Random(1)
    index = PhotoIndex([KnownPhoto(ref=0, phash=ORIGIN)])
    query = PhotoPrint(phash=ORIGIN, mirrored=near(frozenset(range(128))), width=1, height=1, flat=False)
    seen: list[list[int]] = []
    stop = threading.Event()

    def search() -> None:
        while not stop.is_set():
            seen.append([match.ref for match in index.search(query)])

    reader = threading.Thread(target=search)
    reader.start()
    for ref in range(1, 400):
        index.extend([KnownPhoto(ref=ref, phash=source.randbytes(HASH_BYTES))])
        index.discard([ref - 50] if ref > 50 else [])
    stop.set()
    reader.join()
    assert seen
    assert all(refs == [0] for refs in seen)
