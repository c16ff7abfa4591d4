"""A journalist forwards, sends, types, edits and takes back; one card says what is known."""

from io import BytesIO

import pytest
from PIL import ImageOps

from bot.i18n import Catalogs
from bot.model.rights import Role
from bot.simulator import StoredMessage, User, origins
from bot.simulator.avatars import avatar
from handlers.cards import words
from tests.bot_runner import Newsroom, actions_of, is_message, until
from tests.journeys.burst import picture

pytestmark = pytest.mark.asyncio(loop_scope="session")

ENGLISH = Catalogs.load(strict=True)["en"].plain
THREAT = "Мы сожжём вашу редакцию"


def messages_to(room: Newsroom, who: User) -> list[str]:
    """All that the bot shows somebody now."""
    return [message.text for message in room.world.bot_messages(who)]


def reactions(room: Newsroom, message: StoredMessage) -> list[str]:
    """The bot's reactions to a message."""
    return message.emoji_of(room.world.bot.id)


@pytest.mark.parametrize(
    ("origin", "author"),
    [
        (origins.from_user("Тролль", username="troll.one"), "troll.one"),
        (origins.from_chat("Чат соседей", username="neighbours"), "neighbours"),
        (origins.from_channel("Канал", username="a_channel", message_id=7), "a_channel"),
    ],
    ids=["user", "chat", "channel"],
)
async def test_a_forward_becomes_a_case(newsroom: Newsroom, origin: dict[str, object], author: str) -> None:
    """One card, in reply to the forward, names the author, hides the words, and the forward is marked as filed."""
    (who,) = await newsroom.join(Role.JOURNALIST)
    sent = newsroom.world.forward(who, origin, THREAT)
    await newsroom.quiet()
    card = newsroom.card(who, 1)
    assert card.text.count("K-1 ·") == 1
    assert author in card.text
    assert "⚠️" in card.text
    assert card.body["reply_to_message"]["message_id"] == sent.message_id
    kinds = {entity["type"] for entity in card.entities}
    assert {"expandable_blockquote", "spoiler", "bold"} <= kinds
    assert reactions(newsroom, sent) == ["👌"]
    assert actions_of(card)[0] == "suspect"


async def test_a_hidden_author_gets_advice(newsroom: Newsroom) -> None:
    """Telegram hides who wrote it: the card says the name as a name, and asks who it was."""
    (who,) = await newsroom.join(Role.JOURNALIST)
    newsroom.world.forward(who, origins.from_hidden_user("Тайный Имярек"), "обычные слова")
    await newsroom.quiet()
    card = newsroom.card(who, 1)
    assert "Тайный Имярек" in card.text
    assert "author" in actions_of(card)
    assert "suspect" not in actions_of(card)


async def test_links_are_read(newsroom: Newsroom) -> None:
    """Addresses of profiles and posts, hidden behind words or plain, are named on the card."""
    (who,) = await newsroom.join(Role.JOURNALIST)
    text = "см. https://www.facebook.com/bad.actor/posts/123 и тут"
    hidden = [{"type": "text_link", "offset": len(text) - 3, "length": 3, "url": "https://vk.com/id4242"}]
    newsroom.world.send_text(who, text, entities=hidden, origin=origins.from_hidden_user("X"))
    await newsroom.quiet()
    assert "bad.actor" in newsroom.card(who, 1).text
    assert "4242" in newsroom.card(who, 1).text


async def test_a_known_face_is_found_mirrored(newsroom: Newsroom) -> None:
    """A mirrored, re-encoded copy of a listed account's photo, sent as a file, names the account: as listed only."""
    editor, who = await newsroom.join(Role.EDITOR, Role.JOURNALIST)
    newsroom.world.send_photo(editor, face(), caption="/fake https://facebook.com/talai.gul\nname: Талайгуль")
    await newsroom.quiet()
    newsroom.later()
    sent = newsroom.world.send_document(who, face(mirrored=True), "скриншот.png", "image/png")
    await newsroom.quiet()
    card = newsroom.card(who, 1)
    assert "🖼" in card.text
    assert "talai.gul" in card.text
    assert "🚩" not in card.text
    assert reactions(newsroom, sent) == ["👌"]
    before = len(newsroom.world.journal)
    await newsroom.press(who, card, "photos")
    (shown,) = newsroom.world.journal.find(method="sendMediaGroup", since=before)
    assert shown.params["protect_content"] == "true" or shown.params["protect_content"] is True
    assert all(medium["has_spoiler"] for medium in shown.params["media"])


async def test_a_copy_is_found(newsroom: Newsroom) -> None:
    """The same words again, re-cased and with an emoji, are counted, and shown on request behind spoilers."""
    one, other = await newsroom.join(Role.JOURNALIST, Role.JOURNALIST)
    text = "Эти журналисты продались, народ им этого не простит никогда"
    newsroom.world.forward(one, origins.from_user("A", username="acc_one"), text)
    await newsroom.quiet()
    newsroom.later()
    newsroom.world.forward(other, origins.from_user("B", username="acc_two"), f"{text.upper()} 😡")
    await newsroom.quiet()
    card = newsroom.card(other, 2)
    assert "🔁" in card.text
    await newsroom.press(other, card, "copies")
    listed = newsroom.world.last_bot_message(other)
    assert listed is not None
    assert "acc_one" in listed.text
    assert {entity["type"] for entity in listed.entities} >= {"spoiler"}


