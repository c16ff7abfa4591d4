"""Presses and answers of the event record: which field of which form of which threat or incident."""

from bot.errors import Refusal
from bot.model.dialog import Dialog
from bot.model.event_record import FIELDS, FORMS, About, Form, Way
from bot.model.rights import Right
from bot.services import notices
from handlers.actions import Action, Pressed
from handlers.cards.event_records import read_about, read_place
from handlers.context import DeskContext


async def written(context: DeskContext, dialog: Dialog, text: str) -> None:
    """A message that answers a question of the form. Raises Refusal."""
    body, records = dialog.body, context.desk.event_records
    about, form = About(body["about"]), Form(body["form"])
    await records.write(context.stage, context.member, about, int(body["number"]), form, int(body["place"]), text)


def _read(p: Pressed) -> tuple[About, Form, int, str]:
    found = read_place(p.press.argument)
    if found is None:
        raise Refusal("button_not_yours")
    return found


async def _record(context: DeskContext, p: Pressed) -> None:
    about = read_about(p.press.argument)
    if about is None:
        raise Refusal("button_not_yours")
    values = {"about": about.value, "number": p.press.subject}
    context.say(notices.edited_reply(context.member, p.message_id, "record", **values))


async def _form(context: DeskContext, p: Pressed) -> None:
    about, form, place, _ = _read(p)
    _show(context, p, about, form, place)


def _show(context: DeskContext, p: Pressed, about: About, form: Form, place: int) -> None:
    values = {"about": about.value, "number": p.press.subject, "form": form.value, "place": place}
    context.say(notices.edited_reply(context.member, p.message_id, "record_form", **values))


async def _choose(context: DeskContext, p: Pressed) -> None:
    about, form, place, code = _read(p)
    if place >= len(FORMS[form]):
        raise Refusal("button_not_yours")
    value = "" if code == "-" else code
    member, records = context.member, context.desk.event_records
    await records.choose(context.stage, member, about, p.press.subject, form, place, value)
    # Of several, the next press may follow; one choice is an answer.
    stays = not value or FIELDS[FORMS[form][place]].way is Way.SEVERAL
    _show(context, p, about, form, place if stays else place + 1)


async def _ask(context: DeskContext, p: Pressed) -> None:
    about, form, place, _ = _read(p)
    await context.desk.event_records.ask(context.stage, context.member, about, p.press.subject, form, place)


async def _incident(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "incident", number=p.press.subject))


ACTIONS: dict[str, Action] = {
    "rec": Action(right=Right.SEE_THREATS, act=_record, writes=False),
    "recf": Action(right=Right.MANAGE_THREATS, act=_form, writes=False),
    "recv": Action(right=Right.MANAGE_THREATS, act=_choose),
    "reca": Action(right=Right.MANAGE_THREATS, act=_ask, writes=False),
    "irec": Action(right=Right.SEE_THREATS, act=_incident, writes=False),
}
