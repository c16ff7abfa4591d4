"""Replies of the takedown ledger by their codes: asks the services, leaves the words to cards."""

from zoneinfo import ZoneInfo

from handlers.cards import takedown_list, takedowns
from handlers.cards.card import Card, Reader
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk
from handlers.takedown_query import read_takedown_query


async def _one(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    view = await desk.takedowns.view(reader.member, int(v["takedown"]))
    return takedowns.takedown_card(view, reader, v.get("shown"))


async def _reminder(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return await _one(desk, reader, {**v, "shown": "reminder"})


async def _menu(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    view = await desk.takedowns.view(reader.member, int(v["takedown"]))
    return takedowns.takedown_menu(view, str(v["menu"]), reader)


async def _history(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return takedowns.takedown_history(await desk.takedowns.view(reader.member, int(v["takedown"])), reader)


async def _list(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    query = await desk.takedown_ledger.query(reader.member, int(v["query"]))
    asked = read_takedown_query(query.words, desk.now(), ZoneInfo(reader.newsroom.zone))
    found = await desk.takedown_ledger.page(reader.member, asked, int(v.get("page", 0)))
    batches = [each for each in await desk.takedown_batches.recent(reader.member) if each.sent_at is None]
    return takedown_list.takedown_list(found, asked, query.id, query.words, batches, reader)


async def _figures(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    query = await desk.takedown_ledger.query(reader.member, int(v["query"]))
    asked = read_takedown_query(query.words, desk.now(), ZoneInfo(reader.newsroom.zone))
    figures = await desk.takedown_ledger.figures(reader.member, asked)
    return takedown_list.figures_card(figures, query.words, query.id, reader)


async def _batch(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return takedown_list.batch_card(await desk.takedown_batches.view(reader.member, int(v["batch"])), reader)


async def _ask(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return Card(
        text=reader.t.gettext(
            "What was reported? Please send a link to the account or the post. Lines below it may say more: "
            "channel: …, ticket: …, sent: …, evidence: K-12"
        )
    )


async def _ask_words(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t, label = reader.t, str(v["label"])
    asked = {
        "ticket": t.gettext("{label}: please send the number of the ticket.", label=label),
        "answer": t.gettext("{label}: what did the platform answer?", label=label),
        "note": t.gettext("{label}: please write the note.", label=label),
    }
    return Card(text=asked.get(str(v["what"]), asked["note"]))


async def _recall(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return await _one(desk, reader, v)


TAKEDOWN_REPLIES: dict[str, Render] = {
    "takedown": _one,
    "takedown_reminder": _reminder,
    "takedown_recall": _recall,
    "takedown_menu": _menu,
    "takedown_history": _history,
    "takedowns": _list,
    "takedown_figures": _figures,
    "takedown_batch": _batch,
    "ask_takedown": _ask,
    "ask_takedown_words": _ask_words,
}
