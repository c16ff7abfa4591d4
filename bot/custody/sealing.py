"""Bodies of entries: sealed with their subject's key, and committed to in the open.

The commitment is HMAC-SHA256 of the canonical body under a salt of 32 bytes that stands inside the sealed bytes. With
the key destroyed, body and salt are gone together: what was said cannot even be guessed at, and the commitment,
the chain and the tree stay as they are.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from bot.custody.canonical import canonical, storable
from bot.custody.keys import NONCE_BYTES, SECRET_BYTES, Unreadable

SALT_BYTES: Final = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """A body as it was committed to: its canonical bytes and the salt that opens the commitment."""

    salt: bytes
    body: bytes

    @property
    def commitment(self) -> bytes:
        """What the entry must hold."""
        return hmac.digest(self.salt, self.body, "sha256")


def new_body(body: Mapping[str, Any]) -> Opened:
    """A body with a salt of its own."""
    return Opened(salt=secrets.token_bytes(SALT_BYTES), body=canonical(storable(body)))


def new_subject_key() -> bytes:
    """The key of a subject that has none yet."""
    return secrets.token_bytes(SECRET_BYTES)


def seal(opened: Opened, key: bytes, seq: int) -> bytes:
    """Nonce and ciphertext, bound to the entry's number."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, opened.salt + opened.body, _place(seq))


def unseal(sealed: bytes, key: bytes, seq: int) -> Opened:
    """The body of entry `seq`. Raises Unreadable."""
    try:
        plain = ChaCha20Poly1305(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _place(seq))
    except (InvalidTag, ValueError, TypeError) as error:
        raise Unreadable("the body cannot be opened") from error
    return Opened(salt=plain[:SALT_BYTES], body=plain[SALT_BYTES:])


def _place(seq: int) -> bytes:
    return seq.to_bytes(8, "big")
