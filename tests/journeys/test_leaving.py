"""/mydata and /forget me as people meet them: shown to oneself alone; gone with one press, a stranger afterwards."""

import pytest

from bot.model.rights import Role
from tests.bot_runner import Newsroom, actions_of, data_of, is_message
from tests.journeys.test_people import token_in

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_who_leaves_is_answered_as_a_stranger(newsroom: Newsroom) -> None:
    """The question says what goes; after the press nothing answers, old buttons do nothing, a new invite works."""
    admin, who = await newsroom.join(Role.ADMIN, Role.JOURNALIST)
    shown = await newsroom.order(who, "/mydata")
    assert str(who.id) in shown.text
    assert actions_of(shown) == ["mydatafile"]
    asked = await newsroom.order(who, "/forget me")
    assert actions_of(asked) == ["leave"]
    await newsroom.press(who, asked, "leave")
    await newsroom.quiet()
    assert "M-2" in newsroom.world.bot_messages(admin)[-1].text
    # What the bot wrote is swept, buttons and all; a press that was under way meets nobody.
    assert newsroom.world.bot_messages(who) == []
    before = len(newsroom.world.journal.find(chat_id=who.id, where=is_message))
    newsroom.world.press(who, shown, data_of(shown, "mydatafile"))
    newsroom.world.send_text(who, "/mydata")
    newsroom.world.send_text(who, "/start")
    await newsroom.quiet()
    assert len(newsroom.world.journal.find(chat_id=who.id, where=is_message)) == before
    token = token_in(await newsroom.order(admin, "/invite editor"))
    newsroom.world.start(who, token)
    await newsroom.quiet()
    await newsroom.press(admin, newsroom.world.bot_messages(admin)[-1], "admit")
    assert "K-" not in (await newsroom.order(who, "/mydata")).text


async def test_the_last_administrator_is_told_what_to_do(newsroom: Newsroom) -> None:
    """No button, and the membership stays."""
    (admin,) = await newsroom.join(Role.ADMIN)
    said = await newsroom.order(admin, "/forget me")
    assert actions_of(said) == []
    assert "/role" in said.text
