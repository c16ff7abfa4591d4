"""Pictures that are damaged, hostile or simply many: each is answered, none holds up the others, nothing leaks."""

import asyncio
import io
import resource
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from bot.analysis import Analysis, AnalysisLimits
from bot.documents import photo_pair
from bot.model.newsroom import Newsroom
from bot.model.photo import PhotoSide
from bot.storage.store import Store
from bot.storage.tables import photos
from tests.detection.image import hostile
from tests.services.conftest import EditorsDesk, open_desk
from tests.services.test_analysis import children, resident
from tests.services.test_submissions import picture, rows
from tests.stores import StoppedClock

MEGABYTE = 1 << 20
SIDES = (PhotoSide(label="K-1"), PhotoSide(label="K-2"))
GPS = {1: "N", 2: (42.0, 52.0, 12.25), 3: "E", 4: (74.0, 36.0, 5.5)}


def located(kind: str) -> bytes:
    """A picture that says where it was taken, and on which phone."""
    exif = Image.Exif()
    exif[0x010F] = "Kalkanphone"
    exif.get_ifd(0x8825).update(GPS)
    return hostile.encoded(hostile.drawing(4), kind, exif=exif)


@asynccontextmanager
async def desk_with(
    store: Store, clock: StoppedClock, newsroom: Newsroom, folder: Path, limits: AnalysisLimits
) -> AsyncIterator[EditorsDesk]:
    """A desk whose laboratory has these limits."""
    async with Analysis(limits) as analysis:
        desk = open_desk(store, clock, newsroom, analysis, folder)
        try:
            yield desk
        finally:
            desk.knowledge.close()


async def test_bad_picture_of_an_album_leaves_the_others(desk: EditorsDesk) -> None:
    """Of ten at one go one is cut and one a bomb: eight are known, and the card says what became of the two."""
    member = await desk.member()
    data = [hostile.encoded(hostile.drawing(seed)) for seed in range(10)]
    data[3], data[7] = data[3][: len(data[3]) // 2], hostile.black_bomb(13_000)
    (case,) = await desk.send(member, *(picture(desk, member, each, media_group="ten") for each in data))
    assert len(case.parts) == 10
    assert case.verdict.failures == ("image_truncated", "image_too_many_pixels")
    assert await rows(desk, photos, photos.c.submission_id == case.submission_id) == 8
    assert [await desk.vault.get(part.sha256 or "") for part in case.parts] == data


async def test_animation_is_looked_at_and_said_to_be_one(desk: EditorsDesk) -> None:
    """Its first picture is found again; the finding remarks that there is more."""
    member = await desk.member()
    pages = [hostile.drawing(seed) for seed in (7, 8)]
    moving = hostile.encoded(pages[0], "WEBP", save_all=True, append_images=pages[1:], quality=90)
    (case,) = await desk.send(member, picture(desk, member, moving))
    assert [part.finding.remark for part in case.parts if part.finding] == ["image_moves"]
    desk.clock.tick(60)
    (again,) = await desk.send(member, picture(desk, member, hostile.encoded(pages[0])))
    assert [found.tier for found in again.verdict.photos] == ["match"]
    assert [part.finding.remark for part in again.parts if part.finding] == [None]


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (AnalysisLimits(image_workers=1, image_wall_seconds=0.05), "image_timeout"),
        (AnalysisLimits(image_workers=1, memory_bytes=40 * MEGABYTE), "image_memory"),
    ],
    ids=["time", "memory"],
)
async def test_worker_over_its_limit_is_ended_and_the_case_says_so(
    store: Store, clock: StoppedClock, newsroom: Newsroom, tmp_path: Path, limits: AnalysisLimits, code: str
) -> None:
    """The bytes are kept, the card has the reason, and no worker is left when the desk closes."""
    others = children()
    async with desk_with(store, clock, newsroom, tmp_path, limits) as desk:
        member = await desk.member()
        large = hostile.encoded(hostile.drawing(2, (6000, 4000)), "PNG")
        sent = picture(desk, member, large, file_size=len(large))
        (case,) = await desk.send(member, replace(sent, file=replace(sent.file, size=None)) if sent.file else sent)
        assert case.verdict.failures == (code,)
        assert await desk.vault.get(case.parts[0].sha256 or "") == large
    assert children() <= others


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
async def test_place_of_a_photo_is_never_sent_on(desk: EditorsDesk, analysis: Analysis, kind: str) -> None:
    """The vault keeps where it was taken; neither the copy that is shown nor a pair side by side has it."""
    data = located(kind)
    assert b"Kalkanphone" in data
    member = await desk.member()
    (case,) = await desk.send(member, picture(desk, member, data))
    kept = await desk.vault.get(case.parts[0].sha256 or "")
    assert kept == data
    shown = [await analysis.clean_copy(kept, 1280), await analysis.pair(photo_pair.picture, (kept, kept), SIDES, True)]
    for sent in shown:
        assert b"Kalkanphone" not in sent
        assert b"Exif" not in sent
        assert not Image.open(io.BytesIO(sent)).getexif()


async def test_polyglot_beside_itself_carries_nothing_over(analysis: Analysis) -> None:
    """A pair side by side is drawn of pixels: no script, no archive, no block of the source is in it."""
    dirty = hostile.with_everything(hostile.drawing())
    drawn = await analysis.pair(photo_pair.picture, (dirty, dirty), SIDES, False)
    assert not [mark for mark in hostile.FOREIGN if mark in drawn]


async def test_file_of_twenty_megabytes_is_read(analysis: Analysis) -> None:
    """As large as the Bot API hands out, and a byte less than what is refused: bounded time, no growth here."""
    noise = Image.effect_noise((4400, 4400), 90)
    data = hostile.encoded(noise, "PNG", compress_level=0)
    data += b"\0" * (20 * MEGABYTE - len(data))
    before, started = resident(), time.monotonic()
    assert (await analysis.image(data)).width == 4400
    assert time.monotonic() - started < 8
    assert resident() - before < 60 * MEGABYTE


@pytest.mark.slow
@pytest.mark.alone
async def test_two_hundred_pictures_in_a_minute(
    store: Store, clock: StoppedClock, newsroom: Newsroom, tmp_path: Path
) -> None:
    """Forwarded at once by ten people, they are all looked at by one worker, in bounded time and memory.

    Each is a case of its own or a part of one; this process does not grow by a tenth of what the pictures weigh
    unpacked, and when all is done nobody is left waiting.
    """
    limits = AnalysisLimits(image_workers=1)
    async with desk_with(store, clock, newsroom, tmp_path, limits) as desk:
        people, others = [await desk.member() for _ in range(10)], children()
        sent = [
            (people[n % 10], picture(desk, people[n % 10], hostile.encoded(hostile.drawing(n, (1280, 960)))))
            for n in range(200)
        ]
        before, started, spent = resident(), time.monotonic(), _workers_seconds()
        await asyncio.gather(
            *(desk.submissions.submit(desk.stage, member, incoming, desk.files.fetch) for member, incoming in sent)
        )
        await desk.commit()
        took = time.monotonic() - started
        assert await rows(desk, photos) == 200
        assert resident() - before < 150 * MEGABYTE
        assert took < 180
        assert len(children() - others) <= 1
    print(f"200 pictures: {took:.1f} s, workers {_workers_seconds() - spent:.1f} s")


def _workers_seconds() -> float:
    """Processor seconds of the workers that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
