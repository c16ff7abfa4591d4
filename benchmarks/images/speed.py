"""What a search costs with 100,000 photos on the shelf: time, memory, and how soon a restarted process can search.

The photos are the stored ones over and over, each time with a tenth of the bits of its codes and hashes flipped and its
points moved to the cells that this gives: the lists are as full as with real photos, the found ones are not real.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from benchmarks.images.ground import Ground
from detection.image.describing import describe
from detection.image.description import Description, Region, RegionHash
from detection.image.keypoints import Keypoints
from detection.image.searching import compare, wanted
from detection.image.shelf import Shelf
from detection.image.sightings import hash_hits

_BATCH: Final = 2_000


def filled(folder: Path, ground: Ground, count: int) -> None:
    """Make a shelf of ``count`` photos, or go on making it."""
    shelf = Shelf(folder)
    while len(shelf) < count:
        start = len(shelf)
        shelf.add(_photos(ground, start, min(_BATCH, count - start)))
        shelf.maintain(now=True)
    shelf.close()


def _photos(ground: Ground, start: int, count: int) -> Iterator[tuple[int, Description]]:
    known = list(ground.known.values())
    for ref in range(start, start + count):
        original = known[ref % len(known)]
        yield ref, original if ref < len(known) else _disturbed(original, np.random.default_rng(ref))


def _disturbed(original: Description, chance: np.random.Generator) -> Description:
    return replace(original, regions=tuple(_disturbed_region(each, chance) for each in original.regions))


def _disturbed_region(region: Region, chance: np.random.Generator) -> Region:
    points = region.keypoints
    noise = chance.normal(0, 9, points.descriptors.shape)
    descriptors = np.clip(points.descriptors + noise, 0, 255).astype(np.uint8)
    hashes = tuple(RegionHash(each.disc, chance.bytes(32), chance.bytes(32), each.shape) for each in region.hashes)
    return replace(region, hashes=hashes, keypoints=Keypoints(points.points, descriptors, points.width, points.height))


def measured(folder: Path, ground: Ground, pictures: dict[str, list[Image.Image]]) -> str:
    """A section of the report; a fresh process opens the shelf and says what it took."""
    started = subprocess.run(
        [sys.executable, "-c", _OPENING, str(folder)], capture_output=True, text=True, check=True
    ).stdout
    shelf = Shelf(folder)
    lines = [f"## With {len(shelf)} photos on the shelf", "", started, ""]
    for name, several in pictures.items():
        lines.append(_asked(name, several, shelf, ground))
    size = sum(path.stat().st_size for path in folder.iterdir())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines.append(f"- files: {size / 1e6:.0f} MB; peak resident of this benchmark, its photos included: {peak:.0f} MB")
    return "\n".join(lines)


def _asked(name: str, pictures: list[Image.Image], shelf: Shelf, ground: Ground) -> str:
    times = []
    for picture in pictures:
        marks = [time.process_time()]
        described = describe(picture)
        marks.append(time.process_time())
        hash_hits(shelf._state.searched, described)
        marks.append(time.process_time())
        sightings = shelf.search(described)
        marks.append(time.process_time())
        known = list(ground.known.values())
        compare(described, sightings, {ref: known[ref % len(known)] for ref in wanted(sightings)})
        marks.append(time.process_time())
        times.append(np.diff(marks) * 1000)
    describing, hashing, looking, comparing = np.mean(times, axis=0)
    together = describing + looking + comparing
    return (
        f"- {name}: {together:.0f} ms CPU (describing {describing:.0f}, look-up {looking:.0f}, of which hashes "
        f"{hashing:.1f}; comparing {comparing:.0f}), {len(pictures)} queries"
    )


_OPENING: Final = """
import sys, time, resource
from pathlib import Path
from bot.simulator.avatars import avatar
import detection.image.searching
from detection.image.describing import describe
from detection.image.shelf import Shelf
picture = describe(avatar(1))
def resident():
    for line in Path('/proc/self/status').read_text().splitlines():
        if line.startswith('VmRSS'):
            return int(line.split()[1]) / 1024
before = resident()
start, cpu = time.perf_counter(), time.process_time()
shelf = Shelf(Path(sys.argv[1]))
opened = time.perf_counter() - start
shelf.search(picture)
first = time.perf_counter() - start
cpu = time.process_time() - cpu
for seed in range(20):
    shelf.search(describe(avatar(seed)))
print(f'- a fresh process opens and verifies {len(shelf)} photos in {opened:.2f} s and has answered a first search '
      f'after {first:.2f} s ({cpu:.2f} s CPU)')
print(f'- resident: {before:.0f} MB with the libraries loaded, {resident():.0f} MB after 21 searches')
"""
