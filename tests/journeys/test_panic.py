"""A panic word goes before all that waits: what was handed over before it is filed all the same, and not answered."""

import pytest

from bot.model.rights import Role
from bot.simulator import origins
from tests.bot_runner import Newsroom

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
