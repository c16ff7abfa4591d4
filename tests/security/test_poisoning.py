"""Poisoning: nobody makes an honest account a known fake alone, and nobody's word outlives its being taken back.

A hostile member may report, repeat, import, edit and invite. What counts then is worked out from the words that are
left, so that a newsroom without a reporter is one in which they never said anything.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountEntry, AccountStatus
from bot.model.newsroom import Member, MemberStatus, Newsroom
from bot.model.rights import Role
from bot.services.account_bursts import hold_burst
from bot.services.account_confirming import settle_status
from bot.services.account_settling import Settling
from bot.services.account_standing import standings
from bot.services.accounts import keys_of
from bot.storage import account_reports, accounts, members
from bot.storage.accounts import Listing
from bot.storage.members import NewInvite
from bot.storage.store import Store
from bot.storage.tables import account_details, account_names, account_rulings
from bot.storage.tables import accounts as table
from tests.newsroom import make_newsroom
from tests.security.silent_desk import SilentDesk
from tests.stores import StoppedClock

#: Random histories on each engine: some in the proof, many in the full run.
FEW, MANY = 8, 60
PEOPLE, TARGETS, LISTED, STEPS = 5, 6, 2, 30


@dataclass(kw_only=True)
class House:
    """A newsroom whose people say things of accounts."""

    store: Store
    clock: StoppedClock
    newsroom: Newsroom
    people: list[Member] = field(default_factory=list)
    _numbers: int = 0

    async def member(self, *roles: Role, by: Member | None = None) -> Member:
        """A new member, brought by another one or by the command line."""
        self._numbers += 1
        async with self.store.write() as conn:
            invite = await self._invite(conn, by) if by is not None else None
            name, number = f"Member {self._numbers}", 7_000 + self._numbers
            role = roles[0] if roles else Role.JOURNALIST
            found = await members.admit(
                conn, self.newsroom.id, number, name, role, MemberStatus.ACTIVE, invite, self.clock()
            )
        self.people.append(found)
        return found

    async def _invite(self, conn: AsyncConnection, by: Member) -> int:
        number = self._numbers + 900_000 + self.newsroom.id % 1_000_000 * 1_000
        invite = NewInvite(
            id=number,
            newsroom_id=self.newsroom.id,
            token_hash=f"{number:x}",
            role=Role.JOURNALIST,
            created_by=by.id,
            needs_approval=True,
            created_at=self.clock(),
            expires_at=self.clock() + timedelta(days=1),
        )
        await members.add_invite(conn, invite)
        return number

    async def report(self, who: Member | None, handle: str, *, batch: str | None = None, **said: Any) -> int:
        """Somebody (None: the command line) lists an account, by hand or with a list."""
        entry = AccountEntry(platform="facebook", handle=handle, source="here", **said)
        listing = Listing(
            newsroom_id=self.newsroom.id,
            member_id=who.id if who is not None else None,
            lister=who.name if who is not None else "command line",
            batch=batch,
            at=self.clock(),
        )
        async with self.store.write() as conn:
            account_id, _ = await accounts.put(conn, entry, keys_of(entry), listing)
            if who is not None and batch is None:
                await hold_burst(conn, who, self.clock())
            found = await accounts.get(conn, self.newsroom.id, account_id)
            if found is not None and found.is_waiting(2):
                await settle_status(conn, self.newsroom.id, account_id, self.clock())
        return account_id

    async def rule(self, who: Member, handle: str, ruling: str) -> None:
        """Somebody confirms or clears an account, as a person who also suspects it, or not."""
        async with self.store.write() as conn:
            query = sa.select(table.c.id).where(table.c.newsroom_id == self.newsroom.id, table.c.handle_key == handle)
            account_id = await conn.scalar(query)
            if account_id is None:
                return
            await accounts.rule(conn, self.newsroom.id, account_id, who.id, ruling, None, self.clock())
            await settle_status(conn, self.newsroom.id, account_id, self.clock())

    async def withdraw(self, who: Member) -> None:
        """An admin leaves out what somebody said."""
        async with self.store.write() as conn:
            await self.settling.withdraw_member(conn, self.people[0], who.id)

    async def restore(self, who: Member) -> None:
        """It counts again."""
        async with self.store.write() as conn:
            await self.settling.restore_member(conn, self.people[0], who.id)

    @property
    def settling(self) -> Settling:
        """What takes words back."""
        return Settling(self.clock, SilentDesk())  # type: ignore[arg-type]

    async def standing_of(self, account_id: int) -> tuple[float, bool]:
        """What stands behind a suspicion, and whether it counts."""
        async with self.store.read() as conn:
            found = (await standings(conn, self.newsroom.id, self.clock(), [account_id])).get(account_id)
        return (found.score, found.counts) if found is not None else (0.0, False)

    async def status_of(self, account_id: int) -> AccountStatus:
        """Where an account stands."""
        async with self.store.read() as conn:
            found = await accounts.get(conn, self.newsroom.id, account_id)
        assert found is not None
        return found.status

    async def state(self) -> dict[str, Any]:
        """What the newsroom holds against the accounts on its list, by handle; people by their place."""
        place = {each.id: n for n, each in enumerate(self.people)}
        place_name = {each.name: n for n, each in enumerate(self.people)}
        n, r, d = account_names.c, account_rulings.c, account_details.c
        found: dict[str, Any] = {}
        async with self.store.read() as conn:
            scores = await standings(conn, self.newsroom.id, self.clock())
            query = sa.select(table).where(table.c.newsroom_id == self.newsroom.id).order_by(table.c.handle)
            for row in (await conn.execute(query)).all():
                gone = await conn.scalar(sa.select(d.withdrawn_at).where(d.account_id == row.id))
                if gone is not None:
                    continue
                names = (await conn.execute(sa.select(n.name).where(n.account_id == row.id))).scalars()
                said = sa.select(r.member_id).where(r.account_id == row.id, r.ruling == "confirm", r.live.is_(True))
                words = (await conn.execute(said.where(r.withdrawn_at.is_(None)))).scalars()
                stands = scores.get(row.id)
                found[row.handle] = (
                    row.status,
                    row.farm,
                    row.reason,
                    place_name.get(row.lister, row.lister),
                    row.batch,
                    sorted(names),
                    sorted(place[i] for i in words),
                    (stands.score, stands.voices, stands.held) if stands is not None else None,
                )
        return found


async def open_house(store: Store, clock: StoppedClock, name: str = "N") -> House:
    """A newsroom without members."""
    return House(store=store, clock=clock, newsroom=await make_newsroom(store, clock(), name))


def histories(seed: int) -> list[tuple[Any, ...]]:
    """What people do one after the other: report by hand or with lists, confirm, clear."""
    chance = random.Random(seed)
    found: list[tuple[Any, ...]] = []
    for number in range(STEPS):
        who, what = chance.randrange(PEOPLE), f"target{chance.randrange(TARGETS)}"
        act = chance.choices(("report", "list", "confirm", "clear"), (5, 2, 3, 1))[0]
        if act == "clear":
            # Of those that stand there for themselves: what is not on the list cannot be cleared.
            what = f"target{chance.randrange(LISTED)}"
        said = {"names": (f"Name {chance.randrange(3)}",), "farm": chance.choice((None, "A", "B"))}
        said["reason"] = chance.choice((None, "one", "two"))
        found.append((act, who, what, said, number))
    return found


async def play(house: House, steps: Sequence[tuple[Any, ...]], without: int | None = None) -> None:
    """Let people do it; one of them may be silent. Whoever confirms an account reports it as well."""
    for number in range(LISTED):
        await house.report(None, f"target{number}", batch="published")
    for act, who, what, said, number in steps:
        house.clock.tick(700)
        if who == without:
            continue
        person = house.people[who]
        if act in ("report", "list", "confirm"):
            batch = f"list {number}" if act == "list" else None
            await house.report(person, what, batch=batch, **(said if act != "confirm" else {}))
        if act in ("confirm", "clear"):
            await house.rule(person, what, act)


async def _staffed(store: Store, clock: StoppedClock, name: str) -> House:
    house = await open_house(store, clock, name)
    admin = await house.member(Role.ADMIN)
    house.people.clear()
    for number in range(PEOPLE):
        # The second was brought by the first, and the others by whoever set the newsroom up.
        await house.member(Role.EDITOR, by=house.people[0] if number == 1 else None)
    house.people.append(admin)
    return house


async def _same_as_without(store: Store, seeds: range) -> int:
    compared = 0
    for seed in seeds:
        steps, out = histories(seed), seed % PEOPLE
        began = StoppedClock()
        here = StoppedClock()
        here.now = began.now
        house = await _staffed(store, here, f"with {seed}")
        await play(house, steps)
        before = await house.state()
        await house.withdraw(house.people[out])
        after = await house.state()
        there = StoppedClock()
        there.now = began.now
        other = await _staffed(store, there, f"without {seed}")
        await play(other, steps, without=out)
        expected = await other.state()
        assert after == expected, f"seed {seed}: withdrawn is not never said"
        await house.restore(house.people[out])
        assert await house.state() == before, f"seed {seed}: restored is not as it was"
        compared += len(before)
    return compared


@pytest.mark.proof
async def test_without_a_reporter_is_as_if_they_had_never_said_anything(store: Store) -> None:
    """Random histories of reports, lists, confirmations and clearings, on both engines; and back again."""
    assert await _same_as_without(store, range(FEW)) > FEW


@pytest.mark.slow
@pytest.mark.timeout(1800)
async def test_without_a_reporter_in_many_histories(sqlite_store: Store) -> None:
    """The same, many times: on one engine, since the states that are compared are ours and not the engine's."""
    assert await _same_as_without(sqlite_store, range(1000, 1000 + MANY)) > MANY


