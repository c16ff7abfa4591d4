"""Everything that the bot answers to, in the order in which it is asked: reading this is knowing what the bot does.

A command or an action without a right does not come into being: handlers are made from the tables that name rights.
"""

from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

from telegram import Update
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.errors import Refusal
from bot.model.rights import Right
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
    exchange,
    farms,
    orders,
    outreach,
    own_data,
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
from handlers.refusing import refusing
from handlers.submissions import list_fake_with_photo

Handle = Callable[[Update, DeskContext], Coroutine[Any, Any, None]]
AnyHandler = BaseHandler[Any, DeskContext, Any]

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
    "exchange": exchange.exchange,
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
    "health": orders.health,
    "deadletters": orders.dead_letters,
    "language": orders.choose_language,
    "whoami": orders.show_whoami,
    "privacy": orders.show_privacy,
    "mydata": own_data.my_data,
    "forget": erasure.forget,
    "help": orders.show_help,
}


class Way(NamedTuple):
    """One way to ask: what the message is like, the right that it takes, who answers; counted against a limit, or not.

    Without a right the handler asks for one itself. With a `name` it is that command, and `where` is where it counts.
    """

    where: filters.BaseFilter
    right: Right | None
    handle: Handle
    limit: str | None = None
    name: str | None = None

    def handler(self) -> AnyHandler:
        """What PTB asks."""
        handle = self.handle if self.limit is None else _limited(self.limit, self.handle)
        guarded = handle if self.right is None else _guarded(self.right, handle)
        if self.name is None:
            return MessageHandler(self.where, guarded)
        return CommandHandler(self.name, guarded, filters=self.where)


_PRIVATE, _GROUPS = filters.ChatType.PRIVATE, filters.ChatType.GROUPS
_NEW, _EDITED = filters.UpdateType.MESSAGE, filters.UpdateType.EDITED_MESSAGE
# A forwarded command is a forward, not an order.
_ORDER = _NEW & _PRIVATE & ~filters.FORWARDED
_IN_GROUP = _GROUPS & _NEW & ~filters.FORWARDED
# What comes most comes early: a forward, a picture or plain words are no order.
_PLAIN = _NEW & _PRIVATE & (filters.FORWARDED | ~(filters.COMMAND | filters.CaptionRegex(r"^/")))


def _link(noun: str) -> filters.BaseFilter:
    """/case_12 and its like, as cards show them."""
    return _ORDER & filters.Regex(rf"^/{noun}_\d+")


def _under_file(command: str) -> filters.BaseFilter:
    """A command in the words under a picture or a file."""
    return _ORDER & filters.CaptionRegex(rf"^/{command}\b")


FIRST = (
    Way(_ORDER & access.PANIC, Right.SELF, access.panic),
    Way(_ORDER & ~filters.COMMAND & access.CODE, Right.SUBMIT, access.code),
    Way(_PLAIN, None, submissions.receive),
)
BY_NAME = (
    Way(_ORDER, Right.SELF, orders.start, name="start"),
    *(Way(_ORDER, each.right, ORDERS[each.name], limit=each.name, name=each.name) for each in COMMANDS),
)
BY_LINK_OR_FILE = (
    Way(_link("case"), Right.OWN_CASES, orders.show_case),
    Way(_link("campaign"), Right.SEE_CAMPAIGNS, campaigns.show_campaign),
    Way(_under_file("fake"), Right.SUSPECT_ACCOUNT, list_fake_with_photo, limit="fake"),
    Way(_under_file("import"), Right.DECIDE_ACCOUNT, account_lists.order),
    Way(_under_file("exchange"), Right.EXCHANGE, exchange.exchange),
    Way(_link("farm"), Right.SEE_FARMS, farms.farm),
    Way(_under_file("workreport"), Right.HAND_IN_REPORT, curators.hand_in),
    Way(_link("spike"), Right.SEE_SPIKES, spikes.list_spikes),
    Way(_link("threat"), Right.OWN_THREATS, threats.threat),
    Way(_link("incident"), Right.SEE_THREATS, threats.incident),
    Way(_under_file("threat"), Right.RULE_THREAT, threats.threat),
    Way(_under_file("incident"), Right.RULE_THREAT, threats.incident),
    Way(_link("takedown"), Right.TAKEDOWNS, takedowns.takedown),
    Way(_link("outreach") | _under_file("outreach"), Right.OUTREACH, outreach.outreach),
    Way(_under_file("photo"), Right.FIND_PHOTO, photos.where_seen, limit="photo"),
    Way(_under_file("owner"), Right.NAME_OWNER, photos.owner),
)
ELSE = (
    Way(_ORDER & filters.COMMAND, Right.SELF, orders.unknown),
    Way(_PRIVATE & _NEW, None, submissions.receive),
    Way(_PRIVATE & _EDITED, None, submissions.receive_edit),
)
# In groups the bot is silent unless it is spoken to.
GROUPS = (
    Way(_IN_GROUP, Right.DIGESTS, digests.digest, name="digest"),
    Way(_IN_GROUP, Right.CHATS, digests.chats, name="chats"),
    Way(_GROUPS & filters.StatusUpdate.MIGRATE, Right.SELF, digests.on_migration),
)


def register(application: "Application[Any, DeskContext, Any, Any, Any, Any]") -> None:
    """Put every handler in its place."""
    # First of all: who is this, now?
    application.add_handler(TypeHandler(Update, gate), group=-1)
    application.add_handlers([way.handler() for way in FIRST])
    application.add_handler(CallbackQueryHandler(presses.on_press))
    application.add_handlers([way.handler() for way in (*BY_NAME, *BY_LINK_OR_FILE, *ELSE, *GROUPS)])
    membership = _guarded(Right.SELF, digests.on_membership)
    application.add_handler(ChatMemberHandler(membership, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(_GROUPS & _NEW, submissions.receive_in_group))
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


async def on_error(update: object, context: DeskContext) -> None:
    """A Refusal becomes a sentence to the member; anything else goes back to the inbox to be tried again."""
    error = context.error
    if isinstance(error, Refusal) and isinstance(update, Update):
        refusing(context.desk, context.member, update)(context.stage, error)
    elif isinstance(error, Exception):
        CURRENT_FAILURES.get().append(error)
