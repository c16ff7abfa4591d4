"""What an editor does about fakes: reports them, reminds themselves, writes to a photo's owner, posts a note."""

import io
from datetime import timedelta

import pytest

from bot.model.rights import Role
from bot.simulator import StoredMessage, User
from bot.simulator.avatars import avatar
from tests.bot_runner import Newsroom, actions_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

FAKE = "https://facebook.com/talai.gul"


def face(seed: int = 3) -> bytes:
    """A drawn portrait as JPEG."""
    out = io.BytesIO()
    avatar(seed, 320).save(out, "JPEG", quality=88)
    return out.getvalue()


async def newest(room: Newsroom, who: User) -> StoredMessage:
    """The bot's newest message to somebody."""
    message = room.world.last_bot_message(who)
    assert message is not None
    return message


async def confirmed(room: Newsroom, one: User, other: User, link: str = FAKE) -> None:
    """A fake with a photo, confirmed by two people."""
    room.world.send_photo(one, face(), caption=f"/fake {link}\nимя: Талайгүл")
    room.later()
    await room.quiet()
    for person in (one, other):
        await room.order(person, f"/confirm {link}")
    assert room.database.value("SELECT status FROM accounts") == "confirmed"


async def test_a_report_from_link_to_removal(newsroom: Newsroom) -> None:
    """Recorded, noticed when it is reported twice, answered, removed; then the account is gone, and counted."""
    editor, lead, journalist = await newsroom.join(Role.EDITOR, Role.SECURITY, Role.JOURNALIST)
    await confirmed(newsroom, editor, lead)
    card = await newsroom.order(editor, f"/takedown {FAKE} #4711\nдоказательства: K-12")
    for words in ("TD-1", "sent, waiting", "4711", "K-12", "confirmed fake"):
        assert words in card.text
    again = await newsroom.order(lead, "/takedown facebook.com/talai.gul")
    assert "reported already" in again.text
    assert actions_of(again) == ["tdagain", "tdown"]
    assert newsroom.database.value("SELECT count(*) FROM takedowns") == 1
    await newsroom.press(editor, card, "tdask", "answer")
    answered = await newsroom.order(editor, "Мы рассмотрим\nваше обращение")
    assert "answered, not decided" in answered.text
    assert "ваше обращение" in answered.text
    await newsroom.press(editor, answered, "tdset", "removed")
    removed = newsroom.world.message((editor.id, answered.message_id))
    assert "tdgone" in actions_of(removed)
    await newsroom.press(editor, removed, "tdgone")
    assert newsroom.database.value("SELECT status FROM accounts") == "gone"
    assert "removed by its platform" in newsroom.world.message((editor.id, answered.message_id)).text
    shown = await newsroom.order(lead, "/takedowns platform:facebook статус:удалено")
    assert "1 of 1 removed, median 0 d" in shown.text
    await newsroom.press(lead, shown, "tdfig")
    assert "Facebook: 1 of 1 removed" in newsroom.world.message((lead.id, shown.message_id)).text
    before = len(newsroom.world.journal)
    (second,) = await newsroom.join(Role.ADMIN)
    await newsroom.press(lead, await newsroom.order(lead, "/takedowns"), "tdfile", "xlsx")
    assert not newsroom.world.journal.find(method="sendDocument", chat_id=lead.id, since=before)
    await newsroom.press(second, newsroom.world.bot_messages(second)[-1], "actyes")
    assert newsroom.world.journal.find(method="sendDocument", chat_id=lead.id, since=before)
    refused = await newsroom.order(journalist, "/takedowns")
    assert "not available" in refused.text


async def test_the_reminder_survives_a_restart(newsroom: Newsroom) -> None:
    """The one who reported is reminded once, also when the bot was down at that moment."""
    (editor,) = await newsroom.join(Role.EDITOR)
    card = await newsroom.order(editor, "/takedown https://www.tiktok.com/@some.body/video/7312")
    await newsroom.press(editor, card, "tdmenu", "recheck")
    await newsroom.press(editor, await newest(newsroom, editor), "tdcheck", "3")
    await newsroom.stop_bot()
    newsroom.bot_clock.shift += timedelta(days=3, minutes=1)
    before = len(newsroom.world.journal)
    await newsroom.start_bot()
    reminder = await newsroom.heard(editor, "It is time to look", since=before)
    assert "TD-1" in reminder.text
    # Stopped before Telegram's word was noted, any message would be sent again.
    await newsroom.quiet()
    await newsroom.stop_bot()
    await newsroom.start_bot()
    newsroom.bot_clock.shift += timedelta(days=9)
    await newsroom.order(editor, "/takedowns")
    assert sum("It is time to look" in m.text for m in newsroom.world.bot_messages(editor)) == 1
    rows = newsroom.database.rows("SELECT body FROM outbox_messages")
    assert sum("takedown_reminder" in row["body"] for row in rows) == 1


