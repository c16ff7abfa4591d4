"""The never-match list: /phrases shows it, adds to it, and takes texts off it."""

from telegram import Update

from bot.model.rights import Right
from bot.services import notices
from handlers.actions import Action, Pressed
from handlers.context import DeskContext
from handlers.orders import ADD, words_of
from handlers.reading import clean_text


async def phrases(update: Update, context: DeskContext) -> None:
    """/phrases shows the list; /phrases add TEXT adds to it."""
    first, *rest = clean_text(words_of(update)).split(maxsplit=1) or [""]
    if first.lower() not in ADD:
        context.say(notices.reply(context.member, "stock_phrases", page=0))
        return
    await context.desk.stock_phrases.add(context.stage, context.member, rest[0] if rest else "")


async def _turn(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "stock_phrases", page=p.number()))


async def _remove(context: DeskContext, p: Pressed) -> None:
    await context.desk.stock_phrases.remove(context.stage, context.member, p.press.subject, p.message_id)


async def _add_of_case(context: DeskContext, p: Pressed) -> None:
    await context.desk.cases.see(context.member, p.press.subject)
    await context.desk.stock_phrases.add_of_case(context.stage, context.member, p.press.subject)


ACTIONS: dict[str, Action] = {
    "phrases": Action(right=Right.NEVER_MATCH, act=_turn, writes=False),
    "phraserm": Action(right=Right.NEVER_MATCH, act=_remove),
    "nevercase": Action(right=Right.NEVER_MATCH, act=_add_of_case),
}
