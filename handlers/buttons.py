"""Callback data that cannot be forged or used elsewhere: signed for one chat, one drawing and one state of its member.

The signature (HMAC-SHA256, 80 bits) covers the newsroom, the chat for which the button was drawn (a member's own, or a
group), the outbox row that drew it, the member's epoch, and what it says: action, subject, argument. None of the first
four stands in the data, so all of Telegram's 64 bytes are left for the last. Which drawing a message shows is known
from the table of sent messages: data that was altered, that somebody else sends, that stands under another message, or
that was drawn before a role was lost is refused. What the person may do is asked again at the press.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

_MAC_BYTES = 10
_MAC_CHARS = 16
MOST_BYTES = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """What a button says: which action on which subject, with an argument."""

    action: str
    subject: int = 0
    argument: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bearer:
    """For whom, where and when a button was drawn.

    `chat` is the member's own chat, and so the member, or a group; `drawing` the outbox row; `epoch` the member's.
    """

    newsroom: int
    chat: int
    drawing: int
    epoch: int = 0


class ButtonSigner:
    """Signs and reads callback data with the newsroom's key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, bearer: Bearer, press: Press) -> str:
        """Callback data for one bearer. Raises ValueError when it would not fit into 64 bytes, or is not printable."""
        body = f"{press.action}:{press.subject:x}:{press.argument}"
        data = f"{body}:{self._mac(bearer, body)}"
        if not is_plain(data):
            raise ValueError("callback data is longer than 64 bytes, or not printable")
        return data

    def read(self, data: str, bearers: Iterable[Bearer]) -> tuple[Press, Bearer] | None:
        """What a press says and which of these bearers it was signed for; None when for none of them."""
        body, _, mac = data.rpartition(":")
        for bearer in bearers if is_plain(data) else ():
            if hmac.compare_digest(mac.encode(errors="replace"), self._mac(bearer, body).encode()):
                action, subject, argument = body.split(":", 2)
                return Press(action=action, subject=int(subject, 16), argument=argument), bearer
        return None

    def _mac(self, bearer: Bearer, body: str) -> str:
        message = f"{bearer.newsroom}|{bearer.chat}|{bearer.drawing}|{bearer.epoch}|{body}".encode(errors="replace")
        digest = hmac.new(self._key, message, hashlib.sha256).digest()[:_MAC_BYTES]
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")[:_MAC_CHARS]


def said_by(data: str) -> str:
    """What callback data says, without its signature."""
    return data.rpartition(":")[0]


def is_plain(data: str) -> bool:
    """Whether this could be callback data of ours at all: nothing else is looked up anywhere."""
    # A half character has no bytes; its stand-in is one, and no printable text of ours holds it.
    return len(data.encode(errors="replace")) <= MOST_BYTES and data.isprintable()
