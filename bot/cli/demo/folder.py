"""The demo's folder: reserved for one demo at a time, emptied before it and removed after it."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from platformdirs import user_cache_path

from bot.cli.demo.drawing import Drawing
from bot.errors import SettingsError

#: Says that a folder is a demo's and may be emptied; the running demo holds a lock on it.
MARKER: Final = ".kalkan-demo"
_MOST_DEMOS: Final = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoFolder:
    """A folder that belongs to this demo alone."""

    path: Path

    @classmethod
    @contextmanager
    def reserve(cls, chosen: Path | None, *, keep: bool) -> Iterator["DemoFolder"]:
        """An empty folder: the chosen one, else one under the user's cache. Removed at the end unless it is kept.

        Raises SettingsError for a folder that holds something else, or that another demo uses.
        """
        path, lock = _locked(chosen.expanduser().absolute()) if chosen is not None else _first_free()
        try:
            _empty(path)
            yield cls(path=path)
        finally:
            if not keep:
                _empty(path)
                (path / MARKER).unlink()
                path.rmdir()
            lock.close()

    @contextmanager
    def draw_pictures(self) -> Iterator[Drawing]:
        """Begin to draw the demo's pictures into this folder, in a process that ends with the demo."""
        drawing = Drawing.begin(self.path / "pictures")
        try:
            yield drawing
        finally:
            drawing.end()


def _first_free() -> tuple[Path, IO[bytes]]:
    cache = user_cache_path("kalkan", appauthor=False)
    for number in range(1, _MOST_DEMOS + 1):
        try:
            return _locked(cache / ("demo" if number == 1 else f"demo-{number}"))
        except SettingsError:
            continue
    raise SettingsError(f"{_MOST_DEMOS} demos run already; --data-dir takes another folder")


def _locked(path: Path) -> tuple[Path, IO[bytes]]:
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (path / MARKER).exists() and any(path.iterdir()):
        raise SettingsError(f"{path} holds something else: a demo empties its folder, so it takes an empty one only")
    lock = (path / MARKER).open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise SettingsError(f"another demo runs in {path}") from None
    return path, lock


def _empty(path: Path) -> None:
    for entry in path.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != MARKER:
            entry.unlink()
