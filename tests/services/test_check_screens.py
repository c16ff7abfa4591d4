"""Screenshots that `kalkan check` reads: comments by their authors, answered and stored like any others."""

from pathlib import Path

import pytest

from bot.analysis import AnalysisFailed, EngineMissing
from bot.clock import Clock
from bot.model.screen import ReadComment, ReadProfile, ReadScreen
from bot.services.checks.answers import as_json
from bot.services.imports.comments import import_comments
from bot.services.imports.room import ImportRoom
from bot.storage.store import Store
from bot.storage.tables import comments, photos, screen_readings, submissions, threats
from tests.services.rooms import Seen, checking, make_room, picture, rows_of, write_lines

THREAT = "Let's go to burn down Azattyk"
TEXT = "Сегодня на площади собрались жители села и говорили о воде, дорогах и школе"
SCREEN = ReadScreen(
    kind="thread",
    platform="instagram",
    language="ru",
    size=(320, 320),
    comments=(
        ReadComment(number=1, text=TEXT.upper(), handle="troll.one", time="2 ч"),
        ReadComment(number=2, text=THREAT, author="Кто-то", level=1),
        ReadComment(number=3, text="моё", own=True),
    ),
)


class Told:
    """Reads on every picture what a test says; an exception is raised."""

    def __init__(self, said: ReadScreen | Exception) -> None:
        self._said = said
        self.asked = 0

    async def screen(self, data: bytes) -> ReadScreen:  # noqa: ARG002 - the reader's interface
        self.asked += 1
        if isinstance(self._said, Exception):
            raise self._said
        return self._said


@pytest.fixture
async def room(store: Store, clock: Clock, tmp_path: Path) -> ImportRoom:
    """An empty newsroom with two pictures beside it."""
    for number in (1, 2):
        (tmp_path / f"{number}.jpg").write_bytes(picture(number))
    return await make_room(store, clock, tmp_path)


async def test_comments_of_a_screenshot_are_answered(room: ImportRoom, tmp_path: Path) -> None:
    """Each with its author, its copies and its threat; the line's own threat counts them in, without spans."""
    await import_comments(room, write_lines(tmp_path / "c.jsonl", [{"id": 11, "text": TEXT}]), Seen())
    async with checking(room, reader=Told(SCREEN)) as check:
        (answer,) = await check({"image": "1.jpg"}, folder=tmp_path)
    shaped = as_json(answer, {})
    one, other = shaped["ocr"]["comments"]
    assert (shaped["ocr"]["kind"], shaped["ocr"]["platform"]) == ("thread", "instagram")
    assert (one["handle"], one["time"], one["level"], [c["source"] for c in one["copies"]]) == (
        "troll.one",
        "2 ч",
        0,
        ["11"],
    )
    assert (other["author"], other["threat"]["level"]) == ("Кто-то", "threat")
    assert other["threat"]["spans"]
    assert (shaped["threat"]["level"], shaped["threat"]["spans"]) == ("threat", [])
    assert (shaped["copies"], shaped["copy_count"]) == ([], 0)


async def test_stored_screenshots_are_found_by_later_lines(room: ImportRoom, tmp_path: Path) -> None:
    """Their comments and threats are in the archive, bound to the case; a text after them is their copy."""
    async with checking(room, store=True, reader=Told(SCREEN)) as check:
        before, _, after = await check({"text": TEXT}, {"image": "1.jpg"}, {"text": THREAT}, folder=tmp_path)
    assert (before.finding.copy_count, after.finding.copy_count) == (0, 1)
    assert [copy.account for copy in after.finding.copies] == ["Кто-то"]
    assert len(await rows_of(room.store, submissions)) == 3
    assert len(await rows_of(room.store, comments)) == 4
    assert len(await rows_of(room.store, threats)) == 2
    assert len(await rows_of(room.store, photos)) == 1
    (reading,) = await rows_of(room.store, screen_readings)
    assert reading["state"] == "done"


async def test_profile_is_answered(room: ImportRoom, tmp_path: Path) -> None:
    """Name, handle and counters of a profile page."""
    profile = ReadProfile(name="Талайгуль", handle="talai", counters=(("followers", "12"),))
    async with checking(room, reader=Told(ReadScreen(kind="profile", platform="vk", profile=profile))) as check:
        (answer,) = await check({"image": "1.jpg"}, folder=tmp_path)
    assert as_json(answer, {})["ocr"]["profile"] == {
        "name": "Талайгуль",
        "handle": "talai",
        "counters": [["followers", "12"]],
        "accounts": [],
    }


async def test_without_the_engine_pictures_are_checked_as_ever(room: ImportRoom, tmp_path: Path) -> None:
    """It is asked once; the answers have no screenshot."""
    told = Told(EngineMissing())
    async with checking(room, reader=told) as check:
        for name in ("1.jpg", "2.jpg"):
            (answer,) = await check({"image": name}, folder=tmp_path)
            assert (answer.error, as_json(answer, {})["ocr"]) == (None, None)
    assert told.asked == 1


async def test_reading_that_took_too_much_is_said(room: ImportRoom, tmp_path: Path) -> None:
    """The rest of the line is answered all the same, and stored."""
    async with checking(room, store=True, reader=Told(AnalysisFailed("timeout"))) as check:
        (answer,) = await check({"image": "1.jpg"}, folder=tmp_path)
    assert (answer.error, as_json(answer, {})["ocr"]) == (None, {"error": "image_timeout"})
    assert len(await rows_of(room.store, photos)) == 1


async def test_other_pictures_are_no_screenshots(room: ImportRoom, tmp_path: Path) -> None:
    """A portrait has no words."""
    async with checking(room, store=True, reader=Told(ReadScreen())) as check:
        (answer,) = await check({"image": "1.jpg"}, folder=tmp_path)
    assert as_json(answer, {})["ocr"] is None
    assert await rows_of(room.store, screen_readings) == []
