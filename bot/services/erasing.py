"""Erases all of a case, so that nothing of it can be read again here: rows, index, waiting messages, bytes, keys.

The custody log keeps its lines and proofs, says who erased it on what ground, and can open nothing of it any more.
Backups from before hold it until they expire (docs/backups.md).
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.analysis import Analysis, TextPrints
from bot.clock import Clock
from bot.errors import Refusal
from bot.services.custody import Custody
from bot.storage import cases, erasing, member_erasing
from bot.storage import custody as custody_archive
from bot.storage.case_rows import TOUCHED, CaseRows, rows_of_case
from bot.storage.custody import NewEntry
from bot.storage.store import Store
from bot.storage.tables import outbox_messages
from bot.storage.vault import Vault

log = logging.getLogger(__name__)

_TOUCHED: Final = tuple(each.name for each in TOUCHED)
#: Bytes removed at a time.
_AT_A_TIME: Final = 100


class Erasure:
    """Of one newsroom. `forgotten` is called when photos may have left."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        custody: Custody,
        vault: Vault,
        analysis: Analysis,
        newsroom_id: int,
        forgotten: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._custody = custody
        self._vault = vault
        self._analysis = analysis
        self._newsroom_id = newsroom_id
        self._forgotten = forgotten
        self._soiled: set[str] = set()

    async def number(self, number: int, by: int | None, ground: str) -> None:
        """Erase case K-number. Raises Refusal."""
        async with self._store.read() as conn:
            case = await cases.by_number(conn, self._newsroom_id, number)
        if case is None:
            raise Refusal("case_unknown")
        await self.case(case.submission_id, by, ground)

    async def case(self, submission_id: int, by: int | None, ground: str) -> None:
        """Erase a case: in one transaction, with the line of the custody log that says so. Raises Refusal."""
        prints = await self.prepared(submission_id)
        async with self._store.write() as conn:
            await self.apply(conn, submission_id, prints, by, ground)
        self.soil()

    async def prepared(self, submission_id: int) -> Mapping[int, bytes]:
        """What is computed before the transaction: the fingerprints under which its texts stand in the index."""
        async with self._store.read() as conn:
            seen = await rows_of_case(conn, self._newsroom_id, submission_id)
        return await self._prints(seen.words)

    async def apply(
        self, conn: AsyncConnection, submission_id: int, prints: Mapping[int, bytes], by: int | None, ground: str
    ) -> None:
        """Erase it within somebody's transaction; `soil` is called once that is committed."""
        rows = await rows_of_case(conn, self._newsroom_id, submission_id)
        if not prints.keys() >= rows.words.keys():
            # A message came to it meanwhile.
            raise Refusal("case_growing")
        await self._log_again(conn, rows)
        await self._custody.erase_with(conn, self._newsroom_id, rows.all_subjects, by, ground)
        await erasing.erase(conn, rows, prints, self._clock())

    async def _log_again(self, conn: AsyncConnection, rows: CaseRows) -> None:
        """Say under another case what stands for an original that both hold."""
        told = await erasing.sealings(conn, rows)
        entries = [
            NewEntry(
                newsroom_id=self._newsroom_id,
                kind="kept",
                noun="submission",
                row_id=submission_id,
                body={"sha256": age, "of": sha256},
                at=self._clock(),
            )
            for sha256, age, submission_id in told
        ]
        await custody_archive.put(conn, entries)

    def soil(self, tables: Iterable[Table] = TOUCHED) -> None:
        """Something was erased from these tables: what is left of it between rows is still to be overwritten."""
        self._soiled |= {each.name for each in tables}
        self._forgotten()

    async def settle(self) -> None:
        """Remove the bytes, and have the database forget what it overwrote, if something was erased since.

        What still had to reach a chat whose number is nobody's any more is forgotten as soon as it went.
        """
        if await self._forget_farewells():
            self._soiled.add(outbox_messages.name)
        if not self._soiled:
            return
        names, self._soiled = sorted(self._soiled), set()
        await self.remove_files()
        await self.compact(names)

    async def _forget_farewells(self) -> int:
        async with self._store.read() as conn:
            if not await member_erasing.has_gone_out(conn, self._newsroom_id):
                return 0
        async with self._store.write() as conn:
            return await member_erasing.forget_farewells(conn, self._newsroom_id)

    async def remove_files(self) -> int:
        """Remove bytes that no row needs any more; returns how many. What a backup holds just now waits."""
        async with self._store.read() as conn:
            noted = await erasing.removals(conn, self._newsroom_id, _AT_A_TIME)
        gone = 0
        for sha256 in noted:
            # The writer's turn is held: nobody writes down meanwhile that the bytes are needed.
            async with self._store.write() as conn:
                is_needed = await erasing.still_needed(conn, sha256)
                if is_needed or await self._vault.remove(sha256):
                    await erasing.removed(conn, self._newsroom_id, sha256)
                    gone += not is_needed
        return gone

    async def compact(self, names: Iterable[str] = _TOUCHED) -> None:
        """Leave nothing of it in free pages, dead rows or the write-ahead log; writers wait meanwhile."""
        await self._store.compact([*names, *(each.name for each in erasing.KEYS)])

    async def _prints(self, words: Mapping[int, str]) -> dict[int, bytes]:
        texts: Sequence[str] = list(words.values())
        found = await self._analysis.prints(texts) if texts else []
        known = {made.text_key: made.prints for made in found if isinstance(made, TextPrints)}
        # Keys are the store's: another version of the normaliser may have made them.
        return {key: known.get(key, b"") for key in words}
