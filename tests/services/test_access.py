"""Access beyond roles: second factors, two people, /panic, /lockdown, and what the other leads are told."""

import asyncio
from datetime import timedelta

import pyotp
import pytest

from bot.errors import Refusal
from bot.model.access import ActKind
from bot.model.newsroom import RETENTION_DAYS, Member, MemberStatus
from bot.model.rights import SENSITIVE, URGENT, Right, Role
from bot.services import notices
from bot.services.members import MemberChanged, Newcomer
from bot.services.newsrooms import Newsrooms
from bot.services.step_up import MOST_WRONG, is_code
from bot.storage import history, newsrooms, step_ups
from bot.storage.store import Store
from bot.storage.tables import custody_pending
from bot.storage.tables import step_ups as step_up_rows
from tests.access_ground import KEYS, AccessGround, access_ground, access_services
from tests.newsroom import asked_about, queued
from tests.stage import Recorder
from tests.stores import MakeStore, StoppedClock


@pytest.fixture
async def ground(store: Store, clock: StoppedClock) -> AccessGround:
    return await access_ground(store, clock)


async def refused(ground: AccessGround, member: Member) -> str | None:
    """Why a member is not let on; None when they are."""
    try:
        await ground.step_up.demand(member)
    except Refusal as refusal:
        return refusal.code
    return None


async def test_a_second_factor_is_set_up_and_asked_for(ground: AccessGround) -> None:
    """Nothing without one; the first right code confirms it; a code is good for ten minutes and taken once."""
    lead, other = await ground.member(Role.SECURITY), await ground.member(Role.ADMIN)
    assert await refused(ground, lead) == "totp_unset"
    made = await ground.set_up(lead)
    assert await refused(ground, lead) is None
    assert (await ground.said(other)) == ["totp_set_by"]
    assert len(await ground.step_up.recovery_of(lead)) == 8
    ground.clock.tick(601)
    assert await refused(ground, lead) == "totp_needed"
    code = ground.code(made)
    await ground.give(lead, code)
    assert await refused(ground, lead) is None
    ground.clock.tick(601)
    await ground.give(lead, code)
    assert await refused(ground, lead) == "totp_needed"
    with pytest.raises(Refusal):
        await ground.step_up.recovery_of(lead)


async def test_a_code_is_taken_once_also_at_once(ground: AccessGround, more_stores: MakeStore) -> None:
    """Ten messages with one code in two processes: one is taken."""
    lead = await ground.member(Role.SECURITY)
    made = await ground.set_up(lead)
    ground.clock.tick(3600)
    code = ground.code(made)
    services = [access_services(each, ground.clock, ground.newsroom) for each in (ground.store, more_stores())]

    async def give(number: int) -> None:
        stage, through = Recorder(), services[number % 2]
        through.step_up.give(stage, lead, code, None)
        await stage.commit(through.store)

    await asyncio.gather(*(give(number) for number in range(10)))
    codes = await ground.said(lead)
    assert codes.count("totp_right") == 1
    assert set(codes[codes.index("totp_right") :]) <= {"totp_right", "totp_wrong", "totp_locked"}


async def test_five_wrong_codes_close_the_door(ground: AccessGround) -> None:
    """For fifteen minutes, for the right one too; the other leads are told once; then it opens again."""
    lead, other = await ground.member(Role.SECURITY), await ground.member(Role.ADMIN)
    made = await ground.set_up(lead)
    ground.clock.tick(3600)
    wrong = str((int(ground.code(made)) + 1) % 1_000_000).zfill(6)
    for _ in range(MOST_WRONG):
        await ground.give(lead, wrong)
    assert (await ground.said(lead))[-1] == "totp_locked"
    assert (await ground.said(other)).count("totp_locked_for") == 1
    await ground.give(lead, ground.code(made))
    assert await refused(ground, lead) == "totp_locked"
    ground.clock.tick(15 * 60 + 1)
    await ground.give(lead, ground.code(made))
    assert await refused(ground, lead) is None


