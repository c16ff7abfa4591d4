"""What stands on a screenshot becomes part of its case, once, whatever happens on the way."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.analysis import AnalysisFailed, EngineMissing, ImageRefused
from bot.errors import Refusal
from bot.model.account import AccountEntry
from bot.model.dialog import Dialog
from bot.model.newsroom import Member
from bot.model.rights import Role
from bot.model.screen import ReadComment, ReadingState, ReadProfile, ReadScreen
from bot.model.submission import Case, Origin, OriginKind, PartKind
from bot.services.screen_corrections import Correction, ScreenCorrections, read_correction
from bot.services.screen_findings import ScreenFindings
from bot.services.screens import Screens
from bot.storage import dialogs, history
from bot.storage.tables import comments, outbox_messages, screen_readings, submissions, texts, threats
from tests.detection.image import hostile
from tests.newsroom import message, queued, said
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


async def test_each_comment_is_one_of_the_case(readers: Readers) -> None:
    """With its author, platform and moment; checked like any forward; the worst threat is the case's."""
    desk = readers.desk
    member = await desk.member()
    await desk.send(member, message(member, desk.clock(), LIE, origin=Origin(kind=OriginKind.USER, handle="troll")))
    desk.clock.tick(60)
    told = read(("Айбек Асанов", LIE, "2 ч"), ("Бермет", CALM, "вчера"), ("Айбек Асанов", THREAT, "?"))
    case = await readers.send(member, told, origin=Origin())
    assert (case.verdict.threat.level, case.verdict.copy_count) == ("threat", 1)
    found = [row for row in await readers.live() if row["submission_id"] == case.submission_id]
    assert sources(found) == ["1", "2", "3"]
    assert [(row["platform"], row["author"], row["handle"], row["author_key"]) for row in found[:2]] == [
        ("facebook", "Айбек Асанов", None, "name:Айбек Асанов"),
        ("facebook", "Бермет", None, "name:Бермет"),
    ]
    sent_at = desk.clock.now
    assert abs(found[0]["posted_at"] - (sent_at - timedelta(hours=2, minutes=30))) < timedelta(minutes=1)
    assert found[2]["posted_at"] is None
    reading = case.parts[0].reading
    assert reading is not None
    assert reading.screen is not None
    first, second, third = reading.screen.comments
    assert (first.uncertainty, second.uncertainty, third.moment) == (timedelta(minutes=30), timedelta(hours=12), None)
    assert first.finding.copy_count == 1
    assert third.finding.threat.level == "threat"
    (threat,) = await rows_of(desk.store, threats)
    assert threat["part_id"] == case.parts[0].id
    (submission,) = [s for s in await rows_of(desk.store, submissions) if s["id"] == case.submission_id]
    assert submission["level"] == "threat"


async def test_moments_lie_in_the_newsrooms_zone(readers: Readers) -> None:
    """«вчера в 14:20» is the newsroom's afternoon, counted from when the picture was first forwarded."""
    member = await readers.desk.member()
    origin = Origin(kind=OriginKind.USER, name="Коллега", handle="kollega", sent_at=TAKEN)
    await readers.send(member, read(("А", CALM, "вчера в 14:20")), origin=origin)
    (row,) = await readers.live()
    assert abs(row["posted_at"] - datetime(2026, 11, 2, 8, 20, tzinfo=UTC)) <= timedelta(minutes=1)


async def test_the_card_is_told_again(readers: Readers) -> None:
    """Once more for each picture that was read, joined while the first still waits."""
    member = await readers.desk.member()
    case = await readers.send(member, read(("А", LIE)))
    assert await queued(readers.desk.store, "kind", "key") == [
        ("submission", f"card:{case.submission_id}"),
        ("reaction", f"react:{case.submission_id}"),
    ]
    async with readers.desk.store.write() as conn:
        await conn.execute(sa.update(outbox_messages).values(state="done"))
    readers.desk.clock.tick(60)
    await readers.send(member, read(("А", CALM)))
    assert [row.kind for row in await queued(readers.desk.store)].count("submission") == 2