async def test_a_list_for_a_trust_team(newsroom: Newsroom) -> None:
    """Made from what two people confirmed, taken out as a file that names nobody of ours, sent at one press."""
    editor, lead = await newsroom.join(Role.EDITOR, Role.SECURITY, names=("Айжамал", "Нурбек"))
    await confirmed(newsroom, editor, lead)
    card = await newsroom.order(editor, "/takedowns список фб")
    assert "B-1" in card.text
    assert "1 line" in card.text
    before = len(newsroom.world.journal)
    await newsroom.press(editor, card, "tdbfile", "txt")
    (sent,) = newsroom.world.journal.find(method="sendDocument", chat_id=editor.id, since=before)
    assert sent.params.get("protect_content") in (None, "", "False", "false", False)
    await newsroom.press(editor, card, "tdbsent")
    assert "sent" in newsroom.world.message((editor.id, card.message_id)).text
    row = newsroom.database.rows("SELECT status, channel, remind_at FROM takedowns")[0]
    assert (row["status"], row["channel"]) == ("sent", "trust_team")
    assert row["remind_at"] is not None
    assert "reported already" in (await newsroom.order(lead, "/takedowns batch facebook")).text


async def test_an_owner_is_asked_once(newsroom: Newsroom) -> None:
    """Owner recorded, letter in their language, who wrote is told to whoever comes second; reply, consent, the end."""
    editor, lead = await newsroom.join(Role.EDITOR, Role.SECURITY, names=("Айжамал", "Нурбек"))
    await confirmed(newsroom, editor, lead)
    offered = await newsroom.order(editor, f"/outreach {FAKE}")
    assert "nobody has recorded" in offered.text
    assert {b["text"] for b in offered.buttons} == {"Google Lens", "Yandex", "TinEye", "Bing"}
    newsroom.world.send_photo(editor, face(), caption="/owner Жылдыз Асанова https://vk.com/real.gul\nкак: поиск")
    newsroom.later()
    await newsroom.quiet()
    offered = await newsroom.order(editor, "/outreach talai.gul")
    await newsroom.press(editor, offered, "ostart")
    card = await newest(newsroom, editor)
    assert "O-1" in card.text
    second = await newsroom.order(lead, f"/outreach {FAKE}")
    await newsroom.press(lead, second, "oshow")
    await newsroom.press(editor, card, "oletter", "kk")
    letter = newsroom.world.message((editor.id, card.message_id))
    assert "Сәлеметсіз бе, Жылдыз Асанова!" in letter.text
    assert "facebook.com/talai.gul" in letter.text
    assert "facebook.com/help/contact/169486816475808" in letter.text
    await newsroom.press(editor, letter, "owrote", "kk")
    newsroom.world.send_photo(lead, face(), caption="/outreach")
    newsroom.later()
    await newsroom.quiet()
    refused = await newest(newsroom, lead)
    assert "asked already: Айжамал wrote" in refused.text
    assert "Қазақша" in refused.text
    assert newsroom.database.value("SELECT count(*) FROM outreaches") == 1
    await newsroom.press(editor, card, "oreply")
    await newsroom.order(editor, "Рахмат, даттанам <b>")
    await newsroom.press(editor, await newest(newsroom, editor), "oname", "yes")
    await newsroom.press(editor, await newest(newsroom, editor), "ostate", "complained")
    said = (await newest(newsroom, editor)).text
    assert "complained to the platform" in said
    assert "May be named" in said
    listed = await newsroom.order(lead, "/outreach")
    assert "/outreach_1" in listed.text


async def test_a_note_and_its_correction(newsroom: Newsroom) -> None:
    """Only about what is confirmed; logged word for word; whoever took it is told when the account is cleared."""
    editor, lead = await newsroom.join(Role.EDITOR, Role.SECURITY)
    await newsroom.order(editor, "/fake https://facebook.com/not.sure")
    assert "no public note" in (await newsroom.order(editor, "/label not.sure")).text
    newsroom.world.send_photo(editor, face(), caption=f"/fake {FAKE}")
    newsroom.later()
    await newsroom.quiet()
    for person in (editor, lead):
        await newsroom.order(person, f"/confirm {FAKE}")
    card = await newsroom.order(editor, f"/label {FAKE}")
    await newsroom.press(editor, card, "lbtake", "ru")
    note = await newest(newsroom, editor)
    assert "у аккаунта Facebook · talai.gul есть признаки фейка" in note.text
    kept = newsroom.database.value("SELECT text FROM public_labels")
    assert kept in note.text
    await newsroom.order(lead, f"/clear {FAKE}\nошибка")
    correction = await newsroom.heard(editor, "Ак-Калкан: поправка")
    assert "приносим извинения" in correction.text
    assert "There is no public note" not in (await newsroom.order(lead, f"/label {FAKE}")).text
