"""A newsroom with a threat log in it, for the tests of the log."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.model.ids import new_id
from bot.model.newsroom import Member, Newsroom
from bot.model.rights import Role
from bot.model.staff import StaffKind
from bot.model.submission import Case
from bot.model.threat import ThreatQuery
from bot.model.verdict import TargetFound, ThreatFound
from bot.services.threat_filing import file_threats
from bot.services.threat_steps import ThreatSteps
from bot.services.threats import Threats
from bot.storage import cases, filing, staff
from bot.storage.filing import BurstRule, NewPart
from bot.storage.store import Store
from bot.storage.tables import incidents, threat_targets, threats
from bot.storage.threats import NewThreat, Recorded
from detection.text.normalise import key, normalise
from tests.newsroom import make_member, make_newsroom, message
from tests.stage import Recorder
from tests.stores import StoppedClock

#: Whatever harms a chat, a table or a statement, for every field that strangers fill.
HOSTILE = (
    "%_\\%' OR 1=1 --",
    "<b>&amp;\"'</b><script>",
    "=cmd|'/C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\u202e\u2066gnp.exe\u200f",
    "a\nb\r\nc",
    "../../etc/passwd\u0007",
)


@dataclass(kw_only=True)
class Log:
    """A newsroom with people, and its log."""

    store: Store
    clock: StoppedClock
    newsroom: Newsroom
    people: dict[str, Member]
    stage: Recorder = field(default_factory=Recorder)
    outlet: int = 0
    bek: int = 0

    @property
    def threats(self) -> Threats:
        """The reading service."""
        return Threats(self.store, self.clock)

    @property
    def steps(self) -> ThreatSteps:
        """The service of steps."""
        return ThreatSteps(self.store, self.clock, self.threats)

    async def commit(self) -> None:
        """End the transaction of what was staged."""
        await self.stage.commit(self.store)

    async def file(self, text: str, *staff_ids: int, by: str = "journalist", **given: Any) -> Recorded:
        """Somebody forwards a threat against these; `given` are fields of its record."""
        who = self.people[by]
        values = {"kinds": ("death",), "severity": 3, "imminent": False} | given.pop("found", {})
        targets = tuple(TargetFound(kind="staff", staff=each, text="x") for each in staff_ids)
        incoming = message(who, self.clock(), text)
        part = NewPart(newsroom_id=self.newsroom.id, member_id=who.id, incoming=incoming, finding=None)
        read = normalise(text)
        async with self.store.write() as conn:
            (filed,) = await filing.file_parts(conn, [part], BurstRule(within=timedelta(0), parts=1), self.clock())
            threat = NewThreat(
                newsroom_id=self.newsroom.id,
                submission_id=filed.submission_id,
                part_id=filed.id,
                finding=ThreatFound(level="threat", targets=targets, **values),
                text=text,
                words=read.words,
                text_key=key(read.skeleton) if read.skeleton else 0,
                reporter_id=who.id,
                **given,
            )
            (recorded,) = await file_threats(conn, [threat], self.clock())
        return recorded

    async def ask(self, who: str = "lead", **asked: Any) -> list[int]:
        """Numbers of the records that answer a query."""
        page = await self.threats.page(self.people[who], ThreatQuery(**asked), 0, 10_000)
        return [line.number for line in page.lines]

    async def case(self, recorded: Recorded) -> Case:
        """The case in which a record was seen first."""
        view = await self.threats.view(self.people["lead"], recorded.id)
        async with self.store.read() as conn:
            found = await cases.by_submission(conn, self.newsroom.id, view.submission_id)
        assert found is not None
        return found

    async def incident_count(self) -> int:
        """How many incidents there are."""
        async with self.store.read() as conn:
            return int(await conn.scalar(sa.select(sa.func.count()).select_from(incidents)) or 0)


async def open_log(store: Store, clock: StoppedClock) -> Log:
    """A journalist who is the protected Bek, a colleague, an editor, a security lead; an outlet."""
    newsroom = await make_newsroom(store, clock())
    roles = {"journalist": Role.JOURNALIST, "bek": Role.JOURNALIST, "editor": Role.EDITOR, "lead": Role.SECURITY}
    people = {name: await make_member(store, newsroom, clock(), role, name=name) for name, role in roles.items()}
    log = Log(store=store, clock=clock, newsroom=newsroom, people=people)
    async with store.write() as conn:
        await staff.put(conn, newsroom.id, StaffKind.OUTLET, "Азаттык", None, ("Azattyk",), clock())
        await staff.put(conn, newsroom.id, StaffKind.PERSON, "Бек Асанов", None, (), clock())
        ids = {each.name: each.id for each in await staff.all_of(conn, newsroom.id)}
        await staff.link_member(conn, ids["Бек Асанов"], people["bek"].id, clock())
    log.outlet, log.bek = ids["Азаттык"], ids["Бек Асанов"]
    return log


async def fill(log: Log, count: int, moment: datetime) -> None:
    """So many records of every shape, written straight into the tables."""
    case = await log.file("первая угроза", log.outlet)
    async with log.store.write() as conn:
        first = dict((await conn.execute(sa.select(threats).where(threats.c.id == case.id))).mappings().one())
        rows = [_row(first, number, moment, log) for number in range(2, count + 1)]
        for start in range(0, len(rows), 500):
            await conn.execute(sa.insert(threats), rows[start : start + 500])
        targets = [_target(row, log) for row in rows]
        for start in range(0, len(targets), 500):
            await conn.execute(sa.insert(threat_targets), targets[start : start + 500])


_KINDS: Sequence[list[str]] = (["death"], ["arson", "incitement"], ["legal"], ["sexual", "family"], ["doxx"])
_STATUSES = ("new", "confirmed", "platform", "police", "resolved", "dismissed")
_PLATFORMS = ("instagram", "facebook", "telegram", "vk", None)


def _row(first: dict[str, Any], number: int, moment: datetime, log: Log) -> dict[str, Any]:
    seen = moment - timedelta(minutes=number * 7)
    text = f"угроза номер {number} про офис и дорогу домой, запись {number * 7919 % 10_007}"
    return first | {
        "id": new_id(),
        "number": number,
        "place": number,
        "kinds": _KINDS[number % 5],
        "severity": number % 4 + 1,
        "imminent": number % 11 == 0,
        "status": _STATUSES[number % 6],
        "platform": _PLATFORMS[number % 5],
        "account": f"instagram:author_{number % 300}",
        "text": text,
        "searched": text,
        "times": number % 40 + 1,
        "assignee_id": log.people["lead"].id if number % 3 == 0 else None,
        "first_seen": seen,
        "last_seen": seen,
        "recorded_at": seen,
    }


def _target(row: dict[str, Any], log: Log) -> dict[str, Any]:
    staff_id, name = ((log.outlet, "Азаттык"), (log.bek, "Бек Асанов"))[row["number"] % 2]
    own = {"id": new_id(), "newsroom_id": log.newsroom.id, "threat_id": row["id"]}
    return own | {"staff_id": staff_id, "name": name, "searched": name.lower()}
