"""Sharing by choice, as leads and reporters live it: a file, a look, a press, and a partner's word on a case."""

import io

import pytest
from PIL import ImageOps

from bot.custody.envelopes import public_of
from bot.model.exchange import Issuer, ItemKind
from bot.model.rights import Role
from bot.services.custody_secret import read_or_make_custody_keys, secret_path
from bot.services.exchange.partners import Partners
from bot.simulator import User, origins
from bot.simulator.avatars import avatar
from bot.wiring.archive import Archive
from detection.text.normalise import key
from tests.bot_runner import Newsroom, actions_of
from tests.campaign_ground import words_of
from tests.exchange_ground import STRANGER, TEXT, file_of, item, photo_item, text_item

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAME = "2026-11.kalkan-exchange.json"
PARTNER = Issuer(name="Ала-Тоо", key=public_of(STRANGER.exchange_key(1)))
PHOTO = photo_item(4, id="1" * 32, farm="f" * 32)
WORDS = text_item(key(words_of(TEXT).replace(" ", "")), id="2" * 32)


def face(seed: int) -> bytes:
    """A drawn portrait as JPEG, mirrored as thieves do."""
    out = io.BytesIO()
    ImageOps.mirror(avatar(seed, 320)).save(out, "JPEG", quality=85)
    return out.getvalue()


async def sent(room: Newsroom, who: User, data: bytes, name: str = NAME) -> str:
    """Somebody sends a file; the bot's newest message."""
    room.world.send_document(who, data, name, "application/json")
    room.later()
    await room.quiet()
    answer = room.world.last_bot_message(who)
    assert answer is not None
    return answer.text


async def trusting(room: Newsroom) -> None:
    """Whoever runs the server accepts the partner's key."""
    archive = Archive.of(room.settings)
    store = archive.store()
    keys = read_or_make_custody_keys(secret_path(room.settings.custody_key_path), archive.secrets)
    own = room.database.value("SELECT id FROM newsrooms")
    await Partners(store, room.bot_clock, keys, own).trust(PARTNER)
    await store.close()


async def test_a_partners_file_is_looked_at_taken_in_and_recalled(newsroom: Newsroom) -> None:
    """Unknown: shown, no button. Trusted: counts, a press, and a journalist reads the partner's name; then recalled."""
    lead, reporter = await newsroom.join(Role.SECURITY, Role.JOURNALIST)
    data = file_of(PHOTO, WORDS, item(ItemKind.FARM, id="f" * 32), sequence=5)
    told = await sent(newsroom, lead, data)
    assert "Nobody here has accepted this key" in told
    assert actions_of(newsroom.world.bot_messages(lead)[-1]) == []
    await trusting(newsroom)
    told = await sent(newsroom, lead, data)
    assert "Signed by Ала-Тоо" in told
    assert "It would add 3, change 0, recall 0" in told
    assert newsroom.database.value("SELECT count(*) FROM exchange_items") == 0
    await newsroom.press(lead, newsroom.world.bot_messages(lead)[-1], "xctake")
    assert "3 added" in newsroom.world.bot_messages(lead)[-1].text

    newsroom.world.send_document(reporter, face(4), "photo.jpg", "image/jpeg")
    newsroom.later()
    await newsroom.quiet()
    card = newsroom.card(reporter, 1).text
    assert (
        "Known to Ала-Тоо: fake accounts use this photo (confidence 90 %, since 2026-10-01) · their farm ffffffff"
        in card
    )
    assert "nobody here has checked it" in card
    assert "🚩" not in card
    newsroom.world.forward(reporter, origins.from_user("Reader", username="reader1"), TEXT.upper())
    newsroom.later()
    await newsroom.quiet()
    card = newsroom.card(reporter, 2).text
    assert "Known to Ала-Тоо: this text is a campaign's" in card
    assert "Seen" not in card

    assert "A file as new as this one" in await sent(newsroom, lead, data)
    assert actions_of(newsroom.world.bot_messages(lead)[-1]) == []
    told = await sent(newsroom, lead, file_of(sequence=6, revoked=(PHOTO.id, WORDS.id)))
    assert "recall 2" in told
    await newsroom.press(lead, newsroom.world.bot_messages(lead)[-1], "xctake")
    assert "Ала-Тоо" not in (await newsroom.order(reporter, "/case K-1")).text
    assert "Ала-Тоо" not in (await newsroom.order(reporter, "/case K-2")).text


async def test_a_lead_shares_and_withdraws_and_a_journalist_cannot(newsroom: Newsroom) -> None:
    """A preview, a press, a document that another newsroom can read; a partner goes as a whole by a press."""
    lead, editor, reporter = await newsroom.join(Role.SECURITY, Role.EDITOR, Role.JOURNALIST)
    newsroom.world.send_photo(editor, face(9), caption="/fake https://facebook.com/talai.gul")
    newsroom.later()
    await newsroom.quiet()
    for who in (lead, editor):
        await newsroom.press(who, await newsroom.order(who, "/account talai.gul"), "confirm")
    card = await newsroom.order(lead, "/exchange")
    assert "photos 1, texts 0, farms 0; new 1, recalled 0" in card.text
    await newsroom.press(lead, card, "xcmake")
    (request,) = newsroom.world.journal.find(method="sendDocument", chat_id=lead.id)
    document = next(each for each in newsroom.world.bot_messages(lead) if each.body.get("document"))
    assert str(document.body["document"]["file_name"]).endswith(".kalkan-exchange.json")
    kept = newsroom.database.value("SELECT sha256 FROM exchange_exports")
    assert request is not None
    assert kept
    exported = "SELECT count(*) FROM history WHERE event = 'exchange_out'"
    assert newsroom.database.value(exported) == 1

    await trusting(newsroom)
    card = await newsroom.order(lead, "/exchange")
    await newsroom.press(lead, card, "xcdrop")
    assert "withdrawn, nothing of it counts" in newsroom.world.message((lead.id, card.message_id)).text
    told = await sent(newsroom, lead, file_of(WORDS))
    assert "was withdrawn here" in told
    assert actions_of(newsroom.world.bot_messages(lead)[-1]) == []

    answer = await newsroom.order(reporter, "/exchange")
    assert "photos" not in answer.text
    assert "exchange file" not in await sent(newsroom, reporter, file_of(WORDS))
    assert newsroom.database.value("SELECT count(*) FROM exchange_files") == 1
