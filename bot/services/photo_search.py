"""Where was this photo seen? Looked up among everything stored; nothing is filed."""

import hashlib
from collections.abc import Sequence

from bot.analysis import AnalysisFailed, ImageRefused
from bot.errors import Refusal
from bot.model.newsroom import Member
from bot.model.photo_pair import PhotoPair, PhotoSeen
from bot.model.verdict import PhotoFound
from bot.services.findings import Findings
from bot.services.photo_pairs import AskedPicture, pairs_of
from bot.storage import accounts, photo_owners, photo_uses
from bot.storage.store import Store


class PhotoSearch:
    """Looks up pictures."""

    def __init__(self, store: Store, findings: Findings) -> None:
        self._store = store
        self._findings = findings

    async def look(self, data: bytes) -> tuple[str, tuple[PhotoFound, ...]]:
        """The SHA-256 of a picture and the stored photos that match it. Raises Refusal when it cannot be read."""
        try:
            outcome = await self._findings.image(data)
        except (ImageRefused, AnalysisFailed) as error:
            raise Refusal(f"image_{error.code}") from error
        return hashlib.sha256(data).hexdigest(), outcome.finding.photos

    async def seen(self, member: Member, sha256: str, found: Sequence[PhotoFound]) -> PhotoSeen:
        """What is known now of a picture that `look` looked up."""
        newsroom_id = member.newsroom_id
        asked = AskedPicture(place=0, sha256=sha256, is_file=True, found=tuple(found))
        async with self._store.read() as conn:
            pairs = [pair for pair in await pairs_of(conn, newsroom_id, [asked]) if not pair.is_rejected]
            same = {sha256, *(pair.known.sha256 for pair in pairs if pair.is_match)}
            uses = await photo_uses.of_pictures(conn, newsroom_id, same)
            owners = await photo_owners.of_pictures(conn, newsroom_id, same)
            used_by = {use.account_id for use in uses if use.account_id is not None}
            listed = await accounts.by_ids(conn, newsroom_id, used_by) if used_by else []
        return PhotoSeen(
            pairs=tuple(pairs),
            times=len(uses),
            since=min((use.at for use in uses), default=None),
            last=max((use.at for use in uses), default=None),
            accounts=tuple(listed),
            cases=tuple(dict.fromkeys(use.case_number for use in uses if use.case_number is not None)),
            owners=tuple(owners.values()),
        )

    async def pair(self, member: Member, sha256: str, found: PhotoFound) -> PhotoPair | None:
        """One of the pairs, as it is known now; None when it is no longer there."""
        seen = await self.seen(member, sha256, [found])
        return next((pair for pair in seen.pairs if pair.found.photo == found.photo), None)
