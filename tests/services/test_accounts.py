"""Known fakes: suspected by one, confirmed by two people, cleared with everybody told who had relied on it."""

import asyncio

import pytest

from bot.errors import Refusal
from bot.model.account import Account, AccountEntry, AccountStatus
from bot.model.newsroom import Member
from bot.model.rights import Role
from bot.services.accounts import read_suspicion
from bot.storage import accounts, history
from bot.storage.accounts import Keys, Listing
from bot.storage.store import Store
from tests.detection.image import hostile
from tests.newsroom import make_member, make_newsroom, message, queued, said
from tests.services.conftest import EditorsDesk
from tests.stage import Recorder
from tests.stores import MakeStore

LINK = "https://facebook.com/fake.one"
ENTRY = AccountEntry(platform="facebook", handle="fake.one", names=("Айбек Мамытов",), source=LINK)


async def listed(desk: EditorsDesk, member: Member, entry: AccountEntry = ENTRY) -> Account:
    await desk.accounts.suspect(desk.stage, member, entry)
    await desk.commit()
    return await desk.accounts.named(member, f"https://facebook.com/{entry.handle}")


async def confirm(desk: EditorsDesk, member: Member, account: Account) -> Account:
    await desk.accounts.confirm(desk.stage, member, account.id)
    await desk.commit()
    return await desk.accounts.see(member, account.id)


async def outcomes(desk: EditorsDesk, member: Member) -> list[str]:
    """What the replies about accounts said."""
    rows = await queued(desk.store, "member_id", "body")
    return [b["values"]["outcome"] for to, b in rows if to == member.id and b.get("code") == "account"]


async def test_a_suspicion_is_a_suspicion(desk: EditorsDesk) -> None:
    """Listed with who says so and why, and nothing more; said again it is the same."""
    member = await desk.member()
    account = await listed(desk, member)
    assert (account.status, account.listed_by, account.confirmations) == (AccountStatus.SUSPECTED, member.name, ())
    await listed(desk, member)
    assert await outcomes(desk, member) == ["added", "same"]


async def test_two_people_confirm(desk: EditorsDesk) -> None:
    """The first word changes nothing, said twice neither; a second person's does."""
    member, one, two = await desk.member(), await desk.member(Role.EDITOR), await desk.member(Role.SECURITY)
    account = await listed(desk, member)
    assert (await confirm(desk, one, account)).status is AccountStatus.SUSPECTED
    again = await confirm(desk, one, account)
    assert (again.status, again.confirmations) == (AccountStatus.SUSPECTED, (one.id,))
    done = await confirm(desk, two, account)
    assert (done.status, done.confirmations) == (AccountStatus.CONFIRMED, (one.id, two.id))
    assert await outcomes(desk, one) == ["first_word", "first_word"]
    assert await outcomes(desk, two) == ["confirmed"]


async def test_two_words_in_one_batch(desk: EditorsDesk) -> None:
    """Committed together they are two words still; the same person's two are one."""
    one, two = await desk.member(Role.EDITOR), await desk.member(Role.SECURITY)
    first, second = await listed(desk, one), await listed(desk, one, AccountEntry(platform="facebook", handle="two"))
    for person, account in ((one, first), (two, first), (one, second), (one, second)):
        await desk.accounts.confirm(desk.stage, person, account.id)
    await desk.commit()
    statuses = [(await desk.accounts.see(one, each.id)).status for each in (first, second)]
    assert statuses == [AccountStatus.CONFIRMED, AccountStatus.SUSPECTED]


async def test_two_words_at_the_same_moment(desk: EditorsDesk, more_stores: MakeStore) -> None:
    """From two processes at once: neither overlooks the other."""
    people = [await desk.member(Role.EDITOR) for _ in range(2)]
    stores: list[Store] = [desk.store, more_stores()]
    for number in range(5):
        account = await listed(desk, people[0], AccountEntry(platform="facebook", handle=f"race{number}"))
        stages = [Recorder(), Recorder()]
        for stage, person in zip(stages, people, strict=True):
            await desk.accounts.confirm(stage, person, account.id)
        await asyncio.gather(*(s.commit(through) for s, through in zip(stages, stores, strict=True)))
        assert (await desk.accounts.see(people[0], account.id)).status is AccountStatus.CONFIRMED


