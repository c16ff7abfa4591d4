"""Farms at the desk: suggestions for those who decide, people's word for all, rejections remembered, labels adopted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotAllowed, Refusal
from bot.model.account import AccountStatus
from bot.model.account_record import FactKind, NewFact
from bot.model.farm import StanceSeen
from bot.model.newsroom import Member, Newsroom
from bot.model.rights import Role
from bot.services.curators import Curators
from bot.services.farm_activity import gather, page_of
from bot.services.farm_runs import FarmRuns
from bot.services.farm_stances import noted_stances
from bot.services.farms import Farms
from bot.storage import account_records, accounts, farm_links
from bot.storage.farm_links import NewLink
from bot.storage.store import Store
from bot.storage.tables import accounts as accounts_table
from bot.storage.tables import farm_links as links_table
from bot.storage.tables import history
from detection.coordination.suggesting import suggest
from tests.farm_ground import FARM, HONEST, Ground, settle
from tests.newsroom import make_member, make_newsroom, queued
from tests.stage import Recorder
from tests.stores import StoppedClock


class InPlace:
    """Computes in the test's own process."""

    async def farms(self, activity, rejected):  # type: ignore[no-untyped-def]
        """What the process of its own answers."""
        return suggest(activity, rejected=rejected)


@dataclass
class Desk:
    """Farms of one newsroom, with everything around them."""

    store: Store
    clock: StoppedClock
    newsroom: Newsroom
    ground: Ground
    farms: Farms
    runs: FarmRuns
    editor: Member
    journalist: Member
    stage: Recorder

    async def commit(self) -> None:
        """Let what was staged happen."""
        await self.stage.commit(self.store)


@pytest.fixture
async def desk(store: Store, clock: StoppedClock) -> Desk:
    newsroom = await make_newsroom(store, clock())
    ground = await settle(store, newsroom, label="Көл")

    async def stances(_conn: AsyncConnection, _newsroom_id: int) -> Sequence[StanceSeen]:
        return ground.stances

    return Desk(
        store=store,
        clock=clock,
        newsroom=newsroom,
        ground=ground,
        farms=Farms(store, clock, stances=stances),
        runs=FarmRuns(store, clock, InPlace(), newsroom.id, stances),  # type: ignore[arg-type]
        editor=await make_member(store, newsroom, clock(), Role.EDITOR),
        journalist=await make_member(store, newsroom, clock()),
        stage=Recorder(),
    )


async def test_a_farm_is_suggested_and_honest_people_are_not(desk: Desk) -> None:
    """It continues the farm that a label named; the honest eight are in no link."""
    await desk.runs.run()
    (line,) = await desk.farms.lines(desk.editor, 0)
    assert (line.farm.label, line.farm.name, line.members) == ("F-1", "Көл", 2)
    assert line.suggested >= 4
    links, _ = await desk.farms.offers(desk.editor, 1, 0)
    assert links
    honest = {desk.ground.ids[handle] for handle in HONEST}
    async with desk.store.read() as conn:
        rows = (await conn.execute(sa.select(links_table.c.account_id, links_table.c.other_id))).all()
    assert honest.isdisjoint({each for row in rows for each in row})


async def test_suggestions_are_not_for_journalists(desk: Desk) -> None:
    """They see the two that a person's list named, and nothing of what is only suggested."""
    await desk.runs.run()
    (line,) = await desk.farms.lines(desk.journalist, 0)
    assert (line.members, line.suggested) == (2, 0)
    view = await desk.farms.view(desk.journalist, 1)
    assert view.suggested == ()
    network = await desk.farms.network(desk.journalist, 1)
    assert {node.is_member for node in network.nodes} == {True}
    assert len(network.nodes) == 2


