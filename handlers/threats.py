"""The threat log at the front desk: /threat, /threats, /assign, /status, /note, /stats, /incident, and the presses."""

import re
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from telegram import Message, Update

from bot.errors import Refusal
from bot.model.rights import Right
from bot.model.submission import Incoming, Origin, OriginKind, PartKind
from bot.model.threat import ANSWERS, QUESTIONS, Category
from bot.services import notices
from handlers import event_records
from handlers.actions import Action, Pressed, number_of
from handlers.context import DeskContext
from handlers.fetching import fetcher
from handlers.gate import require
from handlers.orders import words_of
from handlers.reading import clean_text, read_message
from handlers.since import read_since
from handlers.threat_query import category_named, status_named

_NUMBER = re.compile(r"(?:[TtТт]\s?-?\s?|№\s?)(\d{1,9})|(\d{1,9})")
_LEADING = re.compile(r"[TtТт]\s?-?\s?(\d{1,9})\s*")
_INCIDENT = re.compile(r"(?:[IiИи]\s?-?\s?|№\s?)?(\d{1,9})")
_LONGEST = 500
#: Presses that turn the record's card into something else, by the code of the reply.
_FILES = ("picture", "csv", "xlsx")
_USUAL_PERIOD = timedelta(days=30)


async def threat(update: Update, context: DeskContext) -> None:
    """/threat T-42 shows a record; /threat in reply to a message, under a picture, or with words files one."""
    message, words = update.message, clean_text(words_of(update))
    if message is None:
        return
    found = re.match(r"/threat_(\d{1,9})\b", message.text or "") or _NUMBER.fullmatch(words)
    if found is not None:
        require(context, Right.OWN_THREATS)
        number = int(next(group for group in found.groups() if group))
        context.say(
            notices.reply(context.member, "threat", threat=await context.desk.threats.by_number(context.member, number))
        )
        return
    await _file(message, words, context, Category.THREAT)


async def incident(update: Update, context: DeskContext) -> None:
    """/incident I-3 shows one; /incident raid and what happened files one; alone it asks what happened."""
    message, words = update.message, clean_text(words_of(update))
    if message is None:
        return
    found = re.match(r"/incident_(\d{1,9})\b", message.text or "") or _INCIDENT.fullmatch(words)
    if found is not None:
        require(context, Right.SEE_THREATS)
        context.say(notices.reply(context.member, "incident", number=int(found.group(1))))
        return
    first, _, rest = words.partition(" ")
    category = category_named(first)
    if category is None:
        context.say(notices.reply(context.member, "categories"))
        return
    await _file(message, rest.strip() or words, context, Category(category))


async def _file(message: Message, words: str, context: DeskContext, category: Category) -> None:
    member, desk = context.member, context.desk
    replied = message.reply_to_message
    if replied is not None:
        case = await desk.cases.by_message(member, replied.chat_id, replied.message_id)
        if case is not None:
            await desk.cases.say_threat(context.stage, member, case, category)
            return
    incoming = read_message(message)
    if not words and incoming.file is None and replied is not None:
        incoming = replace(read_message(replied), message_id=incoming.message_id, sent_at=incoming.sent_at)
        words = incoming.text
    if not words and incoming.file is None:
        kind = "threat" if category is Category.THREAT else "incident"
        await desk.dialogs.ask(context.stage, member, kind, {"category": category.value})
        return
    await _take(replace(incoming, text=words), context, category)


async def _take(incoming: Incoming, context: DeskContext, category: Category) -> None:
    """File a message, then say of its case that it is a threat: both in one transaction."""
    if incoming.kind is PartKind.TEXT and incoming.origin.kind is OriginKind.TYPED:
        incoming = replace(incoming, origin=Origin(kind=OriginKind.PASTED))
    await context.desk.submissions.submit(context.stage, context.member, incoming, fetcher(context))
    place = (incoming.chat_id, incoming.message_id)
    await context.desk.cases.say_threat_of_message(context.stage, context.member, place, category)


