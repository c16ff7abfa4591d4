"""Photos side by side: compared, told apart and confirmed by people, looked up, and given back to their owners."""

import io
import re

import pytest
from PIL import ImageOps

from bot.model.rights import Role
from bot.simulator import StoredMessage, User, origins
from bot.simulator.avatars import avatar
from handlers.buttons import Press
from tests.bot_runner import BY_THE_CLOCK, Newsroom, actions_of, data_of
from tests.journeys.engines import ON_SQLITE

#: What looking something up may leave behind; in `openings` for an hour that something was, and not what: leads hear of
#: too much of it.
TRACES = frozenset({"inbox_updates", "outbox_messages", "sent_messages", "openings"})

pytestmark = pytest.mark.asyncio(loop_scope="session")

FAKE = "/fake https://facebook.com/talai.gul\nfarm: 3"


def face(seed: int = 3, *, mirrored: bool = False) -> bytes:
    """A drawn portrait as JPEG."""
    image, out = avatar(seed, 320), io.BytesIO()
    (ImageOps.mirror(image) if mirrored else image).save(out, "JPEG", quality=88)
    return out.getvalue()


async def newest(room: Newsroom, who: User) -> StoredMessage:
    """The bot's newest message to somebody."""
    message = room.world.last_bot_message(who)
    assert message is not None
    return message


async def list_fake(room: Newsroom, who: User, seed: int = 3) -> None:
    """An account of the list, with its photo."""
    room.world.send_photo(who, face(seed), caption=FAKE)
    room.later()
    await room.quiet()


async def send(room: Newsroom, who: User, data: bytes) -> None:
    """A picture, as a case of its own."""
    room.world.send_document(who, data, "photo.jpg", "image/jpeg")
    room.later()
    await room.quiet()


async def doubt(room: Newsroom) -> None:
    """Let the machine be less sure of every photo that it has found."""
    finding = 'replace(finding, \'"tier": "match"\', \'"tier": "possible"\')'
    await room.database.write(f"UPDATE submission_parts SET finding = {finding}")  # noqa: S608 - the text is ours


async def test_a_match_is_shown_side_by_side_and_may_be_told_apart(newsroom: Newsroom) -> None:
    """The card says whose photo it is; the pair comes behind a spoiler; "not the same" holds for later copies too."""
    who, editor = await newsroom.join(Role.JOURNALIST, Role.EDITOR, names=("Репортёр", "Редактор"))
    await list_fake(newsroom, editor)
    await send(newsroom, who, face(mirrored=True))
    card = newsroom.card(who, 1)
    assert "🖼 Photo: mirrored copy of the photo of Facebook · talai.gul (farm “3”), near-certain" in card.text
    await newsroom.press(who, card, "pairs")
    pair = await newest(newsroom, who)
    assert pair.body["photo"]
    assert "talai.gul" in pair.text
    assert actions_of(pair) == ["pnot", "whose"]
    request = newsroom.world.journal.find(method="sendPhoto", chat_id=who.id)[-1]
    assert [str(request.params[name]).lower() for name in ("has_spoiler", "protect_content")] == ["true", "true"]

    said = len(newsroom.world.bot_messages(who))
    await newsroom.press(who, pair, "pnot")
    told = newsroom.world.message((who.id, pair.message_id))
    assert "not the same photo" in told.text
    assert actions_of(told) == ["psame"]
    assert len(newsroom.world.bot_messages(who)) == said
    assert "🖼" not in newsroom.card(who, 1).text
    assert "talai.gul" not in newsroom.card(who, 1).text
    await send(newsroom, who, face(mirrored=True))
    # The earlier case is told; the photo that was ruled out is not.
    assert "talai.gul" not in newsroom.card(who, 2).text
    assert "exact copy of the picture in K-1" in newsroom.card(who, 2).text

    await newsroom.press(who, told, "psame")
    assert "confirmed by Репортёр" in newsroom.world.message((who.id, pair.message_id)).text
    assert "talai.gul" in newsroom.card(who, 1).text
    rulings = newsroom.database.rows("SELECT is_same FROM photo_rulings ORDER BY id")
    assert [bool(row["is_same"]) for row in rulings] == [False, True]
    events = newsroom.database.rows("SELECT event FROM history WHERE event LIKE 'photo%' ORDER BY id")
    assert [row["event"] for row in events] == ["photo_not_same", "photo_same"]


