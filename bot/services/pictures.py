"""Pictures: kept with their hashes, and copied clean when they are sent on: no metadata, no foreign byte."""

from dataclasses import dataclass

from bot.analysis import Analysis, AnalysisFailed, ImageRefused
from bot.errors import Refusal
from bot.storage.vault import Vault, VaultCorrupt, VaultMissing
from detection.image.matching import known_photos

_SIDE = 1280


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptPicture:
    """A picture in the vault, with what it will be found by (None: too flat to tell)."""

    sha256: str
    hashes: bytes | None
    width: int
    height: int


class Pictures:
    """The vault's pictures."""

    def __init__(self, vault: Vault, analysis: Analysis) -> None:
        self._vault = vault
        self._analysis = analysis

    async def keep(self, data: bytes) -> KeptPicture:
        """Store a picture. Raises Refusal when it cannot be read."""
        try:
            read = await self._analysis.image(data)
        except (ImageRefused, AnalysisFailed) as error:
            raise Refusal(f"image_{error.code}") from error
        digest = await self._vault.put(data)
        hashes = b"".join(known.phash for known in known_photos(0, read.print))
        return KeptPicture(sha256=digest.sha256, hashes=hashes or None, width=read.width, height=read.height)

    async def clean(self, sha256: str) -> bytes | None:
        """A clean JPEG of a stored picture; None when it cannot be shown."""
        try:
            return await self._analysis.clean_copy(await self._vault.get(sha256), _SIDE)
        except (ImageRefused, AnalysisFailed, VaultMissing, VaultCorrupt):
            return None
