"""What the bot sends arrives as Telegram would show it, within Telegram's limits and with Telegram's refusals."""

import asyncio
from datetime import timedelta

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import BadRequest, Forbidden, RetryAfter

from bot.simulator import Simulator, User, World
from tests.simulator.conftest import bot_of, picture


def _keyboard(data: str = "open:1") -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("Open", callback_data=data)]])


async def test_a_message_arrives_with_its_entities(world: World, bot: Bot, aigul: User) -> None:
    """HTML becomes text and entities, in the answer and in the chat."""
    sent = await bot.send_message(
        aigul.id, "<b>Көчүрмө</b> https://vk.com/id1", parse_mode="HTML", protect_content=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True), disable_notification=True,
    )  # fmt: skip
    assert sent.text == "Көчүрмө https://vk.com/id1"
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [("bold", 0, 7), ("url", 8, 18)]
    last = world.last_bot_message(aigul)
    assert last is not None
    assert last.body["has_protected_content"] is True


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x" * 4097, "Message is too long"),
        ("🙂" * 2049, "Message is too long"),
        ("   ", "Message text is empty"),
        ("<b></b>", "Message text is empty"),
        ("<b>open", "Can't find end tag corresponding to start tag"),
        ("a < b", "Can't parse entities: unsupported start tag"),
        ("<u>x</b>", "Can't parse entities: unmatched end tag"),
    ],
)
async def test_texts_that_telegram_refuses(bot: Bot, aigul: User, text: str, reason: str) -> None:
    """400 with Telegram's words; lengths are counted in UTF-16 units after the tags are gone."""
    with pytest.raises(BadRequest) as refusal:
        await bot.send_message(aigul.id, text, parse_mode="HTML")
    assert reason.lower() in refusal.value.message.lower()


async def test_the_longest_text_and_caption_pass(bot: Bot, aigul: User) -> None:
    """4096 units of text and 1024 of caption are allowed, tags not counted."""
    assert await bot.send_message(aigul.id, f"<i>{'🙂' * 2048}</i>", parse_mode="HTML")
    assert await bot.send_photo(aigul.id, picture(), caption="ө" * 1024)
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_photo(aigul.id, picture(), caption="ө" * 1025)


async def test_explicit_entities(bot: Bot, aigul: User) -> None:
    """Entities may be given instead of markup."""
    sent = await bot.send_message(aigul.id, "secret", entities=[MessageEntity("spoiler", 0, 6)])
    assert sent.entities[0].type == "spoiler"


async def test_callback_data_has_64_bytes(bot: Bot, aigul: User) -> None:
    """The limit is in bytes: 33 Cyrillic letters are too many."""
    assert await bot.send_message(aigul.id, "x", reply_markup=_keyboard("ы" * 32))
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await bot.send_message(aigul.id, "x", reply_markup=_keyboard("ы" * 33))


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "x"}, "Text buttons are unallowed"),
        ({"text": "x", "url": "javascript:alert(1)"}, "Wrong HTTP URL"),
        ({"text": "x", "url": "https://kalkan.kg", "callback_data": "1"}, "BUTTON_TYPE_INVALID"),
        ({"callback_data": "1"}, 'field "text"'),
        ({"text": "", "callback_data": "1"}, "must be non-empty"),
    ],
)
async def test_buttons_that_telegram_refuses(unjudged: Simulator, button: dict[str, str], reason: str) -> None:
    """A button has a label and exactly one action with a real address."""
    user = unjudged.world.add_user("Aigul", started=True)
    async with bot_of(unjudged) as bot:
        with pytest.raises(BadRequest) as refusal:
            await bot.send_message(user.id, "x", reply_markup={"inline_keyboard": [[button]]})  # type: ignore[arg-type]
    assert reason.lower() in refusal.value.message.lower()


async def test_who_can_be_written_to(world: World, bot: Bot, aigul: User) -> None:
    """Unknown, not started, blocked and deactivated users each have their refusal."""
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(123, "x")
    shy = world.add_user("Shy")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(shy.id, "x")
    world.block(aigul)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(aigul.id, "x")
    world.unblock(aigul)
    assert await bot.send_message(aigul.id, "x")
    aigul.deactivated = True
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(aigul.id, "x")


