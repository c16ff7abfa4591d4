"""Copies: one rule for what counts, pages that say who, when and what differs, and a rejection that is remembered."""

import itertools
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.errors import Refusal
from bot.model.account import AccountEntry
from bot.model.newsroom import Newsroom
from bot.services.copies import LONE_PAGE, PAGE, Copies
from bot.services.copy_sets import CopySet, copies_of
from bot.services.reading_texts import LONGEST
from bot.storage import accounts, campaigns, comments, history, rejections, stock_phrases, texts
from bot.storage.store import Store
from bot.storage.tables import accounts as accounts_table
from detection.text.normalise import normalise
from tests.newsroom import make_member, make_newsroom, message, queued
from tests.services.conftest import EditorsDesk
from tests.services.copy_archive import Archive, key_of
from tests.stage import Recorder
from tests.stores import StoppedClock

BASE = "Журналисты опять врут про нашего президента, хватит терпеть"
SWAPPED = "Блогеры опять врут про нашего президента, хватит терпеть"
LONGER = "Журналисты опять врут про нашего президента, хватит терпеть. Уходите все!"
REWORKED = "Эти журналисты снова обманывают про президента нашего"
HOLDING = "Сегодня жарко. Журналисты опять врут про нашего президента. Завтра дождь обещают"
OTHER = "Депутаты приняли закон, который давно ждали простые люди в сёлах"


@pytest.fixture
def archive(store: Store, clock: StoppedClock, newsroom: Newsroom) -> Archive:
    """An archive on both engines."""
    return Archive(store=store, clock=clock, newsroom=newsroom)


@pytest.fixture
def copies(archive: Archive) -> Copies:
    """Its copies."""
    return Copies(archive.store, archive.clock, archive.analysis, archive, archive, archive.newsroom.id)


async def sets(archive: Archive, *queries: str) -> list[CopySet]:
    """The copy sets of texts, asked in one batch."""
    matches = await archive.search([_words(text) for text in queries])
    async with archive.store.read() as conn:
        asked = [(key_of(text), found) for text, found in zip(queries, matches, strict=True)]
        return await copies_of(conn, archive.newsroom.id, asked)


def _words(text: str) -> str:
    return normalise(text).words


def keys(*texts: str) -> frozenset[int]:
    return frozenset(key_of(text) for text in texts)


async def test_a_whole_match_brings_its_campaign(archive: Archive) -> None:
    """Every variant of the campaign counts, also those that do not match themselves; a part brings nothing along."""
    for text in (BASE, SWAPPED, LONGER, HOLDING, OTHER):
        await archive.comment(text, "a")
    await archive.campaign(SWAPPED, LONGER)
    await archive.campaign(HOLDING, OTHER)
    archive.like(BASE, SWAPPED)
    archive.like(BASE, HOLDING, 0.9, partial=True)
    (found,) = await sets(archive, BASE)
    assert found.copy_keys == keys(BASE, SWAPPED, LONGER, HOLDING)
    assert found.campaign_id == await archive.campaign_of(LONGER)


async def test_similar_texts_stand_apart(archive: Archive) -> None:
    """They are listed and bring no campaign; one that is in the campaign anyway is a copy."""
    for text in (BASE, SWAPPED, REWORKED, OTHER):
        await archive.comment(text, "a")
    archive.like(BASE, REWORKED, 0.8, "similar")
    archive.like(BASE, OTHER, 0.7, "similar")
    (found,) = await sets(archive, BASE)
    assert found.copy_keys == keys(BASE)
    assert [match.text_key for match in found.similar] == [key_of(REWORKED), key_of(OTHER)]
    await archive.campaign(BASE, REWORKED)
    (found,) = await sets(archive, BASE)
    assert found.copy_keys == keys(BASE, REWORKED)
    assert [match.text_key for match in found.similar] == [key_of(OTHER)]


