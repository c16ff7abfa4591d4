"""The master key of a house, and the sub-key for each thing that lies sealed on its disk.

HKDF-SHA256 (RFC 5869) gives a key for each purpose: whoever gets to know one of them knows none of the others, and not
the master key.
"""

import secrets
from functools import cached_property
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.sealing.boxes import Box

KEY_BYTES: Final = 32


class HouseKeys:
    """Everything that is made from the master key; hides its repr."""

    def __init__(self, master: bytes) -> None:
        if len(master) != KEY_BYTES:
            raise ValueError("a master key has 32 bytes")
        self._master = master

    def __repr__(self) -> str:
        """Nothing of the key."""
        return "HouseKeys(…)"

    @classmethod
    def new(cls) -> tuple["HouseKeys", bytes]:
        """New keys, and the 32 random bytes that they are made from."""
        master = secrets.token_bytes(KEY_BYTES)
        return cls(master), master

    @cached_property
    def database(self) -> bytes:
        """SQLCipher's raw key."""
        return self._derived("database")

    @cached_property
    def vault(self) -> Box:
        """Seals the objects of the vault."""
        return Box(self._derived("vault"))

    @cached_property
    def names(self) -> bytes:
        """The key under which the vault's objects get their names."""
        return self._derived("vault names")

    @cached_property
    def secrets(self) -> Box:
        """Seals secret.key and custody.key."""
        return Box(self._derived("secret files"))

    @cached_property
    def exports(self) -> Box:
        """Seals finished exports that wait until they are sent."""
        return Box(self._derived("exports"))

    def _derived(self, purpose: str) -> bytes:
        made = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"kalkan house {purpose}".encode())
        return made.derive(self._master)
