"""A corpus of malformed pictures, made of small good ones by a seeded hand: the same files for the same seed.

Ways of spoiling: bits flipped, bytes overwritten, cut short, a piece taken out, doubled or put elsewhere, numbers in
the header made huge or nought, the parts of the format (segments, chunks, boxes, blocks) swapped, junk or another
picture behind the end, another picture's beginning put before it, and several of these at once.
"""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from PIL import Image

from tests.detection.image import hostile

SIZE: Final = (120, 90)
HUGE: Final = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
Spoil = Callable[[random.Random, bytes], bytes]


@cache
def sources() -> dict[str, bytes]:
    """A small good picture of every kind that can be written here, by name."""
    image, other = hostile.drawing(3, SIZE), hostile.drawing(4, SIZE)
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (42.0, 52.0, 12.0)})
    many: dict[str, object] = {"save_all": True, "append_images": [other]}
    return {
        "jpeg": hostile.encoded(image, exif=exif, comment=b"a comment"),
        "jpeg progressive": hostile.encoded(image, progressive=True),
        "jpeg cmyk": hostile.encoded(image.convert("CMYK")),
        "jpeg grey": hostile.encoded(image.convert("L")),
        "mpo": hostile.encoded(image, "MPO", **many),
        "png": hostile.encoded(image, "PNG", exif=exif),
        "png palette": hostile.encoded(image.quantize(16), "PNG", transparency=3),
        "png deep": hostile.encoded(image.convert("L").convert("I;16"), "PNG"),
        "png alpha": hostile.encoded(image.convert("RGBA"), "PNG"),
        "png moving": hostile.encoded(image, "PNG", **many),
        "webp": hostile.encoded(image, "WEBP", exif=exif),
        "webp lossless": hostile.encoded(image.convert("RGBA"), "WEBP", lossless=True),
        "webp moving": hostile.encoded(image, "WEBP", **many),
        "gif": hostile.encoded(image, "GIF"),
        "gif moving": hostile.encoded(image, "GIF", **many),
        "heic": hostile.encoded(image, "HEIF", exif=exif),
        "heic alpha": hostile.encoded(image.convert("RGBA"), "HEIF"),
        "heic of several": hostile.encoded(image, "HEIF", **many),
        "avif": hostile.encoded(image, "AVIF", exif=exif),
        "avif moving": hostile.encoded(image, "AVIF", **many),
        "bmp": hostile.encoded(image, "BMP"),
        "tiff": hostile.encoded(image, "TIFF"),
    }


def corpus(count: int, seed: int = 20) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of ``count`` malformed files, every source and every way of spoiling in turn."""
    draw_with = random.Random(seed)
    kinds, ways = list(sources().items()), list(WAYS.items())
    for number in range(count):
        name, data = kinds[number % len(kinds)]
        way, spoil = ways[(number // len(kinds)) % len(ways)]
        yield f"{number}: {name}, {way}", spoil(draw_with, data)


def _flip(draw_with: random.Random, data: bytes) -> bytes:
    spoilt = bytearray(data)
    for _ in range(draw_with.choice((1, 1, 3, 10, 60))):
        spoilt[draw_with.randrange(len(spoilt))] ^= 1 << draw_with.randrange(8)
    return bytes(spoilt)


def _flip_header(draw_with: random.Random, data: bytes) -> bytes:
    return _flip(draw_with, data[:400]) + data[400:]


def _overwrite(draw_with: random.Random, data: bytes) -> bytes:
    at, length = draw_with.randrange(len(data)), draw_with.choice((1, 4, 32, 500))
    return data[:at] + draw_with.randbytes(length) + data[at + length :]


def _cut(draw_with: random.Random, data: bytes) -> bytes:
    return data[: draw_with.choice((draw_with.randrange(min(64, len(data))), draw_with.randrange(len(data))))]


def _without(draw_with: random.Random, data: bytes) -> bytes:
    at = draw_with.randrange(len(data))
    return data[:at] + data[at + draw_with.choice((1, 2, 4, 100)) :]


def _doubled(draw_with: random.Random, data: bytes) -> bytes:
    at = draw_with.randrange(len(data))
    piece = data[at : at + draw_with.choice((8, 64, 1000))]
    return data[:at] + piece * draw_with.choice((2, 3, 200)) + data[at + len(piece) :]


def _huge(draw_with: random.Random, data: bytes) -> bytes:
    """Numbers of two or four bytes in the first few hundred, either end first, say something absurd."""
    spoilt = bytearray(data)
    for _ in range(draw_with.choice((1, 1, 2, 6))):
        order, form = draw_with.choice("<>"), draw_with.choice("HI")
        value = draw_with.choice(HUGE) & (0xFFFF if form == "H" else 0xFFFFFFFF)
        at = draw_with.randrange(4, max(5, min(400, len(spoilt) - 4)))
        struct.pack_into(order + form, spoilt, at, value)
    return bytes(spoilt)


def _sized(draw_with: random.Random, data: bytes) -> bytes:
    """The very numbers that say how large the picture is are others; in a PNG the checksum agrees with them."""
    width, height = (draw_with.choice((0, 1, 7, 119, 5000, 11_999, 16_383, 65_500, 2**31 - 1)) for _ in range(2))
    if data.startswith(b"\x89PNG"):
        header = struct.pack(">II", width, height) + data[24:29]
        return data[:8] + hostile.chunk(b"IHDR", header) + data[33:]
    if data.startswith(b"GIF"):
        return data[:6] + struct.pack("<HH", width & 0xFFFF, height & 0xFFFF) + data[10:]
    if b"ispe" in data:
        return hostile.declared(data, width, height)
    frame = next((at for mark in (b"\xff\xc0", b"\xff\xc2") if (at := data.find(mark)) > 0), -1)
    if data.startswith(b"\xff\xd8") and frame > 0:
        return data[: frame + 5] + struct.pack(">HH", height & 0xFFFF, width & 0xFFFF) + data[frame + 9 :]
    if data[12:16] == b"VP8X":
        sides = b"".join((side & 0xFFFFFF).to_bytes(3, "little") for side in (width, height))
        return data[:24] + sides + data[30:]
    return _huge(draw_with, data)


def _swapped(draw_with: random.Random, data: bytes) -> bytes:
    """Two parts of the file change places, or one is left out, or stands twice."""
    parts = _parts(data)
    if len(parts) < 3:
        return _doubled(draw_with, data)
    one, other = draw_with.sample(range(1, len(parts)), 2)
    act = draw_with.randrange(3)
    if act == 0:
        parts[one], parts[other] = parts[other], parts[one]
    elif act == 1:
        del parts[one]
    else:
        parts.insert(other, parts[one])
    return b"".join(parts)


def _parts(data: bytes) -> list[bytes]:
    """The file's own parts: a head, then segments, chunks or boxes as it has them."""
    if data.startswith(b"\x89PNG"):
        return [data[:8], *_split(data, 8, lambda at: 12 + int.from_bytes(data[at : at + 4], "big"))]
    if data.startswith(b"RIFF"):
        return [data[:12], *_split(data, 12, lambda at: 8 + (int.from_bytes(data[at + 4 : at + 8], "little") + 1 & ~1))]
    if data[4:8] == b"ftyp":
        return [b"", *_split(data, 0, lambda at: max(8, int.from_bytes(data[at : at + 4], "big")))]
    if data.startswith(b"\xff\xd8"):
        return [data[:2], *_split(data, 2, lambda at: _segment(data, at))]
    return [data[at : at + 64] for at in range(0, len(data), 64)]


