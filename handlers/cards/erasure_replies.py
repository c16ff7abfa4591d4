"""Replies about what leaves: cases that nobody needs any more, erasure by two people, backups, the log's check."""

from handlers.buttons import Press
from handlers.cards.card import Button, Card, Reader, lines
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk


async def _leaving(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t, days = reader.t, int(v["days"])
    text = t.ngettext(
        "{case} leaves in {days} day: nothing hangs on it, no ruling, no threat, no account. Is it still needed?",
        "{case} leaves in {days} days: nothing hangs on it, no ruling, no threat, no account. Is it still needed?",
        days,
        case=v["case"],
        days=days,
    )
    press = Press(action="keepcase", subject=int(v["submission"]))
    return Card(text=text, buttons=((Button(label=t.plain.pgettext("button", "Keep"), press=press),),))


async def _kept(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return Card(text=reader.t.gettext("{case} stays.", case=v["case"]))


async def _left(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t, count = reader.t, int(v["count"])
    text = t.ngettext(
        "{count} old case on which nothing hung was erased last night.",
        "{count} old cases on which nothing hung were erased last night.",
        count,
        count=count,
    )
    return Card(text=text)


async def _erased(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    who = str(v["who"]) or t.plain.gettext("the server's operator")
    if v["what"]:
        said = t.gettext("{what} is erased; {who} agreed.", what=v["what"], who=who)
    else:
        said = t.gettext("The account is erased; {who} agreed. Lists that bring it again are told so.", who=who)
    return Card(text=lines(said, t.gettext("The custody log says so. Older backups expire by themselves.")))


async def _share_erased(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    text = reader.t.gettext(
        "An account that stands in “{name}” of {date} was erased for good. Please delete your copies of the file, and "
        "ask whom you gave it to for the same; a new export is without it.",
        name=v["name"],
        date=v["day"],
    )
    return Card(text=text)


async def _log_broken(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return Card(
        text=reader.t.gettext(
            "The custody log does not verify any more: something was changed or is missing on the server. Copy the "
            "server's data before anything else, and run “kalkan verify”."
        )
    )


async def _backup_late(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t, hours = reader.t, int(v["hours"])
    if not hours:
        return Card(text=t.gettext("No backup could be made yet. The server's log says why."))
    text = t.ngettext(
        "The last good backup is {hours} hour old. The server's log says why none is made.",
        "The last good backup is {hours} hours old. The server's log says why none is made.",
        hours,
        hours=hours,
    )
    return Card(text=text)


ERASURE_REPLIES: dict[str, Render] = {
    "case_leaving": _leaving,
    "case_kept": _kept,
    "cases_left": _left,
    "erased": _erased,
    "share_erased": _share_erased,
    "log_broken": _log_broken,
    "backup_late": _backup_late,
}
