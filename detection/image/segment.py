"""One part of the shelf: what is known of some photos, sorted for searching, in memory or in a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detection.image.arrayfile import Array, DamagedFile, Pieces, read_arrays, write_arrays
from detection.image.description import Description
from detection.image.hashes import Hashes
from detection.image.postings import Points, Postings
from detection.image.words import CELLS, codebook_version

_FORMAT: Final = 1
# Cells that are merged at a time, so that merging needs little memory.
_CELLS_AT_ONCE: Final = CELLS // 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One photo ready to be put into a segment; owners count its regions from 0."""

    ref: int
    regions: int
    points: Points
    squares: Hashes
    discs: Hashes

    @classmethod
    def of(cls, ref: int, description: Description) -> Entry:
        """What a photo is found by."""
        hashed = [
            (each, number, slot)
            for number, region in enumerate(description.regions)
            for slot, each in enumerate(region.hashes)
        ]
        return cls(
            ref=ref,
            regions=len(description.regions),
            points=Points.joined([Points.of(r.keypoints, n) for n, r in enumerate(description.regions)]),
            squares=Hashes.of([(h.phash, owner, slot) for h, owner, slot in hashed if not h.disc]),
            discs=Hashes.of([(h.phash, owner, slot) for h, owner, slot in hashed if h.disc]),
        )


@dataclass(frozen=True, slots=True)
class Segment:
    """Photos ``refs`` (sorted); region ``i`` is number ``numbers[i]`` of the photo ``photos[i]``."""

    refs: NDArray[np.int64]
    photos: NDArray[np.int64]
    numbers: NDArray[np.uint8]
    postings: Postings
    squares: Hashes
    discs: Hashes

    def __len__(self) -> int:
        return len(self.refs)

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Segment:
        """A segment in memory."""
        counts = [entry.regions for entry in entries]
        starts = np.cumsum([0, *counts])[:-1]
        moved = list(zip(entries, starts, strict=True))
        return cls(
            refs=np.array(sorted(entry.ref for entry in entries), np.int64),
            photos=np.repeat(np.array([entry.ref for entry in entries], np.int64), counts),
            numbers=np.array([n for count in counts for n in range(count)], np.uint8),
            postings=Postings.of(Points.joined([_moved_points(e.points, int(s)) for e, s in moved])),
            squares=Hashes.joined([_moved_hashes(e.squares, int(s)) for e, s in moved]),
            discs=Hashes.joined([_moved_hashes(e.discs, int(s)) for e, s in moved]),
        )

    @classmethod
    def read(cls, path: Path) -> Segment:
        """A segment in a file, mapped into memory. Raises DamagedFile, also when another codebook made it."""
        arrays, about = read_arrays(path)
        if about.get("format") != _FORMAT or about.get("codebook") != codebook_version():
            raise DamagedFile(path.name)
        try:
            return cls(
                refs=np.array(arrays["refs"]),
                photos=np.array(arrays["photos"]),
                numbers=np.array(arrays["numbers"]),
                postings=Postings(*(arrays[name] for name in ("offsets", "codes", "owners", "turns", "sizes"))),
                squares=_hashes(arrays, "square"),
                discs=_hashes(arrays, "disc"),
            )
        except KeyError as error:
            raise DamagedFile(path.name) from error


@dataclass(frozen=True, slots=True)
class Searched:
    """A segment, and the photos in it that are not to be found there any more."""

    segment: Segment
    gone: frozenset[int] = frozenset()


def write_segment(path: Path, parts: Sequence[Searched]) -> None:
    """Write the photos of several segments, less those that are gone, as one file; needs little memory."""
    keeps = [_Keep.of(part) for part in parts]
    starts = np.cumsum([0, *(int(keep.regions.sum()) for keep in keeps)])
    placed = [_Placed(part.segment, keep, int(at)) for part, keep, at in zip(parts, keeps, starts, strict=False)]
    arrays: dict[str, Pieces] = {
        "refs": lambda: [np.sort(np.concatenate([p.segment.refs[p.keep.refs] for p in placed]))],
        "photos": lambda: (p.segment.photos[p.keep.regions] for p in placed),
        "numbers": lambda: (p.segment.numbers[p.keep.regions] for p in placed),
        "offsets": lambda: [_offsets(placed)],
        "codes": lambda: (postings.codes for postings in _merged(placed)),
        "owners": lambda: (postings.owners for postings in _merged(placed)),
        "turns": lambda: (postings.turns for postings in _merged(placed)),
        "sizes": lambda: (postings.sizes for postings in _merged(placed)),
        **_hash_arrays("square", [_placed_hashes(p.segment.squares, p) for p in placed]),
        **_hash_arrays("disc", [_placed_hashes(p.segment.discs, p) for p in placed]),
    }
    write_arrays(path, arrays, {"format": _FORMAT, "codebook": codebook_version()})


