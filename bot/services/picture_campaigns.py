"""Pictures sent out for posting become campaigns: those that match as a whole and come from several authors.

Pictures wait until it is known that they are no screenshots. Searching happens while nothing is locked; what was found
is looked at again inside a short transaction. Killed in between, the picture still waits.
"""

import logging
from collections.abc import Sequence
from typing import Final, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.analysis import AnalysisFailed
from bot.clock import Clock
from bot.model.ids import new_id
from bot.model.newsroom import Member
from bot.model.screen import ReadScreen
from bot.model.submission import Case, OriginKind
from bot.services.findings import author_key
from bot.services.picture_placing import has_several, place_picture
from bot.services.submissions import author_of_origin
from bot.storage import campaign_pictures, campaigns, cases, history, photo_descriptions, photo_rulings, photos, texts
from bot.storage.campaign_pictures import NewPicture, PostedPicture
from bot.storage.store import Store
from detection import thresholds
from detection.image.description import Description
from detection.image.findings import PhotoFinding
from detection.image.geometry import Polygon, area
from detection.image.packing import NotADescription, unpack

log = logging.getLogger(__name__)

_FORWARDED: Final = frozenset({OriginKind.USER, OriginKind.HIDDEN_USER, OriginKind.CHAT, OriginKind.CHANNEL})


class PhotoSearch(Protocol):
    """What finds the stored pictures that a picture resembles."""

    async def refresh(self) -> None:
        """Take in what was stored since."""

    async def search(self, described: Description) -> list[PhotoFinding]:
        """The known pictures that are or may be in a picture, surest first. Raises AnalysisFailed."""


class CaseDesk(Protocol):
    """Whose card shows a case."""

    async def refresh_card(self, conn: AsyncConnection, case: Case) -> Member | None:
        """Bring the reporter's card up to date."""