async def answered(incoming: Incoming, context: DeskContext) -> bool:
    """Whether a message answers a question of the threat log."""
    dialog = await context.dialog()
    if dialog is None:
        return False
    if dialog.kind in ("threat", "incident") and incoming.media_group is None:
        await context.desk.dialogs.end(context.stage, context.member)
        await _take(incoming, context, Category(dialog.body.get("category", "threat")))
        return True
    if not incoming.is_note:
        return False
    steps, stage, member = context.desk.threat_steps, context.stage, context.member
    match dialog.kind:
        case "note":
            await steps.note(stage, member, int(dialog.body["threat"]), incoming.text)
        case "place":
            await steps.set_place(stage, member, int(dialog.body["threat"]), incoming.text)
        case "record":
            await event_records.written(context, dialog, incoming.text)
        case "query":
            await steps.keep_query(stage, member, int(dialog.body["query"]), incoming.text)
        case _:
            return False
    return True


async def list_threats(update: Update, context: DeskContext) -> None:
    """/threats, with a query or without; the name of a kept query asks that one."""
    words = " ".join(clean_text(words_of(update)).split())[:_LONGEST]
    kept = [query for query in await context.desk.threats.saved(context.member) if query.name == words and words]
    if kept:
        context.say(notices.reply(context.member, "threats", query=kept[0].id))
        return
    query_id = context.desk.threats.remember(context.stage, context.member, words)
    context.say(notices.reply(context.member, "threats", query=query_id))


async def _named_record(context: DeskContext, words: str) -> tuple[int, str]:
    """The record that words begin with, and the rest. Raises Refusal."""
    found = _LEADING.match(words) or re.match(r"(\d{1,9})\s+", words + " ")
    if found is None:
        raise Refusal("threat_missing")
    return await context.desk.threats.by_number(context.member, int(found.group(1))), words[found.end() :].strip()


async def status(update: Update, context: DeskContext) -> None:
    """/status T-42 police"""
    threat_id, word = await _named_record(context, clean_text(words_of(update)))
    if not word:
        context.say(notices.reply(context.member, "threat_menu", threat=threat_id, menu="status"))
        return
    await context.desk.threat_steps.set_status(context.stage, context.member, threat_id, status_named(word) or "")
    context.say(notices.reply(context.member, "threat", threat=threat_id))


async def assign(update: Update, context: DeskContext) -> None:
    """/assign T-42, with a part of a name, or "me"."""
    threat_id, word = await _named_record(context, clean_text(words_of(update)))
    if not word:
        context.say(notices.reply(context.member, "threat_menu", threat=threat_id, menu="assign"))
        return
    who = await context.desk.threat_steps.named(context.member, word)
    await context.desk.threat_steps.assign(context.stage, context.member, threat_id, who)
    context.say(notices.reply(context.member, "threat", threat=threat_id))


async def note(update: Update, context: DeskContext) -> None:
    """/note T-42 and the words; without words it asks for them."""
    threat_id, words = await _named_record(context, clean_text(words_of(update)))
    if not words:
        await context.desk.threat_steps.ask_note(context.stage, context.member, threat_id)
        return
    await context.desk.threat_steps.note(context.stage, context.member, threat_id, words)


async def stats(update: Update, context: DeskContext) -> None:
    """/stats, with a beginning (7d, 01.10.2026); the last thirty days without."""
    newsroom = await context.desk.newsrooms.get(context.member.newsroom_id)
    since, _ = read_since(clean_text(words_of(update)), context.desk.now(), ZoneInfo(newsroom.zone))
    begin = since if since is not None else context.desk.now() - _USUAL_PERIOD
    context.say(notices.reply(context.member, "stats", since=begin.isoformat()))


async def _turn(context: DeskContext, p: Pressed) -> None:
    # From the list of kept queries a page opens in a message of its own.
    if p.press.argument:
        context.say(
            notices.edited_reply(context.member, p.message_id, "threats", query=p.press.subject, page=p.number())
        )
    else:
        context.say(notices.reply(context.member, "threats", query=p.press.subject))


