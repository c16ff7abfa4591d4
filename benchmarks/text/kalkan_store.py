"""Kalkan's own index as the bot runs it: an SQLite file with the real schema, the real repositories and services."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from bot.clock import utcnow
from bot.model.text import TextMatch
from bot.services.newsrooms import NewsroomDefaults, Newsrooms
from bot.services.texts import TextIndex
from bot.storage import comments, texts
from bot.storage.comments import NewComment
from bot.storage.store import Store
from bot.storage.texts import NewText
from detection.text.fingerprint_batches import packed_all
from detection.text.fingerprints import packed
from detection.text.normalise import key, normalise

_NEWSROOM: Final = NewsroomDefaults(name="Benchmark", zone="UTC", language="en")
#: Texts of one transaction of a bulk load, and postings that are sorted and written together.
_REGISTERED, _POSTED = 5_000, 50_000
_TABLES: Final = ("texts", "text_postings", "text_stops")
_SIZE: Final = """
    SELECT sum(s.pgsize) FROM dbstat AS s JOIN sqlite_master AS m ON m.name = s.name
    WHERE s.aggregate = 1 AND m.tbl_name IN (?, ?, ?)
"""


class KalkanStore:
    """A newsroom's texts in one file; `open` makes the file when it is not there."""

    def __init__(self, path: Path, key: bytes | None = None) -> None:
        self._path = path
        self.store = Store(f"sqlite+aiosqlite:///{path}", key)
        self.newsroom_id = 0
        self.index: TextIndex

    async def open(self) -> None:
        """Make or reopen the file."""
        if not self._path.exists():
            await self.store.migrate()
        self.newsroom_id = (await Newsrooms(self.store, utcnow).ensure(_NEWSROOM)).id
        self.index = TextIndex(self.store, self.newsroom_id)

    async def fill(self, posted: Sequence[str]) -> None:
        """Index many texts, as imports do: rows first, then the postings in large sorted lots."""
        for start in range(0, len(posted), _REGISTERED):
            forms = [form_of(text, with_prints=False) for text in posted[start : start + _REGISTERED]]
            async with self.store.write() as conn:
                await texts.register(conn, self.newsroom_id, forms, posted=False)
        while await self._post():
            pass

    async def _post(self) -> bool:
        async with self.store.write() as conn:
            waiting = await texts.waiting_for_postings(conn, self.newsroom_id, _POSTED)
            numbers = [number for number, _ in waiting]
            stored = {text.number: text.words for text in await texts.by_numbers(conn, self.newsroom_id, numbers)}
            prints = packed_all([stored[number].replace(" ", "") for number in numbers])
            await texts.post_many(conn, self.newsroom_id, numbers, prints)
        return bool(waiting)

    async def insert(self, text: str, account: str = "x:somebody") -> None:
        """Store one comment, as a forward does: committed and searchable when this returns."""
        await self.insert_many([(text, account)])

    async def insert_many(self, posted: Sequence[tuple[str, str]]) -> None:
        """Store comments with their accounts in one transaction."""
        rows = [self._comment(text, account) for text, account in posted]
        async with self.store.write() as conn:
            await comments.add(conn, rows, utcnow())

    def _comment(self, text: str, account: str) -> NewComment:
        form = form_of(text)
        platform, _, handle = account.rpartition(":")
        return NewComment(
            newsroom_id=self.newsroom_id,
            text=text,
            words=form.words,
            text_key=form.text_key,
            prints=form.prints,
            source="benchmark",
            platform=platform or "x",
            handle=handle,
            author_key=account,
        )

    async def search(self, asked: Sequence[str]) -> list[list[TextMatch]]:
        """What the index says of texts as they were posted."""
        return await self.index.search([normalise(text).words for text in asked])

    async def index_bytes(self) -> int:
        """The bytes of the index's tables and their own indexes in the file."""
        async with self.store.write():
            with closing(sqlite3.connect(self._path)) as database:
                return int(database.execute(_SIZE, _TABLES).fetchone()[0])

    async def close(self) -> None:
        """Close the file."""
        await self.store.close()


def form_of(text: str, *, with_prints: bool = True) -> NewText:
    """A text's forms as the analysis makes them."""
    normalised = normalise(text)
    skeleton = normalised.skeleton
    return NewText(
        text_key=key(skeleton) if skeleton else 0,
        words=normalised.words,
        prints=packed(skeleton) if with_prints else b"",
    )
