"""Replies about what leaves: cases that nobody needs any more, erasure by two people, backups, the log's check."""

from handlers.buttons import Press
from handlers.cards.card import Button, Card, Reader, clipped, lines, quote
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk

_GROUND = 300


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


async def _asked(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    press = Press(action="erase", subject=int(v["submission"]))
    return Card(
        text=lines(
            t.gettext("{who} asks to erase {case} for good:", who=v["who"], case=v["case"]),
            quote(clipped(str(v["ground"]), _GROUND)),
            t.gettext("Its texts, pictures and threats will be gone, and cannot be brought back. Do you agree?"),
        ),
        buttons=((Button(label=t.plain.pgettext("button", "Erase for good"), press=press),),),
    )


async def _waits(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return Card(text=reader.t.gettext("{case}: a second person has a day to agree.", case=v["case"]))


async def _erased(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    text = t.gettext(
        "{case} is erased; {who} agreed. The custody log says so. Older backups expire by themselves.",
        case=v["case"],
        who=v["who"],
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
    "erasure_asked": _asked,
    "erasure_waits": _waits,
    "case_erased": _erased,
    "log_broken": _log_broken,
    "backup_late": _backup_late,
}
