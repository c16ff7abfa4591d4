"""Places the texts that wait for their campaign, in the order of their numbers, and keeps campaigns up to date.

Searching takes most of the time and happens while nothing is locked. What was found is then looked at again inside a
short transaction: another process may have placed the same texts meanwhile, or an editor may have moved them. Killed in
between, the texts still wait.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.ids import new_id
from bot.model.text import TextMatch
from bot.services.campaign_merging import merge_into
from bot.services.campaign_names import most_typical, name_of
from bot.services.campaign_placing import Ground, is_comparable, parts, place
from bot.services.text_search import TextSearch
from bot.storage import campaign_figures as figures
from bot.storage import campaigns, rejections, stock_phrases
from bot.storage.campaign_naming import UNNAMED
from bot.storage.campaigns import WaitingText
from bot.storage.store import Store
from bot.storage.texts import DONE, WAITING, lock

# Texts that one transaction places: it holds up other writers for some 20 ms.
_STEP = 64
# Equally common texts among which the most typical is looked for.
_NAMED_AFTER = 16

Matches = Sequence[TextMatch]


class CampaignSweep:
    """Works off what waits."""

    def __init__(self, store: Store, clock: Clock, index: TextSearch, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._index = index
        self._newsroom_id = newsroom_id

    async def some(self, most: int) -> int:
        """Place up to `most` texts; how many were looked at, 0 when nothing waits."""
        async with self._store.read() as conn:
            waiting = await campaigns.waiting(conn, self._newsroom_id, most)
            stock = await stock_phrases.keys(conn, self._newsroom_id) if waiting else set()
        wanted = [text for text in waiting if text.text_key not in stock and is_comparable(text.words)]
        found = await self._index.search([text.words for text in wanted]) if wanted else []
        matches = {text.number: each for text, each in zip(wanted, found, strict=True)}
        for start in range(0, len(waiting), _STEP):
            async with self._store.write() as conn:
                await self._place(conn, waiting[start : start + _STEP], matches)
        return len(waiting)

    async def all(self, progress: Callable[[int, int], None] | None) -> int:
        """Place texts until none waits; `progress` is told how many are done, and of how many."""
        async with self._store.read() as conn:
            total = await campaigns.count_waiting(conn, self._newsroom_id)
        done = 0
        while step := await self.some(4 * _STEP):
            done += step
            if progress is not None:
                progress(done, max(done, total))
        return done

    async def _place(
        self, conn: AsyncConnection, waiting: Sequence[WaitingText], matches: Mapping[int, Matches]
    ) -> None:
        await lock(conn, self._newsroom_id)
        ground = await self._ground(conn, waiting, matches)
        turn = _Turn(conn, self._newsroom_id, ground)
        for text in waiting:
            known = ground.texts.get(text.number)
            if known is not None and known.state == WAITING:
                await turn.take(text, matches.get(text.number, ()))
        await turn.finish(self._clock)

    async def _ground(
        self, conn: AsyncConnection, waiting: Sequence[WaitingText], matches: Mapping[int, Matches]
    ) -> Ground:
        near = [match for text in waiting for match in matches.get(text.number, ())]
        own = {text.text_key for text in waiting}
        rejected = await rejections.among(conn, self._newsroom_id, own)
        numbers = {text.number for text in waiting} | {match.number for match in near}
        partners = {key for pair in rejected for key in pair} - own
        texts = await campaigns.known(conn, self._newsroom_id, numbers, partners)
        alone = {known.text_key for known in texts.values() if known.campaign_id is None}
        placed = {known.campaign_id for known in texts.values() if known.campaign_id is not None}
        return Ground(
            texts=texts,
            authors=await campaigns.authors(conn, self._newsroom_id, alone),
            sizes=await campaigns.sizes(conn, self._newsroom_id, placed),
            stock=await stock_phrases.keys(conn, self._newsroom_id),
            rejected=rejected,
            apart=await campaigns.apart(conn, self._newsroom_id),
        )


class _Turn:
    """One transaction's decisions, written together at its end."""

    def __init__(self, conn: AsyncConnection, newsroom_id: int, ground: Ground) -> None:
        self._conn = conn
        self._newsroom_id = newsroom_id
        self._ground = ground
        self._seen: set[int] = set()
        self._again: set[int] = set()
        self._opened: list[int] = []
        self._joined: dict[int, set[int]] = {}
        self._changed: set[int] = set()
        self._parts: set[tuple[int, int]] = set()
        self._merges: list[tuple[int, int]] = []

    async def take(self, text: WaitingText, matches: Matches) -> None:
        """Decide on a text that waits."""
        known = self._ground.texts[text.number]
        self._seen.add(text.number)
        if known.campaign_id is not None:
            self._changed.add(known.campaign_id)
        elif known.is_live and matches and not self._ground.is_stock(text.number):
            self._decide(text, matches)
        self._parts |= parts(text, matches, self._ground)
        self._ground.has_looked(text.number)

    def _decide(self, text: WaitingText, matches: Matches) -> None:
        placement = place(text, matches, self._ground)
        if placement.joins is not None:
            self._put([text.number], placement.joins)
            for other in placement.absorbs:
                self._absorb(*sorted((other, self._ground.texts[text.number].campaign_id or other)))
        elif placement.founders:
            campaign_id = new_id()
            self._opened.append(campaign_id)
            self._put(placement.founders, campaign_id)
            # What shares a part with them is looked up at their own turn.
            self._again |= set(placement.founders[1:])
        self._again |= set(placement.again)

    def _absorb(self, kept: int, gone: int) -> None:
        # The older campaign keeps its number, by which people know it.
        self._ground.absorb(gone, kept)
        self._merges.append((gone, kept))
        self._changed = self._changed - {gone} | {kept}

    def _put(self, numbers: Sequence[int], campaign_id: int) -> None:
        self._ground.put(numbers, campaign_id)
        self._joined.setdefault(campaign_id, set()).update(numbers)
        self._changed.add(campaign_id)

    async def finish(self, clock: Clock) -> None:
        """Write what was decided."""
        conn, newsroom_id = self._conn, self._newsroom_id
        await campaigns.found(conn, newsroom_id, self._opened, clock())
        for campaign_id, numbers in self._joined.items():
            await campaigns.assign(conn, newsroom_id, numbers, campaign_id)
        for gone, kept in self._merges:
            both = await campaigns.by_ids(conn, newsroom_id, [gone, kept])
            await merge_into(conn, newsroom_id, None, both[gone], both[kept], clock())
        await campaigns.set_state(conn, newsroom_id, self._seen - self._again, DONE)
        await campaigns.set_state(conn, newsroom_id, self._again, WAITING)
        await campaigns.add_parts(conn, newsroom_id, self._parts)
        await refresh(conn, newsroom_id, self._changed)


async def refresh(conn: AsyncConnection, newsroom_id: int, ids: Collection[int]) -> None:
    """Name campaigns anew, and say from when to when they were seen."""
    for campaign in (await campaigns.by_ids(conn, newsroom_id, ids)).values():
        common = await figures.commonest(conn, newsroom_id, campaign.id, _NAMED_AFTER)
        if not common:
            # All of it was withdrawn: it keeps the name by which people know it.
            continue
        told = [text for text in common if text.words]
        if not told:
            # Their words are sealed: it is called by none.
            await campaigns.describe(conn, newsroom_id, campaign.id, UNNAMED, common[0].first_seen, common[0].last_seen)
            continue
        equal = [text for text in told if text.times == told[0].times]
        typical = equal[most_typical([text.words for text in equal])]
        name = name_of(await figures.first_written(conn, newsroom_id, typical.number) or typical.words)
        seen = (name or name_of(typical.words), common[0].first_seen, common[0].last_seen)
        if seen != (campaign.name, campaign.first_seen, campaign.last_seen):
            await campaigns.describe(conn, newsroom_id, campaign.id, *seen)
