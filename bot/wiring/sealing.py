"""`kalkan key seal`: a data folder that was plain is encrypted whole; it may be stopped and taken up again anywhere."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

from bot.config import Settings
from bot.errors import SettingsError
from bot.sealing.boxes import Box, is_sealed
from bot.sealing.house_keys import HouseKeys
from bot.services import custody_secret, keys
from bot.services.secret_files import place_file
from bot.storage.converting import encrypt, overwrite
from bot.storage.vault import Seal, Vault
from bot.storage.vault_sealing import seal_objects
from bot.wiring.archive import SEALING
from bot.wiring.master_key import Ask, house_keys, is_within

Say = Callable[[str], None]


def seal_house(settings: Settings, say: Say, ask: Ask | None = None) -> None:
    """Encrypt database, vault and secrets with the master key; what was there is overwritten and removed.

    Until it is finished no other command opens the data folder. Raises SettingsError, NotConverted, DatabaseLocked,
    OSError.
    """
    house = house_keys(settings, ask)
    if house is None:
        raise SettingsError("KALKAN_PLAIN_DATABASE=yes: take it away and set KALKAN_MASTER_KEY_FILE first")
    data = settings.data_dir
    if not data.is_dir():
        raise SettingsError(f"{data} is not there: first use makes it, encrypted from the beginning")
    mark = data / SEALING
    mark.touch(mode=0o600)
    for line in _sealed(settings, house):
        say(line)
    mark.unlink()


def _sealed(settings: Settings, house: HouseKeys) -> list[str]:
    path = settings.data_dir / "kalkan.sqlite"
    lines = []
    if settings.database_url is None:
        done = encrypt(path, house.database)
        lines.append(f"database: {'encrypted' if done else 'encrypted already, or not there'}")
    vault = Vault(settings.vault_dir, Seal(box=house.vault, names=house.names))
    sealed, damaged = asyncio.run(seal_objects(vault))
    lines.append(f"vault: {sealed} originals encrypted")
    if damaged:
        lines.append(f"vault: {damaged} files are not what their names say; they were left as they are")
    for file, purpose in ((settings.key_path, keys.PURPOSE), (settings.custody_key_path, custody_secret.PURPOSE)):
        if is_within(file, settings.data_dir) and _seal_secret(file, purpose, house.secrets):
            lines.append(f"{file.name}: encrypted")
    for folder in (settings.data_dir / "photos", settings.workshop_dir):
        _remove(folder)
    return lines


def _seal_secret(path: Path, purpose: str, box: Box) -> bool:
    old = path.with_name(f"{path.name}.plain")
    had_old = old.exists()
    if path.exists() and not is_sealed(data := path.read_bytes()):
        old.unlink(missing_ok=True)
        old.hardlink_to(path)
        place_file(path, box.seal(data, purpose.encode()), replace=True)
        had_old = True
    if had_old:
        overwrite(old)
    return had_old


def _remove(folder: Path) -> None:
    """The index of photos, which is made anew, and exports that were not sent yet, which can be asked for again."""
    if folder.is_dir():
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                overwrite(path)
        shutil.rmtree(folder)