async def test_who_relied_on_it_hears(desk: EditorsDesk) -> None:
    """Confirmed: told; cleared: told again, with the card made anew; and two people are needed from the start."""
    reporter, one, two = await desk.member(), await desk.member(Role.EDITOR), await desk.member(Role.SECURITY)
    account = await listed(desk, one)
    (case,) = await desk.send(reporter, message(reporter, desk.clock(), f"Көргүлө {LINK}"))
    assert case.verdict.accounts[0].account == "facebook:fake.one"
    for person in (one, two):
        await confirm(desk, person, account)
    assert await said(desk.store, reporter) == ["account_confirmed"]
    for _ in range(2):
        await desk.accounts.clear(desk.stage, one, account.id, "чыныгы адам экен")
        await desk.commit()
    cleared = await desk.accounts.see(one, account.id)
    assert (cleared.status, cleared.confirmations) == (AccountStatus.CLEARED, ())
    assert await said(desk.store, reporter) == ["account_confirmed", "account_cleared"]
    assert (await confirm(desk, two, account)).status is AccountStatus.SUSPECTED
    assert (await confirm(desk, one, account)).status is AccountStatus.CONFIRMED
    async with desk.store.read() as conn:
        events = await history.of(conn, desk.newsroom.id, ("account", account.id))
    assert [event for event, _, _ in events] == ["added", "confirmed", "cleared", "confirmed"]


async def test_a_card_shows_what_is_known_now(desk: EditorsDesk) -> None:
    """A case that was filed while the account was suspected is shown with its present status."""
    reporter, one, two = await desk.member(), await desk.member(Role.EDITOR), await desk.member(Role.SECURITY)
    account = await listed(desk, one)
    (case,) = await desk.send(reporter, message(reporter, desk.clock(), f"Көргүлө {LINK}"))
    for person in (one, two):
        await confirm(desk, person, account)
    view = await desk.cases.view(reporter, case.submission_id)
    assert view.case.verdict.accounts[0].status == "suspected"
    assert view.accounts[account.id].status is AccountStatus.CONFIRMED


async def test_what_is_gone_is_not_confirmed(desk: EditorsDesk) -> None:
    """A removed account stays removed, and nobody is told that it was confirmed."""
    reporter, one, two = await desk.member(), await desk.member(Role.EDITOR), await desk.member(Role.SECURITY)
    account = await listed(desk, one)
    await desk.send(reporter, message(reporter, desk.clock(), f"Көргүлө {LINK}"))
    async with desk.store.write() as conn:
        await accounts.set_status(conn, account.id, AccountStatus.GONE, [AccountStatus.SUSPECTED], desk.clock())
    for person in (one, two):
        assert (await confirm(desk, person, account)).status is AccountStatus.GONE
    assert await said(desk.store, reporter) == []


async def test_a_whole_import_is_confirmed(desk: EditorsDesk) -> None:
    """By two people too; what was cleared meanwhile stays cleared."""
    one, two = await desk.member(Role.EDITOR), await desk.member(Role.SECURITY)
    listing = Listing(newsroom_id=desk.newsroom.id, member_id=None, lister="file", batch="list.csv", at=desk.clock())
    async with desk.store.write() as conn:
        for handle in ("a1", "b2", "c3"):
            entry = AccountEntry(platform="facebook", handle=handle)
            await accounts.put(conn, entry, Keys(handle=handle, names={}), listing)
    await desk.accounts.confirm_batch(desk.stage, one, "list.csv")
    await desk.commit()
    cleared = await desk.accounts.named(one, "b2")
    await desk.accounts.clear(desk.stage, two, cleared.id, None)
    await desk.accounts.confirm_batch(desk.stage, two, "list.csv")
    await desk.commit()
    statuses = {a.handle: a.status.value for a in await desk.accounts.search(one, "")}
    assert statuses == {"a1": "confirmed", "b2": "cleared", "c3": "confirmed"}
    with pytest.raises(Refusal, match="batch_unknown"):
        await desk.accounts.confirm_batch(desk.stage, one, "list.csv")


async def test_an_account_is_named_by_link_or_handle(desk: EditorsDesk) -> None:
    """With @ or without, in any case; several of one handle need a link, and a part of a handle names nobody."""
    member = await desk.member()
    account = await listed(desk, member)
    for words in ("fake.one", "@fake.one", " @FAKE.ONE ", LINK, "m.facebook.com/fake.one"):
        assert (await desk.accounts.named(member, words)).id == account.id, words
    for words in ("fake", "@", "https://facebook.com/other", "nobody", "%"):
        with pytest.raises(Refusal, match="account_unknown"):
            await desk.accounts.named(member, words)
    await desk.accounts.suspect(desk.stage, member, AccountEntry(platform="instagram", handle="fake.one"))
    await desk.commit()
    with pytest.raises(Refusal, match="account_ambiguous"):
        await desk.accounts.named(member, "fake.one")


async def test_search_reads_names_in_any_script(desk: EditorsDesk) -> None:
    """A name in Cyrillic is found by its Latin spelling."""
    member = await desk.member()
    account = await listed(desk, member)
    for words in ("айбек", "Мамытов", "fake"):
        assert [a.id for a in await desk.accounts.search(member, words)] == [account.id], words
    assert await desk.accounts.search(member, "Бакыт") == []


