"""Pictures sent out for posting: several authors make a campaign, screenshots and profile photos none, people rule."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image, ImageOps

from bot.model.account import AccountEntry
from bot.model.newsroom import Member
from bot.model.rights import Role
from bot.model.screen import ReadScreen
from bot.model.submission import Case, Origin, OriginKind
from bot.services.campaigns import Campaigns
from bot.services.photo_pairs import PhotoPairs
from bot.services.picture_campaigns import PictureCampaigns, enqueue
from bot.services.picture_placing import place_picture
from bot.services.texts import TextIndex
from bot.storage import campaign_pictures
from bot.storage.campaign_pictures import PostedPicture
from bot.storage.tables import campaign_pictures as table
from bot.storage.tables import campaigns as campaigns_table
from tests.detection.image import hostile
from tests.newsroom import queued
from tests.services.conftest import EditorsDesk
from tests.services.test_submissions import picture, rows

MEME = hostile.drawing(21, (640, 480))
OTHER = hostile.drawing(22, (640, 480))


def by(handle: str) -> Origin:
    """Forwarded from this channel."""
    return Origin(kind=OriginKind.CHANNEL, name=handle.title(), handle=handle, telegram_id=-1, post="5")


def pictures_of(desk: EditorsDesk) -> PictureCampaigns:
    return PictureCampaigns(desk.store, desk.clock, desk.knowledge.photos, desk.cases, desk.newsroom.id)


def campaigns_of(desk: EditorsDesk) -> Campaigns:
    return Campaigns(desk.store, desk.clock, TextIndex(desk.store, desk.newsroom.id), desk.newsroom.id)


async def forward(
    desk: EditorsDesk,
    member: Member,
    image: Image.Image,
    origin: Origin,
    screen: ReadScreen | None = None,
    **options: Any,
) -> Case:
    """A forwarded picture, filed and read; what the sweep does comes after."""
    # Beyond a burst; ids are made by the real clock, and the index looks back for 20 seconds by this one.
    desk.clock.tick(3)
    sent = picture(desk, member, hostile.encoded(image, quality=options.pop("quality", 88)), origin=origin, **options)
    (case,) = await desk.send(member, sent)
    async with desk.store.write() as conn:
        await enqueue(conn, desk.newsroom.id, case.parts[-1].id, screen)
    return case


async def sweep(desk: EditorsDesk) -> None:
    while await pictures_of(desk).sweep():
        pass


async def campaign_of(desk: EditorsDesk, member: Member, case: Case) -> str | None:
    return (await desk.cases.view(member, case.submission_id)).picture_campaign


async def test_picture_of_several_authors_becomes_a_campaign(desk: EditorsDesk) -> None:
    """Saved anew, mirrored, cropped a little: one campaign, shown on every case, with its figures."""
    member = await desk.member(Role.EDITOR)
    cropped = MEME.crop((20, 20, 620, 460))
    forms = (MEME, ImageOps.mirror(MEME), cropped)
    posted = [await forward(desk, member, form, by(f"channel{n}")) for n, form in enumerate(forms)]
    await forward(desk, member, OTHER, by("channel9"))
    await sweep(desk)
    assert [await campaign_of(desk, member, case) for case in posted] == ["C-1"] * 3
    assert await rows(desk, campaigns_table) == 1
    view = await campaigns_of(desk).view(member, 1)
    line = view.line
    assert (line.pictures, line.times, line.accounts, line.posts) == (3, 3, 3, 1)
    assert {name for name, _ in view.authors} == {"telegram:channel0", "telegram:channel1", "telegram:channel2"}
    assert line.campaign.first_seen < line.campaign.last_seen
    assert [each.campaign.label for each in await campaigns_of(desk).lines(member, since=None, target=None)] == ["C-1"]
    cards = [row.key for row in await queued(desk.store) if row.key and row.key.startswith("card:")]
    assert {f"card:{case.submission_id}" for case in posted} <= set(cards)


async def test_several_forwards_in_one_breath_meet(desk: EditorsDesk) -> None:
    """Filed in one transaction, none was known when the others were looked up: the sweep finds them all."""
    member = await desk.member(Role.EDITOR)
    sent = [
        picture(desk, member, hostile.encoded(MEME, quality=80 + n), origin=by(f"channel{n}"), media_group="m")
        for n in range(3)
    ]
    (case,) = await desk.send(member, *sent)
    async with desk.store.write() as conn:
        for part in case.parts:
            await enqueue(conn, desk.newsroom.id, part.id, None)
    await sweep(desk)
    assert (await campaigns_of(desk).view(member, 1)).line.accounts == 3


async def test_one_author_makes_no_campaign(desk: EditorsDesk) -> None:
    """Whoever repeats a picture is one account, however often; so is the same channel forwarded by colleagues."""
    member, colleague = await desk.member(Role.EDITOR), await desk.member()
    await forward(desk, member, MEME, by("channel"))
    await forward(desk, colleague, MEME, by("channel"), quality=70)
    await sweep(desk)
    assert await rows(desk, campaigns_table) == 0


@pytest.mark.parametrize("kind", ["profile", "thread", "chat", "unknown"])
async def test_screenshots_make_no_campaign(desk: EditorsDesk, kind: Any) -> None:
    """Two people who show the same page did not post a picture."""
    member = await desk.member(Role.EDITOR)
    for n in range(2):
        await forward(desk, member, MEME, by(f"channel{n}"), ReadScreen(kind=kind, size=(640, 480)))
    await sweep(desk)
    assert await rows(desk, table) == 0


async def test_member_s_own_pictures_make_no_campaign(desk: EditorsDesk) -> None:
    """What members send of their own has no author."""
    for _ in range(2):
        member = await desk.member(Role.EDITOR)
        await forward(desk, member, MEME, Origin())
    await sweep(desk)
    assert await rows(desk, table) == 0


async def test_profile_photo_of_an_account_makes_no_campaign(desk: EditorsDesk) -> None:
    """A fake's photo, posted by several who warn of it, and its mirrored copy."""
    member = await desk.member(Role.EDITOR)
    entry = AccountEntry(platform="facebook", handle="fake212", source="x")
    await desk.accounts.suspect(desk.stage, member, entry, picture=hostile.encoded(MEME))
    await desk.commit()
    for n, form in enumerate((MEME, ImageOps.mirror(MEME), MEME)):
        await forward(desk, member, form, by(f"channel{n}"))
    await sweep(desk)
    assert await rows(desk, campaigns_table) == 0


