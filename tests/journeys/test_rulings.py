"""People decide: who wrote it, who is a fake, what is a threat and at whom; the reporter hears of it."""

import pytest

from bot.model.rights import Role
from bot.simulator import StoredMessage, User, origins
from tests.bot_runner import Newsroom, actions_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

ADDRESS = "https://www.facebook.com/bad.actor"


async def newest(room: Newsroom, who: User) -> StoredMessage:
    """The bot's newest message to somebody."""
    message = room.world.last_bot_message(who)
    assert message is not None
    return message


async def test_who_wrote_this(newsroom: Newsroom) -> None:
    """The bot asks, a wrong answer is explained, the address is kept, and the account can then be suspected."""
    (who,) = await newsroom.join(Role.JOURNALIST)
    newsroom.world.forward(who, origins.from_hidden_user("X"), "чужие слова")
    newsroom.later()
    await newsroom.quiet()
    await newsroom.press(who, newsroom.card(who, 1), "author")
    assert "K-1" in (await newest(newsroom, who)).text
    await newsroom.order(who, ADDRESS)
    card = newsroom.card(who, 1)
    assert "bad.actor" in card.text
    assert "suspect" in actions_of(card)
    assert "author" not in actions_of(card)
    assert newsroom.database.value("SELECT count(*) FROM submissions") == 1
    await newsroom.press(who, card, "suspect")
    assert newsroom.database.rows("SELECT status, handle FROM accounts")[0]["status"] == "suspected"
    assert "bad.actor" in (await newest(newsroom, who)).text


async def test_forwards_go_on_while_a_question_is_open(newsroom: Newsroom) -> None:
    """Whoever is asked something and forwards instead loses nothing."""
    (who,) = await newsroom.join(Role.JOURNALIST)
    newsroom.world.forward(who, origins.from_hidden_user("X"), "чужие слова")
    newsroom.later()
    await newsroom.quiet()
    await newsroom.press(who, newsroom.card(who, 1), "author")
    newsroom.world.forward(who, origins.from_hidden_user("Y"), "другие слова")
    newsroom.later()
    await newsroom.quiet()
    assert newsroom.card(who, 2)


async def test_confirmed_takes_two_people(newsroom: Newsroom) -> None:
    """Suspected by one, confirmed by two others: then the reporter hears, and the next card calls it a known fake."""
    who, one, two = await newsroom.join(Role.JOURNALIST, Role.EDITOR, Role.SECURITY)
    newsroom.world.forward(who, origins.from_user("Фейк", username="fake_one"), "первые слова")
    newsroom.later()
    await newsroom.quiet()
    await newsroom.press(who, newsroom.card(who, 1), "suspect")
    for editor, status in ((one, "suspected"), (one, "suspected"), (two, "confirmed")):
        listed = await newsroom.order(editor, "/confirm fake_one")
        assert "fake_one" in listed.text
        assert newsroom.database.value("SELECT status FROM accounts") == status
    assert "fake_one" in (await newest(newsroom, who)).text
    assert "K-1" in (await newest(newsroom, who)).text
    assert "🚩" in newsroom.card(who, 1).text
    newsroom.world.forward(who, origins.from_user("Фейк", username="fake_one"), "вторые слова")
    newsroom.later()
    await newsroom.quiet()
    assert "🚩" in newsroom.card(who, 2).text


async def test_a_cleared_account_recalls_every_answer(newsroom: Newsroom) -> None:
    """Clearing corrects the cards that relied on it, and tells their reporters."""
    who, one, two = await newsroom.join(Role.JOURNALIST, Role.EDITOR, Role.SECURITY)
    await newsroom.order(one, f"/fake {ADDRESS}\nfarm: 3\nугрожает")
    await newsroom.order(one, f"/confirm {ADDRESS}")
    await newsroom.order(two, f"/confirm {ADDRESS}")
    newsroom.world.forward(who, origins.from_hidden_user("X"), f"слова от {ADDRESS}")
    newsroom.later()
    await newsroom.quiet()
    assert "🚩" in newsroom.card(who, 1).text
    before = len(newsroom.world.bot_messages(who))
    await newsroom.order(two, f"/clear {ADDRESS}\nэто настоящий читатель")
    assert "🚩" not in newsroom.card(who, 1).text
    assert "✅" in newsroom.card(who, 1).text
    said = newsroom.world.bot_messages(who)[before:]
    assert [("K-1" in m.text and "bad.actor" in m.text) for m in said] == [True]
    await newsroom.order(one, f"/confirm {ADDRESS}")
    assert newsroom.database.value("SELECT status FROM accounts") == "suspected"