async def _twenty(store: Store, clock: StoppedClock, editors: int = 0) -> tuple[House, list[Member], Member]:
    """20 reporters who came long ago, five of them colluders, `editors` of these editors; and an honest editor."""
    house = await open_house(store, clock)
    honest = await house.member(Role.EDITOR)
    for number in range(20):
        await house.member(Role.EDITOR if number < editors else Role.JOURNALIST)
    clock.tick(90 * 86_400)
    return house, house.people[1:6], honest


@pytest.mark.proof
async def test_one_member_reaches_no_threshold_alone(store: Store, clock: StoppedClock) -> None:
    """By repeating, by own lists, by editing, with a record, with two accounts that they brought themselves."""
    house, (one, *_), honest = await _twenty(store, clock)
    for number in range(40):
        real = f"fake{number}"
        await house.report(one, real, batch="good work")
        for editor in (honest, house.people[7]):
            await house.rule(editor, real, "confirm")
    target = 0
    for turn in range(30):
        target = await house.report(one, "honestone", names=(f"Name {turn}",), farm=f"F{turn}", reason="sure")
        await house.report(one, "honestone", batch=f"my list {turn}")
        clock.tick(700)
    score, counts = await house.standing_of(target)
    assert (score < 1, counts) == (True, False)
    newcomer = await house.member()
    socks = [await house.member(by=newcomer) for _ in range(2)]
    for who in (newcomer, *socks):
        other = await house.report(who, "honesttwo")
    assert await house.standing_of(other) == (0.5, False)
    socks_only = 0
    for who in socks:
        socks_only = await house.report(who, "honestthree")
    assert await house.standing_of(socks_only) == (0.5, False)
    assert {await house.status_of(i) for i in (target, other, socks_only)} == {AccountStatus.SUSPECTED}


