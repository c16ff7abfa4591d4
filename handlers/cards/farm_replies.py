"""Replies about farms, curators and work reports by their codes: asks the services, leaves the words to cards."""

from datetime import date

from handlers.cards.card import Card, Reader, lines
from handlers.cards.curators import curator_card, curator_list, report_list
from handlers.cards.farms import farm_card, farm_list, offers_card
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk


async def _farms(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    page = int(v.get("page", 0))
    return farm_list(await desk.farms.lines(reader.member, page), page, reader)


async def _farm(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return farm_card(await desk.farms.view(reader.member, int(v["number"]), int(v.get("page", 0))), reader)


async def _offers(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    number = int(v["number"]) if v.get("number") is not None else None
    page = int(v.get("page", 0))
    found, is_more = await desk.farms.offers(reader.member, number, page)
    return offers_card(found, is_more, number, page, reader)


async def _asked(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return Card(text=reader.t.gettext("The farms are looked for anew. You will be shown the list when it is done."))


async def _vote(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    day = reader.t.date(date.fromisoformat(v["day"]))
    said = reader.t.gettext("Noted: a vote on {day}. Cards of farms will say whether there was overtime.", day=day)
    return Card(text=said)


async def _nothing_to_draw(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return Card(text=reader.t.gettext("There is not enough to draw yet."))


async def _curators(desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return curator_list(await desk.curators.everybody(reader.member), reader)


async def _curator(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return curator_card(await desk.curators.one(reader.member, int(v["number"])), reader)


async def _reports(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    page = int(v.get("page", 0))
    found, is_more = await desk.work_reports.page(reader.member, page)
    return report_list(found, is_more, page, reader)


async def _ask_report(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    t = reader.t
    return Card(
        text=lines(
            t.gettext("Please send the screenshot or the words. I keep neither your name nor where they came from."),
            t.gettext("A name or a face in the picture stays in it: cover what could betray somebody first."),
        )
    )


async def _report_lost(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    t = reader.t
    return Card(text=t.gettext("Your report could not be read, and nothing of it was kept. Please send it once more."))


async def _report_kept(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    t = reader.t
    return Card(
        text=lines(
            t.gettext("Kept. Nothing here says that it came from you."),
            t.gettext("Telegram still shows it in this chat: please delete your message and this one on both sides."),
        )
    )


FARM_REPLIES: dict[str, Render] = {
    "farms": _farms,
    "farm": _farm,
    "farm_offers": _offers,
    "farms_asked": _asked,
    "vote_noted": _vote,
    "farm_nothing_to_draw": _nothing_to_draw,
    "curators": _curators,
    "curator": _curator,
    "workreports": _reports,
    "ask_workreport": _ask_report,
    "workreport_kept": _report_kept,
    "workreport_lost": _report_lost,
}