async def test_a_farm_that_is_only_suggested_is_not_there_for_journalists(store: Store, clock: StoppedClock) -> None:
    """Neither in the list nor by its number."""
    newsroom = await make_newsroom(store, clock())
    await settle(store, newsroom)
    await FarmRuns(store, clock, InPlace(), newsroom.id).run()  # type: ignore[arg-type]
    desk = Farms(store, clock)
    journalist = await make_member(store, newsroom, clock())
    editor = await make_member(store, newsroom, clock(), Role.EDITOR)
    assert len(await desk.lines(editor, 0)) == 1
    assert await desk.lines(journalist, 0) == []
    with pytest.raises(Refusal, match="farm_unknown"):
        await desk.view(journalist, 1)
    assert (await desk.network(journalist, None)).nodes == ()


async def test_same_farm_makes_members_and_changes_no_status(desk: Desk) -> None:
    """With reason, confidence, author and date; the accounts stay suspected."""
    await desk.runs.run()
    (link, *_), _ = await desk.farms.offers(desk.editor, 1, 0)
    await desk.farms.decide(desk.stage, desk.editor, link.id, is_same=True, message_id=1)
    await desk.commit()
    view = await desk.farms.view(desk.journalist, 1)
    mine = {each.account_id: each for each in view.members}
    assert {link.account_id, link.other_id} <= set(mine)
    new = [each for each in mine.values() if each.source == "links"]
    assert all(each.author == desk.editor.name and 50 <= each.confidence <= 95 for each in new)
    async with desk.store.read() as conn:
        statuses = set((await conn.execute(sa.select(accounts_table.c.status))).scalars())
        told = set((await conn.execute(sa.select(history.c.event).where(history.c.subject == "farm_link"))).scalars())
    assert statuses == {AccountStatus.SUSPECTED.value}
    assert told == {"same_farm"}


async def test_a_rejection_is_remembered(desk: Desk) -> None:
    """Never offered again, until there is evidence of another kind; then it says so."""
    await desk.runs.run()
    (link, *_), _ = await desk.farms.offers(desk.editor, 1, 0)
    await desk.farms.decide(desk.stage, desk.editor, link.id, is_same=False, message_id=1)
    await desk.commit()
    await desk.runs.run()
    async with desk.store.read() as conn:
        offered = {each.id for each in await farm_links.offered(conn, desk.newsroom.id, None, 999)}
    assert link.id not in offered
    new = NewLink(
        account_id=link.account_id, other_id=link.other_id, farm_id=None, weights=link.weights | {"photo": 4.0}
    )
    async with desk.store.write() as conn:
        await farm_links.put(conn, desk.newsroom.id, [new], desk.clock())
        (again,) = await farm_links.offered(conn, desk.newsroom.id, None, 9)
    assert (again.id, again.is_renewed) == (link.id, True)


async def test_a_cleared_account_is_in_nothing(desk: Desk) -> None:
    """Neither member, nor suggested, nor linked."""
    cleared = desk.ground.ids[FARM[0]]
    async with desk.store.write() as conn:
        await accounts.set_status(conn, cleared, AccountStatus.CLEARED, [AccountStatus.SUSPECTED], desk.clock())
    await desk.runs.run()
    view = await desk.farms.view(desk.editor, 1)
    assert cleared not in {each.account_id for each in view.members} | {each[0] for each in view.suggested}
    network = await desk.farms.network(desk.editor, None)
    assert cleared not in {node.id for node in network.nodes}


async def test_a_retired_account_stays(desk: Desk) -> None:
    """Gone from its platform, it is a member still."""
    gone = desk.ground.ids[FARM[0]]
    async with desk.store.write() as conn:
        await accounts.set_status(conn, gone, AccountStatus.GONE, [AccountStatus.SUSPECTED], desk.clock())
    await desk.runs.run()
    (line,) = await desk.farms.lines(desk.editor, 0)
    assert (line.members, line.gone) == (2, 1)


