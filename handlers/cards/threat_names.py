"""Codes of the threat log to words: statuses, categories, channels, measures, the questions of the form, events."""

from bot.i18n import N_, NP_
from bot.i18n.threat_log import CATEGORIES, CHANNELS, EVENTS, MEASURES, SHORT_QUESTIONS, STATUSES

__all__ = [
    "ANSWERS",
    "CATEGORIES",
    "CATEGORY_BUTTONS",
    "CHANNELS",
    "CHANNEL_BUTTONS",
    "EVENTS",
    "MEASURES",
    "MEASURE_BUTTONS",
    "QUESTIONS",
    "SHORT_QUESTIONS",
    "STATUSES",
    "STATUS_BUTTONS",
]

STATUS_BUTTONS = {
    "new": NP_("button", "New again"),
    "confirmed": NP_("button", "Confirmed"),
    "platform": NP_("button", "To the platform"),
    "police": NP_("button", "To the police"),
    "lawyer": NP_("button", "To a lawyer"),
    "resolved": NP_("button", "Resolved"),
    "dismissed": NP_("button", "Not a threat"),
}

CATEGORY_BUTTONS = {
    "hacking": NP_("button", "Hacking attempt"),
    "assault": NP_("button", "Assault"),
    "summons": NP_("button", "Summons"),
    "lawsuit": NP_("button", "Lawsuit"),
    "detention": NP_("button", "Detention"),
    "raid": NP_("button", "Raid or search"),
    "impersonation": NP_("button", "Impersonation"),
}

CHANNEL_BUTTONS = {
    "comment": NP_("button", "A comment"),
    "message": NP_("button", "A direct message"),
    "call": NP_("button", "A phone call"),
    "sms": NP_("button", "An SMS"),
    "letter": NP_("button", "A letter"),
    "email": NP_("button", "An e-mail"),
    "in_person": NP_("button", "In person"),
    "other": NP_("button", "Another way"),
}

MEASURE_BUTTONS = {
    "legal": NP_("button", "Legal help"),
    "support": NP_("button", "Psychosocial support"),
    "relocation": NP_("button", "Relocation"),
    "volunteers": NP_("button", "Volunteers at the office"),
}

QUESTIONS = {
    "moment": N_("Is this a tense moment: an election, protests, an investigation just published?"),
    "impunity": N_("Have attacks on journalists here gone unpunished lately?"),
    "campaign": N_("Is it part of a campaign rather than a single message?"),
    "known_face": N_("Is the person easy to recognise: on camera, with a known address or routine?"),
    "knows_place": N_("Does the sender know a place or a time: the home, the office, the way to work?"),
    "knows_family": N_("Does the sender know or name the family?"),
    "knows_guard": N_("Does the sender know how the office or the person is guarded?"),
    "state_actor": N_("Is a state body or its people suspected behind it?"),
    "cites_case": N_("Does it recall an attack that went unpunished?"),
    "platforms": N_("Does it come on several platforms at the same time?"),
    "to_family": N_("Has it moved from the person to their family or sources?"),
    "doxxed": N_("Has private data been published: address, phone, documents?"),
}

ANSWERS = {
    "yes": NP_("button", "Yes"),
    "no": NP_("button", "No"),
    "unknown": NP_("button", "Not known"),
}
