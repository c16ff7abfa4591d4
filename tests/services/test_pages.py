"""Pages of lists and numbers of records, however large: what is asked fits the columns of both engines."""

import importlib
import pkgutil
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

import handlers
from bot.model.newsroom import Member
from bot.model.paging import FARTHEST, first_of
from bot.model.rights import Role
from bot.model.takedown import TakedownQuery
from bot.model.threat import ThreatQuery
from bot.services.accounts import Accounts
from bot.services.campaigns import Campaigns
from bot.services.farms import Farms
from bot.services.outreach import OutreachDesk
from bot.services.takedown_ledger import TakedownLedger
from bot.services.threats import Threats
from bot.services.work_reports import WorkReports
from bot.storage.store import Store
from tests.newsroom import make_member, make_newsroom
from tests.stores import StoppedClock

NOTHING: Any = cast(Any, None)
Turn = Callable[[Store, StoppedClock, Member, int], Awaitable[object]]

LISTS: dict[str, Turn] = {
    "threats": lambda store, clock, who, page: Threats(store, clock).page(who, ThreatQuery(), page),
    "outreach": lambda store, clock, who, page: OutreachDesk(store, clock).page(who, page),
    "takedowns": lambda store, clock, who, page: TakedownLedger(store, clock).page(who, TakedownQuery(), page),
    "farms": lambda store, clock, who, page: Farms(store, clock).lines(who, page),
    "farm offers": lambda store, clock, who, page: Farms(store, clock).offers(who, None, page),
    "campaigns": lambda store, clock, who, page: Campaigns(store, clock, NOTHING, who.newsroom_id).lines(
        who, since=None, target=None, page=page
    ),
    "reports": lambda store, clock, who, page: WorkReports(store, clock, NOTHING, NOTHING, bytes(32)).page(who, page),
    "accounts": lambda store, clock, who, page: Accounts(store, clock, NOTHING, NOTHING, NOTHING).page(who, "", page),
}
#: What stands before a number in orders and links.
LEADS = (
    "",
    "K-",
    "T-",
    "I-",
    "F-",
    "C-",
    "O-",
    "P-",
    "W-",
    "S-",
    "R-",
    "TD-",
    "№ ",
    "/case_",
    "/threat_",
    "case_",
    "+",
)


@pytest.mark.parametrize("name", LISTS)
async def test_a_page_beyond_all_is_empty(store: Store, clock: StoppedClock, name: str) -> None:
    """Before the first and far beyond the last; on SQLite and PostgreSQL, whose columns end at 64 bits."""
    who = await make_member(store, await make_newsroom(store, clock()), clock(), Role.SECURITY)
    for page in (-1, 0, 1 << 31, 1 << 61, (1 << 62) - 1):
        await LISTS[name](store, clock, who, page)


@given(st.integers(-(1 << 70), 1 << 70), st.integers(1, 200))
def test_where_a_page_begins(page: int, size: int) -> None:
    """In order, page after page, and never beyond what a column holds."""
    assert 0 <= first_of(page, size) < 1 << 31
    if 0 <= page < FARTHEST:
        assert first_of(page + 1, size) == first_of(page, size) + size


@pytest.mark.parametrize("lead", LEADS)
def test_no_form_reads_a_number_that_fits_no_column(lead: str) -> None:
    """Every pattern at the front desk: of forty nines it takes as many as a column holds, or none."""
    for name, form in _forms():
        for text in (lead + "9" * 40, f"{lead}{'9' * 40} x", f"x {lead}{'٩' * 40}", f"{lead}{'9' * 40}-{'9' * 40}"):
            for found in (form.match(text), form.fullmatch(text), form.search(text)):
                for group in found.groups() if found is not None else ():
                    is_number = group is not None and group.isdecimal()
                    assert not is_number or int(group) < 1 << 62, (name, form.pattern, group)


def _forms() -> Iterator[tuple[str, re.Pattern[str]]]:
    for each in pkgutil.iter_modules(handlers.__path__, "handlers."):
        for name, value in vars(importlib.import_module(each.name)).items():
            # A platform's ticket is its own words, whatever it is made of.
            if isinstance(value, re.Pattern) and name != "_TICKET":
                yield f"{each.name}.{name}", value
