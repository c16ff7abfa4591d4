"""What newsrooms tell each other: only what people ruled on, never people; looked at first, recalled, withdrawn."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.custody.envelopes import public_of
from bot.errors import Refusal
from bot.model.account import AccountStatus
from bot.model.exchange import Issuer, ItemKind, Standing
from bot.model.rights import Role
from bot.model.submission import Case, SubmissionState
from bot.services.exchange.keys import key_line, read_key_line
from bot.storage import comments, photos, restrictions
from bot.storage.photos import NewPhoto
from bot.storage.store import Store
from bot.storage.tables import stock_phrases
from detection.text.normalise import key
from tests.campaign_ground import words_of
from tests.exchange_ground import FAKES, STRANGER, TEXT, House, described, file_of, house, text_item
from tests.newsroom import make_member, message
from tests.services.conftest import EditorsDesk
from tests.stores import StoppedClock

OTHER = Issuer(name="Башка", key=public_of(STRANGER.exchange_key(1)))
Build = Callable[[str, bytes], Awaitable[House]]


@pytest.fixture
def build(store: Store, clock: StoppedClock, tmp_path: Path) -> Build:
    """Makes a newsroom with an exchange."""
    return lambda name, secret: house(store, clock, tmp_path, name, secret)


@pytest.fixture
async def alatoo(build: Build) -> House:
    """A newsroom that ruled on two fakes, their campaign and their farm."""
    made = await build("Ала-Тоо", b"a")
    await made.lists(*FAKES)
    await made.campaign(TEXT, *FAKES, "honest")
    await made.farm(*FAKES)
    return made


@pytest.fixture
async def kloop(build: Build, alatoo: House) -> House:
    """A newsroom that listens to it."""
    made = await build("Клооп", b"b")
    await made.exchange.partners.trust(read_key_line(key_line(alatoo.issuer)))
    return made


async def taken_in(reader: House, data: bytes) -> None:
    """A file is read and applied."""
    await reader.exchange.into.apply(await reader.exchange.into.read(data))


async def refused(act: Awaitable[object]) -> str:
    """The code with which something was refused."""
    with pytest.raises(Refusal) as refusal:
        await act
    return refusal.value.code


async def test_only_rulings_leave_and_never_people(alatoo: House) -> None:
    """Two photos, one text, one farm; no handle, name, word or id of anybody stands anywhere in the file."""
    await alatoo.lists("suspect", status=AccountStatus.SUSPECTED, seed=40)
    await alatoo.campaign("Бир гана адам жазган сөз, кайталанбаган текст", "suspect", "honest")
    made = await alatoo.exchange.out.make(None)
    said = json.loads(made.data)
    assert sorted(each["kind"] for each in said["items"]) == ["farm", "photo", "photo", "text"]
    assert set(said) == {"format", "version", "issuer", "sequence", "made_at", "items", "revoked", "signature"}
    names = {name for each in said["items"] for name in each}
    assert names <= {
        *("id", "kind", "confidence", "since", "expires", "farm", "hashes", "fingerprint", "normaliser"),
    }
    (farm,) = [each["id"] for each in said["items"] if each["kind"] == "farm"]
    assert {each.get("farm") for each in said["items"] if each["kind"] != "farm"} == {farm}
    text = made.data.decode()
    for secret in (*FAKES, "honest", "Атайын", "Талант", "vk", words_of(TEXT)[:12], *map(str, alatoo.ids.values())):
        assert secret not in text


async def test_a_campaign_of_one_fake_and_phrases_of_everybody_stay(alatoo: House) -> None:
    """One confirmed account makes no campaign; what editors put on the never-match list is nobody's."""
    await alatoo.campaign("Ушул сөздү бир фейк жана бир адам жазды, башкасы жок", FAKES[0], "honest")
    member = await make_member(alatoo.store, alatoo.newsroom, alatoo.clock())
    row = {"id": 5, "newsroom_id": alatoo.newsroom.id, "text_key": key(words_of(TEXT).replace(" ", "")), "text": TEXT}
    async with alatoo.store.write() as conn:
        await conn.execute(sa.insert(stock_phrases), [row | {"member_id": member.id, "added_at": alatoo.clock()}])
    assert (await alatoo.exchange.out.preview()).texts == 0