async def test_an_album_is_one_case(newsroom: Newsroom) -> None:
    """Five pictures sent at one go: one case, one card, one reaction on the first."""
    (who,) = await newsroom.join(Role.JOURNALIST)
    sent = newsroom.world.send_album(who, [picture(n) for n in range(5)], caption="кто это?")
    await newsroom.quiet()
    card = newsroom.card(who, 1)
    assert card.text.startswith("K-1 · 5 ")
    assert "кто это?" in card.text
    assert len([text for text in messages_to(newsroom, who) if text.startswith("K-")]) == 1
    assert [reactions(newsroom, message) for message in sent] == [["👌"], [], [], [], []]
    assert newsroom.database.value("SELECT count(*) FROM photos") == 5
    assert any("⏳" in old.get("text", "") for old in card.history) or len(card.history) <= 5


async def test_a_burst_with_a_note_is_one_case(newsroom: Newsroom) -> None:
    """Five forwards and typed words within two seconds: one case, and the words are its note."""
    (who,) = await newsroom.join(Role.JOURNALIST)
    newsroom.world.send_text(who, "моя заметка к этому")
    for number in range(5):
        newsroom.world.forward(who, origins.from_user(f"Кто-то {number}"), f"комментарий номер {number}")
    await newsroom.quiet()
    card = newsroom.card(who, 1)
    assert card.text.startswith("K-1 · 6 ")
    assert "моя заметка к этому" in card.text
    assert newsroom.database.value("SELECT count(*) FROM submissions") == 1
    assert newsroom.database.value("SELECT count(*) FROM comments") == 5


async def test_two_senders_are_two_cases(newsroom: Newsroom) -> None:
    """What colleagues send in the same second does not run together."""
    people = await newsroom.join(Role.JOURNALIST, Role.JOURNALIST)
    for who in people:
        newsroom.world.forward(who, origins.from_hidden_user("X"), f"слова для {who.first_name}")
    await newsroom.quiet()
    assert newsroom.database.value("SELECT count(*) FROM submissions WHERE number IS NOT NULL") == 2


async def asked(room: Newsroom, who: User, text: str) -> StoredMessage:
    """Type words alone; the bot's question."""
    room.world.send_text(who, text)
    room.later()
    await room.quiet()
    question = room.world.last_bot_message(who)
    assert question is not None
    assert actions_of(question) == ["check", "note", "undo"]
    assert text not in question.text
    return question


async def test_typed_words_are_checked_on_request(newsroom: Newsroom) -> None:
    """Typed alone, the bot asks; "check" makes the question itself the case's card."""
    (who,) = await newsroom.join(Role.JOURNALIST)
    question = await asked(newsroom, who, THREAT)
    await newsroom.press(who, question, "check")
    card = newsroom.card(who, 1)
    assert card.message_id == question.message_id
    assert "⚠️" in card.text


async def test_typed_words_are_a_note_on_request(newsroom: Newsroom) -> None:
    """ "Note" attaches them to the latest case; without one, the bot says so."""
    (who,) = await newsroom.join(Role.JOURNALIST)
    question = await asked(newsroom, who, "слова без дела")
    await newsroom.press(who, question, "note")
    assert newsroom.database.value("SELECT state FROM submissions") == "asking"
    await newsroom.press(who, question, "undo")
    newsroom.world.forward(who, origins.from_hidden_user("X"), "чужие слова")
    newsroom.later()
    await newsroom.quiet()
    question = await asked(newsroom, who, "заметка вдогонку")
    await newsroom.press(who, question, "note")
    assert "заметка вдогонку" in newsroom.card(who, 1).text
    assert "K-1" in newsroom.world.message((who.id, question.message_id)).text


async def test_an_edit_changes_the_case(newsroom: Newsroom) -> None:
    """The card follows the member's edit of a note and of checked words; nothing is filed twice."""
    (who,) = await newsroom.join(Role.JOURNALIST)
    note = newsroom.world.send_text(who, "первая заметка")
    newsroom.world.forward(who, origins.from_hidden_user("X"), "чужие слова")
    await newsroom.quiet()
    newsroom.world.edit_text(who, note, "вторая заметка")
    await newsroom.quiet()
    assert "вторая заметка" in newsroom.card(who, 1).text
    assert "первая заметка" not in newsroom.card(who, 1).text
    newsroom.later()
    words_sent = newsroom.world.send_text(who, "сначала безобидно")
    newsroom.later()
    await newsroom.quiet()
    question = newsroom.world.last_bot_message(who)
    assert question is not None
    await newsroom.press(who, question, "check")
    newsroom.world.edit_text(who, words_sent, THREAT)
    await newsroom.quiet()
    assert "⚠️" in newsroom.card(who, 2).text
    assert newsroom.database.value("SELECT count(*) FROM submission_parts") == 3


