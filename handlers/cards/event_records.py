"""The event record of a threat or an incident: what is filled in, by whom, and the form that asks for the rest."""

from typing import Final

from bot.i18n import NP_, Html
from bot.i18n.event_record import NAMES, QUESTIONS, VALUES
from bot.model.event_record import FIELDS, FORMS, About, EventRecord, Form, RecordField, Way, codes_of
from bot.model.plain import one_line, without_bidi
from bot.model.rights import Right
from handlers.buttons import Press
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines

_MOST_SHOWN: Final = 120
_LABEL: Final = 38
_NAME: Final = 40
_FORM_NAMES: Final = {
    Form.HRD: NP_("button", "For rights defenders"),
    Form.NEWSROOM: NP_("button", "Newsroom log"),
}
_LETTERS: Final = {About.THREAT: "t", About.INCIDENT: "i"}
_FORM_LETTERS: Final = {Form.HRD: "h", Form.NEWSROOM: "n"}

Rows = tuple[tuple[Button, ...], ...]


def read_place(argument: str) -> tuple[About, Form, int, str] | None:
    """What a press says: "t.h.3.code" is field 3 of the form for rights defenders of a threat; None for nonsense."""
    letter, form, place, code = (*argument.split(".", 3), "", "", "")[:4]
    abouts, forms = {v: k for k, v in _LETTERS.items()}, {v: k for k, v in _FORM_LETTERS.items()}
    if letter not in abouts or form not in forms or not (place.isascii() and place.isdecimal() and len(place) < 4):
        return None
    return abouts[letter], forms[form], int(place), code


def read_about(argument: str) -> About | None:
    """Of what a record is asked for."""
    return next((about for about, letter in _LETTERS.items() if letter == argument), None)


def entry_button(about: About, number: int, reader: Reader) -> Button:
    """The way to the record, on the card of a threat or an incident."""
    press = Press(action="rec", subject=number, argument=_LETTERS[about])
    return Button(label=reader.t.plain.pgettext("button", "Event record…"), press=press)


def record_card(record: EventRecord, reader: Reader) -> Card:
    """All that is filled in, with who said so when; and the two forms."""
    t = reader.t
    head = bold(t.gettext("{record}: the event record", record=record.label))
    told = [_told(record, FIELDS[code], reader) for code in FIELDS if code in record.values]
    why = t.gettext(
        "What no machine can know, for organisations that ask for it. Exports of this record take it along; what is"
        " private stays in their private part."
    )
    choice = tuple(
        Button(label=t.plain.pgettext("button", name), press=_field(record, form, 0))
        for form, name in _FORM_NAMES.items()
    )
    rows = (
        (choice, (_back(record, reader),)) if reader.member.may(Right.MANAGE_THREATS) else ((_back(record, reader),),)
    )
    return Card(text=lines(head, *(told or [why])), buttons=rows)


def _told(record: EventRecord, field: RecordField, reader: Reader) -> Html:
    held = record.values[field.code]
    who = clipped(one_line(held.member or ""), _NAME)
    when = reader.t.datetime(held.at, reader.zone, "short")
    name = bold(reader.t.plain.pgettext("record", NAMES[field.code]))
    return Html(f"{name}: {_value(field, held.value, reader)} · {who}, {when}")


def _value(field: RecordField, value: str, reader: Reader) -> Html:
    if field.values:
        return Html.escaped(", ".join(_word(field, code, reader) for code in codes_of(value)))
    return clipped(one_line(without_bidi(value)), _MOST_SHOWN)


def _word(field: RecordField, code: str, reader: Reader) -> str:
    words = VALUES[field.code]
    return reader.t.plain.pgettext("record", words[code]) if code in words else code


def record_form_card(record: EventRecord, form: Form, place: int, reader: Reader) -> Card:
    """One field of a form: its list, or a way to write; what it holds so far; a way past it. Behind the last: all."""
    fields = [FIELDS[code] for code in FORMS[form]]
    if place >= len(fields):
        return record_card(record, reader)
    t, field = reader.t, fields[place]
    head = t.gettext("{record}: question {number} of {total}", record=record.label, number=place + 1, total=len(fields))
    held = record.values.get(field.code)
    so_far = t.gettext("So far: {answer}", answer=_value(field, held.value, reader)) if held is not None else None
    said = lines(head, bold(t.plain.pgettext("record", QUESTIONS[field.code])), so_far)
    return Card(text=said, buttons=_buttons(record, form, place, field, reader))


def _buttons(record: EventRecord, form: Form, place: int, field: RecordField, reader: Reader) -> Rows:
    t = reader.t.plain
    held = record.values.get(field.code)
    chosen = codes_of(held.value) if held is not None and field.values else ()
    choice = [
        Button(
            label=("✅ " if code in chosen else "") + _word(field, code, reader)[:_LABEL],
            press=_field(record, form, place, code),
        )
        for code in field.values
    ]
    if not field.values:
        choice.append(Button(label=t.pgettext("button", "Write"), press=_field(record, form, place, action="reca")))
    wide = 1 if field.way is Way.SEVERAL else 2
    rows = [tuple(choice[n : n + wide]) for n in range(0, len(choice), wide)]
    if held is not None:
        rows.append((Button(label=t.pgettext("button", "Empty it"), press=_field(record, form, place, "-")),))
    further = t.pgettext("button", "Next") if held is not None else t.pgettext("button", "Skip")
    whole = Press(action="rec", subject=record.number, argument=_LETTERS[record.about])
    rows.append(
        (
            Button(label=further, press=_field(record, form, place + 1)),
            Button(label=t.pgettext("button", "All fields"), press=whole),
        )
    )
    return tuple(rows)


def _field(record: EventRecord, form: Form, place: int, code: str = "", action: str = "recf") -> Press:
    argument = f"{_LETTERS[record.about]}.{_FORM_LETTERS[form]}.{place}"
    if code:
        return Press(action="recv", subject=record.number, argument=f"{argument}.{code}")
    return Press(action=action, subject=record.number, argument=argument)


def _back(record: EventRecord, reader: Reader) -> Button:
    label = reader.t.plain.pgettext("button", "Back to {record}", record=record.label)
    if record.about is About.THREAT:
        return Button(label=label, press=Press(action="trec", subject=record.row_id))
    return Button(label=label, press=Press(action="irec", subject=record.number))
