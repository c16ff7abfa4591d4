"""What members send: kept, read, compared and filed with its card, in one transaction, once."""

from typing import Any

import pytest
from PIL import ImageOps

from bot.errors import Outage, Refusal
from bot.model.account import AccountEntry
from bot.model.submission import Incoming, Origin, OriginKind, PartKind, SubmissionState
from bot.storage.tables import comments, photos, submission_parts, submissions, threats
from tests.detection.image import hostile
from tests.newsroom import count, message, queued, typed
from tests.services.conftest import EditorsDesk

PICTURE = hostile.encoded(hostile.drawing(7))
MIRRORED = hostile.encoded(ImageOps.mirror(hostile.drawing(7)), quality=60)
THREAT = "Сенин үйүңдү өрттөйм"
FACEBOOK = Origin(kind=OriginKind.USER, name="Айбек", handle="aibek_tg", telegram_id=555)


def picture(desk: EditorsDesk, member: Any, data: bytes | None = PICTURE, **options: Any) -> Incoming:
    """A photo message whose bytes Telegram holds."""
    made = message(member, desk.clock(), options.pop("text", ""), kind=PartKind.PHOTO, **options)
    if data is not None and made.file is not None:
        desk.files.files[made.file.file_id] = data
    return made


async def rows(desk: EditorsDesk, table: Any, *conditions: Any) -> int:
    async with desk.store.read() as conn:
        return await count(conn, table, *conditions)


async def test_a_forward_becomes_a_case_with_its_card(desk: EditorsDesk) -> None:
    """Part, comment, reaction and card are there together, and the comment is found by the next forward."""
    member = await desk.member()
    (case,) = await desk.send(
        member, message(member, desk.clock(), "Качан чындыкты жазасыңар, жалганчылар", origin=FACEBOOK)
    )
    assert (case.label, case.state, case.verdict.nothing_known) == ("K-1", SubmissionState.CASE, True)
    assert sorted(await queued(desk.store, "kind", "key")) == [
        ("reaction", f"react:{case.submission_id}"),
        ("submission", f"card:{case.submission_id}"),
    ]
    desk.clock.tick(60)
    (again,) = await desk.send(member, message(member, desk.clock(), "качан ЧЫНДЫКТЫ жазасыңар, жалганчылар!!!"))
    assert (again.label, again.verdict.copy_count, again.verdict.copy_accounts) == ("K-2", 1, 1)
    assert again.verdict.copies[0].tier == "copy"
    assert again.verdict.copies[0].account == "telegram:aibek_tg"


async def test_a_threat_is_recorded_with_its_number(desk: EditorsDesk) -> None:
    """A forwarded threat is in the log; the member's own words, whatever they say, are no threat by anybody."""
    member = await desk.member()
    (case,) = await desk.send(member, message(member, desk.clock(), THREAT))
    assert case.verdict.threat.level == "threat"
    desk.clock.tick(60)
    (own,) = await desk.send(member, typed(member, desk.clock(), THREAT))
    assert own.verdict.threat.level == "none"
    assert await rows(desk, threats) == 1
    assert await rows(desk, comments) == 1


async def test_a_hidden_author_is_a_name_only(desk: EditorsDesk) -> None:
    """The comment keeps the name that Telegram shows, and claims no handle."""
    member = await desk.member()
    hidden = Origin(kind=OriginKind.HIDDEN_USER, name="Асан У.")
    (case,) = await desk.send(member, message(member, desk.clock(), "Тарап кеткиле", origin=hidden))
    assert case.parts[0].origin == hidden
    assert (await desk.cases.view(member, case.submission_id)).author == "Асан У."
    assert await rows(desk, comments, comments.c.handle.is_(None), comments.c.author_key == "name:Асан У.") == 1


async def test_a_channel_post_is_its_channel_s(desk: EditorsDesk) -> None:
    """With the post's number, so that the source can be found."""
    member = await desk.member()
    channel = Origin(kind=OriginKind.CHANNEL, name="Каналы", handle="kanaly", telegram_id=-100, post="17")
    await desk.send(member, message(member, desk.clock(), "Окугула", origin=channel))
    assert await rows(desk, comments, comments.c.handle == "kanaly", comments.c.post == "17") == 1


