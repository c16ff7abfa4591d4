"""Compare a region of a query with one of a known photo in full: what each piece of evidence says, in numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from detection import thresholds
from detection.image.alignment import PointAlignment, align_points, settle
from detection.image.description import Description, Region
from detection.image.geometry import Box, Transform, after, inverse, mirroring, scaling
from detection.image.pixels import Grey, at_most, relative_grain
from detection.image.resemblance import NOTHING_COMMON, Resemblance, resemblance
from detection.image.sightings import Candidate, HashHit


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that is known of one pair of regions.

    ``transform`` takes pixels of the query's picture to pixels of the known one, the mirror image included; None when
    nothing aligns. ``distance`` is that of the hashes in bits of 256, None when they are far.
    """

    ref: int
    region: int
    known_region: int
    mirrored: bool
    votes: float
    distance: int | None
    inliers: int
    pairs: int
    resemblance: Resemblance
    #: The same with both views softened, when the query is grainy; else None.
    softened: Resemblance | None
    transform: Transform | None
    #: The shorter side of the query's region, in pixels that it really has.
    side: float
    #: One of the two is a page as a whole, whose hashes say little.
    page: bool


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two regions side by side; ``view`` is the query's, mirrored if the mirror image is compared."""

    query: Region
    known: Region
    mirrored: bool
    view: Grey

    @classmethod
    def of(cls, query: Region, known: Region, mirrored: bool) -> _Pair:
        view = np.ascontiguousarray(query.view[:, ::-1]) if mirrored else query.view
        # A stored view is small; a fresh description is compared as if it had been stored.
        stored = replace(known, view=at_most(known.view, thresholds.PHOTO_STORED_VIEW_SIDE))
        return cls(query, stored, mirrored, view)


def verify(
    description: Description, candidates: tuple[Candidate, ...], known: Mapping[int, Description]
) -> list[Evidence]:
    """The evidence for every candidate whose photo is among the known, by ref, the most points in agreement first.

    Aligning by brightness is the costly part: it is done for the most promising few, of every region.
    """
    rough = [
        (candidate, *_aligned(_pair(description, candidate, known[candidate.ref]), candidate))
        for candidate in candidates
        if candidate.ref in known
        and _is_of(candidate, known[candidate.ref])
        and not _is_furniture(description, known[candidate.ref], candidate)
    ]
    rough.sort(key=lambda each: (-_inliers(each[1]), _distance(each[0])))
    exact = _promising([(candidate.region, points) for candidate, points, _ in rough])
    return [
        _evidence(
            _pair(description, candidate, known[candidate.ref]),
            candidate,
            points,
            start,
            exact=place in exact,
            page=_is_page(description, candidate.region) or _is_page(known[candidate.ref], candidate.known_region),
        )
        for place, (candidate, points, start) in enumerate(rough)
    ]


def _promising(rough: Sequence[tuple[int, PointAlignment | None]]) -> set[int]:
    """Which of the candidates (region, points), best first, are aligned exactly: a page may show many known photos."""
    chosen = set(range(min(thresholds.PHOTO_SETTLED, len(rough))))
    of_region: defaultdict[int, int] = defaultdict(int)
    for place, (region, points) in enumerate(rough):
        of_region[region] += 1
        enough = _inliers(points) >= thresholds.PHOTO_TRUSTED_INLIERS
        if enough and of_region[region] <= thresholds.PHOTO_REGION_SETTLED:
            chosen.add(place)
    return chosen


def _is_of(candidate: Candidate, known: Description) -> bool:
    """Whether the photo's description has what the index names: it may have been described anew since."""
    if candidate.known_region >= len(known.regions):
        return False
    return candidate.hit is None or candidate.hit.known_slot < len(known.regions[candidate.known_region].hashes)


def _is_furniture(description: Description, known: Description, candidate: Candidate) -> bool:
    """Whether two small things on two screenshots would be compared: they are the same on screenshots of one phone."""
    pairs = ((description, candidate.region), (known, candidate.known_region))
    return all(each.page and _is_small(each, region) for each, region in pairs)


def _is_small(description: Description, region: int) -> bool:
    side = min(description.regions[region].box[2:])
    return side < thresholds.PHOTO_SCREEN_SMALL_SHARE * min(description.width, description.height)


def _pair(description: Description, candidate: Candidate, known: Description) -> _Pair:
    return _Pair.of(description.regions[candidate.region], known.regions[candidate.known_region], candidate.mirrored)


def _is_page(description: Description, region: int) -> bool:
    return description.page and description.regions[region].kind in ("whole", "frame")