@ON_SQLITE
async def test_a_possible_match_is_a_question_to_a_person(newsroom: Newsroom) -> None:
    """It accuses nobody until somebody who may says that it is the same; a colleague without the right may not."""
    who, colleague, editor = await newsroom.join(Role.JOURNALIST, Role.JOURNALIST, Role.EDITOR)
    await list_fake(newsroom, editor)
    await send(newsroom, who, face(mirrored=True))
    await doubt(newsroom)
    asked = await newsroom.order(colleague, "/case K-1")
    assert "Is it a copy of the photo of Facebook · talai.gul?" in asked.text
    assert "🖼" not in asked.text
    await newsroom.press(colleague, asked, "pairs")
    pair = await newest(newsroom, colleague)
    assert actions_of(pair) == ["whose"]
    own = await newsroom.order(editor, "/case K-1")
    await newsroom.press(editor, own, "pairs")
    offered = await newest(newsroom, editor)
    assert actions_of(offered) == ["psame", "pnot", "whose"]
    name, subject, argument, _ = data_of(offered, "psame").split(":")
    press = Press(action=name, subject=int(subject, 16), argument=argument)
    newsroom.world.press_data(colleague, pair, newsroom.signed(colleague, pair, press))
    await newsroom.quiet()
    assert "not available" in (await newest(newsroom, colleague)).text
    assert newsroom.database.value("SELECT count(*) FROM photo_rulings") == 0
    await newsroom.press(editor, offered, "psame")
    assert newsroom.database.value("SELECT is_same FROM photo_rulings") == 1
    # The reporter's card follows.
    assert "🖼 Photo: copy of the photo of Facebook · talai.gul" in newsroom.card(who, 1).text


async def test_looking_up_a_photo_files_nothing(newsroom: Newsroom) -> None:
    """/photo under a picture, as a file, in reply to one, or alone: what is known, with the pictures side by side."""
    who, editor = await newsroom.join(Role.JOURNALIST, Role.EDITOR)
    await list_fake(newsroom, editor)
    before = newsroom.database.counts()
    world = newsroom.world

    async def answers(count: int) -> list[StoredMessage]:
        newsroom.later()
        await newsroom.quiet()
        return world.bot_messages(who)[-count:]

    world.send_photo(who, face(mirrored=True), caption="/photo")
    told, pair = await answers(2)
    assert "nothing was filed" in told.text
    assert "talai.gul" in told.text
    assert re.search(r"known: 1 time", told.text)
    assert pair.body["photo"]
    assert actions_of(pair) == ["whose"]
    world.send_document(who, face(mirrored=True), "f.jpg", "image/jpeg", caption="/photo")
    assert "talai.gul" in (await answers(2))[0].text
    asked = await newsroom.order(who, "/photo")
    assert "send the picture" in asked.text
    sent = world.send_photo(who, face(77))
    (unknown,) = await answers(1)
    assert "not known yet" in unknown.text
    world.send_text(who, "/photo", reply_to=sent)
    assert "not known yet" in (await answers(1))[0].text
    world.send_document(who, b"no picture", "f.jpg", "image/jpeg", caption="/photo")
    assert "not a picture" in (await answers(1))[0].text
    after = newsroom.database.counts()
    changed = {table for table in after if after[table] != before[table]}
    # That a stored original was shown is logged; nothing else is left behind.
    assert {table for table in changed if not table.startswith("custody_")} <= TRACES | BY_THE_CLOCK
    opened = newsroom.database.rows(
        "SELECT noun FROM openings o JOIN members m ON m.id = o.member_id WHERE m.telegram_id = ?", who.id
    )
    assert {row["noun"] for row in opened} == {"page", "photo"}
    # The question was answered: the next picture is filed again.
    world.send_photo(who, face(78))
    await answers(1)
    assert newsroom.card(who, 1)


