"""Makes master keys, and encrypts what lies plain."""

import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bot.config import Settings
from bot.errors import SettingsError
from bot.sealing.house_keys import HouseKeys
from bot.sealing.key_text import key_text
from bot.sealing.passphrase import LEAST_LETTERS, Salt
from bot.services.secret_files import place_file
from bot.storage.cipher import Form, form_of
from bot.wiring.master_key import is_within, salt_path
from bot.wiring.sealing import seal_house

_LOUD: Final = (
    "KEEP A SECOND COPY AWAY FROM THIS SERVER, on paper or on a stick in a safe: without this key nobody can read",
    "anything any more, the newsroom included, and no backup helps. Nobody can make it again.",
)


def new_key(file: Path) -> list[str]:
    """Make a master key; what to say of it. Raises SettingsError, and OSError where it cannot be written."""
    settings, path = Settings.read(), file.expanduser().absolute()
    if is_within(path, settings.data_dir):
        raise SettingsError(
            f"{path} lies in the data folder: whoever takes the one has the other; choose another place"
        )
    _, master = HouseKeys.new()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise SettingsError(f"{path} is there already: a key is never written over") from None
    with os.fdopen(descriptor, "wb") as out:
        out.write(key_text(master).encode())
        out.flush()
        os.fsync(out.fileno())
    return [f"{path}: a new master key.", *_LOUD, f"Now set KALKAN_MASTER_KEY_FILE={path}{_then(settings)}"]


def new_passphrase() -> list[str]:
    """Ask for a passphrase twice and put its salt beside the data. Raises SettingsError."""
    settings = Settings.read()
    path = salt_path(settings)
    if path.exists():
        raise SettingsError(f"{path} is there already: another salt would make another key")
    if not sys.stdin.isatty():
        raise SettingsError("a passphrase is asked on a terminal, and there is none")
    first = getpass.getpass(f"A passphrase of at least {LEAST_LETTERS} letters, better six words picked by dice: ")
    if len("".join(first.split())) < LEAST_LETTERS:
        raise SettingsError(f"the passphrase has fewer than {LEAST_LETTERS} letters: it could be guessed")
    if getpass.getpass("Once more: ") != first:
        raise SettingsError("the two are not the same; nothing was made")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    place_file(path, Salt.new(first).text().encode())
    said = f"Copy {path} too: the passphrase gives the key only together with it{_then(settings)}"
    return [f"{path}: made.", *_LOUD, said]


def seal_data(say: Callable[[str], None]) -> None:
    """Encrypt the data folder of the settings. Raises SettingsError, NotConverted, OSError."""
    seal_house(Settings.read(), say)
    say("Finished. Copies that were made before are still readable: backups, snapshots, old disks. Remove them.")
    say("An SSD may keep overwritten bytes for some time; only a disk that was encrypted all along has none.")


def _then(settings: Settings) -> str:
    is_plain = settings.database_url is None and form_of(settings.data_dir / "kalkan.sqlite") is Form.PLAIN
    return ", stop the bot and run `kalkan key seal`." if is_plain else "."
