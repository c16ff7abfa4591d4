"""How the bot is, on one card."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.model.custody import Trust
from bot.model.health import HouseHealth, Queue
from bot.model.rights import Role
from handlers.cards.health_replies import health_card
from tests.handlers.made_up import reader

NONE = Queue(waiting=0, seconds=0.0)
AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
WELL = HouseHealth(
    version="1.0",
    since=AT,
    inbox=NONE,
    outbox=NONE,
    alarms=NONE,
    dead=0,
    backup_at=AT,
    verified_at=AT,
    trust=Trust.GOOD,
    entries=1234,
    free_bytes=71_200_000_000,
    free_percent=28.0,
)


def test_a_house_that_is_well() -> None:
    """Every line is there, none of them warns, and times are the newsroom's."""
    text = health_card(WELL, reader(Role.ADMIN)).text
    assert "⚠️" not in text
    assert "Messages to read: none" in text
    assert "Custody log: entries 1,234, checked 23/11/2026, 10:00: whole" in text
    assert "Free on the disk: 28% (71.2 GB)" in text


def test_a_house_that_is_not() -> None:
    """What waits for long, what was given up, what was never done and what is broken is said."""
    late = Queue(waiting=12, seconds=240.0)
    house = replace(WELL, inbox=late, alarms=Queue(waiting=1, seconds=1.0), dead=3, backup_at=None, trust=Trust.BROKEN)
    text = health_card(replace(house, free_bytes=None), reader(Role.SECURITY)).text
    assert "Messages to read: 12, the oldest waits for 4 minutes" in text
    assert "Alarms to send: 1\n" in text
    assert "3, see /deadletters" in text
    assert "no daily backup" in text
    assert text.count("⚠️") == 3
    assert "broken" in text


@pytest.mark.parametrize("language", ["ru", "ky", "en"])
@pytest.mark.parametrize("trust", list(Trust))
def test_every_state_is_said(language: str, trust: Trust) -> None:
    """In each language, whatever was found."""
    card = health_card(replace(WELL, trust=trust), reader(Role.ADMIN, language=language))
    assert len(card.text.splitlines()) == 8
