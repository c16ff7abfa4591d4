"""How the bot is, on one card."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.model.custody import Trust
from bot.model.health import HouseHealth, Queue
from bot.model.process import Crew, ProcessRole
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


def test_who_is_at_work() -> None:
    """Where several processes share the work they are counted, and what they lack is said; else there is no line."""
    crew = Crew(living={ProcessRole.WEB: 2, ProcessRole.WORKER: 4, ProcessRole.SCHEDULER: 2}, is_led=True)
    text = health_card(replace(WELL, crew=crew), reader(Role.ADMIN)).text
    assert "Processes: receiving 2, handling 4, sending 2" in text
    assert "⚠️" not in text
    alone = health_card(replace(WELL, crew=replace(crew, is_alone=True)), reader(Role.ADMIN)).text
    assert alone == health_card(WELL, reader(Role.ADMIN)).text


@pytest.mark.parametrize("language", ["ru", "ky", "en"])
def test_what_they_lack_is_said(language: str) -> None:
    """In each language: nobody handles while messages wait, nobody sends, nobody leads."""
    empty = Crew(living={}, is_led=False)
    waits = replace(WELL, inbox=Queue(waiting=3, seconds=60.0), crew=empty)
    assert health_card(waits, reader(Role.ADMIN, language=language)).text.count("⚠️") == 2
    unled = replace(WELL, crew=Crew(living={ProcessRole.SCHEDULER: 1}, is_led=False))
    assert health_card(unled, reader(Role.ADMIN, language=language)).text.count("⚠️") == 1


@pytest.mark.parametrize("language", ["ru", "ky", "en"])
@pytest.mark.parametrize("trust", list(Trust))
def test_every_state_is_said(language: str, trust: Trust) -> None:
    """In each language, whatever was found."""
    card = health_card(replace(WELL, trust=trust), reader(Role.ADMIN, language=language))
    assert len(card.text.splitlines()) == 8
