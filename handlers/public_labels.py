"""Public notes at the front desk: /label and a confirmed fake, a language, the note to post; later a correction."""

from telegram import Update

from bot.errors import Refusal
from bot.model.public_label import LABEL_LANGUAGES
from bot.model.rights import Right
from bot.services import notices
from handlers.actions import Action, Pressed
from handlers.cards.public_labels import label_text
from handlers.context import DeskContext
from handlers.orders import words_of
from handlers.reading import clean_text


async def label(update: Update, context: DeskContext) -> None:
    """/label LINK or handle: which note may be posted under a fake's comments."""
    words = clean_text(words_of(update))
    if not words:
        raise Refusal("label_missing")
    account = await context.desk.accounts.named(context.member, words)
    await _offer(context, account.id)


async def _offer(context: DeskContext, account_id: int) -> None:
    # Asked before anything is shown: what is not confirmed has no note.
    await context.desk.public_labels.ground(context.member, account_id)
    context.say(notices.reply(context.member, "label_ground", account=account_id))


async def _show(context: DeskContext, p: Pressed) -> None:
    await _offer(context, p.press.subject)


async def _take(context: DeskContext, p: Pressed) -> None:
    language, desk = p.press.argument, context.desk
    if language not in LABEL_LANGUAGES:
        raise Refusal("button_not_yours")
    ground = await desk.public_labels.ground(context.member, p.press.subject)
    reader = await desk.reader(context.member)
    # What is posted is kept as it is read: it is put into words here, and never again.
    text = label_text(ground, desk.catalogs[language], reader)
    await desk.public_labels.take(context.stage, context.member, p.press.subject, language, text, ground.facts)


async def _correct(context: DeskContext, p: Pressed) -> None:
    context.say(notices.reply(context.member, "label_correction", label=p.press.subject))


ACTIONS: dict[str, Action] = {
    "lbshow": Action(right=Right.PUBLISH_LABEL, act=_show, writes=False),
    "lbtake": Action(right=Right.PUBLISH_LABEL, act=_take),
    "lbfix": Action(right=Right.PUBLISH_LABEL, act=_correct, writes=False),
}
