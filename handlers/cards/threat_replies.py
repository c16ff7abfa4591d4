"""Answers about the newsroom's own threat words."""

from handlers.cards.card import Card, Reader
from handlers.cards.render import Render, Values
from handlers.cards.threat_words import word_added, word_list, word_there
from handlers.desk import FrontDesk


async def _words(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return word_list(await desk.threat_words.lines(reader.member), reader, int(v.get("page", 0)))


async def _added(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return word_added(str(v["word"]), str(v["kind"]), reader)


async def _there(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return word_there(str(v["word"]), str(v["kind"]), reader)


THREAT_REPLIES: dict[str, Render] = {
    "threat_words": _words,
    "threat_word_added": _added,
    "threat_word_there": _there,
}
