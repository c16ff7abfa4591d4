"""Pictures: kept with what they are found by, and copied clean when they are sent on: no metadata, no foreign byte."""

from dataclasses import dataclass
from typing import Protocol

from bot.analysis import Analysis, AnalysisFailed, ImageRefused
from bot.documents import photo_pair
from bot.errors import Refusal
from bot.model.photo import PhotoSide, corners
from bot.model.photo_pair import PhotoPair
from bot.storage.vault import Vault, VaultCorrupt, VaultMissing

_SIDE = 1280


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptPicture:
    """A picture in the vault, with what it will be found by."""

    sha256: str
    description: bytes
    width: int
    height: int


class WorkingCopies(Protocol):
    """Knows the small copies of originals that are sealed."""

    async def copy_of(self, sha256: str) -> str | None:
        """The SHA-256 of an original's working copy; None when there is none."""


class Pictures:
    """The vault's pictures."""

    def __init__(self, vault: Vault, analysis: Analysis, copies: WorkingCopies | None = None) -> None:
        self._vault = vault
        self._analysis = analysis
        self._copies = copies

    async def keep(self, data: bytes) -> KeptPicture:
        """Store a picture. Raises Refusal when it cannot be read."""
        try:
            read = await self._analysis.image(data)
        except (ImageRefused, AnalysisFailed) as error:
            raise Refusal(f"image_{error.code}") from error
        digest = await self._vault.put(data)
        return KeptPicture(sha256=digest.sha256, description=read.packed, width=read.width, height=read.height)

    async def keep_stored(self, sha256: str) -> KeptPicture:
        """What is kept of a picture whose bytes are in the vault. Raises Refusal when it cannot be read."""
        try:
            return await self.keep(await self._shown(sha256))
        except (VaultMissing, VaultCorrupt) as error:
            raise Refusal("image_missing") from error

    async def pair(self, pair: PhotoPair, labels: tuple[str, str], asked: bytes | None = None) -> bytes | None:
        """A JPEG of a pair side by side, under these words; None when it cannot be shown.

        `asked` are the bytes of the picture that is asked about, when they are not in the vault.
        """
        found, known = pair.found, pair.known
        sides = (
            PhotoSide(label=labels[0], frame=found.frame or corners(found.region)),
            PhotoSide(label=labels[1], frame=found.known_frame or corners((0, 0, known.width, known.height))),
        )
        try:
            own = asked if asked is not None else await self._shown(pair.sha256)
            pictures = (own, await self._shown(known.sha256))
            return await self._analysis.pair(photo_pair.picture, pictures, sides, found.mirrored)
        except (ImageRefused, AnalysisFailed, VaultMissing, VaultCorrupt):
            return None

    async def clean(self, sha256: str) -> bytes | None:
        """A clean JPEG of a stored picture; None when it cannot be shown."""
        try:
            return await self._analysis.clean_copy(await self._shown(sha256), _SIDE)
        except (ImageRefused, AnalysisFailed, VaultMissing, VaultCorrupt):
            return None

    async def _shown(self, sha256: str) -> bytes:
        """An original, or the working copy of one that only the leads can open. Raises VaultMissing, VaultCorrupt."""
        try:
            return await self._vault.get(sha256)
        except VaultMissing:
            copy = await self._copies.copy_of(sha256) if self._copies is not None else None
            if copy is None:
                raise
            return await self._vault.get(copy)
