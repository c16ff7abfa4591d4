"""The newsroom's secret key, kept in a file beside nothing else, and what is made from it."""

import base64
import hashlib
import hmac
from pathlib import Path
from typing import Final

from bot.sealing.boxes import Box
from bot.services.secret_files import make_secret, read_secret

PURPOSE: Final = "secret.key"
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


def read_or_make_key(path: Path, box: Box | None = None) -> Keys:
    """The keys from the file, which is made at first use and readable by its owner only.

    Raises SettingsError for a file that is too short: what is made from a known key can be guessed.
    """
    if not path.exists():
        make_secret(path, PURPOSE, box)
    return Keys(read_secret(path, PURPOSE, box))
