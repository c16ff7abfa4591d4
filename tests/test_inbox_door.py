"""The inbox's door: who is stored, who is not, and what comes twice."""

from datetime import timedelta
from typing import Any

import pytest

from bot.model.ids import new_id
from bot.model.newsroom import MemberStatus
from bot.model.rights import Role
from bot.model.tokens import token_hash
from bot.storage import members
from bot.storage.members import NewInvite
from tests.inbox_house import House, house, raw
from tests.stores import StoppedClock

__all__ = ["house"]
from tests.newsroom import make_member


async def test_strangers_leave_nothing(house: House, clock: StoppedClock) -> None:
    """Whoever is no active member: no row, only a count; a member in the same batch is stored."""
    member = await house.member()
    waiting = await make_member(house.store, house.newsroom, clock(), status=MemberStatus.PENDING)
    gone = await make_member(house.store, house.newsroom, clock(), status=MemberStatus.REMOVED)
    await house.inbox.accept([raw(5), raw(waiting), raw(gone), {"update_id": 1}, raw(5, "/start")])
    assert (await house.states(), house.inbox.turned_away) == ({}, 5)
    assert not house.inbox.arrived.is_set()
    await house.inbox.accept([raw(5), raw(member)])
    assert (await house.states(), house.inbox.turned_away) == ({"new": 1}, 6)
    assert house.inbox.arrived.is_set()


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("/start {token}", True),
        ("/start@kalkan_bot {token}", True),
        ("/start {token} ", False),
        ("/start  {token}", False),
        ("/Start {token}", False),
        ("start {token}", False),
        ("/start {token}x", False),
        ("/start", False),
        ("{token}", False),
        ("/invite {token}", False),
    ],
)
async def test_a_stranger_with_a_live_invite_is_let_to_the_door(
    house: House, clock: StoppedClock, text: str, stored: bool
) -> None:
    """The well-formed /start TOKEN in a private chat, and only while the invite lives."""
    token = "t" * 22
    invite = NewInvite(
        id=new_id(),
        newsroom_id=house.newsroom.id,
        token_hash=token_hash(token),
        role=Role.EDITOR,
        created_by=None,
        needs_approval=False,
        created_at=clock(),
        expires_at=clock() + timedelta(hours=1),
    )
    said = text.format(token=token)
    await house.inbox.accept([raw(5, said)])
    assert await house.states() == {}
    async with house.store.write() as conn:
        await members.add_invite(conn, invite)
    await house.inbox.accept([raw(5, said), raw(5, said, chat={"id": -9}), raw(5, caption=said, text=None)])
    assert await house.states() == ({"new": 1} if stored else {})
    clock.tick(3600)
    await house.inbox.accept([raw(6, said)])
    assert await house.states() == ({"new": 1} if stored else {})


async def test_what_telegram_sends_again_is_stored_once(house: House) -> None:
    """The same update again; the same number for another one, after the numbering began anew, is another."""
    member = await house.member()
    await house.inbox.accept([raw(member, update_id=5)])
    await house.inbox.accept([raw(member, update_id=5), raw(member, update_id=6)])
    await house.inbox.accept([raw(member, update_id=5, date=1_800_000_000, message_id=99)])
    assert await house.states() == {"new": 3}


async def test_an_odd_update_does_not_hold_up_its_batch(house: House) -> None:
    """Whatever one update holds, the others of its batch are stored."""
    member = await house.member()
    odd: list[Any] = [
        {"update_id": 2**70, "message": {"from": {"id": member.telegram_id}}},
        {"update_id": "7", "message": {"from": {"id": member.telegram_id}}},
        {"update_id": 7, "message": "text"},
        {"update_id": 8, "message": {"from": {"id": True}}},
        ["no object"],
        None,
    ]
    strange = [
        raw(member, "a\0b"),
        raw(member, "\ud800"),
        raw(member, media_group_id="a\0b"),
        raw(member, media_group_id="\udfff"),
        raw(member, media_group_id="x" * 5000),
        raw(member, media_group_id=["list"]),
        raw(member, date=10**30),
    ]
    await house.inbox.accept([*odd, *strange, raw(member)])
    assert await house.states() == {"new": len(strange) + 1}
    assert house.inbox.turned_away == len(odd)