@dataclass(frozen=True, slots=True)
class _Keep:
    """Which photos and which regions of a segment stay."""

    refs: NDArray[np.bool_]
    regions: NDArray[np.bool_]

    @classmethod
    def of(cls, part: Searched) -> _Keep:
        away = np.fromiter(part.gone, np.int64, len(part.gone))
        return cls(~np.isin(part.segment.refs, away), ~np.isin(part.segment.photos, away))


@dataclass(frozen=True, slots=True)
class _Placed:
    """A segment on its way into a larger one, where its first region gets the number ``start``."""

    segment: Segment
    keep: _Keep
    start: int

    def owners(self, owners: NDArray[np.uint32]) -> tuple[NDArray[np.bool_], NDArray[np.uint32]]:
        """Which rows stay, and the new numbers of the regions of those that do."""
        numbers = (np.cumsum(self.keep.regions) - 1 + self.start).astype(np.uint32)
        stay = self.keep.regions[owners]
        return stay, numbers[owners[stay]]


def _merged(placed: Sequence[_Placed]) -> Iterator[Postings]:
    """The postings of all, sorted by cell, a stretch of cells at a time; without offsets."""
    for first in range(0, CELLS, _CELLS_AT_ONCE):
        pieces = [_stretch(each, first) for each in placed]
        order = np.argsort(np.concatenate([cell for cell, _ in pieces]), kind="stable")
        yield Postings(
            np.empty(0, np.uint32),
            np.concatenate([p.codes for _, p in pieces])[order],
            np.concatenate([p.owners for _, p in pieces])[order],
            np.concatenate([p.turns for _, p in pieces])[order],
            np.concatenate([p.sizes for _, p in pieces])[order],
        )


def _stretch(placed: _Placed, first: int) -> tuple[NDArray[np.int64], Postings]:
    """The rows of some cells, with the cell of each."""
    postings = placed.segment.postings
    offsets = postings.offsets[first : first + _CELLS_AT_ONCE + 1].astype(np.int64)
    rows = slice(int(offsets[0]), int(offsets[-1]))
    stay, owners = placed.owners(np.asarray(postings.owners[rows]))
    cell = np.repeat(np.arange(first, first + _CELLS_AT_ONCE), np.diff(offsets))[stay]
    return cell, Postings(
        np.empty(0, np.uint32),
        postings.codes[rows][stay],
        owners,
        postings.turns[rows][stay],
        postings.sizes[rows][stay],
    )


def _offsets(placed: Sequence[_Placed]) -> NDArray[np.uint32]:
    counts = np.zeros(CELLS, np.int64)
    for each in placed:
        for first in range(0, CELLS, _CELLS_AT_ONCE):
            counts += np.bincount(_stretch(each, first)[0], minlength=CELLS)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32)


def _hashes(arrays: dict[str, Array], name: str) -> Hashes:
    columns = np.ascontiguousarray(arrays[f"{name}_hashes"].T)
    return Hashes(columns, np.array(arrays[f"{name}_owners"]), np.array(arrays[f"{name}_slots"]))


def _placed_hashes(hashes: Hashes, placed: _Placed) -> Hashes:
    stay, owners = placed.owners(hashes.owners)
    return Hashes(hashes.columns[:, stay], owners, hashes.slots[stay])


def _hash_arrays(name: str, several: Iterable[Hashes]) -> dict[str, Pieces]:
    hashes = Hashes.joined(list(several))
    return {
        f"{name}_hashes": lambda: [np.ascontiguousarray(hashes.columns.T)],
        f"{name}_owners": lambda: [hashes.owners],
        f"{name}_slots": lambda: [hashes.slots],
    }


def _moved_points(points: Points, start: int) -> Points:
    return Points(points.cells, points.codes, points.owners + np.uint32(start), points.turns, points.sizes)


def _moved_hashes(hashes: Hashes, start: int) -> Hashes:
    return Hashes(hashes.columns, hashes.owners + np.uint32(start), hashes.slots)
