"""Messages into facts: every kind, the four origins, hidden links; and no text that a database refuses."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Message, Update

from bot.model.submission import IncomingFile, Origin, OriginKind, PartKind
from bot.simulator import User, World, origins
from bot.simulator.attachments import KINDS
from handlers.reading import clean_text, read_message
from tests.bot_runner import TOKEN
from tests.journeys.burst import picture

Json = dict[str, Any]
SENT = 1_790_000_000
CHAT = {"id": 77, "type": "private", "first_name": "A"}
SENDER = {"id": 77, "is_bot": False, "first_name": "A"}
AT = datetime.fromtimestamp(SENT - 60, UTC)
ANY_TEXT = st.text(alphabet=st.characters(), min_size=1, max_size=60)


def message(content: Json) -> Message:
    """A message of the Bot API, from its JSON."""
    body = {"message_id": 5, "date": SENT, "chat": CHAT, "from": SENDER, **content}
    update = Update.de_json({"update_id": 1, "message": body}, None)
    assert update.message is not None
    return update.message


@pytest.mark.parametrize(
    ("given_origin", "expected"),
    [
        (
            origins.from_user("Иван", username="ivan", user_id=9),
            Origin(kind=OriginKind.USER, name="Иван", handle="ivan", telegram_id=9, sent_at=AT),
        ),
        (
            origins.from_hidden_user("Тайный"),
            Origin(kind=OriginKind.HIDDEN_USER, name="Тайный", sent_at=AT),
        ),
        (
            {"type": "chat", "sender_chat": {"id": -5, "type": "supergroup", "title": "Чат", "username": "chat_of"}},
            Origin(kind=OriginKind.CHAT, name="Чат", handle="chat_of", telegram_id=-5, sent_at=AT),
        ),
        (
            {"type": "channel", "chat": {"id": -6, "type": "channel", "title": "Канал"}, "message_id": 12},
            Origin(kind=OriginKind.CHANNEL, name="Канал", telegram_id=-6, post="12", sent_at=AT),
        ),
    ],
    ids=["user", "hidden_user", "chat", "channel"],
)
def test_origins(given_origin: Json, expected: Origin) -> None:
    """Who wrote it, as far as Telegram says."""
    read = read_message(message({"text": "words", "forward_origin": {"date": SENT - 60, **given_origin}}))
    assert read.origin == expected
    assert not read.is_note


def test_typed_words_are_a_note() -> None:
    """Without an origin the words are the member's own."""
    read = read_message(message({"text": "words"}))
    assert read.origin == Origin()
    assert read.is_note
    assert (read.chat_id, read.message_id) == (77, 5)
    assert read.sent_at == datetime.fromtimestamp(SENT, UTC)


def test_a_photo_is_its_largest_size() -> None:
    """The largest size is fetched; the caption is its text; the album is remembered."""
    sizes = [
        {"file_id": f"f{n}", "file_unique_id": f"u{n}", "width": n, "height": n, "file_size": n} for n in (1, 2, 3)
    ]
    read = read_message(message({"photo": sizes, "caption": "under it", "media_group_id": "g"}))
    assert read.kind is PartKind.PHOTO
    assert read.file == IncomingFile(file_id="f3", file_unique_id="u3", size=3, mime_type="image/jpeg", name=None)
    assert (read.text, read.media_group) == ("under it", "g")
    assert read.is_own_caption


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"mime_type": "image/png"}, PartKind.DOCUMENT),
        ({"file_name": "PHOTO.HEIC"}, PartKind.DOCUMENT),
        ({"mime_type": "application/octet-stream", "file_name": "x.jpeg"}, PartKind.DOCUMENT),
        ({"mime_type": "application/pdf", "file_name": "x.pdf"}, PartKind.UNSUPPORTED),
        ({}, PartKind.UNSUPPORTED),
    ],
)
def test_only_image_documents_are_pictures(document: Json, kind: PartKind) -> None:
    """By their type or the ending of their name."""
    read = read_message(message({"document": {"file_id": "f", "file_unique_id": "u", **document}}))
    assert read.kind is kind
    assert (read.file is None) == (kind is PartKind.UNSUPPORTED)


