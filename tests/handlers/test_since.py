"""Since when: what people type in three languages, and what they do not mean."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refusal
from handlers.since import read_since

ZONE = ZoneInfo("Asia/Bishkek")
NOW = datetime(2026, 11, 3, 20, 30, tzinfo=UTC)
OCTOBER = datetime(2026, 9, 30, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    "words",
    [
        "2026-10-01",
        "2026-10-1",
        "01.10.2026",
        "1.10.26",
        "01.10",
        "с 01.10.",
        "с 1 октября",
        "С 1 Октября 2026",
        "1-октябрдан",
        "since 1 Oct",
        "from 1 october 2026",
    ],
)
@pytest.mark.parametrize("target", ["", "Бек Асанов", "К"])
def test_a_day_begins_at_midnight_of_the_newsroom(words: str, target: str) -> None:
    """Every way of writing the first of October is that midnight in Bishkek; the rest is a name."""
    assert read_since(f"{words} {target}", NOW, ZONE) == (OCTOBER, target)


@pytest.mark.parametrize(
    ("words", "days"),
    [("7d", 7), ("7д", 7), ("7к", 7), ("7 дней", 7), ("1 день", 1), ("7 күн", 7), ("2w", 14), ("2 недели", 14)],
)
def test_days_are_counted_back(words: str, days: int) -> None:
    """So many days or weeks before now."""
    since, rest = read_since(f"{words}, Бек", NOW, ZONE)
    assert since is not None
    assert (NOW - since).days == days
    assert rest == "Бек"


@pytest.mark.parametrize("words", ["", "Бек", "Бек 7d", "7", "24 канал", "2026", "с Бек", "дом 2"])
def test_names_are_names(words: str) -> None:
    """What does not begin with a day is a name, numbers and all."""
    assert read_since(words, NOW, ZONE) == (None, words)


def test_a_day_of_this_year_has_passed() -> None:
    """Without a year the last such day is meant."""
    assert read_since("25.12", NOW, ZONE)[0] == datetime(2025, 12, 24, 18, tzinfo=UTC)


@pytest.mark.parametrize("words", ["32.13.2026", "2026-02-30", "31 февраля", "0000-01-01", "29.02"])
def test_days_that_there_are_not(words: str) -> None:
    """A day that does not exist is said to be none; it is never taken for a name."""
    with pytest.raises(Refusal) as refused:
        read_since(words, NOW, ZONE)
    assert refused.value.code == "since_unknown"


@given(st.text(max_size=60))
def test_any_words_are_read(words: str) -> None:
    """Whatever is typed, there is a moment in UTC or none, and the rest is a part of the words."""
    try:
        since, rest = read_since(words, NOW, ZONE)
    except Refusal:
        return
    assert since is None or since.utcoffset() == UTC.utcoffset(None)
    assert rest in words
