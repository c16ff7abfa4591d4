"""Accounts' records: typed lines, marks, merges and splits both ways, recalls, doubtful reports, watching."""

import asyncio
import io
from dataclasses import replace

import pytest

from bot.errors import Refusal
from bot.model.account import Account, AccountEntry, AccountStatus
from bot.model.account_record import FactKind, LinkState
from bot.model.newsroom import Member
from bot.model.rights import Role
from bot.services.account_exports import AccountExports
from bot.services.account_merging import AccountMerging
from bot.services.account_recall import AccountRecall
from bot.services.account_records import AccountRecords
from bot.services.account_watch import AccountWatch
from bot.services.account_words import read_told
from bot.services.pictures import Pictures
from bot.services.staff_watch import StaffWatch
from bot.simulator.avatars import avatar
from bot.storage import comments, impersonations, staff
from tests.newsroom import message, queued, said
from tests.services.conftest import EditorsDesk
from tests.stage import Recorder
from tests.stores import MakeStore

TOLD = """имя: Талайгуль Омуралиева 03.10.2026
работа: акимат Оша
группы: Ак жол; Биз болобуз
фото: 02.10.2026
обложка: 2026-10-02
постов в день: 12,5
тип: при Асан Усонов
praised: Асан Усонов 05.10.2026 https://facebook.com/x/posts/1 — «Наш лидер!»
метка: рабочие часы — только с 10 до 18"""


def face(number: int) -> bytes:
    """A made-up portrait; the same number has the same one."""
    out = io.BytesIO()
    avatar(number).save(out, "PNG")
    return out.getvalue()


def pictures_of(desk: EditorsDesk) -> Pictures:
    """The desk's pictures."""
    return desk.accounts._pictures


def records_of(desk: EditorsDesk) -> AccountRecords:
    """The service over the desk's parts."""
    return AccountRecords(desk.store, desk.clock, desk.knowledge, pictures_of(desk))


def merging_of(desk: EditorsDesk) -> AccountMerging:
    """The service over the desk's parts."""
    return AccountMerging(desk.store, desk.clock, desk.knowledge)


def recall_of(desk: EditorsDesk) -> AccountRecall:
    """The service over the desk's parts."""
    return AccountRecall(desk.store, desk.clock, desk.knowledge, desk.cases)


async def listed(desk: EditorsDesk, member: Member, handle: str, *names: str, picture: bytes | None = None) -> Account:
    """An account that a member lists."""
    entry = AccountEntry(platform="facebook", handle=handle, names=names, source=handle)
    await desk.accounts.suspect(desk.stage, member, entry, picture=picture)
    await desk.commit()
    return await desk.accounts.named(member, f"https://facebook.com/{handle}")


async def test_typed_lines_become_a_record(desk: EditorsDesk) -> None:
    """Names, claims, dates, type, stances and marks are kept with who said so; nothing is added up."""
    member, records = await desk.member(), records_of(desk)
    account = await listed(desk, member, "fake.one", "Талайгүл Өмүралиева")
    await records.tell(desk.stage, member, account.id, TOLD)
    await desk.commit()
    await records.tell(desk.stage, member, account.id, TOLD)
    await desk.commit()
    record = await records.view(member, account.id)
    assert record.account.names == ("Талайгүл Өмүралиева", "Талайгуль Омуралиева")
    assert str(record.details.photo_on) == str(record.details.cover_on) == "2026-10-02"
    assert (record.details.posts_a_day, record.details.attached_to) == (12.5, "Асан Усонов")
    (praise,) = record.of(FactKind.PRAISED)
    assert (praise.value, str(praise.seen_on), praise.why) == ("Асан Усонов", "2026-10-05", "«Наш лидер!»")
    assert praise.link is not None
    assert [fact.value for fact in record.of(FactKind.GROUP)] == ["Биз болобуз", "Ак жол"]
    (mark,) = record.of(FactKind.TAG)
    assert (mark.value, mark.why, mark.member) == ("office_hours", "только с 10 до 18", member.name)
    await records.remove(desk.stage, member, mark.id, account.id)
    await desk.commit()
    record = await records.view(member, account.id)
    assert not record.of(FactKind.TAG)
    assert [event.event for event in record.history][-1] == "fact_removed"


