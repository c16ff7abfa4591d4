"""Canaries: words that stand nowhere else, and the search for them in a folder, however they are written."""

import base64
import random
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_LETTERS = "абвгдежзиклмнопрстуфхцчшщэюя"
_ZLIB_HEAD = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
_MOST_INFLATED = 2_000_000


@dataclass
class Flock:
    """Canaries of one run, each with the kind of thing that it stands for."""

    seed: int
    words: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def latin(self, kind: str) -> str:
        """One of letters and digits, as a handle or a file name may be."""
        return self._kept(kind, "canary" + "".join(self._chance.choices("bcdfghjkmnpqrstvwxz23456789", k=12)))

    def russian(self, kind: str) -> str:
        """One of Cyrillic letters, as a name or a text may hold."""
        return self._kept(kind, "Кенар" + "".join(self._chance.choices(_LETTERS, k=10)))

    def keep(self, kind: str, word: str) -> str:
        """One that was made elsewhere, such as the token of an invite."""
        return self._kept(kind, word)

    def _kept(self, kind: str, word: str) -> str:
        self.words[word] = kind
        return word

    def found(self, folders: Iterable[Path]) -> dict[str, str]:
        """The canaries that can be read in these folders, in names and in files; each with the first place."""
        needles = {form: word for word in self.words for form in forms(word)}
        search = re.compile(b"|".join(map(re.escape, sorted(needles, key=len, reverse=True))))
        seen: dict[str, str] = {}
        for place, data in _contents(folders):
            for hit in search.findall(data):
                seen.setdefault(needles[hit], place)
        return seen


def forms(word: str) -> Iterator[bytes]:
    """A word as it may stand on a disk: three encodings, JSON's escapes, hex, base64 at any of its offsets."""
    for plain in (word.encode(), word.lower().encode(), word.encode("utf-16-le"), word.encode("utf-16-be")):
        yield plain
        yield plain.hex().encode()
        yield plain.hex().upper().encode()
        for offset in range(3):
            coded = base64.b64encode(b"\0" * offset + plain)
            # The letters at both ends also hold bits of what stands beside the word.
            yield coded[4 if offset else 0 : len(coded) // 4 * 4 - 4]
    yield word.encode("unicode_escape")
    yield word.encode("unicode_escape").lower()


def _contents(folders: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        for path in folder.rglob("*"):
            yield str(path), path.name.encode()
            if path.is_file():
                data = path.read_bytes()
                yield str(path), data
                for inflated in _inflated(data):
                    yield f"{path} (packed)", inflated


def _inflated(data: bytes) -> Iterator[bytes]:
    """What can be unpacked from anywhere in these bytes: zlib, gzip, and the entries of zip files."""
    for head in _ZLIB_HEAD.finditer(data):
        yield _unpacked(data[head.start() :], 47)
    place = data.find(b"PK\x03\x04")
    while place >= 0:
        name, extra = (int.from_bytes(data[place + at : place + at + 2], "little") for at in (26, 28))
        yield _unpacked(data[place + 30 + name + extra :], -15)
        place = data.find(b"PK\x03\x04", place + 4)


def _unpacked(data: bytes, bits: int) -> bytes:
    try:
        return zlib.decompressobj(bits).decompress(data, _MOST_INFLATED)
    except zlib.error:
        return b""
