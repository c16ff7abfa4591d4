"""The photo index: everything that is needed to find a known photo, kept in files and in a small part in memory.

The archive's rows are the truth; the shelf is derived from them and may be lost at any time. Its files are never
changed: new photos stand in memory, findable at once, until enough of them are written as a new segment, and a manifest
that names the segments is put in place by one rename. After a crash the shelf is what its manifest says; `refs` tells
which photos are missing, and the caller adds them again from their rows. What is damaged is left out, and so missing.

One process writes a folder; others that open it read the segments and keep what they add to themselves.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TextIO

from detection import thresholds
from detection.image.arrayfile import DamagedFile, sync_folder, verify
from detection.image.description import Description
from detection.image.segment import Entry, Searched, Segment, write_segment
from detection.image.sightings import Candidate, HashHit, chosen, hash_hits, voted

_MANIFEST: Final = "manifest.json"
_LOCK: Final = "lock"
_SUFFIX: Final = ".segment"


@dataclass(frozen=True, slots=True)
class Sightings:
    """What to compare in full, and every near hash, nearest first."""

    candidates: tuple[Candidate, ...]
    hits: tuple[HashHit, ...]


@dataclass(frozen=True, slots=True)
class _Filed:
    """A segment in a file, and the photos in it that are not to be found there any more."""

    name: str
    segment: Segment
    gone: frozenset[int] = frozenset()

    @property
    def refs(self) -> frozenset[int]:
        return frozenset(self.segment.refs.tolist()) - self.gone


@dataclass(frozen=True, slots=True)
class _State:
    """What a search sees; replaced as a whole, so that it is never half of a change."""

    filed: tuple[_Filed, ...] = ()
    tail: Segment | None = None

    @property
    def searched(self) -> list[Searched]:
        tail = [] if self.tail is None else [Searched(self.tail)]
        return [*(Searched(each.segment, each.gone) for each in self.filed), *tail]


class Shelf:
    """Known photos by ref. Searches may run in any thread; what changes the shelf waits for one another."""

    def __init__(self, folder: Path | None = None) -> None:
        """Open the shelf of a folder, made if missing; without one it is kept in memory alone."""
        self._folder = folder
        self._changing = threading.RLock()
        self._newest: dict[int, Entry] = {}
        self._refs: set[int] = set()
        self._state = _State()
        self._lock = _locked(folder) if folder is not None else None
        if folder is not None:
            self._open(folder)

    def __len__(self) -> int:
        """How many photos can be found."""
        return len(self._refs)

    def __contains__(self, ref: object) -> bool:
        return ref in self._refs

    @property
    def writable(self) -> bool:
        """Whether this is the process that writes the folder."""
        return self._lock is not None

    def refs(self) -> frozenset[int]:
        """All photos that are on the shelf."""
        return frozenset(self._refs)

    def add(self, photos: Iterable[tuple[int, Description]]) -> None:
        """Put photos on the shelf; the next search finds them. A ref that is there already is left as it is."""
        with self._changing:
            fresh = {ref: Entry.of(ref, description) for ref, description in photos if ref not in self._refs}
            if not fresh:
                return
            self._newest |= fresh
            self._refs |= fresh.keys()
            self._state = replace(self._state, tail=Segment.of(list(self._newest.values())))

    def discard(self, refs: Iterable[int]) -> None:
        """Take photos away; unknown refs are no error."""
        with self._changing:
            away = self._refs & set(refs)
            if not away:
                return
            self._refs -= away
            self._newest = {ref: entry for ref, entry in self._newest.items() if ref not in away}
            tail = Segment.of(list(self._newest.values())) if self._newest else None
            filed = tuple(replace(each, gone=each.gone | (each.refs & away)) for each in self._state.filed)
            self._state = _State(filed, tail)

    def search(self, description: Description) -> Sightings:
        """Where parts of this picture may have been seen."""
        searched = self._state.searched
        hits = hash_hits(searched, description)
        return Sightings(tuple(chosen(hits, voted(searched, description))), tuple(hits))

    def maintain(self, *, now: bool = False) -> bool:
        """Write the newest photos to a file when they are many, or ``now``; says whether it did.

        Takes seconds for 100,000 photos; searches go on meanwhile, changes wait.
        """
        with self._changing:
            if not self.writable or len(self._newest) < (1 if now else thresholds.PHOTO_TAIL):
                return False
            self._write()
            return True

    def close(self) -> None:
        """Write what is in memory only, and let another process write the folder."""
        with self._changing:
            self.maintain(now=True)
            if self._lock is not None:
                self._lock.close()
                self._lock = None

    def _open(self, folder: Path) -> None:
        kept: list[_Filed] = []
        for each in reversed([_filed(folder, name) for name in _manifest(folder)]):
            if each is not None:
                # A photo that was taken away and came back may be in two files: the newer one counts.
                each = replace(each, gone=each.refs & self._refs)
                self._refs |= each.refs
                kept.insert(0, each)
        self._state = _State(filed=tuple(kept))
        if self.writable:
            self._tidy(folder)

    def _write(self) -> None:
        """File the newest photos, together with the smaller segments before them: sizes then grow geometrically."""
        folder, filed, tail = self._folder, list(self._state.filed), self._state.tail
        if folder is None or tail is None:
            return
        merged = [Searched(tail)]
        size = len(tail)
        while filed and len(filed[-1].segment) <= thresholds.PHOTO_SEGMENT_GROWTH * size:
            last = filed.pop()
            merged.insert(0, Searched(last.segment, last.gone))
            size += len(last.segment)
        name = _fresh_name(folder)
        write_segment(folder / name, merged)
        filed.append(_Filed(name, Segment.read(folder / name)))
        _write_manifest(folder, [each.name for each in filed])
        self._newest = {}
        self._state = _State(filed=tuple(filed))
        self._tidy(folder)

    def _tidy(self, folder: Path) -> None:
        """Remove files that no manifest names: drafts of a crash, segments that were merged."""
        named = {each.name for each in self._state.filed}
        for path in folder.iterdir():
            if path.suffix == ".draft" or (path.suffix == _SUFFIX and path.name not in named):
                path.unlink(missing_ok=True)


def _locked(folder: Path) -> TextIO | None:
    """The lock of the folder's only writer; None when another process has it."""
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / _LOCK).open("a", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _manifest(folder: Path) -> list[str]:
    """The names of the segments; none when there is no manifest or it makes no sense."""
    try:
        names = json.loads((folder / _MANIFEST).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return []
    if not isinstance(names, list):
        return []
    return [name for name in names if isinstance(name, str) and name == Path(name).name and name.endswith(_SUFFIX)]


def _write_manifest(folder: Path, names: list[str]) -> None:
    draft = folder / f"{_MANIFEST}.draft"
    with draft.open("w", encoding="ascii") as file:
        json.dump(names, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / _MANIFEST)
    sync_folder(folder)


def _filed(folder: Path, name: str) -> _Filed | None:
    """A segment whose every byte is as it was written, or None."""
    try:
        verify(folder / name)
        return _Filed(name, Segment.read(folder / name))
    except (DamagedFile, OSError, ValueError):
        return None


def _fresh_name(folder: Path) -> str:
    numbers = [int(path.stem) for path in folder.glob(f"*{_SUFFIX}") if path.stem.isdigit()]
    return f"{max(numbers, default=0) + 1:08d}{_SUFFIX}"
