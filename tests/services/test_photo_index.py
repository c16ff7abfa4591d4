"""The index of photos follows the store: it finds what was stored, and its folder may be lost."""

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import cast

import pytest
from PIL import Image, ImageOps

from bot.analysis import Analysis
from bot.model.newsroom import Newsroom
from bot.services.photo_index import PhotoIndex
from bot.simulator.avatars import avatar
from bot.storage import photo_descriptions
from bot.storage.store import Store
from detection.image.describing import describe
from detection.image.packing import pack
from tests.newsroom import make_newsroom
from tests.services.rooms import InlineAnalysis
from tests.stores import StoppedClock

MakeIndex = Callable[[Path | None], PhotoIndex]


@pytest.fixture
async def newsroom(store: Store, clock: StoppedClock) -> Newsroom:
    """A newsroom with nothing in it."""
    return await make_newsroom(store, clock())


@pytest.fixture
async def make_index(store: Store, clock: StoppedClock, newsroom: Newsroom) -> AsyncIterator[MakeIndex]:
    """Opens indexes, and closes them."""
    made: list[PhotoIndex] = []

    def make(folder: Path | None) -> PhotoIndex:
        made.append(PhotoIndex(store, clock, cast(Analysis, InlineAnalysis()), newsroom.id, folder))
        return made[-1]

    yield make
    for index in made:
        index.close()


def face(seed: int) -> Image.Image:
    return avatar(seed, 256).convert("RGB")


async def keep(store: Store, newsroom: Newsroom, *seeds: int) -> dict[int, int]:
    """Store descriptions of drawn portraits; the description's id of each."""
    async with store.write() as conn:
        await photo_descriptions.add(conn, newsroom.id, {f"{seed:064d}": pack(describe(face(seed))) for seed in seeds})
        known = await photo_descriptions.ids(conn, newsroom.id)
        shas = await photo_descriptions.pictures_of(conn, newsroom.id, known)
    return {int(sha): ref for ref, sha in shas.items()}


async def found(index: PhotoIndex, seed: int) -> list[int]:
    """The refs that the mirrored, cropped portrait matches."""
    await index.refresh()
    edited = ImageOps.mirror(face(seed)).crop((12, 8, 250, 240))
    return [each.ref for each in await index.search(describe(edited)) if each.tier == "match"]


async def test_a_mirrored_crop_is_found_as_soon_as_its_photo_is_stored(
    store: Store, newsroom: Newsroom, make_index: MakeIndex, tmp_path: Path
) -> None:
    """Also one that another process stores later; a photo that nobody stored is not found."""
    index = make_index(tmp_path / "index")
    assert await found(index, 1) == []
    known = await keep(store, newsroom, 1, 2)
    assert await found(index, 1) == [known[1]]
    known = await keep(store, newsroom, 3)
    assert await found(index, 3) == [known[3]]
    assert await found(index, 9) == []


async def test_the_folder_may_be_lost(store: Store, newsroom: Newsroom, make_index: MakeIndex, tmp_path: Path) -> None:
    """Reopened, the index has what it had; with its folder gone or damaged it is filled from the store."""
    known = await keep(store, newsroom, *range(5))
    first = make_index(tmp_path / "index")
    assert await found(first, 4) == [known[4]]
    first.close()
    again = make_index(tmp_path / "index")
    assert await found(again, 4) == [known[4]]
    again.close()
    for file in (tmp_path / "index").glob("*.segment"):
        file.write_bytes(file.read_bytes()[:-3])
    damaged = make_index(tmp_path / "index")
    assert await found(damaged, 2) == [known[2]]
    damaged.close()
    shutil.rmtree(tmp_path / "index")
    assert await found(make_index(tmp_path / "index"), 0) == [known[0]]


async def test_two_processes_may_have_the_folder_open(
    store: Store, newsroom: Newsroom, make_index: MakeIndex, tmp_path: Path
) -> None:
    """One of them writes it; both find everything."""
    known = await keep(store, newsroom, 1)
    indexes = [make_index(tmp_path / "index") for _ in range(2)]
    for index in indexes:
        assert await found(index, 1) == [known[1]]


async def test_another_newsrooms_photos_are_not_seen(
    store: Store, clock: StoppedClock, newsroom: Newsroom, make_index: MakeIndex
) -> None:
    """Not even that somebody met the same photo."""
    other = await make_newsroom(store, clock())
    await keep(store, other, 1)
    assert await found(make_index(None), 1) == []


async def test_what_cannot_be_read_is_passed_over(
    store: Store, newsroom: Newsroom, make_index: MakeIndex, caplog: pytest.LogCaptureFixture
) -> None:
    """A damaged description costs one photo, and the log says which."""
    known = await keep(store, newsroom, 1)
    async with store.write() as conn:
        await photo_descriptions.add(conn, newsroom.id, {"f" * 64: b"nonsense"})
    assert await found(make_index(None), 1) == [known[1]]
    assert "cannot be read" in caplog.text
