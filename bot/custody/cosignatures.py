"""A second newsroom's line under a checkpoint: that it saw this state of the log, and when.

The form is the C2SP's cosignature/v1 with Ed25519: the line is a signed note's like any other, so that programs which
know checkpoints know it too. https://github.com/C2SP/C2SP/blob/main/tlog-cosignature.md
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bot.custody.envelopes import public_of

#: The type of Ed25519 cosignatures, and what the line's bytes are: key id, seconds since 1970, signature.
_COSIGNATURE: Final = b"\x04"
_ID_BYTES: Final = 4
_TIME_BYTES: Final = 8
_SIZE: Final = _ID_BYTES + _TIME_BYTES + 64
_MARK: Final = "\u2014 "
#: A checkpoint with all its lines, as it may stand in any text.
_NOTE: Final = re.compile(
    r"kalkan/[0-9a-f]{16}\n(?:0|[1-9][0-9]{0,17})\n[A-Za-z0-9+/]{43}=\ntime [0-9TZ:.-]{20,32}\n"
    r"\n(?:\u2014 [^\s]{1,100} [A-Za-z0-9+/=]{4,400}\n?)+"
)
#: Lines under one checkpoint that are looked at.
_MOST_LINES: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Cosignature:
    """Who saw a checkpoint, by its key, and when it says so."""

    public: bytes
    at: datetime


def witness_name(public: bytes) -> str:
    """The name of a newsroom as a witness: it follows from its key and tells nothing of it."""
    return "kalkan-witness/" + hashlib.sha256(public).hexdigest()[:16]


def cosigned(note: str, key: Ed25519PrivateKey, now: datetime) -> str:
    """The note with one more line. Raises ValueError for what is no note."""
    text, _, _ = _parted(note)
    public, seconds = public_of(key), int(now.timestamp())
    name = witness_name(public)
    raw = _key_id(name, public) + seconds.to_bytes(_TIME_BYTES, "big") + key.sign(_message(text, seconds))
    return f"{note if note.endswith(chr(10)) else note + chr(10)}{_MARK}{name} {base64.b64encode(raw).decode()}\n"


def cosignatures(note: str, publics: Iterator[bytes] | list[bytes]) -> list[Cosignature]:
    """The good lines of these keys under a note; lines of others, and wrong ones, are passed over."""
    text, _, lines = _parted(note)
    known = {witness_name(public): public for public in publics}
    found = [_read(line, text, known) for line in lines[:_MOST_LINES]]
    return [each for each in found if each is not None]


def whole_notes(text: str) -> Iterator[str]:
    """Every checkpoint in a text with all the lines under it."""
    for found in _NOTE.finditer(text.replace("\r\n", "\n")):
        yield found.group() if found.group().endswith("\n") else found.group() + "\n"


def _read(line: str, text: str, known: dict[str, bytes]) -> Cosignature | None:
    name, _, spelled = line.removeprefix(_MARK).partition(" ")
    public = known.get(name)
    try:
        raw = base64.b64decode(spelled, validate=True)
        if public is None or len(raw) != _SIZE or raw[:_ID_BYTES] != _key_id(name, public):
            return None
        seconds = int.from_bytes(raw[_ID_BYTES : _ID_BYTES + _TIME_BYTES], "big")
        Ed25519PublicKey.from_public_bytes(public).verify(raw[_ID_BYTES + _TIME_BYTES :], _message(text, seconds))
        return Cosignature(public=public, at=datetime.fromtimestamp(seconds, UTC))
    except (InvalidSignature, binascii.Error, ValueError, OverflowError, OSError):
        return None


def _parted(note: str) -> tuple[str, str, list[str]]:
    """What is signed, with its last line's end; the empty line; the lines of signatures."""
    text, blank, rest = note.partition("\n\n")
    if not blank:
        raise ValueError("no signed note")
    return f"{text}\n", blank, [line for line in rest.split("\n") if line.startswith(_MARK)]


def _message(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _COSIGNATURE + public).digest()[:_ID_BYTES]
