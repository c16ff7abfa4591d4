"""Where the custody log's secret comes from: a systemd credential, or a file that the first start makes."""

import os
from pathlib import Path
from typing import Final

from bot.custody.keys import CustodyKeys
from bot.sealing.boxes import Box
from bot.services.secret_files import make_secret, read_secret

#: The name under which systemd hands the secret in (LoadCredential=kalkan-custody.key:/path).
CREDENTIAL: Final = "kalkan-custody.key"
PURPOSE: Final = "custody.key"


def secret_path(chosen: Path) -> Path:
    """The file of the secret: systemd's credential where there is one, else the chosen path."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    credential = Path(folder) / CREDENTIAL if folder else None
    return credential if credential is not None and credential.is_file() else chosen


def read_custody_keys(path: Path, box: Box | None = None) -> CustodyKeys | None:
    """The keys from the file; None when there is none. Raises SettingsError for a file that is too short."""
    try:
        return CustodyKeys(read_secret(path, PURPOSE, box))
    except FileNotFoundError:
        return None


def read_or_make_custody_keys(path: Path, box: Box | None = None) -> CustodyKeys:
    """The keys from the file, which is made at first use and readable by its owner only."""
    if not path.exists():
        make_secret(path, PURPOSE, box)
    return CustodyKeys(read_secret(path, PURPOSE, box))
