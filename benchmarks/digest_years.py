"""Simulated years of digests in six time zones: outages of up to nine days, doubled ticks; how many days went wrong.

`python -m benchmarks.digest_years` prints a table. It is arithmetic only; the same with databases, two processes and
messages is tests/services/test_digest_clock.py (`-m slow`).
"""

import itertools
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.model.digest import Rhythm
from bot.services.digest_slots import owed, slots

_ZONES: Final = (
    "Asia/Bishkek",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Beirut",
    "Pacific/Apia",
)
_YEARS: Final = 10


@dataclass(slots=True)
class Tally:
    """What the years of one zone add up to."""

    ticks: int = 0
    due: int = 0
    digests: int = 0
    wrong: int = 0
    gaps: int = 0
    told: Counter[date] = field(default_factory=Counter)
    windows: list[tuple[datetime, datetime]] = field(default_factory=list)


def play(zone: str, seed: int, tally: Tally) -> None:
    """A year; the first one is 2011, in which Apia has no 30 December."""
    drawn, place = random.Random(f"{zone}{seed}"), ZoneInfo(zone)
    rhythm = Rhythm(at=time(drawn.randrange(24), drawn.choice((0, 15, 30, 45))))
    start = now = until = datetime(2011 if seed == 0 else 2012 + seed, 1, 1, tzinfo=UTC)
    tally.told, tally.windows = Counter(), []
    while now < start + timedelta(days=366):
        now += timedelta(hours=drawn.uniform(0, 216)) if drawn.random() < 0.01 else timedelta(minutes=30)
        for _ in range(drawn.choice((1, 1, 2))):
            tally.ticks += 1
            found = owed(rhythm, place, (until, start, until), tally.told, now)
            if found is not None:
                tally.told.update(found.days)
                tally.windows.append((found.since, found.until))
                until = found.until
    want = Counter(slot.day for slot in slots(rhythm, place, start, now))
    tally.due += want.total()
    tally.digests += len(tally.windows)
    tally.wrong += ((tally.told - want) + (want - tally.told)).total()
    tally.gaps += sum(end != begin for (_, end), (begin, _) in itertools.pairwise(tally.windows))


def main() -> None:
    """Print the table."""
    print("| zone | ticks | due days | digests | days missed or told twice | gaps between windows |")
    print("|---|---|---|---|---|---|")
    for zone in _ZONES:
        tally = Tally()
        for seed in range(_YEARS):
            play(zone, seed, tally)
        counts = (tally.ticks, tally.due, tally.digests, tally.wrong, tally.gaps)
        print(f"| {zone} | {' | '.join(f'{count:,}' for count in counts)} |")


if __name__ == "__main__":
    main()
