"""What imaginary people do reaches the bot as Telegram would deliver it."""

from io import BytesIO

import pytest
from PIL import Image
from telegram import (
    Bot,
    Message,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    Update,
)
from telegram.error import BadRequest

from bot.simulator import MediaItem, User, World
from bot.simulator.attachments import KINDS
from bot.simulator.limits import MAX_DOWNLOAD
from bot.simulator.origins import from_channel, from_chat, from_hidden_user, from_user
from tests.simulator.conftest import picture


async def _messages(bot: Bot) -> list[Message]:
    return [message for update in await bot.get_updates() if (message := update.effective_message)]


async def test_a_start_with_payload(world: World, bot: Bot, aigul: User) -> None:
    """A deep link arrives as /start PAYLOAD with its command entity; bad payloads never leave the application."""
    world.start(aigul, "AbC_-1234567890")
    (message,) = await _messages(bot)
    assert message.text == "/start AbC_-1234567890"
    assert [(entity.type, entity.length) for entity in message.entities] == [("bot_command", 6)]
    assert message.from_user is not None
    assert message.from_user.language_code == "ky"
    for payload in ("x" * 65, "ө", "a b"):
        with pytest.raises(ValueError, match="deep-link payload"):
            world.start(aigul, payload)


async def test_the_four_origins(world: World, bot: Bot, aigul: User) -> None:
    """A forward tells of a user, a hidden user, a chat or a channel."""
    troll = world.add_user("Troll", username="troll92")
    origins = [from_user(troll), from_hidden_user("Без имени"), from_chat("Talk", signature="admin")]
    for origin in [*origins, from_channel("Жаңылыктар", username="news", message_id=7)]:
        world.forward(aigul, origin, "текст")
    seen = [message.forward_origin for message in await _messages(bot)]
    assert [type(origin) for origin in seen] == [
        MessageOriginUser,
        MessageOriginHiddenUser,
        MessageOriginChat,
        MessageOriginChannel,
    ]
    assert isinstance(seen[0], MessageOriginUser)
    assert seen[0].sender_user.id == troll.id
    assert isinstance(seen[3], MessageOriginChannel)
    assert (seen[3].chat.username, seen[3].message_id) == ("news", 7)


async def test_photos_are_compressed_without_metadata(world: World, bot: Bot, aigul: User) -> None:
    """A photo is turned upright, at most 1280 px long, JPEG, and carries no EXIF."""
    world.send_photo(aigul, picture(3000, 1500), caption="скриншот")
    (message,) = await _messages(bot)
    assert [max(size.width, size.height) for size in message.photo] == [100, 320, 800, 1280]
    file = await bot.get_file(message.photo[-1].file_id)
    image = Image.open(BytesIO(bytes(await file.download_as_bytearray())))
    assert (image.format, image.size) == ("JPEG", (640, 1280))
    assert dict(image.getexif()) == {}
    assert message.caption == "скриншот"


async def test_image_documents_keep_everything(world: World, bot: Bot, aigul: User) -> None:
    """A picture sent as a file keeps its bytes, name and type, and has a thumbnail."""
    data = picture(900, 700)
    world.send_document(aigul, data, "сүрөт.jpg", "image/jpeg", caption="далил")
    (message,) = await _messages(bot)
    assert message.document is not None
    assert (message.document.file_name, message.document.mime_type) == ("сүрөт.jpg", "image/jpeg")
    assert message.document.thumbnail is not None
    assert bytes(await (await message.document.get_file()).download_as_bytearray()) == data


async def test_a_broken_picture_is_still_a_document(world: World, bot: Bot, aigul: User) -> None:
    """What claims to be a picture and is none arrives as a file without a thumbnail."""
    world.send_document(aigul, b"\x89PNG broken", "x.png", "image/png")
    (message,) = await _messages(bot)
    assert message.document is not None
    assert message.document.thumbnail is None


async def test_albums_are_one_update_each(world: World, bot: Bot, aigul: User) -> None:
    """Items share a media_group_id, the caption stands on the first; sizes outside 2 to 10 are impossible."""
    world.send_album(aigul, [picture(), picture(color="red"), picture(color="green")], caption="үчөө")
    files = [MediaItem(data=b"1", kind="document", file_name="1.txt"), MediaItem(data=b"2", kind="document")]
    world.send_album(aigul, files)
    messages = await _messages(bot)
    assert [message.caption for message in messages] == ["үчөө", None, None, None, None]
    groups = [message.media_group_id for message in messages]
    assert len(set(groups[:3])) == len(set(groups[3:])) == 1
    assert groups[0] != groups[4]
    with pytest.raises(ValueError, match="2 to 10"):
        world.send_album(aigul, [picture()])


async def test_every_other_kind_of_message(world: World, bot: Bot, aigul: User) -> None:
    """Voice, video, sticker and the rest are valid messages of their kind."""
    for kind in KINDS:
        world.send_attachment(aigul, kind)
    messages = await _messages(bot)
    for kind, message in zip(KINDS, messages, strict=True):
        assert getattr(message, kind), kind
    with pytest.raises(ValueError, match="an attachment is one of"):
        world.send_attachment(aigul, "hologram")


