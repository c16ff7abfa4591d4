"""When digests are due: local days, daylight saving, missed days, changed rhythms; a simulated year in six zones."""

import itertools
import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.digest import EVERY_DAY, Owed, Rhythm
from bot.services.digest_slots import exists, following, instant, owed, preceding, slots

ZONES = (
    "Asia/Bishkek",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Beirut",
    "Pacific/Apia",
)
zones = st.sampled_from([*ZONES, "America/Nuuk", "Asia/Kathmandu", "UTC"]).map(ZoneInfo)
moments = st.datetimes(
    datetime.fromisoformat("2009-01-01"), datetime.fromisoformat("2027-12-31"), timezones=st.just(UTC)
)
days = st.dates(date(2009, 1, 1), date(2027, 12, 31))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None))
rhythms = st.builds(Rhythm, days=st.frozensets(st.integers(0, 6), min_size=1), at=times)


@pytest.mark.parametrize(
    ("zone", "day", "at", "utc"),
    [
        ("Asia/Bishkek", (2026, 10, 7), (9, 0), "2026-10-07T03:00"),
        # Spring: 02:30 is left out, the first moment after it is 03:00 summer time.
        ("Europe/Berlin", (2026, 3, 29), (2, 30), "2026-03-29T01:00"),
        # Autumn: 02:30 comes twice, the first one counts.
        ("Europe/Berlin", (2026, 10, 25), (2, 30), "2026-10-25T00:30"),
        ("America/New_York", (2026, 3, 8), (2, 15), "2026-03-08T07:00"),
        ("America/New_York", (2026, 11, 1), (1, 30), "2026-11-01T05:30"),
        # Half an hour is left out, and comes twice.
        ("Australia/Lord_Howe", (2026, 10, 4), (2, 10), "2026-10-03T15:30"),
        ("Australia/Lord_Howe", (2026, 4, 5), (1, 45), "2026-04-04T14:45"),
        # Midnight itself is left out.
        ("Asia/Beirut", (2026, 3, 29), (0, 0), "2026-03-28T22:00"),
        ("Asia/Beirut", (2026, 3, 29), (0, 30), "2026-03-28T22:00"),
        # The end of the evening is left out: the digest of that Saturday comes as Sunday begins.
        ("America/Nuuk", (2024, 3, 30), (23, 30), "2024-03-31T01:00"),
    ],
)
def test_a_local_time_is_one_moment(zone: str, day: tuple[int, int, int], at: tuple[int, int], utc: str) -> None:
    """What is left out is the first moment after it; what comes twice is the first."""
    assert instant(date(*day), time(*at), ZoneInfo(zone)) == datetime.fromisoformat(f"{utc}+00:00")


def test_a_day_that_a_zone_leaves_out_owes_nothing() -> None:
    """Apia went from 29 to 31 December 2011: whoever was told on the 29th is told next on the 31st."""
    apia = ZoneInfo("Pacific/Apia")
    assert not exists(date(2011, 12, 30), apia)
    span = (instant(date(2011, 12, 28), time(9), apia), instant(date(2012, 1, 1), time(9), apia))
    assert [slot.day.day for slot in slots(Rhythm(), apia, *span)] == [29, 31, 1]


@given(zone=zones, day=days, at=times)
def test_the_moment_is_there(zone: ZoneInfo, day: date, at: time) -> None:
    """The moment is at the wall clock's time, or the clock jumped over it right then; and never before its day."""
    moment = instant(day, at, zone)
    shown, meant = moment.astimezone(zone).replace(tzinfo=None), datetime.combine(day, at)
    just_before = (moment - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
    assert shown == meant or just_before < meant < shown


@given(zone=zones, day=days, at=times)
def test_days_follow_each_other(zone: ZoneInfo, day: date, at: time) -> None:
    """The moments of two days that exist are never the same, nor the wrong way round."""
    if exists(day, zone) and exists(day + timedelta(days=1), zone):
        assert instant(day, at, zone) < instant(day + timedelta(days=1), at, zone)


@given(zone=zones, rhythm=rhythms, start=moments, cuts=st.lists(st.integers(1, 20_000), min_size=1, max_size=30))
def test_no_cut_of_time_loses_or_doubles_a_day(
    zone: ZoneInfo, rhythm: Rhythm, start: datetime, cuts: list[int]
) -> None:
    """However the ticks fall (`cuts`: minutes between them), each due day comes once and the windows touch."""
    until, now, marked, windows = start, start, [], []
    for minutes in cuts:
        now += timedelta(minutes=minutes)
        found = owed(rhythm, zone, (until, start, until), marked, now)
        assert owed(rhythm, zone, (until, start, until), marked, now) == found
        if found is not None:
            marked += found.days
            windows.append((found.since, found.until))
            until = found.until
    assert marked == [slot.day for slot in slots(rhythm, zone, start, now)]
    assert all(end == begin for (_, end), (begin, _) in itertools.pairwise(windows))
    assert all(since < until <= now for since, until in windows)


@given(zone=zones, rhythm=rhythms, now=moments)
def test_what_comes_next_comes_after_what_was(zone: ZoneInfo, rhythm: Rhythm, now: datetime) -> None:
    """Between the last due moment and the next one there is none."""
    before, after = preceding(rhythm, zone, now), following(rhythm, zone, [], now)
    assert before <= now < after.at
    assert [slot.day for slot in slots(rhythm, zone, before, after.at)] == [after.day]


@given(zone=zones, first=rhythms, second=rhythms, start=moments, hours=st.integers(0, 400))
def test_a_changed_rhythm_owes_nothing_of_the_past(
    zone: ZoneInfo, first: Rhythm, second: Rhythm, start: datetime, hours: int
) -> None:
    """Nothing is sent because the hour was changed; no day comes twice; the next window takes up the last one's end."""
    changed = start + timedelta(hours=hours)
    before = owed(first, zone, (start, start, start), [], changed)
    until, marked = (before.until, list(before.days)) if before is not None else (start, [])
    assert owed(second, zone, (until, changed, until), marked, changed) is None
    slot = following(second, zone, marked, changed)
    assert owed(second, zone, (until, changed, until), marked, slot.at) == Owed(
        days=(slot.day,), since=until, until=slot.at
    )


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("seed", range(2))
def test_a_simulated_year(zone: str, seed: int) -> None:
    """A year of ticks with outages of up to nine days and doubled ticks: each due day once, the windows touch."""
    drawn, place = random.Random(f"{zone}{seed}"), ZoneInfo(zone)
    rhythm = Rhythm(days=EVERY_DAY, at=time(drawn.randrange(24), drawn.choice((0, 15, 30, 45))))
    start = now = datetime(2011, 3, 1, tzinfo=UTC) + timedelta(days=365 * drawn.randrange(14))
    told, until, windows = Counter[date](), start, []
    while now < start + timedelta(days=366):
        now += timedelta(hours=drawn.uniform(0, 216)) if drawn.random() < 0.03 else timedelta(hours=2)
        for _ in range(drawn.choice((1, 1, 2))):
            found = owed(rhythm, place, (until, start, until), told, now)
            if found is not None:
                told.update(found.days)
                windows.append((found.since, found.until))
                until = found.until
    assert told == Counter(slot.day for slot in slots(rhythm, place, start, now))
    assert [begin for begin, _ in windows] == [start, *(end for _, end in windows[:-1])]