async def test_no_screenshot_leaves_nothing_behind(readers: Readers) -> None:
    """A portrait is read quickly as none, and its case says nothing of it."""
    member = await readers.desk.member()
    case = await readers.send(member, ReadScreen())
    assert await readers.live() == []
    assert case.verdict.nothing_known
    reading = case.parts[0].reading
    assert reading is not None
    assert (reading.state, reading.has_words) == (ReadingState.DONE, False)


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (EngineMissing(), "off"),
        (AnalysisFailed("timeout"), "failed"),
        (AnalysisFailed("memory"), "failed"),
        (ImageRefused("decode_failed"), "failed"),
    ],
    ids=["no engine", "too slow", "too large", "broken"],
)
async def test_what_cannot_be_read_is_said_and_not_tried_for_ever(
    readers: Readers, trouble: Exception, state: str
) -> None:
    """The case stands, its card says why nothing was read, and the next picture is read."""
    member = await readers.desk.member()
    readers.reader.answers = [trouble, read(("А", LIE))]
    made = [message(member, readers.desk.clock(), "", kind=PartKind.PHOTO) for _ in range(2)]
    for number, each in enumerate(made):
        assert each.file is not None
        readers.desk.files.files[each.file.file_id] = hostile.encoded(hostile.drawing(80 + number))
    (case,) = await readers.desk.send(member, *made)
    await readers.sweep()
    assert sorted(row["state"] for row in await rows_of(readers.desk.store, screen_readings)) == ["done", state]
    assert len(await readers.live()) == 1
    assert readers.reader.asked == 2
    assert (await readers.desk.of(member, made[0])).submission_id == case.submission_id


async def test_a_stopping_bot_leaves_it_waiting(readers: Readers) -> None:
    """Readers that are stopped, or a process that is killed while it reads: the next one goes on."""
    member = await readers.desk.member()
    readers.reader.answers = [AnalysisFailed("stopped"), asyncio.CancelledError(), read(("А", LIE), ("Б", THREAT))]
    sent = message(member, readers.desk.clock(), "", kind=PartKind.PHOTO)
    assert sent.file is not None
    readers.desk.files.files[sent.file.file_id] = hostile.encoded(hostile.drawing(90))
    await readers.desk.send(member, sent)
    assert not await readers.screens.sweep()
    with pytest.raises(asyncio.CancelledError):
        await readers.screens.sweep()
    assert [row["state"] for row in await rows_of(readers.desk.store, screen_readings)] == ["waiting"]
    await readers.sweep()
    assert len(await readers.live()) == 2


