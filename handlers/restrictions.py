"""Need to know at the front desk: /restrict, /unrestrict, and the presses under the card that says who may know."""

import re

from telegram import Update

from bot.errors import Refusal
from bot.model.restriction import CaseRef, RefNoun
from bot.model.rights import Right
from bot.services import notices
from handlers.actions import Action, Pressed, number_of
from handlers.context import DeskContext
from handlers.orders import words_of
from handlers.reading import clean_text

# The letters as they are typed on either keyboard.
_REF = re.compile(r"([KКTТIИ])\s?-?\s?(\d{1,15})\b[\s,;]*", re.IGNORECASE)
_NOUNS = {"K": RefNoun.CASE, "К": RefNoun.CASE, "T": RefNoun.THREAT, "Т": RefNoun.THREAT, "I": RefNoun.INCIDENT}
_NOUNS |= {"И": RefNoun.INCIDENT}


def _read(words: str) -> tuple[CaseRef, list[str]]:
    """What is meant, and the people named after it. Raises Refusal."""
    found = _REF.match(words)
    if found is None:
        raise Refusal("restrict_what")
    ref = CaseRef(noun=_NOUNS[found.group(1).upper()], number=int(found.group(2)))
    return ref, _people(words[found.end() :])


def _people(words: str) -> list[str]:
    """@Ainura @Bek, or with commas between: a name of two words stays one."""
    parts = re.split(r"[,;]\s*|\s+(?=@)", words.strip())
    return [part.strip() for part in parts if part.strip(" @")]


async def restrict(update: Update, context: DeskContext) -> None:
    """/restrict K-12 @Ainura @Bek: only these may know of it; without names it shows who may."""
    ref, people = _read(" ".join(clean_text(words_of(update)).split()))
    if not people:
        # Whoever may not know of it is told so at once, and nothing is drawn for them.
        await context.desk.restrictions.view(context.member, ref)
        context.say(notices.reply(context.member, "restriction", noun=ref.noun.value, number=ref.number))
        return
    named = await context.desk.restrictions.named(context.member, people)
    await context.desk.restrictions.restrict(context.stage, context.member, ref, named)


async def unrestrict(update: Update, context: DeskContext) -> None:
    """/unrestrict K-12: everybody may know of it again, as their role has it."""
    ref, _ = _read(" ".join(clean_text(words_of(update)).split()))
    await context.desk.restrictions.lift(context.stage, context.member, ref)


def _meant(p: Pressed) -> tuple[CaseRef, str]:
    """What a button is about, and what stands behind it. Raises Refusal."""
    noun, _, rest = p.press.argument.partition(".")
    if noun not in set(RefNoun):
        raise Refusal("button_not_yours")
    return CaseRef(noun=RefNoun(noun), number=p.press.subject), rest


async def _show(context: DeskContext, p: Pressed) -> None:
    ref, page = _meant(p)
    await context.desk.restrictions.view(context.member, ref)
    values = {"noun": ref.noun.value, "number": ref.number}
    if not page:
        context.say(notices.reply(context.member, "restriction", **values))
        return
    values["page"] = number_of(page, 10)
    context.say(notices.edited_reply(context.member, p.message_id, "restriction", **values))


async def _name(context: DeskContext, p: Pressed) -> None:
    ref, who = _meant(p)
    named = {number_of(who, 16)}
    await context.desk.restrictions.restrict(context.stage, context.member, ref, named, p.message_id)


async def _unname(context: DeskContext, p: Pressed) -> None:
    ref, who = _meant(p)
    person = number_of(who, 16)
    await context.desk.restrictions.unname(context.stage, context.member, ref, person, p.message_id)


async def _lift(context: DeskContext, p: Pressed) -> None:
    ref, _ = _meant(p)
    await context.desk.restrictions.lift(context.stage, context.member, ref, p.message_id)


ACTIONS = {
    "restrict": Action(right=Right.RESTRICT, act=_show, writes=False),
    "rsname": Action(right=Right.RESTRICT, act=_name),
    "rsunname": Action(right=Right.RESTRICT, act=_unname),
    "rslift": Action(right=Right.RESTRICT, act=_lift),
}
