"""Makes the index of texts anew after the normaliser changed: every comment gets its new forms, batch by batch.

It goes on where it was interrupted. Texts in their old forms stay as members of their campaigns, without comments; what
is written in the new ones is so near to them that it joins the same campaigns. What people said of a text, by its key,
holds for the new key too.
"""

import logging
from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.analysis import Analysis, TextPrints
from bot.services.imports.comment_index import CommentIndex
from bot.storage import comments, rejections, stock_phrases, texts
from bot.storage.comments import Unread
from bot.storage.store import Store
from bot.storage.texts import IndexProgress, NewText
from detection.text.normalise import NORMALISER_VERSION

log = logging.getLogger(__name__)

_BATCH: Final = 2_000


class Reindexing:
    """Of one newsroom."""

    def __init__(self, store: Store, analysis: Analysis, newsroom_id: int) -> None:
        self._store = store
        self._analysis = analysis
        self._newsroom_id = newsroom_id

    async def run(self) -> int:
        """Do what is to be done; how many comments were read anew, 0 when everything is in its newest form."""
        async with self._store.read() as conn:
            progress = await texts.index_progress(conn, self._newsroom_id)
        if progress.version >= NORMALISER_VERSION:
            # What an import left behind that was killed and never taken up again.
            await CommentIndex(self._store, self._analysis, self._newsroom_id).write()
            return 0
        done, reached = 0, progress.rebuilt_to
        while batch := await self._next(reached):
            reached = batch[-1].id
            await self._write(batch, IndexProgress(progress.version, reached))
            done += len(batch)
            log.info("texts read anew: %d", done)
        await CommentIndex(self._store, self._analysis, self._newsroom_id).write()
        await self._finish()
        return done

    async def _next(self, after: int) -> list[Unread]:
        async with self._store.read() as conn:
            return await comments.rebuild_batch(conn, self._newsroom_id, after, _BATCH)

    async def _write(self, batch: Sequence[Unread], progress: IndexProgress) -> None:
        read = await self._analysis.prints([each.text for each in batch])
        forms = [(each, form) for each, form in zip(batch, read, strict=True) if isinstance(form, TextPrints)]
        async with self._store.write() as conn:
            await texts.lock(conn, self._newsroom_id)
            await comments.rekey(conn, [(each.id, form.words, form.text_key) for each, form in forms])
            keys = {(each.text_key, form.text_key) for each, form in forms}
            await rejections.carry_over(conn, self._newsroom_id, keys)
            new = [NewText(form.text_key, form.words) for _, form in forms]
            await texts.register(conn, self._newsroom_id, new, posted=False)
            await texts.set_index_progress(conn, self._newsroom_id, progress)

    async def _finish(self) -> None:
        async with self._store.read() as conn:
            phrases = await stock_phrases.all_of(conn, self._newsroom_id)
        read = await self._analysis.prints([phrase.text for phrase in phrases])
        async with self._store.write() as conn:
            for phrase, form in zip(phrases, read, strict=True):
                if isinstance(form, TextPrints):
                    await self._rekey_phrase(conn, phrase.id, form.text_key)
            await texts.set_index_progress(conn, self._newsroom_id, IndexProgress(NORMALISER_VERSION, 0))

    async def _rekey_phrase(self, conn: AsyncConnection, phrase_id: int, text_key: int) -> None:
        if text_key not in await stock_phrases.keys(conn, self._newsroom_id):
            await stock_phrases.rekey(conn, self._newsroom_id, phrase_id, text_key)
