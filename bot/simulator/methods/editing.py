"""editMessageText, editMessageCaption, editMessageMedia, editMessageReplyMarkup."""

from bot.simulator.bodies import caption_content, text_content
from bot.simulator.calls import Call
from bot.simulator.limits import check_caption, check_text
from bot.simulator.messages import StoredMessage
from bot.simulator.methods.media import input_media_content
from bot.simulator.methods.registry import method
from bot.simulator.methods.targets import (
    caption_of,
    chat_of,
    check_writable,
    formatted,
    keyboard_of,
    message_of,
)
from bot.simulator.refusals import bad_request
from bot.simulator.shapes import Json
from bot.simulator.world import World

_MEDIA = ("photo", "document", "video", "animation", "audio")


@method("editMessageText")
async def edit_message_text(world: World, call: Call) -> Json:
    """Replace text and keyboard of a text message."""
    text = formatted(world, call.text("text") or "", call.text("parse_mode"), call.structure("entities"))
    check_text(text.text)
    content = text_content(text.text, text.entities) | keyboard_of(call)
    message = _editable(world, call)
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    if options := call.structure("link_preview_options"):
        content["link_preview_options"] = options
    return _edit(world, message, ("text", "entities", "reply_markup", "link_preview_options"), content)


@method("editMessageCaption")
async def edit_message_caption(world: World, call: Call) -> Json:
    """Replace caption and keyboard of a media message."""
    caption = caption_of(world, call)
    check_caption(caption.text)
    content = caption_content(caption.text, caption.entities) | keyboard_of(call)
    message = _editable(world, call)
    if not any(kind in message.body for kind in _MEDIA):
        raise bad_request("there is no caption in the message to edit")
    return _edit(world, message, ("caption", "caption_entities", "reply_markup"), content)


@method("editMessageMedia")
async def edit_message_media(world: World, call: Call) -> Json:
    """Replace photo or document, caption and keyboard of a message."""
    item = call.structure("media")
    if not isinstance(item, dict):
        raise bad_request('parameter "media" is required')
    keyboard = keyboard_of(call)
    message = _editable(world, call)
    content = await input_media_content(world, call, item) | keyboard
    replaced = (*_MEDIA, "text", "entities", "caption", "caption_entities", "has_media_spoiler", "reply_markup")
    return _edit(world, message, replaced, content)


@method("editMessageReplyMarkup")
async def edit_message_reply_markup(world: World, call: Call) -> Json:
    """Replace the keyboard only."""
    keyboard = keyboard_of(call)
    return _edit(world, _editable(world, call), ("reply_markup",), keyboard)


def _editable(world: World, call: Call) -> StoredMessage:
    chat = chat_of(world, call)
    check_writable(world, chat)
    message = message_of(world, call, chat, "edit")
    if message.sender_id != world.bot.id or "forward_origin" in message.body:
        raise bad_request("message can't be edited")
    world.flood.check(chat.id, world.clock().timestamp())
    return message


def _edit(world: World, message: StoredMessage, replaced: tuple[str, ...], content: Json) -> Json:
    """Rewrite the replaced fields. Raises ApiError 400 when nothing changes."""
    before = {name: value for name, value in message.body.items() if name in replaced}
    if before == content:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    kept = {name: value for name, value in message.body.items() if name not in replaced}
    message.rewrite(kept | content | {"edit_date": world.now()})
    world.announce("edit", message)
    return message.body
