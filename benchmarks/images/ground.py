"""The photos to measure on: which are stored, which are asked for, which are never stored.

Of real photos (`photos_dev` in the data folder, shuffled once) the first 900 taught the thresholds and the codebook,
and the last 800 stood in the store while they did: none of them is asked for here. Of the 1,300 between, 900 are stored
and asked for, 400 are only asked for. The store is filled up to its size with recombinations: the left half of one of
the photos that are not asked for beside the right half of another, made of their descriptions. Without a data folder
the photos are drawn portraits, which says that it runs and nothing about faces.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from bot.simulator.avatars import avatar
from detection.image.describing import describe
from detection.image.description import Description, Region, RegionHash
from detection.image.keypoints import Keypoints
from detection.image.packing import pack, unpack
from detection.image.phash import phash_pair

FITTED: Final = 900
ASKED: Final = 900
NEGATIVE: Final = 400
_DRAWN: Final = 30


@dataclass(frozen=True, slots=True)
class Photo:
    """One picture and where it comes from."""

    name: str
    path: Path | None = None
    seed: int = 0

    def picture(self) -> Image.Image:
        """The pixels."""
        return avatar(self.seed, 256) if self.path is None else Image.open(self.path).convert("RGB")


@dataclass(frozen=True, slots=True)
class Ground:
    """Photos by what they are for; ``known`` is what the archive holds: refs below ``len(asked)`` are of ``asked``."""

    asked: Sequence[Photo]
    negative: Sequence[Photo]
    others: Sequence[Photo]
    known: dict[int, Description]
    told: str

    @property
    def stored(self) -> Sequence[Photo]:
        """The stored photos that have pixels; their refs are their places."""
        return [*self.asked, *self.others]


def ground(data: Path | None, store: int, cache: Path) -> Ground:
    """Split the photos and describe those that are stored; described ones are kept in ``cache``."""
    asked, negative, others, told = _real(data) if data is not None else _drawn()
    described = _described([*asked, *others], cache)
    known = dict(enumerate(described))
    fillers = _recombined(described[len(asked) :], max(0, store - len(known)))
    known.update(enumerate(fillers, start=len(known)))
    return Ground(
        asked, negative, others, known, f"{told}; {len(known)} stored, {len(asked) + len(others)} with pixels"
    )


def fitted(data: Path) -> list[Photo]:
    """The real photos that teach, and that nothing is judged with."""
    return _shuffled(data)[:FITTED]


def _shuffled(data: Path) -> list[Photo]:
    paths = sorted((data / "photos_dev").glob("*.jpg"))
    random.Random(7).shuffle(paths)
    return [Photo(path.name, path) for path in paths]


def _real(data: Path) -> tuple[list[Photo], list[Photo], list[Photo], str]:
    photos = _shuffled(data)
    rest = photos[FITTED:]
    asked, negative, others = rest[:ASKED], rest[ASKED : ASKED + NEGATIVE], rest[ASKED + NEGATIVE :]
    return asked, negative, [*photos[:FITTED], *others], f"{len(photos)} real photos"


def _drawn() -> tuple[list[Photo], list[Photo], list[Photo], str]:
    photos = [Photo(f"drawn {seed}", None, seed) for seed in range(3 * _DRAWN)]
    return photos[:_DRAWN], photos[_DRAWN : 2 * _DRAWN], photos[2 * _DRAWN :], "drawn portraits: no figure counts"


def _described(photos: Sequence[Photo], cache: Path) -> list[Description]:
    """Described once: remove the cache's file when describing changes."""
    with sqlite3.connect(cache) as rows:
        rows.execute("CREATE TABLE IF NOT EXISTS described (name TEXT PRIMARY KEY, data BLOB NOT NULL)")
        kept: dict[str, bytes] = dict(rows.execute("SELECT name, data FROM described"))
        for photo in photos:
            if photo.name not in kept:
                kept[photo.name] = pack(describe(photo.picture()))
                rows.execute("INSERT INTO described VALUES (?, ?)", (photo.name, kept[photo.name]))
    return [unpack(kept[photo.name]) for photo in photos]


def _recombined(material: Sequence[Description], count: int) -> Iterator[Description]:
    chance = random.Random(17)
    whole = [each.regions[0] for each in material if each.regions and len(each.regions[0].keypoints)]
    for _ in range(count):
        left, right = chance.sample(whole, 2)
        yield Description(width=256, height=256, page=False, regions=(_halves(left, right),))


def _halves(left: Region, right: Region) -> Region:
    """The left half of one region beside the right half of another, both stretched to a square."""
    parts = []
    for region, side in ((left, 0), (right, 1)):
        points = region.keypoints.points.copy()
        points[:, :2] *= np.array([256 / region.keypoints.width, 256 / region.keypoints.height], np.float32)
        inside = (points[:, 0] >= 128) == bool(side)
        parts.append((points[inside], region.keypoints.descriptors[inside]))
    # Strengths are not kept: the strongest of both come first in turn.
    order = np.argsort(np.concatenate([np.arange(len(points)) for points, _ in parts]), kind="stable")
    points = np.concatenate([p for p, _ in parts])[order]
    descriptors = np.concatenate([d for _, d in parts])[order]
    views = [np.asarray(Image.fromarray(region.view).resize((128, 128))) for region in (left, right)]
    view = np.hstack([views[0][:, :64], views[1][:, 64:]])
    middle = view[19:109, 19:109]
    hashes = (
        RegionHash(False, *phash_pair(view), (0, 0, 256, 256)),
        RegionHash(True, *phash_pair(middle), (38, 38, 180, 180)),
    )
    keypoints = Keypoints(points, descriptors, 256, 256)
    return Region(kind="whole", box=(0, 0, 256, 256), hashes=hashes, keypoints=keypoints, view=view)
