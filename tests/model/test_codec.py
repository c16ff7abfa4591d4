"""Findings and payloads go into JSON and come back the same, also from rows that an older version wrote."""

import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.account import AccountStatus
from bot.model.codec import dump, load
from bot.model.submission import Origin, OriginKind
from bot.model.verdict import Finding, ThreatFound

# In fixed zones: a moment within a change of the clock equals nothing in another zone, not even itself (PEP 495).
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC) | st.just(timezone(timedelta(hours=6)))))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
FINDINGS = st.builds(
    Finding, **{field.name: st.from_type(field.type) for field in fields(Finding) if not isinstance(field.type, str)}
)


@given(FINDINGS)
def test_a_finding_comes_back(finding: Finding) -> None:
    """Through JSON text: every number, span and moment."""
    assert load(Finding, json.loads(json.dumps(dump(finding)))) == finding


@given(st.builds(Origin, sent_at=st.none() | st.datetimes(timezones=st.just(UTC))))
def test_an_origin_comes_back(origin: Origin) -> None:
    """With its kind as an enumeration again."""
    back = load(Origin, json.loads(json.dumps(dump(origin))))
    assert back == origin
    assert isinstance(back.kind, OriginKind)


@dataclass(frozen=True, kw_only=True, slots=True)
class Newer:
    """A class that has one field more than what was stored, and one less."""

    name: str
    pair: tuple[int, str] = (0, "")
    states: frozenset[AccountStatus] = frozenset()
    either: int | str | None = None


def test_what_an_older_version_wrote_is_read() -> None:
    """Missing fields take their defaults, unknown ones are passed over."""
    assert load(Newer, {"name": "x", "gone": 1}) == Newer(name="x")
    stored = {"name": "x", "pair": [1, "a"], "states": ["gone", "cleared"], "either": "7"}
    read = load(Newer, stored)
    assert read == Newer(
        name="x", pair=(1, "a"), states=frozenset({AccountStatus.GONE, AccountStatus.CLEARED}), either="7"
    )
    assert load(Finding, {}) == Finding()
    assert load(ThreatFound, {"level": "threat"}).level == "threat"


@pytest.mark.parametrize(
    ("value", "json_value"),
    [
        (None, None),
        ({"a": (1, 2)}, {"a": [1, 2]}),
        ({1: AccountStatus.GONE}, {"1": "gone"}),
        (Newer(name="x"), {"name": "x", "pair": [0, ""], "states": [], "either": None}),
        (Newer, Newer),
    ],
)
def test_what_a_value_becomes(value: Any, json_value: Any) -> None:
    """Objects, lists, texts; a class itself is no object to be stored."""
    assert dump(value) == json_value


@pytest.mark.parametrize("data", [{"name": "x", "states": ["no such"]}, {"pair": [1]}, {"name": "x", "pair": [1]}])
def test_what_cannot_be_read_raises(data: dict[str, Any]) -> None:
    """Rather than come back as something else."""
    with pytest.raises((ValueError, TypeError)):
        load(Newer, data)
