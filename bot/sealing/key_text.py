"""The master key as a line of text: it can be printed, copied by hand, and is told from a mistyped one.

The line is `kalkan-master-key-1:` and 16 groups of hex for the 32 bytes, with 4 bytes of their SHA-256 as two more
groups. Space and letter case do not matter when it is read; lines that begin with # are left out.
"""

import hashlib
from typing import Final

from bot.sealing.house_keys import KEY_BYTES

WORD: Final = "kalkan-master-key-1:"
_CHECK_BYTES: Final = 4
_GROUP: Final = 4
_HEAD: Final = (
    "# Kalkan's master key. Whoever has it and the data folder reads everything; without it nobody reads anything,\n"
    "# the newsroom included, and no copy of the data helps. Keep a second copy away from the server.\n"
)


class NotAKey(ValueError):
    """The text is no master key; the message says why, and nothing of the text."""


def key_text(master: bytes) -> str:
    """The file's text."""
    digits = (master + _check(master)).hex()
    groups = (digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP))
    return f"{_HEAD}{WORD} {' '.join(groups)}\n"


def read_key_text(text: str) -> bytes:
    """The 32 bytes. Raises NotAKey."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    said = "".join("".join(lines).split()).lower()
    if not said.startswith(WORD):
        raise NotAKey(f"a master key begins with {WORD}")
    try:
        both = bytes.fromhex(said.removeprefix(WORD))
    except ValueError:
        raise NotAKey("it holds what is no hexadecimal digit") from None
    if len(both) != KEY_BYTES + _CHECK_BYTES:
        raise NotAKey(f"it has {len(both)} bytes, not {KEY_BYTES + _CHECK_BYTES}")
    master, check = both[:KEY_BYTES], both[KEY_BYTES:]
    if check != _check(master):
        raise NotAKey("its last two groups do not fit the others: it was miscopied")
    return master


def _check(master: bytes) -> bytes:
    return hashlib.sha256(master).digest()[:_CHECK_BYTES]