async def test_what_is_never_matched(archive: Archive) -> None:
    """A stock phrase has no copies and is none; a rejected pair parts those two, in campaigns as well."""
    member = await make_member(archive.store, archive.newsroom, archive.clock())
    for text in (BASE, SWAPPED, LONGER, OTHER):
        await archive.comment(text, "a")
    await archive.campaign(SWAPPED, LONGER, OTHER)
    archive.like(BASE, SWAPPED)
    archive.like(BASE, OTHER)
    async with archive.store.write() as conn:
        here = (conn, archive.newsroom.id)
        await rejections.add(*here, key_of(LONGER), key_of(BASE), member.id, archive.clock())
        await stock_phrases.add(*here, key_of(OTHER), OTHER, member.id, archive.clock())
    base, swapped, other = await sets(archive, BASE, SWAPPED, OTHER)
    assert base.copy_keys == keys(BASE, SWAPPED)
    assert swapped.copy_keys == keys(BASE, SWAPPED, LONGER)
    assert other == CopySet()


async def test_a_text_without_letters_has_no_copies(archive: Archive) -> None:
    """And asks nothing."""
    async with archive.store.read() as conn:
        assert await copies_of(conn, archive.newsroom.id, [(None, [])]) == [CopySet()]
        assert await copies_of(conn, archive.newsroom.id, []) == []


async def _case(desk: EditorsDesk, archive: Archive, *texts: str) -> int:
    """A case whose comments are these, filed a moment apart; returns its submission."""
    member = await make_member(desk.store, desk.newsroom, desk.clock())
    (case,) = await desk.send(member, message(member, desk.clock(), "Бул эмне?"))
    async with desk.store.write() as conn:
        await comments.withdraw(conn, case.submission_id, desk.clock())
    for text in texts:
        await archive.comment(text, "own", submission_id=case.submission_id)
    return case.submission_id


async def test_a_cases_copies_page_by_page(desk: EditorsDesk, archive: Archive, copies: Copies) -> None:
    """Newest first, five a page, then what is similar; counted without the case's own comment."""
    submission_id = await _case(desk, archive, BASE)
    for number in range(6):
        await archive.comment(SWAPPED, f"fake{number % 4}", post=f"vk.com/wall{number}")
    await archive.comment(REWORKED, "similar")
    await archive.comment(OTHER, "unrelated")
    archive.like(BASE, SWAPPED)
    archive.like(BASE, REWORKED, 0.8, "similar")
    async with archive.store.write() as conn:
        entry = AccountEntry(platform="vk", handle="fake1")
        listing = accounts.Listing(
            newsroom_id=archive.newsroom.id, member_id=None, lister="x", batch=None, at=archive.clock()
        )
        account_id, _ = await accounts.put(conn, entry, accounts.Keys(handle="fake1", names={}), listing)
        await conn.execute(
            sa.update(accounts_table).where(accounts_table.c.id == account_id).values(status="confirmed")
        )
    member = await make_member(desk.store, desk.newsroom, desk.clock())
    first, second, third = [await copies.of_case(member, submission_id, page) for page in range(3)]
    assert first.count == second.count
    assert (first.count.times, first.count.accounts, first.count.fakes) == (6, 4, 1)
    assert (first.count.first_account, first.count.first_post) == ("vk:fake0", "vk.com/wall0")
    assert (first.pages, first.text, first.campaign) == (2, BASE, None)
    assert first.label.startswith("K-")
    lines = [*first.lines, *second.lines]
    assert [len(first.lines), len(second.lines), len(third.lines)] == [PAGE, 2, 0]
    assert [line.comment.account for line in lines] == [
        *(f"vk:fake{number % 4}" for number in reversed(range(6))),
        "vk:similar",
    ]
    assert [line.tier for line in lines] == ["copy"] * 6 + ["similar"]
    assert [line.is_fake for line in lines] == [number % 4 == 1 for number in reversed(range(6))] + [False]
    assert {line.number for line in lines} == {await archive.number_of(SWAPPED), await archive.number_of(REWORKED)}
    assert lines[0].difference.codes == ("names",)
    assert lines[0].difference.pieces[:2] == (("dropped", "Журналисты"), ("added", "Блогеры"))


async def test_a_case_speaks_of_its_most_copied_text(desk: EditorsDesk, archive: Archive, copies: Copies) -> None:
    """Of two comments in one case the page shows the one that was repeated."""
    submission_id = await _case(desk, archive, OTHER, BASE)
    await archive.comment(BASE, "b")
    member = await make_member(desk.store, desk.newsroom, desk.clock())
    page = await copies.of_case(member, submission_id)
    assert (page.text, len(page.lines)) == (BASE, 1)
    assert page.lines[0].difference.codes == ("same",)


