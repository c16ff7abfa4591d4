"""Whoever hands in a work report stays in no row, also when they edit it, when it is refused, or met by a lockdown."""

import io
import json
from datetime import timedelta

import pytest

from bot.model.rights import Role
from bot.simulator import User
from bot.simulator.avatars import avatar
from bot.simulator.origins import from_hidden_user
from tests.bot_runner import Newsroom
from tests.journeys.engines import ON_SQLITE

pytestmark = pytest.mark.asyncio(loop_scope="session")

WORDS = "ЛеакСлово отчёт за неделю"


def reports(room: Newsroom) -> int:
    return int(room.database.value("SELECT count(*) FROM work_reports"))


def left(room: Newsroom) -> list[str]:
    """What the inbox still holds of the words, and what the outbox says of a report."""
    raws = [row["raw"] for row in room.database.rows("SELECT raw FROM inbox_updates")]
    said = [row["body"] for row in room.database.rows("SELECT body FROM outbox_messages")]
    held = [raw for raw in raws if "ЛеакСлово" in json.dumps(json.loads(raw), ensure_ascii=False)]
    return held + [body for body in said if "workreport" in body or "image_" in body]


def picture(number: int) -> bytes:
    data = io.BytesIO()
    avatar(number, 320).convert("RGB").save(data, "JPEG")
    return data.getvalue()


async def done(room: Newsroom) -> None:
    room.later()
    await room.quiet()


async def test_an_edit_of_it_leaves_nothing(newsroom: Newsroom) -> None:
    """Neither of what was handed in after the question nor of what stood behind the order; an edit of a case counts."""
    (journalist,) = await newsroom.join(Role.JOURNALIST)
    await newsroom.order(journalist, "/workreport")
    answer = newsroom.world.send_text(journalist, WORDS)
    order = newsroom.world.send_text(journalist, f"/workreport {WORDS}")
    case = newsroom.world.send_text(journalist, "чужие слова")
    await done(newsroom)
    assert reports(newsroom) == 2
    newsroom.world.edit_text(journalist, answer, f"{WORDS}!")
    newsroom.world.edit_text(journalist, order, f"/workreport {WORDS}!")
    newsroom.world.edit_text(journalist, case, "чужие слова, до конца")
    await done(newsroom)
    assert left(newsroom) == []
    edits = [row["raw"] for row in newsroom.database.rows("SELECT raw FROM inbox_updates WHERE raw LIKE '%edited%'")]
    assert len(edits) == 1
    assert newsroom.database.value("SELECT text FROM submission_parts") == "чужие слова, до конца"


@pytest.mark.parametrize("is_asked", [True, False])
async def test_what_is_refused_leaves_nothing(newsroom: Newsroom, *, is_asked: bool) -> None:
    """A picture that cannot be read: its sender is told, and the question stays open for another one."""
    (journalist,) = await newsroom.join(Role.JOURNALIST)
    if is_asked:
        await newsroom.order(journalist, "/workreport")
    caption = WORDS if is_asked else f"/workreport {WORDS}"
    before = len(newsroom.world.bot_messages(journalist))
    newsroom.world.send_document(journalist, b"not a picture", "leak.jpg", caption=caption)
    await done(newsroom)
    assert (left(newsroom), reports(newsroom)) == ([], 0)
    assert len(newsroom.world.bot_messages(journalist)) == before + 1
    newsroom.world.send_photo(journalist, picture(5), caption=caption)
    await done(newsroom)
    assert (left(newsroom), reports(newsroom)) == ([], 1)


async def test_a_lockdown_keeps_it(newsroom: Newsroom) -> None:
    """Intake goes on: asked for or at once, with a word that says no more than any card does; orders leave nothing."""
    lead, journalist, other = await newsroom.join(Role.SECURITY, Role.JOURNALIST, Role.JOURNALIST)
    await newsroom.order(other, "/workreport")
    await newsroom.order(lead, "/lockdown")
    newsroom.world.send_text(other, WORDS)
    before = len(newsroom.world.bot_messages(journalist))
    newsroom.world.send_text(journalist, f"/workreport {WORDS}")
    newsroom.world.send_text(journalist, "/workreport")
    newsroom.world.send_photo(journalist, picture(6), caption=WORDS)
    newsroom.world.send_text(journalist, "/find ЛеакСлово")
    await done(newsroom)
    assert (left(newsroom), reports(newsroom)) == ([], 3)
    assert [m.text for m in newsroom.world.bot_messages(journalist)[before:]] == 2 * ["Taken. Thank you."]
    assert newsroom.database.value("SELECT count(*) FROM submissions") == 0


