"""Pictures that a decoder should not trust, and honest ones of every kind that phones send; all made here."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from PIL import Image, ImageDraw

from detection.image import decoders  # noqa: F401 - HEIC is written with what it is read with

FOREIGN = (b"PK\x03\x04", b"<script", b"<?php", b"Exif", b"http://ns.adobe.com/xap", b"Photoshop 3.0", b"ICC_PROFILE")


def drawing(seed: int = 1, size: tuple[int, int] = (400, 300)) -> Image.Image:
    """A busy picture of coloured shapes, different for every seed."""
    draw_with = random.Random(seed)
    image = Image.new("RGB", size, _colour(draw_with))
    pen = ImageDraw.Draw(image)
    for _ in range(25):
        x, y = draw_with.randrange(size[0]), draw_with.randrange(size[1])
        w, h = draw_with.randrange(20, size[0] // 2), draw_with.randrange(20, size[1] // 2)
        shape = draw_with.choice((pen.ellipse, pen.rectangle))
        shape((x - w // 2, y - h // 2, x + w // 2, y + h // 2), fill=_colour(draw_with))
    return image


def _colour(draw_with: random.Random) -> tuple[int, int, int]:
    return draw_with.randrange(256), draw_with.randrange(256), draw_with.randrange(256)


def turned(upright: Image.Image, orientation: int) -> Image.Image:
    """The pixels as a camera stores them that says with this EXIF orientation how they are to be turned."""
    undo = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]
    return upright if undo is None else upright.transpose(Image.Transpose(undo))


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def png(width: int, height: int, bits: int, colour: int, chunks: bytes) -> bytes:
    """A PNG with this header and these ready-made chunks, whatever they say."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunks + chunk(b"IEND", b"")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@cache