async def test_nothing_of_a_restricted_case_leaves(desk: EditorsDesk) -> None:
    """A photo and a campaign that only a restricted case shows are not in the file; unrestricted, they are."""
    own = await house(desk.store, desk.clock, desk.vault.root, "тек", b"a", desk.newsroom)
    lead = await desk.member(Role.SECURITY)
    (case,) = await desk.send(lead, message(lead, desk.clock(), "Бир кат"))
    await own.lists(*FAKES)
    async with own.store.write() as conn:
        shown = NewPhoto(
            newsroom_id=own.newsroom.id,
            sha256="f" * 64,
            description=described(77),
            width=320,
            height=320,
            source="telegram",
            account_id=own.ids[FAKES[0]],
            submission_id=case.submission_id,
        )
        await photos.add(conn, [shown], own.clock())
    await own.campaign(TEXT, *FAKES, submission_id=case.submission_id)
    before = await own.exchange.out.preview()
    assert (before.photos, before.texts) == (3, 1)
    async with own.store.write() as conn:
        await restrictions.put(conn, own.newsroom.id, case.submission_id, lead.id, own.clock())
        who = {lead.id: lead.name}
        await restrictions.name(conn, own.newsroom.id, case.submission_id, who, lead.id, own.clock())
    after = await own.exchange.out.preview()
    assert (after.photos, after.texts) == (2, 0)
    assert len(json.loads((await own.exchange.out.make(lead)).data)["items"]) == 2


async def test_a_look_changes_nothing_and_an_unknown_key_never_does(alatoo: House, kloop: House, build: Build) -> None:
    """The counts come first; who does not listen can look, and cannot take it in."""
    data = (await alatoo.exchange.out.make(None)).data
    shown = await kloop.exchange.into.preview(await kloop.exchange.into.read(data))
    assert (shown.standing, shown.added, shown.changed, shown.recalled) == (Standing.TRUSTED, 4, 0, 0)
    assert (await kloop.exchange.partners.everyone())[0].items == 0
    await taken_in(kloop, data)
    assert (await kloop.exchange.partners.everyone())[0].items == 4
    other = await build("Азаттык", b"c")
    seen = await other.exchange.into.preview(await other.exchange.into.read(data))
    assert (seen.standing, seen.may_apply) == (Standing.UNKNOWN, False)
    assert await refused(taken_in(other, data)) == "exchange_unknown_key"
    assert await refused(taken_in(alatoo, data)) == "exchange_unknown_key"


async def test_older_files_and_the_same_one_again_are_refused(alatoo: House, kloop: House) -> None:
    """Whoever replays a file brings nothing back that was recalled since."""
    first = (await alatoo.exchange.out.make(None)).data
    await alatoo.rules(FAKES[0], AccountStatus.CLEARED)
    alatoo.clock.tick()
    second = (await alatoo.exchange.out.make(None)).data
    await taken_in(kloop, second)
    for data in (first, second):
        assert await refused(taken_in(kloop, data)) == "exchange_old"


async def test_what_no_longer_holds_is_recalled(alatoo: House, kloop: House) -> None:
    """A cleared account: its photo, and the campaign and farm that one fake alone does not make, are recalled."""
    await taken_in(kloop, (await alatoo.exchange.out.make(None)).data)
    await alatoo.rules(FAKES[0], AccountStatus.CLEARED)
    alatoo.clock.tick()
    made = await alatoo.exchange.out.make(None)
    assert (made.preview.photos, made.preview.recalled) == (1, 3)
    shown = await kloop.exchange.into.preview(await kloop.exchange.into.read(made.data))
    assert (shown.recalled, shown.added) == (3, 0)
    await taken_in(kloop, made.data)
    assert (await kloop.exchange.partners.everyone())[0].items == 1
    await alatoo.rules(FAKES[0], AccountStatus.CONFIRMED)
    alatoo.clock.tick()
    again = await alatoo.exchange.out.make(None)
    assert (again.preview.fresh, again.preview.recalled) == (3, 0)
    await taken_in(kloop, again.data)
    assert (await kloop.exchange.partners.everyone())[0].items == 4


async def seen(reader: EditorsDesk, alatoo: House, *, text: str = TEXT) -> tuple[Case, House]:
    """A member of the reader's newsroom forwards the campaign's text."""
    member = await reader.member()
    (case,) = await reader.send(member, message(member, reader.clock(), text))
    assert case.state in (SubmissionState.CASE, SubmissionState.GROWING)
    own = await house(reader.store, reader.clock, reader.vault.root, "окурман", b"b", reader.newsroom)
    await own.exchange.partners.trust(alatoo.issuer)
    return case, own


