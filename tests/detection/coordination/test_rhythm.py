"""What the hours of comments say: a shift, its lunch, the weekend, overtime before a vote; or nothing."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from detection.coordination.rhythm import read_rhythm

MONDAY = datetime(2026, 9, 7, tzinfo=UTC)


def _office(days: int, busy_from: int | None = None) -> list[datetime]:
    """Comments from 10 to 19 on working days, few at 13; from a day on twice as many."""
    found = []
    for day in range(days):
        moment = MONDAY + timedelta(days=day)
        if moment.weekday() >= 5:
            continue
        times = 2 if busy_from is not None and day >= busy_from else 1
        for hour in range(10, 19):
            found += [moment + timedelta(hours=hour)] * ((1 if hour == 13 else 4) * times)
    return found


def test_office_hours() -> None:
    """From 10 to 19, a dip at 13, nothing at weekends and at night."""
    rhythm = read_rhythm(_office(28))
    assert (rhythm.begins, rhythm.ends, rhythm.lunch) == (10, 19, 13)
    assert (rhythm.weekend, rhythm.nights) == (0, 0)


def test_overtime_before_a_vote() -> None:
    """The last week against the weeks before it."""
    vote = (MONDAY + timedelta(days=35)).date()
    rhythm = read_rhythm(_office(35, busy_from=28), [vote])
    ((day, factor),) = rhythm.overtime
    assert day == vote
    assert 1.9 < factor < 2.1


def test_too_little_says_nothing() -> None:
    """A handful of comments is no shift; a vote long before the first comment has no overtime."""
    assert read_rhythm(_office(1)).begins is None
    assert read_rhythm(_office(28), [date(2025, 1, 1)]).overtime == ()


@given(st.lists(st.datetimes(timezones=st.just(UTC)), max_size=200), st.lists(st.dates(), max_size=3))
def test_whatever_the_moments(moments: list[datetime], votes: list[date]) -> None:
    """Every comment is counted once, and nothing crashes."""
    rhythm = read_rhythm(moments, votes)
    assert sum(map(sum, rhythm.grid)) == rhythm.total == len(moments)