async def test_a_recovery_code_opens_once(ground: AccessGround) -> None:
    """And the other leads hear of it; another member's opens nothing."""
    lead, other = await ground.member(Role.SECURITY), await ground.member(Role.ADMIN)
    await ground.set_up(lead)
    await ground.set_up(other)
    codes = await ground.step_up.recovery_of(lead)
    ground.clock.tick(3600)
    await ground.give(other, codes[0])
    assert await refused(ground, other) == "totp_needed"
    await ground.give(lead, codes[0].upper())
    assert await refused(ground, lead) is None
    assert "recovery_used_by" in await ground.said(other)
    ground.clock.tick(3600)
    await ground.give(lead, codes[0])
    assert await refused(ground, lead) == "totp_needed"
    assert (await ground.step_up.state(lead)).codes_left == 7


async def test_no_secret_stands_in_the_database(ground: AccessGround) -> None:
    """Neither the key nor a recovery code, in any row; and another member's row does not open as one's own."""
    lead = await ground.member(Role.SECURITY)
    await ground.step_up.begin(ground.stage, lead)
    await ground.commit()
    secret = await ground.step_up.secret_of(lead)
    await ground.give(lead, pyotp.TOTP(secret).at(int(ground.clock().timestamp())))
    codes = await ground.step_up.recovery_of(lead)
    async with ground.store.read() as conn:
        factor = await step_ups.of_member(conn, ground.newsroom.id, lead.id)
        kept = repr((await conn.execute(custody_pending.select())).all())
        kept += repr((await conn.execute(step_up_rows.select())).all())
    kept += repr([row.body for row in await queued(ground.store)])
    assert not any(each in kept for each in (secret, *codes))
    assert factor.secret is not None
    with pytest.raises(ValueError, match="sealed"):
        KEYS.unseal("totp", factor.secret, str(lead.id + 1))


async def test_a_lead_who_was_away_proves_who_they_are(ground: AccessGround) -> None:
    """After fourteen days: with a code, else by two other people; a journalist is never asked."""
    lead, admin = await ground.member(Role.SECURITY), await ground.member(Role.ADMIN)
    journalist, second = await ground.member(Role.JOURNALIST), await ground.member(Role.SECURITY)
    made = await ground.set_up(lead)
    for each in (lead, admin, journalist):
        await ground.step_up.seen(ground.stage, each)
    await ground.commit()
    ground.clock.tick(timedelta(days=14, minutes=1).total_seconds())
    ground.step_up._noted.clear()
    for each in (lead, admin, journalist):
        await ground.step_up.seen(ground.stage, each)
    await ground.commit()
    await ground.step_up.demand_awake(journalist)
    with pytest.raises(Refusal, match=r"totp_idle$"):
        await ground.step_up.demand_awake(lead)
    with pytest.raises(Refusal, match="totp_idle_unset"):
        await ground.step_up.begin(ground.stage, admin)
    await ground.give(lead, ground.code(made))
    await ground.step_up.demand_awake(lead)
    other = await ground.member(Role.ADMIN)
    await ground.decide(second, await ground.asked(other, ActKind.TOTP_RESET, member=admin.id))
    await ground.step_up.demand_awake(admin)


async def away(ground: AccessGround, *people: Member) -> None:
    """Two weeks in which these were not seen, though they were before and are again."""
    for _ in range(2):
        ground.step_up._noted.clear()
        for each in people:
            await ground.step_up.seen(ground.stage, each)
        await ground.commit()
        ground.clock.tick(timedelta(days=14, minutes=1).total_seconds())