async def test_part_of_a_collage_is_not_the_picture(desk: EditorsDesk) -> None:
    """A meme that fills a quarter of another picture does not join the two."""
    member = await desk.member(Role.EDITOR)
    collage = Image.new("RGB", (1280, 960), "white")
    for place, form in (((0, 0), MEME), ((640, 0), OTHER), ((0, 480), hostile.drawing(23, (640, 480)))):
        collage.paste(form, place)
    await forward(desk, member, MEME, by("channel0"))
    await forward(desk, member, collage, by("channel1"))
    await sweep(desk)
    assert await rows(desk, campaigns_table) == 0


async def test_not_the_same_photo_is_respected(desk: EditorsDesk) -> None:
    """Told apart, a picture leaves and does not come back; a campaign of one account is none; said again, it joins."""
    member = await desk.member(Role.EDITOR)
    first = await forward(desk, member, MEME, by("channel0"))
    second = await forward(desk, member, ImageOps.mirror(MEME), by("channel1"))
    await sweep(desk)
    assert await campaign_of(desk, member, second) == "C-1"
    pairs = PhotoPairs(desk.store, desk.clock, desk.cases)

    async def rule(*, is_same: bool) -> None:
        (pair,) = await pairs.of_case(member, second.submission_id)
        await pairs.rule(desk.stage, member, second.submission_id, pair, is_same=is_same, message_id=1)
        await desk.commit()
        await sweep(desk)

    await rule(is_same=False)
    assert [await campaign_of(desk, member, case) for case in (first, second)] == [None, None]
    view = await campaigns_of(desk).view(member, 1)
    assert (view.line.times, [event for event, *_ in view.history]) == (0, ["picture_out", "emptied"])
    assert await campaigns_of(desk).lines(member, since=None, target=None) == []
    await rule(is_same=True)
    assert await campaign_of(desk, member, first) == await campaign_of(desk, member, second) == "C-2"


async def test_withdrawn_pictures_do_not_count(desk: EditorsDesk) -> None:
    """What a member takes back is in no figure."""
    member = await desk.member(Role.EDITOR)
    posted = [await forward(desk, member, MEME, by(f"channel{n}"), quality=80 + n) for n in range(3)]
    await sweep(desk)
    await desk.cases.undo(desk.stage, member, posted[0].submission_id, 1)
    await desk.commit()
    assert (await campaigns_of(desk).view(member, 1)).line.accounts == 2


async def test_texts_and_pictures_of_the_same_posts_are_linked(desk: EditorsDesk) -> None:
    """A caption that several accounts post is a campaign of its own, and each names the other."""
    member = await desk.member(Role.EDITOR)
    caption = "Редакция берёт деньги из-за границы, и все об этом давно знают"
    for n in range(2):
        await forward(desk, member, MEME, by(f"channel{n}"), text=caption, quality=80 + n)
    await sweep(desk)
    await campaigns_of(desk).sweep_all()
    views = [await campaigns_of(desk).view(member, number) for number in (1, 2)]
    assert [view.line.pictures for view in views] == [2, 0]
    assert [view.beside for view in views] == [("C-2",), ("C-1",)]
    assert [view.contains for view in views] == [(), ()]


async def test_killed_before_its_place_it_still_waits(desk: EditorsDesk) -> None:
    """Whoever sweeps next places it; placed once, it is not looked at again."""
    member = await desk.member(Role.EDITOR)
    await forward(desk, member, MEME, by("channel0"))
    async with desk.store.read() as conn:
        assert len(await campaign_pictures.waiting(conn, desk.newsroom.id, 9)) == 1
    assert await pictures_of(desk).sweep()
    assert not await pictures_of(desk).sweep()


def posted(photo_id: int, sha: str, author: str, campaign_id: int | None = None) -> PostedPicture:
    """A posting, in a campaign or in none."""
    return PostedPicture(
        photo_id=photo_id,
        submission_id=photo_id,
        sha256=sha,
        author_key=author,
        seen_at=datetime(2026, 11, 3, tzinfo=UTC),
        waiting=True,
        campaign_id=campaign_id,
    )


def test_campaign_with_a_rejected_picture_is_closed() -> None:
    """The next best match is joined instead; what people told apart is no founder either."""
    own, known, rejected = posted(1, "a", "x"), posted(2, "b", "y", 7), posted(3, "c", "z", 7)
    assert place_picture(own, [known], []).joins == 7
    assert place_picture(own, [known, posted(4, "d", "w", 8)], [rejected]).joins == 8
    assert (
        place_picture(own, [replace(rejected, campaign_id=None)], [replace(rejected, campaign_id=None)]).founders == ()
    )
    assert place_picture(own, [posted(5, "e", "x"), posted(6, "f", "v")], []).founders == (1, 5, 6)
