"""What processes lack that share the work."""

import pytest

from bot.model.process import Crew, CrewTrouble, ProcessRole

WORKER, SCHEDULER = ProcessRole.WORKER, ProcessRole.SCHEDULER


@pytest.mark.parametrize(
    ("living", "is_led", "waiting", "lacks"),
    [
        ({WORKER: 2, SCHEDULER: 1}, True, 9, []),
        ({WORKER: 2, SCHEDULER: 2}, False, 9, [CrewTrouble.NO_LEADER]),
        ({WORKER: 2}, False, 0, [CrewTrouble.NO_SCHEDULER]),
        ({SCHEDULER: 1}, True, 0, []),
        ({SCHEDULER: 1}, True, 1, [CrewTrouble.NO_WORKER]),
        ({}, False, 1, [CrewTrouble.NO_WORKER, CrewTrouble.NO_SCHEDULER]),
    ],
)
def test_what_they_lack(living: dict[ProcessRole, int], is_led: bool, waiting: int, lacks: list[CrewTrouble]) -> None:
    """A worker where updates wait, a scheduler always, and one of these that leads."""
    assert Crew(living=living, is_led=is_led).troubles(waiting) == tuple(lacks)


def test_whoever_is_alone_lacks_nobody() -> None:
    """One process that does everything is counted as such, beside rows of others that ended just now."""
    crew = Crew(living={WORKER: 1}, is_led=False, is_alone=True)
    assert crew.troubles(5) == ()
    assert crew.count(ProcessRole.ALL) == 1
