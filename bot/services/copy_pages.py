"""A page of copies: which comments stand on it, and how each differs from the text that is asked about."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.comment import CommentFacts
from bot.model.copies import CopyCount, CopyLine, CopyPage
from bot.model.paging import first_of
from bot.model.text import Difference
from bot.storage import campaigns, comments, copy_pages, texts
from bot.storage.copies import Skip
from bot.storage.store import Store
from detection.text.differences import difference

#: Lines of a page.
PAGE = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """What a page is made of: copies by key, then what is similar."""

    label: str
    text: str
    keys: Collection[int]
    similar: Collection[int] = ()
    campaign_id: int | None = None
    #: The comments that are asked about are no copies of themselves.
    skip: Skip = field(default_factory=Skip)
    page: int = 0
    size: int = PAGE


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rows:
    """What the store says of a page."""

    count: CopyCount
    lines: tuple[CommentFacts, ...]
    pages: int
    fakes: Collection[str]
    numbers: dict[int, int]
    campaign: str | None


class CopyPages:
    """Makes pages from what one newsroom has stored."""

    def __init__(self, store: Store, newsroom_id: int) -> None:
        self._store = store
        self._newsroom_id = newsroom_id

    async def turn(self, listing: Listing) -> CopyPage:
        """The page that a listing asks for."""
        async with self._store.read() as conn:
            rows = await self._rows(conn, listing)
        lines = await asyncio.to_thread(_lines, listing, rows)
        return CopyPage(
            label=listing.label,
            text=listing.text,
            count=rows.count,
            lines=lines,
            page=listing.page,
            pages=rows.pages,
            campaign=rows.campaign,
        )

    async def _rows(self, conn: AsyncConnection, listing: Listing) -> _Rows:
        newsroom_id = self._newsroom_id
        count = await _count(conn, newsroom_id, listing.keys, listing.skip)
        lines, pages = await self._turned(conn, listing, count.times)
        authors = {line.author_key for line in lines if line.author_key}
        keys = {line.text_key for line in lines}
        known = await texts.by_keys(conn, newsroom_id, keys)
        named = await campaigns.by_ids(conn, newsroom_id, [listing.campaign_id]) if listing.campaign_id else {}
        return _Rows(
            count=count,
            lines=tuple(lines),
            pages=pages,
            fakes=await comments.fakes_among(conn, newsroom_id, authors) if authors else (),
            numbers={text.text_key: text.number for text in known},
            campaign=next((campaign.label for campaign in named.values()), None),
        )

    async def _turned(self, conn: AsyncConnection, listing: Listing, copies: int) -> tuple[list[CommentFacts], int]:
        """The comments of a page, copies before what is similar, and how many pages there are."""
        here = (conn, self._newsroom_id)
        similar = (await _count(*here, listing.similar, listing.skip)).times if listing.similar else 0
        start, size = first_of(listing.page, listing.size), listing.size
        lines: list[CommentFacts] = []
        if start < copies:
            lines = await copy_pages.page(*here, listing.keys, listing.skip, size, start)
        if len(lines) < size and similar:
            rest, after = size - len(lines), max(0, start - copies)
            lines += await copy_pages.page(*here, listing.similar, listing.skip, rest, after)
        return lines, max(1, -(-(copies + similar) // size))


def nothing(label: str) -> CopyPage:
    """The page of a case without words."""
    return CopyPage(label=label, text="", count=CopyCount(), lines=(), page=0, pages=1, campaign=None)


async def _count(conn: AsyncConnection, newsroom_id: int, keys: Collection[int], skip: Skip) -> CopyCount:
    return (await comments.counts_by_keys(conn, newsroom_id, [keys], [skip]))[0]


def _lines(listing: Listing, rows: _Rows) -> tuple[CopyLine, ...]:
    return tuple(
        CopyLine(
            comment=line,
            number=rows.numbers.get(line.text_key, 0),
            tier="copy" if line.text_key in listing.keys else "similar",
            is_fake=line.author_key in rows.fakes,
            difference=_difference(listing.text, line.text),
        )
        for line in rows.lines
    )


def _difference(one: str, other: str) -> Difference:
    found = difference(one, other)
    return Difference(codes=found.codes, pieces=found.pieces)
