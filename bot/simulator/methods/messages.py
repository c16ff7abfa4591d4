"""sendMessage, sendChatAction, deleteMessage, deleteMessages."""

from typing import Final

from telegram.constants import BulkRequestLimit, ChatAction

from bot.simulator.bodies import new_message, text_content
from bot.simulator.calls import Call
from bot.simulator.limits import check_text
from bot.simulator.messages import StoredMessage
from bot.simulator.methods.registry import method
from bot.simulator.methods.targets import (
    chat_of,
    check_writable,
    common_content,
    formatted,
    message_of,
    reply_of,
    thread_of,
    writable_chat,
)
from bot.simulator.people import Chat
from bot.simulator.refusals import bad_request
from bot.simulator.shapes import Json
from bot.simulator.world import World

_ACTIONS: Final = frozenset(str(action.value) for action in ChatAction)
_DELETABLE_FOR: Final = 48 * 3600  # seconds; documentation of deleteMessage


@method("getMe")
async def get_me(world: World, _: Call) -> Json:
    """Who the bot is."""
    return world.bot.as_json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": world.can_read_all_group_messages,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("sendMessage")
async def send_message(world: World, call: Call) -> Json:
    """Send a text."""
    text = formatted(world, call.text("text") or "", call.text("parse_mode"), call.structure("entities"))
    check_text(text.text)
    extra = common_content(call)
    if options := call.structure("link_preview_options"):
        extra["link_preview_options"] = options
    chat = writable_chat(world, call)
    return send(world, call, chat, text_content(text.text, text.entities) | extra)


def send(world: World, call: Call, chat: Chat, content: Json) -> Json:
    """Put a message of the bot into the chat; the answer is its body."""
    reply, thread = reply_of(world, call, chat), thread_of(call, chat)
    message = new_message(world, chat, world.bot, content, reply=reply, thread_id=thread)
    world.announce("message", message)
    return message.body


@method("sendChatAction")
async def send_chat_action(world: World, call: Call) -> bool:
    """Show "typing…" and the like."""
    chat = chat_of(world, call)
    check_writable(world, chat)
    action = call.text("action") or ""
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.events.publish("action", {"chat_id": chat.id, "action": action})
    return True


@method("deleteMessage")
async def delete_message(world: World, call: Call) -> bool:
    """Delete a message of the bot, or of others where the bot may."""
    chat = chat_of(world, call)
    message = message_of(world, call, chat, "delete")
    _check_deletable(world, chat, message)
    _delete(world, message)
    return True


@method("deleteMessages")
async def delete_messages(world: World, call: Call) -> bool:
    """Delete 1 to 100 messages; those that are not there are skipped."""
    chat = chat_of(world, call)
    numbers = call.structure("message_ids")
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= int(BulkRequestLimit.MAX_LIMIT):
        raise bad_request("message identifiers are not specified")
    found = [m for number in numbers if (m := world.messages.find(chat.id, int(number))) is not None]
    for message in found:
        _check_deletable(world, chat, message)
    for message in found:
        _delete(world, message)
    return True


def _check_deletable(world: World, chat: Chat, message: StoredMessage) -> None:
    """The rules of deleteMessage: 48 hours, own messages, any message of a private chat or as administrator."""
    too_old = world.now() - int(message.body["date"]) > _DELETABLE_FOR
    own = message.sender_id == world.bot.id
    allowed = own or chat.kind == "private" or chat.is_admin(world.bot.id)
    if not allowed or (too_old and not chat.is_admin(world.bot.id)):
        raise bad_request("message can't be deleted")


def _delete(world: World, message: StoredMessage) -> None:
    message.deleted = True
    world.events.publish("delete", {"chat_id": message.chat_id, "message_id": message.message_id})
    world.touch()