class PictureCampaigns:
    """Works off the pictures that wait for their campaign."""

    def __init__(self, store: Store, clock: Clock, index: PhotoSearch, cases: CaseDesk, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._index = index
        self._cases = cases
        self._newsroom_id = newsroom_id

    async def sweep(self) -> bool:
        """Place the next picture; False when none waits, or nothing can be searched just now."""
        async with self._store.read() as conn:
            waiting = await campaign_pictures.waiting(conn, self._newsroom_id, 1)
        if not waiting:
            return False
        (picture,) = waiting
        try:
            alike = await self._alike(picture.sha256)
        except AnalysisFailed as failure:
            log.warning("a picture could not be compared: %s", failure.code)
            if failure.code == "stopped":
                return False
            alike = []
        async with self._store.write() as conn:
            await self._place(conn, picture.photo_id, [picture.sha256, *alike] if alike is not None else [])
        return True

    async def _alike(self, sha256: str) -> list[str] | None:
        """The pictures that are the same as a whole, best first; None when it is a page or some account's own photo."""
        described = await self._described(sha256)
        if described is None:
            return []
        if described.page:
            return None
        await self._index.refresh()
        size = described.width * described.height
        found = [each for each in await self._index.search(described) if _is_whole(each, each.region, size)]
        async with self._store.read() as conn:
            named = await photo_descriptions.pictures_of(conn, self._newsroom_id, [each.ref for each in found])
            facts = await photos.of_pictures(conn, self._newsroom_id, {sha256, *named.values()})
        sizes = {each.sha256: each.width * each.height for each in facts}
        whole = [
            name
            for each in found
            if (name := named.get(each.ref)) in sizes and _is_whole(each, each.known_region, sizes[name or ""])
        ]
        own = {each.sha256 for each in facts if each.account_id is not None}
        return None if own & {sha256, *whole} else [each for each in whole if each != sha256]

    async def _described(self, sha256: str) -> Description | None:
        async with self._store.read() as conn:
            data = await photo_descriptions.of_picture(conn, self._newsroom_id, sha256)
        try:
            return unpack(data) if data is not None else None
        except NotADescription:
            return None

    async def _place(self, conn: AsyncConnection, photo_id: int, shas: Sequence[str]) -> None:
        newsroom_id = self._newsroom_id
        await texts.lock(conn, newsroom_id)
        alike = sorted(await campaign_pictures.of_pictures(conn, newsroom_id, shas), key=lambda p: shas.index(p.sha256))
        own = next((each for each in alike if each.photo_id == photo_id), None)
        await campaign_pictures.set_waiting(conn, newsroom_id, [photo_id], False)
        if own is None or own.campaign_id is not None:
            return
        placement = place_picture(own, alike, await _rejected(conn, newsroom_id, own.sha256))
        if placement.joins is not None:
            await self._put(conn, [photo_id], placement.joins)
        elif placement.founders:
            campaign_id = new_id()
            await campaigns.found(conn, newsroom_id, [campaign_id], self._clock())
            await self._put(conn, placement.founders, campaign_id)

    async def _put(self, conn: AsyncConnection, photo_ids: Sequence[int], campaign_id: int) -> None:
        await campaign_pictures.put(conn, self._newsroom_id, photo_ids, campaign_id)
        await campaign_pictures.set_waiting(conn, self._newsroom_id, photo_ids, False)
        held = await describe(conn, self._newsroom_id, campaign_id)
        for submission_id in {each.submission_id for each in held if each.photo_id in set(photo_ids)}:
            case = await cases.by_submission(conn, self._newsroom_id, submission_id)
            if case is not None:
                await self._cases.refresh_card(conn, case)


async def enqueue(conn: AsyncConnection, newsroom_id: int, part_id: int, screen: ReadScreen | None) -> None:
    """Have the picture of a part placed, if it was posted by somebody, is no screenshot and no account's own photo."""
    if screen is not None and screen.kind != "none":
        return
    sent = await campaign_pictures.of_part(conn, newsroom_id, part_id)
    if sent is None or sent.is_profile or sent.origin.kind not in _FORWARDED:
        return
    author = author_of_origin(sent.origin)
    key = author_key(author)
    if key is None:
        return
    picture = NewPicture(
        photo_id=sent.photo_id,
        newsroom_id=newsroom_id,
        submission_id=sent.submission_id,
        sha256=sent.sha256,
        platform=author.platform,
        handle=author.handle,
        author=author.name,
        author_key=key,
        post=sent.origin.post,
        seen_at=sent.origin.sent_at or sent.sent_at,
    )
    await campaign_pictures.add(conn, [picture])


async def follow_ruling(
    conn: AsyncConnection, member: Member, pair: tuple[str, str], is_same: bool, clock: Clock
) -> None:
    """What a person said of two pictures, the asked one first: told apart, it leaves; the same, it looks again."""
    newsroom_id = member.newsroom_id
    await texts.lock(conn, newsroom_id)
    posted = await campaign_pictures.of_pictures(conn, newsroom_id, pair)
    if is_same:
        alone = [each.photo_id for each in posted if each.campaign_id is None]
        await campaign_pictures.set_waiting(conn, newsroom_id, alone, True)
        return
    asked = [each for each in posted if each.sha256 == pair[0]]
    shared = {each.campaign_id for each in asked} & {each.campaign_id for each in posted if each.sha256 == pair[1]}
    for campaign_id in sorted(i for i in shared if i is not None):
        gone = [each.photo_id for each in asked if each.campaign_id == campaign_id]
        await campaign_pictures.put(conn, newsroom_id, gone, None)
        await campaign_pictures.set_waiting(conn, newsroom_id, gone, True)
        subject = ("campaign", campaign_id)
        await history.note(conn, newsroom_id, member.id, subject, "picture_out", clock(), photos=gone)
        left = await describe(conn, newsroom_id, campaign_id)
        if not has_several(left):
            rest = [each.photo_id for each in left]
            await campaign_pictures.put(conn, newsroom_id, rest, None)
            await history.note(conn, newsroom_id, None, subject, "emptied", clock(), photos=rest)


async def describe(conn: AsyncConnection, newsroom_id: int, campaign_id: int) -> list[PostedPicture]:
    """Say from when to when a campaign's pictures were seen; it has no name. Returns them."""
    held = await campaign_pictures.of_campaign(conn, newsroom_id, campaign_id)
    if held:
        seen = [each.seen_at for each in held]
        await campaigns.describe(conn, newsroom_id, campaign_id, "", min(seen), max(seen))
    return held


async def _rejected(conn: AsyncConnection, newsroom_id: int, sha256: str) -> list[PostedPicture]:
    rulings = await photo_rulings.among(conn, newsroom_id, [sha256])
    others = {name for pair, ruling in rulings.items() if not ruling.is_same for name in pair} - {sha256}
    return await campaign_pictures.of_pictures(conn, newsroom_id, others)


def _is_whole(found: PhotoFinding, region: Polygon, size: int) -> bool:
    return found.tier == "match" and area(region) >= thresholds.PHOTO_SAME_PICTURE * size
