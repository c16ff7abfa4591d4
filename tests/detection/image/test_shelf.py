"""The shelf: photos are findable at once, survive restarts and damage, and are never half there."""

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.simulator.avatars import avatar
from detection import thresholds
from detection.image.arrayfile import DamagedFile, read_arrays, verify
from detection.image.describing import describe
from detection.image.description import Description
from detection.image.segment import Segment
from detection.image.shelf import Shelf

COUNT = 12


@pytest.fixture(scope="module")
def photos() -> dict[int, Description]:
    """Twelve described portraits; their refs are as large as the archive's."""
    return {(1 << 50) + seed: describe(avatar(seed, 160)) for seed in range(COUNT)}


Opened = Callable[[Path], Shelf]


@pytest.fixture
def opened() -> Iterator[Opened]:
    """Open shelves, and close at the end those that a test did not."""
    shelves: list[Shelf] = []

    def act(folder: Path) -> Shelf:
        shelves.append(Shelf(folder))
        return shelves[-1]

    yield act
    for shelf in shelves:
        shelf.close()


def seen(shelf: Shelf, photos: dict[int, Description]) -> set[int]:
    """The photos that find themselves: nearest by hash, and first by votes."""
    found = set()
    for ref, description in photos.items():
        sightings = shelf.search(description)
        by_hash = {hit.ref for hit in sightings.hits if hit.distance == 0}
        by_votes = {candidate.ref for candidate in sightings.candidates[:1] if candidate.votes > 20}
        found |= by_hash & by_votes & {ref}
    return found


def test_a_new_photo_is_found_at_once_and_not_twice(photos: dict[int, Description]) -> None:
    """Adding it again changes nothing."""
    shelf = Shelf()
    for ref, description in photos.items():
        shelf.add([(ref, description)])
        assert seen(shelf, {ref: description}) == {ref}
    shelf.add(photos.items())
    assert len(shelf) == COUNT
    assert len([h for h in shelf.search(next(iter(photos.values()))).hits if h.distance == 0 and not h.mirrored]) == 2


def test_what_was_written_is_there_after_a_restart(
    tmp_path: Path, opened: Opened, photos: dict[int, Description]
) -> None:
    """Closed in order, opened again: everything is found, nothing is missing."""
    shelf = opened(tmp_path)
    shelf.add(photos.items())
    shelf.close()
    again = opened(tmp_path)
    assert again.refs() == photos.keys()
    assert seen(again, photos) == photos.keys()


