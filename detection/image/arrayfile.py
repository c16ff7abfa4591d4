"""Arrays in one file: written whole or not at all, read by mapping it into memory.

Layout: magic, the arrays one after another at multiples of 64 bytes, a JSON table of contents with the checksum
(CRC-32) of each, and a trailer with the length and checksum of that table. A file that was cut short has no trailer.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

_MAGIC: Final = b"KALKANA1"
_TRAILER: Final = struct.Struct("<II8s")
_ALIGNED: Final = 64
_CHUNK: Final = 1 << 20

Array = NDArray[Any]
#: The pieces of an array in order, along its first axis.
Pieces = Callable[[], Iterable[Array]]


class DamagedFile(Exception):
    """The file is not one of ours, was cut short, or has other bytes than were written."""


def write_arrays(path: Path, arrays: Mapping[str, Pieces], about: Mapping[str, int]) -> None:
    """Write arrays and numbers about them under ``path``; whoever reads it sees the old file or the whole new one."""
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        file.write(_MAGIC)
        table = json.dumps({"about": dict(about), "arrays": [_write(file, n, p) for n, p in arrays.items()]}).encode()
        file.write(table)
        file.write(_TRAILER.pack(len(table), zlib.crc32(table), _MAGIC))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(file: BinaryIO, name: str, pieces: Pieces) -> dict[str, Any]:
    file.write(bytes(-file.tell() % _ALIGNED))
    start, checksum, rows = file.tell(), 0, 0
    dtype, rest = "", ()
    for piece in pieces():
        data = np.ascontiguousarray(piece)
        dtype, rest, rows = data.dtype.str, data.shape[1:], rows + len(data)
        raw = data.tobytes()
        checksum = zlib.crc32(raw, checksum)
        file.write(raw)
    return {"name": name, "dtype": dtype, "shape": [rows, *rest], "start": start, "crc": checksum}


def read_arrays(path: Path) -> tuple[dict[str, Array], dict[str, int]]:
    """The arrays, mapped read-only, and the numbers about them. Raises DamagedFile; checksums are of `verify`."""
    table = _table(path)
    try:
        arrays = {each["name"]: _mapped(path, each) for each in table["arrays"]}
        return arrays, {str(key): int(value) for key, value in table["about"].items()}
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedFile(str(path.name)) from error


def _mapped(path: Path, entry: dict[str, Any]) -> Array:
    shape, dtype = tuple(entry["shape"]), np.dtype(entry["dtype"])
    if 0 in shape:
        return np.empty(shape, dtype)
    return np.memmap(path, dtype=dtype, mode="r", offset=entry["start"], shape=shape)


def verify(path: Path) -> None:
    """Read the whole file and compare its checksums. Raises DamagedFile."""
    table = _table(path)
    with path.open("rb") as file:
        for entry in table["arrays"]:
            length = int(np.prod(entry["shape"])) * np.dtype(entry["dtype"]).itemsize if entry["dtype"] else 0
            if _checksum(file, entry["start"], length) != entry["crc"]:
                raise DamagedFile(f"{path.name}: {entry['name']}")


def _checksum(file: BinaryIO, start: int, length: int) -> int:
    file.seek(start)
    checksum = 0
    while length > 0 and (data := file.read(min(length, _CHUNK))):
        checksum = zlib.crc32(data, checksum)
        length -= len(data)
    return checksum


def _table(path: Path) -> Any:
    """The table of contents. Raises DamagedFile."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TRAILER.size))
            length, checksum, magic = _TRAILER.unpack(file.read(_TRAILER.size))
            if magic != _MAGIC or length > size:
                raise DamagedFile(path.name)
            file.seek(size - _TRAILER.size - length)
            raw = file.read(length)
    except (OSError, struct.error) as error:
        raise DamagedFile(path.name) from error
    if zlib.crc32(raw) != checksum:
        raise DamagedFile(path.name)
    return json.loads(raw)
