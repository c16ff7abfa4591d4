"""Who may be shown what: the right that each kind of message and each reply needs, asked when it is sent.

A card that was queued for somebody who lost the role since is not rendered. A reply that is not in the table is a mere
sentence without anything of the archive; one that renders something and is not in the table fails the build.
"""

from typing import Final

from bot.model.newsroom import Member
from bot.model.outbox import Kind, Outgoing
from bot.model.rights import Right
from handlers.cards.card import Card, Reader
from handlers.farms import FILES


class LockedDown(Exception):
    """What must not be lost, and must not be said while the newsroom is locked down."""


def _of(right: Right, *codes: str) -> dict[str, Right]:
    return dict.fromkeys(codes, right)


#: The right that a reply's card needs.
REPLY_RIGHTS: Final[dict[str, Right]] = {
    **_of(Right.SELF, "help", "privacy", "whoami", "language", "ask_list"),
    **_of(Right.SELF, "leaving_last_admin", "leaving_last_security"),
    **_of(Right.SELF, "totp_secret", "totp_codes", "totp_right", "totp_wrong", "totp_was_reset"),
    **_of(Right.SELF, "totp_was_reset_there"),
    **_of(Right.SELF, "act_waits", "act_alone", "act_void", "act_own", "act_needs_admin", "act_allowed", "act_refused"),
    **_of(Right.SELF, "thawed", "locked_down", "unlocked", "acts_none", "export_begun", "share_recalled"),
    **_of(Right.SELF, "too_often", "slowed", "buried"),
    **_of(Right.SECOND, "act", "frozen", "frozen_self", "thawed_for", "totp_set_by", "recovery_used_by"),
    **_of(Right.SECOND, "removed_by", "roles_cut", "setting_by", "chat_opened_by"),
    **_of(Right.SECOND, "totp_reset_there", "joined_there", "export_there"),
    **_of(Right.SECOND, "totp_locked_for", "vigil_export", "vigil_bulk", "vigil_odd_hour"),
    **_of(Right.SECOND, "vigil_odd_reads"),
    **_of(Right.MANAGE_MEMBERS, "invite", "approve", "doubts", "reliability", "reports_held"),
    **_of(Right.SEE_MEMBERS, "members"),
    **_of(Right.AUDIT, "audit"),
    **_of(Right.SETTINGS, "settings", "backup_late", "no_backups", "cases_left"),
    # Administrators and security leads, and nobody else, are told.
    **_of(Right.SECOND, "log_broken", "checkpoints_stopped"),
    # Of an erasure both people are told, whichever they lead.
    **_of(Right.SELF, "erased", "share_erased", "mydata", "leaving", "act_needs_security"),
    **_of(Right.MANAGE_MEMBERS, "member_left"),
    **_of(Right.OWN_CASES, "case_leaving", "case_kept"),
    **_of(Right.SEE_HEALTH, "health"),
    **_of(Right.DEAD_LETTERS, "dead_letters", "buried_admin", "unsent_admin"),
    **_of(Right.CHATS, "chats", "chat_added", "chat_asked", "chat_stopped", "chat_former"),
    **_of(Right.OWN_CASES, "cases", "copies", "screen", "ask_screen", "photo_more"),
    **_of(Right.RULE_THREAT, "targets", "threat_questions", "categories", "ask_place"),
    **_of(Right.SEE_STAFF, "staff"),
    **_of(Right.EDIT_STAFF, "staff_removal", "staff_watch", "ask_staff_photo"),
    **_of(Right.SEE_ACCOUNTS, "account", "accounts", "account_history"),
    **_of(Right.SUSPECT_ACCOUNT, "account_tags", "account_stance", "ask_acc_tell", "ask_acc_tag", "ask_acc_stance"),
    **_of(Right.SUSPECT_ACCOUNT, "ask_acc_photo", "account_protected"),
    **_of(Right.DECIDE_ACCOUNT, "account_protected_ask", "account_confirmed_alone", "import_batches"),
    **_of(Right.DECIDE_ACCOUNT, "account_more", "ask_acc_clear", "ask_acc_gone", "ask_acc_heir", "ask_acc_merge"),
    **_of(Right.DECIDE_ACCOUNT, "ask_acc_split", "successor_offered", "impersonation", "denial", "shares"),
    **_of(Right.DECIDE_ACCOUNT, "import_columns", "import_fields", "import_done", "import_failed"),
    **_of(Right.FIND, "find", "found"),
    **_of(Right.SEE_CAMPAIGNS, "campaign", "campaigns", "campaign_copies"),
    **_of(Right.EDIT_CAMPAIGNS, "campaign_merge", "campaign_texts", "campaigns_merged", "campaign_split"),
    **_of(Right.NEVER_MATCH, "stock_phrases", "stock_phrase_added", "stock_phrase_there"),
    **_of(Right.DIGESTS, "digests", "digest", "chat_waits"),
    **_of(Right.EXPORT_EVIDENCE, "export_help", "export_ask", "export_too_many", "export_unknown"),
    **_of(Right.EXPORT_EVIDENCE, "export_word_unknown"),
    **_of(Right.EXCHANGE, "exchange", "exchange_file", "exchange_taken_in", "exchange_made"),
    **_of(Right.SEE_FARMS, "farms", "farm", "farm_nothing_to_draw"),
    **_of(Right.DECIDE_FARMS, "farm_offers", "farms_asked", "vote_noted"),
    **_of(Right.CURATORS, "curators", "curator"),
    **_of(Right.WORK_REPORTS, "workreports"),
    **_of(Right.HAND_IN_REPORT, "ask_workreport", "workreport_kept", "workreport_lost"),
    **_of(Right.OUTREACH, "outreach", "outreach_taken", "outreach_letter", "outreach_candidates", "outreach_search"),
    **_of(Right.OUTREACH, "outreaches", "ask_outreach_reply"),
    **_of(Right.FIND_PHOTO, "photo_seen", "ask_photo"),
    **_of(Right.NAME_OWNER, "ask_owner", "ask_owner_how", "owner_kept", "owner_same", "owner_forgotten"),
    **_of(Right.PUBLISH_LABEL, "label_ground", "label", "label_correction"),
    **_of(Right.REPORTS, "report", "report_how", "report_empty", "report_windows_unequal", "report_windows_overlap"),
    **_of(Right.REPORTS, "report_window_backwards", "report_window_long"),
    **_of(Right.CODE_POSTS, "coding", "coding_done", "coding_drawn"),
    **_of(Right.SEE_SPIKES, "spikes"),
    **_of(Right.WATCH, "watches", "stories"),
    **_of(Right.TAKEDOWNS, "takedown", "takedown_reminder", "takedown_recall", "takedown_menu", "takedown_history"),
    **_of(Right.TAKEDOWNS, "takedowns", "takedown_figures", "takedown_batch", "ask_takedown", "ask_takedown_words"),
    **_of(Right.OWN_THREATS, "threats", "threat", "queries"),
    **_of(Right.SEE_THREATS, "threat_history", "threat_sightings", "stats", "record"),
    **_of(Right.RULE_THREAT, "incident"),
    **_of(Right.MANAGE_THREATS, "threat_doubted"),
    **_of(Right.MANAGE_THREATS, "threat_menu", "threat_form", "record_form"),
    **_of(Right.RESTRICT, "restriction"),
    **_of(Right.DUTY, "duty", "duty_taken"),
    **_of(Right.ANSWER_ALARM, "alarm_everybody_called"),
    **_of(Right.RULE_THREAT, "ask_incident", "ask_threat"),
    **_of(Right.MANAGE_THREATS, "ask_note", "ask_record", "summary_named"),
    **_of(Right.OWN_THREATS, "ask_query", "query_kept", "threat_assigned", "threat_status"),
    **_of(Right.THREAT_WORDS, "threat_words", "threat_word_added", "threat_word_there"),
}

