"""sendPhoto, sendDocument, sendMediaGroup."""

import asyncio
from typing import Any

from bot.simulator.bodies import caption_content, new_message
from bot.simulator.calls import Call, Upload
from bot.simulator.limits import MAX_ALBUM, MAX_PHOTO_UPLOAD, MIN_ALBUM, check_caption
from bot.simulator.methods.messages import send
from bot.simulator.methods.registry import method
from bot.simulator.methods.targets import (
    caption_of,
    common_content,
    formatted,
    reply_of,
    thread_of,
    writable_chat,
)
from bot.simulator.pictures import photo_sizes
from bot.simulator.refusals import bad_request
from bot.simulator.shapes import Json
from bot.simulator.world import World


@method("sendPhoto")
async def send_photo(world: World, call: Call) -> Json:
    """Send a photo: an upload or a known file_id."""
    caption = caption_of(world, call)
    check_caption(caption.text)
    content = common_content(call) | caption_content(caption.text, caption.entities)
    chat = writable_chat(world, call)
    content |= await photo_content(world, call.upload("photo"), call.text("photo"), spoiler=call.flag("has_spoiler"))
    return send(world, call, chat, content | _above(call.params))


@method("sendDocument")
async def send_document(world: World, call: Call) -> Json:
    """Send a file as it is: an upload or a known file_id."""
    caption = caption_of(world, call)
    check_caption(caption.text)
    content = common_content(call) | caption_content(caption.text, caption.entities)
    chat = writable_chat(world, call)
    content |= document_content(world, call.upload("document"), call.text("document"))
    return send(world, call, chat, content)


@method("sendMediaGroup")
async def send_media_group(world: World, call: Call) -> list[Json]:
    """Send 2 to 10 photos or documents as an album."""
    items = call.structure("media")
    _check_album(items)
    contents = [await input_media_content(world, call, item) for item in items]
    chat = writable_chat(world, call)
    reply, thread = reply_of(world, call, chat), thread_of(call, chat)
    group = common_content(call) | {"media_group_id": world.new_album_id()}
    group.pop("reply_markup", None)
    sent = [new_message(world, chat, world.bot, c | group, reply=reply, thread_id=thread) for c in contents]
    for message in sent:
        world.announce("message", message)
    return [message.body for message in sent]


def _check_album(items: Any) -> None:
    if items is None:
        raise bad_request('parameter "media" is required')
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise bad_request("can't parse media JSON object")
    if not items:
        raise bad_request("there are no messages to send")
    if len(items) < MIN_ALBUM:
        raise bad_request("too few messages to send as an album")
    if len(items) > MAX_ALBUM:
        raise bad_request("too many messages to send as an album")
    if len({item.get("type") == "document" for item in items}) > 1:
        raise bad_request("document can't be mixed with other media types")


async def input_media_content(world: World, call: Call, item: Json) -> Json:
    """The message fields of one InputMedia. Raises ApiError 400 for a type other than photo and document."""
    media = str(item.get("media") or "")
    if not media:
        raise bad_request("can't parse InputMedia: media not found")
    caption = formatted(world, item.get("caption") or "", item.get("parse_mode"), item.get("caption_entities"))
    check_caption(caption.text)
    content = caption_content(caption.text, caption.entities) | _above(item)
    match item.get("type"):
        case "photo":
            spoiler = bool(item.get("has_spoiler"))
            return content | await photo_content(world, call.attached(media), media, spoiler=spoiler)
        case "document":
            return content | document_content(world, call.attached(media), media)
    raise bad_request(f'can\'t parse InputMedia: type "{item.get("type")}" is unsupported')


async def photo_content(world: World, upload: Upload | None, reference: str | None, *, spoiler: bool) -> Json:
    """The fields of a photo message. Raises ApiError 400 for no photo, a broken one or one above 10 MB."""
    if upload is not None:
        _check_upload(upload)
        if len(upload.data) > MAX_PHOTO_UPLOAD:
            raise bad_request(f"file of size {len(upload.data)} bytes is too big for a photo")
        pictures = await asyncio.to_thread(photo_sizes, upload.data)
        sizes = world.files.add_photo(pictures, world.bot.id)
    elif reference:
        sizes = world.files.photo(reference)
    else:
        raise bad_request("there is no photo in the request")
    return {"photo": sizes} | ({"has_media_spoiler": True} if spoiler else {})


def document_content(world: World, upload: Upload | None, reference: str | None) -> Json:
    """The fields of a document message. Raises ApiError 400 for no document or an empty one."""
    if upload is not None:
        _check_upload(upload)
        document = world.files.add_document(upload.data, upload.file_name, upload.mime_type, world.bot.id)
    elif reference:
        document = world.files.document(reference)
    else:
        raise bad_request("there is no document in the request")
    return {"document": document}


def _check_upload(upload: Upload) -> None:
    if not upload.data:
        raise bad_request("file must be non-empty")


def _above(fields: Json) -> Json:
    value = str(fields.get("show_caption_above_media", "")).lower()
    return {"show_caption_above_media": True} if value in {"true", "1"} else {}
