"""Pictures on their way into the archive: looked at in the workers, kept in the vault, then filed a batch at a time."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from bot.analysis import AnalysisFailed, ImageFinding, ImageRefused
from bot.model.photo import PhotoFacts
from bot.services.imports.room import ImportRoom
from bot.storage.photos import NewPhoto


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A picture that is in the vault and was looked at; or the code of why it is not."""

    sha256: str
    finding: ImageFinding | None = None
    error: str | None = None

    def photo(self, newsroom_id: int, source: str, account_id: int | None = None) -> NewPhoto | None:
        """The photo to be stored."""
        if self.finding is None:
            return None
        return NewPhoto(
            newsroom_id=newsroom_id,
            sha256=self.sha256,
            description=self.finding.packed,
            width=self.finding.width,
            height=self.finding.height,
            source=source,
            account_id=account_id,
        )


def sha256_of(data: bytes) -> str:
    """The name under which the vault keeps these bytes."""
    return hashlib.sha256(data).hexdigest()


def again(known: PhotoFacts, newsroom_id: int, source: str, account_id: int | None) -> NewPhoto:
    """A stored photo once more, for another account that uses it: nothing has to be looked at again."""
    return NewPhoto(
        newsroom_id=newsroom_id,
        sha256=known.sha256,
        description=None,
        width=known.width,
        height=known.height,
        source=source,
        account_id=account_id,
    )


async def take(room: ImportRoom, pictures: Sequence[bytes]) -> list[Taken]:
    """Look at pictures and keep those that are fit to be seen, many at a time."""
    return list(await asyncio.gather(*(_take(room, data) for data in pictures)))


async def _take(room: ImportRoom, data: bytes) -> Taken:
    sha256 = await asyncio.to_thread(sha256_of, data)
    try:
        finding = await room.analysis.image(data)
    except (ImageRefused, AnalysisFailed) as failure:
        return Taken(sha256=sha256, error=f"image_{failure.code}")
    await room.vault.put(data)
    return Taken(sha256=sha256, finding=finding)
