"""Codes to words, as a report for lawyers says them."""

from collections.abc import Mapping
from typing import Final

from bot.i18n import N_, PlainTranslator

LEVELS: Final = {
    "threat": N_("threat"),
    "review": N_("to be looked at by a person"),
    "violent_call": N_("call to violence against others"),
    "curse": N_("curse"),
    "none": N_("nothing found"),
}
STATUSES: Final = {
    "open": N_("open"),
    "new": N_("new"),
    "confirmed": N_("confirmed"),
    "resolved": N_("resolved"),
    "dismissed": N_("not a threat"),
    "withdrawn": N_("withdrawn"),
}
RULINGS: Final = {
    "threat:yes": N_("a threat"),
    "threat:no": N_("not a threat"),
}
ORIGINS: Final = {
    "typed": N_("typed by the reporter"),
    "pasted": N_("pasted by the reporter"),
    "user": N_("forwarded from a person"),
    "hidden_user": N_("forwarded from a person who hides the account"),
    "chat": N_("forwarded from a group"),
    "channel": N_("forwarded from a channel"),
    "batch": N_("imported from a file"),
}
ENTRY_KINDS: Final = {
    "received": N_("message received"),
    "kept": N_("content kept"),
    "changed": N_("change"),
    "viewed": N_("original shown"),
    "exported": N_("exported"),
    "erased": N_("erased"),
    "late": N_("recorded late"),
}


def said(t: PlainTranslator, words: Mapping[str, str], code: str) -> str:
    """The word for a code; the code itself where there is none."""
    return t.gettext(words[code]) if code in words else code
