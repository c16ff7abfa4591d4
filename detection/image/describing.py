"""From pixels to a description: propose regions, hash them, find their points. The one costly step of a search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from detection import thresholds
from detection.image.description import Description, Region, RegionHash
from detection.image.geometry import Box, inside
from detection.image.keypoints import Keypoints, find_keypoints, no_keypoints
from detection.image.phash import phash_pair
from detection.image.pixels import Colour, Grey, at_most, at_side, flat_share, grey_of, relative_grain, softened
from detection.image.plainness import is_flat, is_page, two_colours_share
from detection.image.proposals import Proposal, proposals


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The picture that is described: its pixels, in grey, and how many pixels of the original one of them is."""

    rgb: Colour
    grey: Grey
    across: float
    down: float
    page: bool

    @property
    def size(self) -> tuple[int, int]:
        return self.grey.shape[1], self.grey.shape[0]


def describe(image: Image.Image, original_size: tuple[int, int] | None = None) -> Description:
    """Describe an opaque RGB picture.

    ``original_size`` is (width, height) of the picture before it was shrunk; boxes are in those pixels, or in those of
    ``image`` when it is not given.
    """
    width, height = original_size or image.size
    rgb = np.asarray(image.convert("RGB"))
    sheet = _Sheet(rgb, grey_of(rgb), width / image.width, height / image.height, is_page_like(image))
    chosen = _chosen(sheet)
    regions = (_region(sheet, each, searched) for each, searched in chosen)
    return Description(
        width=width, height=height, page=sheet.page, regions=tuple(region for region in regions if region is not None)
    )


def is_page_like(image: Image.Image) -> bool:
    """Whether a picture is searched by what stands on it: it is mostly of one colour, or a phone's shape and drawn."""
    if is_page(image):
        return True
    tall = image.height >= thresholds.PHOTO_SCREEN_TALL * image.width
    return tall and flat_share(image, thresholds.PHOTO_DRAWN_TOLERANCE) >= thresholds.PHOTO_SCREEN_DRAWN


def _chosen(sheet: _Sheet) -> Iterator[tuple[Proposal, bool]]:
    """The regions to describe, and whether points are looked for in them.

    A screenshot is searched by what stands on it, any other picture as a whole: eyes and wheels make circles too. What
    is mostly of one colour but has no phone's shape, or no phone's size, may be either: a portrait on white.
    """
    found = proposals(sheet.rgb)
    framed = any(each.kind == "frame" for each in found)
    width, height = sheet.size
    screen = sheet.page and height >= max(thresholds.PHOTO_TALL * width, thresholds.PHOTO_SCREEN_MIN_HEIGHT)
    for each in found:
        if each.kind in ("whole", "frame"):
            if not screen:
                yield each, each.kind == "frame" or not framed
        elif sheet.page or _fills(each.box, sheet.size):
            yield each, sheet.page


def _fills(box: Box, size: tuple[int, int]) -> bool:
    return min(box[2:]) >= thresholds.PHOTO_DISC_FILLS * min(size)


def _cut(pixels: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    x, y, width, height = box
    return pixels[y : y + height, x : x + width]


def _region(sheet: _Sheet, proposal: Proposal, searched: bool) -> Region | None:
    """The description of one region; None when it is too even, or too plainly drawn, to be told from others."""
    grey = _cut(sheet.grey, proposal.box)
    if is_flat(Image.fromarray(grey)) or _is_drawn(sheet, proposal):
        return None
    return Region(
        kind=proposal.kind,
        box=_original(sheet, proposal.box),
        hashes=tuple(_hashes(sheet, proposal)),
        keypoints=_keypoints(grey, proposal) if searched else no_keypoints(grey.shape[1], grey.shape[0]),
        view=at_most(grey, thresholds.PHOTO_VIEW_SIDE),
        sharp=1 / max(sheet.across, sheet.down),
    )


def _is_drawn(sheet: _Sheet, proposal: Proposal) -> bool:
    """Whether a region is a letter on a disc, a silhouette or an icon: many accounts have the same."""
    if proposal.kind == "disc":
        box = inside(_centred(proposal.box, thresholds.PHOTO_DISC_SQUARE), *sheet.size)
    else:
        box = proposal.box
    return two_colours_share(_cut(sheet.rgb, box)) >= thresholds.PHOTO_TWO_COLOURS


def _keypoints(grey: Grey, proposal: Proposal) -> Keypoints:
    """The points of a region: of its softened copy where it is grainy, of both where it may be."""
    small = max(grey.shape) < thresholds.PHOTO_KEYPOINT_SMALL_BELOW
    side = thresholds.PHOTO_KEYPOINT_SMALL_SIDE if small else thresholds.PHOTO_KEYPOINT_SIDE
    sampled = at_side(grey, side)
    mask = round_mask(sampled) if proposal.kind == "disc" else None
    # Grain is measured where it is seen: enlarging hides it.
    noise = 0.0 if small else relative_grain(at_most(grey, side))
    if noise < thresholds.PHOTO_GRAIN:
        return find_keypoints(sampled, mask)
    soft = find_keypoints(softened(sampled, thresholds.PHOTO_GRAIN_BLUR), mask)
    return soft if noise >= thresholds.PHOTO_MUCH_GRAIN else find_keypoints(sampled, mask).alternating(soft)


def round_mask(grey: Grey) -> NDArray[np.uint8]:
    """255 inside the circle that fills a picture, less its edge: every round photo has the same edge."""
    mask = np.zeros(grey.shape, np.uint8)
    height, width = grey.shape
    radius = round(min(width, height) / 2 * thresholds.PHOTO_DISC_POINTS)
    cv2.circle(mask, (width // 2, height // 2), radius, 255, -1)
    return mask


def _hashes(sheet: _Sheet, proposal: Proposal) -> Iterator[RegionHash]:
    """What a region is hashed as: itself, its middle square, and the squares inside the circles it may be or become."""
    box = proposal.box
    if proposal.kind == "disc":
        for share in (1.0, thresholds.PHOTO_RING_SHARE):
            yield _hash(sheet, _centred(box, share * thresholds.PHOTO_DISC_SQUARE), disc=True)
        return
    yield _hash(sheet, box, disc=False)
    if max(box[2:]) > thresholds.PHOTO_SQUARE_ASPECT * min(box[2:]):
        yield _hash(sheet, _centred(box, 1.0), disc=False)
    yield _hash(sheet, _centred(box, thresholds.PHOTO_DISC_SQUARE), disc=True)


def _centred(box: Box, share: float) -> tuple[float, float, float, float]:
    """The square in the middle of a box, its side a share of the box's shorter one."""
    side = share * min(box[2:])
    return box[0] + (box[2] - side) / 2, box[1] + (box[3] - side) / 2, side, side


def _hash(sheet: _Sheet, shape: tuple[float, float, float, float], *, disc: bool) -> RegionHash:
    box = inside(shape, *sheet.size)
    plain, mirrored = phash_pair(at_most(_cut(sheet.grey, box), thresholds.PHOTO_HASHED_SIDE))
    return RegionHash(disc, plain, mirrored, _original(sheet, box))


def _original(sheet: _Sheet, box: Box) -> Box:
    """A box in pixels of the picture as it was sent."""
    left, top = round(box[0] * sheet.across), round(box[1] * sheet.down)
    right, bottom = round((box[0] + box[2]) * sheet.across), round((box[1] + box[3]) * sheet.down)
    return left, top, max(1, right - left), max(1, bottom - top)
