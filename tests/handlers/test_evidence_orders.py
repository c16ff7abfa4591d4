"""Orders of evidence as they are typed: numbers, queries, kept queries, wishes; a slip is refused, never guessed."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refusal
from bot.model.evidence import EvidenceOrder, Profile
from bot.model.threat import Range, ThreatQuery
from handlers.evidence_orders import read_order

NOW, ZONE = datetime(2026, 10, 8, 12, 0, tzinfo=UTC), ZoneInfo("Asia/Bishkek")
KEPT = {"Поджоги в офисе": "kind:arson since:7d", "ky": "kind:death", "өрт": "kind:arson severity:4"}


def asked(words: str) -> list[ThreatQuery]:
    """The queries of an order."""
    return read_order(words, KEPT).asked(NOW, ZONE)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("T-42", {"threats": (42,)}),
        ("т-42, К-7", {"threats": (42,), "cases": (7,)}),
        ("42 T-50..53 hrd ky", {"threats": (42, 50, 51, 52, 53), "profile": Profile.HRD, "language": "ky"}),
        ("K-1..K-3 names full", {"cases": (1, 2, 3), "with_names": True}),
        ("T-1 имена журнал", {"threats": (1,), "with_names": True, "profile": Profile.NEWSROOM}),
        ("T-1,T-2,T-1", {"threats": (1, 2)}),
    ],
)
def test_orders_are_read_forgivingly(words: str, expected: dict[str, Any]) -> None:
    """Numbers in either alphabet, spans, profile, language and names in any order."""
    taken = read_order(words)
    assert taken.order == EvidenceOrder(**expected)
    assert (taken.incidents, taken.queries) == ((), ())


def test_queries_stand_among_numbers() -> None:
    """The example of the guide: a query, a profile and a language; keys in three languages, words in quotes."""
    taken = read_order("T-9 target:azattyk since:7d hrd ky K-2 severity: >= 3")
    assert (taken.order.threats, taken.order.cases) == ((9,), (2,))
    assert (taken.order.profile, taken.order.language) == (Profile.HRD, "ky")
    (query,) = taken.asked(NOW, ZONE)
    assert (query.targets, query.severity, query.numbers) == (("azattyk",), Range(least=3), ())
    assert query.since is not None
    assert asked('вид:поджог -status:resolved "у ворот"') == [
        ThreatQuery(kinds=("arson",), without=(("status", "resolved"),), words=("у ворот",))
    ]


def test_incidents_and_kept_queries_add_up() -> None:
    """I-3 in either alphabet, a kept query by its name; each is asked for itself. A wish is never taken for a name."""
    incident, arson = asked("i-3 поджоги в офисе ru")
    assert incident == ThreatQuery(incidents=(3,))
    assert (arson.kinds, arson.since is not None) == (("arson",), True)
    assert read_order("T-1 ky", KEPT).order.language == "ky"
    assert [query.kinds for query in asked("өрт, T-1")] == [("arson",)]
    assert [query.incidents for query in asked("И-3 I-4..5")] == [(3,), (4,), (5,)]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("", "export_empty"),
        ("hrd", "export_empty"),
        ("T-42 %", "export_word_unknown"),
        ("T-1..9999999", "export_numbers_many"),
        ("T-42'; DROP TABLE threats", "export_word_unknown"),
        ("T-9..1", "export_empty"),
        ("T-99999999999999999999", "export_word_unknown"),
        ("T-42 поджог", "export_word_unknown"),
        ("colour:red", "export_word_unknown"),
        ("kind:arson since:недавно", "export_word_unknown"),
    ],
)
def test_wrong_orders_are_refused(words: str, code: str) -> None:
    """What means nothing is said back, never guessed: evidence is not what a search found by accident."""
    with pytest.raises(Refusal, match=code):
        asked(words)


@given(st.text(max_size=200))
def test_whatever_is_typed(words: str) -> None:
    """An order or a refusal, never a crash."""
    try:
        taken = read_order(words, KEPT)
        taken.asked(NOW, ZONE)
    except Refusal:
        return
    assert taken.order.threats or taken.order.cases or taken.incidents or taken.queries
