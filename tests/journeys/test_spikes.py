"""What an editor hears of a wave: the message with its chart within the hour, its buttons, windows, own stories."""

import pytest

from bot.model.rights import Role
from bot.simulator import origins
from tests.bot_runner import Newsroom, actions_of

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_wave_from_forward_to_answer(newsroom: Newsroom) -> None:
    """Forwarded comments become one message with a chart; its buttons work; journalists neither hear nor ask."""
    editor, journalist = await newsroom.join(Role.EDITOR, Role.JOURNALIST)
    listed = await newsroom.order(editor, '/watch 2099-10-06 20:00 +4h "эфир"')
    assert "within a year" in listed.text
    assert "/watch 2026" in (await newsroom.order(editor, "/watch завтра вечером")).text
    noted = await newsroom.order(editor, "/published https://azattyk.kg/a/31.html Мост")
    assert "P-1" in noted.text
    assert "pcancel" in actions_of(noted)
    before = len(newsroom.world.journal)
    for number in range(9):
        origin = origins.from_user(f"Окурман {number}", username=f"okurman_{number}")
        newsroom.world.forward(journalist, origin, f"Акчага сатылган экенсиңер, {number} жолу айттым силерге")
    newsroom.later()
    told = await newsroom.heard(editor, "a wave of comments", since=before)
    assert newsroom.world.journal.find(method="sendPhoto", chat_id=editor.id, since=before)
    assert actions_of(told) == ["spsaid", "spsaid", "spsaid"]
    assert "Telegram" in told.text
    await newsroom.press(editor, told, "spsaid", "false")
    assert "not a spike" in newsroom.world.message((editor.id, told.message_id)).text
    assert "/spike_1" in (await newsroom.order(editor, "/spikes")).text
    assert "not available" in (await newsroom.order(journalist, "/spikes")).text
    assert not [m for m in newsroom.world.bot_messages(journalist) if "wave of comments" in m.text]
