"""The ledger of reports: any order of steps against a model, on both engines; what is noticed, sent and told once."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.errors import Refusal
from bot.model.account import Account, AccountEntry, AccountStatus
from bot.model.newsroom import Member, Newsroom
from bot.model.outreach import OutreachState
from bot.model.photo_owner import OwnerEntry
from bot.model.rights import Role
from bot.model.takedown import (
    OPEN,
    OUTCOMES,
    Aim,
    Facts,
    TakedownEntry,
    TakedownQuery,
    TakedownStatus,
    may_become,
)
from bot.services.outreach import OutreachDesk, keys_of_owner
from bot.services.public_labels import PublicLabels
from bot.services.takedown_batches import TakedownBatches
from bot.services.takedown_ledger import TakedownLedger
from bot.services.takedown_steps import TakedownSteps
from bot.services.takedown_watch import TakedownWatch
from bot.services.takedowns import RECHECK, Takedowns, aim_at, key_of
from bot.storage import accounts, photo_owners, photos
from bot.storage.store import Store
from bot.storage.tables import history, outbox_messages, outreach_keys, takedowns
from detection.accounts.links import parse_links
from tests.newsroom import make_member, make_newsroom
from tests.stage import Recorder
from tests.stores import MakeStore, StoppedClock, open_store

SHA = "a" * 64


@dataclass(kw_only=True)
class House:
    """A newsroom with an editor and a security lead, and what is done there about fakes."""

    store: Store
    clock: StoppedClock
    newsroom: Newsroom
    editor: Member
    lead: Member
    stage: Recorder = field(default_factory=Recorder)

    @property
    def ledger(self) -> Takedowns:
        """The service that writes."""
        return Takedowns(self.store, self.clock, cast(Any, None))

    @property
    def steps(self) -> TakedownSteps:
        """The service of steps."""
        return TakedownSteps(self.clock, cast(Any, SimpleNamespace(outdate=lambda: None)), self.ledger)

    @property
    def reading(self) -> TakedownLedger:
        """The service that reads."""
        return TakedownLedger(self.store, self.clock)

    async def commit(self) -> None:
        """End the transaction of what was staged."""
        await self.stage.commit(self.store)

    async def file(self, number: int = 1, **given: Any) -> None:
        """The editor reports fake number so-and-so."""
        await self.ledger.file(self.stage, self.editor, TakedownEntry(aim=aim(number), **given))
        await self.commit()

    async def rows(self) -> list[Any]:
        """The ledger's rows, in order."""
        query = sa.select(takedowns).where(takedowns.c.newsroom_id == self.newsroom.id).order_by(takedowns.c.number)
        async with self.store.read() as conn:
            return list((await conn.execute(query)).all())

    async def said(self, code: str) -> list[dict[str, Any]]:
        """What was said with a code, to anybody."""
        o = outbox_messages.c
        query = sa.select(o.body).where(o.newsroom_id == self.newsroom.id, o.kind == "reply").order_by(o.id)
        async with self.store.read() as conn:
            return [b["values"] for b in (await conn.execute(query)).scalars() if b["code"] == code]

    async def account(self, handle: str, *, confirmed: bool = True, sha256: str | None = None) -> Account:
        """A listed account, confirmed by two people, with a photo."""
        entry = AccountEntry(platform="facebook", handle=handle, names=("Талайгүл <b>",), reason="жеке себеп Айжамал")
        now = self.clock()
        listing = accounts.Listing(
            newsroom_id=self.newsroom.id, member_id=self.editor.id, lister="x", batch=None, at=now
        )
        async with self.store.write() as conn:
            account_id, _ = await accounts.put(conn, entry, accounts.Keys(handle=handle, names={}), listing)
            for member in (self.editor, self.lead) if confirmed else ():
                await accounts.rule(conn, self.newsroom.id, account_id, member.id, "confirm", None, now)
            if confirmed:
                before = [AccountStatus.SUSPECTED]
                await accounts.set_status(conn, account_id, AccountStatus.CONFIRMED, before, now)
            if sha256 is not None:
                size = {"width": 1, "height": 1}
                new = photos.NewPhoto(
                    newsroom_id=self.newsroom.id,
                    sha256=sha256,
                    description=b"",
                    source="x",
                    account_id=account_id,
                    **size,
                )
                await photos.add(conn, [new], now)
            found = await accounts.get(conn, self.newsroom.id, account_id)
        assert found is not None
        return found

    async def clear(self, account: Account) -> None:
        """Somebody finds that it is honest."""
        async with self.store.write() as conn:
            await accounts.set_status(conn, account.id, AccountStatus.CLEARED, [AccountStatus.CONFIRMED], self.clock())