async def test_the_answer_to_who_wrote_it_is_compared(newsroom: Newsroom) -> None:
    """A known fake that a person names as the author is said on the card, and recalled when it is cleared."""
    who, one, two = await newsroom.join(Role.JOURNALIST, Role.EDITOR, Role.SECURITY)
    await newsroom.order(one, f"/fake {ADDRESS}")
    for editor in (one, two):
        await newsroom.order(editor, f"/confirm {ADDRESS}")
    newsroom.world.forward(who, origins.from_hidden_user("X"), "чужие слова")
    newsroom.later()
    await newsroom.quiet()
    assert "🚩" not in newsroom.card(who, 1).text
    await newsroom.press(who, newsroom.card(who, 1), "author")
    await newsroom.order(who, ADDRESS)
    assert "🚩" in newsroom.card(who, 1).text
    assert "suspect" not in actions_of(newsroom.card(who, 1))
    await newsroom.order(two, f"/clear {ADDRESS}")
    assert "🚩" not in newsroom.card(who, 1).text
    assert "bad.actor" in (await newest(newsroom, who)).text


@pytest.mark.parametrize("value", ["yes", "no"])
async def test_the_reporter_hears_of_a_ruling(newsroom: Newsroom, value: str) -> None:
    """An editor says that it is, or is not, a threat: the card and the reporter are told, once.

    The record stays until a security lead agrees by the press that they are asked for.
    """
    names = ("Репортёр", "Редактор", "Ответственный")
    who, editor, lead = await newsroom.join(Role.JOURNALIST, Role.EDITOR, Role.SECURITY, names=names)
    newsroom.world.forward(who, origins.from_hidden_user("X"), "Мы сожжём вашу редакцию")
    newsroom.later()
    await newsroom.quiet()
    copy = await newsroom.order(editor, "/case K-1")
    assert "Репортёр" in copy.text
    assert "undo" not in actions_of(copy)
    before = len(newsroom.world.bot_messages(who))
    for _ in range(2):
        await newsroom.press(editor, copy, "threat", value)
    said = newsroom.world.bot_messages(who)[before:]
    assert [("K-1" in m.text and "Редактор" in m.text) for m in said] == [True]
    assert "Редактор" in newsroom.card(who, 1).text
    assert "Редактор" in newsroom.world.message((editor.id, copy.message_id)).text
    assert newsroom.database.value("SELECT status FROM threats") == "new"
    if value == "no":
        asked = await newest(newsroom, lead)
        assert "Редактор" in asked.text
        await newsroom.press(lead, asked, "threat", "no")
        assert newsroom.database.value("SELECT status FROM threats") == "dismissed"


async def test_a_target_is_chosen_from_the_staff(newsroom: Newsroom) -> None:
    """ "Who is targeted?" offers the staff, page by page; colleagues without the right do not see the answer."""
    who, editor, colleague = await newsroom.join(Role.JOURNALIST, Role.EDITOR, Role.JOURNALIST)
    for number in range(10):
        await newsroom.order(editor, f"/staff add Сотрудник {number:02}; Alias{number}")
    newsroom.world.forward(who, origins.from_hidden_user("X"), "слова")
    newsroom.later()
    await newsroom.quiet()
    card = newsroom.card(who, 1)
    await newsroom.press(who, card, "targets")
    choice = newsroom.world.message((who.id, card.message_id))
    assert actions_of(choice) == [*["target"] * 8, "targetpage", "case"]
    await newsroom.press(who, choice, "targetpage")
    choice = newsroom.world.message((who.id, card.message_id))
    label = next(b["text"] for b in choice.buttons if b["callback_data"].startswith("target:"))
    newsroom.world.press(who, choice, label)
    await newsroom.quiet()
    assert label in newsroom.world.message((who.id, card.message_id)).text
    assert label in (await newsroom.order(editor, "/case 1")).text
    assert label not in (await newsroom.order(colleague, "/case 1")).text
