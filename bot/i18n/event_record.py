"""Words for the event record: what its fields are called, what is asked, and the values of their lists."""

from bot.i18n.messages import NP_

#: What a field is called.
NAMES = {
    "country": NP_("record", "country"),
    "place": NP_("record", "place"),
    "coordinates": NP_("record", "latitude and longitude"),
    "gender": NP_("record", "gender"),
    "impact": NP_("record", "how many people it affects"),
    "violation": NP_("record", "violations"),
    "rights": NP_("record", "rights concerned"),
    "hrd_type": NP_("record", "type of defender"),
    "perpetrator": NP_("record", "perpetrator"),
    "monitoring": NP_("record", "monitoring status"),
    "summary": NP_("record", "summary for publication"),
    "private": NP_("record", "private description"),
    "attack": NP_("record", "kind of attack"),
    "topic": NP_("record", "topic that set it off"),
    "danger": NP_("record", "level of threat"),
    "peer_support": NP_("record", "support by colleagues"),
    "mental_support": NP_("record", "mental-health support"),
    "legal_case": NP_("record", "legal case"),
    "follow_up": NP_("record", "follow-up"),
}

#: What the form asks.
QUESTIONS = {
    "country": NP_("record", "In which country did it happen?"),
    "place": NP_("record", "Where did it happen? A town or a district is enough."),
    "coordinates": NP_("record", "Latitude and longitude, for example: 42.8746, 74.5698"),
    "gender": NP_("record", "Gender of the person who is meant?"),
    "impact": NP_("record", "How many people does it affect? A number."),
    "violation": NP_("record", "Which violations are these? Several are possible."),
    "rights": NP_("record", "Which rights does it concern? Several are possible."),
    "hrd_type": NP_("record", "Who was attacked? Several are possible."),
    "perpetrator": NP_("record", "Is a state behind it, as far as is known?"),
    "monitoring": NP_("record", "Where does monitoring stand?"),
    "summary": NP_(
        "record", "A summary that may be published, without names. Without one, a sentence is made of date and kind."
    ),
    "private": NP_("record", "What else should be known, but never published?"),
    "attack": NP_("record", "Which kind of attack is it?"),
    "topic": NP_("record", "Which article or topic set it off?"),
    "danger": NP_("record", "How great is the danger, as you judge it?"),
    "peer_support": NP_("record", "Support by colleagues?"),
    "mental_support": NP_("record", "Support by a psychologist?"),
    "legal_case": NP_("record", "Is there a legal case?"),
    "follow_up": NP_("record", "What is to be done next, and by when?"),
}

_HELP = {
    "offered": NP_("record", "offered"),
    "accepted": NP_("record", "accepted"),
    "declined": NP_("record", "declined"),
    "not_needed": NP_("record", "not needed"),
}
#: What a value of a list is called, by its field.
VALUES = {
    "gender": {
        "woman": NP_("record", "woman"),
        "man": NP_("record", "man"),
        "nonbinary": NP_("record", "non-binary"),
        "other": NP_("record", "other, organisation, community"),
    },
    "violation": {
        "intimidation": NP_("record", "intimidation and threats"),
        "online": NP_("record", "online attack and harassment"),
        "physical": NP_("record", "physical attack"),
        "judicial": NP_("record", "judicial harassment"),
        "detention": NP_("record", "arbitrary detention"),
        "raid": NP_("record", "raid or search"),
        "surveillance": NP_("record", "surveillance"),
        "smear": NP_("record", "smear campaign"),
    },
    "rights": {
        "media": NP_("record", "media freedom"),
        "online": NP_("record", "rights online"),
        "environment": NP_("record", "healthy and safe environment"),
        "expression": NP_("record", "freedom of expression"),
        "assembly": NP_("record", "assembly and association"),
        "privacy": NP_("record", "privacy"),
        "life": NP_("record", "life and bodily integrity"),
        "trial": NP_("record", "fair trial"),
    },
    "hrd_type": {
        "media": NP_("record", "media worker"),
        "lawyer": NP_("record", "lawyer"),
        "activist": NP_("record", "activist"),
        "organisation": NP_("record", "organisation"),
        "other": NP_("record", "somebody else"),
    },
    "perpetrator": {
        "state": NP_("record", "state"),
        "nonstate": NP_("record", "non-state"),
        "unknown": NP_("record", "not known"),
    },
    "monitoring": {
        "pending": NP_("record", "pending"),
        "followed": NP_("record", "followed"),
        "closed": NP_("record", "closed"),
    },
    "attack": {
        "threat": NP_("record", "threat"),
        "sexual": NP_("record", "sexual harassment"),
        "doxxing": NP_("record", "publication of private data"),
        "legal": NP_("record", "legal pressure"),
        "smear": NP_("record", "insult or smear"),
    },
    "danger": {
        "low": NP_("record", "low"),
        "medium": NP_("record", "medium"),
        "high": NP_("record", "high"),
        "extreme": NP_("record", "extreme"),
    },
    "peer_support": _HELP,
    "mental_support": _HELP,
    "legal_case": {
        "none": NP_("record", "none"),
        "considered": NP_("record", "being considered"),
        "reported": NP_("record", "reported to the police"),
        "court": NP_("record", "in court"),
        "ended": NP_("record", "ended"),
    },
}