async def _queries(context: DeskContext, _pressed: Pressed) -> None:
    context.say(notices.reply(context.member, "queries"))


async def _save(context: DeskContext, p: Pressed) -> None:
    await context.desk.threat_steps.ask_query_name(context.stage, context.member, p.press.subject)


async def _forget(context: DeskContext, p: Pressed) -> None:
    await context.desk.threat_steps.forget_query(context.stage, context.member, p.press.subject, p.message_id)


async def _table(context: DeskContext, p: Pressed) -> None:
    form = p.press.argument
    if form not in _FILES:
        raise Refusal("button_not_yours")
    if form != "picture":
        require(context, Right.MANAGE_THREATS)
    query = await context.desk.threats.query(context.member, p.press.subject)
    context.desk.record_exports.threats(context.stage, context.member, query, form)


async def _record(context: DeskContext, p: Pressed) -> None:
    if p.press.argument == "new":
        context.say(notices.reply(context.member, "threat", threat=p.press.subject))
    else:
        context.say(notices.edited_reply(context.member, p.message_id, "threat", threat=p.press.subject))


async def _more(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "threat", threat=p.press.subject, full=True))


async def _menu(context: DeskContext, p: Pressed) -> None:
    values = {"threat": p.press.subject, "menu": p.press.argument}
    context.say(notices.edited_reply(context.member, p.message_id, "threat_menu", **values))


async def _set_status(context: DeskContext, p: Pressed) -> None:
    await context.desk.threat_steps.set_status(context.stage, context.member, p.press.subject, p.press.argument)
    _shown(context, p)


async def _assign(context: DeskContext, p: Pressed) -> None:
    who = p.number(16) or None
    await context.desk.threat_steps.assign(context.stage, context.member, p.press.subject, who)
    _shown(context, p)


async def _severity(context: DeskContext, p: Pressed) -> None:
    await context.desk.threat_steps.set_severity(context.stage, context.member, p.press.subject, p.number())
    _shown(context, p)


async def _measure(context: DeskContext, p: Pressed) -> None:
    await context.desk.threat_steps.offer(context.stage, context.member, p.press.subject, p.press.argument)
    values = {"threat": p.press.subject, "menu": "measures"}
    context.say(notices.edited_reply(context.member, p.message_id, "threat_menu", **values))


def _shown(context: DeskContext, p: Pressed) -> None:
    values = {"threat": p.press.subject, "full": True}
    context.say(notices.edited_reply(context.member, p.message_id, "threat", **values))


async def _form(context: DeskContext, p: Pressed) -> None:
    values = {"threat": p.press.subject, "place": min(p.number(), len(QUESTIONS))}
    if not p.press.argument:
        view = await context.desk.threats.view(context.member, p.press.subject)
        left = view.questions_left
        values["place"] = QUESTIONS.index(left[0]) if left else len(QUESTIONS)
    context.say(notices.edited_reply(context.member, p.message_id, "threat_form", **values))


async def _answer(context: DeskContext, p: Pressed) -> None:
    place, _, said = p.press.argument.partition(".")
    number = number_of(place, 10)
    if not 0 <= number < len(QUESTIONS) or said not in ANSWERS:
        raise Refusal("button_not_yours")
    await context.desk.threat_steps.answer(context.stage, context.member, p.press.subject, QUESTIONS[number], said)
    values = {"threat": p.press.subject, "place": number + 1}
    context.say(notices.edited_reply(context.member, p.message_id, "threat_form", **values))


async def _ask_note(context: DeskContext, p: Pressed) -> None:
    await context.desk.threat_steps.ask_note(context.stage, context.member, p.press.subject)


async def _history(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "threat_history", threat=p.press.subject))


async def _sightings(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "threat_sightings", threat=p.press.subject))


async def _sealed(context: DeskContext, p: Pressed) -> None:
    await context.desk.sealed_texts.order(context.stage, context.member, p.press.subject)


async def _questions(context: DeskContext, p: Pressed) -> None:
    _next(context, p, p.number())


