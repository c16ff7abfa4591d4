"""A screenshot is sent: its comments are on the card, on a page, and right after a word of the reporter."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.analysis import Analysis, EngineMissing
from bot.model.rights import Role
from bot.model.screen import ReadComment, ReadScreen
from bot.simulator import StoredMessage, User, origins
from handlers.buttons import Press
from tests.bot_runner import Newsroom, actions_of, data_of, open_newsroom, until
from tests.journeys.burst import picture

pytestmark = pytest.mark.asyncio(loop_scope="session")

LIE = "Редактор Бек Асанов продался за гранты и каждый день врёт своим читателям"
THREAT = "Мы сожжём вашу редакцию"
THREAD = ReadScreen(
    kind="thread",
    platform="facebook",
    language="ru",
    comments=(
        ReadComment(number=1, author="Айбек Осмонов", text=THREAT, time="2 ч"),
        ReadComment(number=2, author="Бермет", text="что-то совсем другое прочитано", time="1 ч", level=1, unsure=True),
    ),
    unsure=True,
)


class ToldReader:
    """Fakes what reads pictures: answers `screen`, or waits for ever while there is none."""

    def __init__(self) -> None:
        self.screen: ReadScreen | Exception | None = THREAD
        self.asked = 0

    async def __call__(self, data: bytes) -> ReadScreen:
        """What is told."""
        assert data
        self.asked += 1
        if self.screen is None:
            await asyncio.Event().wait()
        if isinstance(self.screen, Exception):
            raise self.screen
        assert self.screen is not None
        return self.screen


@pytest.fixture
def reader(analysis: Analysis, monkeypatch: pytest.MonkeyPatch) -> ToldReader:
    """In place of the reader that the bot has."""
    told = ToldReader()
    monkeypatch.setattr(analysis, "screen", told)
    return told


@pytest_asyncio.fixture(loop_scope="session")
async def room(folder: Path, analysis: Analysis, reader: ToldReader) -> AsyncIterator[Newsroom]:
    """A running bot with that reader."""
    async with open_newsroom(folder, analysis) as newsroom:
        await newsroom.start_bot()
        yield newsroom


def newest(room: Newsroom, who: User) -> StoredMessage:
    """The bot's newest message to somebody."""
    message = room.world.last_bot_message(who)
    assert message is not None
    return message


def now(room: Newsroom, who: User, message: StoredMessage) -> StoredMessage:
    """A message as it stands after edits."""
    return room.world.message((who.id, message.message_id))


async def test_a_screenshot_is_read_shown_and_put_right(room: Newsroom) -> None:
    """Two presses and typed words: the wrong comment goes, the right one is checked, the card follows."""
    (who,) = await room.join(Role.JOURNALIST)
    room.world.forward(who, origins.from_user("Тролль", username="troll_1"), LIE)
    room.later()
    await room.quiet()
    room.world.send_photo(who, picture(1))
    room.later()
    await room.quiet()
    card = room.card(who, 2)
    assert "📱 Read: Facebook, 2 comments by 2 people" in card.text
    assert "❓ Read with difficulty: please check it." in card.text
    assert "Looks like a threat" in card.text
    assert THREAT in card.text
    assert len([m for m in room.world.bot_messages(who) if m.text.startswith("K-2 ·")]) == 1
    assert room.database.value("SELECT count(*) FROM comments WHERE source LIKE '%#%'") == 2

    await room.press(who, card, "screen")
    page = newest(room, who)
    assert "1. Айбек Осмонов · 2 ч (≈ " in page.text
    assert "↳ 2. Бермет · 1 ч (≈ " in page.text
    assert "please check" in page.text
    assert {"spoiler"} <= {entity["type"] for entity in page.entities}
    second = [data_of(page, "correct", argument) for argument in arguments_of(page, "correct")][1]
    room.world.press_data(who, page, second)
    await room.quiet()
    asked = newest(room, who)
    assert "K-2, comment 2" in asked.text
    room.world.send_text(who, f"{LIE}\nauthor: Бермет Т. @bermet.t")
    room.later()
    await room.quiet()
    corrected = newest(room, who)
    assert "2. Бермет Т. @bermet.t" in corrected.text
    assert "corrected" in corrected.text
    assert "🔁 seen 1 time from 1 account" in corrected.text
    card = now(room, who, card)
    assert "🔁 Seen 1 time from 1 account" in card.text
    assert "❓" not in card.text
    rows = room.database.rows("SELECT text, author_key FROM comments WHERE source LIKE '%#2' AND withdrawn_at IS NULL")
    assert [tuple(row) for row in rows] == [(LIE, "facebook:bermett")]
    assert room.database.value("SELECT count(*) FROM submissions") == 2