def aim(number: int) -> Aim:
    """A post that is to be removed."""
    (link,) = parse_links(f"https://www.tiktok.com/@some.body/video/{7000 + number}")
    return Aim(kind="post", platform="tiktok", target=link.url, key=key_of(link), account="tiktok:some.body")


async def open_house(store: Store, clock: StoppedClock) -> House:
    """An empty ledger."""
    newsroom = await make_newsroom(store, clock())
    editor = await make_member(store, newsroom, clock(), Role.EDITOR, name="Айжамал")
    lead = await make_member(store, newsroom, clock(), Role.SECURITY, name="Нурбек")
    return House(store=store, clock=clock, newsroom=newsroom, editor=editor, lead=lead)


@pytest.fixture
async def house(store: Store, clock: StoppedClock) -> House:
    """The house of this test, on both engines."""
    return await open_house(store, clock)


@dataclass
class Known:
    """What the model knows of one report."""

    target: int
    status: TakedownStatus
    sent: Any
    closed: Any = None
    remind: Any = None


class LedgerMachine(RuleBasedStateMachine):
    """Reports, steps, days and restarts in any order; a model of the ledger beside the real one."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = StoppedClock()
        self.house: House
        self.model: list[Known] = []
        self.reminded = 0

    def run(self, act: Any) -> Any:
        """Do something on the machine's own loop."""
        return self.loop.run_until_complete(act)

    @initialize()
    def open(self) -> None:
        """An empty newsroom."""
        self.house = self.run(open_house(open_store(self.url), self.clock))

    @rule(thing=st.integers(1, 2), draft=st.booleans())
    def file(self, thing: int, draft: bool) -> None:
        """Somebody reports: the second time it is noticed, and nothing is added."""
        status = TakedownStatus.DRAFT if draft else TakedownStatus.SENT
        self.run(self.house.file(thing, status=status))
        if not any(k.target == thing and k.status is not TakedownStatus.WITHDRAWN for k in self.model):
            now = self.clock()
            sent = Known(thing, status, now, remind=now + RECHECK)
            self.model.append(Known(thing, status, None) if draft else sent)

    @precondition(lambda self: bool(self.model))
    @rule(data=st.data())
    def again(self, data: Any) -> None:
        """ "Report again" adds one more, unless somebody has pressed it before."""
        place = data.draw(st.integers(0, len(self.model) - 1))
        self.run(self.press(lambda row: self.house.ledger.again(self.house.stage, self.house.editor, row.id), place))
        target = self.model[place].target
        same = [n for n, k in enumerate(self.model) if k.target == target and k.status is not TakedownStatus.WITHDRAWN]
        if not same or same[-1] == place:
            now = self.clock()
            self.model.append(Known(target, TakedownStatus.SENT, now, remind=now + RECHECK))

    @precondition(lambda self: bool(self.model))
    @rule(data=st.data(), after=st.sampled_from(list(TakedownStatus)))
    def move(self, data: Any, after: TakedownStatus) -> None:
        """A press sets a status, where it may."""
        place = data.draw(st.integers(0, len(self.model) - 1))
        steps, stage, lead = self.house.steps, self.house.stage, self.house.lead
        self.run(self.press(lambda row: steps.move(stage, lead, row.id, after.value, 5), place))
        known, now = self.model[place], self.clock()
        if not may_become(known.status, after):
            return
        had_recheck = known.status is not TakedownStatus.DRAFT and self.rechecks[place] is not None
        if after in OUTCOMES:
            known.closed, known.remind = now, None
        elif after is TakedownStatus.WITHDRAWN:
            known.remind = None
        else:
            known.closed = None
            known.sent = known.sent or now
            if not had_recheck:
                known.remind = now + RECHECK
        known.status = after

    async def press(self, act: Any, place: int) -> None:
        """Do something with a report, in a transaction of its own."""
        rows = await self.house.rows()
        self.rechecks = [row.recheck_at for row in rows]
        await act(rows[place])
        await self.house.commit()

    @rule(days=st.integers(0, 9))
    def wait(self, days: int) -> None:
        """Days pass; the ticker looks twice."""
        self.clock.tick(days * 86_400)
        for _ in range(2):
            self.run(TakedownWatch(self.house.store, self.clock).remind())
        for known in self.model:
            if known.remind is not None and known.remind <= self.clock():
                known.remind = None
                self.reminded += 1

    @rule()
    def restart(self) -> None:
        """The process is killed and starts again: only the database is left."""
        self.run(self.house.store.close())
        self.house.store = open_store(self.url)

    @invariant()
    def the_archive_agrees(self) -> None:
        """Numbers are dense; status and times are the model's; each reminder was sent once; so is the tally."""
        if not hasattr(self, "house"):
            return
        rows = self.run(self.house.rows())
        assert [row.number for row in rows] == list(range(1, len(self.model) + 1))
        real = [(row.status, row.sent_at, row.closed_at, row.remind_at) for row in rows]
        assert real == [(k.status.value, k.sent, k.closed, k.remind) for k in self.model]
        assert len(self.run(self.house.said("takedown_reminder"))) == self.reminded
        whole = self.run(self.house.reading.figures(self.house.lead, TakedownQuery())).whole
        sent = [k for k in self.model if k.status not in (TakedownStatus.DRAFT, TakedownStatus.WITHDRAWN)]
        removed = [k for k in sent if k.status is TakedownStatus.REMOVED]
        assert (whole.sent, whole.removed) == (len(sent), len(removed))
        assert whole.waiting == sum(k.status in OPEN for k in sent)
        assert (whole.median_days is None) == (not removed)

    def teardown(self) -> None:
        """Close the database."""
        if hasattr(self, "house"):
            self.run(self.house.store.close())
        self.loop.close()