async def test_a_case_names_the_account(desk: EditorsDesk) -> None:
    """By a link in it or by its author, with its own pictures and number; the reporter of the case hears later."""
    member, one, two = await desk.member(), await desk.member(Role.EDITOR), await desk.member(Role.SECURITY)
    (case,) = await desk.send(member, message(member, desk.clock(), f"Мына бул {LINK} жазып атат"))
    await desk.accounts.suspect_from_case(desk.stage, member, case.submission_id)
    await desk.commit()
    account = await desk.accounts.named(member, LINK)
    assert (account.reason, account.source) == (case.label, "https://www.facebook.com/fake.one")
    for person in (one, two):
        await confirm(desk, person, account)
    assert "account_confirmed" in await said(desk.store, member)


async def test_a_picture_is_listed_with_the_account(desk: EditorsDesk) -> None:
    """Once, however often it is sent; one that cannot be read is refused, and nothing is listed."""
    member = await desk.member()
    picture = hostile.encoded(hostile.drawing(5))
    for _ in range(2):
        await desk.accounts.suspect(desk.stage, member, ENTRY, picture=picture)
        await desk.commit()
    assert len((await desk.accounts.named(member, LINK)).photos) == 1
    with pytest.raises(Refusal, match="image_"):
        await desk.accounts.suspect(desk.stage, member, ENTRY, picture=b"nothing")
    assert desk.stage.steps == []


async def test_an_account_of_another_newsroom_is_unknown(desk: EditorsDesk) -> None:
    """Seen, confirmed or cleared by nobody else."""
    account = await listed(desk, await desk.member())
    other = await make_member(desk.store, await make_newsroom(desk.store, desk.clock()), desk.clock(), Role.SECURITY)
    for act in (
        desk.accounts.see(other, account.id),
        desk.accounts.confirm(desk.stage, other, account.id),
        desk.accounts.clear(desk.stage, other, account.id, None),
    ):
        with pytest.raises(Refusal, match="account_unknown"):
            await act


@pytest.mark.parametrize(
    ("text", "names", "farm", "reason"),
    [
        (LINK, (), None, None),
        (f"{LINK} окшош сүрөт", (), None, "окшош сүрөт"),
        (
            f"name: Айбек\n{LINK}\nfarm: F-3\nСүрөтү уурдалган\nбашка адам",
            ("Айбек",),
            "F-3",
            "Сүрөтү уурдалган\nбашка адам",
        ),
        (f"{LINK}\nимя: А\nаты: Б\nферма: Север\nname:\n", ("А", "Б"), "Север", "name:"),
    ],
)
def test_the_words_of_fake(text: str, names: tuple[str, ...], farm: str | None, reason: str | None) -> None:
    """Link, names, farm and reason in any order of lines."""
    found = read_suspicion(text)
    assert (found.link.handle, found.names, found.farm, found.reason) == ("fake.one", names, farm, reason)


def test_fake_needs_a_link() -> None:
    """A name alone accuses many."""
    with pytest.raises(Refusal, match="fake_link_missing"):
        read_suspicion("Айбек Мамытов")


async def test_a_very_long_link_is_listed(desk: EditorsDesk) -> None:
    """However long the address, what is kept of it has its place."""
    member = await desk.member()
    entry = read_suspicion(f"{LINK}?x={'y' * 900}\n{'z' * 5000}").entry
    await desk.accounts.suspect(desk.stage, member, entry)
    await desk.commit()
    account = await desk.accounts.named(member, LINK)
    assert len(account.source) <= 200
    assert account.reason is not None
    assert len(account.reason) == 2000


@pytest.mark.parametrize("link", [f"https://vk.com/id{'7' * 41}", f"https://youtube.com/user/{'a' * 101}"])
async def test_a_made_up_link_names_nobody(desk: EditorsDesk, link: str) -> None:
    """Longer than any platform's handles and ids are: no link to an account, and never an error of the database."""
    member = await desk.member()
    (case,) = await desk.send(member, message(member, desk.clock(), f"Көргүлө {link}"))
    with pytest.raises(Refusal, match="fake_link_missing"):
        read_suspicion(link)
    with pytest.raises(Refusal, match="author_link_missing"):
        await desk.cases.set_author(desk.stage, member, case.submission_id, link)
    with pytest.raises(Refusal, match="account_unknown"):
        await desk.accounts.named(member, link)
    with pytest.raises(Refusal, match="account_not_named"):
        await desk.accounts.suspect_from_case(desk.stage, member, case.submission_id)