@pytest.mark.proof
async def test_a_burst_of_one_member_does_not_count_even_with_anothers(store: Store, clock: StoppedClock) -> None:
    """Two members who each list 40 honest accounts within minutes: listed, held, the admin asked once for each."""
    house, (one, two, *_), _ = await _twenty(store, clock)
    await house.member(Role.ADMIN)
    ids = [await house.report(who, f"honest{n}") for who in (one, two) for n in range(40)]
    assert [i for i in ids if (await house.standing_of(i))[1]] == []
    async with store.read() as conn:
        held = await account_reports.count_held(conn, house.newsroom.id, one.id)
        hidden = set((await conn.execute(account_reports.only_held(house.newsroom.id))).scalars())
        asked = await conn.scalar(sa.text("SELECT count(*) FROM outbox_messages"))
    assert (held, hidden, asked) == (40, set(ids), 2)


@pytest.mark.proof
async def test_five_colluders_of_twenty_confirm_no_honest_account(store: Store, clock: StoppedClock) -> None:
    """Whatever the five do together, nobody is confirmed; once four of their targets are cleared, nothing counts."""
    house, five, honest = await _twenty(store, clock)
    targets = []
    for number in range(12):
        for who in five:
            targets.append(await house.report(who, f"honest{number}", reason="sure", farm="F"))
            await house.report(who, f"honest{number}", batch=f"list of {who.id} {number}")
            clock.tick(700)
    statuses = [await house.status_of(i) for i in set(targets)]
    assert statuses.count(AccountStatus.CONFIRMED) == 0
    for number in range(4):
        await house.rule(honest, f"honest{number}", "clear")
    suspected = [i for i in set(targets) if await house.status_of(i) is AccountStatus.SUSPECTED]
    assert len(suspected) == 8
    assert [i for i in suspected if (await house.standing_of(i))[1]] == []
    for who in five:
        await house.withdraw(who)
    left = await house.state()
    assert {handle for handle, told in left.items() if told[0] != "cleared"} == set()