async def test_edited_messages(world: World, bot: Bot, aigul: User) -> None:
    """An edit arrives as edited_message with the same id; only one's own messages that are not forwards."""
    said = world.send_text(aigul, "befor")
    photo = world.send_photo(aigul, picture(), caption="old")
    world.edit_text(aigul, said, "before /help")
    world.edit_text(aigul, photo, "new")
    updates = await bot.get_updates()
    edits = [update.edited_message for update in updates if update.edited_message]
    assert [(edit.message_id, edit.text or edit.caption) for edit in edits] == [
        (said.message_id, "before /help"),
        (photo.message_id, "new"),
    ]
    assert updates[0].message is not None
    assert updates[0].message.text == "befor"
    forwarded = world.forward(aigul, from_hidden_user("X"), "not mine")
    with pytest.raises(ValueError, match="one's own"):
        world.edit_text(aigul, forwarded, "changed")


async def test_replies_and_people_of_several_languages(world: World, bot: Bot, aigul: User) -> None:
    """Several people write at once, each with a language, each in a chat of one's own."""
    others = [world.add_user(name, language_code=code) for name, code in (("Ivan", "ru"), ("Ann", "en"), ("No", None))]
    first = world.send_text(aigul, "one")
    world.send_text(aigul, "two", reply_to=first)
    for other in others:
        world.send_text(other, "салам")
    messages = await _messages(bot)
    assert messages[1].reply_to_message is not None
    assert messages[1].reply_to_message.message_id == first.message_id
    languages = [message.from_user.language_code for message in messages if message.from_user]
    assert languages == ["ky", "ky", "ru", "en", None]
    assert len({message.message_id for message in messages}) == 5


async def test_files_above_20_mb_cannot_be_fetched(world: World, bot: Bot, aigul: User) -> None:
    """getFile refuses a bigger file; unknown ids are refused too."""
    world.send_document(aigul, bytes(MAX_DOWNLOAD + 1), "big.bin")
    (message,) = await _messages(bot)
    assert message.document is not None
    assert message.document.file_size == MAX_DOWNLOAD + 1
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(message.document.file_id)
    with pytest.raises(BadRequest, match="Wrong file_id"):
        await bot.get_file("made-up")


async def test_privacy_mode_in_groups(world: World, bot: Bot, aigul: User) -> None:
    """In a group the bot hears commands, replies to it and mentions of it, and nothing else."""
    group = world.add_group("Редакция", members=[aigul])
    sent = await bot.send_message(group.id, "hello all")
    world.send_text(aigul, "nobody asked you", chat=group)
    world.send_text(aigul, "/help@other_bot", chat=group)
    world.send_text(aigul, f"/help@{world.bot.username}", chat=group)
    world.send_text(aigul, "thanks", chat=group, reply_to=(group.id, sent.message_id))
    world.send_text(aigul, f"ask @{world.bot.username} please", chat=group)
    heard = [message.text for message in await _messages(bot)]
    assert heard == [f"/help@{world.bot.username}", "thanks", f"ask @{world.bot.username} please"]


async def test_an_administrator_hears_everything(world: World, bot: Bot, aigul: User) -> None:
    """As administrator, or with privacy mode off, the bot gets every message; out of the group it gets none."""
    group = world.add_group("Admins", members=[aigul], bot_is_admin=True)
    world.send_text(aigul, "hello", chat=group)
    world.set_member(group, world.bot, "kicked", by=aigul)
    world.send_text(aigul, "in secret", chat=group)
    world.can_read_all_group_messages = True
    open_group = world.add_group("Open", members=[aigul], kind="group")
    world.send_text(aigul, "all of it", chat=open_group)
    updates = await bot.get_updates()
    assert [update.message.text for update in updates if update.message] == ["hello", "all of it"]
    assert [u.my_chat_member.new_chat_member.status for u in updates if u.my_chat_member] == ["kicked"]


async def test_channel_posts(world: World, bot: Bot) -> None:
    """Posts of a channel that the bot administers arrive as channel_post."""
    channel = world.add_channel("Жаңылыктар", username="news")
    world.post(channel, "the news")
    world.post(channel, "picture", photo=picture())
    world.post(world.add_channel("Foreign", bot_is_admin=False), "unseen")
    updates: tuple[Update, ...] = await bot.get_updates()
    posts = [update.channel_post for update in updates if update.channel_post]
    assert [post.text or post.caption for post in posts] == ["the news", "picture"]
    assert posts[0].sender_chat is not None
    assert posts[0].sender_chat.id == channel.id


async def test_a_stranger_leaves_no_trace_of_the_bot(world: World, bot: Bot, aigul: User) -> None:
    """The journal tells who a request was about, however it names the person."""
    stranger = world.add_user("Stranger")
    world.send_photo(stranger, picture())
    (message,) = await _messages(bot)
    await bot.send_message(aigul.id, "unrelated")
    assert world.journal.about(stranger.id) == []
    file = await bot.get_file(message.photo[-1].file_id)
    await file.download_as_bytearray()
    await bot.send_message(stranger.id, "who are you?")
    assert [r.method for r in world.journal.about(stranger.id)] == ["getFile", "downloadFile", "sendMessage"]
