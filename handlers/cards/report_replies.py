"""Replies of reports and of the coding queue by their codes: asks the services, leaves the words to cards."""

from bot.errors import Refusal
from bot.i18n import Html
from handlers.cards import post_coding, reports
from handlers.cards.card import Card, Reader
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk


async def _report(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    found = await desk.period_reports.ordered(reader.member, int(v["order"]))
    return reports.report_card(found, int(v["order"]), reader)


async def _how(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return reports.how_card(reader)


async def _unequal(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    said = reader.t.gettext(
        "The first period has {days} days, the second {other}: only equally long ones can be compared. This fits:",
        days=v["days"],
        other=v["other"],
    )
    return _fitting(said, v)


async def _overlap(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return _fitting(reader.t.gettext("The two periods share days. This fits:"), v)


async def _backwards(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return Card(
        text=reader.t.gettext("This period ends before it begins. Is this meant: {window}?", window=str(v["window"]))
    )


async def _long(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    most = int(v["most"])
    return Card(
        text=reader.t.ngettext(
            "A period has {count} day at most.", "A period has {count} days at most.", most, count=most
        )
    )


def _fitting(said: Html, v: Values) -> Card:
    """The sentence with the windows that fit, to be copied by a tap."""
    windows = Html.escaped(f"{v['now']} vs {v['fitting']}")
    return Card(text=Html(f"{said}\n<code>{windows}</code>"))


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
    "report_windows_unequal": _unequal,
    "report_windows_overlap": _overlap,
    "report_window_backwards": _backwards,
    "report_window_long": _long,
    "coding": _coding,
    "coding_done": _done,
    "coding_drawn": _drawn,
}