#: The right that a kind of message needs; of those that are missing more than the kind decides.
KIND_RIGHTS: Final[dict[Kind, Right]] = {
    Kind.SUBMISSION: Right.OWN_CASES,
    Kind.REACTION: Right.SELF,
    Kind.ANSWER: Right.SELF,
    Kind.MENU: Right.SELF,
    Kind.PHOTOS: Right.OWN_CASES,
    Kind.PHOTO_PAIR: Right.OWN_CASES,
    Kind.DIFFERENCE: Right.OWN_CASES,
    Kind.EVIDENCE: Right.EXPORT_EVIDENCE,
    Kind.ALARM: Right.ANSWER_ALARM,
    Kind.SPIKE: Right.SEE_SPIKES,
}
#: Of a table: the right by what it is made of.
TABLE_RIGHTS: Final[dict[str, Right]] = {
    "query": Right.SEE_THREATS,
    "takedowns": Right.TAKEDOWNS,
    "batch": Right.TAKEDOWNS,
    "report": Right.REPORTS,
    "share": Right.EXPORT_EVIDENCE,
    "exchange": Right.EXCHANGE,
    "sealed": Right.EXPORT_EVIDENCE,
    "audit": Right.AUDIT,
    "mydata": Right.SELF,
}
#: What is said to nobody in particular, or asks for its reader's right itself.
UNADDRESSED: Final = frozenset({Kind.CLEAR_MENU, Kind.CHECKPOINT, Kind.DIGEST, Kind.DELETE})