@pytest.mark.proof
async def test_a_pair_of_editors_who_brought_one_another_is_one_person(store: Store, clock: StoppedClock) -> None:
    """Two of the five are editors, one brought the other lately: no honest account is confirmed by them, nor by others
    whom they brought; a third person who is nobody's may. Two editors of long standing can: the others are told."""
    house, five, honest = await _twenty(store, clock, editors=1)
    second = await house.member(by=five[0])
    third = await house.member(by=second)
    confirmed = 0
    for number in range(10):
        handle = f"honest{number}"
        for who in (five[0], second, third):
            account_id = await house.report(who, handle)
        for who in (five[0], second):
            await house.rule(who, handle, "confirm")
        confirmed += await house.status_of(account_id) is AccountStatus.CONFIRMED
        clock.tick(700)
    assert confirmed == 0
    await house.rule(honest, "honest0", "confirm")
    account_id = await house.report(None, "honest1", batch="published")
    assert await house.status_of(account_id) is AccountStatus.CONFIRMED


@pytest.mark.proof
async def test_an_imported_list_is_withdrawn_whole(store: Store, clock: StoppedClock) -> None:
    """What stands on nothing else leaves the list, the rest is what the others made of it; back again as it was."""

    async def told(name: str, *, with_list: bool) -> House:
        house = await open_house(store, clock, name)
        one, two = await house.member(Role.EDITOR), await house.member()
        await house.report(two, "target0", names=("Own name",), farm="A", reason="seen")
        for number in range(20 if with_list else 0):
            await house.report(one, f"target{number}", batch="list", names=("Listed",), farm="L", reason="list")
        await house.report(two, "target1", farm="B")
        await house.report(one, "target2", batch="other list")
        return house

    here, there = await told("with", with_list=True), await told("without", with_list=False)
    before = await here.state()
    assert len(before) == 20
    async with store.write() as conn:
        gone = await here.settling.withdraw_batch(conn, here.people[0], "list")
    assert (len(gone), await here.state()) == (17, await there.state())
    async with store.write() as conn:
        back = await here.settling.restore_batch(conn, here.people[0], "list")
    assert (len(back), await here.state()) == (17, before)
