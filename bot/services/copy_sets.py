"""What counts as copies of a text: the one rule, for findings, for pages of copies and for /find.

Copies are the text itself and all that match it in the tier "copy". A match that is whole brings its campaign, however
many variants that has; one that shares a part only does not. What is on the never-match list has no copies and is none,
and a pair that a person rejected stays rejected. Similar texts stand apart and are never counted.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.text import TextMatch
from bot.storage import campaign_texts, rejections, stock_phrases

#: A text's key (None: it has no letter or digit) and what the index found for it.
CopyQuery = tuple[int | None, Sequence[TextMatch]]


@dataclass(frozen=True, kw_only=True, slots=True)
class CopySet:
    """The keys of a text's copies, its own among them; what is similar, best first; the campaign that it is in or
    whose text it copies."""

    copy_keys: frozenset[int] = frozenset()
    similar: tuple[TextMatch, ...] = ()
    campaign_id: int | None = None


async def copies_of(conn: AsyncConnection, newsroom_id: int, queries: Sequence[CopyQuery]) -> list[CopySet]:
    """The copies of each text, in order; three queries at the most, however many texts there are."""
    asked = {key for key, _ in queries if key is not None}
    if not asked:
        return [CopySet()] * len(queries)
    stock = await stock_phrases.keys(conn, newsroom_id)
    rejected = await rejections.among(conn, newsroom_id, asked)
    allowed = [_allowed(key, matches, stock, rejected) for key, matches in queries]
    wanted = {m.campaign_id for matches in allowed for m in _whole(matches) if m.campaign_id is not None}
    keys: dict[int, set[int]] = defaultdict(set)
    for member in await campaign_texts.of_campaigns(conn, newsroom_id, wanted) if wanted else ():
        keys[member.campaign_id].add(member.text_key)
    return [
        CopySet() if key is None or key in stock else _copy_set(key, matches, keys, stock | _parted(key, rejected))
        for (key, _), matches in zip(queries, allowed, strict=True)
    ]


def _allowed(
    key: int | None, matches: Sequence[TextMatch], stock: set[int], rejected: set[tuple[int, int]]
) -> list[TextMatch]:
    if key is None or key in stock:
        return []
    out = stock | _parted(key, rejected)
    return [match for match in matches if match.text_key not in out]


def _parted(key: int, rejected: Iterable[tuple[int, int]]) -> set[int]:
    """What a person said is no copy of a text."""
    return {other if one == key else one for one, other in rejected if key in (one, other)} - {key}


def _whole(matches: Iterable[TextMatch]) -> list[TextMatch]:
    return [match for match in matches if match.tier == "copy" and not match.partial]


def _copy_set(key: int, matches: Sequence[TextMatch], campaigns: dict[int, set[int]], out: set[int]) -> CopySet:
    whole = [match for match in _whole(matches) if match.campaign_id is not None]
    keys = {key} | {match.text_key for match in matches if match.tier == "copy"}
    for match in whole:
        keys |= campaigns.get(match.campaign_id or 0, set()) - out
    own = next((match for match in whole if match.text_key == key), None)
    joined = own or max(whole, key=lambda match: match.score, default=None)
    return CopySet(
        copy_keys=frozenset(keys),
        similar=tuple(match for match in matches if match.tier == "similar" and match.text_key not in keys),
        campaign_id=joined.campaign_id if joined else None,
    )
