"""Callback data that cannot be forged: signed for one person, one action and one subject, within Telegram's 64 bytes.

The signature (HMAC-SHA256, 80 bits) covers the Telegram id of the person for whom the button was drawn: data that
somebody else sends, or that was altered, is refused. What the person may do is asked again at the press.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass

_MAC_BYTES = 10
_MAC_CHARS = 16
_MOST_BYTES = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """What a button says: which action on which subject, with an argument."""

    action: str
    subject: int = 0
    argument: str = ""


class ButtonSigner:
    """Signs and reads callback data with the newsroom's key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, telegram_id: int, press: Press) -> str:
        """Callback data for one person. Raises ValueError when it would not fit into 64 bytes."""
        body = f"{press.action}:{press.subject:x}:{press.argument}"
        data = f"{body}:{self._mac(telegram_id, body)}"
        if len(data.encode()) > _MOST_BYTES:
            raise ValueError("callback data is longer than 64 bytes")
        return data

    def read(self, telegram_id: int, data: str) -> Press | None:
        """What a press says; None when it was not signed for this person."""
        body, _, mac = data.rpartition(":")
        expected = self._mac(telegram_id, body)
        if not hmac.compare_digest(mac.encode("utf-8", "surrogatepass"), expected.encode()):
            return None
        action, subject, argument = body.split(":", 2)
        return Press(action=action, subject=int(subject, 16), argument=argument)

    def _mac(self, telegram_id: int, body: str) -> str:
        message = f"{telegram_id}|{body}".encode("utf-8", "surrogatepass")
        digest = hmac.new(self._key, message, hashlib.sha256).digest()[:_MAC_BYTES]
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")[:_MAC_CHARS]
