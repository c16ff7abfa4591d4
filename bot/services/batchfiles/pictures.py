"""Pictures in a folder or a ZIP: listed by name, read one at a time within a limit; no name is ever used as a path.

A ZIP is a stranger's: members are read into memory only, by the bytes that really come out and not by what the archive
says of itself; encrypted members and rare methods (some take gigabytes to unpack) are refused.
"""

import os
import stat
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Final, Self

from bot.errors import Refusal
from bot.services.batchfiles.plain_files import open_plain

#: Members that a ZIP may have, and bytes that may come out of it in all.
MOST_MEMBERS: Final = 100_000
MOST_UNPACKED: Final = 20_000_000_000
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 0x1
_CHUNK: Final = 1 << 16
# A member's own header, without its name.
_HEADER: Final = 30
_SYSTEM_FILES: Final = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureFile:
    """A file of the collection: its name, and its bytes or the code of why there are none."""

    name: str
    data: bytes | None = None
    error: str | None = None


class Pictures(ABC):
    """A collection of picture files, looked up by name: the whole relative name, or the last part where it is clear."""

    def __init__(self, names: Sequence[str], most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self.names = _shortened(names)
        self._places = dict(zip(self.names, range(len(names)), strict=True))
        self._by_last = _clear_endings(self.names)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:  # noqa: B027 - a folder has nothing to let go of
        """Let go of the archive."""

    def __iter__(self) -> Iterator[PictureFile]:
        return (self._read_at(place, name) for place, name in enumerate(self.names))

    def find(self, name: str) -> PictureFile | None:
        """The file that a list calls `name`; None when there is none, or several."""
        wanted = _tidy(name)
        known = wanted if wanted in self._places else self._by_last.get(PurePosixPath(wanted).name)
        return self._read_at(self._places[known], known) if known is not None else None

    def _read_at(self, place: int, name: str) -> PictureFile:
        try:
            return PictureFile(name=name, data=self._read(place))
        except Refusal as refusal:
            return PictureFile(name=name, error=refusal.code)

    @abstractmethod
    def _read(self, place: int) -> bytes:
        """The bytes of the file at a place in the list. Raises Refusal."""


class FolderPictures(Pictures):
    """The files under a folder; links to other folders are not followed."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._paths = sorted(_files_under(folder))
        super().__init__([path.relative_to(folder).as_posix() for path in self._paths], most_bytes)

    def _read(self, place: int) -> bytes:
        return read_picture(self._paths[place], self._most_bytes)


class ZipPictures(Pictures):
    """The members of a ZIP."""

    def __init__(self, path: Path, most_bytes: int) -> None:
        try:
            self._file = open_plain(path)
        except (ValueError, OSError):
            raise Refusal("zip_broken", file=str(path)) from None
        try:
            self._zip = zipfile.ZipFile(self._file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            self._file.close()
            raise Refusal("zip_broken", file=str(path)) from None
        self._members = [member for member in self._zip.infolist() if _counts(member.filename)]
        self._unpacked = 0
        if _overlap(self._zip.infolist()):
            self.close()
            raise Refusal("zip_broken", file=str(path))
        if len(self._members) > MOST_MEMBERS:
            self.close()
            raise Refusal("zip_too_many", file=str(path), most=MOST_MEMBERS)
        super().__init__([member.filename for member in self._members], most_bytes)

    def close(self) -> None:
        """Close the archive."""
        self._zip.close()
        self._file.close()

    def _read(self, place: int) -> bytes:
        member = self._members[place]
        if member.flag_bits & _ENCRYPTED:
            raise Refusal("zip_encrypted")
        if member.compress_type not in _METHODS:
            raise Refusal("zip_method")
        if self._unpacked > MOST_UNPACKED:
            raise Refusal("zip_total")
        try:
            return self._unpack(member)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
            raise Refusal("zip_member_broken") from None

    def _unpack(self, member: zipfile.ZipInfo) -> bytes:
        data = bytearray()
        with self._zip.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                data += chunk
                self._unpacked += len(chunk)
                if len(data) > self._most_bytes:
                    raise Refusal("image_too_many_bytes")
        return bytes(data)


def _overlap(members: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether members share bytes: a small archive whose every entry is the same large one unpacks without end."""
    places = sorted((each.header_offset, each.header_offset + _HEADER + each.compress_size) for each in members)
    return any(end > begin for (_, end), (begin, _) in pairwise(places))


def open_pictures(path: Path, most_bytes: int) -> Pictures:
    """The pictures of a folder or a ZIP. Raises Refusal for anything else."""
    if path.is_dir():
        return FolderPictures(path, most_bytes)
    if not path.exists():
        raise Refusal("file_missing", file=str(path))
    return ZipPictures(path, most_bytes)


def read_picture(path: Path, most_bytes: int) -> bytes:
    """The bytes of a picture file. Raises Refusal: missing, too large, no plain file (a pipe would hang)."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise Refusal("image_missing") from None
    except (OSError, ValueError):
        raise Refusal("image_unreadable") from None
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise Refusal("image_unreadable")
        if facts.st_size > most_bytes:
            raise Refusal("image_too_many_bytes")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return _at_most(file.read(most_bytes + 1), most_bytes)
    except OSError:
        raise Refusal("image_unreadable") from None
    finally:
        os.close(descriptor)


def _at_most(data: bytes, most_bytes: int) -> bytes:
    # A file may grow after its size was asked for.
    if len(data) > most_bytes:
        raise Refusal("image_too_many_bytes")
    return data


def _files_under(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(root) / name for name in files if _counts(name))


def _counts(name: str) -> bool:
    """Whether a file is meant: no folder, and not what systems leave lying about."""
    if name.endswith("/"):
        return False
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return bool(parts) and not ("__MACOSX" in parts or parts[-1].startswith(".") or parts[-1].lower() in _SYSTEM_FILES)


def _tidy(name: str) -> str:
    """A name for looking up and showing only: forward slashes, no climbing, nothing unprintable."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "".join(char if char.isprintable() else "\ufffd" for char in "/".join(parts))


def _shortened(names: Sequence[str]) -> list[str]:
    """Names without the one folder that holds all of them; a name that comes twice is told apart by a number."""
    tidy = [_tidy(name) for name in names]
    tops = {name.partition("/")[0] for name in tidy}
    if len(tops) == 1 and all("/" in name for name in tidy):
        return _shortened([name.partition("/")[2] for name in tidy])
    seen: dict[str, int] = {}
    distinct = []
    for name in tidy:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return distinct


def _clear_endings(names: Sequence[str]) -> dict[str, str]:
    found: dict[str, str | None] = {}
    for name in names:
        last = PurePosixPath(name).name
        found[last] = None if last in found else name
    return {last: name for last, name in found.items() if name is not None}
