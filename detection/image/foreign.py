"""Photos that others speak of by their hashes alone: what of a picture is told to them, and which of theirs is in one.

Without points and pixels nothing can be compared in full: only what is within the bits that make a copy by hash alone
counts, and a crop is not found (`phash`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from detection import thresholds
from detection.image.description import Description, RegionHash
from detection.image.hashes import Hashes

#: What is the picture itself, and no part of a page.
_WHOLE: Final = ("whole", "frame", "disc")


@dataclass(frozen=True, slots=True)
class ForeignHash:
    """A hash of somebody's photo and of its mirror image; ``ref`` is whatever the caller knows the photo by."""

    ref: int
    disc: bool
    phash: bytes
    mirrored: bytes


@dataclass(frozen=True, slots=True)
class ForeignMatch:
    """A photo that may be this one: the bits of 256 by which the nearest hashes differ."""

    ref: int
    distance: int


def telling(description: Description, most: int) -> Sequence[RegionHash]:
    """The hashes that stand for a picture, at most so many; none of a page, on which others may be seen too."""
    if description.page:
        return ()
    hashes = [each for region in description.regions if region.kind in _WHOLE for each in region.hashes]
    return tuple({(each.disc, each.phash): each for each in hashes}.values())[:most]


class ForeignHashes:
    """Everything that others speak of, searched without exception."""

    def __init__(self, hashes: Iterable[ForeignHash]) -> None:
        """Discs are compared with discs only."""
        told = list(hashes)
        self._refs = [each.ref for each in told]
        self._parts = {disc: _part(told, disc=disc) for disc in (False, True)}

    def __len__(self) -> int:
        return len(self._refs)

    def search(self, description: Description) -> list[ForeignMatch]:
        """The photos that are in a picture, nearest first."""
        nearest: dict[int, int] = {}
        for disc, hashes in self._parts.items():
            asked = [each.phash for region in description.regions for each in region.hashes if each.disc == disc]
            if not asked or not len(hashes):
                continue
            _, rows, distances = hashes.near(asked, thresholds.PHOTO_MATCH_BITS, thresholds.PHOTO_MATCH_BITS)
            for row, distance in zip(rows.tolist(), distances.tolist(), strict=True):
                ref = self._refs[int(hashes.owners[row])]
                nearest[ref] = min(distance, nearest.get(ref, distance))
        return sorted((ForeignMatch(ref, distance) for ref, distance in nearest.items()), key=lambda m: m.distance)


def _part(told: Sequence[ForeignHash], *, disc: bool) -> Hashes:
    own = [(number, each) for number, each in enumerate(told) if each.disc == disc]
    return Hashes.of([(hashed, number, 0) for number, each in own for hashed in (each.phash, each.mirrored)])
