"""What an encrypted database's files hold once somebody has the key: every byte of every page, the free ones as well.

Written apart from SQLCipher, by the description of its format (version 4): an export or a copy would leave out what a
deletion left between the rows, and that is what is looked for.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE, SALT, IV, MAC = 4096, 16, 16, 64
#: Of a page's end: the vector it was encrypted with, and the code that signs it.
_RESERVED = IV + MAC
_WAL_HEAD, _FRAME_HEAD = 32, 24


def opened(folder: Path, database: Path, key: bytes) -> bytes:
    """All pages of a database and of its write-ahead log, decrypted; of pages in the log every version that is there.

    Raises ValueError when the key opens nothing, or a byte more than pages stands in the file.
    """
    pages = b"".join(_of_database(database.read_bytes(), key))
    log = folder / f"{database.name}-wal"
    return pages + b"".join(_of_log(log.read_bytes() if log.exists() else b"", key))


def _of_database(held: bytes, key: bytes) -> Iterator[bytes]:
    if len(held) % PAGE:
        raise ValueError("a database is pages and nothing else")
    for at in range(0, len(held), PAGE):
        yield _page(held[at : at + PAGE], key, is_first=at == 0)
    _check_head(held[:PAGE], key)


def _of_log(held: bytes, key: bytes) -> Iterator[bytes]:
    for at in range(_WAL_HEAD, len(held), _FRAME_HEAD + PAGE):
        frame = held[at : at + _FRAME_HEAD + PAGE]
        (number,) = struct.unpack(">I", frame[:4])
        yield _page(frame[_FRAME_HEAD:], key, is_first=number == 1)


def _page(page: bytes, key: bytes, *, is_first: bool) -> bytes:
    body, vector = page[SALT if is_first else 0 : PAGE - _RESERVED], page[PAGE - _RESERVED : PAGE - MAC]
    decryptor = Cipher(algorithms.AES256(key), modes.CBC(vector)).decryptor()
    return decryptor.update(body) + decryptor.finalize()


def _check_head(page: bytes, key: bytes) -> None:
    # Behind the sixteen bytes of its name a database tells its page's size, and how many bytes of each are reserved.
    size, _, _, reserved = struct.unpack(">HBBB", _page(page, key, is_first=True)[:5])
    if (size, reserved) != (PAGE, _RESERVED):
        raise ValueError("this key opens nothing")
