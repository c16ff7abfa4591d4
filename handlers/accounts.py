"""Accounts at the front desk: /account, /fakes, /merge, /split, /exports, /withdraw, /doubts, their cards' buttons."""

from telegram import Update

from bot.errors import Refusal
from bot.model.account_record import STANCES, TAGS, LinkState
from bot.model.dialog import Dialog
from bot.model.rights import Right
from bot.model.submission import Incoming
from bot.services import notices
from handlers.actions import Action, Pressed
from handlers.context import DeskContext
from handlers.fetching import fetcher
from handlers.gate import require
from handlers.orders import words_of
from handlers.reading import clean_text

_LONGEST = 100
_ASKED_BY_EDITORS = frozenset({"acc_clear", "acc_gone", "acc_heir", "acc_merge", "acc_split"})


async def account(update: Update, context: DeskContext) -> None:
    """/account LINK, handle, name or id shows its card; lines below it add to the record."""
    first, _, rest = clean_text(words_of(update)).partition("\n")
    found = await context.desk.accounts.named(context.member, first.strip()[: _LONGEST * 5])
    if rest.strip():
        require(context, Right.SUSPECT_ACCOUNT)
        await context.desk.account_records.tell(context.stage, context.member, found.id, rest)
        return
    context.say(notices.reply(context.member, "account", account=found.id))


async def search(update: Update, context: DeskContext) -> None:
    """/fakes WORDS"""
    words = " ".join(clean_text(words_of(update)).split())[:_LONGEST]
    query = context.desk.threats.remember(context.stage, context.member, words)
    context.say(notices.reply(context.member, "accounts", query=query, page=0))


async def merge(update: Update, context: DeskContext) -> None:
    """/merge ONE and OTHER, on two lines or parted by a blank: the first is a part of the second."""
    one, other = _two(clean_text(words_of(update)))
    gone = await context.desk.accounts.named(context.member, one)
    kept = await context.desk.accounts.named(context.member, other)
    await context.desk.account_merging.merge(context.stage, context.member, gone.id, kept.id)


def _two(words: str) -> tuple[str, str]:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    parts = lines if len(lines) == 2 else words.split()
    if len(parts) != 2:
        raise Refusal("merge_of_two")
    return parts[0], parts[1]


async def split(update: Update, context: DeskContext) -> None:
    """/split ACCOUNT asks what goes; numbers and a link on the next line say it at once."""
    first, _, rest = clean_text(words_of(update)).partition("\n")
    found = await context.desk.accounts.named(context.member, first.strip())
    if rest.strip():
        await context.desk.account_merging.split(context.stage, context.member, found.id, rest)
        return
    await _ask(context, "acc_split", found.id)


async def exports(_update: Update, context: DeskContext) -> None:
    """/exports"""
    context.say(notices.reply(context.member, "shares"))


async def withdraw(_update: Update, context: DeskContext) -> None:
    """/withdraw"""
    context.say(notices.reply(context.member, "import_batches"))


async def doubts(_update: Update, context: DeskContext) -> None:
    """/doubts"""
    context.say(notices.reply(context.member, "doubts"))


async def answered(incoming: Incoming, context: DeskContext) -> bool:
    """Whether a message answers a question about an account."""
    dialog = await context.dialog()
    if dialog is None or not dialog.kind.startswith(("acc_", "staff_photo")):
        return False
    if dialog.kind in ("acc_photo", "staff_photo"):
        return await _photo_answered(incoming, context, dialog)
    if not incoming.is_note:
        return False
    if dialog.kind in _ASKED_BY_EDITORS:
        require(context, Right.DECIDE_ACCOUNT)
    await _words_answered(incoming.text, context, dialog)
    await context.desk.dialogs.end(context.stage, context.member)
    return True


async def _photo_answered(incoming: Incoming, context: DeskContext, dialog: Dialog) -> bool:
    if incoming.file is None:
        return False
    data = await fetcher(context)(incoming.file)
    await context.desk.dialogs.end(context.stage, context.member)
    if dialog.kind == "staff_photo":
        require(context, Right.EDIT_STAFF)
        await context.desk.staff_watch.add_photo(context.stage, context.member, int(dialog.body["staff"]), data)
    else:
        await context.desk.account_records.add_photo(context.stage, context.member, int(dialog.body["account"]), data)
    return True


