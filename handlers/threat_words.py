"""The newsroom's own threat words: /words shows them, adds one, and takes them off the list."""

from telegram import Update

from bot.model.rights import Right
from bot.services import notices
from handlers.actions import Action, Pressed
from handlers.context import DeskContext
from handlers.orders import ADD, words_of
from handlers.reading import clean_text


async def words(update: Update, context: DeskContext) -> None:
    """/words shows the list; /words add KIND: WORD adds to it."""
    first, *rest = clean_text(words_of(update)).split(maxsplit=1) or [""]
    if first.lower() not in ADD:
        context.say(notices.reply(context.member, "threat_words", page=0))
        return
    await context.desk.threat_words.add(context.stage, context.member, rest[0] if rest else "")


async def _turn(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "threat_words", page=p.number()))


async def _remove(context: DeskContext, p: Pressed) -> None:
    await context.desk.threat_words.remove(context.stage, context.member, p.press.subject, p.message_id)


ACTIONS: dict[str, Action] = {
    "twords": Action(right=Right.THREAT_WORDS, act=_turn, writes=False),
    "twordrm": Action(right=Right.THREAT_WORDS, act=_remove),
}
