"""Answers about the newsroom's own threat words, and what leads are asked about records."""

from handlers.buttons import Press
from handlers.cards.card import Button, Card, Reader
from handlers.cards.render import Render, Values
from handlers.cards.threat_words import word_added, word_list, word_there
from handlers.desk import FrontDesk


async def _words(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return word_list(await desk.threat_words.lines(reader.member), reader, int(v.get("page", 0)))


async def _added(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return word_added(str(v["word"]), str(v["kind"]), reader)


async def _there(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return word_there(str(v["word"]), str(v["kind"]), reader)


async def _doubted(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    t, submission = reader.t, int(v["submission"])
    row = (
        Button(
            label=t.plain.pgettext("button", "Not a threat"),
            press=Press(action="threat", subject=submission, argument="no"),
        ),
        Button(label=t.plain.pgettext("button", "Show the case"), press=Press(action="case", subject=submission)),
    )
    said = t.gettext(
        "{who} says that {case} is not a threat. Its record and its alarm stay until you agree.",
        who=v["who"],
        case=v["case"],
    )
    return Card(text=said, buttons=(row,))


THREAT_REPLIES: dict[str, Render] = {
    "threat_doubted": _doubted,
    "threat_words": _words,
    "threat_word_added": _added,
    "threat_word_there": _there,
}