async def test_an_album_is_one_case_and_keeps_its_bytes(desk: EditorsDesk) -> None:
    """Five pictures at one go: one case, five photos, each original byte by byte in the vault."""
    member = await desk.member()
    data = [hostile.encoded(hostile.drawing(seed)) for seed in range(5)]
    album = [picture(desk, member, each, media_group="album") for each in data]
    (case,) = await desk.send(member, *album)
    assert len(case.parts) == 5
    assert [await desk.vault.get(part.sha256 or "") for part in case.parts] == data
    assert await rows(desk, photos, photos.c.submission_id == case.submission_id) == 5
    assert await rows(desk, submissions) == 1


async def test_a_picture_is_filed_before_it_is_read(desk: EditorsDesk) -> None:
    """While its bytes are fetched the part, the case and the card are there; the outage loses nothing."""
    member = await desk.member()
    sent = picture(desk, member)
    desk.files.trouble = Outage("Telegram is down")
    with pytest.raises(Outage):
        await desk.submissions.submit(desk.stage, member, sent, desk.files.fetch)
    assert desk.stage.steps == []
    case = await desk.of(member, sent)
    assert (case.label, case.parts[0].finding, case.parts[0].sha256) == ("K-1", None, None)
    assert len(await queued(desk.store)) == 2

    desk.files.trouble = None
    desk.clock.tick(60)
    (done,) = await desk.send(member, sent)
    assert (done.submission_id, len(done.parts)) == (case.submission_id, 1)
    assert done.parts[0].finding is not None
    assert await rows(desk, photos) == 1


async def test_a_killed_reading_is_taken_up_again(desk: EditorsDesk) -> None:
    """Read, and killed before the commit: the second time it is completed, and there is still one of everything."""
    member = await desk.member()
    sent = picture(desk, member, text=THREAT)
    await desk.submissions.submit(desk.stage, member, sent, desk.files.fetch)
    desk.stage.steps.clear()
    for _ in range(2):
        await desk.send(member, sent)
    assert [await rows(desk, table) for table in (submissions, submission_parts, photos, comments, threats)] == [1] * 5


async def test_a_mirrored_copy_names_the_known_fake(desk: EditorsDesk) -> None:
    """The picture of a listed account, mirrored and saved again: the finding says whose it is, and why."""
    member = await desk.member()
    await desk.accounts.suspect(
        desk.stage, member, AccountEntry(platform="facebook", handle="fake212", source="x"), picture=PICTURE
    )
    await desk.commit()
    (case,) = await desk.send(member, picture(desk, member, MIRRORED))
    (found,) = case.verdict.photos
    assert (found.tier, found.mirrored, found.account) == ("match", True, "facebook:fake212")
    assert [(a.account, a.why, a.strength) for a in case.verdict.accounts] == [
        ("facebook:fake212", "same_photo", "near_certain")
    ]


async def test_a_second_sending_of_a_picture_is_recognised(desk: EditorsDesk) -> None:
    """What a member sent is known at once, also within the same second."""
    member = await desk.member()
    await desk.send(member, picture(desk, member))
    (case,) = await desk.send(member, picture(desk, member, MIRRORED, message_id=990_001))
    assert [found.mirrored for part in case.parts if part.finding for found in part.finding.photos] == [True]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"no picture at all", "image_not_an_image"),
        (PICTURE[: len(PICTURE) // 2], "image_truncated"),
        (hostile.black_bomb(13_000), "image_too_many_pixels"),
        (b"", "image_empty"),
    ],
    ids=["text", "cut", "bomb", "empty"],
)
async def test_a_picture_that_cannot_be_read_is_a_case_all_the_same(desk: EditorsDesk, data: bytes, code: str) -> None:
    """Its bytes are kept as they came, its card says why nothing is known of it, and it is not searched for."""
    member = await desk.member()
    (case,) = await desk.send(member, picture(desk, member, data))
    assert case.verdict.failures[0].startswith("image_")
    assert case.verdict.failures == (code,)
    assert await desk.vault.get(case.parts[0].sha256 or "") == data
    assert await rows(desk, photos) == 0


