"""People: who comes in, by whose press, with which role; and that somebody is always left who can decide."""

import asyncio
from dataclasses import replace

import pytest

from bot.errors import Refusal
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Role
from bot.services.members import Members, Newcomer, role_named
from bot.storage import dialogs, history, members
from bot.storage.store import Store
from bot.storage.tables import invites
from tests.newsroom import asked_about, count, make_member, make_newsroom, queued, said
from tests.services.conftest import KEYS, EditorsDesk
from tests.stage import Recorder
from tests.stores import MakeStore, StoppedClock

NEWCOMER = Newcomer(telegram_id=50_001, name="Нурлан", language="ky")


async def redeem(desk: EditorsDesk, token: str, newcomer: Newcomer = NEWCOMER) -> None:
    await desk.members.redeem(desk.stage, desk.newsroom.id, token, newcomer)
    await desk.commit()


async def invited(desk: EditorsDesk, maker: Member, role: Role = Role.EDITOR) -> str:
    """The token of an invite made in the chat."""
    await desk.members.invite(desk.stage, maker, role)
    await desk.commit()
    body = [row.body for row in await queued(desk.store) if row.body.get("code") == "invite"][-1]
    assert body["values"]["role"] == role.value
    return desk.members.invite_token(body["values"]["invite"])


async def person(desk: EditorsDesk, newcomer: Newcomer = NEWCOMER) -> Member | None:
    return await desk.members.present(desk.newsroom.id, newcomer.telegram_id)


async def test_the_first_admin_comes_by_the_command_line(desk: EditorsDesk) -> None:
    """Whoever holds the server needs no further press: active at once, in their own language, with a welcome."""
    token = await desk.members.invite_by_command(desk.newsroom.id, Role.ADMIN)
    await redeem(desk, token)
    admin = await person(desk)
    assert admin is not None
    assert (admin.status, admin.roles, admin.language) == (MemberStatus.ACTIVE, {Role.ADMIN}, "ky")
    assert await said(desk.store, admin) == ["welcome", "language"]
    assert next(iter(await queued(desk.store))).kind == "menu"


async def test_an_invited_person_waits_for_a_press(desk: EditorsDesk) -> None:
    """Nobody yet: every admin is asked, the bearer told to wait; after the press a member with that role."""
    admin, second = await desk.member(Role.ADMIN), await desk.member(Role.ADMIN)
    await redeem(desk, await invited(desk, admin))
    waiting = await person(desk)
    assert waiting is not None
    assert (waiting.status, await said(desk.store, waiting)) == (MemberStatus.PENDING, ["wait_for_admin"])
    assert [(await said(desk.store, one))[-1] for one in (admin, second)] == ["approve", "approve"]
    for decider in (admin, second):
        await desk.members.decide(desk.stage, decider, await asked_about(desk.store, waiting), admit=True, message_id=3)
        await desk.commit()
    assert [(await said(desk.store, one))[-1] for one in (admin, second)] == ["member_admitted", "already_decided"]
    member = await person(desk)
    assert member is not None
    assert (member.status, member.roles) == (MemberStatus.ACTIVE, {Role.EDITOR})
    assert await said(desk.store, member) == ["wait_for_admin", "welcome", "language"]


async def test_a_refused_person_hears_nothing(desk: EditorsDesk) -> None:
    """Sent away without a word, and nobody again; another newsroom's admin decides nothing here."""
    admin = await desk.member(Role.ADMIN)
    await redeem(desk, await invited(desk, admin))
    waiting = await person(desk)
    assert waiting is not None
    stranger = await make_member(desk.store, await make_newsroom(desk.store, desk.clock()), desk.clock(), Role.ADMIN)
    await desk.members.decide(desk.stage, stranger, await asked_about(desk.store, waiting), admit=True, message_id=3)
    await desk.commit()
    assert await person(desk) == waiting
    await desk.members.decide(desk.stage, admin, await asked_about(desk.store, waiting), admit=False, message_id=3)
    await desk.commit()
    gone = await person(desk)
    assert gone is not None
    assert (gone.status, await said(desk.store, gone)) == (MemberStatus.REMOVED, ["wait_for_admin"])