async def test_a_comment_is_no_copy_of_itself(desk: EditorsDesk, archive: Archive, copies: Copies) -> None:
    """Colleagues forward the same comment: it was posted once, and is one line; what is asked about is none."""
    ours, theirs, third = [await _case(desk, archive) for _ in range(3)]
    said, later = desk.clock() - timedelta(days=3), desk.clock() - timedelta(days=2)
    for submission_id in (ours, theirs):
        await archive.comment(BASE, "a", submission_id=submission_id, at=said)
    for submission_id in (theirs, third):
        await archive.comment(BASE, "b", submission_id=submission_id, at=later)
    await archive.comment(BASE, "a", at=later)
    member = await make_member(desk.store, desk.newsroom, desk.clock())
    page = await copies.of_case(member, ours)
    assert (page.count.times, page.count.accounts, page.pages) == (2, 2, 1)
    assert sorted(str(line.comment.account) for line in page.lines) == ["vk:a", "vk:b"]


async def test_a_case_is_for_those_who_may_see_it(desk: EditorsDesk, archive: Archive, copies: Copies) -> None:
    """A case of another newsroom does not exist; one without words has no copies."""
    submission_id = await _case(desk, archive)
    stranger = await make_member(desk.store, await make_newsroom(desk.store, desk.clock()), desk.clock())
    with pytest.raises(Refusal, match="case_unknown"):
        await copies.of_case(stranger, submission_id)
    member = await make_member(desk.store, desk.newsroom, desk.clock())
    page = await copies.of_case(member, submission_id)
    assert (page.text, page.lines, page.pages) == ("", (), 1)


async def test_find_files_nothing(archive: Archive, copies: Copies) -> None:
    """A text that is not stored is looked up on one page of ten; nothing is stored by asking."""
    member = await make_member(archive.store, archive.newsroom, archive.clock())
    for number in range(12):
        await archive.comment(SWAPPED, f"a{number}")
    archive.like(BASE, SWAPPED)
    found = await copies.of_text(member, BASE)
    assert found.text_key is None
    assert (len(found.page.lines), found.page.pages, found.page.count.times) == (LONE_PAGE, 1, 12)
    async with archive.store.read() as conn:
        assert await texts.by_keys(conn, archive.newsroom.id, [key_of(BASE)]) == []


async def test_find_pages_by_the_texts_key(archive: Archive, copies: Copies) -> None:
    """A stored text's copies are paged by its key, all of them, each once."""
    member = await make_member(archive.store, archive.newsroom, archive.clock())
    for number in range(12):
        await archive.comment(SWAPPED if number % 2 else BASE, f"a{number}")
    archive.like(BASE, SWAPPED)
    found = await copies.of_text(member, BASE.upper() + " 🔥")
    assert found.text_key == key_of(BASE)
    pages = [found.page] + [(await copies.of_key(member, found.text_key, n)).page for n in (1, 2)]
    assert {page.pages for page in pages} == {3}
    assert [line.comment.handle for page in pages for line in page.lines] == [f"a{n}" for n in reversed(range(12))]
    with pytest.raises(Refusal, match="find_outdated"):
        await copies.of_key(member, 12345, 1)


@pytest.mark.parametrize("is_stored", [True, False])
async def test_find_knows_the_never_match_list(archive: Archive, copies: Copies, is_stored: bool) -> None:
    """A text on it has no copies, and is said to be on it, stored or not; any other is not."""
    member = await make_member(archive.store, archive.newsroom, archive.clock())
    for text in (SWAPPED, BASE) if is_stored else (SWAPPED,):
        await archive.comment(text, "a")
    archive.like(BASE, SWAPPED)
    assert not (await copies.of_text(member, BASE)).is_stock
    async with archive.store.write() as conn:
        await stock_phrases.add(conn, archive.newsroom.id, key_of(BASE), BASE, member.id, archive.clock())
    found = await copies.of_text(member, BASE)
    assert (found.is_stock, found.page.count.times, found.page.lines) == (True, 0, ())
    if is_stored:
        assert (await copies.of_key(member, key_of(BASE), 0)).is_stock
    assert not (await copies.of_text(member, SWAPPED)).is_stock


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "find_empty"), (" \n", "find_empty"), ("🔥🔥 !!", "find_empty"), ("а" * (LONGEST + 1), "text_too_long")],
)
async def test_find_needs_words(archive: Archive, copies: Copies, text: str, code: str) -> None:
    """What has no letter or is too long is refused with its reason."""
    member = await make_member(archive.store, archive.newsroom, archive.clock())
    with pytest.raises(Refusal, match=code):
        await copies.of_text(member, text)


