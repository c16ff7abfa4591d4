"""Replies about spikes, watch windows and own stories by their codes."""

from handlers.cards.card import Card, Reader
from handlers.cards.render import Render, Values
from handlers.cards.spikes import spike_list, story_list, watch_list
from handlers.desk import FrontDesk


async def _spikes(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    page = int(v.get("page", 0))
    found, is_more = await desk.spikes.page(reader.member, page)
    return spike_list(found, page, is_more, reader)


async def _watches(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    new = int(v["new"]) if v.get("new") is not None else None
    return watch_list(await desk.watch_windows.windows(reader.member), new, reader)


async def _stories(desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return story_list(await desk.watch_windows.stories(reader.member), reader)


SPIKE_REPLIES: dict[str, Render] = {"spikes": _spikes, "watches": _watches, "stories": _stories}
