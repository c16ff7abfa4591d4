"""Codes of digests to words: sections, weekdays, what was said of something and what it became, why a chat stopped."""

from typing import Final

from bot.i18n import N_, NP_

SECTIONS: Final = {
    "events": NP_("button", "What happened"),
    "spikes": NP_("button", "Spikes"),
    "threats": NP_("button", "Threats"),
    "campaigns": NP_("button", "Campaigns"),
    "fakes": NP_("button", "Fakes, farms"),
    "work": NP_("button", "Open work"),
}

SAID: Final = {
    "account:confirmed": N_("a confirmed fake"),
    "account:gone": N_("a fake, removed by its platform"),
    "account:cleared": N_("no fake"),
    "threat:threat": N_("a threat"),
    "case:threat": N_("a case with a threat"),
    "case:review": N_("a case to be looked at"),
    "case:violent_call": N_("a case to be looked at"),
    "case:curse": N_("a case"),
    "case:none": N_("a case"),
    "spike:spike": N_("a spike"),
}

BECAME: Final = {
    "account:cleared": N_("checked and cleared, it is not a fake"),
    "account:withdrawn": N_("off the list"),
    "account:confirmed": N_("a confirmed fake"),
    "account:gone": N_("a fake, removed by its platform"),
    "threat:dismissed": N_("not a threat"),
    "threat:withdrawn": N_("withdrawn by its reporter"),
    "case:withdrawn": N_("withdrawn by its reporter"),
    "case:note": N_("a note, no case"),
    "case:review": N_("not a threat so far, to be looked at"),
    "case:violent_call": N_("not a threat"),
    "case:curse": N_("not a threat"),
    "case:none": N_("not a threat"),
    "spike:false": N_("not a spike"),
}

WHY_STOPPED: Final = {
    "removed": N_("removed"),
    "public": N_("it has become public"),
    "moved": N_("Telegram has made another chat of it"),
    "shut_out": N_("the bot may not write there"),
    "kind": N_("it is no group any more"),
    "nobody": N_("nobody for whom it was allowed is there any more"),
    "topic_gone": N_("the topic is gone"),
    "former": N_("somebody is in it whose access has ended"),
    "grown": N_("more outsiders are in it than when it was added"),
}
