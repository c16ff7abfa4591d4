"""What editors do to campaigns: merge two, split one; each undoes the other, and both are kept in the history."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.campaign import Campaign
from bot.model.ids import new_id
from bot.model.newsroom import Member
from bot.model.outbox import Outgoing
from bot.services import notices
from bot.services.campaign_merging import merge_into, note_both
from bot.services.campaign_splitting import Likeness, Links, side_of
from bot.services.campaign_sweep import refresh
from bot.services.stage import Stage
from bot.services.text_search import TextSearch
from bot.storage import campaign_figures as figures
from bot.storage import campaigns, history, outbox
from bot.storage.store import Store
from bot.storage.texts import lock

# Most texts that a split compares, the commonest first: at 4 ms each a press is answered within seconds.
_MOST_COMPARED = 512
# Searched in one call.
_STEP = 64


async def known_campaign(conn: AsyncConnection, member: Member, number: int) -> Campaign:
    """Campaign C-number, or what it was merged into. Raises Refusal when there is none."""
    campaign = await campaigns.by_number(conn, member.newsroom_id, number)
    if campaign is None:
        raise Refusal("campaign_unknown", number=number)
    return campaign


class CampaignEditing:
    """Merges and splits."""

    def __init__(self, store: Store, clock: Clock, index: TextSearch) -> None:
        self._store = store
        self._clock = clock
        self._index = index

    async def merge(self, stage: Stage, member: Member, number: int, into: int, message_id: int | None) -> None:
        """Two campaigns become the one with the smaller number; the other remembers by which it was replaced."""
        async with self._store.read() as conn:
            for asked in (number, into):
                await known_campaign(conn, member, asked)
        if number == into:
            raise Refusal("campaign_same", number=number)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await lock(conn, member.newsroom_id)
            both = [await known_campaign(conn, member, asked) for asked in (number, into)]
            kept, gone = sorted(both, key=lambda campaign: campaign.number)
            moved: list[int] = []
            if kept.id != gone.id:
                moved = await merge_into(conn, member.newsroom_id, member.id, gone, kept, now)
                await refresh(conn, member.newsroom_id, [kept.id])
            # Pressed twice, they are one already: it is said by the numbers that were asked for.
            other = gone.number if kept.id != gone.id else max(number, into)
            values = {"campaign": kept.number, "other": other, "text": moved[0] if moved else None}
            await outbox.put(conn, [_said(member, message_id, "campaigns_merged", **values)], now)

        stage.stage_once(act)

    async def split(self, stage: Stage, member: Member, number: int, text_number: int, message_id: int | None) -> None:
        """A text leaves with those that are more like it than like the rest, or with all that came by one merge."""
        async with self._store.read() as conn:
            campaign = await known_campaign(conn, member, number)
            words = await campaigns.members(conn, member.newsroom_id, campaign.id)
            common = await figures.commonest(conn, member.newsroom_id, campaign.id, _MOST_COMPARED)
        if text_number not in words:
            raise Refusal("campaign_text_unknown", number=number)
        if len(words) == 1:
            raise Refusal("campaign_single_text", number=number)
        ranked = [text.number for text in common if text.number != text_number] or sorted(words.keys() - {text_number})
        links = await self._links([text_number, *ranked], words)
        leaving = side_of(text_number, ranked, links)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await lock(conn, member.newsroom_id)
            kept = await known_campaign(conn, member, number)
            there = set(await campaigns.members(conn, member.newsroom_id, kept.id))
            if text_number in there and len(there) > 1:
                fresh, moved = await _part(conn, member, kept, text_number, leaving & there, there, now)
            else:
                # Pressed twice, or the sweep moved it on: it is said where the text is now.
                fresh, moved = await _home_of(conn, member, text_number) or kept, []
            values = {"campaign": kept.number, "other": fresh.number, "texts": len(moved)}
            await outbox.put(conn, [_said(member, message_id, "campaign_split", **values)], now)

        stage.stage_once(act)

    async def _links(self, numbers: Sequence[int], words: dict[int, str]) -> Links:
        """How texts of one campaign resemble each other, each known from both sides."""
        links: defaultdict[int, dict[int, Likeness]] = defaultdict(dict)
        for start in range(0, len(numbers), _STEP):
            step = numbers[start : start + _STEP]
            for number, matches in zip(step, await self._index.search([words[n] for n in step]), strict=True):
                for match in matches:
                    if match.number != number and match.number in words and not match.partial:
                        likeness = Likeness(score=match.score, is_copy=match.tier == "copy")
                        links[number][match.number] = links[match.number][number] = likeness
        return links


async def _part(
    conn: AsyncConnection,
    member: Member,
    kept: Campaign,
    text_number: int,
    leaving: Collection[int],
    there: Collection[int],
    now: datetime,
) -> tuple[Campaign, list[int]]:
    """Move what leaves into the campaign that it came from, else into a new one."""
    restored, came = await _came_by_merge(conn, member, kept, text_number)
    moved = came & set(there) or set(leaving)
    if moved >= set(there):
        moved, restored = {text_number}, None
    if restored is not None:
        await campaigns.restore(conn, member.newsroom_id, restored)
        fresh_id = restored
    else:
        fresh_id = new_id()
        await campaigns.found(conn, member.newsroom_id, [fresh_id], now)
    await campaigns.assign(conn, member.newsroom_id, moved, fresh_id)
    await campaigns.tell_apart(conn, member.newsroom_id, kept.id, fresh_id)
    await refresh(conn, member.newsroom_id, [kept.id, fresh_id])
    fresh = (await campaigns.by_ids(conn, member.newsroom_id, [fresh_id]))[fresh_id]
    parted = ("split", kept), ("split_from", fresh)
    await note_both(conn, member.newsroom_id, member.id, *parted, sorted(moved), now)
    return fresh, sorted(moved)


async def _came_by_merge(
    conn: AsyncConnection, member: Member, kept: Campaign, text_number: int
) -> tuple[int | None, set[int]]:
    """The campaign with which a text was merged into this one, and all texts that came with it."""
    for gone in await campaigns.absorbed(conn, member.newsroom_id, kept.id):
        merges = [
            set(details.get("texts", ()))
            for event, _, details in await history.of(conn, member.newsroom_id, ("campaign", gone))
            if event == "merged_into"
        ]
        if merges and text_number in merges[-1]:
            return gone, merges[-1]
    return None, set()


async def _home_of(conn: AsyncConnection, member: Member, text_number: int) -> Campaign | None:
    known = (await campaigns.known(conn, member.newsroom_id, [text_number])).get(text_number)
    if known is None or known.campaign_id is None:
        return None
    return (await campaigns.by_ids(conn, member.newsroom_id, [known.campaign_id]))[known.campaign_id]


def _said(member: Member, message_id: int | None, code: str, **values: int | None) -> Outgoing:
    if message_id is None:
        return notices.reply(member, code, **values)
    return notices.edited_reply(member, message_id, code, **values)
