"""What is erased for good, by two people; a member who leaves; keeping a case that is about to leave by itself."""

import re
from typing import Final

from telegram import Update

from bot.errors import Refusal
from bot.model.rights import Right
from handlers.actions import Action, Pressed
from handlers.context import DeskContext
from handlers.gate import demand, require
from handlers.orders import case_number, words_of

ME: Final = ("me", "меня", "мени", "мен")
OWNER: Final = ("owner", "владелец", "владельца", "ээси", "ээсин")
STAFF: Final = ("staff", "сотрудник", "сотрудника", "кызматкер", "кызматкерди")
_CASE: Final = re.compile(r"(?:[KkКк]-?)?\d{1,15}")
_LABEL: Final = re.compile(r"([OoОоPpРр])-?(\d{1,9})")
_PEOPLE: Final = {"o": "outreach", "о": "outreach", "p": "curator", "р": "curator"}


async def forget(update: Update, context: DeskContext) -> None:
    """/forget me; K-12, O-3, P-2, an account, @ a former member, owner K-12, staff NAME: each with the ground."""
    words = words_of(update)
    first, _, rest = words.partition(" ")
    if first.lower() in ME:
        await context.desk.leaving.begin(context.stage, context.member)
        return
    if first.startswith("@"):
        require(context, Right.SECOND)
        await demand(context, Right.SECOND)
        called, ground = _parted(words[1:])
        await context.desk.forgetting.member(context.stage, context.member, called, ground)
        return
    require(context, Right.ERASE)
    await demand(context, Right.ERASE)
    if not rest.strip():
        raise Refusal("forget_words")
    await _erase(context, first, rest.strip())


async def _erase(context: DeskContext, first: str, rest: str) -> None:
    stage, member, forgetting = context.stage, context.member, context.desk.forgetting
    label = _LABEL.fullmatch(first)
    if _CASE.fullmatch(first):
        await forgetting.case(stage, member, case_number(first), rest)
    elif label is not None:
        noun = _PEOPLE[label[1].lower()]
        right = Right.CURATORS if noun == "curator" else Right.OUTREACH
        require(context, right)
        await demand(context, right)
        await forgetting.person(stage, member, noun, int(label[2]), rest)
    elif first.lower() in OWNER:
        case, _, ground = rest.partition(" ")
        sha256 = await context.desk.photo_owners.picture_of_case(member, case_number(case))
        await forgetting.owner(stage, member, sha256, ground)
    elif first.lower() in STAFF:
        name, ground = _parted(rest)
        await forgetting.staff(stage, member, name, ground)
    else:
        await _account(context, f"{first} {rest}")


async def _account(context: DeskContext, words: str) -> None:
    """A link, a handle, or `vk handle`, then the ground; a name of several words ends with a semicolon."""
    forgetting, accounts = context.desk.forgetting, context.desk.accounts
    named, ground = _parted(words)
    try:
        account = await accounts.named(context.member, named)
    except Refusal:
        # A platform and a handle.
        second, _, behind = ground.partition(" ")
        if not behind.strip() or _SEPARATOR.search(words):
            raise
        account, ground = await accounts.named(context.member, f"{named} {second}"), behind
    await forgetting.account(context.stage, context.member, account.id, ground)


_SEPARATOR: Final = re.compile(r"\s*[;\n]\s*")


def _parted(words: str) -> tuple[str, str]:
    """Who is meant, and the ground: parted by a semicolon or a line, else behind the first word."""
    found = _SEPARATOR.split(words.strip(), maxsplit=1)
    named, ground = found if len(found) > 1 else (words.strip().partition(" ")[0], words.strip().partition(" ")[2])
    return named.strip(), ground.strip()


async def _keep(context: DeskContext, p: Pressed) -> None:
    await context.desk.retention.keep(context.stage, context.member, p.press.subject, p.message_id)


ACTIONS = {
    "keepcase": Action(right=Right.OWN_CASES, act=_keep),
}