@pytest.mark.parametrize(
    "words", ["", "фото: вчера", "постов: много", "метка: злой — да", "метка: без постов", "тип: ?"]
)
async def test_what_cannot_be_read_is_refused(desk: EditorsDesk, words: str) -> None:
    """A date that is none, a mark that there is not or that is not explained: nothing is kept."""
    member = await desk.member()
    account = await listed(desk, member, "fake.one")
    with pytest.raises(Refusal):
        await records_of(desk).tell(desk.stage, member, account.id, words)


def test_words_without_a_label_are_no_facts() -> None:
    """A line that is none of those is left for people."""
    assert read_told("просто слова\nhttp://x.y: z").is_empty


async def test_a_merge_is_taken_back_exactly(desk: EditorsDesk) -> None:
    """The merged account is found as the other one; taken apart, everything is as it was, chains too."""
    editor, merging, records = await desk.member(Role.EDITOR), merging_of(desk), records_of(desk)
    one = await listed(desk, editor, "one", "Айбек Асанов")
    two = await listed(desk, editor, "two", "Айбек Асан уулу")
    three = await listed(desk, editor, "three", "Бермет Исакова")
    await merging.merge(desk.stage, editor, one.id, two.id)
    await desk.commit()
    await merging.merge(desk.stage, editor, two.id, three.id)
    await desk.commit()
    for handle in ("one", "two", "three"):
        assert (await desk.accounts.named(editor, f"https://facebook.com/{handle}")).id == three.id
    shown = await records.view(editor, one.id)
    assert set(shown.account.names) == {"Айбек Асанов", "Айбек Асан уулу", "Бермет Исакова"}
    assert {a.id for a in await desk.accounts.search(editor, "Aibek Asanov")} == {three.id}
    await merging.merge(desk.stage, editor, three.id, one.id)
    await desk.commit()
    assert "account_merged_already" in await said(desk.store, editor)
    await merging.take_apart(desk.stage, editor, two.id)
    await desk.commit()
    assert (await desk.accounts.named(editor, "https://facebook.com/one")).id == two.id
    await merging.take_apart(desk.stage, editor, one.id)
    await desk.commit()
    after = [await desk.accounts.see(editor, each.id) for each in (one, two, three)]
    assert after == [one, two, three]


async def test_a_split_is_taken_back(desk: EditorsDesk) -> None:
    """Chosen names go to the other account, and come back."""
    editor, merging = await desk.member(Role.EDITOR), merging_of(desk)
    account = await listed(desk, editor, "one", "Айбек Асанов", "Бермет Исакова")
    await merging.split(desk.stage, editor, account.id, "2 https://facebook.com/bermet.i")
    await desk.commit()
    other = await desk.accounts.named(editor, "https://facebook.com/bermet.i")
    assert other.names == ("Бермет Исакова",)
    assert (await desk.accounts.see(editor, account.id)).names == ("Айбек Асанов",)
    await merging.unsplit(desk.stage, editor, account.id)
    await desk.commit()
    assert (await desk.accounts.see(editor, account.id)).names == ("Айбек Асанов", "Бермет Исакова")
    with pytest.raises(Refusal, match="number_wrong"):
        await merging.split(desk.stage, editor, account.id, "9 https://facebook.com/bermet.i")


async def test_cleared_accounts_call_back_what_held_them(desk: EditorsDesk) -> None:
    """Who made an export or relied on it hears; the list of exports shows it; the lister's admin sees it."""
    reporter, one = await desk.member(), await desk.member(Role.EDITOR)
    lead, admin = await desk.member(Role.SECURITY), await desk.member(Role.ADMIN)
    account = await listed(desk, reporter, "honest.one", "Бермет Исакова")
    alone = await listed(desk, reporter, "other.one")
    exports = AccountExports(desk.store, desk.clock)
    await exports.order(desk.stage, lead, "csv")
    await desk.commit()
    await desk.accounts.clear(desk.stage, one, account.id, "хозяйка написала нам")
    await desk.commit()
    assert await said(desk.store, lead) == ["share_recalled"]
    assert "reliability" in await said(desk.store, admin)
    recall = recall_of(desk)
    (share,) = await recall.shares(lead)
    assert (share.rows, share.cleared) == (2, ("facebook:honest.one",))
    (doubt,) = await recall.doubtful(admin)
    assert (doubt.member_id, doubt.listed, [i for i, _ in doubt.cleared]) == (reporter.id, 2, [account.id])
    assert doubt.alone == (alone.id,)