async def test_a_case_meets_a_partners_word_until_it_goes(desk: EditorsDesk, alatoo: House) -> None:
    """Text in disguise is known; withdrawn it is not, put back it is, and with its day it ends."""
    case, own = await seen(desk, alatoo, text=TEXT.upper().replace("О", "O"))
    assert await own.exchange.words.of_case(case) == ()
    await taken_in(own, (await alatoo.exchange.out.make(None, 30)).data)
    (word,) = await own.exchange.words.of_case(case)
    assert (word.partner, word.kind, word.confidence) == ("Ала-Тоо", ItemKind.TEXT, 67)
    (partner,) = await own.exchange.partners.everyone()
    await own.exchange.partners.withdraw(partner.id, back=False)
    assert await own.exchange.words.of_case(case) == ()
    await own.exchange.partners.withdraw(partner.id, back=True)
    assert len(await own.exchange.words.of_case(case)) == 1
    desk.clock.tick(30 * 86_400)
    assert len(await own.exchange.words.of_case(case)) == 1
    desk.clock.tick(86_400)
    assert await own.exchange.words.of_case(case) == ()


async def test_a_mirrored_photo_is_known(desk: EditorsDesk, alatoo: House) -> None:
    """By its hashes alone, mirrored too; a stranger's face is not; nothing is counted as ours."""
    case, own = await seen(desk, alatoo, text="Таптакыр башка сөз, эч кимдики эмес")
    await taken_in(own, (await alatoo.exchange.out.make(None)).data)
    async with desk.store.write() as conn:
        shown = NewPhoto(
            newsroom_id=desk.newsroom.id,
            sha256="e" * 64,
            description=described(60),
            width=320,
            height=320,
            source="telegram",
            submission_id=case.submission_id,
        )
        await photos.add(conn, [shown], desk.clock())
    assert await own.exchange.words.of_case(case) == ()
    async with desk.store.write() as conn:
        await photos.withdraw(conn, case.submission_id, desk.clock())
        await photos.add(conn, [replace(shown, sha256="d" * 64, description=described(3))], desk.clock())
    (word,) = await own.exchange.words.of_case(case)
    assert (word.kind, word.partner) == (ItemKind.PHOTO, "Ала-Тоо")
    async with desk.store.read() as conn:
        assert (await comments.count_by_keys(conn, desk.newsroom.id, [key(words_of(TEXT).replace(" ", ""))])).times == 0


async def test_another_normaliser_and_what_expired_are_not_taken(alatoo: House, kloop: House) -> None:
    """They are counted for whoever looks."""
    del alatoo
    partner = await kloop.exchange.partners.trust(
        Issuer(name="Башка", key=public_of(STRANGER.exchange_key(1))), "Башка"
    )
    old = text_item(id="b" * 32, expires=kloop.clock().date().replace(year=2025))
    data = file_of(text_item(), old, replace(text_item(id="c" * 32), normaliser=99))
    shown = await kloop.exchange.into.preview(await kloop.exchange.into.read(data))
    assert (shown.known_as, shown.added, shown.expired, shown.foreign) == (partner.name, 1, 1, 1)


async def test_a_name_belongs_to_one_key(alatoo: House, kloop: House) -> None:
    """Nobody comes in under a partner's name; our own key and a nameless one are refused."""
    assert await refused(kloop.exchange.partners.trust(OTHER, "ала-тоо")) == "exchange_name_taken"
    assert await refused(kloop.exchange.partners.trust(kloop.issuer)) == "exchange_own_key"
    assert await refused(kloop.exchange.partners.trust(OTHER, "\u202e")) == "exchange_name_needed"
    assert (await kloop.exchange.partners.named(alatoo.newsroom.name)).name == "Ала-Тоо"


async def test_nothing_to_say_is_no_file(build: Build) -> None:
    """A new newsroom has nothing to share, and no item holds for three years."""
    own = await build("Жаңы", b"n")
    assert await refused(own.exchange.out.make(None)) == "exchange_empty"
    assert await refused(own.exchange.out.make(None, 1_000)) == "exchange_days"
