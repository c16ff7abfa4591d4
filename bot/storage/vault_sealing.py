"""The objects of a plain vault are sealed one by one; each is read back before the plain one is overwritten."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.sealing.boxes import is_sealed
from bot.storage.converting import overwrite
from bot.storage.vault import Vault, VaultError

_SHA256: Final = re.compile(r"[0-9a-f]{64}\Z")


async def seal_objects(vault: Vault) -> tuple[int, int]:
    """Seal every plain object under the vault's root; how many were sealed, and how many were damaged and left alone.

    May be stopped at any instant and run again. Raises OSError, VaultError where a sealed object does not read back.
    """
    sealed = damaged = 0
    for path in list(_plain(vault.root)):
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != path.name:
            if await _is_sealed_too(vault, path.name):
                # The power went while it was being overwritten.
                overwrite(path)
            else:
                # What is sealed has a name that looks the same.
                damaged += not is_sealed(data)
            continue
        digest = await vault.put(data)
        await vault.get(digest.sha256)
        overwrite(path)
        sealed += 1
    _remove_empty(vault.root)
    return sealed, damaged


async def _is_sealed_too(vault: Vault, sha256: str) -> bool:
    try:
        await vault.get(sha256)
    except VaultError:
        return False
    return True


def _plain(root: Path) -> Iterator[Path]:
    return (path for path in root.glob("??/??/*") if _SHA256.match(path.name))


def _remove_empty(root: Path) -> None:
    for folder in [*root.glob("??/??"), *root.glob("??")]:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