async def test_reports_of_one_member_are_withdrawn_and_restored(desk: EditorsDesk) -> None:
    """Only what nobody else spoke of goes; its photos too; and everything comes back as it was."""
    reporter, other, admin = await desk.member(), await desk.member(Role.EDITOR), await desk.member(Role.ADMIN)
    mine = await listed(desk, reporter, "mine.one", "Айбек Асанов", picture=face(1))
    shared = await listed(desk, reporter, "shared.one")
    await desk.accounts.confirm(desk.stage, other, shared.id)
    await desk.commit()
    before = await desk.accounts.see(admin, mine.id)
    recall = recall_of(desk)
    await recall.withdraw_reports(desk.stage, admin, reporter.id, 1)
    await desk.commit()
    assert {a.id for a in await desk.accounts.search(admin, "")} == {shared.id}
    assert (await desk.accounts.see(admin, mine.id)).photos == ()
    assert not await desk.accounts.search(admin, "Aibek Asanov")
    await recall.restore_reports(desk.stage, admin, reporter.id, 1)
    await desk.commit()
    assert await desk.accounts.see(admin, mine.id) == before
    assert (await recall.reliability(admin, reporter.id)).withdrawn == ()


async def test_a_successor_is_offered_once(desk: EditorsDesk) -> None:
    """A new account with a known fake's photo or texts is a question; what a person says of it stays, both ways."""
    one, two = await desk.member(Role.EDITOR), await desk.member(Role.SECURITY)
    old = await listed(desk, one, "old.fake", picture=face(2))
    for person in (one, two):
        await desk.accounts.confirm(desk.stage, person, old.id)
        await desk.commit()
    new = await listed(desk, one, "new.fake", picture=face(2))
    worded = await listed(desk, one, "third.fake")
    text = "Бул бийлик элди алдап жатат, баары чыгып каршы болушубуз керек деп ойлойм"
    rows = [
        comments.NewComment(
            newsroom_id=desk.newsroom.id,
            text=text,
            words=text,
            text_key=77,
            prints=b"",
            source=handle,
            platform="facebook",
            handle=handle,
            author_key=f"facebook:{handle.replace('.', '')}",
        )
        for handle in ("old.fake", "third.fake")
    ]
    # What a whole campaign wrote says nothing of who comes after whom.
    wave = [replace(rows[0], text_key=78, author_key=f"facebook:{name}") for name in ("oldfake", "newfake", "a", "b")]
    async with desk.store.write() as conn:
        await comments.add(conn, rows + wave, desk.clock())
    watch = AccountWatch(desk.store, desk.clock, desk.knowledge, desk.newsroom.id)
    assert await watch.sweep() == 3
    assert await watch.sweep() == 0
    records = records_of(desk)
    (offer,) = (await records.view(one, new.id)).successions
    assert (offer.account_id, offer.why, offer.state) == (old.id, ("photo",), LinkState.OFFERED)
    (by_text,) = (await records.view(one, worded.id)).successions
    assert by_text.why == ("text",)
    assert (await said(desk.store, two)).count("successor_offered") == 2
    merging = merging_of(desk)
    await merging.decide(desk.stage, one, offer.id, LinkState.LINKED)
    await merging.decide(desk.stage, one, by_text.id, LinkState.REJECTED)
    await desk.commit()
    (link,) = (await records.view(one, old.id)).successions
    assert (link.successor_id, link.state) == (new.id, LinkState.LINKED)
    assert (await desk.accounts.see(one, new.id)).status is AccountStatus.SUSPECTED


async def test_impersonation_raises_an_incident_only_with_consent(desk: EditorsDesk) -> None:
    """A name in another script or a photo is enough; of who did not agree nothing is said; once."""
    lead = await desk.member(Role.SECURITY)
    for name in ("Айгерим Токтосунова", "Бакыт Жумабеков"):
        await desk.staff.add(desk.stage, lead, name)
    await desk.commit()
    people = {each.name: each for each in await desk.staff.everyone(desk.newsroom.id)}
    consent = StaffWatch(desk.store, desk.clock, pictures_of(desk))
    aigerim = people["Айгерим Токтосунова"]
    with pytest.raises(Refusal, match="staff_not_watched"):
        await consent.add_photo(desk.stage, lead, aigerim.id, face(3))
    await consent.turn(desk.stage, lead, aigerim.id, 1)
    await desk.commit()
    await consent.add_photo(desk.stage, lead, aigerim.id, face(3))
    await desk.commit()
    named = await listed(desk, lead, "aigerim.t", "Aigerim Toktosunova")
    # Nobody lists alone who bears a protected name: it may be their own account.
    assert (await desk.accounts.see(lead, named.id)).is_withdrawn
    named = await listed(desk, await desk.member(), "aigerim.t", "Aigerim Toktosunova")
    shown = await listed(desk, lead, "somebody", "Нургүл", picture=face(3))
    other = await listed(desk, lead, "bakyt", "Бакыт Жумабеков")
    watch = AccountWatch(desk.store, desk.clock, desk.knowledge, desk.newsroom.id)
    for _ in range(2):
        await watch.sweep()
    async with desk.store.read() as conn:
        found = [(await impersonations.of_account(conn, desk.newsroom.id, a.id)) for a in (named, shown, other)]
    assert [[each.why for each in one] for one in found] == [[("name",)], [("photo",)], []]
    assert found[0][0].incident_id == found[1][0].incident_id
    assert (await said(desk.store, lead)).count("impersonation") == 2
    await consent.turn(desk.stage, lead, aigerim.id, 1)
    await desk.commit()
    async with desk.store.read() as conn:
        assert await impersonations.watched(conn, desk.newsroom.id) == []
        assert len(await staff.all_of(conn, desk.newsroom.id)) == 2