async def test_an_editor_who_was_away_is_let_on_by_a_lead(ground: AccessGround) -> None:
    """With a code where there is a second factor; else one lead's word, which is logged, and void once one is set."""
    editor, coded = await ground.member(Role.EDITOR), await ground.member(Role.EDITOR)
    lead, journalist = await ground.member(Role.SECURITY), await ground.member(Role.JOURNALIST)
    made = await ground.set_up(coded)
    await away(ground, editor, coded)
    assert await ground.step_up.refusal_of_idle(editor) == "totp_idle_wake"
    assert await ground.step_up.refusal_of_idle(coded) == "totp_idle"
    assert [await ground.waking.needs(each) for each in (editor, coded, lead, journalist)] == [
        True,
        False,
        False,
        False,
    ]
    ground.waking.request(ground.stage, editor)
    await ground.commit()
    act = await ground.last_act()
    await ground.decide(journalist, act)
    assert await ground.waking.needs(editor)
    await ground.decide(lead, act)
    await ground.step_up.demand_awake(editor)
    await ground.set_up(editor)
    await ground.give(coded, ground.code(made))
    await ground.step_up.demand_awake(coded)


async def test_a_sole_lead_who_was_away_comes_back_on_the_server(ground: AccessGround) -> None:
    """By name or number; a name that two have is nobody's; the others hear of it, and it stands in the log."""
    admin = await ground.member(Role.ADMIN, name="Бакыт")
    await away(ground, admin)
    assert await ground.step_up.refusal_of_idle(admin) == "totp_idle_unset"
    assert [each.id for each in await ground.waking.named(ground.newsroom.id, " бакыт ")] == [admin.id]
    assert [each.id for each in await ground.waking.named(ground.newsroom.id, "1")] == [admin.id]
    assert await ground.waking.named(ground.newsroom.id, "2") == []
    second = await ground.member(Role.SECURITY, name="Бакыт")
    assert len(await ground.waking.named(ground.newsroom.id, "Бакыт")) == 2
    assert await ground.waking.reset_by_command(ground.newsroom.id, admin.id)
    await ground.step_up.demand_awake(admin)
    await ground.set_up(admin)
    assert (await ground.said(admin))[0] == "totp_was_reset_there"
    assert (await ground.said(second))[0] == "totp_reset_there"
    async with ground.store.read() as conn:
        assert ("totp_reset", None) in [(event, who) for event, who, _, _ in await history.told(conn, *_row(admin))]


def _row(member: Member) -> tuple[int, tuple[str, int]]:
    return member.newsroom_id, ("member", member.id)


def test_what_is_urgent_is_never_locked() -> None:
    """An alarm, duty, shutting the door and unlocking it: none of them waits for a code of who was away."""
    assert not SENSITIVE & URGENT
    assert {"answer_alarm", "duty", "lockdown", "second"} == set(URGENT)
    assert {Right.SEE_THREATS, Right.DECIDE_ACCOUNT, Right.DIGESTS, Right.MANAGE_MEMBERS} <= SENSITIVE


async def test_a_leading_role_takes_two(ground: AccessGround) -> None:
    """It is asked, shown to who may be the second, and given by their press; never by the one who asked."""
    admin, second = await ground.member(Role.ADMIN), await ground.member(Role.SECURITY)
    editor, other = await ground.member(Role.EDITOR), await ground.member(Role.EDITOR)
    await ground.members.set_roles(ground.stage, admin, editor.id, [Role.ADMIN])
    await ground.commit()
    assert (await ground.now(editor)).roles == {Role.EDITOR}
    assert (await ground.said(second), await ground.said(admin)) == (["act"], ["act_waits"])
    act = await ground.last_act()
    for nobody in (admin, other, editor):
        await ground.decide(nobody, act)
        assert (await ground.now(editor)).roles == {Role.EDITOR}
    await ground.decide(second, act)
    assert (await ground.now(editor)).roles == {Role.ADMIN}
    await ground.decide(second, act, allow=False)
    assert (await ground.now(editor)).roles == {Role.ADMIN}


