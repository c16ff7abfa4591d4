"""Cards of the exchange with other newsrooms: what would be told, whom we listen to, what a file would change."""

from typing import Final

from bot.i18n import N_, Html
from bot.model.exchange import ExportPreview, ImportPreview, Partner, Standing
from bot.services.exchange.keys import key_line, mark_of
from handlers.buttons import Press
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk

_MOST_PARTNERS: Final = 20
_NAME: Final = 60

_STANDINGS: Final = {
    Standing.OWN: N_("It is signed with our own key: there is nothing in it to be taken in."),
    Standing.WITHDRAWN: N_("What this newsroom says was withdrawn here: put it back before its files can be taken in."),
    Standing.UNKNOWN: N_(
        "Nobody here has accepted this key: it is shown, and cannot be taken in. Compare the key with the newsroom by"
        " another way; then whoever runs the server accepts it with kalkan exchange trust."
    ),
}


async def _desk_card(desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    t = reader.t
    preview, partners = await desk.exchange.out.preview(), await desk.exchange.partners.everyone()
    issuer = await desk.exchange.out.issuer()
    heard = [_partner(each, reader) for each in partners[:_MOST_PARTNERS]]
    nobody = t.gettext("We listen to nobody yet: whoever runs the server accepts keys with kalkan exchange trust.")
    text = lines(
        bold(t.gettext("Exchange with other newsrooms")),
        *_told(preview, reader),
        t.gettext(
            "It holds hashes of photos, fingerprints of texts and made-up ids of farms. No people, no accounts, no"
            " texts, nothing of restricted cases."
        ),
        *(heard or [nobody]),
        t.gettext("Our key, mark {mark}:", mark=mark_of(issuer.key)),
        Html(f"<code>{Html.escaped(key_line(issuer))}</code>"),
        t.gettext("To read a partner's file, send it to me."),
    )
    make = Button(label=t.plain.pgettext("button", "Make the file and send it to me"), press=Press(action="xcmake"))
    is_any = preview.photos + preview.texts + preview.farms + preview.recalled > 0
    rows = [(make,)] if is_any else []
    return Card(text=text, buttons=(*rows, *((_turn(each, reader),) for each in partners[:_MOST_PARTNERS])))


def _told(preview: ExportPreview, reader: Reader) -> list[Html | None]:
    t = reader.t
    told = t.gettext(
        "A file made now would say: photos {photos}, texts {texts}, farms {farms}; new {fresh}, recalled {recalled}.",
        photos=str(preview.photos),
        texts=str(preview.texts),
        farms=str(preview.farms),
        fresh=str(preview.fresh),
        recalled=str(preview.recalled),
    )
    left = t.gettext("Left out, as too many for one file: {count} of the oldest.", count=str(preview.left_out))
    return [told, left if preview.left_out else None]


def _partner(partner: Partner, reader: Reader) -> Html:
    t = reader.t
    name, mark = bold(clipped(partner.name, _NAME)), mark_of(partner.key)
    if partner.withdrawn_at is not None:
        return t.gettext("{name} ({mark}): withdrawn, nothing of it counts", name=name, mark=mark)
    return t.gettext("{name} ({mark}): {count} counts here", name=name, mark=mark, count=str(partner.items))


def _turn(partner: Partner, reader: Reader) -> Button:
    t, name = reader.t.plain, clipped(partner.name, 24)
    if partner.withdrawn_at is not None:
        label = t.pgettext("button", "Put back {name}", name=name)
        return Button(label=label, press=Press(action="xcdrop", subject=partner.id, argument="back"))
    label = t.pgettext("button", "Withdraw {name}", name=name)
    return Button(label=label, press=Press(action="xcdrop", subject=partner.id))


async def _file(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t, file_id = reader.t, int(v["file"])
    name, is_done, shown = await desk.exchange.into.sent(reader.member, file_id)
    if is_done:
        return Card(text=lines(bold(name), t.gettext("This file was taken in.")))
    text = lines(bold(name), _signed(shown, reader), _standing(shown, reader), *_changes(shown, reader))
    take = Button(label=t.plain.pgettext("button", "Take it in"), press=Press(action="xctake", subject=file_id))
    return Card(text=text, buttons=((take,),) if shown.may_apply else ())


def _signed(shown: ImportPreview, reader: Reader) -> Html:
    t, mark = reader.t, mark_of(shown.issuer.key)
    if shown.known_as is None:
        return t.gettext(
            "Signed with an unknown key, mark {mark}; it calls itself “{name}”.", mark=mark, name=shown.issuer.name
        )
    return t.gettext("Signed by {name}, mark {mark}.", name=bold(shown.known_as), mark=mark)


def _standing(shown: ImportPreview, reader: Reader) -> Html | None:
    if shown.standing in _STANDINGS:
        return reader.t.gettext(_STANDINGS[shown.standing])
    if shown.is_old:
        return reader.t.gettext("A file as new as this one, or newer, was taken in already: it changes nothing.")
    return None


def _changes(shown: ImportPreview, reader: Reader) -> list[Html | None]:
    t = reader.t
    changed = t.gettext(
        "It would add {added}, change {changed}, recall {recalled}; {same} stay as they are.",
        added=str(shown.added),
        changed=str(shown.changed),
        recalled=str(shown.recalled),
        same=str(shown.same),
    )
    passed = t.gettext(
        "Not taken: {expired} whose time is over, {foreign} made by another version.",
        expired=str(shown.expired),
        foreign=str(shown.foreign),
    )
    return [changed, passed if shown.expired + shown.foreign else None]


async def _taken_in(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return Card(
        text=reader.t.gettext(
            "Taken in from {name}: {added} added, {changed} changed, {recalled} recalled. It shows on cases as their"
            " word, and counts nowhere.",
            name=bold(clipped(str(v["name"]), _NAME)),
            added=str(v["added"]),
            changed=str(v["changed"]),
            recalled=str(v["recalled"]),
        )
    )


async def _made(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return Card(
        text=reader.t.gettext(
            "{name} is on its way. Partners who accepted our key can take it in; the next file recalls what no longer"
            " holds.",
            name=bold(str(v["name"])),
        )
    )


EXCHANGE_REPLIES: dict[str, Render] = {
    "exchange": _desk_card,
    "exchange_file": _file,
    "exchange_taken_in": _taken_in,
    "exchange_made": _made,
}
