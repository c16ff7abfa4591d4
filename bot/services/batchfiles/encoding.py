"""In which encoding is this table? UTF-8, UTF-16 with its mark, or cp1251, which spreadsheets here still write."""

import codecs
from collections.abc import Iterable
from typing import Final

UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
#: What becomes of bytes that do not fit: in UTF-8 they stay visible as lone surrogates, so that their row is refused.
BROKEN: Final = {"utf-8-sig": "surrogateescape", "utf-16": "replace", "cp1251": "replace"}

_SAMPLE: Final = 1 << 16
# Of the letters and signs that are no ASCII in a real cp1251 text nearly all are Cyrillic or the typographer's, and
# more than half of them small letters: UTF-8 or KOI8-R that is read as cp1251 shows mostly capitals and rare signs.
_PLAIN_SHARE: Final = 0.95
_SMALL_SHARE: Final = 0.5
_TYPOGRAPHY: Final = frozenset("«»„“”‘’–—…№•\xa0")


def encoding_of(chunks: Iterable[bytes]) -> str:
    """Python's name of the encoding in which the file whose `chunks` these are is best read."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    sample = b""
    try:
        for number, chunk in enumerate(chunks):
            if number == 0 and chunk.startswith(UTF16_MARKS):
                return "utf-16"
            if len(sample) < _SAMPLE:
                sample += bytes(byte for byte in chunk if byte > 0x7F)[: _SAMPLE - len(sample)]
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1251" if _is_windows_cyrillic(sample) else "utf-8-sig"
    return "utf-8-sig"


def _is_windows_cyrillic(high_bytes: bytes) -> bool:
    text = high_bytes.decode("cp1251", "replace")
    letters = [char for char in text if "А" <= char <= "я" or char in "Ёё"]
    plain = len(letters) + sum(1 for char in text if char in _TYPOGRAPHY)
    small = sum(1 for char in letters if char.islower())
    return bool(letters) and plain >= _PLAIN_SHARE * len(text) and small >= _SMALL_SHARE * len(letters)
