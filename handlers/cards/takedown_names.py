"""Codes of the takedown ledger, of outreach and of public notes to words: statuses, channels, reasons, events."""

from bot.i18n import N_, NP_

TAKEDOWN_STATUSES = {
    "draft": N_("not sent yet"),
    "sent": N_("sent, waiting"),
    "answered": N_("answered, not decided"),
    "removed": N_("removed"),
    "partly": N_("removed in part"),
    "refused": N_("refused"),
    "no_answer": N_("no answer"),
    "withdrawn": N_("withdrawn"),
}

TAKEDOWN_STATUS_BUTTONS = {
    "sent": NP_("button", "Sent"),
    "removed": NP_("button", "Removed"),
    "partly": NP_("button", "In part"),
    "refused": NP_("button", "Refused"),
    "no_answer": NP_("button", "No answer"),
    "withdrawn": NP_("button", "Withdraw"),
}

TAKEDOWN_CHANNELS = {
    "form": N_("a form"),
    "trust_team": N_("the trust team"),
    "partner": N_("a partner organisation"),
    "email": N_("e-mail"),
    "police": N_("police"),
    "other": N_("another way"),
}

TAKEDOWN_CHANNEL_BUTTONS = {
    "form": NP_("button", "Form"),
    "trust_team": NP_("button", "Trust team"),
    "partner": NP_("button", "Partner"),
    "email": NP_("button", "E-mail"),
    "police": NP_("button", "Police"),
    "other": NP_("button", "Another way"),
}

WHYS = {
    "stolen_photo": N_("another person's photo"),
    "shared_photo": N_("one photo for several accounts"),
    "impersonation": N_("poses as a real person or outlet"),
    "copied_texts": N_("the same text from many accounts"),
    "threats": N_("threats"),
    "spam": N_("spam"),
    "other": N_("another violation"),
}

WHY_BUTTONS = {
    "stolen_photo": NP_("button", "Stolen photo"),
    "shared_photo": NP_("button", "Shared photo"),
    "impersonation": NP_("button", "Poses as another"),
    "copied_texts": NP_("button", "Copied texts"),
    "threats": NP_("button", "Threats"),
    "spam": NP_("button", "Spam"),
    "other": NP_("button", "Something else"),
}

TAKEDOWN_EVENTS = {
    "takedown_filed": N_("recorded"),
    "takedown_status": N_("status: {value}"),
    "takedown_channel": N_("channel: {value}"),
    "takedown_why": N_("what is fake: {value}"),
    "takedown_recheck": N_("re-check: {value}"),
    "takedown_told": N_("written down: {value}"),
    "imported": N_("came with an import"),
    "batch_made": N_("put on a batch list"),
    "batch_out": N_("the list was taken out as a file"),
    "batch_sent": N_("sent with a batch list"),
}

OUTREACH_STATES = {
    "started": N_("not written to yet"),
    "written": N_("written to"),
    "replied": N_("replied"),
    "complained": N_("complained to the platform"),
    "gone": N_("the fake is gone"),
    "silent": N_("no reply"),
    "declined": N_("does not want to complain"),
    "wrong_person": N_("it was another person"),
}

OUTREACH_BUTTONS = {
    "complained": NP_("button", "Has complained"),
    "gone": NP_("button", "The fake is gone"),
    "silent": NP_("button", "No reply"),
    "declined": NP_("button", "Does not want to"),
    "wrong_person": NP_("button", "Another person"),
}

OUTREACH_EVENTS = {
    "outreach_started": N_("thread begun"),
    "outreach_written": N_("wrote to the owner"),
    "outreach_state": N_("status: {value}"),
    "outreach_consent": N_("may be named: {value}"),
    "outreach_replied": N_("reply written down"),
}

#: How the languages of letters are called, each by its own name.
LANGUAGE_NAMES = {
    "ru": "Русский",
    "ky": "Кыргызча",
    "kk": "Қазақша",
    "uz": "O‘zbekcha",
    "mn": "Монгол",
    "en": "English",
    "tr": "Türkçe",
    "ko": "한국어",
}
