"""A desk whose screenshots are read by a reader that is told what stands on them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.model.newsroom import Member
from bot.model.screen import ReadComment, ReadScreen
from bot.model.submission import Case, PartKind
from bot.services.screen_corrections import ScreenCorrections
from bot.services.screen_findings import ScreenFindings
from bot.services.screens import Screens
from bot.storage.tables import comments
from tests.detection.image import hostile
from tests.newsroom import message
from tests.services.conftest import EditorsDesk
from tests.services.rooms import rows_of

THREAT = "Сенин үйүңдү өрттөйм"
LIE = "Журналисты опять врут про нашего президента, хватит терпеть"
CALM = "Бүгүн базарда картошка арзандаптыр, барып алгыла"
TAKEN = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


def read(*rows: Any, kind: Any = "thread", **given: Any) -> ReadScreen:
    """A screen with comments: (author, text), or (author, text, time)."""
    made = []
    for number, row in enumerate(rows, start=1):
        if isinstance(row, ReadComment):
            made.append(replace(row, number=number))
        else:
            author, text, *time = row
            made.append(ReadComment(number=number, author=author, text=text, time=time[0] if time else ""))
    return ReadScreen(kind=kind, **({"platform": "facebook", "comments": tuple(made), "language": "ru"} | given))


@dataclass(kw_only=True)
class ToldReader:
    """Fakes the reader of pictures: answers in turn what it is told, the last answer for ever; counts its pictures."""

    answers: list[ReadScreen | BaseException] = field(default_factory=lambda: [ReadScreen()])
    asked: int = 0

    async def screen(self, data: bytes) -> ReadScreen:
        """The next answer."""
        assert data
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return answer


@dataclass(kw_only=True)
class Readers:
    """The desk with its reader of screenshots."""

    desk: EditorsDesk
    reader: ToldReader = field(default_factory=ToldReader)
    drawn: int = 0

    @property
    def checks(self) -> ScreenFindings:
        return ScreenFindings(self.desk.store, self.desk.findings, self.desk.newsroom.id)

    @property
    def screens(self) -> Screens:
        d = self.desk
        return Screens(d.store, d.clock, d.vault, self.reader, self.checks, d.cases, d.newsroom.id)

    @property
    def corrections(self) -> ScreenCorrections:
        d = self.desk
        return ScreenCorrections(d.store, d.clock, self.checks, d.cases, d.newsroom.id)

    async def send(self, member: Member, *answers: ReadScreen, text: str = "", **options: Any) -> Case:
        """Pictures at one go, and what the reader makes of each; as the case is then."""
        self.reader.answers = list(answers)
        sent = []
        for _ in answers:
            self.drawn += 1
            made = message(member, self.desk.clock(), text, kind=PartKind.PHOTO, **options)
            assert made.file is not None
            self.desk.files.files[made.file.file_id] = hostile.encoded(hostile.drawing(self.drawn))
            sent.append(made)
        await self.desk.send(member, *sent)
        await self.sweep()
        return await self.desk.of(member, sent[0])

    async def sweep(self) -> None:
        """Read until nothing waits."""
        while await self.screens.sweep():
            pass

    async def correct(self, member: Member, case: Case, number: int, typed: str, part: int = 0) -> Case:
        """Press, answer, commit; as the case is then."""
        d = self.desk
        part_id = case.parts[part].id
        await self.corrections.ask(d.stage, member, case.submission_id, part_id, number)
        await d.commit()
        dialog = await d.dialogs.of(member)
        assert dialog is not None
        await self.corrections.correct(d.stage, member, dialog, typed)
        await d.commit()
        return await d.cases.see(member, case.submission_id)

    async def live(self) -> list[dict[str, Any]]:
        """The comments that count, oldest first."""
        rows = await rows_of(self.desk.store, comments)
        return sorted((row for row in rows if row["withdrawn_at"] is None), key=lambda row: row["id"])


@pytest.fixture
def readers(desk: EditorsDesk) -> Readers:
    """On both engines."""
    return Readers(desk=desk)


def sources(rows: Sequence[dict[str, Any]]) -> list[str]:
    """The part of each source behind the message."""
    return [row["source"].partition("#")[2] for row in rows]
