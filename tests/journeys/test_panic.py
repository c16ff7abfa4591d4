"""A panic word goes before all that waits: what was handed over before it is filed all the same, and not answered."""

import pytest

from bot.model.newsroom import Member
from bot.model.own_data import OwnData
from bot.model.rights import Role
from bot.services.own_data import OwnDataDesk
from bot.simulator import origins
from tests.bot_runner import Newsroom, data_of, until

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_came_before_the_panic_is_kept(newsroom: Newsroom) -> None:
    """Five forwards and the word arrive together: five comments, one of the forwards' cards at most, then silence."""
    journalist, _ = await newsroom.join(Role.JOURNALIST, Role.SECURITY)
    filed = newsroom.database.value("SELECT count(*) FROM comments")
    await newsroom.stop_bot()
    for number in range(5):
        newsroom.world.forward(journalist, origins.from_hidden_user("X"), f"Пикир номер {number}: баары жалган")
    newsroom.world.send_text(journalist, "/find баары жалган")
    newsroom.world.send_text(journalist, "Паника")
    await newsroom.start_bot()
    newsroom.later()
    await newsroom.quiet(30)
    status = newsroom.database.value("SELECT status FROM members WHERE telegram_id = ?", journalist.id)
    assert status == "frozen"
    assert newsroom.database.value("SELECT count(*) FROM comments") - filed == 5
    assert newsroom.database.value("SELECT count(*) FROM inbox_updates WHERE state NOT IN ('done')") == 0
    before = len(newsroom.world.journal)
    newsroom.world.forward(journalist, origins.from_hidden_user("X"), "Кийинки пикир")
    newsroom.later()
    await newsroom.quiet(30)
    assert newsroom.database.value("SELECT count(*) FROM comments") - filed == 5
    assert newsroom.world.journal.about(journalist.id, since=before) == []


async def test_a_file_that_was_being_made_is_not_sent(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """The access is frozen between the making of a file and its sending: nothing of it leaves."""
    journalist, _ = await newsroom.join(Role.JOURNALIST, Role.SECURITY)
    real = OwnDataDesk.of

    async def of(desk: OwnDataDesk, member: Member) -> OwnData:
        made = await real(desk, member)
        if file_asked:
            await newsroom.database.write("UPDATE members SET status = 'frozen' WHERE id = ?", member.id)
        return made

    file_asked = False
    monkeypatch.setattr(OwnDataDesk, "of", of)
    card = await newsroom.order(journalist, "/mydata")
    file_asked, before = True, len(newsroom.world.journal)
    await newsroom.press(journalist, card, "mydatafile")
    assert newsroom.world.journal.find(method="sendDocument", since=before) == []
    last = "SELECT kind, state, tries FROM outbox_messages WHERE kind = 'table'"
    assert tuple(newsroom.database.rows(last)[0]) == ("table", "done", 2)


async def test_what_arrives_after_the_panic_is_taken_away(newsroom: Newsroom) -> None:
    """A file was on its way to Telegram when the word came: it is deleted as soon as it has arrived."""
    journalist, _ = await newsroom.join(Role.JOURNALIST, Role.SECURITY)
    card = await newsroom.order(journalist, "/mydata")
    newsroom.world.faults.add("slow", methods="sendDocument", delay=1.0)
    newsroom.world.press(journalist, card, data_of(card, "mydatafile"))
    sending = "SELECT count(*) FROM outbox_messages WHERE kind = 'table' AND state = 'sending'"
    await until(lambda: newsroom.database.value(sending) == 1, 10, newsroom)
    newsroom.world.send_text(journalist, "Паника")
    await newsroom.quiet()
    frozen = "SELECT count(*) FROM outbox_messages WHERE kind = 'delete' AND state != 'done'"
    await until(lambda: newsroom.database.value(frozen) == 0, 10, newsroom)
    assert newsroom.database.value("SELECT count(*) FROM members WHERE status = 'frozen'") == 1
    assert not [m for m in newsroom.world.bot_messages(journalist) if "document" in m.body]
