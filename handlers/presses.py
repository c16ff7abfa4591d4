"""Presses on buttons: each action with the right that it needs.

What was not signed for this person, this chat and this message is refused, and what changes something works once.
"""

import logging

from telegram import Update

from bot.errors import Refusal
from bot.model.rights import Right
from bot.services import notices
from bot.services.members import Waiting
from handlers import (
    access,
    account_lists,
    accounts,
    alarms,
    audit,
    campaigns,
    copies,
    curators,
    digests,
    erasure,
    event_records,
    evidence,
    exchange,
    farms,
    outreach,
    own_data,
    photos,
    public_labels,
    reports,
    restrictions,
    screens,
    spikes,
    stock_phrases,
    takedowns,
    threat_words,
    threats,
)
from handlers.actions import Action, Pressed
from handlers.buttons import Bearer, Press, is_plain, said_by
from handlers.context import CURRENT_LOCKED, DeskContext
from handlers.gate import demand, require
from handlers.limits import limit_of_press

log = logging.getLogger(__name__)

#: What can be pressed while the newsroom is locked down: alarms go on, and two people end it.
UNDER_LOCKDOWN = frozenset({"actyes", "actno", "atake", "afalse", "aup"})


async def on_press(update: Update, context: DeskContext) -> None:
    """Check the signature, the action and the right; act; answer; use the press up."""
    query = update.callback_query
    if query is None or query.message is None:
        return
    member, chat_id, message_id = context.member, query.message.chat.id, query.message.message_id
    try:
        press, bearer = await _read(context, chat_id, message_id, query.data or "")
    except Refusal as refusal:
        log.warning("member %d pressed a button that does not count: %s", member.id, refusal.code)
        if CURRENT_LOCKED.get():
            return
        context.say(notices.answer(member, query.id, refusal.code))
        return
    if CURRENT_LOCKED.get() and press.action not in UNDER_LOCKDOWN:
        return
    context.say(notices.answer(member, query.id))
    action = ACTIONS[press.action]
    require(context, action.right)
    await demand(context, action.right, exports=action.exports)
    limit = limit_of_press(press.action, action)
    if limit is not None:
        context.desk.limits.check(member, limit)
    await action.act(context, Pressed(press=press, message_id=message_id, chat_id=chat_id))
    if action.writes:
        said = said_by(query.data or "")
        context.desk.presses.spend(context.stage, member.newsroom_id, bearer.drawing, said)


async def _read(context: DeskContext, chat_id: int, message_id: int, data: str) -> tuple[Press, Bearer]:
    """What is pressed and by which drawing. Raises Refusal for what does not count."""
    if not is_plain(data):
        raise Refusal("button_not_yours")
    member, is_own = context.member, chat_id == context.member.telegram_id
    drawn = await context.desk.presses.drawn(member.newsroom_id, chat_id, message_id, said_by(data))
    shown = [row for row in (drawn.now, *drawn.under_way) if row is not None]
    rows = [*shown, *(row for row in (drawn.before,) if row is not None)]
    # Under a message in a group it was signed for the group; and of all that can be pressed only what belongs there.
    epoch = member.epoch if is_own else 0
    bearers = [Bearer(newsroom=member.newsroom_id, chat=chat_id, drawing=row, epoch=epoch) for row in rows]
    signed = context.desk.signer.read(data, bearers)
    action = ACTIONS.get(signed[0].action) if signed is not None else None
    if signed is None or action is None or not (is_own or signed[0].action in digests.IN_GROUPS):
        raise Refusal("button_not_yours")
    if action.writes and signed[1].drawing not in shown:
        raise Refusal("button_changed")
    if action.writes and signed[1].drawing in drawn.spent:
        raise Refusal("button_spent")
    return signed


async def _undo(context: DeskContext, p: Pressed) -> None:
    await context.desk.cases.undo(context.stage, context.member, p.press.subject, p.message_id)


async def _check(context: DeskContext, p: Pressed) -> None:
    await context.desk.cases.check(context.stage, context.member, p.press.subject)


async def _note(context: DeskContext, p: Pressed) -> None:
    await context.desk.cases.keep_as_note(context.stage, context.member, p.press.subject, p.message_id)


async def _threat(context: DeskContext, p: Pressed) -> None:
    value = "yes" if p.press.argument == "yes" else "no"
    await context.desk.cases.rule_threat(context.stage, context.member, p.press.subject, value, p.message_id)


async def _targets(context: DeskContext, p: Pressed) -> None:
    page = p.number()
    await context.desk.cases.see(context.member, p.press.subject)
    context.say(notices.edited_reply(context.member, p.message_id, "targets", submission=p.press.subject, page=page))


async def _target(context: DeskContext, p: Pressed) -> None:
    staff_id = p.number(16)
    await context.desk.cases.set_target(context.stage, context.member, p.press.subject, staff_id, p.message_id)


