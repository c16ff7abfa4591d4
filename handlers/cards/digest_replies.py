"""Replies of digests by their codes: asks the services, leaves the words to cards."""

from handlers.cards.card import Card, Reader
from handlers.cards.digest_settings import (
    added_card,
    asked_card,
    chats_card,
    checkpoints_card,
    former_card,
    list_card,
    settings_card,
    stopped_card,
)
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk


async def _chats(desk: FrontDesk, reader: Reader, _v: Values) -> Card:
    return chats_card(await desk.digest_chats.everything(reader.member), reader)


async def _added(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    chat = await desk.digest_chats.get(reader.member, int(v["chat"]))
    return added_card(chat, int(v["people"]), int(v["known"]), reader)


async def _asked(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return asked_card(await desk.digest_chats.get(reader.member, int(v["chat"])), reader)


async def _stopped(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return stopped_card(await desk.digest_chats.get(reader.member, int(v["chat"])), str(v.get("who", "")), reader)


async def _former(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return former_card(str(v["who"]), reader)


async def _checkpoints(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return checkpoints_card(str(v["why"]), reader)


async def _waits(_desk: FrontDesk, reader: Reader, _v: Values) -> Card:
    return Card(text=reader.t.gettext("An administrator has been asked. The first digest comes once they agree."))


async def _list(desk: FrontDesk, reader: Reader, _v: Values) -> Card:
    return list_card(await desk.digests.of_member(reader.member), reader)


async def _settings(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return settings_card(await desk.digests.view(reader.member, int(v["chat"])), reader)


DIGEST_REPLIES: dict[str, Render] = {
    "chats": _chats,
    "chat_added": _added,
    "chat_asked": _asked,
    "chat_stopped": _stopped,
    "chat_former": _former,
    "checkpoints_stopped": _checkpoints,
    "chat_waits": _waits,
    "digests": _list,
    "digest": _settings,
}