def _segment(data: bytes, at: int) -> int:
    if data[at + 1 : at + 2] == b"\xda":
        return len(data) - at
    return 2 + int.from_bytes(data[at + 2 : at + 4], "big")


def _split(data: bytes, at: int, length: Callable[[int], int]) -> list[bytes]:
    parts = []
    while at < len(data):
        end = at + length(at)
        parts.append(data[at:end])
        at = end
    return parts


def _followed(draw_with: random.Random, data: bytes) -> bytes:
    other = draw_with.choice(list(sources().values()))
    return data + draw_with.choice((draw_with.randbytes(3000), b"\0" * 100_000, other, b"<script>x()</script>", _zip()))


def _under_another_name(draw_with: random.Random, data: bytes) -> bytes:
    other = draw_with.choice(list(sources().values()))
    length = draw_with.choice((3, 8, 12, 16, 40, 200))
    return other[:length] + data[draw_with.choice((0, length)) :]


def _nested(draw_with: random.Random, data: bytes) -> bytes:
    """A picture inside another's comment, chunk or box, with and without a true length."""
    inner = draw_with.choice(list(sources().values()))[:60_000]
    size = len(inner) if draw_with.random() < 0.5 else draw_with.choice(HUGE)
    if data.startswith(b"\x89PNG"):
        packed = hostile.chunk(draw_with.choice((b"zTXt", b"iCCP", b"eXIf", b"IDAT")), b"k\0\0" + zlib.compress(inner))
        return data[:33] + packed + data[33:]
    if data.startswith(b"\xff\xd8"):
        marker = struct.pack(">BBH", 0xFF, draw_with.choice((0xE1, 0xE2, 0xED, 0xFE, 0xC4, 0xDB)), size + 2 & 0xFFFF)
        return data[:2] + marker + inner + data[2:]
    if data.startswith(b"RIFF"):
        kind = draw_with.choice((b"EXIF", b"ICCP", b"ALPH", b"ANMF", b"VP8 "))
        return data[:12] + kind + struct.pack("<I", size & 0xFFFFFFFF) + inner + data[12:]
    if data[4:8] == b"ftyp":
        kind = draw_with.choice((b"free", b"meta", b"moov", b"mdat", b"uuid"))
        return data[:36] + struct.pack(">I", size + 8 & 0xFFFFFFFF) + kind + inner + data[36:]
    return data[: len(data) // 2] + inner + data[len(data) // 2 :]


def _several(draw_with: random.Random, data: bytes) -> bytes:
    for spoil in draw_with.sample([_flip, _huge, _cut, _without, _swapped, _sized], 3):
        data = spoil(draw_with, data).ljust(32, b"\0")
    return data


def _zip() -> bytes:
    return io.BytesIO(b"PK\x03\x04" + b"\0" * 500).getvalue()


WAYS: Final[dict[str, Spoil]] = {
    "bits flipped": _flip,
    "bits of the header flipped": _flip_header,
    "overwritten": _overwrite,
    "cut": _cut,
    "a piece gone": _without,
    "a piece doubled": _doubled,
    "absurd numbers": _huge,
    "another size": _sized,
    "parts swapped": _swapped,
    "followed by something": _followed,
    "under another name": _under_another_name,
    "another picture inside": _nested,
    "several at once": _several,
}
