"""How each kind of message is handled with care: the one table of what may be copied out of a chat and what may stay.

Whatever is not named here is sensitive: it can be neither forwarded nor saved, and it is deleted in time. A new card is
so from its first day.
"""

from dataclasses import dataclass
from typing import Final

from bot.model.outbox import Kind, Outgoing


@dataclass(frozen=True, kw_only=True, slots=True)
class Care:
    """`protects`: Telegram lets nobody forward or save it. `goes`: it is deleted before Telegram's limit."""

    protects: bool
    goes: bool


#: Threats, cases, accounts, evidence, people: everything unless it is named below.
SENSITIVE: Final = Care(protects=True, goes=True)
#: Made to be copied or handed on: letters, platform reports, invites. It goes from the chat all the same.
HANDED_ON: Final = Care(protects=False, goes=True)
#: Says nothing of anybody: it may stay.
HARMLESS: Final = Care(protects=False, goes=False)

#: Replies by their code.
REPLIES: Final[dict[str, Care]] = {
    "welcome": HARMLESS,
    "already_member": HARMLESS,
    "wait_for_admin": HARMLESS,
    "help": HARMLESS,
    "privacy": HARMLESS,
    "language": HARMLESS,
    "language_set": HARMLESS,
    "settings": HARMLESS,
    "export_help": HARMLESS,
    "report_how": HARMLESS,
    "unknown_command": HARMLESS,
    "not_allowed": HARMLESS,
    # An invite is sent on to the person whom it is for.
    "invite": HANDED_ON,
    # Letters, forms and labels are copied into a platform's own window.
    "outreach_letter": HANDED_ON,
    "label": HANDED_ON,
    "label_correction": HANDED_ON,
    "takedown": HANDED_ON,
    "takedown_batch": HANDED_ON,
    # Figures over a period without anybody's words.
    "report": HANDED_ON,
}

#: Files by what their outbox row names.
FILES: Final[dict[str, Care]] = {
    # Batch lists go to platforms' trust teams, reports to readers. The ledger is ours: it holds notes and reporters.
    "batch": HANDED_ON,
    "report": HANDED_ON,
    # A member's own data is theirs to keep.
    "mydata": HANDED_ON,
    # Opened with the lead's own key alone, on another machine, where it has to get to.
    "sealed": HANDED_ON,
}

#: Whole kinds that differ.
KINDS: Final[dict[Kind, Care]] = {
    # Whoever keeps checkpoints keeps them for years; they say nothing of what is in the log.
    Kind.CHECKPOINT: HARMLESS,
}


def care_of(outgoing: Outgoing) -> Care:
    """How a message is handled."""
    if outgoing.kind is Kind.TABLE:
        return next((care for name, care in FILES.items() if name in outgoing.body), SENSITIVE)
    if outgoing.kind is Kind.REPLY:
        return REPLIES.get(str(outgoing.body.get("code")), SENSITIVE)
    return KINDS.get(outgoing.kind, SENSITIVE)