@pytest.mark.parametrize("engine", ["sqlite_copy", pytest.param("postgres_copy", marks=pytest.mark.postgres)])
def test_any_order_of_steps(engine: str, request: pytest.FixtureRequest) -> None:
    """Whatever people press, in whatever order, with restarts in between: the ledger is what they said."""
    LedgerMachine.url = request.getfixturevalue(engine)
    few = settings(max_examples=12, stateful_step_count=15, deadline=None)
    run_state_machine_as_test(LedgerMachine, settings=few)


async def test_two_members_report_one_thing(house: House, more_stores: MakeStore) -> None:
    """At the same moment, by two processes: one report, and the other is told of it."""
    stages = [Recorder(), Recorder()]
    for stage, member in zip(stages, (house.editor, house.lead), strict=True):
        await house.ledger.file(stage, member, TakedownEntry(aim=aim(1)))
    await asyncio.gather(stages[0].commit(house.store), stages[1].commit(more_stores()))
    assert [row.attempt for row in await house.rows()] == [1]
    assert sorted(values["shown"] for values in await house.said("takedown")) == ["filed", "known"]


async def test_the_reporter_s_place_is_taken(house: House) -> None:
    """When whoever reported is gone, those who may see the ledger are reminded; nobody twice."""
    await house.file()
    async with house.store.write() as conn:
        members = sa.table("members", sa.column("id"), sa.column("status"))
        await conn.execute(sa.update(members).where(members.c.id == house.editor.id).values(status="removed"))
    house.clock.tick(8 * 86_400)
    watch = TakedownWatch(house.store, house.clock)
    assert [await watch.remind(), await watch.remind()] == [1, 0]
    o = outbox_messages.c
    async with house.store.read() as conn:
        told = (await conn.execute(sa.select(o.member_id).where(o.newsroom_id == house.newsroom.id))).scalars().all()
    assert told[-1] == house.lead.id


