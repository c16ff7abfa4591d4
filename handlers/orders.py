"""What members order by command. Each reads its words, asks one service, and leaves the answer to the outbox."""

import re

from telegram import Update

from bot.errors import Refusal
from bot.model.newsroom import Member
from bot.model.rights import Right
from bot.services import notices
from bot.services.accounts import read_suspicion
from bot.services.members import role_named
from handlers.context import DeskContext
from handlers.gate import require

#: The word that adds to a list, in each language.
ADD = ("add", "добавить", "кошуу")
LINK = ("link", "связать", "байланыштыруу")

_CASE_NUMBER = re.compile(r"(?:[KkКк]-?)?(\d{1,15})")


def words_of(update: Update) -> str:
    """What stands behind the command, lines and all."""
    message = update.message
    text = (message.text or message.caption or "") if message is not None else ""
    found = re.match(r"/\S+\s*", text)
    return text[found.end() :].strip() if found else ""


async def show_help(_update: Update, context: DeskContext) -> None:
    """/help, and /start by a member."""
    context.say(notices.reply(context.member, "help"), notices.menu(context.member))


async def start(update: Update, context: DeskContext) -> None:
    """/start: help and the choice of a language; with a deep link to a case, that case."""
    found = re.fullmatch(r"case_(\d{1,15})", words_of(update))
    if found:
        await _show_case(context, int(found.group(1)))
        return
    linked = re.fullmatch(r"(threat|campaign|farm|spike)_(\d{1,9})", words_of(update))
    if linked is not None:
        await _show_linked(context, linked[1], int(linked[2]))
        return
    await show_help(update, context)
    context.say(notices.reply(context.member, "language"))


async def _show_linked(context: DeskContext, noun: str, number: int) -> None:
    """What a digest links to; whether they may see it is asked when it is opened."""
    match noun:
        case "threat":
            require(context, Right.OWN_THREATS)
            threat_id = await context.desk.threats.by_number(context.member, number)
            context.say(notices.reply(context.member, "threat", threat=threat_id))
        case "campaign":
            require(context, Right.SEE_CAMPAIGNS)
            context.say(notices.reply(context.member, "campaign", number=number))
        case "farm":
            require(context, Right.SEE_FARMS)
            context.say(notices.reply(context.member, "farm", number=number))
        case "spike":
            require(context, Right.SEE_SPIKES)
            spike_id = await context.desk.spikes.by_number(context.member, number)
            context.say(notices.spike_edit(context.member, spike_id, None))


async def show_privacy(_update: Update, context: DeskContext) -> None:
    """/privacy"""
    context.say(notices.reply(context.member, "privacy"))


async def show_whoami(_update: Update, context: DeskContext) -> None:
    """/whoami"""
    context.say(notices.reply(context.member, "whoami"))


async def choose_language(_update: Update, context: DeskContext) -> None:
    """/language"""
    context.say(notices.reply(context.member, "language"))


async def list_mine(_update: Update, context: DeskContext) -> None:
    """/mine"""
    context.say(notices.reply(context.member, "cases", mine=True))


async def list_all(_update: Update, context: DeskContext) -> None:
    """/cases"""
    context.say(notices.reply(context.member, "cases", mine=False))


async def show_case(update: Update, context: DeskContext) -> None:
    """/case K-12, or /case_12 as lists write it."""
    message = update.message
    text = (message.text or "") if message is not None else ""
    found = re.match(r"/case_(\d{1,15})", text)
    await _show_case(context, int(found.group(1)) if found else case_number(words_of(update)))


def case_number(words: str) -> int:
    """The number in K-12, however it is typed. Raises Refusal."""
    found = _CASE_NUMBER.fullmatch(words)
    if found is None:
        raise Refusal("case_unknown")
    return int(found.group(1))


async def _show_case(context: DeskContext, number: int) -> None:
    case = await context.desk.cases.by_number(context.member, number)
    context.say(notices.case_copy(context.member, case.submission_id))


