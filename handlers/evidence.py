"""/export: evidence for a lawyer, as one file that can be checked without Kalkan; the presses under its question."""

from zoneinfo import ZoneInfo

from telegram import Update

from bot.model.rights import Right
from bot.services import notices
from handlers.actions import Action, Pressed
from handlers.context import DeskContext
from handlers.evidence_orders import read_order
from handlers.orders import words_of
from handlers.reading import clean_text


async def export(update: Update, context: DeskContext) -> None:
    """/export T-42 T-50..53 K-7 I-3 target:azattyk since:7d hrd ky names; without words it says how."""
    words, member, desk = clean_text(words_of(update)), context.member, context.desk
    if not words:
        context.say(notices.reply(member, "export_help"))
        return
    kept = {query.name: query.words for query in await desk.threats.saved(member) if query.name}
    taken = read_order(words, kept)
    newsroom = await desk.newsrooms.get(member.newsroom_id)
    asked = taken.asked(desk.now(), ZoneInfo(newsroom.zone))
    plan = await desk.evidence_orders.plan(member.newsroom_id, taken.order, asked, member)
    await desk.evidence_orders.take(context.stage, member, plan)


async def _go_on(context: DeskContext, p: Pressed) -> None:
    await context.desk.evidence_orders.go_on(context.stage, context.member, p.press.subject, p.message_id)


async def _with_incident(context: DeskContext, p: Pressed) -> None:
    orders, number = context.desk.evidence_orders, p.number()
    await orders.with_incident(context.stage, context.member, p.press.subject, number, p.message_id)


ACTIONS: dict[str, Action] = {
    "xgo": Action(right=Right.EXPORT_EVIDENCE, act=_go_on),
    "xinc": Action(right=Right.EXPORT_EVIDENCE, act=_with_incident),
}
