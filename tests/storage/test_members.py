"""Members and invites: one bearer for one invite, nobody active who should not be."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.model.ids import new_id
from bot.model.newsroom import Invite, MemberStatus, Newsroom
from bot.model.rights import Role
from bot.model.tokens import token_hash
from bot.storage import members
from bot.storage.members import NewInvite
from bot.storage.store import Store
from bot.storage.tables import invites
from tests.newsroom import count, make_member, make_newsroom
from tests.stores import MakeStore, StoppedClock

HOUR = timedelta(hours=1)
TRIALS, BEARERS = 20, 50


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    return await make_newsroom(store, clock())


async def invite(store: Store, clock: StoppedClock, newsroom: Newsroom, token: str, by: int | None = None) -> NewInvite:
    made = NewInvite(
        id=new_id(),
        newsroom_id=newsroom.id,
        token_hash=token_hash(token),
        role=Role.EDITOR,
        created_by=by,
        needs_approval=by is not None,
        created_at=clock(),
        expires_at=clock() + HOUR,
    )
    async with store.write() as conn:
        await members.add_invite(conn, made)
    return made


async def redeem(store: Store, clock: StoppedClock, newsroom: Newsroom, token: str, bearer: int) -> Invite | None:
    async with store.write() as conn:
        return await members.redeem(conn, newsroom.id, token_hash(token), bearer, clock())


async def test_of_fifty_bearers_one_comes_in(
    store: Store, more_stores: MakeStore, clock: StoppedClock, newsroom: Newsroom
) -> None:
    """Twenty times fifty people redeem one invite at the same moment, through three processes: one each time."""
    stores = [store, more_stores(), more_stores()]
    for trial in range(TRIALS):
        made = await invite(store, clock, newsroom, f"token-{trial}")
        found = await asyncio.gather(
            *(redeem(stores[n % 3], clock, newsroom, f"token-{trial}", 100 + n) for n in range(BEARERS))
        )
        won = [n for n, each in enumerate(found) if each is not None]
        assert len(won) == 1
        async with store.read() as conn:
            kept = (await conn.execute(sa.select(invites).where(invites.c.id == made.id))).one()
        assert (kept.used_by, kept.used_at) == (100 + won[0], clock())


async def test_an_invite_is_used_once(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """The second time it leads nowhere, for the sieve as well."""
    made = await invite(store, clock, newsroom, "token", by=5)
    async with store.read() as conn:
        assert await members.newsrooms_of_invites(conn, [made.token_hash, "x"], clock()) == {
            made.token_hash: newsroom.id
        }
    used = await redeem(store, clock, newsroom, "token", 1)
    assert used is not None
    assert (used.id, used.role, used.needs_approval, used.used_at) == (made.id, Role.EDITOR, True, clock())
    assert await redeem(store, clock, newsroom, "token", 1) is None
    async with store.read() as conn:
        assert await members.newsrooms_of_invites(conn, [made.token_hash], clock()) == {}


@pytest.mark.parametrize(("after", "lives"), [(HOUR - timedelta(seconds=1), True), (HOUR, False)])
async def test_an_invite_ends_with_its_hour(
    store: Store, clock: StoppedClock, newsroom: Newsroom, after: timedelta, lives: bool
) -> None:
    """It lives until the second at which it expires, and not in that second."""
    made = await invite(store, clock, newsroom, "token")
    clock.tick(after.total_seconds())
    async with store.read() as conn:
        assert bool(await members.newsrooms_of_invites(conn, [made.token_hash], clock())) == lives
    assert (await redeem(store, clock, newsroom, "token", 1) is not None) == lives


async def test_a_foreign_invite_stays_whole(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """A member of another newsroom cannot use it up there; where it belongs it still opens."""
    other = await make_newsroom(store, clock())
    await invite(store, clock, newsroom, "token")
    assert await redeem(store, clock, other, "token", 1) is None
    assert await redeem(store, clock, other, "no such token", 1) is None
    assert await redeem(store, clock, newsroom, "token", 1) is not None


async def test_the_token_is_not_stored(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Only its hash is, and two invites of one token are refused."""
    await invite(store, clock, newsroom, "token")
    async with store.read() as conn:
        row = (await conn.execute(sa.select(invites))).one()
    assert "token" not in map(str, row)
    with pytest.raises(sa.exc.IntegrityError):
        await invite(store, clock, newsroom, "token")


