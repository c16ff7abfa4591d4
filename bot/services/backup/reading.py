"""Reads a backup from its first byte to its last, and finds whatever is not as its manifest says.

Whoever knows the public key can make a file that opens: names, sizes and rows are looked at as strangers' words are.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Protocol

from bot.errors import Refusal
from bot.model.backup import Heading, Manifest, RestoredBackup, TableShape
from bot.services.backup.heading import HEADING, MANIFEST, hash_of_names, read_heading, read_manifest
from bot.services.backup.packing import Unpacking
from bot.services.backup.sealing import unseal
from bot.storage.dumping import Counted, read_block

_BLOCK: Final = re.compile(r"database/([a-z][a-z0-9_]{0,62})/(\d{1,12})\.jsonl\Z")
_FILE: Final = re.compile(r"vault/([0-9a-f]{64})\Z")
_KEY: Final = re.compile(r"keys/([a-z-]{1,40}\.key)\Z")


class Taker(Protocol):
    """Where a backup goes."""

    async def begin(self, heading: Heading) -> None:
        """What is coming."""

    async def rows(self, shape: TableShape, rows: list[dict[str, Any]]) -> None:
        """Some rows of a table."""

    async def file(self, data: bytes) -> None:
        """An original."""

    async def key(self, name: str, data: bytes) -> None:
        """A key file."""


class Looking:
    """Takes nothing: for a dry run."""

    async def begin(self, heading: Heading) -> None:
        """Nothing is made ready."""

    async def rows(self, shape: TableShape, rows: list[dict[str, Any]]) -> None:
        """They could be read: that is all."""

    async def file(self, data: bytes) -> None:
        """Its hash was looked at."""

    async def key(self, name: str, data: bytes) -> None:
        """It is there."""


async def read_backup(path: Path, identities: Any, taker: Taker) -> RestoredBackup:
    """Hand a backup on, and say what it was. Raises Refusal for another key, damage, or what is no backup of ours."""
    reading = _Reading(taker)
    unpacking = Unpacking(reading.take)
    await unseal(path, identities, unpacking.feed)
    if not unpacking.is_ended:
        raise Refusal("backup_foreign")
    return reading.end()


class _Reading:
    def __init__(self, taker: Taker) -> None:
        self._taker = taker
        self._heading: Heading | None = None
        self._manifest: Manifest | None = None
        self._shapes: Mapping[str, TableShape] = {}
        self._counted = Counted()
        self._blocks: dict[str, int] = {}
        self._files: set[str] = set()
        self._keys: list[str] = []

    async def take(self, name: str, data: bytes) -> None:
        """The next file of the archive."""
        if self._heading is None:
            if name != HEADING:
                raise Refusal("backup_foreign")
            self._heading = read_heading(data)
            self._shapes = {shape.name: shape for shape in self._heading.tables}
            await self._taker.begin(self._heading)
        elif self._manifest is not None:
            raise Refusal("backup_foreign")
        elif name == MANIFEST:
            self._manifest = read_manifest(data)
        elif found := _BLOCK.match(name):
            await self._block(found[1], int(found[2]), data)
        elif found := _FILE.match(name):
            await self._file(found[1], data)
        elif found := _KEY.match(name):
            self._keys.append(found[1])
            await self._taker.key(found[1], data)
        else:
            raise Refusal("backup_foreign")

    async def _block(self, table: str, number: int, data: bytes) -> None:
        shape = self._shapes.get(table)
        if shape is None or number != self._blocks.get(table, 0) + 1:
            raise Refusal("backup_foreign")
        self._blocks[table] = number
        self._counted.take(table, data)
        try:
            rows = read_block(shape, data)
        except (ValueError, TypeError, OverflowError, RecursionError):
            raise Refusal("backup_foreign") from None
        await self._taker.rows(shape, rows)

    async def _file(self, sha256: str, data: bytes) -> None:
        if hashlib.sha256(data).hexdigest() != sha256 or sha256 in self._files:
            raise Refusal("backup_foreign")
        self._files.add(sha256)
        await self._taker.file(data)

    def end(self) -> RestoredBackup:
        """What was read, once it is all that there should be. Raises Refusal."""
        heading, manifest = self._heading, self._manifest
        if heading is None or manifest is None:
            raise Refusal("backup_foreign")
        seen = Manifest(
            tables=self._counted.tallies(heading.tables),
            files=len(self._files),
            files_sha256=hash_of_names(self._files),
            keys=tuple(self._keys),
        )
        if seen != manifest:
            raise Refusal("backup_incomplete")
        return RestoredBackup(heading=heading, manifest=manifest)