async def test_the_maker_hears_of_its_use(desk: EditorsDesk) -> None:
    """Also when they are no admin any longer; one who left hears nothing."""
    maker, admin = await desk.member(Role.ADMIN), await desk.member(Role.ADMIN)
    tokens = [await invited(desk, maker) for _ in range(2)]
    await desk.members.set_roles(desk.stage, admin, maker.id, [Role.EDITOR])
    await desk.commit()
    await redeem(desk, tokens[0])
    assert (await said(desk.store, maker))[-1] == "invite_used"
    await desk.members.remove(desk.stage, admin, maker.id)
    await desk.commit()
    told = await said(desk.store, maker)
    await redeem(desk, tokens[1], replace(NEWCOMER, telegram_id=50_002))
    assert await said(desk.store, maker) == told


async def test_a_token_that_leads_nowhere_leaves_nothing(desk: EditorsDesk) -> None:
    """Used, run out, unknown, or another newsroom's, whose invite stays whole."""
    token = await desk.members.invite_by_command(desk.newsroom.id, Role.EDITOR)
    other = await make_newsroom(desk.store, desk.clock())
    foreign = await desk.members.invite_by_command(other.id, Role.ADMIN)
    old = await desk.members.invite_by_command(desk.newsroom.id, Role.ADMIN)
    await redeem(desk, token)
    desk.clock.tick(24 * 3600)
    late = replace(NEWCOMER, telegram_id=50_002)
    before = len(await queued(desk.store))
    for dead in (token, foreign, old, "x" * 22):
        await redeem(desk, dead, late)
    assert await person(desk, late) is None
    assert len(await queued(desk.store)) == before
    async with desk.store.read() as conn:
        assert await count(conn, invites, invites.c.newsroom_id == other.id, invites.c.used_at.is_(None)) == 1


async def test_the_role_of_who_waits_does_not_change(desk: EditorsDesk) -> None:
    """A second invite, for a greater role, is not taken while the first one waits; the press lets in what was shown."""
    admin = await desk.member(Role.ADMIN)
    tokens = [await invited(desk, admin, role) for role in (Role.JOURNALIST, Role.EDITOR)]
    for token in tokens:
        await redeem(desk, token)
    waiting = await person(desk)
    assert waiting is not None
    assert (waiting.status, waiting.roles) == (MemberStatus.PENDING, {Role.JOURNALIST})
    async with desk.store.read() as conn:
        assert await count(conn, invites, invites.c.used_at.is_(None)) == 1
    shown = await asked_about(desk.store, waiting)
    await desk.members.decide(desk.stage, admin, shown, admit=False, message_id=3)
    await desk.commit()
    await redeem(desk, tokens[1])
    await desk.members.decide(desk.stage, admin, shown, admit=True, message_id=3)
    await desk.commit()
    waiting = await person(desk)
    assert waiting is not None
    assert (waiting.status, waiting.roles) == (MemberStatus.PENDING, {Role.EDITOR})


@pytest.mark.parametrize(("name", "kept"), [("Admin 1\u202e\u200b", "Admin 1"), ("\u200b\u202e", "50001")])
async def test_a_name_hides_nothing(desk: EditorsDesk, name: str, kept: str) -> None:
    """Signs that cannot be seen, or turn the line around, do not reach the administrator's card."""
    admin = await desk.member(Role.ADMIN)
    await redeem(desk, await invited(desk, admin), replace(NEWCOMER, name=name))
    asked = [row.body["values"] for row in await queued(desk.store) if row.body.get("code") == "approve"]
    assert [values["name"] for values in asked] == [kept]


