"""A newsroom with a history, and its backups: the ground of the tests that make, break and restore them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage

from bot.custody.keys import CustodyKeys
from bot.model.backup import MadeBackup, RestoredBackup
from bot.model.custody import CustodyReport
from bot.model.submission import Origin, PartKind
from bot.services.backup.making import BackupMaker, BackupPlaces
from bot.services.backup.restoring import Restorer
from bot.services.custody import Custody
from bot.services.verifying import Verification
from bot.storage.store import Store
from bot.storage.vault import Vault
from tests.detection.image import hostile
from tests.newsroom import message
from tests.services.conftest import EditorsDesk
from tests.stores import sqlite_url

IDENTITY = pyrage.x25519.Identity.generate()
RECIPIENTS = [IDENTITY.to_public()]
SECRET = b"k" * 32
KEYS = CustodyKeys(SECRET)
TEXT = "Сенин үйүңдү өрттөйм"


@dataclass(kw_only=True)
class Backups:
    """Makes backups of a desk, and restores them beside it."""

    desk: EditorsDesk
    folder: Path

    @property
    def maker(self) -> BackupMaker:
        """Of everything that the desk has, and its keys."""
        keys = {name: self.folder / name for name in ("secret.key", "custody.key")}
        for path in keys.values():
            path.write_bytes(SECRET)
        return BackupMaker(self.desk.store, self.desk.clock, BackupPlaces(vault=self.desk.vault, keys=keys))

    async def make(self, recipients: Sequence[Any] = RECIPIENTS) -> MadeBackup:
        """A backup of the desk as it is now."""
        return await self.maker.make(self.folder / "backups", recipients)

    async def restore(self, path: Path, *, place: str = "restored", identity: Any = IDENTITY) -> RestoredBackup:
        """Restored into a folder of its own."""
        restorer = Restorer(self.folder / place, lambda part: Store(sqlite_url(part / "kalkan.sqlite")))
        return await restorer.restore(path, [identity])

    async def work(self, cases: int = 3) -> None:
        """Some cases come in, one with a picture; what they say is numbered in the custody log."""
        member = await self.desk.member()
        for number in range(cases):
            await self.desk.send(member, message(member, self.desk.clock(), f"{TEXT} {number}"))
        made = message(member, self.desk.clock(), "посмотрите", kind=PartKind.PHOTO, origin=Origin())
        assert made.file is not None
        self.desk.files.files[made.file.file_id] = hostile.encoded(hostile.drawing(7))
        await self.desk.send(member, made)
        await self.desk.settle()
        await Custody(self.desk.store, self.desk.clock, KEYS).sequence()

    async def verified(self, store: Store, vault: Vault) -> CustodyReport:
        """What `kalkan verify` finds in a store."""
        return await Verification(store, vault, KEYS, self.desk.newsroom.id).run([])
