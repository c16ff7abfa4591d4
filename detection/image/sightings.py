"""What a search of the index says before anything is compared in full: hash hits, and candidates by votes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from detection import thresholds
from detection.image.description import Description, RegionHash
from detection.image.postings import PointQuery, votes
from detection.image.segment import Searched


@dataclass(frozen=True, slots=True, kw_only=True)
class HashHit:
    """A stored hash near one of the query's: ``region`` and ``slot`` of the query, those ``known_*`` of the photo."""

    ref: int
    known_region: int
    known_slot: int
    region: int
    slot: int
    mirrored: bool
    #: Bits of 256.
    distance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A region of a known photo that may be what a region of the query shows."""

    ref: int
    known_region: int
    region: int
    mirrored: bool
    #: Agreeing points, less for less equal ones; 0 when only the hashes are near.
    votes: float
    hit: HashHit | None = None


@dataclass(frozen=True, slots=True)
class _Probe:
    phash: bytes
    region: int
    slot: int
    mirrored: bool


def hash_hits(segments: Sequence[Searched], description: Description) -> list[HashHit]:
    """Stored hashes near one of the picture's or of its mirror image's, nearest first.

    All within ``PHOTO_NEAR_HALF_BITS`` and most within ``PHOTO_NEAR_BITS``.
    """
    hits: list[HashHit | None] = []
    for disc in (False, True):
        probes = _probes(description, disc)
        for searched in segments:
            segment = searched.segment
            stored = segment.discs if disc else segment.squares
            found = stored.near(
                [probe.phash for probe in probes], thresholds.PHOTO_NEAR_BITS, thresholds.PHOTO_NEAR_HALF_BITS
            )
            for number, row, distance in zip(*(each.tolist() for each in found), strict=True):
                owner = int(stored.owners[row])
                hits.append(_hit(searched, owner, int(stored.slots[row]), probes[number], distance))
    alive = [hit for hit in hits if hit is not None]
    return sorted(alive, key=lambda hit: (hit.distance, hit.mirrored, hit.region, hit.ref))


def _hit(searched: Searched, owner: int, slot: int, probe: _Probe, distance: int) -> HashHit | None:
    ref = int(searched.segment.photos[owner])
    if ref in searched.gone:
        return None
    return HashHit(
        ref=ref,
        known_region=int(searched.segment.numbers[owner]),
        known_slot=slot,
        region=probe.region,
        slot=probe.slot,
        mirrored=probe.mirrored,
        distance=distance,
    )


def _probes(description: Description, disc: bool) -> list[_Probe]:
    hashes: list[tuple[int, int, RegionHash]] = [
        (number, slot, each)
        for number, region in enumerate(description.regions)
        for slot, each in enumerate(region.hashes)
        if each.disc is disc
    ]
    return [
        _Probe(phash, number, slot, mirrored)
        for number, slot, each in hashes
        for mirrored, phash in ((False, each.phash), (True, each.mirrored))
    ]


def voted(segments: Sequence[Searched], description: Description) -> list[Candidate]:
    """The regions with the most votes for each region of the picture, best first, not yet cut to a number."""
    found: list[Candidate] = []
    for number, region in enumerate(description.regions):
        if not len(region.keypoints):
            continue
        for mirrored in (False, True):
            query = PointQuery.of(region.keypoints.mirrored() if mirrored else region.keypoints)
            for segment in segments:
                found += _voted(segment, query, number, mirrored)
    return sorted(found, key=lambda candidate: -candidate.votes)


def _voted(searched: Searched, query: PointQuery, number: int, mirrored: bool) -> list[Candidate]:
    segment = searched.segment
    owners, counted = votes(segment.postings, query)
    enough = np.flatnonzero(counted >= thresholds.PHOTO_MIN_VOTES)
    best = enough[np.argsort(-counted[enough])[: 2 * thresholds.PHOTO_CANDIDATES]]
    return [
        Candidate(
            ref=int(segment.photos[owner]),
            known_region=int(segment.numbers[owner]),
            region=number,
            mirrored=mirrored,
            votes=float(count),
        )
        for owner, count in zip(owners[best].tolist(), counted[best].tolist(), strict=True)
        if int(segment.photos[owner]) not in searched.gone
    ]


def chosen(hits: Iterable[HashHit], voters: Sequence[Candidate]) -> list[Candidate]:
    """Whom to compare in full: the best by votes, a few for every region, and the nearest by hash, each pair once."""
    kept: dict[tuple[int, int, int, bool], Candidate] = {}
    of_region: defaultdict[int, int] = defaultdict(int)
    for candidate in voters:
        room = thresholds.PHOTO_REGION_CANDIDATES if len(kept) >= thresholds.PHOTO_CANDIDATES else len(voters)
        if of_region[candidate.region] < room:
            of_region[candidate.region] += 1
            kept[_pair(candidate)] = candidate
    near: defaultdict[int, int] = defaultdict(int)
    for hit in hits:
        if near[hit.region] < thresholds.PHOTO_NEAR_CANDIDATES or hit.distance <= thresholds.PHOTO_MATCH_BITS:
            near[hit.region] += 1
            _add(kept, hit)
    return list(kept.values())


def _add(kept: dict[tuple[int, int, int, bool], Candidate], hit: HashHit) -> None:
    fresh = Candidate(
        ref=hit.ref, known_region=hit.known_region, region=hit.region, mirrored=hit.mirrored, votes=0.0, hit=hit
    )
    known = kept.get(_pair(fresh))
    if known is None:
        kept[_pair(fresh)] = fresh
    elif known.hit is None:
        kept[_pair(fresh)] = Candidate(
            ref=known.ref,
            known_region=known.known_region,
            region=known.region,
            mirrored=known.mirrored,
            votes=known.votes,
            hit=hit,
        )


def _pair(candidate: Candidate) -> tuple[int, int, int, bool]:
    return candidate.ref, candidate.known_region, candidate.region, candidate.mirrored