def black_bomb(side: int) -> bytes:
    """A black 1-bit square: 13,000 pixels a side are 20 KB, pass Pillow's own check and take 0.8 GB as RGB."""
    packer, row = zlib.compressobj(9), b"\0" * (1 + (side + 7) // 8)
    body = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return png(side, side, 1, 0, chunk(b"IDAT", body))


def lying_header() -> bytes:
    """50,000 pixels a side are claimed, a thousand bytes are there."""
    return png(50_000, 50_000, 8, 6, chunk(b"IDAT", zlib.compress(b"\0" * 1000)))


@cache
def text_bomb(size: int = 200_000_000) -> bytes:
    """One pixel, with a comment that unpacks to ``size`` bytes."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"A" * 1_000_000) for _ in range(size // 1_000_000)) + packer.flush()
    return png(1, 1, 8, 0, chunk(b"zTXt", b"k\0\0" + packed) + chunk(b"IDAT", zlib.compress(b"\0\0")))


@cache
def many_texts(count: int = 100) -> bytes:
    """Comments of just under a megabyte each: every one passes, together they do not."""
    packed = chunk(b"zTXt", b"k\0\0" + zlib.compress(b"A" * 1_000_000, 9))
    return png(1, 1, 8, 0, packed * count + chunk(b"IDAT", zlib.compress(b"\0\0")))


@cache
def long_gif(frames: int = 60, side: int = 1500) -> bytes:
    pages = [Image.new("P", (side, side), n % 255) for n in range(frames)]
    return encoded(pages[0], "GIF", save_all=True, append_images=pages[1:])


def huge_jpeg(width: int = 65_000, height: int = 65_000) -> bytes:
    """A small JPEG whose frame header is rewritten to claim another size."""
    data = bytearray(encoded(drawing()))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def declared(data: bytes, width: int, height: int) -> bytes:
    """A HEIC or AVIF whose size box ("ispe", ISO/IEC 23008-12) is rewritten to claim another size."""
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


@cache
def many_scans(count: int = 20_000, side: int = 6000) -> bytes:
    """A grey progressive JPEG that repaints one band of frequencies over and over: 1 MB, and minutes of decoding."""
    data = encoded(Image.new("L", (side, side), 128), progressive=True, quality=50)
    first = data.index(b"\xff\xda\x00\x08\x01\x01\x00\x01\x05")
    end = data.index(b"\xff\xc4", first)
    return data[:end] + data[first:end] * count + data[end:]


def huge_webp() -> bytes:
    """An extended WebP header with the largest canvas the format knows, and nothing to show on it."""
    body = b"VP8X" + struct.pack("<I", 10) + b"\x10\0\0\0" + (16_383).to_bytes(3, "little") * 2
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def with_everything(image: Image.Image) -> bytes:
    """A JPEG with EXIF and a GPS position, XMP, a Photoshop block, a colour profile, a comment, and a zip behind it."""
    exif = Image.Exif()
    exif[0x010E] = "<script>alert(1)</script>"
    exif.get_ifd(0x8825).update({1: "N", 2: (42.0, 52.0, 12.0), 3: "E", 4: (74.0, 36.0, 5.0)})
    data = encoded(
        image, exif=exif, comment=b"<?php ?>", icc_profile=b"\0" * 200, xmp=b"<x:xmpmeta>" + b"x" * 50, quality=90
    )
    photoshop = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\0\0\x10" + b"\x1c\x02\x78\0\x0bBishkek now\0"
    marker = b"\xff\xed" + struct.pack(">H", len(photoshop) + 2) + photoshop
    return data[:2] + marker + data[2:] + _zip()


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../evil.sh", "echo")
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Hostile:
    """One picture of the corpus: made when it is asked for, since some take a second and most tests need none."""

    name: str
    make: Callable[[], bytes]
    #: Of which one must come back; "fine" stands for no refusal.
    codes: frozenset[str]


def corpus() -> Iterator[tuple[str, bytes, frozenset[str]]]:
    """(name, bytes, codes) of each."""
    return ((each.name, each.make(), each.codes) for each in CORPUS)


def _good() -> bytes:
    return encoded(drawing())


def _heif() -> bytes:
    return encoded(drawing(), "HEIF")


def _long_and_thin() -> bytes:
    return png(100_000, 1, 1, 0, chunk(b"IDAT", zlib.compress(b"\0" * 12_501)))


CORPUS: Final = tuple(
    Hostile(name, make, frozenset(codes))
    for name, make, codes in (
        ("empty", lambda: b"", {"empty"}),
        ("svg", lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', {"format_not_allowed"}),
        ("html", lambda: b"<html><body>hello</body></html>", {"not_an_image"}),
        ("noise", lambda: random.Random(7).randbytes(5000), {"not_an_image"}),
        ("zip", _zip, {"not_an_image"}),
        ("bmp", lambda: encoded(drawing(), "BMP"), {"format_not_allowed"}),
        ("tiff", lambda: encoded(drawing(), "TIFF"), {"format_not_allowed"}),
        ("heic", lambda: b"\0\0\0\x1cftypheic\0\0\0\0mif1heic" + b"\0" * 100, {"decode_failed"}),
        ("heic by its second brand", lambda: b"\0\0\0\x1cftypmif1\0\0\0\0mif1heic" + b"\0" * 100, {"decode_failed"}),
        ("avif", lambda: b"\0\0\0\x1cftypavif\0\0\0\0mif1avif" + b"\0" * 100, {"decode_failed"}),
        ("jpeg under a heic's name", lambda: b"\0\0\0\x1cftypheic\0\0\0\0mif1heic" + _good(), {"decode_failed"}),
        ("huge heic", lambda: declared(_heif(), 32_000, 32_000), {"too_many_pixels"}),
        ("huge avif", lambda: declared(encoded(drawing(), "AVIF"), 16_000, 16_000), {"too_many_pixels"}),
        ("long heic", lambda: declared(_heif(), 100_000, 1), {"too_large_side"}),
        ("heic of more pixels than its box says", lambda: declared(_heif(), 90, 90), {"bomb"}),
        ("heic of no height", lambda: declared(_heif(), 90, 0), {"decode_failed"}),
        ("heic cut", lambda: _heif()[:-1000], {"truncated"}),
        ("avif cut", lambda: encoded(drawing(), "AVIF")[:-100], {"truncated"}),
        ("html behind a heic", lambda: _heif() + b"<script>alert(1)</script>", {"fine"}),
        ("video", lambda: b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + b"\0" * 100, {"not_an_image"}),
        ("bomb, 169 megapixels", lambda: black_bomb(13_000), {"too_many_pixels"}),
        ("bomb, 900 megapixels", lambda: black_bomb(30_000), {"too_many_pixels"}),
        ("bomb, long and thin", _long_and_thin, {"too_large_side"}),
        ("lying header", lying_header, {"too_many_pixels"}),
        ("text bomb", text_bomb, {"bomb"}),
        ("many texts", many_texts, {"bomb"}),
        ("huge jpeg", huge_jpeg, {"too_many_pixels"}),
        ("jpeg of no height", lambda: huge_jpeg(100, 0), {"decode_failed"}),
        ("jpeg of many scans", many_scans, {"bomb"}),
        ("huge webp", huge_webp, {"too_many_pixels"}),
        ("webp cut in its header", lambda: huge_webp()[:22], {"decode_failed", "truncated"}),
        ("long gif", long_gif, {"fine"}),
        ("jpeg cut in its pixels", lambda: encoded(drawing(3, (900, 900)))[:9000], {"truncated"}),
        ("jpeg cut in its header", lambda: _good()[:300], {"truncated", "decode_failed"}),
        ("png cut", lambda: encoded(drawing(), "PNG")[:-3000], {"truncated", "decode_failed"}),
        ("webp cut", lambda: encoded(drawing(), "WEBP")[:-2000], {"truncated", "decode_failed"}),
        ("gif cut", lambda: encoded(drawing(), "GIF")[:5000], {"truncated", "decode_failed"}),
        ("three bytes of jpeg", lambda: _good()[:3], {"truncated", "decode_failed"}),
        ("polyglot", lambda: with_everything(drawing()), {"fine"}),
        ("html behind a picture", lambda: _good() + b"<script>alert(1)</script>", {"fine"}),
    )
)
