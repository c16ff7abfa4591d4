"""The newsroom itself: made once, changed in what can be changed, its dead letters seen and replayed."""

import pytest

from bot.errors import Refusal
from bot.model.rights import Role
from bot.services.newsrooms import NewsroomDefaults, Newsrooms
from bot.storage import inbox
from bot.storage.inbox import NewUpdate
from bot.storage.store import Store
from tests.newsroom import said
from tests.services.conftest import EditorsDesk
from tests.stores import StoppedClock

DEFAULTS = NewsroomDefaults(name="Ак-Булак", zone="Asia/Bishkek", language="ky")


async def test_it_is_made_at_first_use(store: Store, clock: StoppedClock) -> None:
    """And found at the next, whatever the settings say by then."""
    newsrooms = Newsrooms(store, clock)
    made = await newsrooms.ensure(DEFAULTS)
    again = await newsrooms.ensure(NewsroomDefaults(name="other", zone="UTC", language="en"))
    assert (again, again.name, again.language) == (made, "Ак-Булак", "ky")


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("name", " Жаңы ат ", "Жаңы ат"),
        ("name", "x" * 200, "x" * 100),
        ("zone", "Europe/Berlin", "Europe/Berlin"),
        ("language", "en", "en"),
    ],
)
async def test_a_setting_is_changed(desk: EditorsDesk, name: str, value: str, kept: str) -> None:
    """Kept, and shown."""
    admin = await desk.member(Role.ADMIN)
    await desk.newsrooms.change(desk.stage, admin, name, value)
    await desk.commit()
    assert getattr(await desk.newsrooms.get(desk.newsroom.id), name) == kept
    assert await said(desk.store, admin) == ["settings"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("zone", "Asia/Nowhere", "zone_unknown"),
        ("zone", "../../etc/passwd", "zone_unknown"),
        ("zone", "/etc/localtime", "zone_unknown"),
        ("zone", "Asia", "zone_unknown"),
        ("zone", "", "zone_unknown"),
        ("zone", "x" * 5000, "zone_unknown"),
        ("zone", "a\0b", "zone_unknown"),
        ("language", "de", "setting_unknown"),
        ("name", "  ", "setting_unknown"),
        ("id", "1", "setting_unknown"),
        ("limits", "{}", "setting_unknown"),
    ],
)
async def test_a_wrong_setting_is_refused(desk: EditorsDesk, name: str, value: str, code: str) -> None:
    """With a word for the person, and nothing changed."""
    with pytest.raises(Refusal, match=code):
        await desk.newsrooms.change(desk.stage, await desk.member(Role.ADMIN), name, value)
    assert desk.stage.steps == []


async def test_dead_letters_are_replayed(desk: EditorsDesk) -> None:
    """The admin sees them, and one press gives them their tries again."""
    admin = await desk.member(Role.ADMIN)
    update = NewUpdate(
        newsroom_id=desk.newsroom.id,
        bot_id=1,
        update_id=5,
        identity="i",
        chat_key=1,
        media_group=None,
        loose=False,
        raw="{}",
    )
    async with desk.store.write() as conn:
        await inbox.accept(conn, [update], desk.clock())
        (one,) = await inbox.claim(conn, desk.clock(), 1, ())
        await inbox.bury(conn, one.id, "ValueError", desk.clock())
    letters, unsent, _ = await desk.newsrooms.dead_letters(admin)
    assert ([each.error for each in letters], unsent) == (["ValueError"], 0)
    await desk.newsrooms.replay(desk.stage, admin, 3)
    await desk.commit()
    assert await desk.newsrooms.dead_letters(admin) == ([], 0, 0)
    async with desk.store.write() as conn:
        assert [each.tries for each in await inbox.claim(conn, desk.clock(), 1, ())] == [1]
