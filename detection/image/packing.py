"""A description as bytes, for the archive: about 15 KB a photo, mostly its points.

Layout: magic, checksum (CRC-32) of the rest, then zlib-packed: a header, and for each region its box, hashes, points as
fixed-point numbers, descriptors, and its view as a JPEG. Views are kept at a smaller size than a fresh description has.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detection import thresholds
from detection.image.description import Description, Region, RegionHash
from detection.image.keypoints import DESCRIPTOR_BYTES, Keypoints
from detection.image.phash import HASH_BYTES
from detection.image.pixels import Grey, at_most
from detection.image.proposals import ProposalKind

_MAGIC: Final = b"KPD1"
_ENVELOPE: Final = struct.Struct("<4sI")
_HEAD: Final = struct.Struct("<IIBB")
_REGION: Final = struct.Struct("<B4IBHHHI")
_HASH: Final = struct.Struct(f"<B{HASH_BYTES}s{HASH_BYTES}s4I")
_KINDS: Final[tuple[ProposalKind, ...]] = ("whole", "frame", "disc", "block")
# Steps of a pixel for places, of a pixel for sizes, of a degree for directions.
_STEPS: Final = np.array([128.0, 128.0, 64.0, 180.0])
_MOST_BYTES: Final = 1 << 21


class NotADescription(ValueError):
    """These bytes are no description, or were changed."""


def pack(description: Description) -> bytes:
    """The bytes from which `unpack` makes the description again."""
    parts = [_HEAD.pack(description.width, description.height, description.page, len(description.regions))]
    for region in description.regions:
        parts += _packed_region(region)
    packed = zlib.compress(b"".join(parts), 1)
    return _ENVELOPE.pack(_MAGIC, zlib.crc32(packed)) + packed


def unpack(data: bytes) -> Description:
    """The description in these bytes. Raises NotADescription."""
    if len(data) < _ENVELOPE.size:
        raise NotADescription("too short")
    magic, checksum = _ENVELOPE.unpack_from(data)
    packed = data[_ENVELOPE.size :]
    if magic != _MAGIC or zlib.crc32(packed) != checksum:
        raise NotADescription("not as it was written")
    try:
        source = _Source(zlib.decompressobj().decompress(packed, _MOST_BYTES))
        width, height, page, count = source.read(_HEAD)
        regions = tuple(_unpacked_region(source) for _ in range(count))
    except (struct.error, zlib.error, ValueError, IndexError, cv2.error) as error:
        raise NotADescription(str(error)) from error
    return Description(width=width, height=height, page=bool(page), regions=regions)


@dataclass(slots=True)
class _Source:
    """Bytes that are read from the start to the end."""

    data: bytes
    at: int = 0

    def read(self, layout: struct.Struct) -> tuple[int, ...]:
        return layout.unpack(self.take(layout.size))

    def take(self, size: int) -> bytes:
        piece = self.data[self.at : self.at + size]
        if len(piece) != size:
            raise NotADescription("cut short")
        self.at += size
        return piece


def _packed_region(region: Region) -> list[bytes]:
    points = region.keypoints
    view = _encoded(at_most(region.view, thresholds.PHOTO_STORED_VIEW_SIDE))
    kind = _KINDS.index(region.kind)
    head = _REGION.pack(kind, *region.box, len(region.hashes), len(points), points.width, points.height, len(view))
    hashes = [_HASH.pack(each.disc, each.phash, each.mirrored, *each.shape) for each in region.hashes]
    placed = np.clip(np.rint(points.points * _STEPS), 0, 65535).astype("<u2").tobytes()
    return [head, *hashes, placed, points.descriptors.tobytes(), view]


def _unpacked_region(source: _Source) -> Region:
    kind, x, y, across, down, hashes, count, width, height, size = source.read(_REGION)
    return Region(
        kind=_KINDS[kind],
        box=(x, y, across, down),
        hashes=tuple(_unpacked_hash(source) for _ in range(hashes)),
        keypoints=_unpacked_points(source, count, width, height),
        view=_decoded(source.take(size)),
    )


def _unpacked_hash(source: _Source) -> RegionHash:
    disc, phash, mirrored, *shape = _HASH.unpack(source.take(_HASH.size))
    return RegionHash(bool(disc), phash, mirrored, (shape[0], shape[1], shape[2], shape[3]))


def _unpacked_points(source: _Source, count: int, width: int, height: int) -> Keypoints:
    placed = np.frombuffer(source.take(count * 8), "<u2").reshape(count, 4)
    descriptors = np.frombuffer(source.take(count * DESCRIPTOR_BYTES), np.uint8).reshape(count, DESCRIPTOR_BYTES)
    return Keypoints((placed / _STEPS).astype(np.float32), descriptors, width, height)


def _encoded(view: Grey) -> bytes:
    done, data = cv2.imencode(".jpg", view, [cv2.IMWRITE_JPEG_QUALITY, thresholds.PHOTO_STORED_VIEW_QUALITY])
    if not done:
        raise ValueError("a view that cannot be stored")
    return bytes(np.asarray(data, dtype=np.uint8))


def _decoded(data: bytes) -> NDArray[np.uint8]:
    view = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    if view is None:
        raise NotADescription("a view that cannot be read")
    return np.asarray(view, dtype=np.uint8)