async def test_a_card_that_relied_on_a_merged_account_is_corrected(desk: EditorsDesk) -> None:
    """Clearing an account clears what was merged into it: reporters of either hear."""
    reporter, editor = await desk.member(), await desk.member(Role.EDITOR)
    one, two = await listed(desk, editor, "one.x"), await listed(desk, editor, "two.x")
    await desk.send(reporter, message(reporter, desk.clock(), "Көргүлө https://facebook.com/one.x"))
    await merging_of(desk).merge(desk.stage, editor, one.id, two.id)
    await desk.commit()
    await desk.accounts.clear(desk.stage, editor, two.id, "чыныгы адам")
    await desk.commit()
    codes = [body.get("code") for to, body in await queued(desk.store, "member_id", "body") if to == reporter.id]
    assert "account_cleared" in codes


async def test_the_whole_list_is_paged(desk: EditorsDesk) -> None:
    """Without words every account is on one page or another, and the count is of all of them."""
    member = await desk.member()
    for number in range(11):
        await listed(desk, member, f"page.{number:02}")
    pages = [await desk.accounts.page(member, "", page) for page in (0, 1, 9)]
    assert [page.total for page in pages] == [11, 11, 11]
    assert pages[1] == pages[2]
    shown = [account.handle for page in pages[:2] for account in page.accounts]
    assert sorted(map(str, shown)) == [f"page.{number:02}" for number in range(11)]


async def test_two_merges_at_once_make_no_ring(desk: EditorsDesk, more_stores: MakeStore) -> None:
    """From two processes, each the other way round: one of them is refused, and both accounts are found."""
    editor = await desk.member(Role.EDITOR)
    stores = [desk.store, more_stores()]
    for number in range(4):
        one, two = await listed(desk, editor, f"one.{number}"), await listed(desk, editor, f"two.{number}")
        stages = [Recorder(), Recorder()]
        for stage, (gone, kept) in zip(stages, ((one, two), (two, one)), strict=True):
            await merging_of(desk).merge(stage, editor, gone.id, kept.id)
        await asyncio.gather(*(stage.commit(store) for stage, store in zip(stages, stores, strict=True)))
        after = [(await desk.accounts.see(editor, each.id)).merged_into for each in (one, two)]
        assert sorted(after, key=str) == sorted([None, one.id if after[1] else two.id], key=str)


async def test_no_way_around_the_second_person(desk: EditorsDesk) -> None:
    """Merging a confirmed account, clearing and confirming again, importing: none of it confirms with one person."""
    one, two = await desk.member(Role.EDITOR), await desk.member(Role.SECURITY)
    fake, honest = await listed(desk, one, "fake.x"), await listed(desk, one, "honest.x")
    for person in (one, two):
        await desk.accounts.confirm(desk.stage, person, fake.id)
        await desk.commit()
    await merging_of(desk).merge(desk.stage, one, fake.id, honest.id)
    await desk.commit()
    assert (await desk.accounts.see(one, honest.id)).status is AccountStatus.SUSPECTED
    await desk.accounts.confirm(desk.stage, one, honest.id)
    await desk.commit()
    await desk.accounts.clear(desk.stage, two, honest.id, "чыныгы адам")
    await desk.commit()
    await desk.accounts.confirm(desk.stage, two, honest.id)
    await desk.commit()
    assert (await desk.accounts.see(one, honest.id)).status is AccountStatus.SUSPECTED
