"""Puts imported texts into the index in large portions: in the order of their hashes they cost a third of one by one.

What was computed of a text on its way into the archive is kept until its portion is written; on PostgreSQL more texts
come in meanwhile. A text of which nothing is kept, since the import that brought it was interrupted, is read again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from bot.analysis import Analysis, TextFailure, TextPrints
from bot.storage import texts
from bot.storage.store import Store

#: Texts of one portion. Until it is written they are found by their exact words only; while it is written, for a second
#: or so, nobody else writes on SQLite. Each 10,000 more take 20 MB.
PORTION: Final = 30_000
# The batch that fills a portion goes into it as a whole.
_MOST: Final = PORTION + 5_000


class CommentIndex:
    """The index of one newsroom, for an import."""

    def __init__(self, store: Store, analysis: Analysis, newsroom_id: int) -> None:
        self._store = store
        self._analysis = analysis
        self._newsroom_id = newsroom_id
        self._kept: dict[int, bytes] = {}
        self._writing: asyncio.Task[int] | None = None

    def keep(self, forms: Sequence[TextPrints]) -> None:
        """Keep what was computed of texts that are registered now, but without postings."""
        self._kept.update((form.text_key, form.prints) for form in forms)

    @property
    def is_full(self) -> bool:
        """Whether a portion has come together."""
        return len(self._kept) >= PORTION

    async def begin(self) -> None:
        """Begin to write a portion, once the one before is written. Raises what that one met."""
        await self._settled()
        kept, self._kept = self._kept, {}
        self._writing = asyncio.create_task(self._portion(kept))

    async def write(self) -> None:
        """Write the postings of every text that has none."""
        await self._settled()
        while await self._portion(self._kept):
            pass
        self._kept.clear()

    async def leave(self) -> None:
        """Give up a portion under way: whoever writes the next ones writes its texts."""
        if self._writing is not None:
            self._writing.cancel()
            # Whatever it met, it is not why the import ends.
            await asyncio.gather(self._writing, return_exceptions=True)

    async def _settled(self) -> None:
        writing, self._writing = self._writing, None
        if writing is not None:
            await writing

    async def _portion(self, kept: dict[int, bytes]) -> int:
        async with self._store.read() as conn:
            waiting = await texts.waiting_for_postings(conn, self._newsroom_id, _MOST)
            if not waiting:
                return 0
            prints = {number: kept.pop(key, self._kept.pop(key, None)) for number, key in waiting}
            forgotten = [number for number, known in prints.items() if known is None]
            words = {text.number: text.words for text in await texts.by_numbers(conn, self._newsroom_id, forgotten)}
        prints |= await self._read_again(words)
        async with self._store.write() as conn:
            await texts.lock_index(conn, self._newsroom_id)
            # Somebody else may have written some of them meanwhile.
            still = {number for number, _ in await texts.waiting_for_postings(conn, self._newsroom_id, _MOST)}
            numbers = [number for number, _ in waiting if number in still]
            await texts.post_many(conn, self._newsroom_id, numbers, [prints[number] or b"" for number in numbers])
        return len(waiting)

    async def _read_again(self, words: Mapping[int, str]) -> dict[int, bytes]:
        read = await self._analysis.prints(list(words.values()))
        # Words of which nothing can be said are found by their key alone, and are not tried for ever.
        return {
            number: b"" if isinstance(form, TextFailure) else form.prints
            for number, form in zip(words, read, strict=True)
        }
