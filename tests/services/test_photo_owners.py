"""Owners of stolen photos: what a member's words say, who may correct them, and that a new picture is found again."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis import Analysis
from bot.errors import Refusal
from bot.model.photo_owner import OwnerEntry
from bot.model.rights import Role
from bot.services.photo_owners import PhotoOwners, read_owner
from bot.services.pictures import Pictures
from bot.storage import photo_owners, photo_uses
from tests.newsroom import message, said
from tests.services.conftest import EditorsDesk
from tests.services.rooms import picture

FULL = OwnerEntry(name="Жылдыз А.", profile="https://vk.com/real", how="өзү жазды", note="чалуу керек")


@pytest.fixture
def owners(desk: EditorsDesk, analysis: Analysis) -> PhotoOwners:
    pictures = Pictures(desk.vault, analysis)
    return PhotoOwners(desk.store, desk.clock, desk.knowledge, desk.cases, pictures)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("Жылдыз А.", OwnerEntry(name="Жылдыз А.")),
        ("Жылдыз А. https://vk.com/real", OwnerEntry(name="Жылдыз А.", profile="https://vk.com/real")),
        ("https://vk.com/real\nЖылдыз А.", OwnerEntry(name="Жылдыз А.", profile="https://vk.com/real")),
        ("Жылдыз А., https://vk.com/real\nкантип: өзү жазды\nэскертүү: чалуу керек", FULL),
        ("аты: Жылдыз А.\nhttps://vk.com/real\nHow: өзү жазды\nчалуу керек", FULL),
    ],
)
def test_the_lines_of_owner_are_read(text: str, entry: OwnerEntry) -> None:
    """Name, link, how and note, in any of three languages; a line without a label is a note."""
    assert read_owner(text) == entry


@pytest.mark.parametrize("text", ["", "https://vk.com/real", "—\n12345", "how: өзү жазды"])
def test_an_owner_has_a_name(text: str) -> None:
    """A link or a number alone is nobody."""
    with pytest.raises(Refusal, match="owner_name_missing"):
        read_owner(text)


@given(st.text())
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    """No words break it, and what is read fits its columns."""
    entry = None
    with suppress(Refusal):
        entry = read_owner(text)
    if entry is not None:
        assert 0 < len(entry.name) <= 200
        assert all(len(part) <= 2000 for part in (entry.profile, entry.how, entry.note) if part)


async def test_two_questions_lead_to_an_owner(desk: EditorsDesk, owners: PhotoOwners) -> None:
    """First who it is, then how that is known; "-" says nothing. A picture nobody had sent is found from then on."""
    member = await desk.member()
    sha256 = await owners.picture_of_bytes(picture(5))
    await owners.ask(desk.stage, member, sha256)
    await desk.commit()
    first = await desk.dialogs.of(member)
    assert first is not None
    await owners.answer(desk.stage, member, first, "Жылдыз А. https://vk.com/real\nэскертүү: чалуу керек")
    await desk.commit()
    second = await desk.dialogs.of(member)
    assert second is not None
    assert (first.kind, second.kind) == ("owner", "owner_how")
    await owners.answer(desk.stage, member, second, "өзү жазды")
    await desk.commit()
    assert await desk.dialogs.of(member) is None
    assert await said(desk.store, member) == ["ask_owner", "ask_owner_how", "owner_kept"]
    known = await owners.of(member, sha256)
    assert known is not None
    assert (known.entry, known.member_id) == (FULL, member.id)
    outcome = await desk.findings.image(picture(5, mirrored=True))
    assert [(found.tier, found.owner, found.account) for found in outcome.finding.photos] == [
        ("match", "Жылдыз А.", None)
    ]


async def test_nothing_to_say_is_an_answer(desk: EditorsDesk, owners: PhotoOwners) -> None:
    """Whoever does not know how, says so."""
    member = await desk.member()
    sha256 = await owners.picture_of_bytes(picture(5))
    await owners.ask(desk.stage, member, sha256)
    await desk.commit()
    for text in ("Жылдыз А.", "-"):
        asked = await desk.dialogs.of(member)
        assert asked is not None
        await owners.answer(desk.stage, member, asked, text)
        await desk.commit()
    known = await owners.of(member, sha256)
    assert known is not None
    assert known.entry == OwnerEntry(name="Жылдыз А.")


async def test_anothers_word_is_for_an_editor(desk: EditorsDesk, owners: PhotoOwners) -> None:
    """Whoever recorded it may correct it, and so may editors and security leads; each word stays in the history."""
    member, colleague, editor = [await desk.member(role) for role in (Role.JOURNALIST, Role.ADMIN, Role.EDITOR)]
    sha256 = await owners.picture_of_bytes(picture(5))
    await owners.record(desk.stage, member, sha256, FULL)
    await owners.record(desk.stage, member, sha256, FULL)
    await desk.commit()
    for act in (owners.ask(desk.stage, colleague, sha256), owners.record(desk.stage, colleague, sha256, None)):
        with pytest.raises(Refusal, match="owner_of_others"):
            await act
    assert desk.stage.steps == []
    for who, entry in ((member, OwnerEntry(name="Айнура")), (editor, None)):
        await owners.record(desk.stage, who, sha256, entry)
        await desk.commit()
    assert await owners.of(member, sha256) is None
    async with desk.store.read() as conn:
        story = await photo_owners.story(conn, member.newsroom_id, sha256)
        assert [owner.entry and owner.entry.name for owner in story] == ["Жылдыз А.", "Айнура", None]
        assert len(await photo_uses.of_pictures(conn, member.newsroom_id, [sha256])) == 1
    assert await said(desk.store) == ["owner_kept", "owner_same", "owner_kept", "owner_forgotten"]


async def test_a_case_names_its_one_picture(desk: EditorsDesk, owners: PhotoOwners) -> None:
    """A case without a picture, or with two, leaves open which is meant; a photo that is gone is told."""
    member = await desk.member()
    await desk.send(member, message(member, desk.clock()))
    with pytest.raises(Refusal, match="owner_photo_missing"):
        await owners.picture_of_case(member, 1)
    with pytest.raises(Refusal, match="case_unknown"):
        await owners.picture_of_case(member, 2)
    with pytest.raises(Refusal, match="photo_unknown"):
        await owners.picture_of_photo(member, 1)
