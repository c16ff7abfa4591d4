"""The indexes follow the store, also when another process writes, and forget what was withdrawn."""

from dataclasses import replace

import pytest

from bot.model.account import AccountEntry
from bot.model.newsroom import Newsroom
from bot.model.staff import StaffKind
from bot.model.verdict import Finding
from bot.services.findings import Author, TextQuery
from bot.storage import accounts, comments, photos, staff
from bot.storage.accounts import Keys, Listing
from bot.storage.comments import NewComment
from bot.storage.photos import NewPhoto
from detection.image.describing import describe
from detection.image.packing import pack, unpack
from detection.text.fingerprints import packed
from detection.text.normalise import key, normalise
from tests.detection.image import hostile
from tests.newsroom import message
from tests.services.conftest import EditorsDesk

TEXTS = (
    "Редакция получает деньги из-за границы и врёт народу каждый день",
    "Журналисты этого сайта продались и пишут неправду о президенте",
    "Бул кабарчылар чет өлкөдөн акча алып, элди алдап жатышат",
)


def stored(newsroom: Newsroom, text: str, **said: object) -> NewComment:
    """A comment as an import stores it."""
    read = normalise(text)
    plain = NewComment(
        newsroom_id=newsroom.id,
        text=text,
        words=read.words,
        text_key=key(read.skeleton),
        prints=packed(read.skeleton),
        source=text[:9],
    )
    return replace(plain, **said)


async def add(desk: EditorsDesk, *texts: str) -> list[int]:
    """Store comments as another process would: without a word to the indexes."""
    async with desk.store.write() as conn:
        return await comments.add(conn, [stored(desk.newsroom, text) for text in texts], desk.clock())


async def found(desk: EditorsDesk, text: str, **query: object) -> Finding:
    return (await desk.findings.text(replace(TextQuery(text=text), **query))).finding


async def test_what_another_process_stores_is_found(desk: EditorsDesk) -> None:
    """At once, the same text as well as an edited one: the index is the store."""
    await found(desk, "кайрылуу")
    await add(desk, TEXTS[0])
    near = TEXTS[0].replace("каждый", "всякий")
    assert (await found(desk, TEXTS[0])).copy_count == 1
    assert [copy.tier for copy in (await found(desk, near)).copies] == ["copy"]


async def test_withdrawn_texts_are_forgotten(desk: EditorsDesk) -> None:
    """At once, by the exact search and by the near one."""
    ids = await add(desk, *TEXTS)
    near = TEXTS[1].replace("президенте", "министре")
    assert len((await found(desk, near)).copies) == 1
    async with desk.store.write() as conn:
        await conn.execute(comments.t.update().where(comments.t.c.id == ids[1]).values(withdrawn_at=desk.clock()))
    assert (await found(desk, near)).copies == ()
    assert (await found(desk, TEXTS[1])).copies == ()
    assert (await found(desk, TEXTS[1])).copy_count == 0


async def test_photos_are_found_and_forgotten(desk: EditorsDesk) -> None:
    """Stored by another process: known after a second, unknown a second after they were withdrawn."""
    picture = hostile.drawing(21)
    found_by = pack(describe(picture))
    row = NewPhoto(
        newsroom_id=desk.newsroom.id, sha256="a" * 64, description=found_by, width=4, height=3, source="1.jpg"
    )
    data = hostile.encoded(picture)
    assert (await desk.findings.image(data)).finding.photos == ()
    async with desk.store.write() as conn:
        (photo_id,) = await photos.add(conn, [row], desk.clock())
    desk.clock.tick()
    assert [p.source for p in (await desk.findings.image(data)).finding.photos] == ["1.jpg"]
    async with desk.store.write() as conn:
        await conn.execute(photos.t.update().where(photos.t.c.id == photo_id).values(withdrawn_at=desk.clock()))
    desk.clock.tick()
    assert (await desk.findings.image(data)).finding.photos == ()


async def test_a_flat_picture_matches_nothing(desk: EditorsDesk) -> None:
    """A white page has no face to be recognised by."""
    outcome = await desk.findings.image(hostile.encoded(hostile.Image.new("RGB", (300, 300), "white")))
    assert (unpack(outcome.description).regions, outcome.finding.photos) == ((), ())


async def test_accounts_are_found_by_handle_and_name(desk: EditorsDesk) -> None:
    """By handle for certain, by name possibly only, in the script of another language; and with changed names anew."""
    listing = Listing(newsroom_id=desk.newsroom.id, member_id=None, lister="x", batch=None, at=desk.clock())
    entry = AccountEntry(platform="facebook", handle="Fake.One", names=("Айбек Мамытов",))
    async with desk.store.write() as conn:
        keys = Keys(handle="fake.one", names={"Айбек Мамытов": "айбек мамытов"})
        account_id, _ = await accounts.put(conn, entry, keys, listing)
    by_handle = await found(desk, "салам", author=Author(platform="facebook", handle="FAKE.one"))
    by_name = await found(desk, "салам", author=Author(name="Aibek Mamytov"))
    assert [(a.account_id, a.strength) for a in by_handle.accounts] == [(account_id, "certain")]
    assert [(a.account_id, a.strength) for a in by_name.accounts] == [(account_id, "possible")]
    assert (await found(desk, "салам", author=Author(name="Бакыт Асанов"))).accounts == ()


async def test_staff_are_targets(desk: EditorsDesk) -> None:
    """A name from the list is known to the threat detector a second later."""
    text = "Айгүл Сатыбалдиеваны өлтүрөм"
    await found(desk, text)
    async with desk.store.write() as conn:
        await staff.put(conn, desk.newsroom.id, StaffKind.PERSON, "Айгүл Сатыбалдиева", None, (), desk.clock())
        (person,) = await staff.all_of(conn, desk.newsroom.id)
    desk.clock.tick()
    assert person.id in {target.staff for target in (await found(desk, text)).threat.targets}


async def test_a_submission_does_not_copy_itself(desk: EditorsDesk) -> None:
    """What is skipped is counted neither exactly nor nearly."""

    member = await desk.member()
    (case,) = await desk.send(member, message(member, desk.clock(), TEXTS[0]))
    assert (await found(desk, TEXTS[0], skip=case.submission_id)).copies == ()
    assert (await found(desk, TEXTS[0])).copy_count == 1


@pytest.mark.parametrize("text", ["", "   ", "🙂", "\u200b", "x" * 20_000, "\ud800"])
async def test_odd_texts_yield_a_finding(desk: EditorsDesk, text: str) -> None:
    """Nothing to read, too much of it, or half a character: an answer, never an error."""
    assert isinstance(await found(desk, text), Finding)
