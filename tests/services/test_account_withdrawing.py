"""Withdrawing what a list, or a member, said: few accounts by one person, many by two."""

import pytest

from bot.model.access import ActKind
from bot.model.account import AccountEntry
from bot.model.newsroom import Member
from bot.model.rights import Role
from bot.services.account_recall import AccountRecall
from bot.services.two_people import TwoPeople
from bot.storage import accounts, members
from detection.thresholds import WITHDRAW_ALONE_MOST
from tests.newsroom import queued, said
from tests.services.conftest import EditorsDesk


def recall_of(desk: EditorsDesk) -> tuple[AccountRecall, TwoPeople]:
    """The service, and where its acts wait."""
    acts = TwoPeople(desk.store, desk.clock)
    return AccountRecall(desk.store, desk.clock, desk.knowledge, desk.cases, acts), acts


async def listed(desk: EditorsDesk, lister: Member, count: int, batch: str | None) -> None:
    """Accounts of a list, or listed by hand."""
    listing = accounts.Listing(
        newsroom_id=desk.newsroom.id, member_id=lister.id, lister="x", batch=batch, at=desk.clock()
    )
    async with desk.store.write() as conn:
        for number in range(count):
            entry = AccountEntry(platform="vk", handle=f"h{number}")
            await accounts.put(conn, entry, accounts.Keys(handle=f"h{number}", names={}), listing)


async def shown(desk: EditorsDesk) -> int:
    """How many accounts stand on the list."""
    async with desk.store.read() as conn:
        return await accounts.count(conn, desk.newsroom.id)


async def decided(desk: EditorsDesk, acts: TwoPeople, second: Member, *, allow: bool = True) -> None:
    """The second person's press on what waits."""
    (view,) = await acts.waiting(desk.newsroom.id)
    await acts.decide(desk.stage, second, view.act.id, allow=allow, message_id=None)
    await desk.commit()


async def test_a_long_list_is_withdrawn_by_two(desk: EditorsDesk) -> None:
    """One press asks, the own second press does nothing, another person's does it; putting back takes one."""
    editor, lead = await desk.member(Role.EDITOR), await desk.member(Role.SECURITY)
    await listed(desk, editor, WITHDRAW_ALONE_MOST + 1, "long.csv")
    recall, acts = recall_of(desk)
    (batch,) = await recall.batches(editor)
    for _ in range(2):
        await recall.turn_batch(desk.stage, editor, batch.key, 1)
        await desk.commit()
    assert await shown(desk) == WITHDRAW_ALONE_MOST + 1
    (view,) = await acts.waiting(desk.newsroom.id)
    assert (view.act.kind, view.act.body) == (ActKind.WITHDRAW, {"what": "long.csv", "accounts": 21})
    await decided(desk, acts, editor)
    assert await shown(desk) == WITHDRAW_ALONE_MOST + 1
    await decided(desk, acts, lead)
    assert await shown(desk) == 0
    told = [body["values"] for to, body in await queued(desk.store, "member_id", "body") if to == editor.id]
    assert told[-1] == {"batch": "long.csv", "accounts": 21, "back": False}
    await recall.turn_batch(desk.stage, editor, batch.key, 1)
    await desk.commit()
    assert await shown(desk) == WITHDRAW_ALONE_MOST + 1


async def test_a_short_list_takes_one(desk: EditorsDesk) -> None:
    """Up to the threshold: at once, and back at once."""
    editor = await desk.member(Role.EDITOR)
    await listed(desk, editor, WITHDRAW_ALONE_MOST, "short.csv")
    recall, acts = recall_of(desk)
    (batch,) = await recall.batches(editor)
    for left in (0, WITHDRAW_ALONE_MOST):
        await recall.turn_batch(desk.stage, editor, batch.key, 1)
        await desk.commit()
        assert await shown(desk) == left
    assert await acts.waiting(desk.newsroom.id) == []


@pytest.mark.parametrize("change", ["refused", "withdrawn", "right lost", "grown"])
async def test_what_was_asked_for_is_void_when_it_changed(desk: EditorsDesk, change: str) -> None:
    """Refused, done meanwhile, or asked for by who may no longer: nothing; more of the same list is meant too."""
    editor, lead = await desk.member(Role.EDITOR), await desk.member(Role.SECURITY)
    await listed(desk, editor, WITHDRAW_ALONE_MOST + 5, "long.csv")
    recall, acts = recall_of(desk)
    (batch,) = await recall.batches(editor)
    await recall.turn_batch(desk.stage, editor, batch.key, 1)
    await desk.commit()
    async with desk.store.write() as conn:
        if change == "withdrawn":
            await recall._settling.withdraw_batch(conn, lead, "long.csv")
            await recall._settling.restore_batch(conn, lead, "long.csv")
            await recall._settling.withdraw_batch(conn, lead, "long.csv")
        elif change == "right lost":
            await members.set_roles(conn, editor.id, [Role.JOURNALIST])
    if change == "grown":
        await listed(desk, editor, WITHDRAW_ALONE_MOST + 6, "long.csv")
    await decided(desk, acts, lead, allow=change != "refused")
    assert await shown(desk) == (0 if change in ("withdrawn", "grown") else WITHDRAW_ALONE_MOST + 5)
    end = {"refused": "act_refused", "withdrawn": "act_void", "right lost": "act_void", "grown": "act_allowed"}[change]
    assert end in await said(desk.store, editor)


async def test_what_a_member_said_of_many_takes_two(desk: EditorsDesk) -> None:
    """Reports and confirmations count; one more report of theirs meanwhile does not stop it."""
    admin, lead = await desk.member(Role.ADMIN), await desk.member(Role.SECURITY)
    doubted, other = await desk.member(Role.EDITOR), await desk.member(Role.EDITOR)
    await listed(desk, doubted, WITHDRAW_ALONE_MOST, None)
    await listed(desk, other, WITHDRAW_ALONE_MOST + 1, None)
    async with desk.store.write() as conn:
        last = max(account.id for account in await accounts.changed_since(conn, desk.newsroom.id, None))
        await accounts.rule(conn, desk.newsroom.id, last, doubted.id, "confirm", None, desk.clock())
    recall, acts = recall_of(desk)
    await recall.withdraw_reports(desk.stage, admin, doubted.id, 1)
    await desk.commit()
    assert not (await recall.reliability(admin, doubted.id)).is_left_out
    await listed(desk, doubted, WITHDRAW_ALONE_MOST + 2, None)
    await decided(desk, acts, lead)
    assert (await recall.reliability(admin, doubted.id)).is_left_out
    assert "reliability" in await said(desk.store, admin)
    await recall.restore_reports(desk.stage, admin, doubted.id, 1)
    await desk.commit()
    assert not (await recall.reliability(admin, doubted.id)).is_left_out
