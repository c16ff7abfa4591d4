"""Erasing a case, by two people; keeping one that is about to leave by itself."""

import re

from telegram import Update

from bot.errors import Refusal
from bot.model.rights import Right
from handlers.actions import Action, Pressed
from handlers.context import DeskContext
from handlers.orders import case_number, words_of

_CASE = re.compile(r"(\S+)\s*(.*)", re.DOTALL)


async def forget(update: Update, context: DeskContext) -> None:
    """/forget K-12 and the ground."""
    found = _CASE.fullmatch(words_of(update))
    if found is None:
        raise Refusal("erasure_ground")
    await context.desk.forgetting.propose(context.stage, context.member, case_number(found[1]), found[2])


async def _agree(context: DeskContext, p: Pressed) -> None:
    await context.desk.forgetting.agree(context.stage, context.member, p.press.subject, p.message_id)


async def _keep(context: DeskContext, p: Pressed) -> None:
    await context.desk.retention.keep(context.stage, context.member, p.press.subject, p.message_id)


ACTIONS = {
    "erase": Action(right=Right.ERASE, act=_agree),
    "keepcase": Action(right=Right.OWN_CASES, act=_keep),
}
