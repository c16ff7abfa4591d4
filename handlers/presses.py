"""Presses on buttons: each action with the right that it needs. What was not signed for this person is refused."""

import logging

from telegram import Update

from bot.model.rights import Right
from bot.services import notices
from handlers import (
    account_lists,
    accounts,
    alarms,
    campaigns,
    copies,
    curators,
    digests,
    erasure,
    event_records,
    evidence,
    farms,
    outreach,
    photos,
    public_labels,
    reports,
    screens,
    spikes,
    stock_phrases,
    takedowns,
    threat_words,
    threats,
)
from handlers.actions import Action, Pressed
from handlers.context import DeskContext
from handlers.gate import require

log = logging.getLogger(__name__)


async def on_press(update: Update, context: DeskContext) -> None:
    """Check the signature, the action and the right; act; answer."""
    query = update.callback_query
    if query is None or query.message is None:
        return
    member = context.member
    press = context.desk.signer.read(member.telegram_id, query.data or "")
    if press is None and query.message.chat.id != member.telegram_id:
        # Under a message in a group: signed for the group, and of all that can be pressed only what belongs there.
        said = context.desk.signer.read(query.message.chat.id, query.data or "")
        press = said if said is not None and said.action in digests.IN_GROUPS else None
    action = ACTIONS.get(press.action) if press is not None else None
    if press is None or action is None:
        log.warning("member %d pressed a button that is not theirs", member.id)
        context.say(notices.answer(member, query.id, "button_not_yours"))
        return
    context.say(notices.answer(member, query.id))
    require(context, action.right)
    await action.act(context, Pressed(press=press, message_id=query.message.message_id, chat_id=query.message.chat.id))


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
    await context.desk.members.decide(
        context.stage, context.member, p.press.subject, admit=True, message_id=p.message_id
    )


async def _refuse(context: DeskContext, p: Pressed) -> None:
    await context.desk.members.decide(
        context.stage, context.member, p.press.subject, admit=False, message_id=p.message_id
    )


async def _language(context: DeskContext, p: Pressed) -> None:
    await context.desk.members.set_language(context.stage, context.member, p.press.argument, p.message_id)


async def _replay(context: DeskContext, p: Pressed) -> None:
    await context.desk.newsrooms.replay(context.stage, context.member, p.message_id)


ACTIONS: dict[str, Action] = {
    "undo": Action(right=Right.SUBMIT, act=_undo),
    "check": Action(right=Right.SUBMIT, act=_check),
    "note": Action(right=Right.SUBMIT, act=_note),
    "threat": Action(right=Right.RULE_THREAT, act=_threat),
    "targets": Action(right=Right.RULE_THREAT, act=_targets),
    "targetpage": Action(right=Right.RULE_THREAT, act=_targets),
    "target": Action(right=Right.RULE_THREAT, act=_target),
    "case": Action(right=Right.OWN_CASES, act=_case),
    "photos": Action(right=Right.OWN_CASES, act=_photos),
    "author": Action(right=Right.SUBMIT, act=_author),
    "suspect": Action(right=Right.SUSPECT_ACCOUNT, act=_suspect),
    "account": Action(right=Right.SEE_ACCOUNTS, act=_account),
    "confirm": Action(right=Right.DECIDE_ACCOUNT, act=_confirm),
    "mine": Action(right=Right.OWN_CASES, act=_mine),
    "all": Action(right=Right.ALL_CASES, act=_all),
    "staffdel": Action(right=Right.EDIT_STAFF, act=_staff_removal),
    "staffrmpage": Action(right=Right.EDIT_STAFF, act=_staff_removal),
    "staffrm": Action(right=Right.EDIT_STAFF, act=_staff_remove),
    "admit": Action(right=Right.MANAGE_MEMBERS, act=_admit),
    "refuse": Action(right=Right.MANAGE_MEMBERS, act=_refuse),
    "language": Action(right=Right.SELF, act=_language),
    "replay": Action(right=Right.DEAD_LETTERS, act=_replay),
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
    **alarms.ACTIONS,
    **evidence.ACTIONS,
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
