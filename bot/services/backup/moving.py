"""Moves a whole house from one database to another: every row, compared one by one, and the logs by their roots.

Nothing may write to either meanwhile. Rows go in the order of their keys, a block a transaction, so that what is there
already is a beginning of what is to come: interrupted, the same move goes on behind it. What was there is compared with
the rest at the end, so a source that changed between two attempts is noticed.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from bot.custody.keys import CustodyKeys
from bot.errors import Refusal
from bot.model.backup import TableShape
from bot.model.custody import CustodyReport
from bot.services.verifying import Verification
from bot.storage import loading, newsrooms, texts
from bot.storage.dumping import blocks, counts, read_block, shapes
from bot.storage.store import Store
from bot.storage.vault import Vault

Progress = Callable[[int, int], None]
#: Each row is written once and compared once.
_PASSES: Final = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """What went over; of each newsroom the log's length and root."""

    rows: int
    newsrooms: int
    roots: tuple[str, ...]


class Moving:
    """From `source` to `target`; `vault` and `keys` stay where they are, and check the logs.

    Where others are in the target (`shared`), it is opened for the one that moves; its index of texts, which lies among
    theirs, is not copied but made anew when the bot starts.
    """

    def __init__(
        self, source: Store, target: Store, vault: Vault, keys: CustodyKeys | None, *, shared: bool = False
    ) -> None:
        self._source = source
        self._target = target
        self._vault = vault
        self._keys = keys
        self._shapes = [shape for shape in shapes() if not (shared and shape.name in loading.SALTED)]
        self._shared = shared

    async def is_empty(self) -> bool:
        """Whether the target holds no row of the newsroom's yet."""
        async with self._target.read() as conn:
            return not await loading.rows_of(conn)

    async def run(self, progress: Progress) -> Moved:
        """Copy, compare, check. Raises Refusal where the two are not the same in the end."""
        await self._source.migrate()
        await self._target.migrate()
        async with self._source.read() as conn, self._target.read() as there:
            found, before = await counts(conn), await counts(there)
        rows = sum(found[shape.name] for shape in self._shapes)
        course = _Course(progress, _PASSES * rows, sum(before[shape.name] for shape in self._shapes))
        for shape in self._shapes:
            await self._copy(shape, before[shape.name], course)
        for shape in self._shapes:
            await self._compare(shape, course)
        moved = await self._checked(rows)
        if self._shared:
            await self._index_anew()
        return moved

    async def _index_anew(self) -> None:
        async with self._target.write() as conn:
            for newsroom_id in await newsrooms.all_ids(conn):
                await texts.unpost(conn, newsroom_id)

    async def _copy(self, shape: TableShape, skip: int, course: "_Course") -> None:
        async for block in self._blocks(self._source, shape, skip):
            rows = read_block(shape, block)
            async with self._target.write() as conn:
                await loading.put(conn, shape, rows)
            course.went(len(rows))
        if shape.later:
            await self._refer(shape)

    async def _refer(self, shape: TableShape) -> None:
        # Over the whole table: an interruption may have come after a row and before what it refers to.
        async for block in self._blocks(self._source, shape):
            refers = [row for row in read_block(shape, block) if any(row[name] is not None for name in shape.later)]
            async with self._target.write() as conn:
                await loading.refer(conn, shape, refers)

    async def _compare(self, shape: TableShape, course: "_Course") -> None:
        async with (
            aclosing(self._blocks(self._source, shape)) as ours,
            aclosing(self._blocks(self._target, shape)) as theirs,
        ):
            while (block := await anext(ours, b"")) == await anext(theirs, b""):
                if not block:
                    return
                course.went(block.count(b"\n"))
        raise Refusal("move_differs", table=shape.name)

    async def _blocks(self, store: Store, shape: TableShape, skip: int = 0) -> AsyncGenerator[bytes, None]:
        async with store.read() as conn, aclosing(blocks(conn, shape, skip)) as found:
            async for block in found:
                yield block

    async def _checked(self, rows: int) -> Moved:
        async with self._target.read() as conn:
            ids = await newsrooms.all_ids(conn)
        roots = []
        for newsroom_id in ids:
            here, there = await self._log(self._source, newsroom_id), await self._log(self._target, newsroom_id)
            # One that was broken before goes as it is: what is left is better than nothing.
            if here != there:
                raise Refusal("move_log_broken", why=there.broken.code if there.broken is not None else "root")
            roots.append(_told(there))
        return Moved(rows=rows, newsrooms=len(ids), roots=tuple(roots))

    async def _log(self, store: Store, newsroom_id: int) -> CustodyReport:
        return await Verification(store, self._vault, self._keys, newsroom_id).run([])


def _told(log: CustodyReport) -> str:
    state = "" if log.broken is None else f", broken before already ({log.broken.code}): kalkan verify"
    return f"{log.lines} entries, root {log.root.hex()[:16] or 'none'}{state}"


class _Course:
    """How far it is."""

    def __init__(self, progress: Progress, total: int, done: int) -> None:
        self._progress = progress
        self._total = total
        self._done = done

    def went(self, rows: int) -> None:
        self._done += rows
        self._progress(self._done, self._total)