def test_segments_are_merged_and_searched_as_one(
    tmp_path: Path, opened: Opened, photos: dict[int, Description], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written in batches, with a photo taken away in between: the files hold what is left, in few segments."""
    monkeypatch.setattr(thresholds, "PHOTO_TAIL", 2)
    shelf = opened(tmp_path)
    away = next(iter(photos))
    for ref, description in photos.items():
        shelf.add([(ref, description)])
        shelf.maintain()
        if len(shelf) == 6:
            shelf.discard([away])
    shelf.close()
    names = json.loads((tmp_path / "manifest.json").read_text())
    assert 1 <= len(names) <= 3
    assert {path.name for path in tmp_path.glob("*.segment")} == set(names)
    left = {ref: each for ref, each in photos.items() if ref != away}
    assert seen(opened(tmp_path), photos) == left.keys()


def test_a_photo_that_was_taken_away_is_not_found_and_may_come_back(
    tmp_path: Path, opened: Opened, photos: dict[int, Description]
) -> None:
    """From memory as from a file, also after a restart, and only once."""
    shelf = opened(tmp_path)
    shelf.add(photos.items())
    shelf.maintain(now=True)
    ref = list(photos)[3]
    shelf.discard([ref, 999])
    assert ref not in shelf
    assert seen(shelf, photos) == photos.keys() - {ref}
    shelf.add([(ref, photos[ref])])
    assert seen(shelf, photos) == photos.keys()
    shelf.close()
    again = opened(tmp_path)
    hits = [hit for hit in again.search(photos[ref]).hits if hit.ref == ref and hit.distance == 0 and not hit.mirrored]
    assert len(again) == COUNT
    assert len(hits) == len({(hit.known_slot, hit.slot) for hit in hits})


def test_every_damaged_file_is_left_out_and_its_photos_are_missing(
    tmp_path: Path, opened: Opened, photos: dict[int, Description]
) -> None:
    """One changed byte anywhere, or a file cut short: the shelf opens without it, and can be filled again."""
    shelf = opened(tmp_path)
    shelf.add(photos.items())
    shelf.close()
    segment = next(tmp_path.glob("*.segment"))
    whole = segment.read_bytes()
    manifest = (tmp_path / "manifest.json").read_bytes()
    chance = random.Random(4)
    _, ends = read_arrays(segment)
    assert ends["format"] == 1
    for trial in range(12):
        # The gaps between the arrays are padding; everything else is covered by a checksum.
        at = chance.randrange(len(whole) - 3_000, len(whole)) if trial % 2 else None
        damaged = whole[: chance.randrange(len(whole))] if at is None else _flipped(whole, at)
        segment.write_bytes(damaged)
        (tmp_path / "manifest.json").write_bytes(manifest)
        again = opened(tmp_path)
        assert again.refs() in (frozenset(), photos.keys())
        if again.refs():
            continue
        again.add(photos.items())
        assert seen(again, dict(list(photos.items())[:2])) == set(list(photos)[:2])
        again.close()
        segment.write_bytes(whole)


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]


def test_a_changed_byte_in_an_array_is_noticed(tmp_path: Path, opened: Opened, photos: dict[int, Description]) -> None:
    """Verification reads every array."""
    shelf = opened(tmp_path)
    shelf.add(list(photos.items())[:2])
    shelf.close()
    segment = next(tmp_path.glob("*.segment"))
    verify(segment)
    data = segment.read_bytes()
    middle = data.index(first_ref(photos))
    segment.write_bytes(_flipped(data, middle))
    with pytest.raises(DamagedFile):
        verify(segment)


def first_ref(photos: dict[int, Description]) -> bytes:
    """Bytes that stand in a segment: the first photo's ref."""
    return next(iter(photos)).to_bytes(8, "little")


@pytest.mark.parametrize("text", ["", "{", "3", '["../x.segment"]', '["no.segment"]', "[1, null]"])
def test_a_manifest_that_makes_no_sense_is_an_empty_shelf(tmp_path: Path, opened: Opened, text: str) -> None:
    """Nothing outside the folder is ever read, and nothing fails."""
    (tmp_path / "manifest.json").write_text(text)
    assert len(opened(tmp_path)) == 0


def test_a_second_process_reads_and_does_not_write(
    tmp_path: Path, opened: Opened, photos: dict[int, Description]
) -> None:
    """It sees what is filed, keeps what it adds to itself, and leaves the files alone."""
    first = opened(tmp_path)
    first.add(list(photos.items())[:5])
    first.maintain(now=True)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    second = opened(tmp_path)
    assert first.writable
    assert not second.writable
    second.add(photos.items())
    assert seen(second, photos) == photos.keys()
    assert not second.maintain(now=True)
    second.close()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_another_codebook_makes_old_files_foreign(
    tmp_path: Path, opened: Opened, photos: dict[int, Description], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cells of one codebook mean nothing in another: the photos are missing and are added anew."""
    shelf = opened(tmp_path)
    shelf.add(photos.items())
    shelf.close()
    monkeypatch.setattr("detection.image.segment.codebook_version", lambda: 1)
    assert len(opened(tmp_path)) == 0


KILLED = """
import os, sys
from pathlib import Path
from bot.simulator.avatars import avatar
from detection import thresholds
from detection.image.describing import describe
from detection.image.shelf import Shelf
import detection.image.arrayfile as arrayfile, detection.image.shelf as shelf_module
thresholds.PHOTO_TAIL = 2
def counted(function):
    def act(*args, **kwargs):
        global steps
        steps -= 1
        if steps < 0:
            os.kill(os.getpid(), 9)
        return function(*args, **kwargs)
    return act
# Every point at which something reaches the disk.
arrayfile._write = counted(arrayfile._write)
arrayfile.os.fsync = counted(os.fsync)
Path.replace = counted(Path.replace)
Path.unlink = counted(Path.unlink)
# To load all this takes a second: it is done once, and each run that is killed is a child.
for steps in map(int, sys.argv[2:]):
    if os.fork():
        print(steps, os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
        continue
    folder = Path(sys.argv[1], str(steps))
    shelf = Shelf(folder)
    description = describe(avatar(1, 96))
    for ref in range(8):
        shelf.add([(ref, description)])
        shelf.maintain()
        with open(f"{folder}.added", "a") as told:
            told.write(".")
    os._exit(0)
"""
STEPS = (5, 13, 15, 17, 20, 33, 36, 40)


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which stands for each of STEPS what a shelf left that was killed after so many."""
    folder = tmp_path_factory.mktemp("killed")
    command = [sys.executable, "-c", KILLED, str(folder), *map(str, STEPS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == [f"{steps} -9" for steps in STEPS], done.stderr
    return folder


@pytest.mark.parametrize("steps", STEPS)
def test_killed_at_any_step_the_shelf_opens_whole(killed: Path, opened: Opened, steps: int) -> None:
    """After `kill -9` between any two writes the folder holds whole segments of photos that had been added."""
    folder, told = killed / str(steps), killed / f"{steps}.added"
    added = len(told.read_text(encoding="ascii")) if told.exists() else 0
    shelf = opened(folder)
    assert shelf.refs() <= frozenset(range(added + 1))
    assert len(shelf) >= added - thresholds.PHOTO_TAIL or added <= 2
    assert not list(folder.glob("*.draft"))
    for path in folder.glob("*.segment"):
        verify(path)
        assert len(Segment.read(path)) > 0
