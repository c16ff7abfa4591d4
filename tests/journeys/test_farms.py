"""Farms in the chat: offered, decided, drawn, handed out; people behind them; a report that names nobody."""

import io
from pathlib import Path

import pytest
from PIL import Image

from bot.model.newsroom import Newsroom as Facts
from bot.model.rights import Role
from bot.simulator import origins
from bot.simulator.avatars import avatar
from bot.storage.store import Store
from tests.bot_runner import Newsroom, actions_of, until
from tests.farm_ground import settle

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _grown(room: Newsroom) -> None:
    """A farm in the archive of a running bot, looked for by an editor's press."""
    number = room.database.value("SELECT id FROM newsrooms")
    await room.stop_bot()
    store = Store(room.settings.database)
    try:
        await settle(store, Facts(id=number, name="x", zone="Asia/Bishkek", language="ru", limits={}), label="Көл")
    finally:
        await store.close()
    await room.start_bot()


async def test_a_farm_from_suggestion_to_file(newsroom: Newsroom) -> None:
    """Looked for anew, one link accepted, one told apart; the card, the picture, the files; a journalist sees less."""
    journalist, editor, lead = await newsroom.join(Role.JOURNALIST, Role.EDITOR, Role.SECURITY)
    await _grown(newsroom)
    listed = await newsroom.order(editor, "/farms")
    before = len(newsroom.world.journal)
    await newsroom.press(editor, listed, "fagain")
    await newsroom.heard(editor, "/farm_1", since=before, within=60)
    offers = await newsroom.order(editor, "/farm F-1")
    await newsroom.press(editor, offers, "foffers")
    assert "fsame" in actions_of(offers)
    await newsroom.press(editor, offers, "fsame")
    await newsroom.press(editor, offers, "fapart")
    states = {row[0] for row in newsroom.database.rows("SELECT state FROM farm_links")}
    assert {"same", "apart"} <= states
    assert {row[0] for row in newsroom.database.rows("SELECT status FROM accounts")} == {"suspected"}
    await newsroom.order(editor, "/farm vote 2026-10-04 шайлоо")
    await newsroom.order(editor, "/farm F-1 name Чоң көл")
    card = await newsroom.order(editor, "/farm_1")
    assert "Чоң көл" in card.text
    for form in ("network", "week"):
        await newsroom.press(editor, card, "fpicture", form)
    for form in ("graphml", "gexf", "csv", "xlsx"):
        await newsroom.press(editor, card, "ffile", form)
        # Accounts leave the house by two people's word.
        await newsroom.press(lead, newsroom.world.bot_messages(lead)[-1], "actyes")
    sent = [m.body for m in newsroom.world.bot_messages(editor)]
    assert sum("document" in body for body in sent) == 5
    assert sum("photo" in body for body in sent) == 1
    seen = await newsroom.order(journalist, "/farm F-1")
    assert "Чоң көл" in seen.text
    assert not {"foffers", "ffile"} & set(actions_of(seen))


async def test_people_behind_farms(newsroom: Newsroom) -> None:
    """The security lead keeps records; to an editor there is no such thing, neither by command nor in the menu."""
    editor, lead = await newsroom.join(Role.EDITOR, Role.SECURITY)
    await newsroom.order(lead, "/curator add B2 Асан Усенов")
    await newsroom.order(lead, "/curator P-1 or C3 однофамилец")
    card = await newsroom.order(lead, "/curator P-1")
    assert "Асан Усенов" in card.text
    assert "C3" in card.text
    for order in (
        "/curator",
        "/curator P-1",
        "/curator add B2 X",
        "/workreports",
        "/fakes Усенов",
    ):
        assert "Усенов" not in (await newsroom.order(editor, order)).text.replace(order, "")
    found = await newsroom.order(editor, "/find Усенов Асан кайда")
    assert "Усенов" not in found.text.replace("Усенов Асан кайда", "")
    assert newsroom.database.value("SELECT count(*) FROM curators") == 1


async def test_a_work_report_names_nobody(newsroom: Newsroom, folder: Path) -> None:
    """A forwarded screenshot with a caption: nothing in any table or file leads to who brought it."""
    (journalist,) = await newsroom.join(Role.JOURNALIST)
    (lead,) = await newsroom.join(Role.SECURITY)
    idle = _traces(newsroom, journalist.id)
    await newsroom.order(journalist, "/workreport")
    data, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "SECRETPHONE"
    avatar(5, 640).convert("RGB").save(data, "JPEG", exif=exif)
    origin = origins.from_hidden_user("Тайный Источник")
    sent = (data.getvalue(), "secret-name.jpg", "image/jpeg")
    newsroom.world.forward(journalist, origin, "отчёт за неделю", document=sent)
    newsroom.later()
    await newsroom.quiet()
    assert newsroom.database.value("SELECT count(*) FROM work_reports") == 1
    assert _traces(newsroom, journalist.id) == idle
    escaped = "Тайный".encode("ascii", "backslashreplace")
    needles = ("Тайный Источник".encode(), escaped, b"SECRETPHONE", b"secret-name")
    await until(lambda: not _files_with(folder, needles), 15, newsroom)
    shown = await newsroom.order(lead, "/workreports")
    assert "отчёт за неделю" in shown.text
    before = len(newsroom.world.bot_messages(lead))
    await newsroom.press(lead, shown, "wpicture")
    assert len(newsroom.world.bot_messages(lead)) == before + 1


def _traces(room: Newsroom, telegram_id: int) -> dict[str, int]:
    """Rows in which a person's Telegram id or member id stands, by table."""
    member = room.database.value("SELECT id FROM members WHERE telegram_id = ?", telegram_id)
    needles = {str(telegram_id), str(member)}
    found = {}
    for table, rows in room.database.dump().items():
        count = sum(any(needle in str(value) for value in row for needle in needles) for row in rows)
        found[table] = count
    return found


def _files_with(folder: Path, needles: tuple[bytes, ...]) -> list[Path]:
    """Files in which any of these bytes stand."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(needle in path.read_bytes() for needle in needles)]
