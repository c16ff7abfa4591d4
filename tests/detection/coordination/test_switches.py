"""A change of allegiance is dated by what an account said, and by what its farm said; noise is no change."""

import numpy as np

from detection.coordination.activity import Stances
from detection.coordination.switches import find_switches

DAY = 86_400


def _said(account: int, days: list[int], sides: list[int]) -> list[tuple[int, int, int, int]]:
    """Praise of subject 0 is +1; subject 1 hears the opposite the hour after."""
    rows = []
    for day, side in zip(days, sides, strict=True):
        rows += [(account, day * DAY, 0, side), (account, day * DAY + 3600, 1, -side)]
    return rows


def _stances(rows: list[tuple[int, int, int, int]]) -> Stances:
    account, at, subject, polarity = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Stances(account=account, at=at, subject=subject, polarity=polarity)


def test_one_account_alone() -> None:
    """Dated between its last old and its first new word, with whom it left and whom it joined."""
    days = list(range(0, 40, 2))
    (switch,) = find_switches(_stances(_said(5, days, [1] * 10 + [-1] * 10)))
    assert switch.account == 5
    assert 18 * DAY <= switch.at <= 20 * DAY
    assert (switch.turned_on, switch.turned_to) == (0, 1)


def test_a_farm_dates_its_quiet_accounts() -> None:
    """An account heard of on four days only is dated by the company it keeps."""
    rows = [row for account in range(6) for row in _said(account, list(range(0, 40, 2)), [1] * 10 + [-1] * 10)]
    rows += _said(6, [3, 9, 30, 37], [1, 1, -1, -1])
    found = {switch.account: switch for switch in find_switches(_stances(rows), [1] * 7)}
    assert abs(found[6].at - 19 * DAY) <= 3 * DAY


def test_who_stays_is_not_dated() -> None:
    """One that keeps its side among those that change it, and one with a slip of the tongue."""
    rows = [row for account in range(6) for row in _said(account, list(range(0, 40, 2)), [1] * 10 + [-1] * 10)]
    rows += _said(6, list(range(0, 40, 2)), [1] * 20)
    rows += _said(7, list(range(0, 40, 2)), [1] * 7 + [-1] + [1] * 12)
    assert {switch.account for switch in find_switches(_stances(rows), [1] * 7 + [-1])} == set(range(6))


def test_nothing_said() -> None:
    """No observation, no change."""
    assert find_switches(_stances([])) == []