async def test_the_card_tells_week_and_sides(desk: Desk) -> None:
    """The switch is dated within three days, with whom they left and joined."""
    await desk.runs.run()
    for link in (await desk.farms.offers(desk.editor, 1, 0))[0]:
        await desk.farms.decide(desk.stage, desk.editor, link.id, is_same=True, message_id=1)
    await desk.commit()
    view = await desk.farms.view(desk.editor, 1)
    assert view.rhythm.total > 100
    (switch,) = view.switches
    assert abs((switch.at.date() - desk.ground.stances[0].at.date()).days - 19) <= 3
    assert (switch.turned_on, switch.turned_to) == ("Партия А", "Лидер Б")
    assert switch.before
    assert switch.after
    assert {week.subject for week in await desk.farms.sides(desk.editor, 1)} == {"Партия А", "Лидер Б"}


async def test_the_number_stays_from_run_to_run(desk: Desk) -> None:
    """Two nights, one farm."""
    await desk.runs.run()
    await desk.runs.run()
    assert [line.farm.number for line in await desk.farms.lines(desk.editor, 0)] == [1]


async def test_a_night_has_one_run_unless_somebody_asks(desk: Desk) -> None:
    """It waits for its first night, too. Asked twice before it begins, it is done once; who asked is shown it."""
    assert not await desk.runs.sweep()
    desk.clock.tick(24 * 3600)
    assert await desk.runs.sweep()
    assert not await desk.runs.sweep()
    desk.clock.tick()
    for _ in range(2):
        desk.runs.ask(desk.stage, desk.editor)
    await desk.commit()
    assert await desk.runs.sweep()
    assert not await desk.runs.sweep()
    codes = [body["code"] for (body,) in await queued(desk.store, "body")]
    assert codes.count("farms") == 1


async def test_a_run_that_a_killed_process_left(desk: Desk) -> None:
    """It is done at once by the next process, which answers who asked; what kills three of them waits for a night."""
    desk.runs.ask(desk.stage, desk.editor)
    await desk.commit()
    await _killed(desk)
    assert await desk.runs.sweep()
    assert not await desk.runs.sweep()
    codes = [body["code"] for (body,) in await queued(desk.store, "body")]
    assert codes.count("farms") == 1
    for _ in range(3):
        desk.clock.tick()
        await _killed(desk)
    assert not await desk.runs.sweep()
    desk.clock.tick(24 * 3600)
    assert await desk.runs.sweep()


async def _killed(desk: Desk) -> None:
    """A process begins a run and is seen no more."""
    async with desk.store.write() as conn:
        await farm_links.begin_run(conn, desk.newsroom.id, desk.clock())


@pytest.mark.parametrize(
    ("post", "page"),
    [
        ("https://www.facebook.com/kloop.kg/posts/123", "www.facebook.com/kloop.kg"),
        ("https://facebook.com/groups/Osh/permalink/5", "facebook.com/groups/osh"),
        ("https://instagram.com/p/abc", None),
        ("Пост от вторника", None),
        ("https://x.com", None),
    ],
)
def test_the_page_of_a_post(post: str, page: str | None) -> None:
    """As far as its address says."""
    assert page_of(post) == page


@pytest.mark.parametrize("role", [Role.JOURNALIST, Role.EDITOR, Role.ADMIN])
async def test_curators_are_for_security_alone(desk: Desk, role: Role) -> None:
    """Nobody else adds, reads, links, or learns that there are records: not by a farm, not by the history."""
    lead = await make_member(desk.store, desk.newsroom, desk.clock(), Role.SECURITY)
    other = await make_member(desk.store, desk.newsroom, desk.clock(), role)
    people = Curators(desk.store, desk.clock)
    await desk.runs.run()
    people.add(desk.stage, lead, "curator", "B2 Асан Усенов")
    await desk.commit()
    await people.tie(desk.stage, lead, 1, "F-1 C3 2020-07 2020-10 бывший работник назвал")
    await people.suppose(desk.stage, lead, 1, "D4 однофамилец")
    await desk.commit()
    record = await people.one(lead, 1)
    assert (record.label, record.grade, record.ties[0].farm, record.ties[0].grade) == ("P-1", "B2", "F-1", "C3")
    assert record.hypotheses[0].grade == "D4"
    assert [each.label for each in await people.behind(lead, (await _farm_id(desk)))] == ["P-1"]
    assert await people.behind(other, (await _farm_id(desk))) == []
    for forbidden in (people.everybody(other), people.one(other, 1), people.tie(desk.stage, other, 1, "F-1 x")):
        with pytest.raises(NotAllowed):
            await forbidden
    with pytest.raises(NotAllowed):
        people.add(desk.stage, other, "client", "C3 Кто-то")
    async with desk.store.read() as conn:
        details = (await conn.execute(sa.select(history.c.details).where(history.c.subject == "curator"))).scalars()
        assert all(each == {} for each in details)


