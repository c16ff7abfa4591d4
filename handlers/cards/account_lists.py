"""Cards of a list of accounts on its way in: its columns with examples, the fields to choose from, what came of it."""

from bot.i18n import Html
from bot.services.imports.account_columns import FIELDS
from handlers.buttons import Press
from handlers.cards import account_words, words
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk

_MOST_COLUMNS = 24
_A_ROW = 2


async def _ask_list(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return Card(
        text=reader.t.gettext(
            "Please send the list as a file: CSV or XLSX, a line for each account, names of the columns in the first "
            "line. I will show how I understand the columns before anything is taken in."
        )
    )


async def _columns(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    file = await desk.account_files.of(reader.member, int(v["file"]))
    shown = [
        Html(
            f"{place}. {bold(name)} → {words.word(t, account_words.FIELDS, field)}"
            f"{': ' if examples else ''}<i>{clipped('; '.join(map(str, examples)), 80)}</i>"
        )
        for place, (name, field, examples) in enumerate(file.columns[:_MOST_COLUMNS], start=1)
    ]
    head = bold(file.name)
    if file.state != "asking":
        return Card(text=lines(head, *shown, t.gettext("It is being taken in. I will tell you what came of it.")))
    buttons = [
        Button(label=f"{place + 1}. {name}"[:30], press=Press(action="impcol", subject=file.id, argument=str(place)))
        for place, (name, _, _) in enumerate(file.columns[:_MOST_COLUMNS])
    ]
    rows = [tuple(buttons[at : at + _A_ROW]) for at in range(0, len(buttons), _A_ROW)]
    go, gone = Press(action="impgo", subject=file.id), Press(action="impgo", subject=file.id, argument="gone")
    rows.append((Button(label=t.plain.pgettext("button", "Take in as suspected"), press=go),))
    rows.append((Button(label=t.plain.pgettext("button", "It is a list of removed accounts"), press=gone),))
    asked = t.gettext("Is this right? Press a column to change what it is.")
    return Card(text=lines(head, *shown, asked), buttons=tuple(rows))


async def _fields(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t, place = reader.t, int(v["place"])
    file = await desk.account_files.of(reader.member, int(v["file"]))
    if not 0 <= place < len(file.columns):
        return await _columns(desk, reader, v)
    name, _, examples = file.columns[place]
    choices = [("-", ""), *((str(number), field) for number, field in enumerate(FIELDS))]
    buttons = [
        Button(
            label=t.plain.gettext(account_words.FIELDS[field]),
            press=Press(action="impfield", subject=file.id, argument=f"{place}.{number}"),
        )
        for number, field in choices
    ]
    rows = [tuple(buttons[at : at + _A_ROW]) for at in range(0, len(buttons), _A_ROW)]
    back = Press(action="implist", subject=file.id)
    rows.append((Button(label=t.plain.pgettext("button", "Back"), press=back),))
    told = Html(f"{bold(name)}: <i>{clipped('; '.join(map(str, examples)), 200)}</i>")
    return Card(text=lines(told, t.gettext("What is this column?")), buttons=tuple(rows))


async def _done(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t = reader.t
    said = t.gettext(
        "{name} is taken in: {added} added, {changed} added to, {same} known already, {refused} refused.",
        name=v["name"],
        added=str(v["added"]),
        changed=str(v["changed"]),
        same=str(v["same"]),
        refused=str(v["refused"]),
    )
    how = t.gettext("They are suspected. Two people confirm them all: /confirm import {batch}", batch=v["batch"])
    gone = t.ngettext(
        "{count} row is about an account that was erased for good: it was not taken.",
        "{count} rows are about accounts that were erased for good: they were not taken.",
        int(v.get("erased", 0)),
        count=v.get("erased", 0),
    )
    erased = gone if v.get("erased") else None
    return Card(text=lines(said, how if v["added"] and not v.get("takedown") else None, erased, *_problems(v)))


async def _failed(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    said = reader.t.gettext("{name} could not be taken in ({why}).", name=v["name"], why=v.get("why", "?"))
    return Card(text=lines(said, *_problems(v)))


def _problems(v: Values) -> list[Html]:
    return [Html(f"<code>{clipped(str(each), 120)}</code>") for each in v.get("problems", ())]


LIST_REPLIES: dict[str, Render] = {
    "ask_list": _ask_list,
    "import_columns": _columns,
    "import_fields": _fields,
    "import_done": _done,
    "import_failed": _failed,
}