async def test_a_batch_is_made_and_sent_once(house: House, more_stores: MakeStore) -> None:
    """Two members make one list of what two people confirmed; a cleared account leaves it; one press counts."""
    fine, doubtful, honest = [await house.account(n, confirmed=n != "maybe") for n in ("one", "maybe", "honest")]
    batches, stages = TakedownBatches(house.store, house.clock), [Recorder(), Recorder()]
    for stage, member in zip(stages, (house.editor, house.lead), strict=True):
        await batches.make(stage, member, "facebook")
    await asyncio.gather(stages[0].commit(house.store), stages[1].commit(more_stores()))
    said = await house.said("takedown_batch")
    assert len({values["batch"] for values in said}) == 1
    batch_id = said[0]["batch"]
    assert [row.account_id for row in await house.rows()] == [fine.id, honest.id]
    await house.clear(honest)
    view = await batches.view(house.lead, batch_id)
    assert [item.takedown.account_id for item in view.items] == [fine.id]
    for member in (house.lead, house.editor):
        await batches.send(house.stage, member, batch_id, 5)
        await house.commit()
    rows = {row.account_id: row for row in await house.rows()}
    assert (rows[fine.id].status, rows[fine.id].member_id) == ("sent", house.lead.id)
    assert (rows[honest.id].status, rows[honest.id].batch_id) == ("draft", None)
    assert doubtful.id not in rows
    assert await TakedownWatch(house.store, house.clock).recall() == 1
    assert (await house.rows())[1].status == "withdrawn"
    await batches.make(house.stage, house.editor, "facebook")
    await house.commit()
    assert await house.said("takedown_batch_empty") == [{}]


async def test_a_cleared_account_is_recalled(house: House) -> None:
    """Whoever reported it is told once; nobody reports it any more."""
    account = await house.account("talai.gul")
    await house.ledger.file(house.stage, house.editor, TakedownEntry(aim=aim_at(account)))
    await house.commit()
    await house.clear(account)
    watch = TakedownWatch(house.store, house.clock)
    assert [await watch.recall(), await watch.recall()] == [1, 0]
    assert len(await house.said("takedown_recall")) == 1
    with pytest.raises(Refusal, match="takedown_cleared"):
        await house.ledger.file(house.stage, house.lead, TakedownEntry(aim=aim_at(account)))


async def test_only_a_removed_account_is_gone(house: House) -> None:
    """Its status changes at a press of its own, with the report as reason; a cleared one is left alone."""
    account = await house.account("talai.gul")
    await house.ledger.file(house.stage, house.editor, TakedownEntry(aim=aim_at(account)))
    await house.commit()
    (row,) = await house.rows()
    with pytest.raises(Refusal, match="takedown_not_removed"):
        await house.steps.set_gone(house.stage, house.editor, row.id, 5)
    await house.steps.move(house.stage, house.editor, row.id, "removed", 5)
    await house.commit()
    await house.steps.set_gone(house.stage, house.editor, row.id, 5)
    await house.commit()
    async with house.store.read() as conn:
        found = await accounts.get(conn, house.newsroom.id, account.id)
        query = sa.select(history.c.details).where(history.c.event == "gone", history.c.subject_id == account.id)
        told = (await conn.execute(query)).scalars().all()
    assert found is not None
    assert found.status is AccountStatus.GONE
    assert told[0]["reason"].startswith("TD-1")


