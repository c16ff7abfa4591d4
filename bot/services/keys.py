"""The newsroom's secret key, kept in a file beside nothing else, and what is made from it."""

import base64
import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from bot.sealing.boxes import Box
from bot.services.secret_files import make_secret, read_secret

PURPOSE: Final = "secret.key"
_TOKEN_BYTES = 16
_NONCE_BYTES = 12


class Keys:
    """Derives what must not be guessed from one secret: the signature key of buttons, the tokens of invites."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @property
    def buttons(self) -> bytes:
        """The key with which buttons are signed."""
        return self._derive("buttons")

    @property
    def webhook(self) -> str:
        """By which Telegram is known where it posts updates, in characters that setWebhook takes."""
        return self._derive("webhook").hex()

    @property
    def albums(self) -> bytes:
        """The key under which albums are known that bring a work report."""
        return self._derive("albums")

    def invite_token(self, invite_id: int) -> str:
        """The 128-bit token of an invite, in the 22 characters that a deep link may hold."""
        token = self._derive(f"invite:{invite_id}")[:_TOKEN_BYTES]
        return base64.urlsafe_b64encode(token).decode().rstrip("=")

    def seal(self, purpose: str, data: bytes, about: str) -> bytes:
        """Bytes sealed for the database, bound to whom they are about."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + ChaCha20Poly1305(self._derive(f"seal:{purpose}")).encrypt(nonce, data, about.encode())

    def unseal(self, purpose: str, sealed: bytes, about: str) -> bytes:
        """What `seal` was given. Raises ValueError for what this key did not seal."""
        cipher = ChaCha20Poly1305(self._derive(f"seal:{purpose}"))
        try:
            return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], about.encode())
        except InvalidTag:
            raise ValueError("sealed with another key, or damaged") from None

    def recovery_codes(self, member_id: int, sealed: bytes, count: int) -> list[str]:
        """Codes of 50 bits that belong to one sealed secret: made anew whenever they are shown, stored nowhere."""
        of = hashlib.sha256(sealed).hexdigest()
        made = (self._derive(f"recovery:{member_id}:{of}:{number}")[:_TOKEN_BYTES] for number in range(count))
        spelled = (base64.b32encode(each).decode().lower()[:10] for each in made)
        return [f"{each[:5]}-{each[5:]}" for each in spelled]

    def code_hash(self, member_id: int, code: str) -> str:
        """By what a recovery code is known again; without the key it tells nothing."""
        return self._derive(f"recovery-hash:{member_id}:{code}").hex()

    def erased(self, newsroom_id: int, platform: str, known_by: str) -> str:
        """By what an account that was erased is known again: its handle's key, or its number on the platform."""
        return self._derive(f"erased:{newsroom_id}:{platform}:{known_by}").hex()

    def searched(self, newsroom_id: int, words: str) -> str:
        """By what words that were looked for are known again in the audit."""
        return self._derive(f"searched:{newsroom_id}:{words}").hex()[:_TOKEN_BYTES]

    def _derive(self, purpose: str) -> bytes:
        return hmac.new(self._secret, purpose.encode(), hashlib.sha256).digest()


def read_or_make_key(path: Path, box: Box | None = None) -> Keys:
    """The keys from the file, which is made at first use and readable by its owner only.

    Raises SettingsError for a file that is too short: what is made from a known key can be guessed.
    """
    if not path.exists():
        make_secret(path, PURPOSE, box)
    return Keys(read_secret(path, PURPOSE, box))
