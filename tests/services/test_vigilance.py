"""Leads hear of bulk reading, of work at odd hours, and of exports."""

from datetime import UTC, datetime

import pytest

from bot.model.outbox import Outgoing
from bot.model.rights import Role
from bot.services import notices
from bot.services.vigilance import Vigilance, VigilRules
from bot.storage.store import Store
from tests.access_ground import KEYS, AccessGround, access_ground
from tests.stores import StoppedClock


@pytest.fixture
async def ground(store: Store, clock: StoppedClock) -> AccessGround:
    # By day in Bishkek, whenever the tests run: at night less is too much.
    clock.now = clock.now.replace(hour=6)
    return await access_ground(store, clock)


async def test_leads_hear_of_bulk_reading_once_an_hour(ground: AccessGround) -> None:
    """Five different ones within an hour are too many here; the same one again and again is one."""
    editor, lead = await ground.member(Role.EDITOR), await ground.member(Role.SECURITY)

    async def opens(*numbers: int) -> None:
        for number in numbers:
            async with ground.store.write() as conn:
                await ground.vigilance.opened(conn, notices.case_copy(editor, number), ground.clock())

    await opens(1, 2, 3, 4, 4, 4, 4)
    assert await ground.said(lead) == []
    await opens(5, 6, 7)
    assert await ground.said(lead) == ["vigil_bulk"]
    ground.clock.tick(3601)
    await opens(8, 9, 10, 11)
    assert await ground.said(lead) == ["vigil_bulk"]
    await opens(12)
    assert await ground.said(lead) == ["vigil_bulk"] * 2


async def test_pages_of_lists_count_as_reading(ground: AccessGround) -> None:
    """Whoever pages through the threat log or searches on and on opens as much as whoever opens cases one by one."""
    editor, lead = await ground.member(Role.EDITOR), await ground.member(Role.SECURITY)
    own = [notices.reply(editor, "cases", mine=True, before=number) for number in range(9)]
    pages = [notices.reply(editor, "threats", query=3, page=number) for number in (0, 1, 1, 1, 2, 3)]
    await _opens(ground, *own, *pages, notices.reply(editor, "help"))
    assert await ground.said(lead) == []
    await _opens(ground, notices.reply(editor, "find", text="сгорите"))
    assert await ground.said(lead) == ["vigil_bulk"]


BULK: dict[str, tuple[str, dict[str, object]]] = {
    "pages of what was found": ("found", {"key": 7}),
    "copies of a campaign": ("campaign_copies", {"number": 1}),
    "texts of a campaign": ("campaign_texts", {"number": 1, "purpose": "phrase"}),
    "who may be of a farm": ("farm_offers", {"number": 1}),
    "a farm's members": ("farm", {"number": 1}),
    "an account's comments": ("account", {"account": 1}),
}


@pytest.mark.parametrize("way", BULK)
async def test_no_way_of_turning_pages_goes_uncounted(ground: AccessGround, way: str) -> None:
    """One farm of five hundred accounts, one campaign of a thousand texts: each page is read like another card."""
    editor, lead = await ground.member(Role.EDITOR), await ground.member(Role.SECURITY)
    code, values = BULK[way]
    await _opens(ground, *(notices.reply(editor, code, **values, page=page) for page in (0, 1, 2, 3)))
    assert await ground.said(lead) == []
    await _opens(ground, notices.edited_reply(editor, 5, code, **values, page=4))
    assert await ground.said(lead) == ["vigil_bulk"]


async def test_pictures_beside_one_another_count(ground: AccessGround) -> None:
    """Each shows a photo that somebody else brought."""
    editor, lead = await ground.member(Role.EDITOR), await ground.member(Role.SECURITY)
    await _opens(
        ground, *(notices.looked_up_pair(editor, "f", "a" * 64, {"photo": number}) for number in (1, 2, 3, 4, 4))
    )
    assert await ground.said(lead) == []
    await _opens(ground, notices.photo_pair(editor, 1, 0, 5))
    assert await ground.said(lead) == ["vigil_bulk"]


@pytest.mark.parametrize(("hour", "told"), [(12, []), (20, ["vigil_odd_reads"])])
async def test_less_is_too_much_at_night(ground: AccessGround, hour: int, told: list[str]) -> None:
    """A quarter of what is too much by day; one look at a list, or an alarm that is opened, is none."""
    editor, lead = await ground.member(Role.EDITOR), await ground.member(Role.SECURITY)
    day = datetime.now(UTC).date()
    ground.clock.now = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    ground.vigilance = Vigilance(ground.store, ground.clock, KEYS, VigilRules(bulk=8))
    await _opens(ground, notices.reply(editor, "threat", threat=9))
    assert await ground.said(lead) == []
    await _opens(ground, notices.reply(editor, "threats", query=3, page=0), notices.case_copy(editor, 1))
    assert await ground.said(lead) == told


async def _opens(ground: AccessGround, *cards: Outgoing) -> None:
    for card in cards:
        async with ground.store.write() as conn:
            await ground.vigilance.opened(conn, card, ground.clock())


@pytest.mark.parametrize(("hour", "told"), [(12, ["vigil_export"]), (20, ["vigil_export", "vigil_odd_hour"])])
async def test_leads_hear_of_exports_and_odd_hours(ground: AccessGround, hour: int, told: list[str]) -> None:
    """20:00 UTC is two at night in Bishkek; once an hour for each."""
    lead, other = await ground.member(Role.SECURITY), await ground.member(Role.ADMIN)
    day = datetime.now(UTC).date()
    ground.clock.now = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    for _ in range(3):
        ground.vigilance.sensitive(ground.stage, lead, export=True)
        await ground.commit()
    assert await ground.said(other) == told
    assert await ground.said(lead) == []
