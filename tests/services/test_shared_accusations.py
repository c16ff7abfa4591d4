"""What one person alone adds to a known fake accuses nobody: merges, parts of accounts, photos."""

import pytest

from bot.model.account import Account, AccountStatus
from bot.model.newsroom import Member
from bot.model.rights import Role
from bot.model.submission import Case, PartKind
from bot.services.account_merging import AccountMerging
from bot.services.account_records import AccountRecords
from bot.services.two_people import TwoPeople
from tests.newsroom import message
from tests.services.conftest import EditorsDesk
from tests.services.test_account_records import face, listed


async def confirmed(desk: EditorsDesk, handle: str, *people: Member) -> Account:
    """An account that two people say is a fake."""
    account = await listed(desk, people[0], handle)
    for each in people:
        await desk.accounts.confirm(desk.stage, each, account.id)
        await desk.commit()
    found = await desk.accounts.see(people[0], account.id)
    assert found.status is AccountStatus.CONFIRMED
    desk.clock.tick(60)
    return found


async def decide(desk: EditorsDesk, acts: TwoPeople, second: Member) -> None:
    """A second person allows what waits."""
    (view,) = await acts.waiting(desk.newsroom.id)
    await acts.decide(desk.stage, second, view.act.id, allow=True, message_id=None)
    await desk.commit()


async def test_a_merge_into_a_fake_takes_two(desk: EditorsDesk) -> None:
    """Nothing is merged by one editor; another lead's press does it. Between two suspected ones it takes nobody."""
    editor, lead = await desk.member(Role.EDITOR), await desk.member(Role.SECURITY)
    acts = TwoPeople(desk.store, desk.clock)
    merging = AccountMerging(desk.store, desk.clock, desk.knowledge, acts)
    fake, honest = await confirmed(desk, "bad.actor", editor, lead), await listed(desk, editor, "honest.man")
    await merging.merge(desk.stage, editor, honest.id, fake.id)
    await desk.commit()
    assert (await desk.accounts.named(editor, "https://facebook.com/honest.man")).id == honest.id
    await decide(desk, acts, lead)
    assert (await desk.accounts.named(editor, "https://facebook.com/honest.man")).id == fake.id


async def test_a_part_that_goes_to_a_fake_takes_two(desk: EditorsDesk) -> None:
    """An honest person's name is not a fake's by one editor's word."""
    editor, lead = await desk.member(Role.EDITOR), await desk.member(Role.SECURITY)
    acts = TwoPeople(desk.store, desk.clock)
    merging = AccountMerging(desk.store, desk.clock, desk.knowledge, acts)
    fake = await confirmed(desk, "bad.actor", editor, lead)
    honest = await listed(desk, editor, "honest.man", "Честный Человек")
    await merging.split(desk.stage, editor, honest.id, "1 https://facebook.com/bad.actor")
    await desk.commit()
    assert (await desk.accounts.see(editor, fake.id)).names == ()
    await decide(desk, acts, lead)
    assert (await desk.accounts.see(editor, fake.id)).names == ("Честный Человек",)


@pytest.mark.parametrize("by", ["one", "two", "editor", "before"])
async def test_one_persons_photo_accuses_nobody(desk: EditorsDesk, by: str) -> None:
    """A photo that a journalist adds to a known fake is a question; that of two, or of an editor, is an answer."""
    editor, lead = await desk.member(Role.EDITOR), await desk.member(Role.SECURITY)
    journalists = [await desk.member(), await desk.member()]
    people = {"one": journalists[:1], "two": journalists, "editor": [editor], "before": journalists[:1]}[by]
    records = AccountRecords(desk.store, desk.clock, desk.knowledge, desk.accounts._pictures)
    fake = await listed(desk, journalists[0], "bad.actor") if by == "before" else None
    for who in people if fake is not None else ():
        await records.add_photo(desk.stage, who, fake.id if fake is not None else 0, face(9))
        await desk.commit()
    fake = await confirmed(desk, "bad.actor", editor, lead)
    for who in people if by != "before" else ():
        await records.add_photo(desk.stage, who, fake.id, face(9))
        await desk.commit()
        desk.clock.tick(60)
    case = await pictured(desk, journalists[0], face(9))
    view = await desk.cases.view(journalists[0], case.submission_id)
    expected = "possible" if by == "one" else "near_certain"
    assert [(a.account_id, a.strength) for a in view.accounts_found] == [(fake.id, expected)]
    assert [a.strength for a in case.verdict.accounts] == [expected]


async def pictured(desk: EditorsDesk, member: Member, data: bytes) -> Case:
    """A case of one picture."""
    sent = message(member, desk.clock(), "", kind=PartKind.PHOTO)
    assert sent.file is not None
    desk.files.files[sent.file.file_id] = data
    (case,) = await desk.send(member, sent)
    return await desk.cases.see(member, case.submission_id)
