"""Reports over a period at the front desk: /report, /code, and the presses under both."""

from telegram import Update

from bot.errors import Refusal
from bot.model.rights import Right
from bot.services import notices
from handlers.actions import Action, Pressed
from handlers.context import DeskContext
from handlers.orders import words_of
from handlers.reading import clean_text

_FORMS = ("pdf", "xlsx", "charts")
_LONGEST = 200
#: Why a report asks for no code: it is made to be published.
_FIGURES = "counts over two periods, public posts and public actors: no account on our list, no threat, nobody of ours"


async def report(update: Update, context: DeskContext) -> None:
    """/report 2026-11-01..2026-11-26 vs 2026-10-06..2026-10-31; alone it says how."""
    words = clean_text(words_of(update))[:_LONGEST]
    if not words.strip():
        context.say(notices.reply(context.member, "report_how"))
        return
    await context.desk.period_reports.order(context.stage, context.member, words)


async def code(update: Update, context: DeskContext) -> None:
    """/code shows the next post to be coded; with two windows it puts their samples into the queue first."""
    words = clean_text(words_of(update))[:_LONGEST]
    if words.strip():
        await context.desk.post_coding.draw(context.stage, context.member, words)
        return
    context.desk.post_coding.next(context.stage, context.member)


async def _file(context: DeskContext, p: Pressed) -> None:
    if p.press.argument not in _FORMS:
        raise Refusal("button_not_yours")
    reports = context.desk.period_reports
    await reports.windows(context.member.newsroom_id, p.press.subject)
    reports.note_export(context.stage, context.member, p.press.subject, p.press.argument)
    context.say(notices.report_file(context.member, p.press.subject, p.press.argument))


async def _draw(context: DeskContext, p: Pressed) -> None:
    windows = await context.desk.period_reports.windows(context.member.newsroom_id, p.press.subject)
    await context.desk.post_coding.draw_windows(context.stage, context.member, windows)


async def _tone(context: DeskContext, p: Pressed) -> None:
    await context.desk.post_coding.code(
        context.stage, context.member, p.press.subject, "tone", p.press.argument, p.message_id
    )


async def _topic(context: DeskContext, p: Pressed) -> None:
    await context.desk.post_coding.code(
        context.stage, context.member, p.press.subject, "topic", p.press.argument, p.message_id
    )


async def _skip(context: DeskContext, p: Pressed) -> None:
    await context.desk.post_coding.skip(context.stage, context.member, p.press.subject, p.message_id)


async def _undo(context: DeskContext, p: Pressed) -> None:
    await context.desk.post_coding.undo(context.stage, context.member, p.press.subject, p.message_id)


ACTIONS: dict[str, Action] = {
    "rpfile": Action(right=Right.REPORTS, act=_file, figures=_FIGURES, writes=False),
    "rpcode": Action(right=Right.CODE_POSTS, act=_draw),
    "cdtone": Action(right=Right.CODE_POSTS, act=_tone),
    "cdtopic": Action(right=Right.CODE_POSTS, act=_topic),
    "cdskip": Action(right=Right.CODE_POSTS, act=_skip),
    "cdundo": Action(right=Right.CODE_POSTS, act=_undo),
}