async def list_fake(update: Update, context: DeskContext) -> None:
    """/fake LINK, names, farm and reason on lines of their own; without words the bot asks."""
    words = words_of(update)
    if not words:
        await context.desk.dialogs.ask(context.stage, context.member, "fake", {})
        return
    await context.desk.accounts.suspect(context.stage, context.member, read_suspicion(words).entry)


async def confirm(update: Update, context: DeskContext) -> None:
    """/confirm LINK, or /confirm import NAME for a whole batch."""
    words = words_of(update)
    first, _, rest = words.partition(" ")
    if first.lower() in ("import", "импорт") and rest.strip():
        await context.desk.accounts.confirm_batch(context.stage, context.member, rest.strip())
        return
    account = await context.desk.accounts.named(context.member, words)
    await context.desk.accounts.confirm(context.stage, context.member, account.id)


async def clear(update: Update, context: DeskContext) -> None:
    """/clear LINK, with the reason on the next lines."""
    first, _, reason = words_of(update).partition("\n")
    account = await context.desk.accounts.named(context.member, first.strip())
    await context.desk.accounts.clear(context.stage, context.member, account.id, reason.strip()[:2000] or None)


async def staff(update: Update, context: DeskContext) -> None:
    """/staff shows the list; /staff add … adds to it; /staff link 3 NAME says that member 3 is that person."""
    first, _, rest = words_of(update).partition(" ")
    if first.lower() in LINK:
        require(context, Right.EDIT_STAFF)
        number, _, name = rest.strip().partition(" ")
        await context.desk.staff.link(context.stage, context.member, name, await numbered(context, number))
        return
    if first.lower() not in ADD:
        context.say(notices.reply(context.member, "staff"))
        return
    require(context, Right.EDIT_STAFF)
    await context.desk.staff.add(context.stage, context.member, rest)


async def list_members(_update: Update, context: DeskContext) -> None:
    """/members"""
    context.say(notices.reply(context.member, "members"))


async def invite(update: Update, context: DeskContext) -> None:
    """/invite ROLE"""
    await context.desk.members.invite(context.stage, context.member, role_named(words_of(update) or "journalist"))


async def set_role(update: Update, context: DeskContext) -> None:
    """/role NUMBER ROLE, ROLE"""
    number, _, names = words_of(update).partition(" ")
    member = await numbered(context, number)
    roles = [role_named(name) for name in re.split(r"[,\s]+", names) if name]
    if not roles:
        raise Refusal("role_unknown", role="")
    await context.desk.members.set_roles(context.stage, context.member, member.id, roles)


async def remove(update: Update, context: DeskContext) -> None:
    """/remove NUMBER"""
    member = await numbered(context, words_of(update))
    await context.desk.members.remove(context.stage, context.member, member.id)


async def numbered(context: DeskContext, number: str) -> Member:
    """The member with a number of /members. Raises Refusal."""
    people = await context.desk.members.everyone(context.member.newsroom_id)
    if not re.fullmatch(r"[0-9]{1,6}", number) or int(number) not in people:
        raise Refusal("member_unknown")
    return people[int(number)]


async def settings(update: Update, context: DeskContext) -> None:
    """/settings shows them; /settings NAME VALUE changes one."""
    name, _, value = words_of(update).partition(" ")
    if not name:
        context.say(notices.reply(context.member, "settings"))
        return
    await context.desk.newsrooms.change(context.stage, context.member, name.lower(), value)


async def health(_update: Update, context: DeskContext) -> None:
    """/health"""
    context.say(notices.reply(context.member, "health"))


async def dead_letters(_update: Update, context: DeskContext) -> None:
    """/deadletters"""
    context.say(notices.reply(context.member, "dead_letters"))


async def unknown(_update: Update, context: DeskContext) -> None:
    """Any other command."""
    context.say(notices.reply(context.member, "unknown_command"))
