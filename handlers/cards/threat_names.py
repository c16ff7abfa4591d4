"""Codes of the threat log to words: statuses, categories, channels, measures, the questions of the form, events."""

from bot.i18n import N_, NP_

STATUSES = {
    "new": N_("new"),
    "confirmed": N_("confirmed"),
    "platform": N_("reported to the platform"),
    "police": N_("reported to the police"),
    "lawyer": N_("with a lawyer"),
    "resolved": N_("resolved"),
    "dismissed": N_("not a threat"),
    "withdrawn": N_("withdrawn"),
}

STATUS_BUTTONS = {
    "new": NP_("button", "New again"),
    "confirmed": NP_("button", "Confirmed"),
    "platform": NP_("button", "To the platform"),
    "police": NP_("button", "To the police"),
    "lawyer": NP_("button", "To a lawyer"),
    "resolved": NP_("button", "Resolved"),
    "dismissed": NP_("button", "Not a threat"),
}

CATEGORIES = {
    "threat": N_("threat"),
    "hacking": N_("hacking attempt"),
    "assault": N_("assault"),
    "summons": N_("summons"),
    "lawsuit": N_("lawsuit"),
    "detention": N_("detention"),
    "raid": N_("raid or search"),
    "impersonation": N_("impersonation"),
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

CHANNELS = {
    "comment": N_("a comment"),
    "message": N_("a direct message"),
    "call": N_("a phone call"),
    "sms": N_("an SMS"),
    "letter": N_("a letter"),
    "email": N_("an e-mail"),
    "in_person": N_("in person"),
    "other": N_("another way"),
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

MEASURES = {
    "legal": N_("legal help"),
    "support": N_("psychosocial support"),
    "relocation": N_("relocation"),
    "volunteers": N_("volunteers at the office"),
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

SHORT_QUESTIONS = {
    "moment": N_("a tense moment"),
    "impunity": N_("impunity for earlier attacks"),
    "campaign": N_("part of a campaign"),
    "known_face": N_("easy to recognise"),
    "knows_place": N_("knows a place or time"),
    "knows_family": N_("knows the family"),
    "knows_guard": N_("knows the security"),
    "state_actor": N_("a state actor suspected"),
    "cites_case": N_("recalls an unpunished attack"),
    "platforms": N_("several platforms at once"),
    "to_family": N_("moved to family or sources"),
    "doxxed": N_("private data published"),
}

ANSWERS = {
    "yes": NP_("button", "Yes"),
    "no": NP_("button", "No"),
    "unknown": NP_("button", "Not known"),
}

EVENTS = {
    "status": N_("status: {value}"),
    "assigned": N_("assigned to {value}"),
    "unassigned": N_("nobody is assigned any longer"),
    "offered": N_("offered: {value}"),
    "offer_back": N_("no longer offered: {value}"),
    "triage": N_("form: {value}"),
    "severity": N_("severity: {value}"),
    "told": N_("added: {value}"),
    "urgent": N_("called urgent"),
    "alarm_taken": N_("took the alarm"),
    "alarm_false": N_("said: false alarm"),
    "alarm_on": N_("nobody answered; the alarm went to {value}"),
    "alarm_up": N_("passed the alarm on to {value}"),
    "split": N_("split off into {value}"),
    "merged": N_("merged with {value}"),
}
