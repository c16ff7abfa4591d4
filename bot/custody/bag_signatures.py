"""Minisign signatures under exported bags: `minisign -V` of any system checks them."""

import base64
import hashlib
from typing import Final

import minisign
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

#: Not covered by the signature, so it is always the same: whoever changes it is caught by the verifier in the bag.
UNTRUSTED: Final = "signature of a Kalkan evidence bag"


class BagSigner:
    """Signs with the key that follows from a seed of 32 bytes."""

    def __init__(self, seed: bytes) -> None:
        self._key = minisign.SecretKey.from_base64(_secret_key(seed))

    @property
    def public_key(self) -> str:
        """The public key file: a comment and one line of Base64."""
        key = self._key.get_public_key()
        text = bytes(key).decode()
        return text if text.endswith("\n") else f"{text}\n"

    @property
    def public_line(self) -> str:
        """The line by which people compare keys."""
        return self.public_key.splitlines()[1]

    def sign(self, data: bytes, trusted: str) -> bytes:
        """The signature file of `data`; `trusted` is signed with it: one line of at most 8,000 bytes."""
        made = self._key.sign(data, prehash=True, untrusted_comment=UNTRUSTED, trusted_comment=trusted)
        return bytes(made).rstrip(b"\n") + b"\n"


def is_signed(data: bytes, signature: bytes, public_key: str) -> bool:
    """Whether a signature file is that of `data` by this key."""
    try:
        key = minisign.PublicKey.from_bytes(public_key.encode())
        key.verify(data, minisign.Signature.from_bytes(signature))
    except (minisign.Error, ValueError):
        return False
    return True


def _secret_key(seed: bytes) -> bytes:
    # The file format of minisign: algorithms, no password, then key number, secret, public, checksum.
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    number = hashlib.sha256(b"minisign key number" + public).digest()[:8]
    checksum = hashlib.blake2b(b"Ed" + number + seed + public, digest_size=32).digest()
    return base64.b64encode(b"Ed" + bytes(2) + b"B2" + bytes(48) + number + seed + public + checksum)
