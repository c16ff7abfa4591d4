"""Pairs of photos: told apart once for all copies of the same bytes, confirmed by people, looked up without a trace."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from bot.analysis import Analysis, AnalysisFailed, ImageRefused
from bot.documents import photo_pair
from bot.errors import Refusal
from bot.model.account import AccountEntry
from bot.model.newsroom import Member
from bot.model.photo import PhotoSide
from bot.model.photo_pair import PhotoPair
from bot.model.rights import Role
from bot.model.submission import Case, Incoming, Part, PartKind
from bot.model.verdict import Finding
from bot.services.photo_pairs import PhotoPairs, pairs_of_case
from bot.services.photo_search import PhotoSearch
from bot.services.pictures import Pictures
from bot.storage.filing import set_finding
from bot.storage.store import Store
from bot.storage.tables import history
from tests.newsroom import message, queued
from tests.services.conftest import EditorsDesk
from tests.services.rooms import blank, picture

PHOTO, MIRRORED = picture(5), picture(5, mirrored=True)


@pytest.fixture
def pairs(desk: EditorsDesk) -> PhotoPairs:
    return PhotoPairs(desk.store, desk.clock, desk.cases)


@pytest.fixture
def search(desk: EditorsDesk) -> PhotoSearch:
    return PhotoSearch(desk.store, desk.findings)


def sent(desk: EditorsDesk, member: Member, data: bytes, kind: PartKind = PartKind.PHOTO) -> Incoming:
    """A picture on its way."""
    desk.clock.tick(3)
    incoming = message(member, desk.clock(), "", kind=kind)
    assert incoming.file is not None
    desk.files.files[incoming.file.file_id] = data
    return incoming


async def list_fake(desk: EditorsDesk, member: Member, handle: str = "fake212", data: bytes = PHOTO) -> None:
    """An account with its photo."""
    entry = AccountEntry(platform="facebook", handle=handle, farm="3", source="x")
    await desk.accounts.suspect(desk.stage, member, entry, picture=data)
    await desk.commit()


async def doubt(store: Store, case: Case) -> None:
    """Let the machine be less sure of the photos of a case."""
    part: Part = case.parts[0]
    assert part.finding is not None
    less = tuple(replace(found, tier="possible") for found in part.finding.photos)
    accounts = tuple(replace(found, strength="possible") for found in part.finding.accounts)
    finding = Finding(photos=less, accounts=accounts)
    async with store.write() as conn:
        await set_finding(conn, part.id, case.submission_id, finding, None)


async def test_a_pair_says_what_is_known(desk: EditorsDesk, pairs: PhotoPairs) -> None:
    """Every account and every other case that used the same bytes, each once; the case itself is no match of itself."""
    member = await desk.member()
    await list_fake(desk, member)
    await list_fake(desk, member, "fake213")
    for data in (PHOTO, MIRRORED):
        await desk.send(member, sent(desk, member, data))
    found = await pairs.of_case(member, (await desk.cases.by_number(member, 2)).submission_id)
    assert len(found) == 1
    assert [account.handle for account in found[0].accounts] == ["fake212", "fake213"]
    assert (found[0].cases, found[0].is_match, found[0].found.mirrored) == ((1,), True, True)
    assert not found[0].is_same_file


async def rule(desk: EditorsDesk, pairs: PhotoPairs, member: Member, case: Case, is_same: bool) -> PhotoPair:
    """A person's word on the first pair of a case."""
    (pair,) = await pairs.of_case(member, case.submission_id)
    await pairs.rule(desk.stage, member, case.submission_id, pair, is_same=is_same, message_id=9)
    await desk.commit()
    (ruled,) = await pairs.of_case(member, case.submission_id)
    return ruled


async def test_told_apart_holds_for_every_copy_of_the_bytes(desk: EditorsDesk, pairs: PhotoPairs) -> None:
    """On this case, on those of colleagues, and on later ones; neither photo nor account is offered again."""
    member, colleague = await desk.member(), await desk.member(name="Данияр")
    await list_fake(desk, member)
    (case,) = await desk.send(member, sent(desk, member, MIRRORED))
    (other,) = await desk.send(colleague, sent(desk, colleague, MIRRORED, PartKind.DOCUMENT))
    ruled = await rule(desk, pairs, member, case, is_same=False)
    assert ruled.ruling is not None
    assert (ruled.is_rejected, ruled.ruling.member_name) == (True, member.name)
    for each in (case, other):
        view = await desk.cases.view(member, each.submission_id)
        assert all(pair.is_same_file for pair in view.pairs)
        assert view.accounts_found == ()
    (later,) = await desk.send(member, sent(desk, member, MIRRORED))
    assert [found.account for found in later.verdict.photos] == [None, None]
    assert later.verdict.accounts == ()
    assert len(await desk.cases.photos(member, later.submission_id)) == 2
    async with desk.store.read() as conn:
        events = [row.event for row in await conn.execute(history.select()) if row.subject == "submission"]
    assert events == ["photo_not_same"]
    kinds = [kind for (kind,) in await queued(desk.store, "kind")]
    assert kinds.count("photo_pair") == 1


async def test_another_photo_of_the_account_is_still_found(desk: EditorsDesk, pairs: PhotoPairs) -> None:
    """What was ruled out is the pair, not the account and not its other photos."""
    member = await desk.member()
    await list_fake(desk, member)
    (case,) = await desk.send(member, sent(desk, member, MIRRORED))
    await rule(desk, pairs, member, case, is_same=False)
    await list_fake(desk, member, data=picture(9))
    (later,) = await desk.send(member, sent(desk, member, picture(9, mirrored=True)))
    assert [found.account for found in later.verdict.photos] == ["facebook:fake212"]


