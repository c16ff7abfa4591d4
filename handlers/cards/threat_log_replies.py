"""Replies of the threat log, of alarms and the roster by their codes: asks the services, leaves the words to cards."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.i18n import Html
from bot.i18n.event_record import QUESTIONS
from bot.model.event_record import About, Form
from bot.model.plain import one_line
from handlers.cards import event_records, threat_list, threats, words
from handlers.cards.card import Card, Reader, lines
from handlers.cards.duty import duty_card
from handlers.cards.render import Render, Values
from handlers.cards.threat_names import STATUSES
from handlers.desk import FrontDesk
from handlers.threat_query import read_query


async def _list(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    query = await desk.threats.query(reader.member, int(v["query"]))
    asked = read_query(query.words, desk.now(), ZoneInfo(reader.newsroom.zone))
    found = await desk.threats.page(reader.member, asked, int(v.get("page", 0)))
    return threat_list.threat_list(found, asked, query.id, query.words, reader)


async def _record(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    view = await desk.threats.view(reader.member, int(v["threat"]))
    return threats.threat_card(view, reader, full=bool(v.get("full")))


async def _menu(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    view = await desk.threats.view(reader.member, int(v["threat"]))
    people = await desk.threat_steps.candidates(reader.member) if v["menu"] == "assign" else []
    return threats.menu_card(view, str(v["menu"]), people, reader)


async def _form(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    view = await desk.threats.view(reader.member, int(v["threat"]))
    return threats.form_card(view, int(v.get("place", 0)), reader)


async def _history(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return threats.history_card(await desk.threats.view(reader.member, int(v["threat"])), reader)


async def _sightings(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return threats.sightings_card(await desk.threats.view(reader.member, int(v["threat"])), reader)


async def _questions(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    line = await desk.threats.outline(reader.member, int(v["threat"]))
    people = await desk.staff.everyone(reader.newsroom.id)
    return threats.question_card(line, int(v.get("step", 0)), people, reader)


async def _incident(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return threat_list.incident_card(await desk.threats.incident(reader.member, int(v["number"])), reader)


async def _stats(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    since = datetime.fromisoformat(v["since"])
    return threat_list.stats_card(await desk.threats.stats(reader.member, since), reader)


async def _queries(desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return threat_list.query_list(await desk.threats.saved(reader.member), reader)


async def _duty(desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    order, minutes = await desk.duty.order(reader.newsroom.id)
    return duty_card(await desk.duty.roster(reader.newsroom.id), order, minutes, reader)


async def _categories(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    return threats.category_card(reader)


async def _event_record(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    record = await desk.event_records.view(reader.member, About(v["about"]), int(v["number"]))
    return event_records.record_card(record, reader)


async def _event_record_form(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    record = await desk.event_records.view(reader.member, About(v["about"]), int(v["number"]))
    return event_records.record_form_card(record, Form(v["form"]), int(v["place"]), reader)


async def _sentence(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return Card(text=_said(reader, str(v["code"]), v))


def _said(reader: Reader, code: str, v: Values) -> Html:
    t = reader.t
    label, who = str(v.get("label", "")), one_line(str(v.get("who", "")))
    match code:
        case "ask_query":
            return t.gettext("Under which name shall I keep this query?")
        case "ask_note":
            return t.gettext("{record}: please write the note.", record=label)
        case "ask_record":
            asked = t.plain.pgettext("record", QUESTIONS[str(v["field"])]) if v.get("field") in QUESTIONS else ""
            return Html(f"{Html.escaped(label)}: {Html.escaped(asked)}")
        case "summary_named":
            return t.gettext(
                "This is published, and it holds the name {name}. Please write it without names.",
                name=one_line(str(v.get("name", ""))),
            )
        case "ask_place":
            return t.gettext("{record}: please write where it happened, or where the danger is.", record=label)
        case "ask_threat":
            return t.gettext(
                "Please send the threat: its words, a screenshot or a photo. If it came by phone or in person, write "
                "down what was said, by whom and when."
            )
        case "ask_incident":
            return t.gettext("Please write what happened, where and when; or send a photo of the paper.")
        case "query_kept":
            where = t.gettext("It stands under “Saved queries”: /threats")
            return lines(t.gettext("Kept: {name}.", name=one_line(str(v["name"]))), where)
        case "threat_status":
            status = words.word(t, STATUSES, str(v["status"]))
            return t.gettext("{record}: {who} set it to “{status}”.", record=label, who=who, status=status)
        case "threat_assigned":
            return t.gettext("{record}: {who} asks you to see to it. /threat {record} opens it.", record=label, who=who)
        case "duty_taken":
            return t.gettext("{who} is on duty now.", who=who)
    return t.gettext("Everybody who can be called has been called.")


def _saying(code: str) -> Render:
    async def render(desk: FrontDesk, reader: Reader, values: Values) -> Card:
        return await _sentence(desk, reader, {**values, "code": code})

    return render


_SENTENCES = (
    "ask_query",
    "ask_note",
    "ask_place",
    "ask_record",
    "summary_named",
    "ask_threat",
    "ask_incident",
    "query_kept",
    "threat_status",
    "threat_assigned",
    "duty_taken",
    "alarm_everybody_called",
)

THREAT_LOG_REPLIES: dict[str, Render] = {
    "threats": _list,
    "threat": _record,
    "threat_menu": _menu,
    "threat_form": _form,
    "threat_history": _history,
    "threat_sightings": _sightings,
    "threat_questions": _questions,
    "incident": _incident,
    "stats": _stats,
    "queries": _queries,
    "duty": _duty,
    "record": _event_record,
    "record_form": _event_record_form,
    "categories": _categories,
    **{code: _saying(code) for code in _SENTENCES},
}
