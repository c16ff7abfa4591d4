"""Farms are suggested from what accounts did; honest look-alikes are left alone; the same input, the same answer."""

import numpy as np
import pytest

from benchmarks.farms.judging import adjusted_rand, judge
from benchmarks.farms.world import World, make
from detection.coordination.activity import UNKNOWN, Activity, Comments, Photos, Stances
from detection.coordination.pairs import pair_key
from detection.coordination.suggesting import suggest

EMPTY = np.empty(0, dtype=np.int64)


@pytest.fixture(scope="module")
def world() -> World:
    """One of the worlds on which the thresholds were chosen."""
    return make(1)


def test_farms_are_found_and_look_alikes_left_alone(world: World) -> None:
    """The bars: adjusted Rand 0.85 at a wrong-link rate of 2 %, a switch dated within three days for nine of ten."""
    found = judge(world, suggest(world.activity))
    assert found.ari >= 0.85
    assert found.wrong <= 0.02
    assert found.honest <= 0.02
    assert found.dated >= 0.9


def test_the_same_input_gives_the_same_answer(world: World) -> None:
    """Links, farms and their order."""
    one, other = (suggest(world.activity) for _ in range(2))
    assert (one.farms == other.farms).all()
    assert one.links == other.links


def test_a_rejected_pair_is_not_linked(world: World) -> None:
    """What people told apart does not come back by itself."""
    link = suggest(world.activity).links[0]
    again = suggest(world.activity, rejected=[pair_key(link.one, link.other)])
    assert (link.one, link.other) not in {(each.one, each.other) for each in again.links}


def _nothing(accounts: int) -> Activity:
    comments = Comments(account=EMPTY, at=EMPTY, text=EMPTY, post=EMPTY, target=EMPTY, reply_to=EMPTY)
    stances = Stances(account=EMPTY, at=EMPTY, subject=EMPTY, polarity=EMPTY)
    photos = Photos(account=EMPTY, photo=EMPTY)
    return Activity(accounts=accounts, listed=accounts, comments=comments, photos=photos, stances=stances)


@pytest.mark.parametrize("accounts", [0, 1, 3])
def test_nothing_known_suggests_nothing(accounts: int) -> None:
    """No comment, no photo, no account: no link, and no crash."""
    found = suggest(_nothing(accounts))
    assert found.links == ()
    assert len(found.farms) == accounts


def test_unknown_times_and_posts_are_borne() -> None:
    """Comments without a time, a post or a text link nobody."""
    many = np.full(30, UNKNOWN)
    account = np.arange(30, dtype=np.int64) % 5
    comments = Comments(account=account, at=many, text=many, post=many, target=many, reply_to=many)
    quiet = _nothing(5)
    activity = Activity(accounts=5, listed=5, comments=comments, photos=quiet.photos, stances=quiet.stances)
    assert suggest(activity).links == ()


def test_columns_that_do_not_fit_are_refused() -> None:
    """Of different lengths, or with accounts that there are not."""
    with pytest.raises(ValueError, match="one length"):
        Comments(account=np.zeros(2, dtype=np.int64), at=EMPTY, text=EMPTY, post=EMPTY, target=EMPTY, reply_to=EMPTY)
    photos = Photos(account=np.array([7]), photo=np.array([1]))
    quiet = _nothing(2)
    with pytest.raises(ValueError, match="out of range"):
        Activity(accounts=2, listed=2, comments=quiet.comments, photos=photos, stances=quiet.stances)


def test_adjusted_rand() -> None:
    """1 for the same groups whatever their numbers, about 0 for unrelated ones."""
    one = np.repeat(np.arange(4), 25)
    assert adjusted_rand(one, 9 - one) == pytest.approx(1.0)
    assert abs(adjusted_rand(one, np.tile(np.arange(4), 25))) < 0.05