async def _farm_id(desk: Desk) -> int:
    return (await desk.farms.lines(desk.editor, 0))[0].farm.id


async def test_stances_noted_on_records_date_the_switch(store: Store, clock: StoppedClock) -> None:
    """Whom accounts praised and attacked, in whatever script a member wrote it, reaches the farm's card."""
    newsroom = await make_newsroom(store, clock())
    ground = await settle(store, newsroom)
    spelled = {"Лидер Б": ("Лидер Б", "Lider B"), "Партия А": ("Партия А", "Партия А ")}
    async with store.write() as conn:
        for n, each in enumerate(ground.stances):
            kind = FactKind.PRAISED if each.polarity > 0 else FactKind.ATTACKED
            fact = NewFact(kind=kind, value=spelled[each.subject][n % 5 == 4], seen_on=each.at.date())
            await account_records.add_facts(conn, newsroom.id, each.account_id, [fact], None, clock())
        undated = NewFact(kind=FactKind.PRAISED, value="Кимдир")
        await account_records.add_facts(conn, newsroom.id, ground.ids[FARM[0]], [undated], None, clock())
    async with store.read() as conn:
        seen = await noted_stances(conn, newsroom.id)
    assert {each.subject for each in seen} == {"Партия А", "Лидер Б"}
    assert len(seen) == len(ground.stances)
    await FarmRuns(store, clock, InPlace(), newsroom.id).run()  # type: ignore[arg-type]
    async with store.read() as conn:
        switches = await farm_links.switches(conn, newsroom.id)
    assert {each.account_id for each in switches} == {ground.ids[handle] for handle in FARM}
    turned = ground.stances[0].at.date() + timedelta(days=19)
    assert all(abs((each.at.date() - turned).days) <= 3 for each in switches)
    assert {(each.turned_on, each.turned_to) for each in switches} == {("Партия А", "Лидер Б")}


async def test_a_merged_account_is_one_with_what_it_was_merged_into(store: Store, clock: StoppedClock) -> None:
    """Its comments and stances count for the other; it is in no link of its own, and a withdrawn one in none."""
    newsroom = await make_newsroom(store, clock())
    ground = await settle(store, newsroom)
    child, head, gone = (ground.ids[handle] for handle in FARM[:3])
    async with store.write() as conn:
        await account_records.set_details(conn, newsroom.id, child, {"merged_into": head})
        await account_records.set_details(conn, newsroom.id, gone, {"withdrawn_at": clock()})
        fact = NewFact(kind=FactKind.PRAISED, value="Лидер Б", seen_on=clock().date())
        await account_records.add_facts(conn, newsroom.id, child, [fact], None, clock())
    async with store.read() as conn:
        gathered = await gather(conn, newsroom.id, noted_stances)
    assert child not in gathered.account_ids
    assert gone not in gathered.account_ids
    place = gathered.account_ids.index(head)
    comments = np.bincount(gathered.activity.comments.account, minlength=place + 1)
    assert comments[place] > 100
    assert gathered.activity.stances.account.tolist() == [place]
