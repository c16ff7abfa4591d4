"""Every command with the right that it needs and its words: help, menus, the gate and the tests are made from it."""

from dataclasses import dataclass

from bot.i18n import NP_
from bot.model.newsroom import Member
from bot.model.rights import Right


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """A command's name, right and menu text (English; translated in context "command")."""

    name: str
    right: Right
    about: str


COMMANDS = (
    Command(name="mine", right=Right.OWN_CASES, about=NP_("command", "my cases")),
    Command(name="cases", right=Right.ALL_CASES, about=NP_("command", "all cases")),
    Command(name="case", right=Right.OWN_CASES, about=NP_("command", "show a case: /case K-12")),
    Command(name="find", right=Right.FIND, about=NP_("command", "was this text seen before? /find and the text")),
    Command(name="copies", right=Right.OWN_CASES, about=NP_("command", "copies of a case's text: /copies K-12")),
    Command(name="photo", right=Right.FIND_PHOTO, about=NP_("command", "where was this photo seen? with a picture")),
    Command(name="owner", right=Right.NAME_OWNER, about=NP_("command", "from whom was a photo stolen? with a picture")),
    Command(name="campaigns", right=Right.SEE_CAMPAIGNS, about=NP_("command", "campaigns: /campaigns 7d and a name")),
    Command(name="campaign", right=Right.SEE_CAMPAIGNS, about=NP_("command", "show a campaign: /campaign C-7")),
    Command(name="digest", right=Right.DIGESTS, about=NP_("command", "the digest: when, what, in which language")),
    Command(name="threat", right=Right.RULE_THREAT, about=NP_("command", "this is a threat: in reply, or with words")),
    Command(name="threats", right=Right.OWN_THREATS, about=NP_("command", "threat log: /threats kind:death since:7d")),
    Command(name="incident", right=Right.RULE_THREAT, about=NP_("command", "raid, summons, assault…: what happened?")),
    Command(
        name="status", right=Right.MANAGE_THREATS, about=NP_("command", "where a threat stands: /status T-4 police")
    ),
    Command(name="assign", right=Right.MANAGE_THREATS, about=NP_("command", "who sees to a threat: /assign T-4 me")),
    Command(name="note", right=Right.MANAGE_THREATS, about=NP_("command", "a note to a threat: /note T-4 words")),
    Command(
        name="restrict", right=Right.RESTRICT, about=NP_("command", "who may know of a case: /restrict K-12 @name")
    ),
    Command(
        name="unrestrict", right=Right.RESTRICT, about=NP_("command", "no longer restrict a case: /unrestrict K-12")
    ),
    Command(name="stats", right=Right.SEE_THREATS, about=NP_("command", "threats in figures: /stats 30d")),
    Command(name="duty", right=Right.DUTY, about=NP_("command", "who is called by alarms, quiet hours")),
    Command(name="fake", right=Right.SUSPECT_ACCOUNT, about=NP_("command", "list an account as suspected")),
    Command(name="fakes", right=Right.SEE_ACCOUNTS, about=NP_("command", "search listed accounts")),
    Command(name="account", right=Right.SEE_ACCOUNTS, about=NP_("command", "all about an account: link or name")),
    Command(name="merge", right=Right.DECIDE_ACCOUNT, about=NP_("command", "two accounts are one: /merge one other")),
    Command(name="split", right=Right.DECIDE_ACCOUNT, about=NP_("command", "one account is two: /split and a link")),
    Command(
        name="exports", right=Right.DECIDE_ACCOUNT, about=NP_("command", "files of accounts, and what was cleared")
    ),
    Command(name="import", right=Right.DECIDE_ACCOUNT, about=NP_("command", "take in a list of accounts: CSV, XLSX")),
    Command(name="withdraw", right=Right.DECIDE_ACCOUNT, about=NP_("command", "take an imported list back, whole")),
    Command(name="doubts", right=Right.MANAGE_MEMBERS, about=NP_("command", "whose reports proved false")),
    Command(name="confirm", right=Right.DECIDE_ACCOUNT, about=NP_("command", "confirm an account or an import")),
    Command(name="clear", right=Right.DECIDE_ACCOUNT, about=NP_("command", "clear an account: not a fake")),
    Command(
        name="takedown", right=Right.TAKEDOWNS, about=NP_("command", "report a fake to its platform: /takedown LINK")
    ),
    Command(
        name="takedowns", right=Right.TAKEDOWNS, about=NP_("command", "what platforms removed: /takedowns since:30d")
    ),
    Command(
        name="outreach", right=Right.OUTREACH, about=NP_("command", "ask the owner of a stolen photo: /outreach LINK")
    ),
    Command(name="label", right=Right.PUBLISH_LABEL, about=NP_("command", "a public note about a confirmed fake")),
    Command(name="farms", right=Right.SEE_FARMS, about=NP_("command", "accounts that are run together")),
    Command(name="farm", right=Right.SEE_FARMS, about=NP_("command", "show a farm: /farm F-3")),
    Command(name="curator", right=Right.CURATORS, about=NP_("command", "people behind farms")),
    Command(name="workreport", right=Right.HAND_IN_REPORT, about=NP_("command", "hand in a leaked work report")),
    Command(name="workreports", right=Right.WORK_REPORTS, about=NP_("command", "leaked work reports")),
    Command(
        name="spikes", right=Right.SEE_SPIKES, about=NP_("command", "waves of comments: who, since when, paid or real")
    ),
    Command(name="watch", right=Right.WATCH, about=NP_("command", "expect a wave: /watch 2026-10-06 20:00 +4h")),
    Command(name="published", right=Right.WATCH, about=NP_("command", "your story is out: /published LINK title")),
    Command(
        name="report", right=Right.REPORTS, about=NP_("command", "compare two periods: /report 2026-11-01..2026-11-26")
    ),
    Command(name="code", right=Right.CODE_POSTS, about=NP_("command", "code posts for a report: tone and topic")),
    Command(name="phrases", right=Right.NEVER_MATCH, about=NP_("command", "texts that everybody writes, never copies")),
    Command(name="words", right=Right.THREAT_WORDS, about=NP_("command", "our own threat words: /words add …")),
    Command(name="export", right=Right.EXPORT_EVIDENCE, about=NP_("command", "hand over evidence: /export T-42")),
    Command(
        name="exchange", right=Right.EXCHANGE, about=NP_("command", "share with other newsrooms, and read their files")
    ),
    Command(name="staff", right=Right.SEE_STAFF, about=NP_("command", "who is under protection")),
    Command(name="members", right=Right.SEE_MEMBERS, about=NP_("command", "the newsroom's members")),
    Command(name="invite", right=Right.MANAGE_MEMBERS, about=NP_("command", "invite somebody: /invite editor")),
    Command(name="role", right=Right.MANAGE_MEMBERS, about=NP_("command", "change a member's roles")),
    Command(name="remove", right=Right.MANAGE_MEMBERS, about=NP_("command", "end a membership")),
    Command(name="allow", right=Right.SECOND, about=NP_("command", "what waits for a second person")),
    Command(name="audit", right=Right.AUDIT, about=NP_("command", "who saw and did what: /audit 2 7d exported")),
    Command(name="thaw", right=Right.SECOND, about=NP_("command", "let a frozen member back: /thaw 2")),
    Command(name="lockdown", right=Right.LOCKDOWN, about=NP_("command", "answer nothing; intake and alarms go on")),
    Command(name="unlock", right=Right.LOCKDOWN, about=NP_("command", "end a lockdown, by two people")),
    Command(name="chats", right=Right.CHATS, about=NP_("command", "chats that may have digests")),
    Command(name="settings", right=Right.SETTINGS, about=NP_("command", "name, time zone, language")),
    Command(name="health", right=Right.SEE_HEALTH, about=NP_("command", "how the bot is: what waits, backups, disk")),
    Command(name="deadletters", right=Right.DEAD_LETTERS, about=NP_("command", "what could not be handled")),
    Command(name="totp", right=Right.SELF, about=NP_("command", "second factor: codes before what is sensitive")),
    Command(name="panic", right=Right.SELF, about=NP_("command", "in danger: freeze my own access at once")),
    Command(name="language", right=Right.SELF, about=NP_("command", "choose a language")),
    Command(name="whoami", right=Right.SELF, about=NP_("command", "who I am here")),
    Command(name="privacy", right=Right.SELF, about=NP_("command", "what is kept, and who sees it")),
    Command(name="mydata", right=Right.SELF, about=NP_("command", "what is stored about me")),
    Command(name="forget", right=Right.SELF, about=NP_("command", "erase for good: /forget K-12 why, /forget me")),
    Command(name="help", right=Right.SELF, about=NP_("command", "what I can do")),
)


def menu_of(member: Member) -> tuple[Command, ...]:
    """The commands that a member may use, in the order of the menu."""
    return tuple(command for command in COMMANDS if member.may(command.right))
