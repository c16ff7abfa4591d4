"""Where the custody log's secret comes from: a systemd credential, or a file that the first start makes."""

import os
from pathlib import Path
from typing import Final

from bot.custody.keys import SECRET_BYTES, CustodyKeys
from bot.errors import SettingsError
from bot.services.keys import make_secret

#: The name under which systemd hands the secret in (LoadCredential=kalkan-custody.key:/path).
CREDENTIAL: Final = "kalkan-custody.key"


def secret_path(chosen: Path) -> Path:
    """The file of the secret: systemd's credential where there is one, else the chosen path."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    credential = Path(folder) / CREDENTIAL if folder else None
    return credential if credential is not None and credential.is_file() else chosen


def read_custody_keys(path: Path) -> CustodyKeys | None:
    """The keys from the file; None when there is none. Raises SettingsError for a file that is too short."""
    try:
        secret = path.read_bytes()
    except FileNotFoundError:
        return None
    if len(secret) < SECRET_BYTES:
        raise SettingsError(f"{path} is no custody key: it has {len(secret)} bytes, not {SECRET_BYTES}; restore it")
    return CustodyKeys(secret)


def read_or_make_custody_keys(path: Path) -> CustodyKeys:
    """The keys from the file, which is made at first use and readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        make_secret(path)
    keys = read_custody_keys(path)
    if keys is None:
        raise SettingsError(f"{path} cannot be read")
    return keys
