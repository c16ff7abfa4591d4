"""Everything secret of the custody log, made from one secret that is never in the database.

HKDF-SHA256 gives a key for each purpose: the wrapping of subjects' keys, the pseudonyms, the signature of checkpoints,
that of exported bags, and for each newsroom that of what it shares with others. Whoever has the secret can read the
log's bodies and sign in the newsroom's name; what was anchored outside before stays as it is.
"""

import hmac
import secrets
from collections.abc import Iterable
from functools import cached_property
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SECRET_BYTES: Final = 32
NONCE_BYTES: Final = 12
_PSEUDONYM_DIGITS: Final = 32


class Unreadable(ValueError):
    """Sealed bytes that this key does not open: damaged, exchanged, or sealed with another key."""


class CustodyKeys:
    """The keys of one house."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < SECRET_BYTES:
            raise ValueError("a custody secret has 32 bytes")
        self._secret = secret

    def pseudonym(self, newsroom_id: int, noun: str, row_id: int) -> str:
        """The name under which something appears in the log; it tells nothing to whoever lacks the secret."""
        said = f"{newsroom_id}/{noun}/{row_id}".encode()
        return hmac.digest(self._pseudonyms, said, "sha256").hex()[:_PSEUDONYM_DIGITS]

    def words_of(self, pseudonym: str) -> str:
        """The name of a subject's second key: it seals what was said, the first one what was done with it.

        So the words can be sealed to somebody else while it stays readable who saw them.
        """
        return sha256(f"words/{pseudonym}".encode()).hexdigest()[:_PSEUDONYM_DIGITS]

    def with_words(self, pseudonyms: Iterable[str]) -> set[str]:
        """The names of both keys of these subjects."""
        return {name for each in pseudonyms for name in (each, self.words_of(each))}

    def wrap(self, key: bytes, pseudonym: str) -> bytes:
        """A subject's key, sealed for the database."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._wrapping.encrypt(nonce, key, pseudonym.encode())

    def unwrap(self, wrapped: bytes, pseudonym: str) -> bytes:
        """A subject's key. Raises Unreadable."""
        try:
            return self._wrapping.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], pseudonym.encode())
        except (InvalidTag, ValueError, TypeError) as error:
            raise Unreadable("the subject's key cannot be unwrapped") from error

    @cached_property
    def checkpoint_key(self) -> Ed25519PrivateKey:
        """The key that signs checkpoints."""
        return Ed25519PrivateKey.from_private_bytes(self._derived("checkpoints"))

    @property
    def checkpoint_public(self) -> bytes:
        """The 32 bytes by which checkpoints are verified."""
        return self.checkpoint_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @cached_property
    def bag_seed(self) -> bytes:
        """The seed of the minisign key that signs exported bags."""
        return self._derived("bags")

    def exchange_key(self, newsroom_id: int) -> Ed25519PrivateKey:
        """The key by which other newsrooms know what this one shares, and that countersigns their checkpoints.

        Each newsroom has its own: two that share a server are not known by it.
        """
        return Ed25519PrivateKey.from_private_bytes(self._derived(f"exchange/{newsroom_id}"))

    def exchange_name(self, newsroom_id: int, noun: str, of: str) -> str:
        """The name under which something is shared: always the same one, telling nothing without the secret."""
        key = self._derived(f"exchange names/{newsroom_id}")
        return hmac.digest(key, f"{noun}/{of}".encode(), "sha256").hex()[:_PSEUDONYM_DIGITS]

    @cached_property
    def _pseudonyms(self) -> bytes:
        return self._derived("pseudonyms")

    @cached_property
    def _wrapping(self) -> ChaCha20Poly1305:
        return ChaCha20Poly1305(self._derived("wrapping"))

    def _derived(self, purpose: str) -> bytes:
        made = HKDF(algorithm=SHA256(), length=SECRET_BYTES, salt=None, info=f"kalkan custody {purpose}".encode())
        return made.derive(self._secret)