async def test_an_owner_is_asked_once(house: House, more_stores: MakeStore) -> None:
    """Two members at once make one thread; the second is told who was first; another person's photo is another one."""
    await house.account("one", sha256=SHA)
    owner = OwnerEntry(name="Жылдыз Асанова", profile="https://vk.com/real.gul")
    async with house.store.write() as conn:
        for sha in (SHA, "b" * 64):
            await photo_owners.put(conn, house.newsroom.id, sha, owner, house.editor.id, house.clock())
    desk, stages = OutreachDesk(house.store, house.clock), [Recorder(), Recorder()]
    for stage, member in zip(stages, (house.editor, house.lead), strict=True):
        await desk.start(stage, member, SHA)
    await asyncio.gather(stages[0].commit(house.store), stages[1].commit(more_stores()))
    (first,), (second,) = await house.said("outreach"), await house.said("outreach_taken")
    assert first == second
    for member, language in ((house.lead, "kk"), (house.editor, "ru")):
        await desk.written(house.stage, member, first["outreach"], language, 5)
        await house.commit()
    thread = (await desk.view(house.lead, first["outreach"])).outreach
    assert (thread.writer, thread.language, thread.state) == ("Нурбек", "kk", OutreachState.WRITTEN)
    # The same person's other photo leads to the same thread.
    await desk.start(house.stage, house.lead, "b" * 64)
    await house.commit()
    assert [values["outreach"] for values in await house.said("outreach_taken")][-1] == thread.id
    await desk.step(house.stage, house.editor, thread.id, "wrong_person", 5)
    await house.commit()
    async with house.store.read() as conn:
        query = sa.select(outreach_keys.c.key).where(outreach_keys.c.newsroom_id == house.newsroom.id)
        left = (await conn.execute(query)).scalars().all()
    assert left == [keys_of_owner(owner, SHA)[0]]


async def test_a_note_needs_two_people_and_is_corrected(house: House) -> None:
    """Nothing is said in public of what one person suspects, nor of what is cleared; the taker is told once."""
    doubtful, account = await house.account("maybe", confirmed=False), await house.account("talai.gul")
    labels = PublicLabels(house.store, house.clock)
    with pytest.raises(Refusal, match="label_not_confirmed"):
        await labels.ground(house.editor, doubtful.id)
    await labels.take(house.stage, house.editor, doubtful.id, "ru", "…", Facts())
    await labels.take(
        house.stage, house.editor, account.id, "ru", "текст", (await labels.ground(house.editor, account.id)).facts
    )
    await house.commit()
    assert len(await house.said("label_not_confirmed")) == len(await house.said("label")) == 1
    assert await labels.correct() == 0
    await house.clear(account)
    assert [await labels.correct(), await labels.correct()] == [1, 0]
    assert len(await house.said("label_correction")) == 1
    ground = await labels.ground(house.lead, account.id)
    assert ground.taken[0].corrected_at == house.clock()
    await labels.take(house.stage, house.editor, account.id, "ru", "текст", Facts())
    await house.commit()
    assert len(await house.said("label_not_confirmed")) == 2


async def test_days_are_counted_from_sending(house: House) -> None:
    """The median is of what was removed; queries narrow it down."""
    for number, days in ((1, 2), (2, 4), (3, 9)):
        await house.file(number)
        house.clock.tick(days * 86_400)
        row = (await house.rows())[-1]
        await house.steps.move(house.stage, house.lead, row.id, "removed", 5)
        await house.commit()
    await house.file(4)
    figures = await house.reading.figures(house.lead, TakedownQuery())
    assert (figures.whole.sent, figures.whole.removed, figures.whole.median_days) == (4, 3, 4.0)
    assert list(figures.by_platform) == ["tiktok"]
    page = await house.reading.page(house.lead, TakedownQuery(statuses=("removed",), words=("7002",)))
    assert [line.number for line in page.lines] == [2]
    since = house.clock() - timedelta(minutes=1)
    assert (await house.reading.page(house.lead, TakedownQuery(since=since, reporters=("айжа",)))).total == 1
    assert (await house.reading.page(house.lead, TakedownQuery(without=(("status", "removed"),)))).total == 1