async def test_what_changed_meanwhile_is_void(ground: AccessGround) -> None:
    """When what it rests on, or the first person's right, is not what it was; and after a day."""
    admin, second = await ground.member(Role.ADMIN), await ground.member(Role.SECURITY)
    keeper = await ground.member(Role.ADMIN)
    editor = await ground.member(Role.EDITOR)
    act = await ground.asked(admin, ActKind.ROLES, member=editor.id, roles=["admin"])
    await ground.members.set_roles(ground.stage, keeper, editor.id, [Role.JOURNALIST])
    await ground.commit()
    await ground.decide(second, act)
    assert (await ground.now(editor)).roles == {Role.JOURNALIST}
    act = await ground.asked(admin, ActKind.ROLES, member=editor.id, roles=["admin"])
    await ground.members.set_roles(ground.stage, keeper, admin.id, [Role.EDITOR])
    await ground.commit()
    await ground.decide(second, act)
    assert (await ground.now(editor)).roles == {Role.JOURNALIST}
    act = await ground.asked(keeper, ActKind.ROLES, member=editor.id, roles=["admin"])
    ground.clock.tick(24 * 3600)
    await ground.decide(second, act)
    assert (await ground.now(editor)).roles == {Role.JOURNALIST}


async def test_where_there_is_no_second_person_the_server_is_one(ground: AccessGround) -> None:
    """The lone lead is told the command, and it does what was asked."""
    admin, editor = await ground.member(Role.ADMIN), await ground.member(Role.EDITOR)
    act = await ground.asked(admin, ActKind.ROLES, member=editor.id, roles=["security"])
    assert await ground.said(admin) == ["act_alone"]
    assert await ground.acts.allow_by_command(ground.newsroom.id, act)
    assert not await ground.acts.allow_by_command(ground.newsroom.id, act)
    assert (await ground.now(editor)).roles == {Role.SECURITY}


async def test_two_seconds_at_once_make_one_effect(ground: AccessGround, more_stores: MakeStore) -> None:
    """One allows, one refuses, in two processes, ten times: what is said and what is done agree."""
    admin = await ground.member(Role.ADMIN)
    seconds = [await ground.member(Role.SECURITY), await ground.member(Role.SECURITY)]
    services = [access_services(each, ground.clock, ground.newsroom) for each in (ground.store, more_stores())]
    for _ in range(10):
        editor = await ground.member(Role.EDITOR)
        act = await ground.asked(admin, ActKind.ROLES, member=editor.id, roles=["security"])

        async def press(number: int, act: int = act) -> None:
            stage = Recorder()
            await services[number].acts.decide(stage, seconds[number], act, allow=number == 0, message_id=None)
            await stage.commit(services[number].store)

        await asyncio.gather(press(0), press(1))
        is_lead = (await ground.now(editor)).roles == {Role.SECURITY}
        told = [code for code in await ground.said(admin) if code in ("act_allowed", "act_refused")]
        assert told[-1] == ("act_allowed" if is_lead else "act_refused")
    assert len(told) == 10


async def test_an_invite_into_a_leading_role_takes_two(ground: AccessGround) -> None:
    """Who made it and another admin are two; the same admin needs one more."""
    admin, second = await ground.member(Role.ADMIN), await ground.member(Role.ADMIN)
    for number, (presser, expected) in enumerate(((second, MemberStatus.ACTIVE), (admin, MemberStatus.PENDING))):
        await ground.members.invite(ground.stage, admin, Role.SECURITY)
        await ground.commit()
        invite = [row.body for row in await queued(ground.store) if row.body.get("code") == "invite"][-1]
        token = ground.members.invite_token(invite["values"]["invite"])
        newcomer = Newcomer(telegram_id=50_000 + number, name="Нурлан", language="ky")
        await ground.members.redeem(ground.stage, ground.newsroom.id, token, newcomer)
        await ground.commit()
        bearer = await ground.members.present(ground.newsroom.id, newcomer.telegram_id)
        assert bearer is not None
        await ground.members.decide(
            ground.stage, presser, await asked_about(ground.store, bearer), admit=True, message_id=3
        )
        await ground.commit()
        assert (await ground.now(bearer)).status is expected
    await ground.decide(second, await ground.last_act())
    assert (await ground.now(bearer)).status is MemberStatus.ACTIVE


