"""Files of 32 secret bytes: made at first use, readable by their owner only, sealed where there is a master key."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.errors import SettingsError
from bot.sealing.boxes import Box, Unreadable, is_sealed

SECRET_BYTES: Final = 32


def read_secret(path: Path, purpose: str, box: Box | None) -> bytes:
    """The secret. `purpose` is the file's usual name, to which it is sealed.

    A plain file is read as well: it may come from outside, as a systemd credential does. Raises FileNotFoundError, and
    SettingsError for a file that is too short or does not open.
    """
    data = path.read_bytes()
    if is_sealed(data):
        if box is None:
            raise SettingsError(f"{path} is sealed: it needs the master key (KALKAN_MASTER_KEY_FILE)")
        try:
            data = box.open(data, purpose.encode())
        except Unreadable:
            raise SettingsError(f"{path} does not open with this master key: sealed with another, or damaged") from None
    if len(data) < SECRET_BYTES:
        raise SettingsError(f"{path} is no key: it has {len(data)} bytes, not {SECRET_BYTES}; restore or remove it")
    return data


def make_secret(path: Path, purpose: str, box: Box | None) -> None:
    """Make a file of 32 random bytes; one that is there already stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = secrets.token_bytes(SECRET_BYTES)
    place_file(path, secret if box is None else box.seal(secret, purpose.encode()))


def place_file(path: Path, data: bytes, *, replace: bool = False) -> None:
    """Put a whole file in its place, for its owner's eyes only; one that is there stays, unless `replace`."""
    # Under its final name there is all of it or nothing, whenever this process is killed or another one looks.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".key-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            Path(name).replace(path)
        else:
            with suppress(FileExistsError):
                os.link(name, path)
    finally:
        Path(name).unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
