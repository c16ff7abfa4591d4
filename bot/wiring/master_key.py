"""Where the master key comes from: a file, a systemd credential or a passphrase; never from beside the data."""

import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.config import Settings
from bot.errors import SettingsError
from bot.sealing.house_keys import HouseKeys
from bot.sealing.key_text import NotAKey, read_key_text
from bot.sealing.passphrase import SALT_FILE, NotASalt, Salt, WrongPassphrase

#: The name under which systemd hands the key in (LoadCredential=kalkan-master.key:/path).
CREDENTIAL: Final = "kalkan-master.key"
_MOST_BYTES: Final = 10_000
Ask = Callable[[str], str]


def house_keys(settings: Settings, ask: Ask | None = None) -> HouseKeys | None:
    """The keys of the house; None where the settings say that everything is plain. `ask` asks for a passphrase.

    Raises SettingsError where there is no key, more than one way to it, or one that cannot be read.
    """
    master = _given(settings, ask)
    if settings.plain_database:
        if master is not None:
            raise SettingsError("KALKAN_PLAIN_DATABASE=yes and a master key: take away one of the two")
        return None
    if master is None:
        raise SettingsError(
            "there is no master key: `kalkan key new FILE` makes one and KALKAN_MASTER_KEY_FILE names it"
            " (only to try Kalkan out: KALKAN_PLAIN_DATABASE=yes leaves everything readable on the disk)"
        )
    return HouseKeys(master)


def key_path(settings: Settings) -> Path | None:
    """The file of the key: systemd's credential where there is one, else the chosen one. Raises SettingsError."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    credential = Path(folder) / CREDENTIAL if folder else None
    if credential is not None and credential.is_file():
        return credential
    chosen = settings.master_key_file
    for what, place in _places(settings).items():
        if chosen is not None and is_within(chosen, place):
            raise SettingsError(
                f"the master key {chosen} lies in the {what}: whoever takes the one has the other; move it elsewhere"
            )
    return chosen


def _places(settings: Settings) -> dict[str, Path]:
    """The folders in which the key must not lie, by what is in them."""
    found = {"data folder": settings.data_dir, "folder of originals": settings.vault_dir}
    found["folder of backups"] = settings.backups_dir
    url = settings.database_url or ""
    if url.startswith("sqlite"):
        path = _database_file(url)
        if path and path != ":memory:":
            found["database's folder"] = Path(path).parent
    return found


def _database_file(url: str) -> str | None:
    try:
        return make_url(url).database
    except ArgumentError:
        # Whoever opens it says so.
        return None


def is_within(path: Path, folder: Path) -> bool:
    """Whether a file lies in a folder, by whatever links."""
    return path.resolve().is_relative_to(folder.resolve())


def salt_path(settings: Settings) -> Path:
    """Where the salt of a passphrase lies."""
    return settings.data_dir / SALT_FILE


def _given(settings: Settings, ask: Ask | None) -> bytes | None:
    path = key_path(settings)
    if path is not None:
        return _read(path)
    if settings.plain_database or not salt_path(settings).is_file():
        return None
    return _asked(salt_path(settings), ask or _on_terminal)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise SettingsError(f"{path} is no master key: it is too large")
        return read_key_text(path.read_text(encoding="utf-8"))
    except (NotAKey, UnicodeDecodeError) as error:
        said = str(error) if isinstance(error, NotAKey) else "it is not text"
        raise SettingsError(f"{path} is no master key: {said}") from None
    except OSError as error:
        raise SettingsError(f"the master key {path} cannot be read: {error.strerror}") from None


def _asked(path: Path, ask: Ask) -> bytes:
    try:
        salt = Salt.read(path.read_text(encoding="utf-8"))
    except (NotASalt, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be used: {error if isinstance(error, NotASalt) else 'not text'}") from None
    try:
        return salt.master(ask("Passphrase of the master key: "))
    except WrongPassphrase:
        raise SettingsError("this is not the passphrase of the master key") from None


def _on_terminal(prompt: str) -> str:
    if not sys.stdin.isatty():
        raise SettingsError("the master key is a passphrase, and there is no terminal to ask for it on")
    return getpass.getpass(prompt)
