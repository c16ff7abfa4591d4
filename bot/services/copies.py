"""The copies of a text, counted and paged: of a case, of any words, of a campaign; and "this is no copy"."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.analysis import Analysis
from bot.clock import Clock
from bot.errors import Refusal
from bot.model.comment import CommentFacts
from bot.model.copies import CopyPage
from bot.model.newsroom import Member
from bot.model.submission import Case
from bot.model.text import TextMatch
from bot.services import notices
from bot.services.campaign_leaving import leave
from bot.services.copy_pages import PAGE, CopyPages, Listing, nothing
from bot.services.copy_sets import CopySet, copies_of
from bot.services.reading_texts import ReadText, read_text, read_texts
from bot.services.stage import Stage
from bot.services.text_search import TextSearch
from bot.storage import (
    campaign_figures,
    campaign_texts,
    campaigns,
    comments,
    copy_pages,
    history,
    outbox,
    rejections,
    stock_phrases,
    texts,
)
from bot.storage.copies import Skip
from bot.storage.store import Store

#: Lines of the only page of a text that is not stored: there is nothing by which a button could ask for the next.
LONE_PAGE = 10
# Different texts of one case that are looked up.
_MOST_TEXTS = 20


class CaseDesk(Protocol):
    """Who may see which case."""

    async def see(self, member: Member, submission_id: int) -> Case:
        """A case by its submission. Raises Refusal when there is none that this member may see."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundPage:
    """A page of what `/find` found; with a `text_key` there are more pages to ask for by `Copies.of_key`.

    What is on the never-match list (`is_stock`) has no copies.
    """

    page: CopyPage
    text_key: int | None
    is_stock: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """One text of a case, with what the index finds for it."""

    read: ReadText
    matches: Sequence[TextMatch]
    skip: Skip


