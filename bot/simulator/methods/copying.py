"""forwardMessage(s) and copyMessage(s)."""

from typing import Any

from telegram.constants import BulkRequestLimit

from bot.simulator.bodies import caption_content, new_message
from bot.simulator.calls import Call
from bot.simulator.limits import check_caption
from bot.simulator.messages import StoredMessage
from bot.simulator.methods.messages import send
from bot.simulator.methods.registry import method
from bot.simulator.methods.targets import caption_of, chat_of, common_content, message_of, writable_chat
from bot.simulator.origins import from_channel, from_hidden_user, from_user
from bot.simulator.refusals import bad_request
from bot.simulator.shapes import Json
from bot.simulator.world import World

# What a copy or a forward does not take over from the message.
_OWN = frozenset(
    {
        "message_id",
        "from",
        "sender_chat",
        "chat",
        "date",
        "edit_date",
        "message_thread_id",
        "is_topic_message",
        "reply_to_message",
        "reply_markup",
        "media_group_id",
        "has_protected_content",
    }
)


@method("forwardMessage")
async def forward_message(world: World, call: Call) -> Json:
    """Forward any message, with its origin."""
    source = message_of(world, call, chat_of(world, call, "from_chat_id"), "forward")
    _check_unprotected(source, "forwarded")
    return send(world, call, writable_chat(world, call), _forwarded(world, source) | common_content(call))


@method("copyMessage")
async def copy_message(world: World, call: Call) -> Json:
    """Send the same content without its origin."""
    source = message_of(world, call, chat_of(world, call, "from_chat_id"), "copy")
    _check_unprotected(source, "copied")
    content = _copied(source)
    if "caption" in call.params and "text" not in content:
        caption = caption_of(world, call)
        check_caption(caption.text)
        content = {n: v for n, v in content.items() if n not in {"caption", "caption_entities"}}
        content |= caption_content(caption.text, caption.entities)
    body = send(world, call, writable_chat(world, call), content | common_content(call))
    return {"message_id": body["message_id"]}


@method("forwardMessages")
async def forward_messages(world: World, call: Call) -> list[Json]:
    """Forward up to 100 messages; those that can't be forwarded are skipped."""
    sources = _sources(world, call)
    chat = writable_chat(world, call)
    return [_put(world, chat.id, _album(source) | _forwarded(world, source)) for source in sources]


@method("copyMessages")
async def copy_messages(world: World, call: Call) -> list[Json]:
    """Copy up to 100 messages; those that can't be copied are skipped."""
    sources = _sources(world, call)
    chat = writable_chat(world, call)
    without = {"caption", "caption_entities"} if call.flag("remove_caption") else set()
    contents = [{n: v for n, v in _copied(source).items() if n not in without} for source in sources]
    return [_put(world, chat.id, _album(s) | content) for s, content in zip(sources, contents, strict=True)]


def _sources(world: World, call: Call) -> list[StoredMessage]:
    numbers: Any = call.structure("message_ids")
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= int(BulkRequestLimit.MAX_LIMIT):
        raise bad_request("message identifiers are not specified")
    chat = chat_of(world, call, "from_chat_id")
    found = [world.messages.find(chat.id, int(number)) for number in numbers]
    return [m for m in found if m is not None and m.seen_by_bot and "has_protected_content" not in m.body]


def _put(world: World, chat_id: int, content: Json) -> Json:
    message = new_message(world, world.chat(chat_id), world.bot, content)
    world.announce("message", message)
    return {"message_id": message.message_id}


def _album(source: StoredMessage) -> Json:
    """Albums stay albums, under a new id."""
    group = source.body.get("media_group_id")
    return {} if group is None else {"media_group_id": f"9{group}"}


def _check_unprotected(source: StoredMessage, verb: str) -> None:
    if "has_protected_content" in source.body:
        raise bad_request(f"message can't be {verb}")


def _copied(source: StoredMessage) -> Json:
    return {n: v for n, v in source.body.items() if n not in _OWN and n != "forward_origin"}


def _forwarded(world: World, source: StoredMessage) -> Json:
    content = {name: value for name, value in source.body.items() if name not in _OWN}
    return content if "forward_origin" in content else content | {"forward_origin": _origin(world, source)}


def _origin(world: World, source: StoredMessage) -> Json:
    date = {"date": source.body["date"]}
    sender = world.users.get(source.sender_id)
    if sender is None:
        return date | from_channel(world.chat(source.chat_id), message_id=source.message_id)
    return date | (from_hidden_user(sender.full_name) if sender.hides_forwards else from_user(sender))
