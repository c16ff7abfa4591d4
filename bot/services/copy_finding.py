"""What a finding says of copies: how often, by how many, since when, in which campaign, with some of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.comment import CommentFacts
from bot.model.copies import CopyCount
from bot.model.text import TextMatch
from bot.model.verdict import CopyFound
from bot.model.viewer import Viewer
from bot.services.copy_sets import CopySet, copies_of
from bot.services.texts import TextIndex
from bot.storage import campaigns, comments
from bot.storage.copies import Skip
from bot.storage.need_to_know import looking_as
from bot.storage.store import Store

_MOST_COPIES = 20
_NONE = CopyCount()
# A text that was posted more often is not read whole: some of its comments are enough of an example.
_OFTEN = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyQuestion:
    """A text to look for, in the normaliser's forms; key 0: it has no words."""

    words: str
    text_key: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CopiesFound:
    """The copies of one text: examples of both tiers, the sure ones first; the count is of copies alone."""

    examples: tuple[CopyFound, ...] = ()
    count: CopyCount = _NONE
    campaign: str | None = None


class CopyFinder:
    """Joins the index with the archive's comments."""

    def __init__(self, store: Store, index: TextIndex, newsroom_id: int) -> None:
        self._store = store
        self._index = index
        self._newsroom_id = newsroom_id

    async def find(self, asked: Sequence[CopyQuestion], skips: Sequence[Skip]) -> list[CopiesFound]:
        """The copies of each text; `skips` says what does not count for it."""
        if not any(question.text_key for question in asked):
            return [CopiesFound()] * len(asked)
        # What is found is kept with a case that anybody may read.
        with looking_as(Viewer(newsroom_id=self._newsroom_id)):
            return await self._find(asked, skips)

    async def _find(self, asked: Sequence[CopyQuestion], skips: Sequence[Skip]) -> list[CopiesFound]:
        async with self._store.read() as conn:
            matches = await self._index.search_in(conn, [question.words for question in asked])
            if not any(matches):
                return [CopiesFound()] * len(asked)
            sets = await copies_of(
                conn, self._newsroom_id, [(q.text_key or None, m) for q, m in zip(asked, matches, strict=True)]
            )
            shown = [_shown(found, each) for found, each in zip(matches, sets, strict=True)]
            counts = await self._counts(conn, matches, sets, skips)
            examples = await self._examples(conn, {m.text_key for found in shown for m in found})
            labels = await self._labels(conn, {each.campaign_id for each in sets} - {None})
        return [
            CopiesFound(
                examples=_copies(found, examples, skip),
                count=count,
                campaign=labels.get(each.campaign_id) if each.campaign_id is not None else None,
            )
            for found, each, count, skip in zip(shown, sets, counts, skips, strict=True)
        ]

    async def _counts(
        self,
        conn: AsyncConnection,
        matches: Sequence[Sequence[TextMatch]],
        sets: Sequence[CopySet],
        skips: Sequence[Skip],
    ) -> list[CopyCount]:
        # Most texts are new: nothing is asked for them.
        known = [place for place, found in enumerate(matches) if any(m.tier == "copy" for m in found)]
        groups = [sets[place].copy_keys for place in known]
        counted = await comments.counts_by_keys(conn, self._newsroom_id, groups, [skips[place] for place in known])
        by_place = dict(zip(known, counted, strict=True))
        return [by_place.get(place, _NONE) for place in range(len(matches))]

    async def _examples(self, conn: AsyncConnection, keys: Collection[int]) -> dict[int, list[CommentFacts]]:
        """Comments with these keys: all of a rare text, some of a common one."""
        if not keys:
            return {}
        sizes = await comments.sizes_of_keys(conn, self._newsroom_id, keys)
        rare = [text_key for text_key, size in sizes.items() if size <= _OFTEN]
        found = await comments.with_keys(conn, self._newsroom_id, rare) if rare else []
        for text_key in sizes.keys() - set(rare):
            found += await comments.page_by_keys(conn, self._newsroom_id, [text_key], _MOST_COPIES, 0)
        grouped: defaultdict[int, list[CommentFacts]] = defaultdict(list)
        for facts in found:
            grouped[facts.text_key].append(facts)
        return grouped

    async def _labels(self, conn: AsyncConnection, ids: Collection[int | None]) -> dict[int, str]:
        wanted = [campaign_id for campaign_id in ids if campaign_id is not None]
        if not wanted:
            return {}
        return {i: each.label for i, each in (await campaigns.by_ids(conn, self._newsroom_id, wanted)).items()}


def _shown(matches: Sequence[TextMatch], copies: CopySet) -> list[TextMatch]:
    """What may be said: not what was rejected, nor what everybody says."""
    similar = {match.text_key for match in copies.similar}
    return [m for m in matches if m.text_key in (copies.copy_keys if m.tier == "copy" else similar)]


def _copies(
    matches: Sequence[TextMatch], examples: Mapping[int, Sequence[CommentFacts]], skip: Skip
) -> tuple[CopyFound, ...]:
    ranked = sorted(matches, key=lambda match: match.tier != "copy")
    found = [
        _copy(facts, match)
        for match in ranked
        for facts in sorted(examples.get(match.text_key, ()), key=lambda facts: facts.id)
        if _counts(facts, skip)
    ]
    return tuple(found[:_MOST_COPIES])


def _counts(facts: CommentFacts, skip: Skip) -> bool:
    if skip.submission_id is not None and facts.submission_id == skip.submission_id:
        return False
    return skip.comment is None or (facts.author_key, facts.since) != skip.comment


def _copy(facts: CommentFacts, match: TextMatch) -> CopyFound:
    return CopyFound(
        comment=facts.id,
        source=facts.source,
        account=facts.account,
        score=match.score,
        tier=match.tier,
        why=match.why,
    )
