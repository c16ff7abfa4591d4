"""From evidence to an answer: is it the known photo, may it be, where does it lie, and what was done to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from detection import thresholds
from detection.image.description import Description
from detection.image.geometry import Polygon, area, common_part, corners, inverse, moved, read
from detection.image.resemblance import Resemblance
from detection.image.verification import Evidence

#: Why: the hashes are near; points agree on one position; the pixels agree once one lies on the other.
Reason = Literal["hash", "points", "pixels"]
#: So many places in agreement, such a median correlation, over so many blocks.
Step = tuple[int, float, int]
PhotoTier = Literal["match", "possible"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoFinding:
    """One known photo that is, or may be, in a picture.

    ``region`` frames it in the pixels of the picture that was searched, ``known_region`` the part of the known photo
    that is seen there; both are convex. ``seen`` is the share of the known region that is seen, ``degrees`` by how much
    it is turned, ``score`` 0 to 1 how sure. Only a person can turn "possible" into a match.
    """

    ref: int
    tier: PhotoTier
    score: float
    mirrored: bool
    cropped: bool
    rotated: bool
    degrees: float
    seen: float
    region: Polygon
    known_region: Polygon
    reasons: tuple[Reason, ...]
    evidence: Evidence


def tier_of(evidence: Evidence) -> PhotoTier | None:
    """What the evidence is enough for."""
    small = evidence.side < thresholds.PHOTO_SMALL_SIDE
    strong = _near(evidence) or _reaches(evidence, evidence.resemblance, _steps(small))
    if evidence.softened is not None:
        strong = strong or _reaches(evidence, evidence.softened, _grainy_steps(small))
    if strong and evidence.side >= thresholds.PHOTO_MATCH_MIN_SIDE:
        return "match"
    possible = strong or _reaches(evidence, evidence.resemblance, thresholds.PHOTO_POSSIBLES)
    return "possible" if possible else None


def _steps(small: bool) -> tuple[Step, ...]:
    return (*thresholds.PHOTO_MATCHES, *(thresholds.PHOTO_SMALL_MATCHES if small else ()))


def _grainy_steps(small: bool) -> tuple[Step, ...]:
    return (*thresholds.PHOTO_GRAINY_MATCHES, *(thresholds.PHOTO_GRAINY_SMALL_MATCHES if small else ()))


def _near(evidence: Evidence) -> bool:
    """Whether the hashes are near; those of pages are made of layouts, and count with equal pixels only."""
    if evidence.distance is None or evidence.distance > thresholds.PHOTO_MATCH_BITS:
        return False
    return not evidence.page or _reaches(evidence, evidence.resemblance, thresholds.PHOTO_PAGE_MATCHES)


def _reaches(evidence: Evidence, seen: Resemblance, steps: Iterable[Step]) -> bool:
    """Whether one of the steps holds."""
    return any(
        evidence.inliers >= places and seen.median >= median and seen.blocks >= blocks
        for places, median, blocks in steps
    )


def findings(
    description: Description, evidence: Iterable[Evidence], known: Mapping[int, Description]
) -> list[PhotoFinding]:
    """The known photos that are or may be in a picture, one finding a photo, the surest first."""
    best: dict[int, PhotoFinding] = {}
    for each in evidence:
        found = _finding(description, each, known[each.ref])
        if found is not None and (each.ref not in best or _order(found) < _order(best[each.ref])):
            best[each.ref] = found
    return sorted(best.values(), key=_order)


def _order(found: PhotoFinding) -> tuple[bool, float, int]:
    return found.tier != "match", -found.score, found.ref


def _finding(description: Description, evidence: Evidence, known: Description) -> PhotoFinding | None:
    tier, transform = tier_of(evidence), evidence.transform
    if tier is None or transform is None:
        return None
    asked, stored = description.regions[evidence.region], known.regions[evidence.known_region]
    try:
        back = inverse(transform)
    except ValueError:
        return None
    region = common_part(corners(asked.box), moved(corners(stored.box), back))
    seen = common_part(corners(stored.box), moved(corners(asked.box), transform))
    if not region or not seen:
        return None
    share = min(1.0, area(seen) / area(corners(stored.box)))
    degrees = _turned(evidence)
    return PhotoFinding(
        ref=evidence.ref,
        tier=tier,
        score=_score(evidence, tier),
        mirrored=evidence.mirrored,
        cropped=share < thresholds.PHOTO_WHOLE_SHARE,
        rotated=abs(degrees) >= thresholds.PHOTO_TURNED_DEGREES,
        degrees=degrees,
        seen=share,
        region=region,
        known_region=seen,
        reasons=_reasons(evidence),
        evidence=evidence,
    )


def _turned(evidence: Evidence) -> float:
    """Degrees by which the photo is turned in the query; its mirroring is undone first."""
    transform = evidence.transform
    if transform is None:
        return 0.0
    if evidence.mirrored:
        transform = transform.copy()
        transform[:, 0] *= -1
    return read(transform).degrees


def _score(evidence: Evidence, tier: PhotoTier) -> float:
    """Grows with what agrees; 0.5 and more is a match."""
    points = 1 - float(0.5 ** (evidence.inliers / thresholds.PHOTO_SCORE_INLIERS))
    pixels = max(0.0, evidence.resemblance.median) * min(1.0, evidence.resemblance.blocks / 12)
    bits = 0.0 if evidence.distance is None else max(0.0, 1 - evidence.distance / thresholds.PHOTO_NEAR_BITS)
    agreed = max((points + pixels) / 2, bits)
    return 0.5 + agreed / 2 if tier == "match" else agreed / 2


def _reasons(evidence: Evidence) -> tuple[Reason, ...]:
    found: list[Reason] = []
    if _near(evidence):
        found.append("hash")
    if evidence.inliers >= thresholds.PHOTO_TRUSTED_INLIERS:
        found.append("points")
    if evidence.resemblance.median >= thresholds.PHOTO_PIXELS_AGREE:
        found.append("pixels")
    return tuple(found)
