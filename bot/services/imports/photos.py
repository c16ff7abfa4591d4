"""Imports photos from a folder or a ZIP; a photo is called by its file name."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.model.photo import PhotoFacts
from bot.services.batchfiles.ahead import batches
from bot.services.batchfiles.pictures import PictureFile, open_pictures
from bot.services.imports.origin import Origin, origin_of
from bot.services.imports.pictures import sha256_of, take
from bot.services.imports.room import ImportRoom, Problem, Tally, Watch
from bot.storage import photos, sayings
from bot.storage.importing import photos_there
from bot.storage.photo_sayings import PHOTO
from bot.storage.photos import NewPhoto
from bot.storage.sayings import Said

# Pictures of one transaction, and bytes of them held in memory at once.
_PICTURES: Final = 200
_HELD_BYTES: Final = 64_000_000
_READ_AHEAD: Final = 4
_MOST_SOURCE: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class _Named:
    """Bytes with the name that they go by."""

    source: str
    data: bytes


async def import_photos(room: ImportRoom, path: Path, watch: Watch) -> Tally:
    """Store the photos of a folder or a ZIP. Raises Refusal when it is neither."""
    tally = Tally(batch=room.batch_name(path))
    origin = await origin_of(room, "photos", path, tally.batch)
    with open_pictures(path, room.image_bytes) as pictures:
        total = len(pictures.names)
        done = 0
        async for group in _groups(pictures):
            await _store(origin, group, tally, watch)
            done += len(group)
            watch.progress(done, total)
    async with room.store.write() as conn:
        await room.note(conn, "photos", tally.batch, tally)
    return tally


async def _groups(pictures: Iterable[PictureFile]) -> AsyncIterator[list[PictureFile]]:
    """Pictures in lists that fit into memory."""
    group: list[PictureFile] = []
    held = 0
    async with aclosing(batches(pictures, _READ_AHEAD)) as read:
        async for few in read:
            group += few
            held += sum(len(picture.data or b"") for picture in few)
            if len(group) >= _PICTURES or held >= _HELD_BYTES:
                yield group
                group, held = [], 0
    if group:
        yield group


async def _store(origin: Origin, group: Sequence[PictureFile], tally: Tally, watch: Watch) -> None:
    room = origin.room
    fresh, again = await _fresh(room, _readable(group, tally, watch))
    taken = await take(room, [named.data for named in fresh])
    new: list[NewPhoto] = []
    for named, each in zip(fresh, taken, strict=True):
        photo = each.photo(room.newsroom_id, named.source)
        if photo is None:
            _refuse(named.source, each.error or "image_unreadable", tally, watch)
        else:
            new.append(photo)
    async with room.store.write() as conn:
        file_id, now = await origin.file_id(conn), room.clock()
        added = await photos.add(conn, new, now)
        await sayings.add(conn, room.newsroom_id, PHOTO.noun, file_id, [(photo_id, {}) for photo_id in added], now)
        # What a list shows of an account goes and comes with the list.
        said: list[tuple[int, Said]] = [(photo.id, {}) for photo in again if photo.account_id is None]
        heard = await sayings.hear(conn, room.newsroom_id, PHOTO, file_id, said, now)
        tally.same += len(again) - len(said)
    tally.added += len(new)
    for is_news in heard:
        tally.count("changed" if is_news else "same")


def _readable(group: Sequence[PictureFile], tally: Tally, watch: Watch) -> list[_Named]:
    named = []
    for picture in group:
        if picture.data is None:
            _refuse(picture.name, picture.error or "image_unreadable", tally, watch)
        else:
            named.append(_Named(source=picture.name[-_MOST_SOURCE:], data=picture.data))
    return named


async def _fresh(room: ImportRoom, named: Sequence[_Named]) -> tuple[list[_Named], list[PhotoFacts]]:
    """Those that are not stored yet under this name; and the photos that are."""
    shas = [sha256_of(each.data) for each in named]
    async with room.store.read() as conn:
        found = await photos_there(conn, room.newsroom_id, set(shas))
    there = {(photo.sha256, photo.source): photo for photo in reversed(found)}
    keys = [(sha, each.source) for sha, each in zip(shas, named, strict=True)]
    fresh = [each for key, each in zip(keys, named, strict=True) if key not in there]
    return fresh, [there[key] for key in keys if key in there]


def _refuse(name: str, code: str, tally: Tally, watch: Watch) -> None:
    watch.problem(Problem(place=name, code=code))
    tally.refused += 1
