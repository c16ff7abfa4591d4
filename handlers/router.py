"""Everything that the bot answers to, in the order in which it is asked: reading this is knowing what the bot does.

A command or an action without a right does not come into being: handlers are made from the tables that name rights.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.errors import Refusal
from bot.model.rights import Right
from bot.services import notices
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
    evidence,
    farms,
    orders,
    outreach,
    photos,
    presses,
    public_labels,
    reports,
    restrictions,
    spikes,
    stock_phrases,
    submissions,
    takedowns,
    threat_words,
    threats,
)
from handlers.commands import COMMANDS
from handlers.context import CURRENT_FAILURES, DeskContext
from handlers.gate import demand, gate, require
from handlers.limits import limit_of_command
from handlers.submissions import list_fake_with_photo

Handle = Callable[[Update, DeskContext], Coroutine[Any, Any, None]]

ORDERS: dict[str, Handle] = {
    "digest": digests.digest,
    "chats": digests.chats,
    "mine": orders.list_mine,
    "cases": orders.list_all,
    "case": orders.show_case,
    "find": copies.find,
    "copies": copies.show_copies,
    "photo": photos.where_seen,
    "owner": photos.owner,
    "campaigns": campaigns.list_campaigns,
    "campaign": campaigns.show_campaign,
    "threat": threats.threat,
    "threats": threats.list_threats,
    "status": threats.status,
    "assign": threats.assign,
    "note": threats.note,
    "restrict": restrictions.restrict,
    "unrestrict": restrictions.unrestrict,
    "stats": threats.stats,
    "incident": threats.incident,
    "duty": alarms.duty,
    "fake": orders.list_fake,
    "fakes": accounts.search,
    "account": accounts.account,
    "merge": accounts.merge,
    "split": accounts.split,
    "exports": accounts.exports,
    "withdraw": accounts.withdraw,
    "doubts": accounts.doubts,
    "import": account_lists.order,
    "confirm": orders.confirm,
    "clear": orders.clear,
    "takedown": takedowns.takedown,
    "takedowns": takedowns.list_takedowns,
    "outreach": outreach.outreach,
    "label": public_labels.label,
    "farms": farms.list_farms,
    "farm": farms.farm,
    "curator": curators.curator,
    "workreport": curators.hand_in,
    "workreports": curators.list_reports,
    "spikes": spikes.list_spikes,
    "watch": spikes.watch,
    "published": spikes.published,
    "report": reports.report,
    "code": reports.code,
    "phrases": stock_phrases.phrases,
    "words": threat_words.words,
    "export": evidence.export,
    "staff": orders.staff,
    "members": orders.list_members,
    "invite": orders.invite,
    "role": orders.set_role,
    "remove": orders.remove,
    "totp": access.totp,
    "allow": access.allow,
    "audit": audit.audit,
    "panic": access.panic,
    "thaw": access.thaw,
    "lockdown": access.lockdown,
    "unlock": access.unlock,
    "settings": orders.settings,
    "deadletters": orders.dead_letters,
    "language": orders.choose_language,
    "whoami": orders.show_whoami,
    "privacy": orders.show_privacy,
    "forget": erasure.forget,
    "help": orders.show_help,
}


def register(application: "Application[Any, DeskContext, Any, Any, Any, Any]") -> None:
    """Put every handler in its place."""
    private, groups = filters.ChatType.PRIVATE, filters.ChatType.GROUPS
    # A forwarded command is a forward, not an order.
    new = filters.UpdateType.MESSAGE
    order = new & private & ~filters.FORWARDED
    # First of all: who is this, now?
    application.add_handler(TypeHandler(Update, gate), group=-1)
    # What comes most comes early: a forward, a picture or plain words are no order.
    plain = new & private & (filters.FORWARDED | ~(filters.COMMAND | filters.CaptionRegex(r"^/")))
    panic, code = _guarded(Right.SELF, access.panic), _guarded(Right.SUBMIT, access.code)
    application.add_handler(MessageHandler(order & access.PANIC, panic))
    application.add_handler(MessageHandler(order & ~filters.COMMAND & access.CODE, code))
    application.add_handler(MessageHandler(plain, submissions.receive))
    application.add_handler(CallbackQueryHandler(presses.on_press))
    application.add_handler(CommandHandler("start", _guarded(Right.SELF, orders.start), filters=order))
    for command in COMMANDS:
        handle = _guarded(command.right, _limited(command.name, ORDERS[command.name]))
        application.add_handler(CommandHandler(command.name, handle, filters=order))
    case_link, campaign_link = filters.Regex(r"^/case_\d+"), filters.Regex(r"^/campaign_\d+")
    with_photo = filters.CaptionRegex(r"^/fake\b")
    application.add_handler(MessageHandler(order & case_link, _guarded(Right.OWN_CASES, orders.show_case)))
    show_campaign = _guarded(Right.SEE_CAMPAIGNS, campaigns.show_campaign)
    application.add_handler(MessageHandler(order & campaign_link, show_campaign))
    application.add_handler(
        MessageHandler(order & with_photo, _guarded(Right.SUSPECT_ACCOUNT, _limited("fake", list_fake_with_photo)))
    )
    with_list = filters.CaptionRegex(r"^/import\b")
    take_list = _guarded(Right.DECIDE_ACCOUNT, account_lists.order)
    application.add_handler(MessageHandler(order & with_list, take_list))
    farm_link, reported = filters.Regex(r"^/farm_\d+"), filters.CaptionRegex(r"^/workreport\b")
    application.add_handler(MessageHandler(order & farm_link, _guarded(Right.SEE_FARMS, farms.farm)))
    application.add_handler(MessageHandler(order & reported, _guarded(Right.HAND_IN_REPORT, curators.hand_in)))
    spike_link = order & filters.Regex(r"^/spike_\d+")
    application.add_handler(MessageHandler(spike_link, _guarded(Right.SEE_SPIKES, spikes.list_spikes)))
    threat_link, incident_link = filters.Regex(r"^/threat_\d+"), filters.Regex(r"^/incident_\d+")
    show_incident = _guarded(Right.SEE_THREATS, threats.incident)
    application.add_handler(MessageHandler(order & threat_link, _guarded(Right.OWN_THREATS, threats.threat)))
    application.add_handler(MessageHandler(order & incident_link, show_incident))
    for name, handle in (("threat", threats.threat), ("incident", threats.incident)):
        captioned = filters.CaptionRegex(rf"^/{name}\b")
        application.add_handler(MessageHandler(order & captioned, _guarded(Right.RULE_THREAT, handle)))
    takedown_link, thread_link = filters.Regex(r"^/takedown_\d+"), filters.Regex(r"^/outreach_\d+")
    application.add_handler(MessageHandler(order & takedown_link, _guarded(Right.TAKEDOWNS, takedowns.takedown)))
    asks = _guarded(Right.OUTREACH, outreach.outreach)
    application.add_handler(MessageHandler(order & (thread_link | filters.CaptionRegex(r"^/outreach\b")), asks))
    look_up, owner = filters.CaptionRegex(r"^/photo\b"), filters.CaptionRegex(r"^/owner\b")
    application.add_handler(
        MessageHandler(order & look_up, _guarded(Right.FIND_PHOTO, _limited("photo", photos.where_seen)))
    )
    application.add_handler(MessageHandler(order & owner, _guarded(Right.NAME_OWNER, photos.owner)))
    application.add_handler(MessageHandler(order & filters.COMMAND, _guarded(Right.SELF, orders.unknown)))
    application.add_handler(MessageHandler(private & new, submissions.receive))
    application.add_handler(MessageHandler(private & filters.UpdateType.EDITED_MESSAGE, submissions.receive_edit))
    # In groups the bot is silent unless it is spoken to.
    ordered = groups & new & ~filters.FORWARDED
    migrated, membership = _guarded(Right.SELF, digests.on_migration), _guarded(Right.SELF, digests.on_membership)
    application.add_handler(CommandHandler("digest", _guarded(Right.DIGESTS, digests.digest), filters=ordered))
    application.add_handler(CommandHandler("chats", _guarded(Right.CHATS, digests.chats), filters=ordered))
    application.add_handler(MessageHandler(groups & filters.StatusUpdate.MIGRATE, migrated))
    application.add_handler(ChatMemberHandler(membership, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(groups & new, submissions.receive_in_group))
    application.add_error_handler(on_error)


def _limited(command: str, handle: Handle) -> Handle:
    async def limited(update: Update, context: DeskContext) -> None:
        name = limit_of_command(command)
        if name is not None:
            context.desk.limits.check(context.member, name)
        await handle(update, context)

    return limited


def _guarded(right: Right, handle: Handle) -> Handle:
    async def guarded(update: Update, context: DeskContext) -> None:
        require(context, right)
        await demand(context, right)
        await handle(update, context)

    return guarded


async def on_error(_update: object, context: DeskContext) -> None:
    """A Refusal becomes a sentence to the member; anything else goes back to the inbox to be tried again."""
    error = context.error
    if isinstance(error, Refusal):
        context.say(notices.reply(context.member, error.code, **error.values))
        return
    if isinstance(error, Exception):
        CURRENT_FAILURES.get().append(error)