_UNDER_LOCKDOWN: Final = frozenset({Kind.ALARM, Kind.REACTION, Kind.MENU, Kind.ANSWER})
_SAID: Final = frozenset(
    {"locked_down", "unlocked", "act_waits", "act_alone", "act_void", "act_own", "act_needs_admin", "act_allowed"}
    | {"act_refused", "act_unknown", "not_locked", "frozen_self", "totp_locked_for"}
    # What says that the shield itself fails: to leads alone, and it names nobody.
    | {"log_broken", "disk_low", "backup_late"}
)


def right_to(outgoing: Outgoing) -> Right | None:
    """The right that the reader of a message needs; None for one that does not exist."""
    body = outgoing.body
    match outgoing.kind:
        case Kind.REPLY | Kind.QUIET:
            return REPLY_RIGHTS.get(body.get("code", ""), Right.SELF)
        case Kind.TABLE:
            return next((right for name, right in TABLE_RIGHTS.items() if name in body), None)
        case Kind.FARM:
            return Right.DECIDE_FARMS if body.get("form") in FILES else Right.SEE_FARMS
    return KIND_RIGHTS.get(outgoing.kind)


def may_read(member: Member, outgoing: Outgoing) -> bool:
    """Whether a member may read what was queued for them, with the roles that they have now."""
    right = right_to(outgoing)
    # Whoever waits to be let in is told so, and nothing else: the sender sees to that.
    if right is Right.SELF:
        return True
    return right is not None and member.may(right)


def said_under_lockdown(outgoing: Outgoing) -> bool:
    """Whether something is said while the newsroom is locked down."""
    body = outgoing.body
    if outgoing.kind is Kind.SUBMISSION:
        return not body.get("copy")
    if outgoing.kind is Kind.QUIET:
        return body.get("code") in ("workreport_kept", "workreport_lost")
    if outgoing.kind is Kind.REPLY:
        unlocking = body.get("code") == "act" and (body.get("values") or {}).get("kind") == "unlock"
        return unlocking or body.get("code") in _SAID
    return outgoing.kind in _UNDER_LOCKDOWN


def waits_for_unlock(outgoing: Outgoing) -> bool:
    """Whether something that is not said under lockdown is said afterwards.

    What was an edit has become pointless, and what is said quietly must not stand here for days.
    """
    return outgoing.kind not in (Kind.ANSWER, Kind.QUIET) and not outgoing.body.get("edit")


def taken_card(reader: Reader) -> Card:
    """All that is said of a case while the newsroom is locked down."""
    return Card(text=reader.t.gettext("Taken. Thank you."))