async def test_undo_withdraws(newsroom: Newsroom) -> None:
    """The card says so, the words no longer count, and the case is marked in the list."""
    (who,) = await newsroom.join(Role.JOURNALIST)
    text = "Слова, которых никто больше не считает за копию чего-либо"
    newsroom.world.forward(who, origins.from_user("A", username="acc_one"), text)
    await newsroom.quiet()
    newsroom.later()
    card = newsroom.card(who, 1)
    await newsroom.press(who, card, "undo")
    withdrawn = newsroom.world.message((who.id, card.message_id))
    assert "K-1" in withdrawn.text
    assert withdrawn.buttons == []
    newsroom.world.forward(who, origins.from_user("B", username="acc_two"), text)
    await newsroom.quiet()
    assert "🔁" not in newsroom.card(who, 2).text
    listed = await newsroom.order(who, "/mine")
    assert "/case_2" in listed.text
    assert "/case_1" in listed.text


@pytest.mark.parametrize("kind", ["voice", "video", "video_note", "sticker", "audio", "animation", "location", "poll"])
async def test_what_cannot_be_read_gets_advice(newsroom: Newsroom, kind: str) -> None:
    """It is stored, and the card says what to send instead."""
    (who,) = await newsroom.join(Role.JOURNALIST)
    newsroom.world.send_attachment(who, kind)
    await newsroom.quiet()
    advice = ENGLISH.gettext(words.UNSUPPORTED.get(kind, words.UNSUPPORTED["other"]))
    assert advice in newsroom.card(who, 1).text
    assert newsroom.database.value("SELECT count(*) FROM submission_parts WHERE kind = 'unsupported'") == 1


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"not a picture at all", "a.png", "image_not_an_image"),
        (b"", "b.png", "image_empty"),
        (picture(1)[:900], "c.jpg", "image_truncated"),
    ],
    ids=["no picture", "empty", "truncated"],
)
async def test_a_bad_picture_is_refused_plainly(newsroom: Newsroom, data: bytes, name: str, code: str) -> None:
    """The card says what is wrong with it; the message is kept."""
    (who,) = await newsroom.join(Role.JOURNALIST)
    newsroom.world.send_document(who, data, name, "image/png")
    await newsroom.quiet()
    assert ENGLISH.gettext(words.FAILURES[code]) in newsroom.card(who, 1).text


async def test_in_a_group_it_is_silent_unless_addressed(newsroom: Newsroom) -> None:
    """Only what names the bot is read, and the answer goes to the member's own chat."""
    who, colleague = await newsroom.join(Role.JOURNALIST, Role.JOURNALIST)
    stranger = newsroom.world.add_user("Чужой", username="chuzhoi")
    group = newsroom.world.add_group("Дом", members=[who, colleague, stranger], bot_is_admin=True)
    name, before = f"@{newsroom.world.bot.username}", len(newsroom.world.journal)
    said = newsroom.world.send_text(stranger, THREAT, chat=group)
    newsroom.world.send_text(who, "обычный разговор", chat=group)
    newsroom.world.send_photo(colleague, picture(1), chat=group)
    newsroom.world.send_text(stranger, f"{name} кто здесь?", chat=group)
    await newsroom.quiet()
    assert newsroom.world.journal.find(since=before, where=lambda r: r.method != "getUpdates") == []
    newsroom.world.send_text(who, f"{name} проверь", chat=group, reply_to=said)
    await newsroom.quiet()
    card = newsroom.card(who, 1)
    assert "⚠️" in card.text
    assert "chuzhoi" in card.text
    assert newsroom.world.bot_messages(group) == []
    assert newsroom.world.bot_messages(stranger) == []
    assert newsroom.world.journal.find(since=before, chat_id=colleague.id, where=is_message) == []


async def test_a_blocked_bot_goes_on_for_others(newsroom: Newsroom) -> None:
    """A member who blocks the bot gets nothing, loses nothing, and is answered again after unblocking."""
    one, other = await newsroom.join(Role.JOURNALIST, Role.JOURNALIST)
    newsroom.world.forward(one, origins.from_hidden_user("X"), "слова перед блокировкой")
    newsroom.world.block(one)
    # Two people's cases that settle at the same moment are numbered in either order.
    await until(lambda: newsroom.database.value("SELECT count(*) FROM submissions WHERE number = 1") == 1, 30)
    newsroom.world.forward(other, origins.from_hidden_user("X"), "слова другого")
    await newsroom.quiet()
    assert newsroom.card(other, 2)
    newsroom.world.unblock(one)
    shown = await newsroom.order(one, "/case 1")
    assert shown.text.startswith("K-1 ·")


def face(*, mirrored: bool = False) -> bytes:
    """A drawn portrait; mirrored as PNG, else as JPEG."""
    out = BytesIO()
    image = avatar(12)
    (ImageOps.mirror(image) if mirrored else image).save(out, "PNG" if mirrored else "JPEG")
    return out.getvalue()