async def test_leads_hear_of_who_leaves(ground: AccessGround) -> None:
    """Whoever is removed or demoted by one administrator: every other lead is told, the one who did it is not."""
    admin, other, lead = [await ground.member(role) for role in (Role.ADMIN, Role.ADMIN, Role.SECURITY)]
    gone, less = await ground.member(Role.EDITOR), await ground.member(Role.SECURITY, Role.EDITOR)
    await ground.members.remove(ground.stage, admin, gone.id)
    await ground.commit()
    await ground.members.set_roles(ground.stage, admin, less.id, [Role.EDITOR])
    await ground.commit()
    for told in (other, lead):
        assert await ground.said(told) == ["removed_by", "roles_cut"]
    assert await ground.said(less) == ["removed_by", "your_roles"]
    assert {"removed_by", "roles_cut"}.isdisjoint(await ground.said(admin))


@pytest.mark.parametrize("by_role", [True, False])
async def test_the_last_security_lead_leaves_by_two(ground: AccessGround, by_role: bool) -> None:
    """One administrator takes all but the last one away; for that one a second person is asked, and may allow it."""
    admin, other = await ground.member(Role.ADMIN), await ground.member(Role.ADMIN)
    leads = [await ground.member(Role.SECURITY) for _ in range(2)]
    for lead in leads:
        if by_role:
            await ground.members.set_roles(ground.stage, admin, lead.id, [Role.JOURNALIST])
        else:
            await ground.members.remove(ground.stage, admin, lead.id)
        await ground.commit()
    left = [Role.SECURITY in (now := await ground.now(lead)).roles and now.status.value for lead in leads]
    assert left == ([False, "active"] if by_role else ["removed", "active"])
    await ground.decide(other, await ground.last_act())
    last = await ground.now(leads[1])
    assert (last.roles, last.status.value) == (
        ({Role.JOURNALIST}, "active") if by_role else ({Role.SECURITY}, "removed")
    )


async def test_settings_that_guard_are_told(ground: AccessGround) -> None:
    """Each change to everybody else who leads; cases that leave sooner than is usual take two."""
    admin, other, lead = [await ground.member(role) for role in (Role.ADMIN, Role.ADMIN, Role.SECURITY)]
    settings = Newsrooms(ground.store, ground.clock, ground.acts)
    for name, value in (("alarm_minutes", "120"), ("odd_until", "5"), ("name", "N"), ("retention_days", "120")):
        await settings.change(ground.stage, admin, name, value)
        await ground.commit()
    assert await ground.said(other) == await ground.said(lead) == ["setting_by"] * 3
    await settings.change(ground.stage, admin, "retention_days", "8")
    await ground.commit()
    assert await kept_days(ground) == 120
    await ground.decide(lead, await ground.last_act())
    assert await kept_days(ground) == 8
    assert (await ground.said(other))[-2:] == ["act", "setting_by"]


async def kept_days(ground: AccessGround) -> float:
    """How long a case stays."""
    async with ground.store.read() as conn:
        return await newsrooms.limit(conn, ground.newsroom.id, "retention_days", RETENTION_DAYS)