@ON_SQLITE
async def test_a_gate_that_closed_meanwhile_leaves_nothing(newsroom: Newsroom) -> None:
    """Accepted before its sender was removed, handled after: of theirs nothing is taken, and nothing stays."""
    (journalist,) = await newsroom.join(Role.JOURNALIST)
    await _accepted_before(newsroom, journalist, "removed")
    assert (left(newsroom), reports(newsroom)) == ([], 0)
    (other,) = await newsroom.join(Role.JOURNALIST)
    await _accepted_before(newsroom, other, "frozen")
    assert (left(newsroom), reports(newsroom)) == ([], 1)


async def _accepted_before(room: Newsroom, who: User, status: str) -> None:
    """A report lies in the inbox while its sender's access ends."""
    await room.database.write(
        "CREATE TRIGGER late AFTER INSERT ON inbox_updates BEGIN"  # noqa: S608
        f" UPDATE members SET status = '{status}' WHERE telegram_id = {who.id}; END"
    )
    room.world.send_text(who, f"/workreport {WORDS}")
    await done(room)
    await room.database.write("DROP TRIGGER late")


async def test_an_album_is_one_matter(newsroom: Newsroom) -> None:
    """Its words stand under the first picture; the others are reports too, and none becomes a case."""
    (journalist,) = await newsroom.join(Role.JOURNALIST)
    newsroom.world.send_album(journalist, [picture(n) for n in (5, 6, 7)], caption=f"/workreport {WORDS}")
    await done(newsroom)
    assert (left(newsroom), reports(newsroom)) == ([], 3)
    assert newsroom.database.value("SELECT count(*) FROM submissions") == 0


@ON_SQLITE
async def test_what_was_said_before_the_question_is_no_answer(newsroom: Newsroom) -> None:
    """A forward that waits in the slower lane, or is tried again, is filed as what it is, though it is read later."""
    (journalist,) = await newsroom.join(Role.JOURNALIST)
    await newsroom.database.write(
        "CREATE TRIGGER slow AFTER INSERT ON inbox_updates WHEN NEW.raw LIKE '%forward_origin%' BEGIN"
        " UPDATE inbox_updates SET tries = 1, not_before = replace(not_before, '202', '203') WHERE id = NEW.id; END"
    )
    newsroom.world.forward(journalist, from_hidden_user("Асан"), "Мы тебя найдём и убьём")
    newsroom.world.send_text(journalist, "/workreport")
    await newsroom.heard(journalist, "Please send the screenshot")
    await newsroom.database.write("UPDATE inbox_updates SET not_before = received_at WHERE state = 'new'")
    await done(newsroom)
    assert reports(newsroom) == 0
    assert newsroom.database.value("SELECT count(*) FROM submissions") == 1
    newsroom.world.send_text(journalist, WORDS)
    await done(newsroom)
    assert (left(newsroom), reports(newsroom)) == ([], 1)


async def test_an_answer_that_is_read_late_is_one(newsroom: Newsroom) -> None:
    """Sent within the quarter of an hour, read after it: the bot was down, or its picture could not be fetched."""
    (journalist,) = await newsroom.join(Role.JOURNALIST)
    await newsroom.order(journalist, "/workreport")
    newsroom.bot_clock.shift += timedelta(minutes=40)
    newsroom.world.send_text(journalist, WORDS)
    await done(newsroom)
    assert newsroom.database.value("SELECT count(*) FROM submissions") == 0
    assert (left(newsroom), reports(newsroom)) == ([], 1)
    await newsroom.order(journalist, "/workreport")
    newsroom.people_clock.later(3_600)
    newsroom.world.send_text(journalist, "чужие слова")
    await done(newsroom)
    assert (reports(newsroom), newsroom.database.value("SELECT count(*) FROM submissions")) == (1, 1)
