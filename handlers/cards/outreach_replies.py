"""Replies of the threads with owners by their codes: asks the services, leaves the words to cards."""

from handlers.cards import outreach
from handlers.cards.card import Card, Reader
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk


async def _one(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return outreach.outreach_card(await desk.outreach.view(reader.member, int(v["outreach"])), reader)


async def _taken(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return outreach.outreach_card(await desk.outreach.view(reader.member, int(v["outreach"])), reader, taken=True)


async def _letter(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    view = await desk.outreach.view(reader.member, int(v["outreach"]))
    links = desk.outreach.links(view)
    return outreach.letter_card(view, str(v["language"]), links, reader)


async def _candidates(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    account = await desk.accounts.see(reader.member, int(v["account"]))
    found = await desk.outreach.candidates(reader.member, account)
    return outreach.candidates_card(account, found, reader)


async def _search(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return outreach.search_card(reader)


async def _list(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return outreach.outreach_list(await desk.outreach.page(reader.member, int(v.get("page", 0))), reader)


async def _ask(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return Card(text=reader.t.gettext("{label}: what did the person reply?", label=str(v["label"])))


OUTREACH_REPLIES: dict[str, Render] = {
    "outreach": _one,
    "outreach_taken": _taken,
    "outreach_letter": _letter,
    "outreach_candidates": _candidates,
    "outreach_search": _search,
    "outreaches": _list,
    "ask_outreach_reply": _ask,
}