def arguments_of(message: StoredMessage, action: str) -> list[str]:
    """The arguments of an action's buttons, in order."""
    data = [str(button.get("callback_data", "")).split(":") for button in message.buttons]
    return [parts[2] for parts in data if parts[0] == action]


async def test_a_colleague_looks_but_does_not_correct(room: Newsroom) -> None:
    """Neither by a button, which is not offered, nor by a press of their own making; an editor does."""
    who, colleague, editor = await room.join(Role.JOURNALIST, Role.JOURNALIST, Role.EDITOR)
    room.world.send_photo(who, picture(2))
    room.later()
    await room.quiet()
    shown = await room.order(colleague, "/case K-1")
    await room.press(colleague, shown, "screen")
    page = newest(room, colleague)
    assert "Айбек Осмонов" in page.text
    assert "correct" not in actions_of(page)
    part = room.database.value("SELECT part_id FROM screen_readings")
    submission = room.database.value("SELECT submission_id FROM screen_readings")
    press = Press(action="correct", subject=submission, argument=f"{part:x}.1")
    room.world.press_data(colleague, page, room.signed(colleague, page, press))
    await room.quiet()
    assert "not available" in newest(room, colleague).text
    assert room.database.value("SELECT count(*) FROM dialogs") == 0

    shown = await room.order(editor, "/case K-1")
    await room.press(editor, shown, "screen")
    await room.press(editor, newest(room, editor), "correct", arguments_of(newest(room, editor), "correct")[0])
    answer = await room.order(editor, "-")
    assert "Айбек Осмонов" not in answer.text
    assert "1 comment by 1 person" in room.card(who, 1).text


async def test_a_bot_that_stops_while_it_reads_goes_on(folder: Path, analysis: Analysis, reader: ToldReader) -> None:
    """The card is there at once; the next bot reads what the first did not, and nothing comes twice."""
    async with open_newsroom(folder, analysis) as newsroom:
        reader.screen = None
        await newsroom.start_bot()
        (who,) = await newsroom.join(Role.JOURNALIST)
        newsroom.world.send_photo(who, picture(3))
        newsroom.later()
        await newsroom.heard(who, "Reading what is written in the picture")
        unsent = "SELECT count(*) FROM outbox_messages WHERE state IN ('new', 'sending')"
        await until(lambda: reader.asked > 0 and newsroom.database.value(unsent) == 0, 15, newsroom)
        await newsroom.stop_bot()
        assert newsroom.database.value("SELECT state FROM screen_readings") == "waiting"
        reader.screen = THREAD
        await newsroom.start_bot()
        await newsroom.quiet()
        assert "2 comments by 2 people" in newsroom.card(who, 1).text
        assert "Reading what" not in newsroom.card(who, 1).text
        assert len([m for m in newsroom.world.bot_messages(who) if m.text.startswith("K-1 ·")]) == 1
        assert newsroom.database.value("SELECT count(*) FROM comments") == 2


async def test_without_the_engine_the_bot_goes_on(room: Newsroom, reader: ToldReader) -> None:
    """It says calmly that words in pictures are not read."""
    (who,) = await room.join(Role.JOURNALIST)
    reader.screen = EngineMissing()
    room.world.send_photo(who, picture(4))
    room.later()
    await room.quiet()
    card = room.card(who, 1)
    assert "Words in pictures are not read here" in card.text
    assert "screen" not in actions_of(card)
