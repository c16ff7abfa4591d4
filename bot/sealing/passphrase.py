"""A master key from a passphrase: scrypt, with a salt and its costs in a file beside the data.

The costs (N = 2^17, r = 8, p = 1: 128 MiB and some 0.4 s) are those that OWASP's Password Storage Cheat Sheet puts
first for scrypt. The salt is no secret; without it the passphrase gives another key.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import asdict, dataclass, replace
from typing import Final

from bot.sealing.house_keys import KEY_BYTES

SALT_FILE: Final = "master.salt"
LEAST_LETTERS: Final = 16
_SALT_BYTES: Final = 32
_MOST_MEMORY: Final = 1 << 30


class WrongPassphrase(ValueError):
    """It is not the one for which the salt was made."""


class NotASalt(ValueError):
    """The file beside the data is no salt of ours, or asks for too much."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Salt:
    """The salt and four bytes that tell the right passphrase from another, in hex, and scrypt's costs.

    Whoever has the data can try passphrases on the database all the same: the four bytes make it no easier.
    """

    salt: str
    check: str = ""
    n: int = 1 << 17
    r: int = 8
    p: int = 1

    @classmethod
    def new(cls, passphrase: str) -> "Salt":
        """A random one, for this passphrase."""
        salt = cls(salt=secrets.token_hex(_SALT_BYTES))
        return replace(salt, check=_check(salt._stretched(passphrase)))

    @classmethod
    def read(cls, text: str) -> "Salt":
        """The salt from its file. Raises NotASalt."""
        try:
            given = json.loads(text)
            made = cls(
                salt=str(given["salt"]),
                check=str(given["check"]),
                n=int(given["n"]),
                r=int(given["r"]),
                p=int(given["p"]),
            )
            fits = len(bytes.fromhex(made.salt)) >= _SALT_BYTES and made.n & (made.n - 1) == 0
        except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
            raise NotASalt("it cannot be read") from None
        if not fits or not (1 << 14 <= made.n <= 1 << 20 and 8 <= made.r <= 32 and 1 <= made.p <= 4):
            raise NotASalt("its costs are out of bounds")
        return made

    def text(self) -> str:
        """What stands in the file."""
        return json.dumps(asdict(self)) + "\n"

    def master(self, passphrase: str) -> bytes:
        """The master key of this passphrase; takes a good part of a second. Raises WrongPassphrase."""
        master = self._stretched(passphrase)
        if not hmac.compare_digest(_check(master).encode(), self.check.encode()):
            raise WrongPassphrase("not the passphrase that this salt was made for")
        return master

    def _stretched(self, passphrase: str) -> bytes:
        said = " ".join(passphrase.split()).encode()
        return hashlib.scrypt(
            said, salt=bytes.fromhex(self.salt), n=self.n, r=self.r, p=self.p, dklen=KEY_BYTES, maxmem=_MOST_MEMORY
        )


def _check(master: bytes) -> str:
    return hmac.digest(master, b"kalkan passphrase check", "sha256").hex()[:8]
