"""Campaigns: they grow by themselves, editors merge and split them, and nothing of that is forgotten."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.campaign import Campaign, CampaignLine, CampaignText, CampaignView
from bot.model.newsroom import Member
from bot.model.paging import first_of
from bot.model.rights import Right
from bot.model.text import TextMatch
from bot.services.campaign_editing import CampaignEditing, known_campaign
from bot.services.campaign_placing import is_comparable
from bot.services.campaign_sweep import CampaignSweep
from bot.services.stage import Stage
from bot.services.text_search import TextSearch
from bot.storage import campaign_figures as figures
from bot.storage import campaigns, rejections, staff, stock_phrases
from bot.storage.campaign_figures import Aim
from bot.storage.rejections import pair_of
from bot.storage.store import Store

_PAGE = 10
_SHOWN = 10
_CANDIDATES = 5
# The commonest texts of a campaign with which others are looked for.
_ASKED_WITH = 8


class Campaigns:
    """The desk's campaigns."""

    def __init__(self, store: Store, clock: Clock, index: TextSearch, newsroom_id: int) -> None:
        self._store = store
        self._index = index
        self._sweep = CampaignSweep(store, clock, index, newsroom_id)
        self._editing = CampaignEditing(store, clock, index)

    async def sweep(self, most: int = 256) -> int:
        """Place texts that wait, in number order; how many were looked at, 0 when nothing waits."""
        return await self._sweep.some(most)

    async def sweep_all(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Place texts until none waits; returns how many looks that took."""
        return await self._sweep.all(progress)

    async def view(self, member: Member, number: int) -> CampaignView:
        """Campaign C-number with all that its card shows; a merged one is shown as what it was merged into.

        Raises Refusal when there is none.
        """
        async with self._store.read() as conn:
            campaign = await known_campaign(conn, member, number)
            here = (conn, member.newsroom_id, campaign.id)
            (line,) = await figures.lines(conn, member.newsroom_id, [campaign.id])
            return CampaignView(
                line=line,
                texts=await figures.texts(*here, _SHOWN),
                text_count=await figures.text_count(*here),
                authors=await figures.authors(*here, _SHOWN),
                posts=await figures.posts(*here, _SHOWN),
                targets=await figures.targets(*here) if member.may(Right.SEE_TARGETS) else (),
                contains=await figures.related(*here),
                history=await figures.story(*here),
                beside=await figures.beside(*here),
            )

    async def lines(
        self, member: Member, *, since: datetime | None, target: str | None, page: int = 0
    ) -> list[CampaignLine]:
        """The campaigns seen last, ten a page.

        `target` is a part of a staff name or alias: campaigns with texts of cases aimed at them. Who may not see
        targets is answered by their own cases only.
        """
        async with self._store.read() as conn:
            aim = await _aim(conn, member, target) if target is not None else None
            ids = await figures.newest(conn, member.newsroom_id, since, aim, _PAGE, first_of(page, _PAGE))
            return await figures.lines(conn, member.newsroom_id, ids)

    async def texts(self, member: Member, number: int, page: int) -> tuple[CampaignText, ...]:
        """A campaign's texts, ten a page, the commonest first. Raises Refusal when there is no such campaign."""
        async with self._store.read() as conn:
            campaign = await known_campaign(conn, member, number)
            return await figures.texts(conn, member.newsroom_id, campaign.id, _PAGE, first_of(page, _PAGE))

    async def candidates(self, member: Member, number: int) -> list[CampaignLine]:
        """Campaigns that may be the same, the likest first; never those that an editor told apart.

        Raises Refusal when there is no such campaign.
        """
        async with self._store.read() as conn:
            campaign = await known_campaign(conn, member, number)
            common = await figures.commonest(conn, member.newsroom_id, campaign.id, _ASKED_WITH)
        words = {text.number: text.words for text in common if is_comparable(text.words)}
        found = await self._index.search(list(words.values())) if words else []
        matches = dict(zip(words, found, strict=True))
        async with self._store.read() as conn:
            likeness = await _others(conn, campaign, matches)
            ranked = sorted(likeness, key=lambda i: (-likeness[i], i))[:_CANDIDATES]
            return await figures.lines(conn, member.newsroom_id, ranked)

    async def merge(self, stage: Stage, member: Member, number: int, into: int, message_id: int | None) -> None:
        """Two campaigns become the one with the smaller number. Raises Refusal for an unknown one, or for one alone."""
        await self._editing.merge(stage, member, number, into, message_id)

    async def split(self, stage: Stage, member: Member, number: int, text_number: int, message_id: int | None) -> None:
        """A text leaves its campaign with those that are more like it than like the rest.

        What came by a merge leaves as it came. Raises Refusal when there is no such campaign, the text is not in it,
        or there is nothing else in it.
        """
        await self._editing.split(stage, member, number, text_number, message_id)


async def _aim(conn: AsyncConnection, member: Member, target: str) -> Aim:
    words = target.strip().casefold()
    people = await staff.all_of(conn, member.newsroom_id)
    meant = [person.id for person in people if any(words in name.casefold() for name in person.names)]
    return Aim(staff_ids=tuple(meant), member_id=None if member.may(Right.SEE_TARGETS) else member.id)


async def _others(
    conn: AsyncConnection, campaign: Campaign, found: Mapping[int, Sequence[TextMatch]]
) -> dict[int, float]:
    """The other campaigns of these matches with their best score, without those that a person ruled out."""
    near = {match.number for matches in found.values() for match in matches}
    texts = await campaigns.known(conn, campaign.newsroom_id, near | set(found))
    keys = {known.text_key for known in texts.values()}
    stock = await stock_phrases.keys(conn, campaign.newsroom_id)
    rejected = await rejections.among(conn, campaign.newsroom_id, keys)
    excluded = {campaign.id, None} | await campaigns.told_apart(conn, campaign.newsroom_id, campaign.id)
    best: dict[int, float] = {}
    for number, match in ((number, match) for number, matches in found.items() for match in matches):
        if number not in texts or match.number not in texts or match.partial or not is_comparable(match.words):
            continue
        own, known = texts[number].text_key, texts[match.number]
        if stock & {own, known.text_key} or pair_of(own, known.text_key) in rejected or known.campaign_id in excluded:
            continue
        if known.campaign_id is not None:
            best[known.campaign_id] = max(match.score, best.get(known.campaign_id, 0.0))
    return best