async def test_a_member_does_not_use_an_invite_up(desk: EditorsDesk) -> None:
    """Whoever is in already is told so, and the link still works for somebody else."""
    admin = await desk.member(Role.ADMIN)
    token = await desk.members.invite_by_command(desk.newsroom.id, Role.EDITOR)
    await redeem(desk, token, Newcomer(telegram_id=admin.telegram_id, name="x", language="en"))
    assert await said(desk.store, admin) == ["already_member"]
    await redeem(desk, token)
    assert await person(desk) is not None


async def test_of_two_bearers_in_one_batch_one_comes_in(desk: EditorsDesk) -> None:
    """Also when both updates are committed together."""
    token = await desk.members.invite_by_command(desk.newsroom.id, Role.EDITOR)
    for number in (1, 2):
        newcomer = replace(NEWCOMER, telegram_id=60_000 + number)
        await desk.members.redeem(desk.stage, desk.newsroom.id, token, newcomer)
    await desk.commit()
    assert len(await desk.members.everyone(desk.newsroom.id)) == 1


async def test_an_expired_invite_is_told_once(desk: EditorsDesk) -> None:
    """To its maker; one of the command line has nobody to tell."""
    admin = await desk.member(Role.ADMIN)
    await invited(desk, admin)
    await desk.members.invite_by_command(desk.newsroom.id, Role.EDITOR)
    assert await desk.members.tell_expired() == 0
    desk.clock.tick(24 * 3600)
    assert [await desk.members.tell_expired() for _ in range(2)] == [2, 0]
    assert (await said(desk.store)).count("invite_expired") == 1


async def test_roles_change_and_are_told(desk: EditorsDesk) -> None:
    """The person gets the new menu and a word; somebody who is not active is unknown."""
    admin, member = await desk.member(Role.ADMIN), await desk.member()
    gone = await make_member(desk.store, desk.newsroom, desk.clock(), status=MemberStatus.REMOVED)
    await desk.members.set_roles(desk.stage, admin, member.id, [Role.JOURNALIST, Role.EDITOR])
    await desk.members.set_roles(desk.stage, admin, gone.id, [Role.ADMIN])
    await desk.commit()
    changed = await desk.members.get(desk.newsroom.id, member.id)
    assert changed is not None
    assert changed.roles == {Role.EDITOR, Role.JOURNALIST}
    assert await said(desk.store, member) == ["your_roles"]
    assert await said(desk.store, admin) == ["roles_set", "member_unknown"]
    assert ("menu", member.id) in await queued(desk.store, "kind", "member_id")


async def test_who_is_removed_is_a_stranger(desk: EditorsDesk) -> None:
    """What waited for them is dropped, their question forgotten, their menu taken away; a second time is unknown."""
    admin, member = await desk.member(Role.ADMIN), await desk.member()
    await desk.dialogs.ask(desk.stage, member, "author", {"submission": 1})
    await desk.commit()
    for _ in range(2):
        await desk.members.remove(desk.stage, admin, member.id)
        await desk.commit()
    async with desk.store.read() as conn:
        assert await dialogs.of_member(conn, member.id, desk.clock()) is None
        assert await members.newsrooms_of(conn, [member.telegram_id]) == {}
        events = await history.of(conn, desk.newsroom.id, ("member", member.id))
    assert [event for event, _, _ in events] == ["removed"]
    mine = [(r.kind, r.state) for r in await queued(desk.store) if r.chat_id == member.telegram_id]
    assert mine == [("reply", "failed"), ("clear_menu", "new")]
    assert await said(desk.store, admin) == ["member_removed", "member_unknown"]


async def test_the_last_admin_stays(desk: EditorsDesk) -> None:
    """Neither removed nor given another role, by themselves either; a waiting or removed admin does not count."""
    admin = await desk.member(Role.ADMIN)
    for status in (MemberStatus.PENDING, MemberStatus.REMOVED):
        await make_member(desk.store, desk.newsroom, desk.clock(), Role.ADMIN, status=status)
    await desk.members.remove(desk.stage, admin, admin.id)
    await desk.members.set_roles(desk.stage, admin, admin.id, [Role.EDITOR])
    await desk.members.set_roles(desk.stage, admin, admin.id, [Role.EDITOR, Role.ADMIN])
    await desk.commit()
    assert await said(desk.store, admin) == ["last_admin", "last_admin", "roles_set"]
    kept = await desk.members.get(desk.newsroom.id, admin.id)
    assert kept is not None
    assert (kept.status, kept.roles) == (MemberStatus.ACTIVE, {Role.ADMIN, Role.EDITOR})


