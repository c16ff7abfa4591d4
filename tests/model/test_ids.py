"""Row ids: rising, unique, fit for a signed 64-bit column, and telling when they were made."""

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bot.model.ids import IdSource, first_id_at, new_id


def test_ids_rise() -> None:
    """A hundred thousand in a row, many in one millisecond."""
    ids = [new_id() for _ in range(100_000)]
    assert ids == sorted(set(ids))
    assert ids[-1] < 2**63


def test_ids_tell_when_they_were_made() -> None:
    """An id lies after the first one of its moment, and before those of a second later."""
    before = datetime.now(UTC)
    made = new_id()
    assert first_id_at(before) <= made < first_id_at(before + timedelta(seconds=2))


def test_ids_rise_when_the_clock_goes_back() -> None:
    """Order is kept within the process when the machine's time is set."""
    source = IdSource()
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC)):
        first = source()
    with time_machine.travel(datetime(2026, 2, 1, tzinfo=UTC)):
        assert source() == first + 1


def test_two_processes_hardly_ever_meet() -> None:
    """Two sources that count in the same milliseconds: no id twice in a thousand."""
    one, other = IdSource(), IdSource()
    mine, theirs = set(), set()
    for _ in range(1000):
        mine.add(one())
        theirs.add(other())
        time.sleep(0.000_1)
    assert len(mine & theirs) <= 1


@pytest.mark.parametrize("year", [1971, 2026, 2100])
def test_ids_fit_for_a_lifetime(year: int) -> None:
    """42 bits of milliseconds last beyond the year 2100."""
    assert 0 < first_id_at(datetime(year, 1, 1, tzinfo=UTC)) < 2**63