@pytest.mark.parametrize("kind", KINDS)
def test_other_kinds_say_what_they_are(kind: str) -> None:
    """Voice, video, stickers and the rest are told apart where the advice differs."""
    world = World(TOKEN)
    who = world.add_user("A")
    read = read_message(_last(world, who, lambda: world.send_attachment(who, kind, caption="said beside it")))
    assert read.kind is PartKind.UNSUPPORTED
    told_apart = {"voice", "audio", "video", "video_note", "animation", "sticker"}
    assert read.what == (kind if kind in told_apart else "other")
    assert read.text == "said beside it"


def test_addresses_hidden_behind_words() -> None:
    """A link may stand behind a word; plain ones are found in the text itself."""
    entities = [
        {"type": "text_link", "offset": 0, "length": 4, "url": "https://facebook.com/hidden.one"},
        {"type": "url", "offset": 5, "length": 12},
        {"type": "bold", "offset": 0, "length": 4},
    ]
    assert read_message(message({"text": "here example.com", "entities": entities})).urls == (
        "https://facebook.com/hidden.one",
    )
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    captioned = message({"photo": photo, "caption": "here", "caption_entities": entities[:1]})
    assert read_message(captioned).urls == ("https://facebook.com/hidden.one",)


@given(ANY_TEXT)
def test_text_is_what_a_database_takes(text: str) -> None:
    """No NUL, no half of a character; anything else stays as it is."""
    clean = clean_text(text)
    assert "\0" not in clean
    clean.encode()
    if "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text):
        assert clean == text


def test_halves_that_belong_together_are_joined() -> None:
    """JSON may write a character as two halves."""
    assert clean_text("\ud83d\ude42 \ud83d") == "🙂 \ufffd"


ORIGINS = st.one_of(
    st.builds(lambda name: {"type": "hidden_user", "sender_user_name": name}, ANY_TEXT),
    st.builds(
        lambda name, number: {"type": "user", "sender_user": {"id": number, "is_bot": False, "first_name": name}},
        ANY_TEXT,
        st.integers(min_value=1, max_value=2**52),
    ),
    st.builds(
        lambda title, post: {
            "type": "channel",
            "chat": {"id": -7, "type": "channel", "title": title},
            "message_id": post,
        },
        ANY_TEXT,
        st.integers(min_value=1, max_value=2**31),
    ),
    st.builds(
        lambda kind: {"type": kind},
        st.text(max_size=8).filter(lambda t: t not in {"user", "chat", "channel", "hidden_user"}),
    ),
)
CONTENTS = st.one_of(
    st.fixed_dictionaries({"text": ANY_TEXT}),
    st.fixed_dictionaries({"caption": ANY_TEXT, "sticker": st.just(None)}),
    st.fixed_dictionaries({"some_new_kind": st.dictionaries(st.text(max_size=5), st.integers())}),
    st.fixed_dictionaries(
        {"document": st.fixed_dictionaries({"file_id": ANY_TEXT, "file_unique_id": ANY_TEXT, "file_name": ANY_TEXT})}
    ),
)


@given(CONTENTS, st.none() | ORIGINS)
def test_any_message_that_parses_can_be_read(content: Json, origin: Json | None) -> None:
    """Kinds that are not known yet, odd names, origins of a new type: facts, never an error."""
    extra = {} if origin is None else {"forward_origin": {"date": SENT, **origin}}
    read = read_message(message(content | extra))
    assert read.kind in PartKind
    assert read.kind is not PartKind.UNSUPPORTED or read.what


def _last(world: World, _who: User, act: Any) -> Message:
    act()
    raw = world.updates.first(100)[-1]
    update = Update.de_json(raw, None)
    assert update.message is not None
    return update.message


def test_simulated_pictures_are_read() -> None:
    """What the simulator sends as an album reads as photos of one group."""
    world = World(TOKEN)
    who = world.add_user("A")
    world.send_album(who, [picture(1), picture(2)])
    read = [read_message(u.message) for raw in world.updates.first(10) if (u := Update.de_json(raw, None)).message]
    assert [r.kind for r in read] == [PartKind.PHOTO, PartKind.PHOTO]
    assert len({r.media_group for r in read}) == 1
