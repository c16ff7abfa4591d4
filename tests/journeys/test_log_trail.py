"""A case is followed through the log: from the moment its message came in to the last one that was said of it."""

import json
import logging
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.model.rights import Role
from bot.redaction import RedactingFormatter
from bot.simulator import origins
from tests.bot_runner import TOKEN, Newsroom, open_newsroom, until
from tests.journeys.crew import Crew, shared

pytestmark = pytest.mark.asyncio(loop_scope="session")

HIDDEN = origins.from_hidden_user("Reader")
THREAT = "Сегодня вечером придём и сожжём ваш офис"
UPDATE = ["received", "claimed", "analysed", "handled", "filed", "done"]
Line = dict[str, Any]


class Ear(logging.Handler):
    """What the bot writes to its log as JSON."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(RedactingFormatter((TOKEN,), "json"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def lines() -> Iterator[list[str]]:
    ear, root = Ear(), logging.getLogger()
    level = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    yield ear.lines
    root.removeHandler(ear)
    root.setLevel(level)


def read(written: list[str]) -> list[Line]:
    """The lines of our own rooms, in the order of their times."""
    told = [json.loads(line) for line in written if line.startswith("{")]
    return sorted(
        (each for each in told if each["logger"].startswith(("bot.", "handlers."))), key=lambda e: e["timestamp"]
    )


def followed(told: list[Line], number: str) -> list[Line]:
    """What docs/operations.md has jq do: a case by its number, its update by the case, and all lines of either."""
    cases = {line["case"] for line in told if line.get("number") == number}
    mine = [line for line in told if line.get("case") in cases]
    updates = {line["update"] for line in mine if "update" in line}
    return [line for line in told if line.get("case") in cases or line.get("update") in updates]


def meant_by(room: Newsroom, message: str) -> str:
    """The case that an outbox row names."""
    ((body,),) = room.database.rows("SELECT body FROM outbox_messages WHERE id = ?", int(message))
    return str((json.loads(body) if isinstance(body, str) else body)["submission"])


async def test_from_the_forward_to_the_last_message(tmp_path: Path, lines: list[str]) -> None:
    """Of a threat: each step in its order, the alarm, every message that went out; the filed line has all the times."""
    async with open_newsroom(tmp_path / "data") as room:
        await room.start_bot()
        member, lead = await room.join(Role.JOURNALIST, Role.SECURITY)
        lines.clear()
        room.world.forward(member, HIDDEN, text=THREAT)
        await room.heard(member, "K-1")
        await room.heard(lead, "T-1")
        await room.quiet()
        mine = followed(read(lines), "K-1")
        sent = [line for line in mine if line["event"] == "sent"]
        rows = room.database.rows("SELECT id FROM outbox_messages WHERE kind IN ('submission', 'reaction', 'alarm')")
        case = str(room.database.value("SELECT id FROM submissions"))
    assert [line["event"] for line in mine if "update" in line] == UPDATE
    filed = next(line for line in mine if line["event"] == "filed")
    assert (filed["level"], filed["case"], filed["number"], filed["role"]) == ("INFO", case, "K-1", "all")
    times = [filed[each] for each in UPDATE[:4]]
    assert times == sorted(times)
    after = mine[mine.index(filed) :]
    assert {line["case"] for line in after} == {case}
    assert [line["event"] for line in after if line["stage"] == "raised"] == ["raised"]
    assert {line["kind"] for line in sent} >= {"submission", "reaction", "alarm"}
    assert {int(line["outbox"]) for line in sent} >= {row[0] for row in rows[-2:]}
    # By itself the log says as little as a line a case, and one more of an alarm.
    assert sum(line["level"] != "DEBUG" for line in mine) == 2


async def test_two_at_once_do_not_mix(tmp_path: Path, lines: list[str]) -> None:
    """Ten members forward in one instant: every line of a case belongs to its update, and every message to its case."""
    async with open_newsroom(tmp_path / "data") as room:
        people = await room.admit(Role.JOURNALIST, 10)
        await room.start_bot()
        for number, person in enumerate(people):
            room.world.forward(person, HIDDEN, text=f"Комментарий {number}: {THREAT if number % 2 else 'рахмат'}")
        for person in people:
            await room.heard(person, "K-")
        await room.quiet()
        told = read(lines)
        sent = {line["outbox"]: line for line in told if line["event"] == "sent" and line["kind"] == "submission"}
        meant = {each: meant_by(room, each) for each in sent}
        cases = {str(number): f"K-{name}" for number, name in room.database.rows("SELECT id, number FROM submissions")}
    assert len(cases) == 10
    assert {each: line["case"] for each, line in sent.items()} == meant
    updates = defaultdict(set)
    for line in told:
        if "case" in line and "number" in line:
            assert cases[line["case"]] == line["number"]
        if "case" in line and "update" in line:
            updates[line["case"]].add(line["update"])
    assert {len(each) for each in updates.values()} == {1}
    assert len(set.union(*updates.values())) == 10
    for name in cases.values():
        assert [line["event"] for line in followed(told, name) if "update" in line] == UPDATE


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_across_processes(tmp_path: Path, postgres_copy: str) -> None:
    """The receiver, a worker and the scheduler each write a log of their own: together they tell it all."""
    async with shared(tmp_path, postgres_copy, log_format="json", log_level="DEBUG") as room:
        crew = Crew(room, "web", "worker", "worker", "scheduler")
        (person,) = await room.admit(Role.JOURNALIST, 1)
        try:
            await crew.start()
            room.world.forward(person, HIDDEN, text="Комментарий")
            await room.heard(person, "K-1")
            await until(room.is_quiet, 120, crew)
            assert await crew.stop() == [0] * 4
        finally:
            crew.close()
        written = [line for each in crew.processes for line in each.log.read_text(encoding="utf-8").splitlines()]
    mine = followed(read(written), "K-1")
    roles = [(line["event"], line["role"]) for line in mine]
    worked = [(each, "web" if each == "received" else "worker") for each in UPDATE]
    assert roles[: len(UPDATE)] == worked
    assert set(roles[len(UPDATE) :]) == {("sent", "scheduler")}
    assert [line for line in mine if line["event"] == "sent" and line["kind"] == "submission"]