async def test_a_persons_word_is_stronger_than_a_doubt(desk: EditorsDesk, pairs: PhotoPairs) -> None:
    """A possible match becomes one, with the account that uses it; reading it again does not take that back."""
    member, editor = await desk.member(), await desk.member(Role.EDITOR)
    await list_fake(desk, member)
    (case,) = await desk.send(member, sent(desk, member, MIRRORED))
    await doubt(desk.store, case)
    before = await desk.cases.view(member, case.submission_id)
    assert [(pair.is_match, pair.is_rejected) for pair in before.pairs] == [(False, False)]
    assert [found.strength for found in before.accounts_found] == ["possible"]
    await rule(desk, pairs, editor, case, is_same=True)
    after = await desk.cases.view(member, case.submission_id)
    assert [(pair.is_match, pair.is_confirmed) for pair in after.pairs] == [(True, True)]
    assert [found.strength for found in after.accounts_found] == ["near_certain"]
    await doubt(desk.store, await desk.cases.see(member, case.submission_id))
    assert (await desk.cases.view(member, case.submission_id)).pairs[0].is_match


async def test_a_picture_and_itself_cannot_be_told_apart(desk: EditorsDesk, pairs: PhotoPairs) -> None:
    """Nor is there a pair that nobody found, and strangers to the case see none."""
    member = await desk.member()
    await list_fake(desk, member)
    (case,) = await desk.send(member, sent(desk, member, PHOTO))
    (pair,) = await pairs.of_case(member, case.submission_id)
    assert pair.is_same_file
    with pytest.raises(Refusal, match="photo_same_file"):
        await pairs.rule(desk.stage, member, case.submission_id, pair, is_same=False, message_id=9)
    with pytest.raises(Refusal, match="photo_pair_gone"):
        await pairs.one(member, case.submission_id, 1, pair.known.id)
    with pytest.raises(Refusal, match="case_unknown"):
        await pairs.of_case(member, 12345)


async def test_a_withdrawn_case_is_in_no_pair(desk: EditorsDesk) -> None:
    """What was undone counts nowhere, also in cases that had matched it before."""
    member = await desk.member()
    (first,) = await desk.send(member, sent(desk, member, PHOTO))
    (second,) = await desk.send(member, sent(desk, member, MIRRORED))
    async with desk.store.read() as conn:
        assert len(await pairs_of_case(conn, second)) == 1
    await desk.cases.undo(desk.stage, member, first.submission_id, 1)
    await desk.commit()
    async with desk.store.read() as conn:
        assert await pairs_of_case(conn, second) == []


async def test_looking_up_says_where_it_was_seen(desk: EditorsDesk, search: PhotoSearch) -> None:
    """Accounts, cases, how often, from when to when; nothing is filed, and what cannot be read is refused."""
    member = await desk.member()
    await list_fake(desk, member)
    began = desk.clock()
    await desk.send(member, sent(desk, member, picture(5, quality=70)))
    rows = len(await queued(desk.store))
    sha256, found = await search.look(MIRRORED)
    seen = await search.seen(member, sha256, found)
    assert (seen.times, seen.since, seen.last) == (2, began, desk.clock())
    assert ([account.handle for account in seen.accounts], seen.cases, seen.possible) == (["fake212"], (1,), 0)
    assert len(await queued(desk.store)) == rows
    assert not await desk.vault.exists(sha256)
    (one, _) = seen.pairs
    assert await search.pair(member, sha256, one.found) == one
    for data, code in ((b"", "image_empty"), (b"no picture", "image_not_an_image")):
        with pytest.raises(Refusal, match=code):
            await search.look(data)


async def test_a_picture_too_plain_to_tell_is_known_by_its_bytes(desk: EditorsDesk, search: PhotoSearch) -> None:
    """Nothing can be recognised in it; the very same file is."""
    member = await desk.member()
    await desk.send(member, sent(desk, member, blank()))
    seen = await search.seen(member, *await search.look(blank()))
    assert (seen.pairs, seen.times, seen.cases) == ((), 1, (1,))
    assert (await search.seen(member, *await search.look(blank("navy")))).times == 0


async def test_a_pair_is_drawn_by_a_worker(desk: EditorsDesk, analysis: Analysis, pairs: PhotoPairs) -> None:
    """From the vault, or with bytes that were not kept; what is damaged or gone is not shown."""
    member, pictures = await desk.member(), Pictures(desk.vault, analysis)
    await list_fake(desk, member)
    (case,) = await desk.send(member, sent(desk, member, MIRRORED))
    (pair,) = await pairs.of_case(member, case.submission_id)
    for asked in (None, MIRRORED):
        drawn = await pictures.pair(pair, ("K-1", "fake212"), asked)
        assert drawn is not None
        assert Image.open(io.BytesIO(drawn)).format == "JPEG"
    assert await pictures.pair(pair, ("K-1", "fake212"), b"no picture") is None
    assert await pictures.pair(replace(pair, sha256="0" * 64), ("K-1", "fake212")) is None


def misbehaving(*_given: object) -> bytes:
    """Stands for a drawing that goes wrong."""
    raise ValueError("no picture of this")


async def test_a_drawing_that_goes_wrong_ends_with_its_worker(analysis: Analysis) -> None:
    """What it raises arrives as a failure of the analysis; what is no picture is refused before it is drawn."""
    sides = (PhotoSide(label="a"), PhotoSide(label="b"))
    with pytest.raises(AnalysisFailed, match="crashed"):
        await analysis.pair(misbehaving, (PHOTO, MIRRORED), sides, False)
    with pytest.raises(ImageRefused):
        await analysis.pair(photo_pair.picture, (PHOTO, b"GIF89a"), sides, False)