@pytest.mark.parametrize("how", ["both", *(pytest.param(each, marks=pytest.mark.slow) for each in ("remove", "role"))])
async def test_admins_who_end_each_other_at_once(
    desk: EditorsDesk, more_stores: MakeStore, clock: StoppedClock, how: str
) -> None:
    """Ten times four admins take each other's office in four processes at the same moment: one is always left."""
    stores = [desk.store, more_stores(), more_stores(), more_stores()]
    for _ in range(10):
        newsroom = await make_newsroom(desk.store, clock())
        admins = [await make_member(desk.store, newsroom, clock(), Role.ADMIN) for _ in stores]

        async def end(number: int, admins: list[Member] = admins) -> None:
            acting, other = admins[number], admins[(number + 1) % len(admins)]
            service, stage = Members(stores[number], clock, KEYS, 24), Recorder()
            if how == "remove" or (how == "both" and number % 2):
                await service.remove(stage, acting, other.id)
            else:
                await service.set_roles(stage, acting, other.id, [Role.EDITOR])
            await stage.commit(stores[number])

        await asyncio.gather(*(end(number) for number in range(len(admins))))
        async with desk.store.read() as conn:
            assert len(await members.with_role(conn, newsroom.id, Role.ADMIN)) == 1


async def test_fifty_people_with_one_link(store: Store, more_stores: MakeStore, clock: StoppedClock) -> None:
    """The whole use case, not only its statement: one of fifty is admitted, the others leave no trace."""
    newsroom = await make_newsroom(store, clock())
    stores = [store, more_stores()]
    token = await Members(store, clock, KEYS, 24).invite_by_command(newsroom.id, Role.EDITOR)

    async def come(number: int) -> None:
        through, stage = stores[number % 2], Recorder()
        newcomer = Newcomer(telegram_id=70_000 + number, name=f"n{number}", language="ru")
        await Members(through, clock, KEYS, 24).redeem(stage, newsroom.id, token, newcomer)
        await stage.commit(through)

    await asyncio.gather(*(come(number) for number in range(50)))
    assert len(await Members(store, clock, KEYS, 24).everyone(newsroom.id)) == 1
    assert await said(store) == ["welcome", "language"]


async def test_a_language_is_chosen(desk: EditorsDesk) -> None:
    """Kept, answered in it, and the menu is made anew."""
    member = await desk.member()
    await desk.members.set_language(desk.stage, member, "ky", 3)
    await desk.commit()
    kept = await desk.members.get(desk.newsroom.id, member.id)
    assert kept is not None
    assert (kept.language, await said(desk.store, member)) == ("ky", ["language_set"])


def test_a_role_is_named_in_a_word() -> None:
    """In any case; another word is refused, cut short."""
    assert role_named(" Editor ") is Role.EDITOR
    with pytest.raises(Refusal) as refusal:
        role_named("x" * 99)
    assert refusal.value.values == {"role": "x" * 32}


async def test_nobody_joins_unannounced(desk: EditorsDesk) -> None:
    """Whoever comes by an invite of the command line is announced to every lead; a journalist is not."""
    lead = await desk.member(Role.SECURITY)
    for number, role in enumerate((Role.ADMIN, Role.EDITOR, Role.JOURNALIST)):
        token = await desk.members.invite_by_command(desk.newsroom.id, role)
        await redeem(desk, token, replace(NEWCOMER, telegram_id=60_000 + number))
    assert (await said(desk.store, lead)).count("joined_there") == 2