async def test_panic_freezes_at_once(ground: AccessGround) -> None:
    """A stranger from now on: no update of theirs is taken, nothing that waits is sent, what they asked for is void."""
    admin, lead = await ground.member(Role.ADMIN), await ground.member(Role.SECURITY)
    editor, keeper = await ground.member(Role.EDITOR), await ground.member(Role.ADMIN)
    act = await ground.asked(admin, ActKind.ROLES, member=editor.id, roles=["admin"])
    await ground.queue(notices.reply(admin, "members"))
    ground.freezing.panic(ground.stage, admin, 9)
    await ground.commit()
    assert (await ground.now(admin)).status is MemberStatus.FROZEN
    assert await ground.waiting(admin) == ["delete", "clear_menu"]
    assert "frozen_self" in await ground.said(lead)
    await ground.decide(lead, act)
    assert (await ground.now(editor)).roles == {Role.EDITOR}
    # Not by an invite either; and what they do is not done any more, whatever the gate saw before.
    token = await ground.members.invite_by_command(ground.newsroom.id, Role.ADMIN)
    newcomer = Newcomer(telegram_id=admin.telegram_id, name="x", language="ru")
    await ground.members.redeem(ground.stage, ground.newsroom.id, token, newcomer)
    await ground.commit()
    assert (await ground.now(admin)).status is MemberStatus.FROZEN
    ground.members.hold(ground.stage, admin)
    with pytest.raises(MemberChanged):
        await ground.commit()
    ground.stage.steps.clear()
    await ground.freezing.ask_thaw(ground.stage, lead, admin.id)
    await ground.commit()
    await ground.decide(keeper, await ground.last_act())
    assert (await ground.now(admin)).status is MemberStatus.ACTIVE


async def test_thawing_is_an_admins_matter_while_there_is_one(ground: AccessGround) -> None:
    """Two security leads cannot while somebody administers; when the last admin froze, they can, or the server."""
    one, two = await ground.member(Role.SECURITY), await ground.member(Role.SECURITY)
    admin, editor = await ground.member(Role.ADMIN), await ground.member(Role.EDITOR)
    ground.freezing.panic(ground.stage, editor, None)
    await ground.commit()
    await ground.freezing.ask_thaw(ground.stage, one, editor.id)
    await ground.commit()
    act = await ground.last_act()
    await ground.decide(two, act)
    assert (await ground.now(editor)).status is MemberStatus.FROZEN
    await ground.decide(admin, act)
    assert (await ground.now(editor)).status is MemberStatus.ACTIVE
    ground.freezing.panic(ground.stage, admin, None)
    await ground.commit()
    await ground.freezing.ask_thaw(ground.stage, one, admin.id)
    await ground.commit()
    await ground.decide(two, await ground.last_act())
    assert (await ground.now(admin)).status is MemberStatus.ACTIVE
    ground.freezing.panic(ground.stage, admin, None)
    await ground.commit()
    assert await ground.freezing.thaw_by_command(ground.newsroom.id, admin.id)


async def test_a_lockdown_ends_by_two(ground: AccessGround) -> None:
    """It is read at the moment of use and outlives the services; open questions are dropped."""
    lead, admin = await ground.member(Role.SECURITY), await ground.member(Role.ADMIN)
    ground.lockdown.begin(ground.stage, lead)
    await ground.commit()
    again = access_services(ground.store, ground.clock, ground.newsroom)
    assert (await again.members.presence(ground.newsroom.id, lead.telegram_id)).is_locked
    await ground.lockdown.ask_unlock(ground.stage, lead)
    await ground.commit()
    act = await ground.last_act()
    await ground.decide(lead, act)
    assert await ground.is_locked()
    await ground.decide(admin, act)
    assert not await ground.is_locked()
    with pytest.raises(Refusal, match="not_locked"):
        await ground.lockdown.ask_unlock(ground.stage, lead)


def test_what_is_a_code() -> None:
    """Six digits, with a blank or without, or a recovery code; nothing else that people write."""
    assert all(is_code(words) for words in ("123456", " 123 456 ", "abcde-fgh27", "ABCDE-FGH27"))
    assert not any(is_code(words) for words in ("12345", "1234567", "12 3456", "abcde", "١٢٣٤٥٦", "abcde-fgh19"))
