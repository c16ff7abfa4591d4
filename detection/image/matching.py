"""Find the known photos of which a picture is a copy, by Hamming distance between 256-bit fingerprints.

``PhotoIndex`` compares a query with every stored hash: exact, and faster than graphs and trees up to 1e5 photos
(1.4 ms for 16 hashes against 10,000). ``find_matches`` is the plain version with which it must agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from detection import thresholds
from detection.image.fingerprint import HASH_BYTES, Box, PhotoPrint

PhotoTier = Literal["match", "possible"]

_WORDS: Final = HASH_BYTES // 8
_BITS: Final = HASH_BYTES * 8


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPhoto:
    """One stored hash of the photo ``ref``; several may share a ref. Raises ValueError for a hash of wrong length."""

    ref: int
    phash: bytes

    def __post_init__(self) -> None:
        if len(self.phash) != HASH_BYTES:
            raise ValueError(f"a photo hash has {HASH_BYTES} bytes, not {len(self.phash)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoMatch:
    """One known photo found in a picture.

    ``distance`` is in bits of 256, ``score`` the share of equal bits; ``region`` is (x, y, width, height) in pixels of
    the picture that was searched; ``mirrored`` says that the mirror image of the picture is the copy.
    """

    ref: int
    score: float
    distance: int
    tier: PhotoTier
    mirrored: bool
    region: Box


@dataclass(frozen=True, slots=True)
class _Probe:
    """One hash to search for, and what a hit with it means."""

    phash: bytes
    mirrored: bool
    region: Box


def known_photos(ref: int, photo: PhotoPrint) -> tuple[KnownPhoto, ...]:
    """What to store for a picture: the whole, unless it is flat, and what its frame encloses."""
    whole = () if photo.flat else (photo.phash,)
    hashes = dict.fromkeys((*whole, *(region.phash for region in photo.regions)))
    return tuple(KnownPhoto(ref=ref, phash=phash) for phash in hashes)


def find_matches(photo: PhotoPrint, known: Iterable[KnownPhoto]) -> list[PhotoMatch]:
    """Every known photo within the distance of a possible match, best first, one hit a ref: the plain reference."""
    hits = [
        _match(entry.ref, (int.from_bytes(entry.phash) ^ int.from_bytes(probe.phash)).bit_count(), probe)
        for probe in _probes(photo)
        for entry in known
    ]
    return _best(hits)


class PhotoIndex:
    """All known photo hashes in memory, 40 bytes each, searched exhaustively.

    ``search`` may run in another thread while ``extend`` or ``discard`` runs in one: it works on the rows that were
    there when it began. ``extend`` and ``discard`` themselves must not run at the same time.
    """

    def __init__(self, known: Iterable[KnownPhoto] = ()) -> None:
        self._columns: NDArray[np.uint64] = np.empty((_WORDS, 0), dtype=np.uint64)
        self._refs: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._view = (self._columns, self._refs)
        self.extend(known)

    def __len__(self) -> int:
        """How many hashes are held; a photo with a frame counts twice."""
        return len(self._view[1])

    def extend(self, known: Iterable[KnownPhoto]) -> None:
        """Add hashes; they are found from then on. A ref that is there already gains another hash."""
        entries = tuple(known)
        if not entries:
            return
        used, total = len(self), len(self) + len(entries)
        if total > self._refs.size:
            self._grow(used, max(total, 2 * used))
        packed = np.frombuffer(b"".join(entry.phash for entry in entries), dtype=np.uint64)
        self._columns[:, used:total] = packed.reshape(-1, _WORDS).T
        self._refs[used:total] = [entry.ref for entry in entries]
        # One assignment publishes the new rows, so that a search sees either none or all of them.
        self._view = (self._columns[:, :total], self._refs[:total])

    def discard(self, refs: Iterable[int]) -> None:
        """Forget every hash of these photos; unknown refs are no error."""
        columns, held = self._view
        keep = ~np.isin(held, np.fromiter(refs, dtype=np.int64))
        self._columns, self._refs = np.ascontiguousarray(columns[:, keep]), held[keep]
        self._view = (self._columns, self._refs)

    def search(self, photo: PhotoPrint) -> list[PhotoMatch]:
        """Every known photo within the distance of a possible match, best first, one hit a ref."""
        columns, refs = self._view
        hits: list[PhotoMatch] = []
        for probe in _probes(photo):
            distances = _distances(columns, probe.phash)
            rows = np.flatnonzero(distances <= thresholds.PHOTO_POSSIBLE_BITS)
            hits.extend(_match(int(refs[row]), int(distances[row]), probe) for row in rows)
        return _best(hits)

    def _grow(self, used: int, capacity: int) -> None:
        columns, refs = np.empty((_WORDS, capacity), dtype=np.uint64), np.empty(capacity, dtype=np.int64)
        columns[:, :used], refs[:used] = self._view[0], self._view[1]
        self._columns, self._refs = columns, refs


def _distances(columns: NDArray[np.uint64], phash: bytes) -> NDArray[np.uint16]:
    """Hamming distance of one hash to every row; column by column, which is 5 times faster than row by row."""
    words = np.frombuffer(phash, dtype=np.uint64)
    distances = np.zeros(columns.shape[1], dtype=np.uint16)
    for column, word in zip(columns, words, strict=True):
        distances += np.bitwise_count(column ^ word)
    return distances


def _probes(photo: PhotoPrint) -> Iterator[_Probe]:
    """The hashes to search for: the whole, unless it is flat, and its regions, each plain and mirrored."""
    whole: Box = (0, 0, photo.width, photo.height)
    if not photo.flat:
        yield _Probe(photo.phash, False, whole)
        yield _Probe(photo.mirrored, True, whole)
    for region in photo.regions:
        yield _Probe(region.phash, False, region.box)
        yield _Probe(region.mirrored, True, region.box)


def _match(ref: int, distance: int, probe: _Probe) -> PhotoMatch:
    tier: PhotoTier = "match" if distance <= thresholds.PHOTO_MATCH_BITS else "possible"
    return PhotoMatch(
        ref=ref,
        score=1 - distance / _BITS,
        distance=distance,
        tier=tier,
        mirrored=probe.mirrored,
        region=probe.region,
    )


def _best(hits: Sequence[PhotoMatch]) -> list[PhotoMatch]:
    """The nearest hit of each ref, nearest first; ties prefer the unmirrored whole, which is the first probe."""
    nearest: dict[int, PhotoMatch] = {}
    for hit in hits:
        if hit.distance > thresholds.PHOTO_POSSIBLE_BITS:
            continue
        if hit.ref not in nearest or hit.distance < nearest[hit.ref].distance:
            nearest[hit.ref] = hit
    return sorted(nearest.values(), key=lambda hit: (hit.distance, hit.ref))
