"""Targets that read what members type behind commands and into dialogs: a value or a Refusal, nothing else."""

from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.errors import Refusal
from bot.services.account_words import read_amount, read_day, read_kind, read_numbers, read_tag, read_told
from bot.services.imports.report_words import category, count, venue, yes_no
from bot.services.imports.times import DateOrder, joined, posted_at
from bot.services.reports.windows import moments, read_windows, said_as
from bot.services.staff import read_staff
from detection.threats.lexicon import LexiconError
from detection.threats.own_words import checked_word
from handlers.evidence_orders import read_order
from handlers.orders import case_number
from handlers.since import read_since
from handlers.takedown_query import read_takedown_query
from handlers.threat_query import read_query
from handlers.watch_words import read_watch
from tests.fuzz.wording import text_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BISHKEK = ZoneInfo("Asia/Bishkek")
#: West of Greenwich, and with summer time.
NEW_YORK = ZoneInfo("America/New_York")
_MOST_PARTS = 200
_LONGEST_NUMBER = 999_999_999


def queries(data: bytes) -> None:
    """No query is an error; what comes out is bounded, and fits the columns that it is compared with."""
    text = text_of(data)
    for read in (read_query, read_takedown_query):
        query = read(text, NOW, BISHKEK)
        assert len(query.unknown) <= len(text) + 1
        assert all(len(word) <= _MOST_PARTS * 2 for word in (*query.words, *query.unknown))
        for moment in (query.since, query.until):
            assert moment is None or (moment.tzinfo is not None and moment.utcoffset() is not None)
        assert all(0 <= number <= _LONGEST_NUMBER for number in query.numbers)
        assert read(text, NOW, BISHKEK) == query
    with suppress(Refusal):
        order = read_order(text, {"ночь": "since:7d", "a.b*": "kind:death"})
        assert len(order.order.threats) + len(order.order.cases) + len(order.incidents) <= 10_000
        order.asked(NOW, BISHKEK)
    with suppress(Refusal):
        assert case_number(text) >= 0


def periods(data: bytes) -> None:
    """Every moment that comes out knows its zone, can be stored, and shown in any zone."""
    text = text_of(data)
    for zone in (BISHKEK, NEW_YORK):
        with suppress(Refusal):
            moment, rest = read_since(text, NOW, zone)
            assert len(rest) <= len(text)
            if moment is not None:
                _storable(moment)
        with suppress(Refusal):
            window = read_watch(text, zone)
            _storable(window.starts)
            _storable(window.ends)
            assert window.starts <= window.ends
        with suppress(Refusal):
            now, before = read_windows(text)
            assert now.days == before.days
            assert read_windows(f"{said_as(now)} vs {said_as(before)}") == (now, before)
            for which in (now, before):
                begin, end = moments(which, zone)
                _storable(begin)
                _storable(end)
    _written(text)


def _written(text: str) -> None:
    given, _, clock = text.partition("\n")
    for order in (None, *DateOrder):
        with suppress(Refusal):
            _storable(posted_at(joined(given, clock), order))
        with suppress(Refusal, ValueError):
            _storable(posted_at(float(given), order))


def _storable(moment: datetime) -> None:
    assert moment.tzinfo is not None
    utc = moment.astimezone(UTC)
    assert datetime.fromisoformat(utc.isoformat()) == utc
    for zone in (BISHKEK, NEW_YORK):
        utc.astimezone(zone)


def told(data: bytes) -> None:
    """What is said of accounts, staff, words and posts: bounded values or a Refusal."""
    text = text_of(data)
    with suppress(Refusal):
        found = read_told(text)
        assert all(0 < len(fact.value) <= 500 and len(fact.why or "") <= 2000 for fact in found.facts)
    for read in (read_tag, read_kind, read_amount, category, venue, yes_no):
        with suppress(Refusal):
            read(text)
    with suppress(Refusal):
        assert isinstance(read_day(text), date)
    with suppress(Refusal):
        assert all(1 <= number <= 30 for number in read_numbers(text, 30))
    with suppress(Refusal):
        assert 0 <= count(text, "views") < 1 << 63
    with suppress(Refusal):
        _, name, aliases = read_staff(text)
        assert name.strip()
        assert len(aliases) <= 100
    with suppress(LexiconError):
        assert checked_word(checked_word(text)) == checked_word(text)
