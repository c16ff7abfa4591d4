"""Edits, deletions, copies, reactions and answers to presses."""

from datetime import UTC, datetime, timedelta

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, MessageOriginUser
from telegram.error import BadRequest

from bot.simulator import Simulator, User, World
from tests.simulator.conftest import TOKEN, bot_of, picture


def _keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=f"do:{label}")] for label in labels])


async def test_a_text_is_edited_in_place(world: World, bot: Bot, aigul: User) -> None:
    """The message keeps its place, its earlier text is remembered, a keyboard that is not sent is gone."""
    sent = await bot.send_message(aigul.id, "reading 1 of 3", reply_markup=_keyboard("Stop"))
    edited = await bot.edit_message_text("done", aigul.id, sent.message_id)
    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup) == ("done", None)
    assert edited.edit_date is not None
    message = world.message((aigul.id, sent.message_id))
    assert [body["text"] for body in message.history] == ["reading 1 of 3"]


async def test_an_edit_must_change_something(bot: Bot, aigul: User) -> None:
    """ "message is not modified" is an error, also for a keyboard."""
    sent = await bot.send_message(aigul.id, "same", reply_markup=_keyboard("A"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("same", aigul.id, sent.message_id, reply_markup=_keyboard("A"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(aigul.id, sent.message_id, reply_markup=_keyboard("A"))
    assert await bot.edit_message_reply_markup(aigul.id, sent.message_id, reply_markup=_keyboard("B"))


async def test_what_cannot_be_edited(world: World, bot: Bot, aigul: User) -> None:
    """Lost messages, people's messages, and messages of another kind."""
    said = world.send_text(aigul, "mine")
    photo = await bot.send_photo(aigul.id, picture())
    text = await bot.send_message(aigul.id, "text")
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", aigul.id, 999)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", aigul.id, said.message_id)
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("x", aigul.id, photo.message_id)
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await bot.edit_message_caption(aigul.id, text.message_id, caption="x")


async def test_captions_and_media_are_edited(bot: Bot, aigul: User) -> None:
    """A caption and the picture itself can be replaced."""
    sent = await bot.send_photo(aigul.id, picture(), caption="old")
    captioned = await bot.edit_message_caption(aigul.id, sent.message_id, caption="<b>new</b>", parse_mode="HTML")
    assert not isinstance(captioned, bool)
    assert captioned.caption == "new"
    replaced = await bot.edit_message_media(
        InputMediaPhoto(picture(90, 80), caption="other"), aigul.id, sent.message_id
    )
    assert not isinstance(replaced, bool)
    assert replaced.photo[-1].file_unique_id != sent.photo[-1].file_unique_id


async def test_deleting(world: World, bot: Bot, aigul: User) -> None:
    """In a private chat both sides' messages can go, once; several at a time skip what is not there."""
    said = world.send_text(aigul, "abuse")
    sent = await bot.send_message(aigul.id, "x")
    assert await bot.delete_message(aigul.id, said.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(aigul.id, said.message_id)
    assert await bot.delete_messages(aigul.id, [said.message_id, sent.message_id])
    assert world.chat_messages(aigul) == []


async def test_old_messages_stay() -> None:
    """After 48 hours a message can't be deleted."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    async with Simulator(TOKEN, clock=lambda: moment) as simulator, bot_of(simulator) as bot:
        user = simulator.world.add_user("Aigul")
        said = simulator.world.send_text(user, "x")
        moment += timedelta(hours=49)
        with pytest.raises(BadRequest, match="Message can't be deleted"):
            await bot.delete_message(user.id, said.message_id)


async def test_forward_and_copy(world: World, bot: Bot, aigul: User) -> None:
    """A forward names its author, a copy does not; protected messages do neither."""
    editor = world.add_user("Editor", started=True)
    said = world.send_text(aigul, "look")
    forwarded = await bot.forward_message(editor.id, aigul.id, said.message_id)
    assert isinstance(forwarded.forward_origin, MessageOriginUser)
    assert forwarded.forward_origin.sender_user.id == aigul.id
    copied = await bot.copy_message(editor.id, aigul.id, said.message_id)
    assert "forward_origin" not in world.message((editor.id, copied.message_id)).body
    several = await bot.forward_messages(editor.id, aigul.id, [said.message_id, 999])
    assert len(several) == 1
    secret = await bot.send_message(aigul.id, "evidence", protect_content=True)
    with pytest.raises(BadRequest, match="can't be forwarded"):
        await bot.forward_message(editor.id, aigul.id, secret.message_id)
    with pytest.raises(BadRequest, match="Message to copy not found"):
        await bot.copy_message(editor.id, aigul.id, 999)


async def test_reactions_of_the_bot(world: World, bot: Bot, aigul: User) -> None:
    """One allowed emoji at a time; an album takes it on its first message; an empty list takes it back."""
    album = world.send_album(aigul, [picture(), picture(color="red")])
    await bot.set_message_reaction(aigul.id, album[1].message_id, "👀")
    assert [message.emoji_of(world.bot.id) for message in album] == [["👀"], []]
    await bot.set_message_reaction(aigul.id, album[0].message_id, [])
    assert album[0].emoji_of(world.bot.id) == []
    with pytest.raises(BadRequest, match="Reaction_invalid"):
        await bot.set_message_reaction(aigul.id, album[0].message_id, "🚀🚀")
    with pytest.raises(BadRequest, match="Reactions_too_many"):
        await bot.set_message_reaction(aigul.id, album[0].message_id, ["👀", "👌"])
    with pytest.raises(BadRequest, match="Message to react not found"):
        await bot.set_message_reaction(aigul.id, 999, "👀")


async def test_a_press_is_answered_once(world: World, bot: Bot, aigul: User) -> None:
    """The press reaches the bot with its data; the first answer reaches the presser, a second is refused."""
    await bot.send_message(aigul.id, "card", reply_markup=_keyboard("Undo", "Note"))
    card = world.last_bot_message(aigul)
    assert card is not None
    press = world.press(aigul, card, "Note")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "do:Note"
    assert update.callback_query.message is not None
    await update.callback_query.answer("noted", show_alert=True)
    assert await press.answered(1) == {"text": "noted", "show_alert": True, "url": ""}
    with pytest.raises(BadRequest, match="Query is too old"):
        await update.callback_query.answer("again")
    with pytest.raises(BadRequest, match="Message_too_long"):
        await bot.answer_callback_query(world.press(aigul, card, 0).id, "x" * 201)
    with pytest.raises(ValueError, match="no callback button"):
        world.press(aigul, card, "Delete everything")


async def test_forged_presses_are_possible(world: World, bot: Bot, aigul: User) -> None:
    """A test may send any callback data, as a forger can."""
    await bot.send_message(aigul.id, "card", reply_markup=_keyboard("Undo"))
    card = world.last_bot_message(aigul)
    assert card is not None
    mallory = world.add_user("Mallory")
    world.press_data(mallory, card, "admin:1")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert (update.callback_query.from_user.id, update.callback_query.data) == (mallory.id, "admin:1")