async def test_expiry_is_told_once(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Only what ran out unused, and each invite to one teller only."""
    await invite(store, clock, newsroom, "used")
    unused = await invite(store, clock, newsroom, "unused")
    await redeem(store, clock, newsroom, "used", 1)
    told = []
    for seconds in (0, 3600, 0):
        clock.tick(seconds)
        async with store.write() as conn:
            told.append([each.id for each in await members.newly_expired(conn, clock())])
    assert told == [[], [unused.id], []]


async def test_only_active_members_pass_the_sieve(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """A waiting bearer is nobody yet, a removed one nobody again."""
    people = {status: await make_member(store, newsroom, clock(), status=status) for status in MemberStatus}
    ids = [p.telegram_id for p in people.values()] + [424242]
    async with store.read() as conn:
        assert await members.newsrooms_of(conn, ids) == {people[MemberStatus.ACTIVE].telegram_id: newsroom.id}
        assert await members.newsrooms_of(conn, []) == {}


async def test_who_comes_back_has_the_new_role_only(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """The same record, so that their old cases stay theirs, without the rights of before."""
    person = await make_member(store, newsroom, clock(), Role.ADMIN)
    async with store.write() as conn:
        await members.set_roles(conn, person.id, [Role.ADMIN, Role.SECURITY])
        assert await members.set_status(conn, person.id, MemberStatus.REMOVED, MemberStatus.ACTIVE)
        assert not await members.set_status(conn, person.id, MemberStatus.REMOVED, MemberStatus.ACTIVE)
    clock.tick()
    back = await make_member(store, newsroom, clock(), Role.JOURNALIST, telegram_id=person.telegram_id, name="Бакыт")
    assert (back.id, back.roles, back.name, back.joined_at) == (person.id, {Role.JOURNALIST}, "Бакыт", clock())
    async with store.read() as conn:
        assert await count(conn, members.members) == 1


async def test_roles_and_language(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Several roles are kept and found; the language is theirs."""
    person = await make_member(store, newsroom, clock())
    gone = await make_member(store, newsroom, clock(), Role.ADMIN, status=MemberStatus.REMOVED)
    async with store.write() as conn:
        await members.set_roles(conn, person.id, [Role.SECURITY, Role.ADMIN])
        await members.set_language(conn, person.id, "ky")
        found = await members.get(conn, newsroom.id, person.id)
        assert found is not None
        assert (found.roles, found.language) == ({Role.SECURITY, Role.ADMIN}, "ky")
        assert await members.with_role(conn, newsroom.id, Role.ADMIN) == [found]
        assert await members.with_role(conn, newsroom.id, Role.JOURNALIST) == []
        assert {m.id for m in await members.by_ids(conn, [person.id, gone.id, 1])} == {person.id, gone.id}
        assert await members.by_telegram_id(conn, newsroom.id, gone.telegram_id) == gone
        assert await members.all_of(conn, newsroom.id, MemberStatus.ACTIVE, MemberStatus.REMOVED) == [found, gone]


async def test_by_which_invite_a_member_came(store: Store, clock: StoppedClock, newsroom: Newsroom) -> None:
    """Kept with the member; None for one who came without."""
    made = await invite(store, clock, newsroom, "token")
    alone = await make_member(store, newsroom, clock())
    async with store.write() as conn:
        bearer = await members.admit(
            conn, newsroom.id, 7, "Нурлан", Role.EDITOR, MemberStatus.PENDING, made.id, clock()
        )
        found = await members.invite_of(conn, bearer)
        assert found is not None
        assert found.id == made.id
        assert await members.invite_of(conn, alone) is None