async def test_too_large_a_file_is_not_even_fetched(desk: EditorsDesk) -> None:
    """Telegram says its size beforehand; what it does not say is fetched."""
    member = await desk.member()
    large = picture(desk, member, file_size=2_000_001)
    (case,) = await desk.send(member, large)
    assert case.verdict.failures == ("image_too_many_bytes",)
    assert desk.files.fetched == []
    (case,) = await desk.send(member, picture(desk, member, file_size=None, message_id=990_002))
    assert len(desk.files.fetched) == 1


async def test_a_refused_fetch_is_said_on_the_card(desk: EditorsDesk) -> None:
    """What Telegram will not hand out is stored as a part that says so; its caption still counts."""
    member = await desk.member()
    desk.files.trouble = Refusal("image_gone")
    (case,) = await desk.send(member, picture(desk, member, text=THREAT))
    assert case.verdict.failures == ("image_gone",)
    assert case.verdict.threat.level == "threat"


async def test_a_caption_of_a_forward_is_a_comment(desk: EditorsDesk) -> None:
    """A forwarded picture with words: the words are compared and the picture is; a caption of one's own is a note."""
    member = await desk.member()
    (case,) = await desk.send(member, picture(desk, member, text=THREAT))
    assert (case.verdict.threat.level, case.note) == ("threat", "")
    assert await rows(desk, comments) == 1
    desk.clock.tick(60)
    own = picture(desk, member, hostile.encoded(hostile.drawing(9)), text=THREAT, origin=Origin())
    (noted,) = await desk.send(member, own)
    assert (noted.verdict.threat.level, noted.note, noted.state) == ("none", THREAT, SubmissionState.CASE)
    assert await rows(desk, comments) == 1


async def test_a_link_in_one_s_own_words_names_the_account(desk: EditorsDesk) -> None:
    """ "Is this a fake? LINK" beside a forward: the listed account is on the card."""
    member = await desk.member()
    await desk.accounts.suspect(desk.stage, member, AccountEntry(platform="facebook", handle="fake.one", source="x"))
    await desk.commit()
    sent = [
        typed(member, desk.clock(), "Бул фейкпи? https://facebook.com/fake.one"),
        message(member, desk.clock(), "Саламатсызбы"),
    ]
    (case,) = await desk.send(member, *sent)
    assert [(a.account, a.strength) for a in case.verdict.accounts] == [("facebook:fake.one", "certain")]
    assert [link.handle for link in case.links] == ["fake.one"]


async def test_what_cannot_be_read_is_stored_too(desk: EditorsDesk) -> None:
    """A voice message is a part of the case, marked as one that nobody reads."""
    member = await desk.member()
    (case,) = await desk.send(member, message(member, desk.clock(), "", kind=PartKind.UNSUPPORTED))
    assert (case.label, case.verdict.failures) == ("K-1", ("unsupported",))


async def test_words_before_and_after_make_one_case(desk: EditorsDesk) -> None:
    """A note, five forwards and a picture within two seconds: ONE case, one card, one reaction on the first."""
    member = await desk.member()
    sent = [
        typed(member, desk.clock(), "Карагылачы"),
        *(message(member, desk.clock(), f"Комментарий номер {n} про редакцию") for n in range(5)),
        picture(desk, member),
    ]
    for incoming in sent:
        await desk.send(member, incoming)
        desk.clock.tick(1)
    case = await desk.of(member, sent[0])
    assert (len(case.parts), case.note, case.label) == (7, "Карагылачы", "K-1")
    assert [kind for (kind,) in await queued(desk.store, "kind")] == ["submission", "reaction"]


async def test_hundred_members_in_one_batch(desk: EditorsDesk) -> None:
    """A batch of many members files each with their own, all in one transaction."""
    people = [await desk.member() for _ in range(20)]
    for person in people:
        for n in range(3):
            incoming = message(person, desk.clock(), f"Текст {n} от {person.telegram_id} про выборы")
            await desk.submissions.submit(desk.stage, person, incoming, desk.files.fetch)
    assert await rows(desk, submission_parts) == 0
    await desk.commit()
    assert await rows(desk, submission_parts) == 60
    assert await rows(desk, submissions) == 20
    assert len(await queued(desk.store)) == 40