def _next(context: DeskContext, p: Pressed, step: int) -> None:
    values = {"threat": p.press.subject, "step": step}
    context.say(notices.edited_reply(context.member, p.message_id, "threat_questions", **values))


async def _who(context: DeskContext, p: Pressed) -> None:
    await context.desk.threat_steps.tell(context.stage, context.member, p.press.subject, "who", p.press.argument)
    _next(context, p, 1)


async def _channel(context: DeskContext, p: Pressed) -> None:
    await context.desk.threat_steps.tell(context.stage, context.member, p.press.subject, "channel", p.press.argument)
    _next(context, p, 2)


async def _platform(context: DeskContext, p: Pressed) -> None:
    await context.desk.threat_steps.tell(context.stage, context.member, p.press.subject, "platform", p.press.argument)
    _next(context, p, 3)


async def _place(context: DeskContext, p: Pressed) -> None:
    await context.desk.threat_steps.ask_place(context.stage, context.member, p.press.subject)


async def _urge(context: DeskContext, p: Pressed) -> None:
    await context.desk.threat_steps.urge(context.stage, context.member, p.press.subject)
    _next(context, p, 5)


async def _category(context: DeskContext, p: Pressed) -> None:
    if p.press.argument not in {each.value for each in Category}:
        raise Refusal("button_not_yours")
    await context.desk.dialogs.ask(context.stage, context.member, "incident", {"category": p.press.argument})


async def _merge(context: DeskContext, p: Pressed) -> None:
    await context.desk.incidents.merge(context.stage, context.member, p.press.subject, p.number(), p.message_id)


async def _split(context: DeskContext, p: Pressed) -> None:
    await context.desk.incidents.split(context.stage, context.member, p.press.subject, p.message_id)


ACTIONS: dict[str, Action] = {
    "threats": Action(right=Right.OWN_THREATS, act=_turn, writes=False),
    "tqueries": Action(right=Right.OWN_THREATS, act=_queries, writes=False),
    "tsave": Action(right=Right.OWN_THREATS, act=_save, writes=False),
    "tqforget": Action(right=Right.OWN_THREATS, act=_forget),
    "tfile": Action(right=Right.SEE_THREATS, act=_table, exports=True, writes=False),
    "trec": Action(right=Right.OWN_THREATS, act=_record, writes=False),
    "tmore": Action(right=Right.OWN_THREATS, act=_more, writes=False),
    "tmenu": Action(right=Right.MANAGE_THREATS, act=_menu, writes=False),
    "tstat": Action(right=Right.MANAGE_THREATS, act=_set_status),
    "tassign": Action(right=Right.MANAGE_THREATS, act=_assign),
    "tsev": Action(right=Right.MANAGE_THREATS, act=_severity),
    "tmeas": Action(right=Right.MANAGE_THREATS, act=_measure),
    "tform": Action(right=Right.MANAGE_THREATS, act=_form, writes=False),
    "tans": Action(right=Right.MANAGE_THREATS, act=_answer),
    "tnote": Action(right=Right.MANAGE_THREATS, act=_ask_note, writes=False),
    "thist": Action(right=Right.SEE_THREATS, act=_history, writes=False),
    "tsealed": Action(right=Right.EXPORT_EVIDENCE, act=_sealed, writes=False),
    "tseen": Action(right=Right.SEE_THREATS, act=_sightings, writes=False),
    "task": Action(right=Right.RULE_THREAT, act=_questions, writes=False),
    "twho": Action(right=Right.RULE_THREAT, act=_who),
    "tchan": Action(right=Right.RULE_THREAT, act=_channel),
    "tplat": Action(right=Right.RULE_THREAT, act=_platform),
    "tplace": Action(right=Right.RULE_THREAT, act=_place, writes=False),
    "turge": Action(right=Right.RULE_THREAT, act=_urge),
    "tcat": Action(right=Right.RULE_THREAT, act=_category, writes=False),
    "imerge": Action(right=Right.MANAGE_THREATS, act=_merge),
    "isplit": Action(right=Right.MANAGE_THREATS, act=_split),
}
