"""Clears a newsroom out of a database that it has left, once it is sure that it lives on elsewhere.

Sure is: where it is now, the custody log goes on from the last entry that the old place has. Interrupted, the same
clearing goes on; what is removed is overwritten at the end, so that whoever takes the old server's disk finds nothing.
"""

from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Refusal
from bot.storage import clearing, custody, newsrooms
from bot.storage.store import Store

Progress = Callable[[int, int], None]


class Clearing:
    """Of `old`, which `own` has left; both are opened for the newsroom, `house` for none, at the old place."""

    def __init__(self, own: Store, old: Store, house: Store, newsroom_id: int) -> None:
        self._own = own
        self._old = old
        self._house = house
        self._newsroom_id = newsroom_id

    async def run(self, progress: Progress) -> int:
        """Remove every row; how many. Raises Refusal where the newsroom does not go on elsewhere."""
        if await self._last_entry(self._old) != await self._same_entry():
            raise Refusal("clear_not_moved")
        names, removed = clearing.cleared(), 0
        for done, name in enumerate(names):
            async with self._old.write() as conn:
                removed += await clearing.clear(conn, self._newsroom_id, name)
            progress(done, len(names) + 1)
        async with self._old.write() as conn:
            removed += await clearing.clear_last(conn, self._newsroom_id)
        await self._empty_index()
        await self._old.compact(clearing.everything())
        progress(1, 1)
        return removed

    async def _last_entry(self, store: Store) -> bytes | None:
        async with store.read() as conn:
            state = await custody.state(conn, self._newsroom_id)
            return await self._entry(conn, state.size - 1) if state is not None and state.size else None

    async def _same_entry(self) -> bytes | None:
        async with self._old.read() as conn:
            state = await custody.state(conn, self._newsroom_id)
        async with self._own.read() as conn:
            if not await newsrooms.all_ids(conn):
                raise Refusal("clear_not_moved")
            return await self._entry(conn, state.size - 1) if state is not None and state.size else None

    async def _entry(self, conn: AsyncConnection, seq: int) -> bytes | None:
        # Each entry holds the hash of the one before it: one that is the same has the same history.
        found = await custody.page(conn, self._newsroom_id, seq - 1, 1)
        return bytes(found[0]["leaf"]) if found else None

    async def _empty_index(self) -> None:
        async with self._house.read() as conn:
            others = await newsrooms.all_ids(conn)
        if not others:
            async with self._old.write() as conn:
                await clearing.clear_index(conn)
