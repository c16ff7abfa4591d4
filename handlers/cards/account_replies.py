"""Replies about accounts' records by their code."""

from collections.abc import Iterator

from bot.i18n import Html
from bot.model.account_record import ImportedList, Reliability, Share
from bot.model.rights import Right
from bot.model.staff import StaffKind
from handlers.buttons import Press
from handlers.cards import account_words, accounts, words
from handlers.cards.account_parts import parts_of
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk

_LANGUAGES = ("ru", "ky", "en")
_ROWS = 8
_MOST_LABELS = 15


async def _account(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    record = await desk.account_records.view(reader.member, int(v["account"]))
    parts = await parts_of(desk, reader, record)
    return accounts.account_card(record, reader, v.get("outcome"), int(v.get("page", 0)), parts)


async def _accounts(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    query = await desk.threats.query(reader.member, int(v["query"]))
    found = await desk.accounts.page(reader.member, query.words, int(v.get("page", 0)))
    return accounts.account_list(found, reader, query.id)


async def _more(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return accounts.more_card(await desk.account_records.view(reader.member, int(v["account"])), reader)


async def _tags(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return accounts.tags_card(await desk.account_records.view(reader.member, int(v["account"])), reader)


async def _stance(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return accounts.stance_card(await desk.account_records.view(reader.member, int(v["account"])), reader)


async def _history(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return accounts.history_card(await desk.account_records.view(reader.member, int(v["account"])), reader)


async def _asked(desk: FrontDesk, reader: Reader, v: Values, asked: Html) -> Card:
    account = await desk.accounts.see(reader.member, int(v["account"]))
    return Card(text=lines(accounts.account_line(account, reader), asked))


async def _ask_clear(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    asked = t.gettext("Why is it no fake? Please write the reason; a note from its owner can go here too.")
    return await _asked(desk, reader, v, asked)


async def _ask_gone(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return await _asked(desk, reader, v, reader.t.gettext("How do you know that its platform removed it, and when?"))


async def _ask_tell(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    asked = t.gettext(
        "Please send what you know, a line each:\n"
        "name: … · link: … · work: … · study: … · place: … · groups: …; …\n"
        "first seen: 01.10.2026 · last seen: … · photo: 02.10.2026 · cover: … · posts: 12\n"
        "type: hired, or type: attached to …\n"
        "praised: whom 03.10.2026 https://… — quotation · attacked: …"
    )
    return await _asked(desk, reader, v, asked)


async def _ask_tag(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    mark = words.word(t, account_words.TAGS, str(v["tag"]))
    return await _asked(desk, reader, v, t.gettext("“{mark}”: what shows it? Please explain in a sentence.", mark=mark))


async def _ask_stance(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    asked = reader.t.gettext("Whom? Please write: name, date, link — quotation. Only the name is needed.")
    return await _asked(desk, reader, v, asked)


async def _ask_photo(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return await _asked(desk, reader, v, reader.t.gettext("Please send the photo that this account uses."))


async def _ask_heir(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    asked = reader.t.gettext("Which account continues it? Please send a link, a handle or a name.")
    return await _asked(desk, reader, v, asked)


async def _ask_merge(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    asked = reader.t.gettext("Of which account is it a part? Please send a link, a handle or a name.")
    return await _asked(desk, reader, v, asked)


async def _ask_split(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    parts = await desk.account_merging.parts(reader.member, int(v["account"]))
    if not parts:
        return Card(text=t.gettext("There are no names, photos or links that could go to another account."))
    account = await desk.accounts.see(reader.member, int(v["account"]))
    signs = {"name": "👤", "photo": "🖼", "fact": "🔗"}
    shown = [Html(f"{n}. {signs[kind]} {clipped(said, 120)}") for n, (kind, _, said) in enumerate(parts, start=1)]
    asked = t.gettext("Which of these belong to another account? Please send their numbers and a link to that account.")
    return Card(text=lines(accounts.account_line(account, reader), *shown, asked))


async def _successor_offered(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    record = await desk.account_records.view(reader.member, int(v["account"]))
    card = accounts.account_card(record, reader)
    head = reader.t.gettext("A new account may continue an old fake. You decide:")
    return Card(text=lines(head, card.text), buttons=card.buttons)


async def _impersonation(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    account = await desk.accounts.see(reader.member, int(v["account"]))
    person = await desk.staff_watch.person(reader.member, int(v["staff"]))
    said = t.gettext(
        "⚠️ Impersonation: an account uses the name or photo of {name}. Incident I-{number}.",
        name=person.name,
        number=str(v["incident"]),
    )
    deny = Press(action="accdeny", subject=account.id, argument=f"{person.id:x}")
    look = Press(action="account", subject=account.id)
    row = (
        Button(label=t.plain.pgettext("button", "Text of a denial"), press=deny),
        Button(label=t.plain.pgettext("button", "The account"), press=look),
    )
    return Card(text=lines(said, accounts.account_line(account, reader)), buttons=(row,))


async def _denial(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    """A text to publish, in three languages: it says what is known, and accuses nobody."""
    account = await desk.accounts.see(reader.member, int(v["account"]))
    person = await desk.staff_watch.person(reader.member, int(v["staff"]))
    shown = []
    for language in _LANGUAGES:
        t = desk.catalogs[language].plain
        values = {"account": words.account_name(account.label), "name": person.name, "newsroom": reader.newsroom.name}
        if person.kind is StaffKind.OUTLET:
            text = t.gettext(
                "The account {account} does not belong to {name}. We do not run it and did not write what is posted "
                "there. Please check our real pages before you share anything, and report the account.",
                **values,
            )
        else:
            text = t.gettext(
                "The account {account} does not belong to {name} of {newsroom}. {name} does not run it and did not "
                "write what is posted there. Please do not answer its messages, and report the account.",
                **values,
            )
        shown.append(Html(f"<pre>{Html.escaped(text)}</pre>"))
    return Card(text=lines(reader.t.gettext("Tap a text to copy it:"), *shown))


async def _staff_watch(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t, page = reader.t, int(v.get("page", 0))
    people = await desk.staff.everyone(reader.newsroom.id)
    watched = await desk.staff_watch.watched(reader.newsroom.id)
    rows: list[tuple[Button, ...]] = []
    for person in people[page * _ROWS : (page + 1) * _ROWS]:
        mark = "☑" if person.id in watched else "☐"
        row = [Button(label=f"{mark} {person.name}"[:50], press=Press(action="watchturn", subject=person.id))]
        if person.id in watched:
            label = t.plain.pgettext("button", "Add a photo or logo")
            row.append(Button(label=label, press=Press(action="watchphoto", subject=person.id)))
        rows.append(tuple(row))
    if (page + 1) * _ROWS < len(people):
        more = Press(action="watchpage", argument=str(page + 1))
        rows.append((Button(label=t.plain.pgettext("button", "More"), press=more),))
    head = t.gettext(
        "Who agreed to be watched for? New accounts with the name or photo of somebody who is ticked raise an "
        "incident. Please tick nobody who has not said yes."
    )
    return Card(text=head, buttons=tuple(rows))


async def _ask_staff_photo(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    person = await desk.staff_watch.person(reader.member, int(v["staff"]))
    return Card(text=reader.t.gettext("Please send a photo of {name}, or the logo.", name=person.name))


async def _shares(desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    t = reader.t
    shown = [_share_line(each, reader) for each in await desk.account_recall.shares(reader.member)]
    row = tuple(
        Button(label=form.upper(), press=Press(action="accexport", argument=form)) for form in ("csv", "xlsx", "jsonl")
    )
    head = bold(t.gettext("Exports and lists of accounts"))
    nothing = t.gettext("Nothing has left the house yet.") if not shown else None
    how = t.gettext("The whole list as a file:") if reader.member.may(Right.EXPORT_EVIDENCE) else None
    return Card(text=lines(head, *shown, nothing, how), buttons=(row,) if how else ())


def _share_line(share: Share, reader: Reader) -> Html:
    t = reader.t
    day = t.datetime(share.made_at, reader.zone)
    who = share.member or words.lister(t, "command line")
    held = t.ngettext("{count} account", "{count} accounts", share.rows, count=share.rows)
    said = Html(f"{day} · {Html.escaped(share.name)} · {Html.escaped(who)} · {held}")
    if not share.cleared:
        return said
    labels = ", ".join(words.account_name(label) for label in share.cleared[:_MOST_LABELS])
    return lines(said, Html("⚠️ ") + t.gettext("cleared since: {accounts}", accounts=labels))


async def _share_recalled(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return Card(
        text=reader.t.gettext(
            "A correction: {account} was cleared, it is not a fake. It stands in “{name}” of {date}: please tell whom "
            "you gave it to.",
            account=words.account_name(str(v["account"])),
            name=v["name"],
            date=v["day"],
        )
    )


async def _doubts(desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    t = reader.t
    found = await desk.account_recall.doubtful(reader.member)
    if not found:
        return Card(text=t.gettext("No report of anybody proved false."))
    rows = tuple(
        (Button(label=f"{each.member}: {len(each.cleared)}/{each.listed}"[:60], press=_look(each)),) for each in found
    )
    return Card(text=t.gettext("Members some of whose reports were cleared (cleared / listed):"), buttons=rows)


def _look(each: Reliability) -> Press:
    return Press(action="doubt", subject=each.member_id)


async def _reliability(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    told = await desk.account_recall.reliability(reader.member, int(v["person"]))
    cleared = ", ".join(words.account_name(label) for _, label in told.cleared[:_MOST_LABELS])
    count = len(told.cleared)
    text = lines(
        bold(told.member),
        t.ngettext("{count} account listed", "{count} accounts listed", told.listed, count=told.listed),
        t.ngettext("{count} of them was cleared", "{count} of them were cleared", count, count=count),
        Html.escaped(cleared) if cleared else None,
        t.gettext("Nobody else said anything of {count} that are still suspected.", count=len(told.alone)),
        t.gettext("Taken off the list: {count}.", count=len(told.withdrawn)) if told.withdrawn else None,
        t.gettext("Nothing that they said of accounts counts.") if told.is_left_out else None,
        t.gettext("They listed many within minutes: {count} do not count yet.", count=told.held) if told.held else None,
    )
    return Card(text=text, buttons=tuple((button,) for button in _doubt_buttons(told, reader)))


def _doubt_buttons(told: Reliability, reader: Reader) -> Iterator[Button]:
    t, subject = reader.t.plain, told.member_id
    if told.held:
        yield Button(label=t.pgettext("button", "Let them count"), press=Press(action="doubtcount", subject=subject))
    if told.alone or (told.reported and not told.is_left_out):
        take = Press(action="doubttake", subject=subject)
        yield Button(label=t.pgettext("button", "Leave their reports out"), press=take)
    if told.is_left_out or told.withdrawn:
        yield Button(label=t.pgettext("button", "Count them again"), press=Press(action="doubtback", subject=subject))


async def _reports_held(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    told = await desk.account_recall.reliability(reader.member, int(v["person"]))
    text = t.gettext(
        "{name} has listed many accounts within minutes. They are on the list, but do not count until you have looked.",
        name=told.member,
    )
    look = Button(label=t.plain.pgettext("button", "Look"), press=_look(told))
    return Card(text=text, buttons=((look,),))


async def _account_protected(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    text = t.gettext(
        "{account} bears the name of {name}. One person's word is not enough to list it: an editor or the security "
        "lead is being asked whether somebody pretends to be them.",
        account=words.account_name(str(v["label"])),
        name=v["name"],
    )
    return Card(text=text)


async def _account_protected_ask(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    text = t.gettext(
        "{who} suspects {account}, which bears the name of {name}. If somebody pretends to be them, list it: the word "
        "is yours too then. If it is their own account, do nothing.",
        who=v["who"],
        account=words.account_name(str(v["label"])),
        name=v["name"],
    )
    listed = Press(action="accprotected", subject=int(v["account"]))
    return Card(text=text, buttons=((Button(label=t.plain.pgettext("button", "List it"), press=listed),),))


async def _account_confirmed_alone(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    text = t.gettext(
        "{account} is confirmed by {who}. Nobody else with a record reported it: please have a look.",
        account=words.account_name(str(v["label"])),
        who=v["who"],
    )
    look = Press(action="account", subject=int(v["account"]))
    return Card(text=text, buttons=((Button(label=t.plain.pgettext("button", "Look"), press=look),),))


async def _import_batches(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    found = await desk.account_recall.batches(reader.member)
    if not found:
        return Card(text=t.gettext("No list of accounts was taken in so far."))
    rows = tuple((Button(label=_batch_label(each, reader), press=_turn(each)),) for each in found)
    text = lines(_turned(reader, v), t.gettext("Lists that were taken in. Which one shall be withdrawn, or put back?"))
    return Card(text=text, buttons=rows)


def _turned(reader: Reader, v: Values) -> Html | None:
    if "batch" not in v:
        return None
    t, count = reader.t, int(v["accounts"])
    if v["back"]:
        return t.gettext("“{batch}” counts again; back on the list: {count}.", batch=v["batch"], count=count)
    return t.gettext("“{batch}” is withdrawn; off the list: {count}.", batch=v["batch"], count=count)


def _batch_label(each: ImportedList, reader: Reader) -> str:
    mark = "↩️" if each.is_withdrawn else "🗑"
    who = words.lister(reader.t, each.lister)
    return f"{mark} {each.name[:34]} · {each.accounts} · {who}"[:60]


def _turn(each: ImportedList) -> Press:
    return Press(action="batchturn", subject=0, argument=each.key)


ACCOUNT_REPLIES: dict[str, Render] = {
    "account": _account,
    "accounts": _accounts,
    "account_more": _more,
    "account_tags": _tags,
    "account_stance": _stance,
    "account_history": _history,
    "ask_acc_clear": _ask_clear,
    "ask_acc_gone": _ask_gone,
    "ask_acc_tell": _ask_tell,
    "ask_acc_tag": _ask_tag,
    "ask_acc_stance": _ask_stance,
    "ask_acc_photo": _ask_photo,
    "ask_acc_heir": _ask_heir,
    "ask_acc_merge": _ask_merge,
    "ask_acc_split": _ask_split,
    "ask_staff_photo": _ask_staff_photo,
    "successor_offered": _successor_offered,
    "impersonation": _impersonation,
    "denial": _denial,
    "staff_watch": _staff_watch,
    "shares": _shares,
    "share_recalled": _share_recalled,
    "doubts": _doubts,
    "reports_held": _reports_held,
    "import_batches": _import_batches,
    "account_protected": _account_protected,
    "account_confirmed_alone": _account_confirmed_alone,
    "account_protected_ask": _account_protected_ask,
    "reliability": _reliability,
}
