"""The voting index finds the points that comparing all with all finds in the same cells, and votes for their region."""

from functools import cache

import numpy as np

from bot.simulator.avatars import avatar
from detection import thresholds
from detection.image.keypoints import Keypoints, find_keypoints
from detection.image.postings import PointQuery, Points, Postings, votes
from detection.image.words import cells, codes, probed_cells


@cache
def pictures() -> list[Keypoints]:
    """The points of eight pictures."""
    return [find_keypoints(np.asarray(avatar(seed, 200).convert("L"))) for seed in range(8)]


@cache
def stored() -> Postings:
    """The index over them."""
    return Postings.of(Points.joined([Points.of(points, owner) for owner, points in enumerate(pictures())]))


def plain(query: Keypoints) -> set[int]:
    """The regions of which some point agrees with one of the query's: compared one by one."""
    found = set()
    for owner, points in enumerate(pictures()):
        kept = points.strongest(thresholds.PHOTO_VOTING_POINTS).descriptors
        bits = np.bitwise_count(codes(kept)[:, None] ^ codes(query.descriptors)[None]).sum(axis=2)
        same_cell = (cells(kept)[:, None, None] == probed_cells(query.descriptors)[None]).any(axis=2)
        if ((bits <= thresholds.PHOTO_POINT_BITS) & same_cell).any():
            found.add(owner)
    return found


def test_votes_go_to_the_regions_that_a_plain_comparison_finds() -> None:
    """For every stored picture and for one that is not stored."""
    for query in (*pictures(), find_keypoints(np.asarray(avatar(99, 200).convert("L")))):
        owners, counted = votes(stored(), PointQuery.of(query))
        assert set(owners.tolist()) == plain(query)
        assert (counted > 0).all()


def test_a_picture_gives_most_votes_to_itself() -> None:
    """Every point agrees with itself: one vote each."""
    for owner, query in enumerate(pictures()):
        owners, counted = votes(stored(), PointQuery.of(query))
        assert owners[counted.argmax()] == owner
        assert counted.max() >= 0.9 * min(len(query), thresholds.PHOTO_VOTING_POINTS)


def test_points_that_turn_different_ways_do_not_vote_together() -> None:
    """The same descriptors with directions at random agree on no turn: far fewer votes."""
    query = pictures()[0]
    points = query.points.copy()
    points[:, 3] = np.random.default_rng(1).uniform(0, 360, len(points))
    scattered = Keypoints(points, query.descriptors, query.width, query.height)
    together = votes(stored(), PointQuery.of(query))[1].max()
    assert votes(stored(), PointQuery.of(scattered))[1].max() < 0.5 * together


def test_the_nearest_cell_is_among_those_looked_into() -> None:
    """A stored point is found by itself."""
    for points in pictures():
        assert (probed_cells(points.descriptors) == cells(points.descriptors)[:, None]).any(axis=1).all()


def test_nothing_stored_or_nothing_asked_gives_no_votes() -> None:
    """Empty is an answer."""
    empty = Postings.of(Points.joined([]))
    assert len(votes(empty, PointQuery.of(pictures()[0]))[0]) == 0
    assert len(votes(stored(), PointQuery.of(pictures()[0].strongest(0)))[0]) == 0
