"""Words for the codes of the threat log that both the chat and the report of an export say."""

from bot.i18n.messages import N_

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

MEASURES = {
    "legal": N_("legal help"),
    "support": N_("psychosocial support"),
    "relocation": N_("relocation"),
    "volunteers": N_("volunteers at the office"),
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
    "record": N_("event record: {value}"),
}