async def _words_answered(text: str, context: DeskContext, dialog: Dialog) -> None:
    desk, stage, member, account_id = context.desk, context.stage, context.member, int(dialog.body["account"])
    match dialog.kind:
        case "acc_clear":
            await desk.accounts.clear(stage, member, account_id, text[:2000])
        case "acc_gone":
            await desk.accounts.gone(stage, member, account_id, text[:2000])
        case "acc_tell":
            await desk.account_records.tell(stage, member, account_id, text)
        case "acc_tag":
            await desk.account_records.tag(stage, member, account_id, str(dialog.body["tag"]), text)
        case "acc_stance":
            await desk.account_records.stance(stage, member, account_id, str(dialog.body["said"]), text)
        case "acc_heir":
            other = await desk.accounts.named(member, text.strip())
            await desk.account_merging.succeed(stage, member, account_id, other.id)
        case "acc_merge":
            other = await desk.accounts.named(member, text.strip())
            await desk.account_merging.merge(stage, member, account_id, other.id)
        case "acc_split":
            await desk.account_merging.split(stage, member, account_id, text)


async def _ask(context: DeskContext, kind: str, account_id: int, **body: str) -> None:
    await context.desk.accounts.see(context.member, account_id)
    await context.desk.dialogs.ask(context.stage, context.member, kind, {"account": account_id, **body})


async def _clear(context: DeskContext, p: Pressed) -> None:
    await _ask(context, "acc_clear", p.press.subject)


async def _gone(context: DeskContext, p: Pressed) -> None:
    await _ask(context, "acc_gone", p.press.subject)


async def _tell(context: DeskContext, p: Pressed) -> None:
    await _ask(context, "acc_tell", p.press.subject)


async def _photo(context: DeskContext, p: Pressed) -> None:
    await _ask(context, "acc_photo", p.press.subject)


async def _heir(context: DeskContext, p: Pressed) -> None:
    await _ask(context, "acc_heir", p.press.subject)


async def _merge(context: DeskContext, p: Pressed) -> None:
    await _ask(context, "acc_merge", p.press.subject)


async def _split(context: DeskContext, p: Pressed) -> None:
    await _ask(context, "acc_split", p.press.subject)


async def _more(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "account_more", account=p.press.subject))


async def _tags(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "account_tags", account=p.press.subject))


async def _stance(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "account_stance", account=p.press.subject))


async def _history(context: DeskContext, p: Pressed) -> None:
    context.say(notices.edited_reply(context.member, p.message_id, "account_history", account=p.press.subject))


async def _page(context: DeskContext, p: Pressed) -> None:
    values = {"account": p.press.subject, "page": p.number()}
    context.say(notices.edited_reply(context.member, p.message_id, "account", **values))


async def _fakes(context: DeskContext, p: Pressed) -> None:
    values = {"query": p.press.subject, "page": p.number()}
    context.say(notices.edited_reply(context.member, p.message_id, "accounts", **values))


async def _tag(context: DeskContext, p: Pressed) -> None:
    place = p.number()
    if not 0 <= place < len(TAGS):
        raise Refusal("button_not_yours")
    await _ask(context, "acc_tag", p.press.subject, tag=TAGS[place])


async def _said(context: DeskContext, p: Pressed) -> None:
    if p.press.argument not in [kind.value for kind in STANCES]:
        raise Refusal("button_not_yours")
    await _ask(context, "acc_stance", p.press.subject, said=p.press.argument)


async def _succession(context: DeskContext, p: Pressed) -> None:
    state = LinkState.LINKED if p.press.argument == "yes" else LinkState.REJECTED
    await context.desk.account_merging.decide(context.stage, context.member, p.press.subject, state)


async def _apart(context: DeskContext, p: Pressed) -> None:
    await context.desk.account_merging.take_apart(context.stage, context.member, p.press.subject)


async def _unsplit(context: DeskContext, p: Pressed) -> None:
    await context.desk.account_merging.unsplit(context.stage, context.member, p.press.subject)


async def _drop(context: DeskContext, p: Pressed) -> None:
    await context.desk.account_records.remove(context.stage, context.member, p.number(16), p.press.subject)


async def _deny(context: DeskContext, p: Pressed) -> None:
    context.say(notices.reply(context.member, "denial", account=p.press.subject, staff=p.number(16)))


async def _export(context: DeskContext, p: Pressed) -> None:
    await context.desk.account_exports.order(context.stage, context.member, p.press.argument)


async def _doubt(context: DeskContext, p: Pressed) -> None:
    context.say(notices.reply(context.member, "reliability", person=p.press.subject))


