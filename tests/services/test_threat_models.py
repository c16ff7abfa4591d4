"""The nightly lesson: once a night, on rulings, used only when it is better, and by the next text."""

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from bot.analysis import Analysis, AnalysisFailed, Taught
from bot.analysis.teaching import teach
from bot.model.newsroom import Newsroom
from bot.model.verdict import Finding, ThreatFound
from bot.services.findings import TextQuery
from bot.services.threat_models import ThreatModels, labels
from bot.storage import cases, filing, history, threat_models
from bot.storage.store import Store
from bot.storage.threat_models import RuledText
from detection.threats.training import Labelled
from tests.newsroom import make_member, message
from tests.services.conftest import EditorsDesk
from tests.stores import StoppedClock

#: Half past three in Bishkek.
DUE = datetime(2026, 11, 21, 21, 30, tzinfo=UTC)


class Teacher:
    """Teaches in this process, and counts."""

    def __init__(self) -> None:
        self.lessons: list[list[Labelled]] = []
        self.fails = False

    async def teach(self, labelled: list[Labelled]) -> Taught:
        self.lessons.append(list(labelled))
        if self.fails:
            raise AnalysisFailed("timeout")
        return teach(labelled)


@pytest.fixture
def teacher() -> Teacher:
    return Teacher()


@pytest.fixture
def models(store: Store, clock: StoppedClock, newsroom: Newsroom, desk: EditorsDesk, teacher: Teacher) -> ThreatModels:
    """The lessons of this newsroom."""
    return ThreatModels(store, clock, cast(Analysis, teacher), desk.knowledge, newsroom.id)


def ruled(number: int) -> list[tuple[str, bool]]:
    """A slang that only this newsroom hears: threats, and harmless texts of the same length."""
    names = ("Бакыт", "Асель", "Данияр", "Жылдыз", "Нурлан", "Айбек")
    return [
        *((f"Забубеним фуфырку {names[n % 6]}у номер {n}", True) for n in range(number)),
        *((f"Посмотрели передачу про {names[n % 6]}а номер {n}", False) for n in range(number)),
    ]


async def rule(store: Store, clock: StoppedClock, newsroom: Newsroom, said: list[tuple[str, bool]]) -> None:
    """Cases with rulings."""
    member = await make_member(store, newsroom, clock())
    rule = filing.BurstRule(within=timedelta(0), parts=1)
    async with store.write() as conn:
        for text, threat in said:
            sent = message(member, clock(), text)
            part = filing.NewPart(newsroom_id=newsroom.id, member_id=member.id, incoming=sent, finding=Finding())
            (filed,) = await filing.file_parts(conn, [part], rule, clock())
            value = "yes" if threat else "no"
            await cases.add_ruling(conn, newsroom.id, filed.submission_id, member.id, "threat", value, clock())


async def test_a_better_model_is_used_by_the_next_text(
    store: Store, clock: StoppedClock, newsroom: Newsroom, desk: EditorsDesk, models: ThreatModels
) -> None:
    """What the newsroom called a threat often enough is seen from then on, in words that were not ruled on."""
    unseen = TextQuery(text="Забубеним фуфырку Чынаре номер семь")
    assert (await desk.findings.text(unseen)).finding.threat.level == "none"
    await rule(store, clock, newsroom, ruled(30))
    assert await models.sweep()
    async with store.read() as conn:
        lesson = await threat_models.last_lesson(conn, newsroom.id)
        events = await history.of(conn, newsroom.id, ("threat_model", 0))
    assert lesson is not None
    assert (lesson.texts, lesson.threats, lesson.is_used) == (60, 30, True)
    assert lesson.low > 0
    assert [event for event, _, _ in events] == ["taught"]
    assert (await desk.findings.text(unseen)).finding.threat.level in {"review", "threat"}


async def test_few_rulings_change_nothing(
    store: Store, clock: StoppedClock, newsroom: Newsroom, models: ThreatModels
) -> None:
    """The interval of the gain would say nothing."""
    await rule(store, clock, newsroom, ruled(10))
    assert await models.sweep()
    async with store.read() as conn:
        lesson = await threat_models.last_lesson(conn, newsroom.id)
        assert await threat_models.data(conn, newsroom.id) is None
        assert await history.of(conn, newsroom.id, ("threat_model", 0)) == []
    assert lesson is not None
    assert not lesson.is_used


async def test_once_a_night(clock: StoppedClock, models: ThreatModels, teacher: Teacher, store: Store) -> None:
    """At half past three of the newsroom's morning; without rulings nobody is taught; a missed night is made up for."""
    clock.now = DUE - timedelta(minutes=1)
    assert await models.sweep()
    assert not await models.sweep()
    clock.now = DUE
    assert await models.sweep()
    clock.now = DUE + timedelta(hours=23)
    assert not await models.sweep()
    clock.now = DUE + timedelta(days=3)
    assert await models.sweep()
    assert teacher.lessons == []


async def test_a_lesson_that_fails_waits_for_the_next_night(
    store: Store, clock: StoppedClock, newsroom: Newsroom, models: ThreatModels, teacher: Teacher
) -> None:
    """The shipped model is used meanwhile."""
    await rule(store, clock, newsroom, ruled(1))
    teacher.fails = True
    assert await models.sweep()
    assert not await models.sweep()
    async with store.read() as conn:
        assert await threat_models.data(conn, newsroom.id) is None
    assert len(teacher.lessons) == 1


def test_labels_are_one_answer_a_text() -> None:
    """The worst text of a threatening case, every text of another; none that was ruled both ways."""
    rank = {"high": ThreatFound(level="threat", severity=4).rank, "low": ThreatFound().rank}

    def text(case: int, said: str, level: str, threat: bool) -> RuledText:
        return RuledText(submission_id=case, text=said, rank=rank[level], is_threat=threat)

    found = labels(
        [
            text(1, "салам", "low", True),
            text(1, "өлтүрөбүз", "high", True),
            text(2, "рахмат", "low", False),
            text(2, "эмне", "low", False),
            text(3, "ким", "low", True),
            text(4, "ким", "low", False),
        ]
    )
    assert {(each.text, each.threat) for each in found} == {("өлтүрөбүз", True), ("рахмат", False), ("эмне", False)}