async def test_blocking_is_told(world: World, bot: Bot, aigul: User) -> None:
    """my_chat_member says kicked and then member again."""
    world.block(aigul)
    world.unblock(aigul)
    seen = [update.my_chat_member for update in await bot.get_updates()]
    assert [change.new_chat_member.status for change in seen if change] == ["kicked", "member"]


async def test_replies_must_exist(world: World, bot: Bot, aigul: User) -> None:
    """A reply shows what it answers; a lost target is refused unless allowed."""
    said = world.send_text(aigul, "question")
    sent = await bot.send_message(aigul.id, "answer", reply_parameters=ReplyParameters(said.message_id))
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "question"
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(aigul.id, "answer", reply_parameters=ReplyParameters(9_999))
    lenient = ReplyParameters(9_999, allow_sending_without_reply=True)
    assert (await bot.send_message(aigul.id, "answer", reply_parameters=lenient)).reply_to_message is None


async def test_photos_by_upload_and_by_id(world: World, bot: Bot, aigul: User) -> None:
    """A photo has several sizes and is sent again by its file_id; spoilers stay."""
    sent = await bot.send_photo(aigul.id, picture(2000, 1000), caption="<b>c</b>", parse_mode="HTML", has_spoiler=True)
    assert [(size.width, size.height) for size in sent.photo] == [(50, 100), (160, 320), (400, 800), (640, 1280)]
    assert sent.has_media_spoiler
    again = await bot.send_photo(aigul.id, sent.photo[-1].file_id)
    assert [size.file_unique_id for size in again.photo] == [size.file_unique_id for size in sent.photo]
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await bot.send_photo(aigul.id, "no-such-id")
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(aigul.id, b"this is no picture")
    with pytest.raises(BadRequest, match="Photo_invalid_dimensions"):
        await bot.send_photo(aigul.id, picture(2100, 100))


async def test_documents_keep_their_bytes(bot: Bot, aigul: User) -> None:
    """A document is downloaded byte for byte, under its name and type."""
    data = bytes(range(256)) * 100
    sent = await bot.send_document(aigul.id, data, filename="далил.bin")
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.file_size) == ("далил.bin", 25_600)
    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == data
    again = await bot.send_document(aigul.id, sent.document.file_id)
    assert again.document is not None
    assert again.document.file_unique_id == sent.document.file_unique_id
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await bot.send_document(aigul.id, b"")


async def test_albums(world: World, bot: Bot, aigul: User) -> None:
    """2 to 10 items become messages of one group; documents and photos do not mix."""
    items = [InputMediaPhoto(picture(), caption="one", has_spoiler=True), InputMediaPhoto(picture(color="red"))]
    sent = await bot.send_media_group(aigul.id, items)
    assert len({message.media_group_id for message in sent}) == 1
    assert [message.caption for message in sent] == ["one", None]
    assert await bot.send_media_group(aigul.id, [InputMediaDocument(b"a"), InputMediaDocument(b"b")])
    for wrong, reason in (
        ([items[0]], "too few"),
        (items * 6, "too many"),
        ([*items, InputMediaDocument(b"c")], "mix"),
    ):
        with pytest.raises(BadRequest) as refusal:
            await bot.send_media_group(aigul.id, wrong)
        assert reason in refusal.value.message.lower()


async def test_actions_are_shown_and_checked(world: World, bot: Bot, aigul: User) -> None:
    """A known action reaches the page; an unknown one is refused."""
    before = world.events.last
    await bot.send_chat_action(aigul.id, "typing")
    (event,) = world.events.after(before) or []
    assert (event.kind, event.content["action"]) == ("action", "typing")
    with pytest.raises(BadRequest, match="Wrong parameter action"):
        await bot.send_chat_action(aigul.id, "dancing")


async def test_flood_limits_on_request(world: World, bot: Bot, aigul: User) -> None:
    """Off by default; switched on, the second message within a second is refused with retry_after."""
    for _ in range(3):
        await bot.send_message(aigul.id, "x")
    world.flood.enabled = True
    await bot.send_message(aigul.id, "x")
    with pytest.raises(RetryAfter) as refusal:
        await bot.send_message(aigul.id, "x")
    assert refusal.value.retry_after == timedelta(seconds=1)
    await asyncio.sleep(1.05)
    assert await bot.send_message(aigul.id, "x")
