"""What is refused only in the transaction is told to whoever pressed, and a press on what is still being sent."""

import json
from functools import partial

import pytest

from bot.model.rights import Role
from bot.services.erasing import Erasure
from bot.simulator import origins
from tests.bot_runner import Newsroom, data_of, until

pytestmark = pytest.mark.asyncio(loop_scope="session")

LAST = "SELECT state, tries, error FROM inbox_updates ORDER BY id DESC LIMIT 1"


async def test_a_press_that_the_transaction_refuses_is_answered(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message comes to a case between the press that erases it and its transaction: the presser is told, at once."""
    journalist, editor, lead = await newsroom.join(Role.JOURNALIST, Role.EDITOR, Role.SECURITY)
    newsroom.world.forward(journalist, origins.from_hidden_user("X"), "чужие слова")
    newsroom.later()
    await newsroom.quiet()
    await newsroom.order(editor, "/forget K-1 she asked for it")
    asked = newsroom.world.last_bot_message(lead)
    assert asked is not None

    async def before_it_came(_erasure: Erasure, _submission_id: int) -> dict[int, bytes]:
        return {}

    with monkeypatch.context() as early:
        early.setattr(Erasure, "prepared", before_it_came)
        await newsroom.press(lead, asked, "actyes")
    assert tuple(newsroom.database.rows(LAST)[0]) == ("done", 1, None)
    assert "K-1" in (await newsroom.order(editor, "/case K-1")).text
    told = newsroom.database.rows(
        "SELECT kind, body FROM outbox_messages WHERE CAST(body AS TEXT) LIKE '%case_growing%'"
    )
    assert [json.loads(row["body"])["code"] for row in told] == ["case_growing"]
    answered = [each.params["callback_query_id"] for each in newsroom.world.journal.find(method="answerCallbackQuery")]
    assert len(answered) == len(set(answered)) == 1
    # Nothing was used up: the same button works once the case has come to rest.
    await newsroom.press(lead, asked, "actyes")
    assert newsroom.database.value("SELECT count(*) FROM submissions") == 0


async def test_a_second_press_on_what_is_being_sent_is_no_race(newsroom: Newsroom) -> None:
    """Telegram shows a card before its answer to sending it has come: the second press is told that it is used up."""
    (journalist,) = await newsroom.join(Role.JOURNALIST)
    newsroom.world.forward(journalist, origins.from_hidden_user("X"), "чужие слова")
    newsroom.later()
    await newsroom.quiet()
    card = newsroom.card(journalist, 1)
    place = (card.chat_id, card.message_id)
    row = newsroom.database.value("SELECT drawn_by FROM sent_messages WHERE chat_id = ? AND message_id = ?", *place)
    undo = data_of(card, "undo")
    # As if the answer to sendMessage had not come yet, whatever edits the card meanwhile.
    await newsroom.database.write("UPDATE outbox_messages SET state = 'sending' WHERE id = ?", row)
    for presses in (1, 2):
        await newsroom.database.write("DELETE FROM sent_messages WHERE chat_id = ? AND message_id = ?", *place)
        newsroom.world.press_data(journalist, card, undo)
        await until(partial(lambda n: handled(newsroom) == n, presses), 10, newsroom)
    assert tuple(newsroom.database.rows(LAST)[0]) == ("done", 1, None)
    said = "SELECT count(*) FROM outbox_messages WHERE kind = 'answer' AND CAST(body AS TEXT) LIKE '%button_spent%'"
    assert newsroom.database.value(said) == 1
    await newsroom.database.write("UPDATE outbox_messages SET state = 'done' WHERE id = ?", row)


def handled(newsroom: Newsroom) -> int:
    """How many presses are done with."""
    done = "SELECT count(*) FROM inbox_updates WHERE state = 'done' AND raw LIKE '%callback_query%'"
    return int(newsroom.database.value(done))
