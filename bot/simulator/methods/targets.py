"""What a request points at: the chat, the message, the text with its entities, the keyboard."""

from typing import Any

from telegram.constants import ParseMode

from bot.simulator.calls import Call
from bot.simulator.detected_entities import with_detected
from bot.simulator.entities import FormattedText, parse_html, plain
from bot.simulator.limits import checked_keyboard, utf16_length
from bot.simulator.messages import StoredMessage
from bot.simulator.people import Chat
from bot.simulator.refusals import bad_request, forbidden
from bot.simulator.shapes import Json
from bot.simulator.world import World


def chat_of(world: World, call: Call, name: str = "chat_id") -> Chat:
    """The chat that a parameter names by id or @username. Raises ApiError 400 "chat not found"."""
    value = str(call.params.get(name, "")).strip()
    if not value:
        raise bad_request("chat_id is empty")
    if value.startswith("@"):
        found = next((c for c in world.chats.values() if c.username and f"@{c.username}" == value), None)
    else:
        found = world.chats.get(call.integer(name))
    if found is None:
        raise bad_request("chat not found")
    return found


def writable_chat(world: World, call: Call) -> Chat:
    """The chat, if the bot may write there. Raises ApiError 403 with Telegram's reasons, 429 under flood limits."""
    chat = chat_of(world, call)
    check_writable(world, chat)
    world.flood.check(chat.id, world.clock().timestamp())
    return chat


def check_writable(world: World, chat: Chat) -> None:
    """Raise ApiError 403 when the bot may not write in the chat."""
    if chat.user is not None:
        if chat.user.deactivated:
            raise forbidden("user is deactivated")
        if chat.user.has_blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.user.started:
            raise forbidden("bot can't initiate conversation with a user")
    elif chat.members.get(world.bot.id) == "kicked":
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    elif not chat.has(world.bot.id):
        raise forbidden(f"bot is not a member of the {chat.kind} chat")


def message_of(world: World, call: Call, chat: Chat, purpose: str) -> StoredMessage:
    """The message that ``message_id`` names. Raises ApiError 400 "message to PURPOSE not found"."""
    number = call.integer("message_id")
    if number <= 0:
        raise bad_request("message identifier is not specified")
    found = world.messages.find(chat.id, number)
    if found is None or not found.seen_by_bot:
        raise bad_request(f"message to {purpose} not found")
    return found


def reply_of(world: World, call: Call, chat: Chat) -> StoredMessage | None:
    """The message that the new one answers. Raises ApiError 400 when it is not there and must be."""
    asked = call.nested("reply_parameters")
    number = asked.integer("message_id") or call.integer("reply_to_message_id")
    if not number:
        return None
    found = world.messages.find(asked.integer("chat_id") or chat.id, number)
    lenient = asked.flag("allow_sending_without_reply") or call.flag("allow_sending_without_reply")
    if found is None and not lenient:
        raise bad_request("message to be replied not found")
    return found


def formatted(world: World, text: str, parse_mode: str | None, entities: Any) -> FormattedText:
    """A text as Telegram shows it. Raises ApiError 400 for broken markup or an unknown parse mode."""
    if parse_mode:
        if parse_mode.upper() != ParseMode.HTML:
            raise bad_request("unsupported parse_mode")
        return with_detected(parse_html(text, lambda number: _user_json(world, number)))
    if not entities:
        return with_detected(plain(text))
    return with_detected(FormattedText(text=text, entities=_inside(entities, utf16_length(text))))


def _inside(entities: Any, units: int) -> list[Json]:
    if not isinstance(entities, list) or not all(isinstance(entity, dict) for entity in entities):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    return [e for e in entities if e["offset"] >= 0 and e["length"] > 0 and e["offset"] + e["length"] <= units]


def _user_json(world: World, number: int) -> Json | None:
    user = world.users.get(number)
    return None if user is None else user.as_json()


def caption_of(world: World, call: Call) -> FormattedText:
    """The caption of a request, empty when there is none."""
    return formatted(world, call.text("caption") or "", call.text("parse_mode"), call.structure("caption_entities"))


def keyboard_of(call: Call) -> Json:
    """``{"reply_markup": …}`` with the checked inline keyboard, or nothing."""
    keyboard = checked_keyboard(call.structure("reply_markup"))
    return {} if keyboard is None else {"reply_markup": keyboard}


def common_content(call: Call) -> Json:
    """Fields that every sent message takes over from its request."""
    return keyboard_of(call) | ({"has_protected_content": True} if call.flag("protect_content") else {})


def thread_of(call: Call, chat: Chat) -> int | None:
    """The topic of a forum. Raises ApiError 400 "message thread not found"."""
    thread = call.integer("message_thread_id")
    if not thread or not chat.is_forum:
        return None
    if thread not in chat.topics:
        raise bad_request("message thread not found")
    return thread
