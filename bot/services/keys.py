"""The newsroom's secret key, kept in a file beside nothing else, and what is made from it."""

import base64
import hashlib
import hmac
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from bot.errors import SettingsError

_KEY_BYTES = 32
_TOKEN_BYTES = 16


class Keys:
    """Derives what must not be guessed from one secret: the signature key of buttons, the tokens of invites."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @property
    def buttons(self) -> bytes:
        """The key with which buttons are signed."""
        return self._derive("buttons")

    def invite_token(self, invite_id: int) -> str:
        """The 128-bit token of an invite, in the 22 characters that a deep link may hold."""
        token = self._derive(f"invite:{invite_id}")[:_TOKEN_BYTES]
        return base64.urlsafe_b64encode(token).decode().rstrip("=")

    def _derive(self, purpose: str) -> bytes:
        return hmac.new(self._secret, purpose.encode(), hashlib.sha256).digest()


def read_or_make_key(path: Path) -> Keys:
    """The keys from the file, which is made at first use and readable by its owner only.

    Raises SettingsError for a file that is too short: what is made from a known key can be guessed.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        make_secret(path)
    secret = path.read_bytes()
    if len(secret) < _KEY_BYTES:
        raise SettingsError(f"{path} is no key: it has {len(secret)} bytes, not {_KEY_BYTES}; restore or remove it")
    return Keys(secret)


def make_secret(path: Path) -> None:
    """Make a file of 32 random bytes, readable by its owner only; one that is there already stays."""
    # Under its final name there is all of the key or nothing, whenever this process is killed or another one looks.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".key-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