async def _case(context: DeskContext, p: Pressed) -> None:
    await context.desk.cases.see(context.member, p.press.subject)
    context.say(notices.case_copy(context.member, p.press.subject, p.message_id))


async def _photos(context: DeskContext, p: Pressed) -> None:
    await context.desk.cases.see(context.member, p.press.subject)
    context.say(notices.photos(context.member, p.press.subject))


async def _author(context: DeskContext, p: Pressed) -> None:
    await context.desk.cases.ask_author(context.stage, context.member, p.press.subject)


async def _suspect(context: DeskContext, p: Pressed) -> None:
    await context.desk.accounts.suspect_from_case(context.stage, context.member, p.press.subject)


async def _account(context: DeskContext, p: Pressed) -> None:
    context.say(notices.reply(context.member, "account", account=p.press.subject))


async def _confirm(context: DeskContext, p: Pressed) -> None:
    await context.desk.accounts.confirm(context.stage, context.member, p.press.subject)


async def _mine(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "cases", mine=True, before=p.press.subject))


async def _all(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "cases", mine=False, before=p.press.subject))


async def _staff_removal(context: DeskContext, p: Pressed) -> None:
    page = p.number()
    context.say(notices.edited_reply(context.member, p.message_id, "staff_removal", page=page))


async def _staff_remove(context: DeskContext, p: Pressed) -> None:
    await context.desk.staff.remove(context.stage, context.member, p.press.subject, p.message_id)


async def _admit(context: DeskContext, p: Pressed) -> None:
    await _decide(context, p, admit=True)


async def _refuse(context: DeskContext, p: Pressed) -> None:
    await _decide(context, p, admit=False)


async def _decide(context: DeskContext, p: Pressed, *, admit: bool) -> None:
    waits = Waiting(member=p.press.subject, invite=p.number(16))
    await context.desk.members.decide(context.stage, context.member, waits, admit=admit, message_id=p.message_id)


async def _language(context: DeskContext, p: Pressed) -> None:
    await context.desk.members.set_language(context.stage, context.member, p.press.argument, p.message_id)


async def _replay(context: DeskContext, p: Pressed) -> None:
    await context.desk.newsrooms.replay(context.stage, context.member, p.message_id)


ACTIONS: dict[str, Action] = {
    "undo": Action(right=Right.SUBMIT, act=_undo),
    "check": Action(right=Right.SUBMIT, act=_check),
    "note": Action(right=Right.SUBMIT, act=_note),
    "threat": Action(right=Right.RULE_THREAT, act=_threat),
    "targets": Action(right=Right.RULE_THREAT, act=_targets, writes=False),
    "targetpage": Action(right=Right.RULE_THREAT, act=_targets, writes=False),
    "target": Action(right=Right.RULE_THREAT, act=_target),
    "case": Action(right=Right.OWN_CASES, act=_case, writes=False),
    "photos": Action(right=Right.OWN_CASES, act=_photos, writes=False),
    "author": Action(right=Right.SUBMIT, act=_author, writes=False),
    "suspect": Action(right=Right.SUSPECT_ACCOUNT, act=_suspect),
    "account": Action(right=Right.SEE_ACCOUNTS, act=_account, writes=False),
    "confirm": Action(right=Right.DECIDE_ACCOUNT, act=_confirm),
    "mine": Action(right=Right.OWN_CASES, act=_mine, writes=False),
    "all": Action(right=Right.ALL_CASES, act=_all, writes=False),
    "staffdel": Action(right=Right.EDIT_STAFF, act=_staff_removal, writes=False),
    "staffrmpage": Action(right=Right.EDIT_STAFF, act=_staff_removal, writes=False),
    "staffrm": Action(right=Right.EDIT_STAFF, act=_staff_remove),
    "admit": Action(right=Right.MANAGE_MEMBERS, act=_admit),
    "refuse": Action(right=Right.MANAGE_MEMBERS, act=_refuse),
    "language": Action(right=Right.SELF, act=_language),
    "replay": Action(right=Right.DEAD_LETTERS, act=_replay),
    **access.ACTIONS,
    **accounts.ACTIONS,
    **account_lists.ACTIONS,
    **copies.ACTIONS,
    **photos.ACTIONS,
    **campaigns.ACTIONS,
    **spikes.ACTIONS,
    **stock_phrases.ACTIONS,
    **threat_words.ACTIONS,
    **screens.ACTIONS,
    **threats.ACTIONS,
    **restrictions.ACTIONS,
    **alarms.ACTIONS,
    **audit.ACTIONS,
    **own_data.ACTIONS,
    **evidence.ACTIONS,
    **exchange.ACTIONS,
    **event_records.ACTIONS,
    **takedowns.ACTIONS,
    **outreach.ACTIONS,
    **public_labels.ACTIONS,
    **reports.ACTIONS,
    **farms.ACTIONS,
    **curators.ACTIONS,
    **digests.ACTIONS,
    **erasure.ACTIONS,
}
