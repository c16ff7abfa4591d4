"""What this newsroom could say: everything that editors ruled on, as hashes under names that only we can make.

It is gathered as anybody may see it: nothing of a restricted case is in it, and no person, account, target or word.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.custody.keys import CustodyKeys
from bot.model.exchange import EARLIEST, MOST_HASHES, MOST_ITEMS, ItemKind, SharedHash, SharedItem
from bot.model.viewer import Viewer
from bot.services.photo_vouching import doubtful
from bot.storage import exchange_sources, photo_descriptions
from bot.storage.exchange_sources import FarmSource, PhotoSource, TextSource
from bot.storage.need_to_know import looking_as
from bot.storage.store import Store
from detection.image.foreign import telling
from detection.image.packing import NotADescription, unpack
from detection.text.normalise import NORMALISER_VERSION, key

#: What a photo of an account is said to be worth that two people confirmed, in percent. A convention: what is left is
#: that the owner from whom it was stolen uses it as well.
PHOTO_CONFIDENCE: Final = 90
#: Descriptions read at a time, some 15 KB each.
_AT_ONCE: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Gathered:
    """What could be said, the newest first.

    `holds` are the names of all of it, those for which one file has no place included; `pictures` the SHA-256 of the
    bytes behind each photo item.
    """

    items: Sequence[SharedItem]
    holds: frozenset[str]
    pictures: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sources:
    photos: Sequence[PhotoSource]
    texts: Sequence[TextSource]
    farms: Sequence[FarmSource]


class Gathering:
    """Of one newsroom."""

    def __init__(self, store: Store, clock: Clock, keys: CustodyKeys, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._keys = keys
        self._newsroom_id = newsroom_id
        # Hashes of the pictures that were told last: to unpack a description takes a millisecond.
        self._known: dict[str, tuple[SharedHash, ...]] = {}

    async def gather(self, days: int) -> Gathered:
        """Everything that may be said now, to hold for so many days."""
        with looking_as(Viewer(newsroom_id=self._newsroom_id)):
            sources = await self._sources()
            by_picture = {each.sha256: each for each in reversed(sources.photos)}
            newest = sorted(by_picture, key=lambda sha256: by_picture[sha256].since, reverse=True)[:MOST_ITEMS]
            hashes = await self._hashes(newest)
        expires = self._clock().date() + timedelta(days=days)
        farm_of = {member: self._name("farm", each.farm_id) for each in sources.farms for member in each.members}
        items = [
            *(self._photo(by_picture[sha256], told, farm_of, expires) for sha256, told in hashes.items()),
            *(self._text(each, farm_of, expires) for each in sources.texts if _is_plain(each)),
            *(self._farm(each, expires) for each in sources.farms),
        ]
        pictures = {self._name("photo", sha256): sha256 for sha256 in by_picture}
        return Gathered(
            items=sorted(items, key=lambda each: (each.since, each.id), reverse=True),
            holds=frozenset({*pictures, *(each.id for each in items)}),
            pictures=pictures,
        )

    async def _sources(self) -> _Sources:
        async with self._store.read() as conn:
            photos = await exchange_sources.photos_to_share(conn, self._newsroom_id)
            # A picture that one person put to a confirmed account afterwards accuses nobody.
            alone = await doubtful(conn, self._newsroom_id, {each.account_id for each in photos}) if photos else ()
            return _Sources(
                photos=[each for each in photos if each.photo_id not in alone],
                texts=await exchange_sources.texts_to_share(conn, self._newsroom_id),
                farms=await exchange_sources.farms_to_share(conn, self._newsroom_id),
            )

    async def _hashes(self, shas: Sequence[str]) -> dict[str, tuple[SharedHash, ...]]:
        """The hashes by which each picture is told; pages, and pictures that say too little, are left out."""
        new = [sha256 for sha256 in shas if sha256 not in self._known]
        found = {sha256: self._known[sha256] for sha256 in shas if sha256 in self._known}
        for start in range(0, len(new), _AT_ONCE):
            async with self._store.read() as conn:
                some = await photo_descriptions.of_pictures(conn, self._newsroom_id, new[start : start + _AT_ONCE])
            found |= await asyncio.to_thread(_told, some)
        self._known = found
        return {sha256: told for sha256, told in found.items() if told}

    def _photo(
        self, source: PhotoSource, hashes: tuple[SharedHash, ...], farm_of: Mapping[int, str], expires: date
    ) -> SharedItem:
        return SharedItem(
            id=self._name("photo", source.sha256),
            kind=ItemKind.PHOTO,
            confidence=PHOTO_CONFIDENCE,
            since=_day_of(source.since),
            expires=expires,
            farm=farm_of.get(source.account_id),
            hashes=hashes,
        )

    def _text(self, source: TextSource, farm_of: Mapping[int, str], expires: date) -> SharedItem:
        farms = {farm_of.get(each) for each in source.fakes}
        return SharedItem(
            id=self._name("text", f"{NORMALISER_VERSION}/{source.text_key}"),
            kind=ItemKind.TEXT,
            # How many of the accounts that posted it are fakes by the word of two people.
            confidence=min(100, round(100 * len(source.fakes) / source.accounts)),
            since=_day_of(source.since),
            expires=expires,
            farm=farms.pop() if len(farms) == 1 else None,
            text_key=source.text_key,
            normaliser=NORMALISER_VERSION,
        )

    def _farm(self, source: FarmSource, expires: date) -> SharedItem:
        return SharedItem(
            id=self._name("farm", source.farm_id),
            kind=ItemKind.FARM,
            confidence=max(0, min(100, source.confidence)),
            since=_day_of(source.since),
            expires=expires,
        )

    def _name(self, noun: str, of: str | int) -> str:
        return self._keys.exchange_name(self._newsroom_id, noun, str(of))


def _day_of(moment: datetime) -> date:
    """The day alone: an hour could tell which case it was. No file speaks of days before it could be."""
    return max(moment.date(), EARLIEST)


def _is_plain(source: TextSource) -> bool:
    """Whether a text has the fingerprint that everybody's Kalkan would give it: one of sealed words has not."""
    return source.accounts > 0 and key(source.words.replace(" ", "")) == source.text_key


def _told(described: Mapping[str, bytes]) -> dict[str, tuple[SharedHash, ...]]:
    found = {}
    for sha256, data in described.items():
        try:
            hashes = telling(unpack(data), MOST_HASHES)
        except NotADescription:
            continue
        found[sha256] = tuple(
            SharedHash(disc=each.disc, phash=each.phash.hex(), mirrored=each.mirrored.hex()) for each in hashes
        )
    return found
