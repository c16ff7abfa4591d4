"""Puts imported texts into the index in large portions: in the order of their hashes they cost a third of one by one.

What was computed of a text on its way into the archive is kept until its portion is written. A text of which nothing is
kept, since the import that brought it was interrupted, is read again.
"""

from collections.abc import Sequence
from typing import Final

from bot.analysis import Analysis, TextFailure, TextPrints
from bot.storage import texts
from bot.storage.store import Store
from detection.text.normalise import key

#: Texts of one portion. Until it is written they are found by their exact words only; while it is written, for a second
#: or so, nobody else writes. Each 10,000 more take 20 MB: with 50,000 an import of a million comments had 507 MB.
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

    def keep(self, forms: Sequence[TextPrints]) -> None:
        """Keep what was computed of texts that are registered now, but without postings."""
        self._kept.update((form.text_key, form.prints) for form in forms)

    @property
    def is_full(self) -> bool:
        """Whether a portion has come together."""
        return len(self._kept) >= PORTION

    async def write(self) -> None:
        """Write the postings of every text that has none."""
        while await self._portion():
            pass
        self._kept.clear()

    async def _portion(self) -> int:
        async with self._store.read() as conn:
            waiting = await texts.waiting_for_postings(conn, self._newsroom_id, _MOST)
        if not waiting:
            return 0
        prints = await self._prints(waiting)
        async with self._store.write() as conn:
            await texts.lock(conn, self._newsroom_id)
            # Somebody else may have written some of them meanwhile.
            still = {number for number, _ in await texts.waiting_for_postings(conn, self._newsroom_id, _MOST)}
            numbers = [number for number, _ in waiting if number in still]
            await texts.post_many(conn, self._newsroom_id, numbers, [prints[number] for number in numbers])
        return len(waiting)

    async def _prints(self, waiting: Sequence[tuple[int, str]]) -> dict[int, bytes]:
        found: dict[int, bytes] = {}
        unknown: dict[int, str] = {}
        for number, words in waiting:
            kept = self._kept.pop(key(words.replace(" ", "")), None)
            if kept is None:
                unknown[number] = words
            else:
                found[number] = kept
        read = await self._analysis.prints(list(unknown.values()))
        # Words of which nothing can be said are found by their key alone, and are not tried for ever.
        return found | {
            number: b"" if isinstance(form, TextFailure) else form.prints
            for number, form in zip(unknown, read, strict=True)
        }
