"""A custody log to try things on: an SQLite file as the product makes it, its key, and a checkpoint held outside."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.custody.keys import CustodyKeys
from bot.model.custody import CustodyReport
from bot.services.custody import Custody
from bot.services.verifying import Verification
from bot.storage import custody, newsrooms
from bot.storage.custody import NewEntry
from bot.storage.store import Store
from bot.storage.vault import Vault

KEYS = CustodyKeys(b"custody secret of the benchmarks!")
START = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)
WORDS = "Жүргүлө, Азаттыкты өрттөйбүз: бүгүн кечинде чогулабыз. "


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """A log of `size` lines in a file, and the signed note of its end."""

    file: Path
    vault: Vault
    newsroom_id: int
    size: int
    note: str

    def copy(self, name: str) -> Path:
        """The file once more, to be spoilt."""
        path = self.file.with_name(name)
        shutil.copy(self.file, path)
        return path

    async def report(self, file: Path, anchors: Sequence[str]) -> CustodyReport:
        """What the product's own check says of a file."""
        store = Store(f"sqlite+aiosqlite:///{file}")
        try:
            return await Verification(store, self.vault, KEYS, self.newsroom_id).run(anchors)
        finally:
            await store.close()


async def lay(folder: Path, size: int, subjects: int = 20) -> Ground:
    """A log of so many lines about so many subjects."""
    file, vault = folder / "log.sqlite", Vault(folder / "vault")
    store = Store(f"sqlite+aiosqlite:///{file}")
    try:
        await store.migrate()
        async with store.write() as conn:
            newsroom = await newsrooms.add(conn, "Ак-Булак", "Asia/Bishkek", "ru", START)
        kept = await vault.put(b"the bytes of a picture")
        for first in range(0, size, 5_000):
            rows = [_entry(newsroom.id, n, subjects, kept.sha256) for n in range(first, min(size, first + 5_000))]
            async with store.write() as conn:
                await custody.put(conn, rows)
        log = Custody(store, lambda: START, KEYS)
        await log.sequence()
        made = await log.checkpoint(newsroom.id)
        assert made is not None
        return Ground(file=file, vault=vault, newsroom_id=newsroom.id, size=made.size, note=made.note)
    finally:
        await store.close()


def _entry(newsroom_id: int, number: int, subjects: int, sha256: str) -> NewEntry:
    body = {"part": number, "text": WORDS, "sha256": sha256, "by": number % 7}
    at = START + timedelta(seconds=number)
    return NewEntry(newsroom_id=newsroom_id, kind="kept", noun="submission", row_id=number % subjects, body=body, at=at)
