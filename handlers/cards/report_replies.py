"""Replies of reports and of the coding queue by their codes: asks the services, leaves the words to cards."""

from bot.errors import Refusal
from handlers.cards import post_coding, reports
from handlers.cards.card import Card, Reader
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk


async def _report(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    found = await desk.period_reports.ordered(reader.member, int(v["order"]))
    return reports.report_card(found, int(v["order"]), reader)


async def _how(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return reports.how_card(reader)


async def _empty(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return Card(text=reader.t.gettext("Nothing is known of these days: no posts, no comments, no ads."))


async def _coding(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    try:
        view = await desk.post_coding.view(reader.member, int(v["post"]))
    except Refusal:
        # Somebody was faster between the press and the answer.
        return post_coding.done_card(reader)
    return post_coding.coding_card(view, reader, int(v.get("undo", 0)))


async def _done(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return post_coding.done_card(reader, int(v.get("undo", 0)))


async def _drawn(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return post_coding.drawn_card(int(v["posts"]), int(v["added"]), reader)


REPORT_REPLIES: dict[str, Render] = {
    "report": _report,
    "report_how": _how,
    "report_empty": _empty,
    "coding": _coding,
    "coding_done": _done,
    "coding_drawn": _drawn,
}
