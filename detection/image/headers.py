"""Which picture format do the first bytes claim, and how large a canvas does a WebP ask for?

Nothing is decoded here: these answers decide whether a decoder is allowed to see the bytes at all.
"""

from __future__ import annotations

import re
import struct
from typing import Literal

Sniffed = Literal["JPEG", "PNG", "WEBP", "GIF", "HEIF", "AVIF", "other"]

# Brands of the "ftyp" box (ISO/IEC 23008-12, annex B): HEVC-coded stills and sequences, as iPhones and Samsungs write,
# and those of any coding; AV1-coded ones (AV1 Image File Format, section 6).
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs"})
_ANY_BRANDS = frozenset({b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
# Real picture formats that phones and messengers do not send: TIFF, BMP, PSD, ICO, JPEG 2000, JPEG XL, PDF.
_OTHER_MAGICS = (
    b"II*\0",
    b"MM\0*",
    b"BM",
    b"8BPS",
    b"\0\0\1\0",
    b"\0\0\0\x0cjP  ",
    b"\xff\x4f\xff\x51",
    b"\xff\x0a",
    b"\0\0\0\x0cJXL ",
    b"%PDF-",
)
_SVG_HEAD = 1024
# Of a GIF: the length of its header with the screen's description, and how its blocks begin.
_GIF_HEAD = 13
_PICTURE, _EXTENSION = 0x2C, 0x21
# Of a JPEG: what begins a segment (inside a scan a byte of ones is followed by none, or by a restart), and which of
# them have no length.
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_SCAN, _END = 0xDA, 0xD9
_LONE = frozenset({0x01, 0xD8})


def sniff(data: bytes) -> Sniffed | None:
    """The format that the first bytes claim; "other" is a picture format that is not taken; None is no picture."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if data[4:8] == b"ftyp":
        return _sniff_boxes(data)
    if data.startswith(_OTHER_MAGICS) or b"<svg" in data[:_SVG_HEAD].lower():
        return "other"
    return None


def _sniff_boxes(data: bytes) -> Sniffed | None:
    """Tell HEIC from AVIF and from a video: all three open with an "ftyp" box of brands, the first leads."""
    end = min(int.from_bytes(data[:4], "big"), 256)
    listed = {data[at : at + 4] for at in range(16, end, 4)}
    for brands in ({data[8:12]}, listed):
        if brands & _HEIF_BRANDS:
            return "HEIF"
        if brands & _AVIF_BRANDS:
            return "AVIF"
    # Of any coding: most are HEVC, and the decoder says so if it cannot read it.
    return "HEIF" if (listed | {data[8:12]}) & _ANY_BRANDS else None


def jpeg_scans(data: bytes, most: int) -> int:
    """How many scans a JPEG has (ITU-T T.81, annex B), counted up to ``most``; a cut or odd one has what was found.

    A progressive JPEG may paint all its pixels anew with every sixty bytes. What lies in other segments, such as a
    thumbnail, or behind the end is not counted.
    """
    at, scans = 2, 0
    while scans < most and (marker := _MARKER.search(data, at)):
        at, code = marker.end(), data[marker.end() - 1]
        if code == _END:
            break
        if code not in _LONE:
            scans += code == _SCAN
            at += int.from_bytes(data[at : at + 2], "big")
    return scans


def gif_moves(data: bytes) -> bool:
    """Whether a GIF has a second picture (GIF89a, sections 18-26); nothing is unpacked, and a cut one has what it has.

    Pillow counts them by reading on, after which the first is no longer at hand.
    """
    if len(data) < _GIF_HEAD:
        return False
    at, pictures = _GIF_HEAD + _table(data[10]), 0
    while at < len(data) and data[at] in (_PICTURE, _EXTENSION):
        if data[at] == _EXTENSION:
            at += 2
        else:
            pictures += 1
            if pictures > 1 or at + 9 >= len(data):
                return pictures > 1
            at += 11 + _table(data[at + 9])
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    return False


def _table(flags: int) -> int:
    """Bytes of the colour table that these flags announce."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def webp_canvas(data: bytes) -> tuple[int, int] | None:
    """Width and height that a WebP file declares (RFC 9649), or None if its header is cut or unknown.

    libwebp reserves the whole canvas twice when a file is merely opened, so the size must be known before that.
    """
    kind = data[12:16]
    try:
        if kind == b"VP8X":
            return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
        if kind == b"VP8L":
            (bits,) = struct.unpack_from("<I", data, 21)
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        if kind == b"VP8 ":
            width, height = struct.unpack_from("<HH", data, 26)
            return width & 0x3FFF, height & 0x3FFF
    except struct.error:
        return None
    return None
