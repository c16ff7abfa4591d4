"""The policy table: every right has its holders, and what is not listed is denied."""

import pytest

from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import POLICY, STEP_UP, Right, Role, allows
from tests.stores import StoppedClock

#: The design's table, once more and by hand: a change of the one must be a change of the other.
EVERYONE = {Role.JOURNALIST, Role.EDITOR, Role.SECURITY, Role.ADMIN}
EXPECTED = {
    "submit": EVERYONE,
    "own_cases": EVERYONE,
    "all_cases": EVERYONE,
    "rule_threat": EVERYONE,
    "own_threats": {Role.JOURNALIST, Role.EDITOR, Role.SECURITY},
    "see_threats": {Role.EDITOR, Role.SECURITY},
    "manage_threats": {Role.SECURITY},
    "restrict": {Role.SECURITY},
    "answer_alarm": {Role.EDITOR, Role.SECURITY, Role.ADMIN},
    "duty": {Role.SECURITY},
    "see_accounts": EVERYONE,
    "suspect_account": EVERYONE,
    "see_staff": EVERYONE,
    "self": EVERYONE,
    "see_targets": {Role.EDITOR, Role.SECURITY},
    "find": EVERYONE,
    "see_campaigns": EVERYONE,
    "edit_campaigns": {Role.EDITOR, Role.SECURITY},
    "never_match": {Role.EDITOR, Role.SECURITY},
    "threat_words": {Role.EDITOR, Role.SECURITY},
    "reject_copy": {Role.EDITOR, Role.SECURITY},
    "correct_screen": {Role.EDITOR, Role.SECURITY},
    "find_photo": EVERYONE,
    "rule_photo": {Role.EDITOR, Role.SECURITY},
    "name_owner": EVERYONE,
    "owner_details": {Role.EDITOR, Role.SECURITY},
    "decide_account": {Role.EDITOR, Role.SECURITY},
    "edit_staff": {Role.EDITOR, Role.SECURITY, Role.ADMIN},
    "see_members": {Role.SECURITY, Role.ADMIN},
    "manage_members": {Role.ADMIN},
    "settings": {Role.ADMIN},
    "dead_letters": {Role.ADMIN},
    "see_health": {Role.SECURITY, Role.ADMIN},
    "export_evidence": {Role.SECURITY},
    "exchange": {Role.SECURITY},
    "takedowns": {Role.EDITOR, Role.SECURITY},
    "reports": {Role.EDITOR, Role.SECURITY},
    "code_posts": {Role.EDITOR, Role.SECURITY},
    "outreach": {Role.EDITOR, Role.SECURITY},
    "publish_label": {Role.EDITOR, Role.SECURITY},
    "digests": {Role.EDITOR, Role.SECURITY},
    "chats": {Role.ADMIN},
    "second": {Role.SECURITY, Role.ADMIN},
    "lockdown": {Role.SECURITY, Role.ADMIN},
    "audit": {Role.SECURITY, Role.ADMIN},
    "erase": {Role.EDITOR, Role.SECURITY},
    "see_farms": EVERYONE,
    "decide_farms": {Role.EDITOR, Role.SECURITY},
    "curators": {Role.SECURITY},
    "hand_in_report": EVERYONE,
    "work_reports": {Role.SECURITY},
    "see_spikes": {Role.EDITOR, Role.SECURITY},
    "watch": {Role.EDITOR, Role.SECURITY},
}


def member(status: MemberStatus, *roles: Role) -> Member:
    return Member(
        id=1,
        newsroom_id=1,
        telegram_id=1,
        name="x",
        roles=frozenset(roles),
        status=status,
        language=None,
        joined_at=StoppedClock()(),
    )


def test_the_table_is_the_design_s() -> None:
    """Every right is in it, with exactly these roles."""
    assert {right.value: set(roles) for right, roles in POLICY.items()} == EXPECTED
    assert set(POLICY) == set(Right)


def test_the_table_cannot_be_changed() -> None:
    """Not by any code that imports it."""
    with pytest.raises(TypeError):
        POLICY[Right.SETTINGS] = frozenset(Role)  # type: ignore[index]


@pytest.mark.parametrize("right", list(Right))
def test_several_roles_add_up(right: Right) -> None:
    """A right is held when one of the roles covers it; nobody without a role holds any."""
    for one in Role:
        for other in Role:
            assert allows([one, other], right) == (one in POLICY[right] or other in POLICY[right])
    assert not allows([], right)


@pytest.mark.parametrize("right", list(Right))
@pytest.mark.parametrize("status", [MemberStatus.PENDING, MemberStatus.REMOVED])
def test_only_active_members_have_rights(right: Right, status: MemberStatus) -> None:
    """Whatever their roles, those who wait or were removed may do nothing."""
    assert not member(status, *Role).may(right)
    assert member(MemberStatus.ACTIVE, *Role).may(right)


def test_what_guards_people_asks_for_a_code() -> None:
    """An administrator's unlocked phone changes neither roles nor settings, and opens no chat for digests."""
    assert {Right.MANAGE_MEMBERS, Right.SETTINGS, Right.CHATS} <= STEP_UP