def _inliers(points: PointAlignment | None) -> int:
    return 0 if points is None else points.inliers


def _distance(candidate: Candidate) -> int:
    return 256 if candidate.hit is None else candidate.hit.distance


def _aligned(pair: _Pair, candidate: Candidate) -> tuple[PointAlignment | None, Transform | None]:
    """How the pair's points align, and the best guess of where the known view lies on the query's."""
    query = pair.query.keypoints.mirrored() if pair.mirrored else pair.query.keypoints
    points = align_points(query, pair.known.keypoints)
    if points is not None and (points.inliers >= thresholds.PHOTO_TRUSTED_INLIERS or candidate.hit is None):
        return points, _views_by_points(pair, points)
    if candidate.hit is not None:
        return points, _views_by_hashes(pair, candidate.hit)
    return points, None


def _views_by_points(pair: _Pair, points: PointAlignment) -> Transform:
    query, known = pair.query, pair.known
    to_grid = scaling(known.keypoints.width / known.view.shape[1], known.keypoints.height / known.view.shape[0])
    to_view = scaling(pair.view.shape[1] / query.keypoints.width, pair.view.shape[0] / query.keypoints.height)
    return after(to_view, after(inverse(points.transform), to_grid))


def _views_by_hashes(pair: _Pair, hit: HashHit) -> Transform:
    """Where the known view lies on the query's if what was hashed of both is the same."""
    shape = pair.query.hashes[hit.slot].shape
    if pair.mirrored:
        box = pair.query.box
        shape = (2 * box[0] + box[2] - shape[0] - shape[2], *shape[1:])
    source = _on_view(pair.known.hashes[hit.known_slot].shape, pair.known)
    target = _on_view(shape, pair.query)
    across, down = target[2] / source[2], target[3] / source[3]
    return scaling(across, down, target[0] - across * source[0], target[1] - down * source[1])


def _on_view(shape: Box, region: Region) -> tuple[float, float, float, float]:
    """A box of the picture in pixels of the region's view."""
    across, down = region.view.shape[1] / region.box[2], region.view.shape[0] / region.box[3]
    return (shape[0] - region.box[0]) * across, (shape[1] - region.box[1]) * down, shape[2] * across, shape[3] * down


def _evidence(
    pair: _Pair,
    candidate: Candidate,
    points: PointAlignment | None,
    start: Transform | None,
    *,
    exact: bool,
    page: bool,
) -> Evidence:
    found, compared = start, NOTHING_COMMON
    round_query = pair.query.kind == "disc"
    if start is not None:
        compared = resemblance(pair.view, pair.known.view, start, round_query)
        if exact:
            tried = settle(pair.view, pair.known.view, start)
            better = resemblance(pair.view, pair.known.view, tried, round_query)
            if better.median > compared.median:
                found, compared = tried, better
    return Evidence(
        ref=candidate.ref,
        region=candidate.region,
        known_region=candidate.known_region,
        mirrored=pair.mirrored,
        votes=candidate.votes,
        distance=None if candidate.hit is None else candidate.hit.distance,
        inliers=_inliers(points),
        pairs=0 if points is None else points.pairs,
        resemblance=compared,
        softened=None if found is None else _softened(pair, found),
        transform=None if found is None else _between_pictures(pair, found),
        side=pair.query.sharp * min(pair.query.box[2:]),
        page=page,
    )


def _softened(pair: _Pair, views: Transform) -> Resemblance | None:
    """How two views resemble each other beneath the grain of the query; None when it has none.

    A photo on a page has none of its own: shrinking it makes it sharp, which measures like grain, and softened it
    resembles the next frame of the same sitting as well.
    """
    if pair.query.kind not in ("whole", "frame") or relative_grain(pair.view) < thresholds.PHOTO_GRAIN:
        return None
    return resemblance(pair.view, pair.known.view, views, blur=thresholds.PHOTO_GRAIN_VIEW_BLUR)


def _between_pictures(pair: _Pair, views: Transform) -> Transform:
    """From pixels of the query's picture to those of the known one, given where the known view lies on the query's."""
    query, known = pair.query, pair.known
    to_view = scaling(query.view.shape[1] / query.box[2], query.view.shape[0] / query.box[3])
    to_view = after(to_view, scaling(1, 1, -query.box[0], -query.box[1]))
    if pair.mirrored:
        to_view = after(mirroring(query.view.shape[1]), to_view)
    to_picture = scaling(
        known.box[2] / known.view.shape[1], known.box[3] / known.view.shape[0], known.box[0], known.box[1]
    )
    return after(to_picture, after(inverse(views), to_view))