async def _doubt_take(context: DeskContext, p: Pressed) -> None:
    recall = context.desk.account_recall
    await recall.withdraw_reports(context.stage, context.member, p.press.subject, p.message_id)


async def _doubt_back(context: DeskContext, p: Pressed) -> None:
    recall = context.desk.account_recall
    await recall.restore_reports(context.stage, context.member, p.press.subject, p.message_id)


async def _doubt_count(context: DeskContext, p: Pressed) -> None:
    recall = context.desk.account_recall
    await recall.count_held(context.stage, context.member, p.press.subject, p.message_id)


async def _protected(context: DeskContext, p: Pressed) -> None:
    await context.desk.accounts.second(context.stage, context.member, p.press.subject)


async def _batch_turn(context: DeskContext, p: Pressed) -> None:
    recall = context.desk.account_recall
    await recall.turn_batch(context.stage, context.member, p.press.argument, p.message_id)


async def _watch(context: DeskContext, p: Pressed) -> None:
    if p.press.argument:
        context.say(notices.edited_reply(context.member, p.message_id, "staff_watch", page=p.number()))
    else:
        context.say(notices.reply(context.member, "staff_watch", page=0))


async def _watch_turn(context: DeskContext, p: Pressed) -> None:
    await context.desk.staff_watch.turn(context.stage, context.member, p.press.subject, p.message_id)


async def _watch_photo(context: DeskContext, p: Pressed) -> None:
    await context.desk.staff_watch.person(context.member, p.press.subject)
    await context.desk.dialogs.ask(context.stage, context.member, "staff_photo", {"staff": p.press.subject})


_EVERYBODY, _EDITORS = Right.SUSPECT_ACCOUNT, Right.DECIDE_ACCOUNT

ACTIONS: dict[str, Action] = {
    "fakes": Action(right=Right.SEE_ACCOUNTS, act=_fakes, writes=False),
    "accpage": Action(right=Right.SEE_ACCOUNTS, act=_page, writes=False),
    "acchist": Action(right=Right.SEE_ACCOUNTS, act=_history, writes=False),
    "acctell": Action(right=_EVERYBODY, act=_tell, writes=False),
    "acctags": Action(right=_EVERYBODY, act=_tags, writes=False),
    "acctag": Action(right=_EVERYBODY, act=_tag, writes=False),
    "accstance": Action(right=_EVERYBODY, act=_stance, writes=False),
    "accsaid": Action(right=_EVERYBODY, act=_said, writes=False),
    "accphoto": Action(right=_EVERYBODY, act=_photo, writes=False),
    "accmore": Action(right=_EDITORS, act=_more, writes=False),
    "clear": Action(right=_EDITORS, act=_clear, writes=False),
    "accgone": Action(right=_EDITORS, act=_gone, writes=False),
    "accheir": Action(right=_EDITORS, act=_heir, writes=False),
    "accmerge": Action(right=_EDITORS, act=_merge, writes=False),
    "accsplit": Action(right=_EDITORS, act=_split, writes=False),
    "accsucc": Action(right=_EDITORS, act=_succession),
    "accapart": Action(right=_EDITORS, act=_apart),
    "accunsplit": Action(right=_EDITORS, act=_unsplit),
    "accdrop": Action(right=_EDITORS, act=_drop),
    "accdeny": Action(right=_EDITORS, act=_deny, writes=False),
    "accexport": Action(right=Right.EXPORT_EVIDENCE, act=_export, exports=True),
    "doubt": Action(right=Right.MANAGE_MEMBERS, act=_doubt, writes=False),
    "doubttake": Action(right=Right.MANAGE_MEMBERS, act=_doubt_take),
    "doubtback": Action(right=Right.MANAGE_MEMBERS, act=_doubt_back),
    "doubtcount": Action(right=Right.MANAGE_MEMBERS, act=_doubt_count),
    "accprotected": Action(right=Right.DECIDE_ACCOUNT, act=_protected),
    "batchturn": Action(right=Right.DECIDE_ACCOUNT, act=_batch_turn),
    "watch": Action(right=Right.EDIT_STAFF, act=_watch, writes=False),
    "watchpage": Action(right=Right.EDIT_STAFF, act=_watch, writes=False),
    "watchturn": Action(right=Right.EDIT_STAFF, act=_watch_turn),
    "watchphoto": Action(right=Right.EDIT_STAFF, act=_watch_photo, writes=False),
}
