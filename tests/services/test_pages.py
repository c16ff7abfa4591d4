"""A page beyond all others is empty, whatever number the button carries: no card is made again and again for it."""

import pytest

from bot.model.rights import Role
from bot.model.takedown import TakedownQuery
from bot.model.threat import ThreatQuery
from bot.services.campaigns import Campaigns
from bot.services.farms import Farms
from bot.services.outreach import OutreachDesk
from bot.services.takedown_ledger import TakedownLedger
from bot.services.threats import Threats
from bot.services.work_reports import WorkReports
from bot.storage.store import Store
from tests.newsroom import make_member, make_newsroom
from tests.stores import StoppedClock


@pytest.mark.parametrize("page", [-1, 7, 1 << 61])
async def test_a_page_beyond_all_is_empty(store: Store, clock: StoppedClock, page: int) -> None:
    """Of reports of work, links of farms, letters to owners, campaigns, threats, takedowns."""
    newsroom = await make_newsroom(store, clock())
    editor = await make_member(store, newsroom, clock(), Role.EDITOR)
    lead = await make_member(store, newsroom, clock(), Role.SECURITY)
    assert await WorkReports(store, clock, None, None).page(lead, page) == ([], False)  # type: ignore[arg-type]
    assert await Farms(store, clock).offers(editor, None, page) == ([], False)
    assert (await OutreachDesk(store, clock).page(editor, page)).lines == ()
    campaigns = Campaigns(store, clock, None, newsroom.id)  # type: ignore[arg-type]
    assert await campaigns.lines(editor, since=None, target=None, page=page) == []
    assert (await Threats(store, clock).page(editor, ThreatQuery(), page)).lines == ()
    assert (await TakedownLedger(store, clock).page(editor, TakedownQuery(), page)).lines == ()
