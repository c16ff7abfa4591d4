"""What stands on a screenshot becomes part of its case, once, whatever happens on the way."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.analysis import AnalysisFailed, EngineMissing, ImageRefused
from bot.model.account import AccountEntry
from bot.model.rights import Role
from bot.model.screen import ReadComment, ReadingState, ReadProfile, ReadScreen
from bot.model.submission import Origin, OriginKind, PartKind
from bot.storage.tables import outbox_messages, screen_readings, submissions, texts, threats
from tests.detection.image import hostile
from tests.newsroom import message, queued, said
from tests.services.rooms import rows_of
from tests.services.screen_readers import CALM, LIE, TAKEN, THREAT, Readers, read, readers, sources

__all__ = ["readers"]


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
