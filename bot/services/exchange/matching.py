"""What partners say of what stands in a case: looked up when the case is shown, so that what was recalled is gone.

Texts are found through an index, by the fingerprint of the whole text; photos by their hashes, which are held in memory
and read anew when anything of a partner changes. Nothing here is counted, ruled on or stored with a case.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.exchange import PartnerWord
from bot.model.submission import Case
from bot.storage import comments, exchange_items, exchange_partners, photo_descriptions, photos
from bot.storage.exchange_items import HeldItem
from bot.storage.store import Store
from detection.image.foreign import ForeignHash, ForeignHashes
from detection.image.packing import NotADescription, unpack
from detection.text.normalise import NORMALISER_VERSION

log = logging.getLogger(__name__)

#: By which version of which partner something was read.
_Turns = frozenset[tuple[int, int]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shelf:
    """Every photo that partners speak of, as it was at these turns."""

    turns: _Turns
    held: Mapping[int, HeldItem]
    hashes: ForeignHashes


class PartnerWords:
    """Of one newsroom."""

    def __init__(self, store: Store, clock: Clock, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._newsroom_id = newsroom_id
        self._shelf = _Shelf(turns=frozenset(), held={}, hashes=ForeignHashes(()))

    async def of_case(self, case: Case) -> tuple[PartnerWord, ...]:
        """What partners say of its texts and photos, the surest first, each partner's word once of each kind."""
        async with self._store.read() as conn:
            listened = await exchange_partners.listened_to(conn, self._newsroom_id)
            if not listened:
                return ()
            today = self._clock().date()
            found = await self._texts(conn, case, today)
            described = await self._described(conn, case)
            shelf = await self._current(conn, listened) if described else self._shelf
        if described and len(shelf.hashes):
            found += [each for each in await asyncio.to_thread(_seen, shelf, described) if each.said.expires >= today]
        return _words(found, {partner_id: name for partner_id, (name, _) in listened.items()})

    async def _texts(self, conn: AsyncConnection, case: Case, today: date) -> list[HeldItem]:
        keys = {key for key, _ in await comments.keys_of_submission(conn, self._newsroom_id, case.submission_id)}
        if not keys:
            return []
        return await exchange_items.of_texts(conn, self._newsroom_id, keys, NORMALISER_VERSION, today)

    async def _described(self, conn: AsyncConnection, case: Case) -> list[bytes]:
        shas = {each.sha256 for each in await photos.of_submission(conn, case.submission_id)}
        return list((await photo_descriptions.of_pictures(conn, self._newsroom_id, shas)).values())

    async def _current(self, conn: AsyncConnection, listened: Mapping[int, tuple[str, int]]) -> _Shelf:
        turns = frozenset((partner_id, turn) for partner_id, (_, turn) in listened.items())
        if self._shelf.turns != turns:
            held = {each.id: each for each in await exchange_items.photos_of(conn, self._newsroom_id, listened.keys())}
            hashes = await asyncio.to_thread(_hashes, held)
            self._shelf = _Shelf(turns=turns, held=held, hashes=hashes)
        return self._shelf


def _hashes(held: Mapping[int, HeldItem]) -> ForeignHashes:
    return ForeignHashes(
        ForeignHash(ref, h.disc, bytes.fromhex(h.phash), bytes.fromhex(h.mirrored))
        for ref, each in held.items()
        for h in each.said.hashes
    )


def _seen(shelf: _Shelf, described: Iterable[bytes]) -> list[HeldItem]:
    refs: dict[int, None] = {}
    for data in described:
        try:
            refs |= dict.fromkeys(match.ref for match in shelf.hashes.search(unpack(data)))
        except NotADescription:
            log.warning("the description of a picture cannot be read")
    return [shelf.held[ref] for ref in refs]


def _words(found: Iterable[HeldItem], names: Mapping[int, str]) -> tuple[PartnerWord, ...]:
    surest: dict[tuple[int, str], PartnerWord] = {}
    for each in sorted(found, key=lambda held: (-held.said.confidence, held.said.since)):
        said = each.said
        if each.partner_id not in names:
            continue
        word = PartnerWord(
            partner=names[each.partner_id],
            kind=said.kind,
            confidence=said.confidence,
            since=said.since,
            farm=said.farm,
        )
        surest.setdefault((each.partner_id, said.kind.value), word)
    return tuple(surest.values())
