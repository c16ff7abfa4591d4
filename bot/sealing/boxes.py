"""Bytes sealed with a key: ChaCha20-Poly1305 in pieces of 64 KiB, none of which can be changed, moved or cut off.

A sealed value is a magic word, a random salt, and the pieces. The salt and the key give a key for this value alone
(HKDF-SHA256), so that the pieces may simply be counted in their nonces; the last one says that it is the last, as in
the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015). The place at which a value lies is sealed in: bytes
that were carried to another name do not open there.
"""

import secrets
from collections.abc import Iterator
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC: Final = b"KALKAN\x00\x01"
_SALT_BYTES: Final = 32
_TAG_BYTES: Final = 16
_PIECE: Final = 65_536
#: So much of a sealed value tells its first piece, and whether it is the only one.
HEAD: Final = len(MAGIC) + _SALT_BYTES + _PIECE + _TAG_BYTES + 1


class Unreadable(ValueError):
    """Sealed bytes that this key does not open at this place: damaged, exchanged, or sealed with another key."""


def is_sealed(data: bytes) -> bool:
    """Whether these bytes, or the first of them, are a sealed value's."""
    return data.startswith(MAGIC)


class Box:
    """Seals and opens with one key of 32 bytes; hides its repr."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        """Nothing of the key."""
        return "Box(…)"

    def seal(self, data: bytes, place: bytes) -> bytes:
        """`data`, readable only with this key and only at this place."""
        salt = secrets.token_bytes(_SALT_BYTES)
        cipher = self._cipher(salt)
        pieces = (cipher.encrypt(nonce, piece, place) for nonce, piece in _pieces(data, _PIECE))
        return b"".join([MAGIC, salt, *pieces])

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """What was sealed. Raises Unreadable."""
        body = len(MAGIC) + _SALT_BYTES
        if not is_sealed(sealed) or len(sealed) < body + _TAG_BYTES:
            raise Unreadable("not a sealed value")
        cipher = self._cipher(sealed[len(MAGIC) : body])
        parts = _pieces(memoryview(sealed)[body:], _PIECE + _TAG_BYTES)
        try:
            return b"".join(cipher.decrypt(nonce, piece, place) for nonce, piece in parts)
        except (InvalidTag, ValueError) as error:
            raise Unreadable("sealed with another key, or damaged") from error

    def beginning(self, sealed: bytes, place: bytes) -> bytes:
        """The first piece of what was sealed; `sealed` are its first HEAD bytes, or all of it. Raises Unreadable."""
        body = len(MAGIC) + _SALT_BYTES
        piece = memoryview(sealed)[body : body + _PIECE + _TAG_BYTES]
        if not is_sealed(sealed) or len(piece) < _TAG_BYTES:
            raise Unreadable("not a sealed value")
        is_last = len(sealed) <= body + _PIECE + _TAG_BYTES
        try:
            return self._cipher(sealed[len(MAGIC) : body]).decrypt(_nonce(0, is_last=is_last), piece, place)
        except InvalidTag as error:
            raise Unreadable("sealed with another key, or damaged") from error

    def _cipher(self, salt: bytes) -> ChaCha20Poly1305:
        made = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"kalkan box")
        return ChaCha20Poly1305(made.derive(self._key))


def _pieces(data: bytes | memoryview, size: int) -> Iterator[tuple[bytes, memoryview]]:
    """Each piece with its nonce: its number, and whether it is the last; an empty value has one empty piece."""
    rest, number = memoryview(data), 0
    while True:
        is_last = len(rest) <= size
        yield _nonce(number, is_last=is_last), rest[:size]
        if is_last:
            return
        rest, number = rest[size:], number + 1


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
