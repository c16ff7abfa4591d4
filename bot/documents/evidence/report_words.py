"""Codes to words, as a report for lawyers says them."""

from collections.abc import Mapping
from typing import Final

from bot.i18n import NP_, PlainTranslator

LEVELS: Final = {
    "threat": NP_("report", "threat"),
    "review": NP_("report", "to be looked at by a person"),
    "violent_call": NP_("report", "call to violence against others"),
    "curse": NP_("report", "curse"),
    "none": NP_("report", "nothing found"),
}
ANSWERS: Final = {
    "yes": NP_("report", "yes"),
    "no": NP_("report", "no"),
    "unknown": NP_("report", "not known"),
}
RULINGS: Final = {
    "threat:yes": NP_("report", "a threat"),
    "threat:no": NP_("report", "not a threat"),
}
ORIGINS: Final = {
    "typed": NP_("report", "typed by the reporter"),
    "pasted": NP_("report", "pasted by the reporter"),
    "user": NP_("report", "forwarded from a person"),
    "hidden_user": NP_("report", "forwarded from a person who hides the account"),
    "chat": NP_("report", "forwarded from a group"),
    "channel": NP_("report", "forwarded from a channel"),
    "batch": NP_("report", "imported from a file"),
}
ENTRY_KINDS: Final = {
    "received": NP_("report", "message received"),
    "kept": NP_("report", "content kept"),
    "changed": NP_("report", "change"),
    "viewed": NP_("report", "original shown"),
    "exported": NP_("report", "exported"),
    "erased": NP_("report", "erased"),
    "late": NP_("report", "recorded late"),
    "sealed": NP_("report", "words sealed to the security leads"),
}


def said(t: PlainTranslator, words: Mapping[str, str], code: str) -> str:
    """The word for a code; the code itself where there is none."""
    return t.pgettext("report", words[code]) if code in words else code
