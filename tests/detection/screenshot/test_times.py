"""Times as applications write them."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.screenshot.times import read_time
from detection.screenshot.times.reading import looks_like_time

BISHKEK = ZoneInfo("Asia/Bishkek")
#: A Sunday, 18:00 in Bishkek.
SEEN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOMENTS = st.datetimes(datetime(2006, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
#: How each language writes so many of each unit, shortly and in full.
ELAPSED = {
    "{} ч": HOUR,
    "{} ч. назад": HOUR,
    "{}h": HOUR,
    "{} hours ago": HOUR,
    "{} саат": HOUR,
    "{} саат мурун": HOUR,
    "{} мин": timedelta(minutes=1),
    "{}m": timedelta(minutes=1),
    "{} мүн": timedelta(minutes=1),
    "{} мүнөт мурун": timedelta(minutes=1),
    "{} дн.": DAY,
    "{}d": DAY,
    "{} күн мурун": DAY,
    "{} нед.": 7 * DAY,
    "{}w": 7 * DAY,
    "{} жума": 7 * DAY,
}


@pytest.mark.parametrize(
    ("shown", "first", "last"),
    [
        ("2 ч", SEEN - 3 * HOUR, SEEN - 2 * HOUR),
        ("3 дн.", SEEN - 4 * DAY, SEEN - 3 * DAY),
        ("5 мин. назад", SEEN - timedelta(minutes=6), SEEN - timedelta(minutes=5)),
        ("час назад", SEEN - 2 * HOUR, SEEN - HOUR),
        ("два часа назад", SEEN - 3 * HOUR, SEEN - 2 * HOUR),
        ("1 саат мурун", SEEN - 2 * HOUR, SEEN - HOUR),
        ("an hour ago", SEEN - 2 * HOUR, SEEN - HOUR),
        ("3w", SEEN - 28 * DAY, SEEN - 21 * DAY),
        ("1d", SEEN - 2 * DAY, SEEN - DAY),
        ("только что", SEEN - timedelta(minutes=1), SEEN),
        ("Азыр эле", SEEN - timedelta(minutes=1), SEEN),
        ("Just now", SEEN - timedelta(minutes=1), SEEN),
    ],
)
def test_elapsed_times_span_one_unit(shown: str, first: datetime, last: datetime) -> None:
    """Applications cut off: «2 ч» is anything from two hours to three."""
    found = read_time(shown, SEEN)
    assert found is not None
    assert (found.earliest, found.latest) == (first, last)


@pytest.mark.parametrize(
    ("shown", "moment"),
    [
        ("вчера в 14:20", datetime(2026, 11, 21, 14, 20, tzinfo=BISHKEK)),
        ("кече 14:20", datetime(2026, 11, 21, 14, 20, tzinfo=BISHKEK)),
        ("yesterday at 2:20 PM", datetime(2026, 11, 21, 14, 20, tzinfo=BISHKEK)),
        ("сегодня в 9:05", datetime(2026, 11, 22, 9, 5, tzinfo=BISHKEK)),
        ("17:59", datetime(2026, 11, 22, 17, 59, tzinfo=BISHKEK)),
        ("18:01", datetime(2026, 11, 21, 18, 1, tzinfo=BISHKEK)),
        ("12 окт в 10:00", datetime(2026, 10, 12, 10, 0, tzinfo=BISHKEK)),
        ("12-окт., 10:00", datetime(2026, 10, 12, 10, 0, tzinfo=BISHKEK)),
    ],
)
def test_clocks_are_those_of_the_zone(shown: str, moment: datetime) -> None:
    """A clock is exact to the minute, and never later than the screen was seen."""
    found = read_time(shown, SEEN, zone=BISHKEK)
    assert found is not None
    assert found.earliest == moment
    assert found.uncertainty <= timedelta(seconds=30)


@pytest.mark.parametrize(
    ("shown", "day"),
    [
        ("кечээ", (2026, 11, 21)),
        ("yesterday", (2026, 11, 21)),
        ("12 окт", (2026, 10, 12)),
        ("Oct 12", (2026, 10, 12)),
        ("12-октябрь", (2026, 10, 12)),
        ("30 дек", (2025, 12, 30)),
        ("29 фев", (2024, 2, 29)),
        ("12 окт. 2024 г.", (2024, 10, 12)),
        ("2024-ж. 12-окт.", (2024, 10, 12)),
        ("12.10.2024", (2024, 10, 12)),
        ("2024-10-12", (2024, 10, 12)),
        ("10-12", (2026, 10, 12)),
        ("пн", (2026, 11, 16)),
    ],
)
def test_days_span_a_day(shown: str, day: tuple[int, int, int]) -> None:
    """A day without a clock is that whole day; without a year the latest one."""
    found = read_time(shown, SEEN)
    assert found is not None
    assert found.earliest == datetime(*day, tzinfo=UTC)
    assert found.latest - found.earliest == DAY


@pytest.mark.parametrize(
    "text", ["", "Привет", "123", "1,2 тыс.", "12K", "May", "30 фев", "25:00", "100500 ч", "в", "назад", "а" * 500]
)
def test_other_texts_are_no_times(text: str) -> None:
    """Counts, words and impossible days are no times."""
    assert read_time(text, SEEN) is None


def test_a_naive_moment_is_refused() -> None:
    """A moment without a zone is an error, as is a screenshot from the future."""
    with pytest.raises(ValueError, match="time zone"):
        read_time("2 ч", datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="negative"):
        read_time("2 ч", SEEN, taken_within=-HOUR)


@given(st.sampled_from(sorted(ELAPSED)), st.integers(1, 23), MOMENTS)
def test_what_happened_then_lies_in_the_span(pattern: str, count: int, seen: datetime) -> None:
    """Whatever the unit and language: the moment so long ago, and any before the next unit is full, is in the span."""
    found = read_time(pattern.format(count), seen)
    assert found is not None
    for part in (0.0, 0.5, 0.999):
        moment = seen - ELAPSED[pattern] * (count + part)
        assert found.earliest <= moment <= found.latest
        assert abs(found.moment - moment) <= found.uncertainty


@given(st.text(max_size=80), MOMENTS, st.integers(-12, 14))
def test_any_text_gives_a_sane_span_or_none(text: str, seen: datetime, hours: int) -> None:
    """No text is an error; a span is in order, in UTC, and ends by the moment at which it was seen."""
    found = read_time(text, seen, zone=timezone(timedelta(hours=hours)))
    if found is not None:
        assert found.earliest <= found.latest <= seen
        assert found.moment.tzinfo is UTC
        assert looks_like_time(text)


@given(st.sampled_from(["2 ч", "вчера", "12 окт", "14:20", "3w"]), st.timedeltas(timedelta(0), timedelta(days=30)))
def test_an_older_screenshot_is_less_certain(shown: str, within: timedelta) -> None:
    """What may have been taken earlier reaches further back by as much."""
    exact, wide = read_time(shown, SEEN), read_time(shown, SEEN, taken_within=within)
    assert exact is not None
    assert wide is not None
    assert exact.earliest - wide.earliest == within
    assert wide.latest == exact.latest