async def test_a_campaigns_comments(archive: Archive, copies: Copies) -> None:
    """All of them, compared with the commonest text; an unknown number is refused."""
    member = await make_member(archive.store, archive.newsroom, archive.clock())
    for text, who in itertools.product((BASE, SWAPPED, BASE), "abc"):
        await archive.comment(text, who)
    number = await archive.campaign(BASE, SWAPPED)
    page = await copies.of_campaign(member, number)
    assert (page.label, page.campaign, page.text) == (f"C-{number}", f"C-{number}", BASE)
    assert (page.count.times, page.count.accounts, page.pages) == (9, 3, 2)
    last = await copies.of_campaign(member, number, 1)
    codes = [line.difference.codes for line in [*page.lines, *last.lines]]
    assert codes == [("same",)] * 3 + [("names",)] * 3 + [("same",)] * 3
    with pytest.raises(Refusal, match="campaign_unknown"):
        await copies.of_campaign(member, 99)


async def test_a_rejected_copy_is_not_offered_again(desk: EditorsDesk, archive: Archive, copies: Copies) -> None:
    """Remembered for both texts, however often it is pressed; other copies stay."""
    submission_id = await _case(desk, archive, BASE)
    for text in (SWAPPED, LONGER, SWAPPED):
        await archive.comment(text, "b")
    archive.like(BASE, SWAPPED)
    archive.like(BASE, LONGER)
    member = await make_member(desk.store, desk.newsroom, desk.clock())
    stage = Recorder()
    for _ in range(2):
        await copies.reject(stage, member, submission_id, await archive.number_of(SWAPPED), 77)
        await stage.commit(desk.store)
    page = await copies.of_case(member, submission_id)
    assert [line.comment.text for line in page.lines] == [LONGER]
    (found,) = await sets(archive, SWAPPED)
    assert found.copy_keys == keys(SWAPPED)
    bodies = [body for kind, body in await queued(desk.store, "kind", "body") if kind == "reply"]
    assert bodies[-1] == {"code": "copies", "values": {"submission": submission_id, "page": 0}, "edit": 77}
    async with desk.store.read() as conn:
        events = await history.of(conn, desk.newsroom.id, ("submission", submission_id))
    assert [event for event, _, _ in events].count("copy_rejected") >= 1


async def test_a_rejection_takes_the_text_out_of_the_campaign(
    desk: EditorsDesk, archive: Archive, copies: Copies
) -> None:
    """It leaves what it shares with the other one; a campaign of one account is emptied, its history stays."""
    submission_id = await _case(desk, archive, BASE)
    for text, who in ((SWAPPED, "b"), (LONGER, "c"), (LONGER, "b")):
        await archive.comment(text, who)
    number = await archive.campaign(BASE, SWAPPED, LONGER)
    archive.like(BASE, SWAPPED)
    member = await make_member(desk.store, desk.newsroom, desk.clock())
    stage = Recorder()
    await copies.reject(stage, member, submission_id, await archive.number_of(SWAPPED), 77)
    await stage.commit(desk.store)
    assert await archive.campaign_of(BASE) is None
    campaign_id = await archive.campaign_of(SWAPPED)
    assert campaign_id is not None
    async with desk.store.read() as conn:
        events = await history.of(conn, desk.newsroom.id, ("campaign", campaign_id))
        assert [event for event, _, _ in events] == ["rejected"]
        assert (await campaigns.by_number(conn, desk.newsroom.id, number)) is not None


@pytest.mark.parametrize("what", ["copy_unknown", "copy_same", "case_unknown"])
async def test_what_cannot_be_rejected(desk: EditorsDesk, archive: Archive, copies: Copies, what: str) -> None:
    """No such text, the very same text, no such case."""
    submission_id = await _case(desk, archive, BASE)
    await archive.comment(BASE, "b")
    member = await make_member(desk.store, desk.newsroom, desk.clock())
    number = 999 if what == "copy_unknown" else await archive.number_of(BASE)
    with pytest.raises(Refusal, match=what):
        await copies.reject(Recorder(), member, submission_id if what != "case_unknown" else 5, number, 77)
