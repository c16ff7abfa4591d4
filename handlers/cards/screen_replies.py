"""Replies about what was read on screenshots: asks the services, and leaves the words to the cards."""

from handlers.cards.card import Card, Reader
from handlers.cards.render import Render, Values
from handlers.cards.screens import correction_question, page_of, screen_page
from handlers.desk import FrontDesk


async def _screen(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    view = await desk.cases.view(reader.member, int(v["submission"]))
    page = int(v.get("page") or 0)
    if v.get("part") is not None:
        page = page_of(view.case, int(v["part"]), int(v.get("number") or 0))
    return screen_page(view, page, reader)


async def _ask_screen(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    text, author = str(v.get("text") or ""), str(v.get("author") or "")
    return correction_question(str(v["case"]), int(v["number"]), text, author, reader)


SCREEN_REPLIES: dict[str, Render] = {"screen": _screen, "ask_screen": _ask_screen}
