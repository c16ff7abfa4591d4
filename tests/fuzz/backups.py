"""The target that reads a backup: whoever knows the public key can make a file that opens."""

import contextlib
import gc
import resource
import tarfile
from collections.abc import Coroutine
from typing import Any, Final

from bot.errors import Refusal
from bot.services.backup.heading import HEADING, read_heading, read_manifest, told
from bot.services.backup.packing import MOST_BYTES, Unpacking
from bot.services.backup.reading import Looking, _Reading
from bot.storage.dumping import read_block

#: What is unpacked is held once, and what is given beside it; never what a header only claims.
_MOST_MEGABYTES: Final = 64
_PIECES: Final = (1, 511, 512, 513, 4096)


def backups(data: bytes) -> None:
    """Headings, manifests, archives in pieces of any size: a Refusal or what is in it, and no more than was given."""
    before = _memory()
    _headings(data)
    outcomes = {_read(data, size) for size in _PIECES[1:]}
    assert len(outcomes) == 1, f"it depends on the size of the pieces: {outcomes}"
    _packed(data)
    assert _memory() - before < _MOST_MEGABYTES


def _headings(data: bytes) -> None:
    for read in (read_heading, read_manifest):
        with contextlib.suppress(Refusal):
            found = read(data)
            with contextlib.suppress(Refusal):
                # What was understood says the same when it is written and read again.
                assert read(told(found)) == found
    with contextlib.suppress(Refusal):
        for shape in read_heading(data).tables:
            with contextlib.suppress(ValueError, TypeError, OverflowError, RecursionError):
                read_block(shape, data)


def _read(data: bytes, size: int) -> str:
    """What came of an archive: the code of its refusal, or how many files it held."""
    reading = _Reading(Looking())
    taken: list[int] = []

    async def take(name: str, content: bytes) -> None:
        assert 0 <= len(content) <= min(MOST_BYTES, len(data))
        taken.append(len(content))
        await reading.take(name, content)

    async def run() -> None:
        unpacking = Unpacking(take)
        for at in range(0, len(data), size):
            await unpacking.feed(data[at : at + size])
        if unpacking.is_ended:
            reading.end()

    try:
        _done(run())
    except Refusal as refusal:
        return f"{refusal.code} after {len(taken)}"
    return f"{len(taken)} files"


def _packed(data: bytes) -> None:
    """The same bytes behind headers that are right: what they say is read, and only a whole backup is one."""
    parts = data.split(b"\0\0\0\0")
    whole = b"".join(_member(HEADING if n == 0 else "manifest.json", part) for n, part in enumerate(parts[:2]))
    assert "files" not in _read(whole + bytes(1024), 512) or len(parts) > 1


def _member(name: str, data: bytes) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    return info.tobuf(tarfile.USTAR_FORMAT) + data + bytes(-len(data) % 512)


def _done(act: Coroutine[Any, Any, None]) -> None:
    """Nothing in it waits for anything: no event loop is needed, and none is paid for."""
    try:
        act.send(None)
    except StopIteration:
        return
    raise AssertionError("reading waited for something")


def _memory() -> float:
    """Megabytes at the most so far."""
    gc.collect(0)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
