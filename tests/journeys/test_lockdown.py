"""A lockdown holds back what is to be said, and loses nothing of it."""

import pytest

from bot.model.rights import Role
from bot.services import notices
from bot.storage import members, outbox
from bot.wiring.archive import Archive
from tests.bot_runner import Newsroom
from tests.journeys.test_threats import forward

pytestmark = pytest.mark.asyncio(loop_scope="session")

TAKEN = "Taken. Thank you."


async def test_what_was_held_back_is_said_at_the_unlock(newsroom: Newsroom) -> None:
    """A card that said "Taken" is drawn again, an earlier one is not overwritten; a notice waits; a failing disk and a
    broken log are told to leads at once."""
    admin, lead, journalist = await newsroom.join(Role.ADMIN, Role.SECURITY, Role.JOURNALIST)
    await forward(newsroom, journalist, "Биринчи комментарий")
    (earlier,) = [m for m in newsroom.world.bot_messages(journalist) if m.text.startswith("K-1 ·")]
    await newsroom.order(lead, "/lockdown")
    await forward(newsroom, journalist, "Экинчи комментарий")
    assert newsroom.world.bot_messages(journalist)[-1].text == TAKEN
    first = newsroom.database.value("SELECT min(id) FROM submissions")
    await newsroom.stop_bot()
    async with Archive.of(newsroom.settings).own_store() as store, store.write() as conn:
        mine = {member.telegram_id: member for member in await members.by_telegram_ids(conn, {admin.id, journalist.id})}
        held = [notices.reply(mine[admin.id], "invite_expired", role="editor")]
        held += [notices.submission_card(mine[journalist.id], first)]
        through = [notices.reply(mine[admin.id], "log_broken")]
        through += [notices.keyed_reply(mine[admin.id], "disk_low:1", "disk_low", percent=9, mb=100)]
        await outbox.put(conn, [*held, *through], newsroom.bot_clock())
    await newsroom.start_bot()
    await newsroom.heard(admin, "disk is filling up")
    await newsroom.heard(admin, "custody log")
    await newsroom.quiet()
    assert not [m for m in newsroom.world.bot_messages(admin) if "expired" in m.text or "unused" in m.text]
    assert newsroom.world.message((journalist.id, earlier.message_id)).text.startswith("K-1 ·")
    newsroom.world.send_text(admin, "/unlock")
    await newsroom.quiet()
    await newsroom.press(lead, newsroom.world.bot_messages(lead)[-1], "actyes")
    await newsroom.quiet()
    assert newsroom.database.value("SELECT count(*) FROM outbox_messages WHERE state = 'new'") == 0
    texts = [m.text for m in newsroom.world.bot_messages(journalist)]
    assert TAKEN not in texts
    assert any(text.startswith("K-2 ·") for text in texts)
    assert newsroom.database.value("SELECT count(*) FROM outbox_messages WHERE state = 'failed'") == 0
    assert any("invite" in m.text.lower() for m in newsroom.world.bot_messages(admin))
