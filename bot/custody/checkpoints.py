"""Signed checkpoints: how long the log is and what its root is, as a note that anybody can keep and check.

The form is the C2SP's: tlog-checkpoint (origin, size, root in Base64, one line of time) in a signed-note with Ed25519.
https://github.com/C2SP/C2SP/blob/main/signed-note.md and tlog-checkpoint.md.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.custody.merkle import HASH_BYTES

_ED25519: Final = b"\x01"
_MARK: Final = "\u2014 "
#: A note as it may stand in any text: a chat's export, a mail, a file of many.
_NOTE: Final = re.compile(
    r"(?P<text>kalkan/[0-9a-f]{16}\n(?:0|[1-9][0-9]{0,17})\n[A-Za-z0-9+/]{43}=\ntime [0-9TZ:.-]{20,32}\n)"
    r"\n\u2014 (?P<name>kalkan/[0-9a-f]{16}) (?P<signature>[A-Za-z0-9+/]{91}=)(?:\n|\Z)"
)


class NotACheckpoint(ValueError):
    """Text that is no checkpoint, or whose signature is not this log's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint:
    """The log's state at a moment: `origin` names the log, `at` is spelled as entries spell it."""

    origin: str
    size: int
    root: bytes
    at: str

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\ntime {self.at}\n"


def origin_of(public: bytes, newsroom_id: int) -> str:
    """The name of a newsroom's log: it follows from the key and tells nothing of the newsroom."""
    return "kalkan/" + hashlib.sha256(public + newsroom_id.to_bytes(8, "big")).hexdigest()[:16]


def signed(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The checkpoint as a signed note."""
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    signature = _key_id(checkpoint.origin, public) + key.sign(checkpoint.text.encode())
    return f"{checkpoint.text}\n{_MARK}{checkpoint.origin} {base64.b64encode(signature).decode()}\n"


def opened(note: str, public: bytes) -> Checkpoint:
    """The checkpoint of a note with a good signature. Raises NotACheckpoint."""
    found = _NOTE.fullmatch(note)
    if found is None:
        raise NotACheckpoint("this is no checkpoint")
    text, name, signature = found.group("text", "name", "signature")
    checkpoint = _read(text)
    try:
        raw = base64.b64decode(signature, validate=True)
        if name != checkpoint.origin or raw[:4] != _key_id(name, public):
            raise NotACheckpoint("the checkpoint is signed with another key")
        Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], text.encode())
    except (InvalidSignature, binascii.Error) as error:
        raise NotACheckpoint("the checkpoint's signature is wrong") from error
    return checkpoint


def notes_in(text: str) -> Iterator[str]:
    """Every note that stands in a text, whatever stands around them."""
    for found in _NOTE.finditer(text.replace("\r\n", "\n")):
        yield found.group() if found.group().endswith("\n") else found.group() + "\n"


def verifier_key(origin: str, public: bytes) -> str:
    """The public key as signed notes name it: name, key id, type and key."""
    return f"{origin}+{_key_id(origin, public).hex()}+{base64.b64encode(_ED25519 + public).decode()}"


def _read(text: str) -> Checkpoint:
    origin, size, root, time, _ = text.split("\n")
    raw = base64.b64decode(root, validate=True)
    if len(raw) != HASH_BYTES:
        raise NotACheckpoint("the root has not 32 bytes")
    return Checkpoint(origin=origin, size=int(size), root=raw, at=time.removeprefix("time "))


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]