async def test_killed_before_the_commit_nothing_is_there_and_nothing_twice(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that follows from a reading is one transaction."""
    member = await readers.desk.member()
    killed = readers.desk.cases.refresh_card

    async def die(*_: Any) -> None:
        raise ConnectionError("killed")

    monkeypatch.setattr(readers.desk.cases, "refresh_card", die)
    with pytest.raises(ConnectionError):
        await readers.send(member, read(("А", THREAT), ("Б", LIE)))
    assert await readers.live() == []
    assert await rows_of(readers.desk.store, threats) == []
    monkeypatch.setattr(readers.desk.cases, "refresh_card", killed)
    for _ in range(2):
        await readers.sweep()
    assert (len(await readers.live()), len(await rows_of(readers.desk.store, threats))) == (2, 1)


async def test_two_processes_file_it_once(readers: Readers) -> None:
    """Both read the same picture; what comes second sees that it is done."""
    member = await readers.desk.member()
    sent = message(member, readers.desk.clock(), "", kind=PartKind.PHOTO)
    assert sent.file is not None
    readers.desk.files.files[sent.file.file_id] = hostile.encoded(hostile.drawing(91))
    readers.reader.answers = [read(("А", LIE), ("Б", THREAT))]
    await readers.desk.send(member, sent)
    await asyncio.gather(*(readers.screens.sweep() for _ in range(4)))
    assert sources(await readers.live()) == ["1", "2"]
    assert len(await rows_of(readers.desk.store, threats)) == 1


async def test_what_was_withdrawn_meanwhile_stays_so(readers: Readers) -> None:
    """The reporter undid the case while its picture was read: nothing of it counts, and no card comes back."""
    member = await readers.desk.member()
    sent = message(member, readers.desk.clock(), "", kind=PartKind.PHOTO)
    assert sent.file is not None
    readers.desk.files.files[sent.file.file_id] = hostile.encoded(hostile.drawing(92))
    readers.reader.answers = [read(("А", THREAT))]
    (case,) = await readers.desk.send(member, sent)
    await readers.desk.cases.undo(readers.desk.stage, member, case.submission_id, 5)
    await readers.desk.commit()
    before = len(await queued(readers.desk.store))
    await readers.sweep()
    assert await readers.live() == []
    assert await rows_of(readers.desk.store, threats) == []
    assert len(await queued(readers.desk.store)) == before


async def test_undo_takes_its_comments_along(readers: Readers) -> None:
    """Read first, undone then."""
    member = await readers.desk.member()
    case = await readers.send(member, read(("А", LIE), ("Б", CALM)))
    await readers.desk.cases.undo(readers.desk.stage, member, case.submission_id, 5)
    await readers.desk.commit()
    assert await readers.live() == []


async def test_a_caption_stays_its_own(readers: Readers) -> None:
    """The words under a picture are edited; what stands on the picture stays, with what was found of it."""
    member = await readers.desk.member()
    sent = message(member, readers.desk.clock(), CALM, kind=PartKind.PHOTO)
    assert sent.file is not None
    readers.desk.files.files[sent.file.file_id] = hostile.encoded(hostile.drawing(93))
    readers.reader.answers = [read(("А", THREAT), ("Б", LIE))]
    await readers.desk.send(member, sent)
    await readers.sweep()
    await readers.desk.cases.edit(readers.desk.stage, member, replace(sent, text=CALM + " жана пияз"))
    await readers.desk.commit()
    live = await readers.live()
    assert [row["text"] for row in live] == [THREAT, LIE, CALM + " жана пияз"]
    assert (await readers.desk.of(member, sent)).verdict.threat.level == "threat"


async def test_the_phones_owner_is_not_counted(readers: Readers) -> None:
    """Own messages of a chat may be the journalist's: they are shown and judged by nobody."""
    member = await readers.desk.member()
    own = ReadComment(number=2, text=THREAT, own=True)
    case = await readers.send(member, read(("А", CALM), own, kind="chat", platform="whatsapp"))
    assert case.verdict.threat.level == "none"
    (row,) = await readers.live()
    assert (row["text"], row["platform"]) == (CALM, None)


async def test_people_of_a_screenshot_are_not_the_cases_author(readers: Readers) -> None:
    """ "Who wrote this?" binds what has no author, never a comment whose author stands beside it."""
    member = await readers.desk.member()
    told = read(ReadComment(number=1, handle="troll.one", text=LIE), ("", CALM), platform="instagram")
    case = await readers.send(member, told)
    view = await readers.desk.cases.view(member, case.submission_id)
    assert view.author is None
    await readers.desk.cases.set_author(readers.desk.stage, member, case.submission_id, "https://vk.com/id777")
    await readers.desk.commit()
    assert [row["author_key"] for row in await readers.live()] == ["instagram:troll.one", "vk:777"]


async def test_one_comment_on_two_screenshots_is_one(readers: Readers) -> None:
    """Scrolled a little, or taken a day later by a colleague: the same words by the same person at the same time."""
    first, second = await readers.desk.member(), await readers.desk.member()
    await readers.send(first, read(("Айбек", LIE, "3 ч")), read(("Айбек", LIE, "3 ч"), ("Бермет", CALM, "5 мин.")))
    readers.desk.clock.tick(86_400)
    case = await readers.send(second, read(("Айбек", LIE, "1 дн.")))
    assert case.verdict.copy_count == 0
    readers.desk.clock.tick(86_400)
    third = await readers.desk.member()
    case = await readers.send(third, read(("Талант", LIE, "2 мин.")))
    assert (case.verdict.copy_count, case.verdict.copy_accounts) == (1, 1)


async def test_a_profile_is_looked_up_in_the_list(readers: Readers) -> None:
    """By its handle it is nearly certain: letters look alike. By what was read badly it is a question."""
    desk = readers.desk
    member = await desk.member()
    await desk.accounts.suspect(desk.stage, member, AccountEntry(platform="instagram", handle="fake.one", source="x"))
    await desk.commit()
    desk.clock.tick(60)
    profile = ReadProfile(name="Айбек", handle="fake.one", counters=(("followers", "1,2 тыс."),))
    case = await readers.send(member, read(kind="profile", platform="instagram", profile=profile))
    assert [(a.account, a.why, a.strength) for a in case.verdict.accounts] == [
        ("instagram:fake.one", "same_handle", "near_certain")
    ]
    desk.clock.tick(60)
    badly = replace(profile, unsure=True)
    case = await readers.send(member, read(kind="profile", platform="instagram", profile=badly))
    assert [a.strength for a in case.verdict.accounts] == ["possible"]
    case = await readers.correct(member, case, 0, "Айбек @fake.one")
    assert [a.strength for a in case.verdict.accounts] == ["certain"]


async def test_a_listed_commenter_is_found(readers: Readers) -> None:
    """And whoever reads the card hears when the account is cleared."""
    desk = readers.desk
    member = await desk.member()
    await desk.accounts.suspect(desk.stage, member, AccountEntry(platform="instagram", handle="fake.one", source="x"))
    await desk.commit()
    desk.clock.tick(60)
    told = read(ReadComment(number=1, handle="fake.one", text=CALM), platform="instagram")
    case = await readers.send(member, told)
    view = await desk.cases.view(member, case.submission_id)
    assert [a.account for a in view.accounts_found] == ["instagram:fake.one"]
    editor = await desk.member(Role.EDITOR)
    await desk.accounts.clear(desk.stage, editor, view.accounts_found[0].account_id, None)
    await desk.commit()
    assert "account_cleared" in await said(desk.store, member)


async def test_campaigns_look_again(readers: Readers) -> None:
    """Texts of a screenshot wait for their campaign like all others."""
    member = await readers.desk.member()
    await readers.send(member, read(("А", LIE), ("Б", CALM)))
    assert [row["state"] for row in await rows_of(readers.desk.store, texts)] == [1, 1]


async def test_a_person_puts_it_right(readers: Readers) -> None:
    """The wrong comment is withdrawn, the right one is checked and counted, the history has both, the card follows."""
    desk = readers.desk
    member = await desk.member()
    await desk.send(member, message(member, desk.clock(), LIE))
    desk.clock.tick(60)
    case = await readers.send(member, read(("Айбек", "Журналисты олять зрут", "2 ч"), ("Б", CALM)))
    assert case.verdict.copy_count == 0
    case = await readers.correct(member, case, 1, f"{LIE}\nавтор: Айбек Асанов @aibek.a")
    assert case.verdict.copy_count == 1
    mine = [row for row in await readers.live() if row["submission_id"] == case.submission_id]
    assert [(row["source"].partition("#")[2], row["text"], row["author_key"]) for row in mine] == [
        ("2", CALM, "name:Б"),
        ("1", LIE, "facebook:aibeka"),
    ]
    assert mine[1]["posted_at"] is not None
    reading = case.parts[0].reading
    assert reading is not None
    assert reading.corrected_by == member.id
    assert reading.screen is not None
    assert [(c.corrected, c.author, c.handle) for c in reading.screen.comments] == [
        (True, "Айбек Асанов", "aibek.a"),
        (False, "Б", None),
    ]
    async with desk.store.read() as conn:
        (event,) = await history.of(conn, desk.newsroom.id, ("part", case.parts[0].id))
        assert await dialogs.of_member(conn, member.id, desk.clock()) is None
    assert event[0] == "screen_corrected"
    assert (event[2]["before"]["text"], event[2]["after"]["text"]) == ("Журналисты олять зрут", LIE)
    assert (await said(desk.store, member))[-2:] == ["ask_screen", "screen"]


async def test_a_correction_may_bring_a_threat(readers: Readers) -> None:
    """Which is recorded then, once."""
    member = await readers.desk.member()
    case = await readers.send(member, read(("А", "Сенин уйунду ерттем"), ("Б", CALM)))
    for _ in range(2):
        case = await readers.correct(member, case, 1, THREAT)
    assert case.verdict.threat.level == "threat"
    assert len(await rows_of(readers.desk.store, threats)) == 1


async def test_what_is_no_comment_is_dropped(readers: Readers) -> None:
    """A dash takes it out of the case; it can then not be corrected again."""
    member = await readers.desk.member()
    case = await readers.send(member, read(("А", THREAT), ("Б", CALM)))
    case = await readers.correct(member, case, 1, "-")
    assert case.verdict.threat.level == "none"
    assert sources(await readers.live()) == ["2"]
    with pytest.raises(Refusal, match="screen_unknown"):
        await readers.correct(member, case, 1, LIE)


async def test_only_the_author_is_put_right(readers: Readers) -> None:
    """The text stays as it was read."""
    member = await readers.desk.member()
    case = await readers.send(member, read(("Аибек", LIE)))
    await readers.correct(member, case, 1, "author: Айбек")
    (row,) = await readers.live()
    assert (row["author"], row["text"]) == ("Айбек", LIE)


async def test_who_may_correct(readers: Readers) -> None:
    """The reporter, editors and security leads; nobody else, and nothing of a case that was withdrawn."""
    reporter = await readers.desk.member()
    case = await readers.send(reporter, read(("А", LIE)))
    for role in (Role.JOURNALIST, Role.ADMIN):
        with pytest.raises(Refusal, match="not_allowed"):
            await readers.correct(await readers.desk.member(role), case, 1, CALM)
    forged = Dialog(kind="screen", body={"submission": case.submission_id, "part": case.parts[0].id, "number": 1})
    with pytest.raises(Refusal, match="not_allowed"):
        await readers.corrections.correct(readers.desk.stage, await readers.desk.member(), forged, CALM)
    for role in (Role.EDITOR, Role.SECURITY):
        await readers.correct(await readers.desk.member(role), case, 1, f"{CALM} {role.value}")
    assert [row["text"] for row in await readers.live()] == [f"{CALM} security"]
    await readers.desk.cases.undo(readers.desk.stage, reporter, case.submission_id, 5)
    await readers.desk.commit()
    with pytest.raises(Refusal, match="screen_unknown"):
        await readers.correct(reporter, case, 1, CALM)


async def test_what_is_not_there_cannot_be_corrected(readers: Readers) -> None:
    """Another part, another number, a profile that there is not."""
    member = await readers.desk.member()
    case = await readers.send(member, read(("А", LIE)))
    ask = readers.corrections.ask
    part = case.parts[0].id
    for part_id, number in ((part, 2), (part, 0), (part, -1), (part + 1, 1)):
        with pytest.raises(Refusal, match="screen_unknown"):
            await ask(readers.desk.stage, member, case.submission_id, part_id, number)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("Жаңы текст", Correction(text="Жаңы текст")),
        ("  –  ", Correction(drop=True)),
        (
            "автору: Айбек @aibek_1\nтекст\nэкинчи сап",
            Correction(text="текст\nэкинчи сап", author="Айбек", handle="aibek_1"),
        ),
        ("текст\nИмя: Айбек", Correction(text="текст", author="Айбек")),
        ("author: @aibek", Correction(handle="aibek")),
        ("почта a@b.kg", Correction(text="почта a@b.kg")),
        ("author: one\nauthor: two", Correction(author="one", text="author: two")),
    ],
)
def test_what_a_person_types(typed: str, right: Correction) -> None:
    """The text, with a line for the author."""
    assert read_correction(typed) == right


@pytest.mark.parametrize("typed", ["", "  \n ", "author:", "автор: "])
def test_nothing_is_no_correction(typed: str) -> None:
    """It is asked for again."""
    with pytest.raises(Refusal, match="correction_empty"):
        read_correction(typed)
