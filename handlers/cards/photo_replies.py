"""Replies about photos and their owners: asks the services, and leaves the words to the cards."""

from bot.i18n import Html
from bot.model.codec import load
from bot.model.verdict import PhotoFound
from handlers.buttons import Press
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines
from handlers.cards.photos import owner_lines, seen_card
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk

_NAME = 64


async def _seen(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    found = [load(PhotoFound, each) for each in v["found"]]
    return seen_card(await desk.photo_search.seen(reader.member, str(v["sha256"]), found), reader)


async def _more(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t, count = reader.t, int(v["count"])
    text = t.ngettext("{count} more pair of photos", "{count} more pairs of photos", count, count=count)
    press = Press(action="pairs", subject=int(v["submission"]), argument=str(v["page"]))
    return Card(text=text, buttons=((Button(label=t.plain.pgettext("button", "More"), press=press),),))


async def _ask_photo(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return Card(text=reader.t.gettext("Please send the picture. I will say where it was seen; nothing is filed."))


async def _ask_owner(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t, known = reader.t, await desk.photo_owners.of(reader.member, str(v["sha256"]))
    so_far = owner_lines(known, reader) if known is not None else []
    name = known.entry.name if known is not None and known.entry is not None else None
    return Card(
        text=lines(
            t.gettext("Recorded so far: {name}", name=bold(clipped(name, _NAME))) if name else None,
            *so_far,
            t.gettext(
                "Whose photo is it? Please send the name of the person from whom it was stolen, and a link to the real "
                "profile on the next line if you have one."
            ),
        )
    )


async def _ask_how(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    asked = reader.t.gettext(
        "How do you know that it is {name}? For example: a search for the photo, an acquaintance, the person wrote. "
        "A note may stand on further lines; “-” if there is nothing to say.",
        name=bold(clipped(str(v["name"]), _NAME)),
    )
    return Card(text=asked)


async def _kept(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return await _owner(
        desk, reader, v, reader.t.gettext("Recorded. It is shown from now on wherever this photo is found.")
    )


async def _same(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return await _owner(desk, reader, v, reader.t.gettext("This was recorded already."))


async def _forgotten(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return Card(text=reader.t.gettext("Taken back: whose photo it is counts as unknown again."))


async def _owner(desk: FrontDesk, reader: Reader, v: Values, said: Html) -> Card:
    known = await desk.photo_owners.of(reader.member, str(v["sha256"]))
    if known is None or known.entry is None:
        return Card(text=said)
    named = reader.t.gettext("Stolen from: {name}", name=bold(clipped(known.entry.name, _NAME)))
    return Card(text=lines(said, named, *owner_lines(known, reader)))


PHOTO_REPLIES: dict[str, Render] = {
    "photo_seen": _seen,
    "photo_more": _more,
    "ask_photo": _ask_photo,
    "ask_owner": _ask_owner,
    "ask_owner_how": _ask_how,
    "owner_kept": _kept,
    "owner_same": _same,
    "owner_forgotten": _forgotten,
}
