"""Accounts as editors live them: a record by presses, two people, a merge, a list from a file, a recall."""

import io
from functools import partial

import pytest
import xlsxwriter

from bot.model.rights import Role
from tests.bot_runner import Newsroom, until

pytestmark = pytest.mark.asyncio(loop_scope="session")


def workbook() -> bytes:
    """A list as newsrooms keep it: Russian heads, names in both alphabets, a date, a formula that is none of ours."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        rows = [
            ("Ссылка на профиль", "Имя", "Ферма", "Что пишет"),
            ("https://facebook.com/gulnara.t", "Гүлнара Токтосунова", "Ош", "=1+1"),
            ("https://facebook.com/bakyt.j", "Bakyt Jumabekov", "Ош", ""),
            ("нет ссылки", "Кто-то", "", ""),
        ]
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    return out.getvalue()


async def test_from_suspicion_to_recall(newsroom: Newsroom) -> None:
    """A reporter lists it, two people confirm, marks are explained, and clearing it asks why and tells the reporter."""
    reporter, one, two = await newsroom.join(Role.JOURNALIST, Role.EDITOR, Role.SECURITY)
    await newsroom.order(reporter, "/fake https://facebook.com/talai.gul\nname: Талайгүл Өмүралиева")
    card = await newsroom.order(reporter, "/account Talaigul Omuralieva")
    assert "Талайгүл Өмүралиева" in card.text
    await newsroom.press(reporter, card, "acctags")
    marks = newsroom.world.bot_messages(reporter)[-1]
    await newsroom.press(reporter, marks, "acctag")
    told = await newsroom.order(reporter, "10 постов в первый день")
    assert "10 постов в первый день" in told.text
    for editor in (one, two):
        shown = await newsroom.order(editor, "/account https://facebook.com/talai.gul")
        await newsroom.press(editor, shown, "confirm")
    assert newsroom.database.value("SELECT status FROM accounts") == "confirmed"
    shown = await newsroom.order(one, "/account talai.gul")
    await newsroom.press(one, shown, "clear")
    assert newsroom.database.value("SELECT status FROM accounts") == "confirmed"
    await newsroom.order(one, "Хозяйка написала нам и прислала документ")
    assert newsroom.database.value("SELECT status FROM accounts") == "cleared"
    assert newsroom.database.value("SELECT reason FROM account_rulings WHERE ruling = 'clear'").startswith("Хозяйка")


def is_listed(newsroom: Newsroom, handle: str) -> bool:
    """Whether an account stands on the list."""
    return bool(newsroom.database.value("SELECT count(*) FROM accounts WHERE handle = ?", handle) == 1)


async def test_two_lists_by_one_name_are_two(newsroom: Newsroom) -> None:
    """Two editors send a list by the same name on the same day: whoever confirms one says nothing of the other."""
    one, two, other = await newsroom.join(Role.EDITOR, Role.EDITOR, Role.EDITOR)
    for who, handle in ((one, "bad.actor"), (other, "honest.man")):
        rows = f"link,name\nhttps://www.facebook.com/{handle},X Y\n".encode()
        newsroom.world.send_document(who, rows, "fakes.csv", "text/csv", caption="/import")
        await newsroom.quiet()
        await newsroom.press(who, newsroom.world.bot_messages(who)[-1], "impgo")
        await until(partial(is_listed, newsroom, handle), 20)
    batch = newsroom.database.value("SELECT batch FROM accounts WHERE handle = 'bad.actor'")
    for who in (one, two):
        await newsroom.order(who, f"/confirm import {batch}")
    rows = newsroom.database.rows("SELECT handle, status FROM accounts ORDER BY handle")
    assert [tuple(row) for row in rows] == [("bad.actor", "confirmed"), ("honest.man", "suspected")]


async def test_a_workbook_becomes_a_list(newsroom: Newsroom) -> None:
    """Its columns are guessed and shown, a press changes one, and what is taken in is suspected and searchable."""
    (editor,) = await newsroom.join(Role.EDITOR)
    await newsroom.order(editor, "/import")
    newsroom.world.send_document(editor, workbook(), "фейки.xlsx")
    await newsroom.quiet()
    card = newsroom.world.bot_messages(editor)[-1]
    assert "Ссылка на профиль" in card.text
    await newsroom.press(editor, card, "impgo")
    assert newsroom.database.value("SELECT count(*) FROM accounts WHERE status = 'suspected'") == 2
    found = await newsroom.order(editor, "/fakes Гуля Токтосунова")
    assert "gulnara.t" in found.text
