"""Who may do what: the one policy table, from which the gate, the menus, the tests and the docs are made.

A member may hold several roles; a right that is not listed here does not exist, and what has no right is denied.
"""

from collections.abc import Iterable
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a member is in the newsroom."""

    JOURNALIST = "journalist"
    EDITOR = "editor"
    SECURITY = "security"
    ADMIN = "admin"


class Right(StrEnum):
    """One thing that can be allowed."""

    SUBMIT = "submit"
    OWN_CASES = "own_cases"
    ALL_CASES = "all_cases"
    SEE_TARGETS = "see_targets"
    RULE_THREAT = "rule_threat"
    OWN_THREATS = "own_threats"
    SEE_THREATS = "see_threats"
    MANAGE_THREATS = "manage_threats"
    ANSWER_ALARM = "answer_alarm"
    RESTRICT = "restrict"
    DUTY = "duty"
    SEE_ACCOUNTS = "see_accounts"
    SUSPECT_ACCOUNT = "suspect_account"
    DECIDE_ACCOUNT = "decide_account"
    FIND = "find"
    REJECT_COPY = "reject_copy"
    CORRECT_SCREEN = "correct_screen"
    FIND_PHOTO = "find_photo"
    RULE_PHOTO = "rule_photo"
    NAME_OWNER = "name_owner"
    OWNER_DETAILS = "owner_details"
    SEE_CAMPAIGNS = "see_campaigns"
    EDIT_CAMPAIGNS = "edit_campaigns"
    NEVER_MATCH = "never_match"
    SEE_FARMS = "see_farms"
    DECIDE_FARMS = "decide_farms"
    CURATORS = "curators"
    HAND_IN_REPORT = "hand_in_report"
    WORK_REPORTS = "work_reports"
    THREAT_WORDS = "threat_words"
    SEE_STAFF = "see_staff"
    EDIT_STAFF = "edit_staff"
    SELF = "self"
    SEE_MEMBERS = "see_members"
    MANAGE_MEMBERS = "manage_members"
    SETTINGS = "settings"
    DEAD_LETTERS = "dead_letters"
    SEE_HEALTH = "see_health"
    EXPORT_EVIDENCE = "export_evidence"
    EXCHANGE = "exchange"
    TAKEDOWNS = "takedowns"
    OUTREACH = "outreach"
    PUBLISH_LABEL = "publish_label"
    SEE_SPIKES = "see_spikes"
    WATCH = "watch"
    REPORTS = "reports"
    CODE_POSTS = "code_posts"
    DIGESTS = "digests"
    CHATS = "chats"
    SECOND = "second"
    LOCKDOWN = "lockdown"
    AUDIT = "audit"
    ERASE = "erase"


_EVERYONE = frozenset(Role)

POLICY: MappingProxyType[Right, frozenset[Role]] = MappingProxyType(
    {
        Right.SUBMIT: _EVERYONE,
        Right.OWN_CASES: _EVERYONE,
        Right.ALL_CASES: _EVERYONE,
        Right.SEE_TARGETS: frozenset({Role.EDITOR, Role.SECURITY}),
        Right.RULE_THREAT: _EVERYONE,
        # Records of what a member reported, and of what is aimed at them: a summary first.
        Right.OWN_THREATS: frozenset({Role.JOURNALIST, Role.EDITOR, Role.SECURITY}),
        Right.SEE_THREATS: frozenset({Role.EDITOR, Role.SECURITY}),
        Right.MANAGE_THREATS: frozenset({Role.SECURITY}),
        # Cases that only named members may know of; to change that one is to be named oneself.
        Right.RESTRICT: frozenset({Role.SECURITY}),
        # Of alarms that went to them: security leads, then editors, and admins where nobody leads security.
        Right.ANSWER_ALARM: frozenset({Role.EDITOR, Role.SECURITY, Role.ADMIN}),
        Right.DUTY: frozenset({Role.SECURITY}),
        Right.SEE_ACCOUNTS: _EVERYONE,
        Right.SUSPECT_ACCOUNT: _EVERYONE,
        Right.DECIDE_ACCOUNT: frozenset({Role.EDITOR, Role.SECURITY}),
        Right.FIND: _EVERYONE,
        # Of other people's cases; whoever sent a case may say it of that one.
        Right.REJECT_COPY: frozenset({Role.EDITOR, Role.SECURITY}),
        Right.CORRECT_SCREEN: frozenset({Role.EDITOR, Role.SECURITY}),
        Right.FIND_PHOTO: _EVERYONE,
        # In other people's cases; whoever sent a case may say of its photos whether they are the same.
        Right.RULE_PHOTO: frozenset({Role.EDITOR, Role.SECURITY}),
        # Everybody may say whose photo was stolen, and reads the name; changing another's word is an editor's matter.
        Right.NAME_OWNER: _EVERYONE,
        # The person's own profile, how the person was identified, the note.
        Right.OWNER_DETAILS: frozenset({Role.EDITOR, Role.SECURITY}),
        Right.SEE_CAMPAIGNS: _EVERYONE,
        Right.EDIT_CAMPAIGNS: frozenset({Role.EDITOR, Role.SECURITY}),
        Right.NEVER_MATCH: frozenset({Role.EDITOR, Role.SECURITY}),
        # What people said of farms; what is only suggested is for those who decide.
        Right.SEE_FARMS: _EVERYONE,
        Right.DECIDE_FARMS: frozenset({Role.EDITOR, Role.SECURITY}),
        # People behind farms: accounts are never merged with them.
        Right.CURATORS: frozenset({Role.SECURITY}),
        # Anybody may hand a leaked work report in; nobody but security reads them.
        Right.HAND_IN_REPORT: _EVERYONE,
        Right.WORK_REPORTS: frozenset({Role.SECURITY}),
        Right.THREAT_WORDS: frozenset({Role.EDITOR, Role.SECURITY}),
        Right.SEE_STAFF: _EVERYONE,
        Right.EDIT_STAFF: frozenset({Role.EDITOR, Role.SECURITY, Role.ADMIN}),
        Right.SELF: _EVERYONE,
        Right.SEE_MEMBERS: frozenset({Role.SECURITY, Role.ADMIN}),
        Right.MANAGE_MEMBERS: frozenset({Role.ADMIN}),
        Right.SETTINGS: frozenset({Role.ADMIN}),
        Right.DEAD_LETTERS: frozenset({Role.ADMIN}),
        Right.SEE_HEALTH: frozenset({Role.SECURITY, Role.ADMIN}),
        # Originals leave the house with it.
        Right.EXPORT_EVIDENCE: frozenset({Role.SECURITY}),
        # What other newsrooms are told and believed: hashes of what editors ruled on.
        Right.EXCHANGE: frozenset({Role.SECURITY}),
        Right.TAKEDOWNS: frozenset({Role.EDITOR, Role.SECURITY}),
        # Who the owner of a photo is, how they are reached, what they answered.
        Right.OUTREACH: frozenset({Role.EDITOR, Role.SECURITY}),
        Right.REPORTS: frozenset({Role.EDITOR, Role.SECURITY}),
        Right.CODE_POSTS: frozenset({Role.EDITOR, Role.SECURITY}),
        Right.PUBLISH_LABEL: frozenset({Role.EDITOR, Role.SECURITY}),
        # To be told of them, and to say what they were.
        Right.SEE_SPIKES: frozenset({Role.EDITOR, Role.SECURITY}),
        # Watch windows and own stories.
        Right.WATCH: frozenset({Role.EDITOR, Role.SECURITY}),
        # Reading digests, and saying when they come.
        Right.DIGESTS: frozenset({Role.EDITOR, Role.SECURITY}),
        # Where digests may go: what leaves a member's own chat is read by whoever is in the group.
        Right.CHATS: frozenset({Role.ADMIN}),
        # To be the second of two people.
        Right.SECOND: frozenset({Role.SECURITY, Role.ADMIN}),
        Right.LOCKDOWN: frozenset({Role.SECURITY, Role.ADMIN}),
        # Who saw, searched, exported, changed what: to be read, by nobody to be edited.
        Right.AUDIT: frozenset({Role.SECURITY, Role.ADMIN}),
        # Asking, and agreeing as the second person.
        Right.ERASE: frozenset({Role.EDITOR, Role.SECURITY}),
    }
)

#: What a thief with an unlocked phone must not do: a code of the second factor, given not long ago, is asked for.
STEP_UP: frozenset[Right] = frozenset(
    {
        Right.EXPORT_EVIDENCE,
        Right.EXCHANGE,
        Right.CURATORS,
        Right.WORK_REPORTS,
        Right.MANAGE_MEMBERS,
        Right.SETTINGS,
        Right.CHATS,
    }
)
#: What must be possible at once, however long somebody was away: "I take it", being on duty, shutting the door, and
#: being the second of two people, of whom a code is asked for all but unlocking.
URGENT: frozenset[Right] = frozenset({Right.ANSWER_ALARM, Right.DUTY, Right.LOCKDOWN, Right.SECOND})
#: What not everybody may do: of a lead or an editor who was not seen for days a code is asked for first.
SENSITIVE: frozenset[Right] = frozenset(right for right, roles in POLICY.items() if roles != _EVERYONE) - URGENT
#: Roles that lock themselves when their member is not seen for days: they read threats, decide accounts, let people in.
IDLE_LOCKED: frozenset[Role] = frozenset({Role.EDITOR, Role.SECURITY, Role.ADMIN})


def allows(roles: Iterable[Role], right: Right) -> bool:
    """Whether any of `roles` covers `right`."""
    return not POLICY[right].isdisjoint(roles)
