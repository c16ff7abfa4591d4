"""Where in a picture may a photo be? The whole, what a plain border encloses, round photos, rectangular ones.

A screenshot holds the photo as a circle between a cover and a status bar: nothing that describes the screenshot as a
whole finds it. At most ``PHOTO_REGIONS`` regions are proposed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from detection import thresholds
from detection.image.bands import find_bands
from detection.image.blocks import find_blocks
from detection.image.circles import find_circles
from detection.image.frames import framed_box
from detection.image.geometry import Box, inside
from detection.image.pixels import Colour, at_width, grey_of
from detection.image.squares import find_squares

ProposalKind = Literal["whole", "frame", "disc", "block"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A part of a picture that may be a photo; a disc fills its square box, the others are their box."""

    kind: ProposalKind
    box: Box


def proposals(rgb: Colour) -> list[Proposal]:
    """The parts of an RGB picture (height, width, 3) that may be photos, the whole first."""
    height, width = rgb.shape[:2]
    found = [Proposal("whole", (0, 0, width, height))]
    small, scale = at_width(rgb, thresholds.PHOTO_HASHED_SIDE)
    frame = framed_box(small)
    if frame is not None:
        x, y, across, down = (side / scale for side in frame)
        found.append(Proposal("frame", inside((x, y, across, down), width, height)))
    grey = grey_of(rgb)
    for x, y, radius in find_circles(grey):
        found.append(Proposal("disc", inside((x - radius, y - radius, 2 * radius, 2 * radius), width, height)))
    for block in find_blocks(rgb):
        _add(found, Proposal("block", inside(block, width, height)), found)
    bands = find_bands(grey) if height >= thresholds.PHOTO_TALL * width else []
    for square in (*bands, *find_squares(grey)):
        # Something round may fill most of a square photo.
        _add(found, Proposal("block", inside(square, width, height)), [each for each in found if each.kind != "disc"])
    large = [each for each in found if min(each.box[2:]) >= thresholds.PHOTO_PROPOSAL_MIN_SIDE]
    return large[: thresholds.PHOTO_REGIONS]


def _add(found: list[Proposal], proposal: Proposal, others: list[Proposal]) -> None:
    """Add a proposal unless one of the others is as good as the same."""
    if not any(_overlap(proposal.box, other.box) > thresholds.PHOTO_REGION_SAME for other in others):
        found.append(proposal)


def _overlap(one: Box, other: Box) -> float:
    """The share that two boxes have in common of what they cover together."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    common = max(0, across) * max(0, down)
    return common / max(1, one[2] * one[3] + other[2] * other[3] - common)
