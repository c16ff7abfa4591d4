"""The acts of imaginary people as the control interface names them: ``POST /sim/acts/NAME``.

Parameters are those of ``World``'s methods, with ids for people, chats and messages (``chat_id`` of a private chat
may be left out). Uploaded parts are photos or files; an ``origin`` is read by ``origins.from_spec``.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from bot.simulator.acts import MediaItem
from bot.simulator.calls import Call, Upload
from bot.simulator.origins import from_spec
from bot.simulator.pictures import photo_sizes
from bot.simulator.shapes import Json
from bot.simulator.world import World

Act = Callable[[World, Call, Sequence[Upload]], Awaitable[Any]]

ACTS: Final[dict[str, Act]] = {}


def _act(function: Act) -> Act:
    """Enter an act under the function's name."""
    ACTS[function.__name__] = function
    return function


def _who(call: Call) -> int:
    number = call.integer("user_id")
    if not number:
        raise ValueError("user_id is missing")
    return number


def _where(call: Call) -> int:
    return call.integer("chat_id") or _who(call)


def _which(call: Call, name: str = "message_id") -> tuple[int, int]:
    return (_where(call), call.integer(name))


def _reply(call: Call) -> tuple[int, int] | None:
    return _which(call, "reply_to") if call.params.get("reply_to") else None


def _origin(call: Call) -> Json | None:
    spec = call.params.get("origin")
    return from_spec(spec) if isinstance(spec, dict) else None


async def _items(uploads: Sequence[Upload], as_file: bool, spoiler: bool) -> list[MediaItem]:
    """Uploads as album items; pictures are made smaller in a thread."""
    if as_file:
        return [MediaItem(data=u.data, kind="document", file_name=u.file_name, mime_type=u.mime_type) for u in uploads]
    pictures = [await asyncio.to_thread(photo_sizes, upload.data) for upload in uploads]
    return [MediaItem(data=sizes, has_spoiler=spoiler) for sizes in pictures]


@_act
async def text(world: World, call: Call, _: Sequence[Upload]) -> Json:
    """{user_id, text, chat_id?, reply_to?, origin?}."""
    words = call.text("text") or ""
    return world.view(
        world.send_text(_who(call), words, chat=_where(call), reply_to=_reply(call), origin=_origin(call))
    )


@_act
async def start(world: World, call: Call, _: Sequence[Upload]) -> Json:
    """{user_id, payload?}: open a deep link."""
    return world.view(world.start(_who(call), call.text("payload") or ""))


@_act
async def media(world: World, call: Call, uploads: Sequence[Upload]) -> list[Json]:
    """{user_id, chat_id?, caption?, as_file?, has_spoiler?, origin?} and 1 to 10 files: one message or an album."""
    items = await _items(uploads, call.flag("as_file"), call.flag("has_spoiler"))
    who, caption, origin = _who(call), call.text("caption") or "", _origin(call)
    if len(items) != 1:
        sent = world.send_album(who, items, caption=caption, chat=_where(call), origin=origin)
        return [world.view(message) for message in sent]
    item, where = items[0], _where(call)
    if isinstance(item.data, bytes):
        message = world.send_document(
            who, item.data, item.file_name, item.mime_type, caption=caption, chat=where, origin=origin
        )
    else:
        spoiler = item.has_spoiler
        message = world.send_photo(who, item.data, caption=caption, chat=where, origin=origin, has_spoiler=spoiler)
    return [world.view(message)]


@_act
async def library(world: World, call: Call, _: Sequence[Upload]) -> Json:
    """{user_id, item_id, chat_id?}: forward (or send) one item of the library."""
    item = world.library[call.integer("item_id")]
    who, where, origin = _who(call), _where(call), item.origin
    if item.kind == "text":
        return world.view(world.send_text(who, item.text, chat=where, origin=origin))
    if item.kind == "photo":
        sizes = await asyncio.to_thread(photo_sizes, item.data)
        return world.view(world.send_photo(who, sizes, caption=item.text, chat=where, origin=origin))
    return world.view(
        world.send_document(
            who, item.data, item.file_name, item.mime_type, caption=item.text, chat=where, origin=origin
        )
    )


@_act
async def attachment(world: World, call: Call, _: Sequence[Upload]) -> Json:
    """{user_id, kind, chat_id?, origin?}: voice, video, sticker, location, …"""
    kind = call.text("kind") or ""
    return world.view(world.send_attachment(_who(call), kind, chat=_where(call), origin=_origin(call)))


@_act
async def press(world: World, call: Call, _: Sequence[Upload]) -> Json:
    """{user_id, message_id, button, chat_id?}: button is a place, a callback_data or a label."""
    button = call.params.get("button", "")
    return world.press(_who(call), _which(call), button if isinstance(button, int) else str(button)).as_json()


@_act
async def press_data(world: World, call: Call, _: Sequence[Upload]) -> Json:
    """{user_id, message_id, data, chat_id?}: a callback query with any data."""
    return world.press_data(_who(call), _which(call), call.text("data") or "").as_json()


@_act
async def edit(world: World, call: Call, _: Sequence[Upload]) -> Json:
    """{user_id, message_id, text, chat_id?}."""
    return world.view(world.edit_text(_who(call), _which(call), call.text("text") or ""))


@_act
async def delete(world: World, call: Call, _: Sequence[Upload]) -> Json:
    """{user_id, message_id, chat_id?}."""
    world.delete(_who(call), _which(call))
    return {}


@_act
async def react(world: World, call: Call, _: Sequence[Upload]) -> Json:
    """{user_id, message_id, emoji: "👍" or [], chat_id?}."""
    emoji = call.params.get("emoji") or []
    world.react(_who(call), _which(call), emoji)
    return world.view(world.message(_which(call)))


@_act
async def block(world: World, call: Call, _: Sequence[Upload]) -> Json:
    """{user_id}."""
    world.block(_who(call))
    return {}


@_act
async def unblock(world: World, call: Call, _: Sequence[Upload]) -> Json:
    """{user_id}."""
    world.unblock(_who(call))
    return {}


@_act
async def post(world: World, call: Call, uploads: Sequence[Upload]) -> Json:
    """{chat_id, text}: publish in a channel."""
    photo = uploads[0].data if uploads else None
    return world.view(world.post(call.integer("chat_id"), call.text("text") or "", photo=photo))