class Copies:
    """The desk's copies."""

    def __init__(
        self, store: Store, clock: Clock, analysis: Analysis, index: TextSearch, cases: CaseDesk, newsroom_id: int
    ) -> None:
        self._store = store
        self._clock = clock
        self._analysis = analysis
        self._index = index
        self._cases = cases
        self._newsroom_id = newsroom_id
        self._pages = CopyPages(store, newsroom_id)

    async def of_case(self, member: Member, submission_id: int, page: int = 0) -> CopyPage:
        """The copies of a case's text, of the most copied one where there are several; newest first.

        Raises Refusal when there is no case that this member may see.
        """
        case = await self._cases.see(member, submission_id)
        read = await self._of_submission(submission_id)
        async with self._store.read() as conn:
            place, found = await self._most_copied(conn, read)
        if found is None:
            return nothing(case.label)
        listing = Listing(
            label=case.label,
            text=read[place].read.text,
            keys=found.copy_keys,
            similar=_keys(found.similar),
            campaign_id=found.campaign_id,
            skip=read[place].skip,
            page=page,
        )
        return await self._pages.turn(listing)

    async def of_text(self, member: Member, text: str) -> FoundPage:  # noqa: ARG002 - whoever asks may ask
        """The stored comments like `text`, which is not filed: the first page.

        Raises Refusal for a text without letters ("find_empty"), over the limit ("text_too_long"), or that cannot be
        read ("text_unreadable").
        """
        read = await read_text(self._analysis, text)
        (matches,) = await self._index.search([read.words])
        async with self._store.read() as conn:
            is_stored = await comments.page_by_keys(conn, self._newsroom_id, [read.text_key], 1, 0)
            is_stock = read.text_key in await stock_phrases.keys(conn, self._newsroom_id)
        page = await self._found(read, matches, 0, PAGE if is_stored else LONE_PAGE)
        if is_stored:
            return FoundPage(page=page, text_key=read.text_key, is_stock=is_stock)
        return FoundPage(page=replace(page, pages=1), text_key=None, is_stock=is_stock)

    async def of_key(self, member: Member, text_key: int, page: int) -> FoundPage:  # noqa: ARG002
        """A further page of what `of_text` found. Raises Refusal("find_outdated") when the text is not stored now."""
        async with self._store.read() as conn:
            stored = await comments.page_by_keys(conn, self._newsroom_id, [text_key], 1, 0)
            is_stock = text_key in await stock_phrases.keys(conn, self._newsroom_id)
        if not stored:
            raise Refusal("find_outdated")
        read = await read_text(self._analysis, stored[0].text)
        (matches,) = await self._index.search([read.words])
        found = await self._found(read, matches, page, PAGE)
        return FoundPage(page=found, text_key=text_key, is_stock=is_stock)

    async def of_campaign(self, member: Member, number: int, page: int = 0) -> CopyPage:  # noqa: ARG002
        """The comments of campaign C-number, newest first; each compared with the campaign's commonest text.

        Raises Refusal("campaign_unknown") when there is none.
        """
        async with self._store.read() as conn:
            campaign = await campaigns.by_number(conn, self._newsroom_id, number)
            if campaign is None:
                raise Refusal("campaign_unknown", number=number)
            members = await campaign_texts.of_campaigns(conn, self._newsroom_id, [campaign.id])
            common = await campaign_figures.commonest(conn, self._newsroom_id, campaign.id, 1)
            first = common[0].number if common else 0
            text = await campaign_figures.first_written(conn, self._newsroom_id, first)
        keys = {text.text_key for text in members}
        return await self._pages.turn(
            Listing(label=campaign.label, text=text or campaign.name, keys=keys, campaign_id=campaign.id, page=page)
        )

    async def reject(self, stage: Stage, member: Member, submission_id: int, text_number: int, message_id: int) -> None:
        """A person says that a listed text is no copy of the case's: it is never offered again for it.

        Raises Refusal when there is no such case for this member or no such text ("copy_unknown"), or when it is the
        same text, letter by letter ("copy_same").
        """
        await self._cases.see(member, submission_id)
        read = await self._of_submission(submission_id)
        async with self._store.read() as conn:
            stored = await texts.by_numbers(conn, self._newsroom_id, [text_number])
            place, _ = await self._most_copied(conn, read)
            sets = await self._sets(conn, read)
        if not stored:
            raise Refusal("copy_unknown")
        other = stored[0].text_key
        own = _rejecting(read, sets, place, other)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            for key in own:
                await rejections.add(conn, member.newsroom_id, key, other, member.id, now)
            await self._part(conn, member, own, other)
            details = {"text": text_number, "keys": own}
            subject = ("submission", submission_id)
            await history.note(conn, member.newsroom_id, member.id, subject, "copy_rejected", now, **details)
            shown = notices.edited_reply(member, message_id, "copies", submission=submission_id, page=0)
            await outbox.put(conn, [shown], now)

        stage.stage_once(act)

    async def _part(self, conn: AsyncConnection, member: Member, own: Sequence[int], other: int) -> None:
        """Whatever of the case is in one campaign with the other text leaves it."""
        await texts.lock(conn, self._newsroom_id)
        stored = await texts.by_keys(conn, self._newsroom_id, [*own, other])
        shared = {text.campaign_id for text in stored if text.text_key == other} - {None}
        gone = [text.text_key for text in stored if text.text_key != other and text.campaign_id in shared]
        await leave(conn, member, gone, "rejected", self._clock)

    async def _of_submission(self, submission_id: int) -> list[_Asked]:
        """The different texts of a case, with what the index finds for each."""
        async with self._store.read() as conn:
            rows = await copy_pages.of_submission(conn, self._newsroom_id, submission_id)
        different = list({facts.text_key: facts for facts in rows}.values())[:_MOST_TEXTS]
        read = await read_texts(self._analysis, [facts.text for facts in different])
        good = [(text, facts) for text, facts in zip(read, different, strict=True) if text is not None]
        found = await self._index.search([text.words for text, _ in good]) if good else []
        return [
            _Asked(read=text, matches=matches, skip=_own(submission_id, facts))
            for (text, facts), matches in zip(good, found, strict=True)
        ]

    async def _sets(self, conn: AsyncConnection, asked: Sequence[_Asked]) -> list[CopySet]:
        return await copies_of(conn, self._newsroom_id, [(each.read.text_key, each.matches) for each in asked])

    async def _most_copied(self, conn: AsyncConnection, asked: Sequence[_Asked]) -> tuple[int, CopySet | None]:
        """The text of a case that its card speaks of: its place among them, and its copies."""
        sets = await self._sets(conn, asked)
        keys, skips = [found.copy_keys for found in sets], [each.skip for each in asked]
        counts = await comments.counts_by_keys(conn, self._newsroom_id, keys, skips) if sets else []
        ranks = [(count.times, len(found.similar)) for count, found in zip(counts, sets, strict=True)]
        place = ranks.index(max(ranks)) if ranks else 0
        return place, sets[place] if sets else None

    async def _found(self, read: ReadText, matches: Sequence[TextMatch], page: int, size: int) -> CopyPage:
        async with self._store.read() as conn:
            (found,) = await copies_of(conn, self._newsroom_id, [(read.text_key, matches)])
        listing = Listing(
            label="",
            text=read.text,
            keys=found.copy_keys,
            similar=_keys(found.similar),
            campaign_id=found.campaign_id,
            page=page,
            size=size,
        )
        return await self._pages.turn(listing)


def _keys(matches: Sequence[TextMatch]) -> frozenset[int]:
    return frozenset(match.text_key for match in matches)


def _own(submission_id: int, facts: CommentFacts) -> Skip:
    # A colleague forwarded the same comment: it is still the one that is asked about.
    same = (facts.author_key, facts.since) if facts.author_key is not None else None
    return Skip(submission_id=submission_id, comment=same)


def _rejecting(asked: Sequence[_Asked], sets: Sequence[CopySet], place: int, other: int) -> list[int]:
    """Which of a case's texts a person means who says that `other` is no copy: the one that its card speaks of."""
    keys = [each.read.text_key for each in asked]
    holding = [n for n, found in enumerate(sets) if other in found.copy_keys | _keys(found.similar)]
    meant = [place] if place in holding else holding
    if keys and other in [keys[n] for n in meant]:
        raise Refusal("copy_same")
    return [keys[n] for n in meant]
