"""Signed JSON: an object in its canonical spelling (RFC 8785) with an Ed25519 signature over all the rest of it.

The spelling is part of the form: bytes that say the same in another way (a key given twice, a space, 1.0 for 1) are
refused, so that nobody reads something else in them than what was signed.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.custody.canonical import canonical

#: Bytes of an Ed25519 public key and of a signature.
KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
_SIGNATURE: Final = "signature"


class NotAnEnvelope(ValueError):
    """Bytes that are no canonical JSON object with a signature."""


class WrongSignature(ValueError):
    """The object is not what the named key signed."""


def public_of(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes by which others verify."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def enclosed(said: Mapping[str, Any], domain: bytes, key: Ed25519PrivateKey) -> bytes:
    """The object with its signature, in canonical bytes; `domain` says for what purpose it is signed."""
    signature = base64.b64encode(key.sign(domain + canonical(dict(said)))).decode()
    return canonical({**said, _SIGNATURE: signature}) + b"\n"


def taken_out(data: bytes) -> tuple[dict[str, Any], bytes]:
    """The object and its signature. Raises NotAnEnvelope; whether the signature is good, `verify` says."""
    body = data.removesuffix(b"\n")
    try:
        value = json.loads(body.decode("utf-8"))
        if not isinstance(value, dict) or canonical(value) != body:
            raise NotAnEnvelope("no canonical JSON object")
    except (ValueError, RecursionError, OverflowError) as error:
        raise NotAnEnvelope("no canonical JSON object") from error
    return value, _bytes(value.pop(_SIGNATURE, None), SIGNATURE_BYTES)


def verify(said: Mapping[str, Any], signature: bytes, domain: bytes, public: bytes) -> None:
    """Raises WrongSignature unless this key signed exactly this."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, domain + canonical(dict(said)))
    except (InvalidSignature, ValueError) as error:
        raise WrongSignature("signed with another key, or changed") from error


def spelled_key(public: bytes) -> str:
    """A public key as text."""
    return base64.b64encode(public).decode()


def read_key(text: Any) -> bytes:
    """The public key in a text. Raises NotAnEnvelope."""
    return _bytes(text, KEY_BYTES)


def _bytes(text: Any, size: int) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except (binascii.Error, ValueError) as error:
        raise NotAnEnvelope("no Base64") from error
    # One spelling for one key: bits of Base64 that stand for nothing would let a second text name it.
    if len(raw) != size or base64.b64encode(raw).decode() != text:
        raise NotAnEnvelope(f"not {size} bytes")
    return raw