async def test_an_owner_is_recorded_in_two_steps(newsroom: Newsroom) -> None:
    """Name and link, then how it is known; every later match says from whom the photo was stolen."""
    who, colleague, editor = await newsroom.join(Role.JOURNALIST, Role.JOURNALIST, Role.EDITOR)
    await list_fake(newsroom, editor)
    await send(newsroom, who, face(mirrored=True))
    await newsroom.press(who, newsroom.card(who, 1), "pairs")
    pair = await newest(newsroom, who)
    await newsroom.press(who, pair, "whose")
    assert "Whose photo is it?" in (await newest(newsroom, who)).text
    assert "no name" in (await newsroom.order(who, "https://vk.com/real.gul")).text
    assert "How do you know" in (await newsroom.order(who, "Жылдыз Асанова\nhttps://vk.com/real.gul")).text
    kept = await newsroom.order(who, "поиск по фото\nпозвонить в понедельник")
    for words in ("Stolen from: Жылдыз Асанова", "vk.com/real.gul", "поиск по фото", "позвонить"):
        assert words in kept.text
    assert newsroom.database.value("SELECT count(*) FROM submissions") == 1

    await send(newsroom, colleague, face(mirrored=True))
    card = newsroom.card(colleague, 2)
    assert "Stolen from: Жылдыз Асанова" in card.text
    assert "vk.com" not in card.text
    await newsroom.press(colleague, card, "pairs")
    seen = newsroom.world.bot_messages(colleague)[-2:]
    assert any("Жылдыз Асанова" in message.text for message in seen)
    assert not any("vk.com" in message.text for message in seen)

    # A colleague's word is for an editor to correct.
    assert all("whose" not in actions_of(message) for message in seen if "Жылдыз" in message.text)
    photo = int(data_of(pair, "whose").split(":")[1], 16)
    data = newsroom.signed(colleague, card, Press(action="whose", subject=photo))
    newsroom.world.press_data(colleague, card, data)
    await newsroom.quiet()
    assert "A colleague has recorded" in (await newest(newsroom, colleague)).text
    assert "Which photo is it?" in (await newsroom.order(colleague, "/owner Кто-то")).text
    newsroom.world.send_photo(editor, face(), caption="/owner Айнура\nкак: сама написала")
    newsroom.later()
    await newsroom.quiet()
    assert "Айнура" in (await newest(newsroom, editor)).text
    assert "Stolen from: Айнура" in (await newsroom.order(who, "/case K-1")).text
    assert newsroom.database.value("SELECT count(*) FROM photo_owners") == 2


async def test_an_owner_s_own_photo_is_recognised(newsroom: Newsroom) -> None:
    """/owner under a picture that nobody had sent: later copies say whose it is; taken back, it is unknown again."""
    (who,) = await newsroom.join(Role.JOURNALIST)
    newsroom.world.send_photo(who, face(5), caption="/owner Жылдыз Асанова https://vk.com/real\nоткуда-то")
    newsroom.later()
    await newsroom.quiet()
    assert "Recorded" in (await newest(newsroom, who)).text
    await send(newsroom, who, face(5, mirrored=True))
    card = newsroom.card(who, 1)
    assert "mirrored copy of the photo of Жылдыз Асанова, a real person" in card.text
    await newsroom.press(who, card, "pairs")
    pair = await newest(newsroom, who)
    newsroom.world.send_photo(who, face(5), caption="/owner удалить")
    newsroom.later()
    await newsroom.quiet()
    assert "Taken back" in (await newest(newsroom, who)).text
    await newsroom.press(who, pair, "whose")
    assert "Recorded so far" not in (await newest(newsroom, who)).text
    assert newsroom.database.value("SELECT count(*) FROM photo_owners") == 2


async def test_a_picture_of_several_channels_is_a_campaign(newsroom: Newsroom) -> None:
    """Forwarded from two channels, mirrored on the way: both cards name the campaign, /campaign has its figures."""
    who, colleague = await newsroom.join(Role.JOURNALIST, Role.JOURNALIST)
    for person, name, mirrored in ((who, "one", False), (colleague, "two", True)):
        origin = origins.from_channel(name.title(), username=f"channel_{name}", message_id=7)
        newsroom.world.send_photo(person, face(5, mirrored=mirrored), origin=origin)
        newsroom.later()
        await newsroom.quiet()
    for person, number in ((who, 1), (colleague, 2)):
        assert "The same picture from several accounts: campaign C-1" in newsroom.card(person, number).text
        assert "campaign" in actions_of(newsroom.card(person, number))
    shown = await newsroom.order(who, "/campaign C-1")
    assert "🖼 2 pictures" in shown.text
    assert "2 accounts" in shown.text
    assert "channel_two" in shown.text
    listed = await newsroom.order(who, "/campaigns")
    assert "/campaign_1" in listed.text
