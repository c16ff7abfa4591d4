"""The ledger for whoever reads it: what answers a query, page by page, and the tallies of what came of it."""

from collections.abc import Callable, Iterable, Sequence
from statistics import median

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.ids import new_id
from bot.model.newsroom import Member, MemberStatus
from bot.model.paging import first_of
from bot.model.takedown import OPEN, TakedownFigures, TakedownPage, TakedownQuery, TakedownStatus, Tally
from bot.model.threat import SavedQuery
from bot.services.stage import Stage
from bot.storage import members, takedown_search, takedowns, threat_queries
from bot.storage.store import Store
from bot.storage.takedown_search import Counted
from detection.text.normalise import fold, latinise

#: Reports on a page of the chat; in a file.
PAGE = 8
IN_FILE = 10_000
_MOST_WORDS = 500
_NOT_SENT = frozenset({TakedownStatus.DRAFT, TakedownStatus.WITHDRAWN})


class TakedownLedger:
    """Reads the ledger."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def page(self, member: Member, asked: TakedownQuery, page: int = 0, size: int = PAGE) -> TakedownPage:
        """A page of what answers a query, with the tally of all that does."""
        async with self._store.read() as conn:
            meant = await self._meant(conn, member, asked)
            total = await takedown_search.count(conn, member.newsroom_id, asked, meant)
            page = max(0, min(page, (total - 1) // size))
            found = await takedown_search.ids(conn, member.newsroom_id, asked, meant, size, first_of(page, size))
            lines = await takedowns.by_ids(conn, member.newsroom_id, found)
            counted = await takedown_search.figures(conn, member.newsroom_id, asked, meant)
        return TakedownPage(lines=tuple(lines), whole=tally(counted), total=total, page=page, size=size)

    async def figures(self, member: Member, asked: TakedownQuery) -> TakedownFigures:
        """How many of how many were removed, and how fast: in all, by platform, by channel."""
        async with self._store.read() as conn:
            meant = await self._meant(conn, member, asked)
            counted = await takedown_search.figures(conn, member.newsroom_id, asked, meant)
        return TakedownFigures(
            whole=tally(counted),
            by_platform=_tallies(counted, lambda each: each.platform),
            by_channel=_tallies(counted, lambda each: each.channel),
        )

    async def _meant(self, conn: AsyncConnection, member: Member, asked: TakedownQuery) -> frozenset[int] | None:
        """The members whom a query names by a part of the name, or as "me"; None when it names nobody."""
        if not asked.reporters:
            return None
        parts = [_plain(part) for part in asked.reporters if part != "me"]
        people = await members.all_of(conn, member.newsroom_id, *MemberStatus)
        found = {each.id for each in people if any(part in _plain(each.name) for part in parts)}
        return frozenset(found | ({member.id} if "me" in asked.reporters else set()))

    def remember(self, stage: Stage, member: Member, words: str) -> int:
        """Remember a query, so that pages and files lead back to it; returns its id."""
        query_id, kept = new_id(), words[:_MOST_WORDS]

        async def act(conn: AsyncConnection) -> None:
            await threat_queries.remember(conn, member.newsroom_id, query_id, member.id, kept, self._clock())

        stage.stage_once(act)
        return query_id

    async def query(self, member: Member, query_id: int) -> SavedQuery:
        """A query that this member asked. Raises Refusal when it is forgotten."""
        async with self._store.read() as conn:
            found = await threat_queries.get(conn, member.newsroom_id, query_id)
        if found is None or found.member_id != member.id:
            raise Refusal("takedown_query_forgotten")
        return found


def tally(counted: Iterable[Counted]) -> Tally:
    """N of M removed, and the median of the days from sending to removal; what was not sent counts nowhere."""
    sent = [each for each in counted if each.status not in _NOT_SENT]
    removed = [each for each in sent if each.status is TakedownStatus.REMOVED]
    days = [
        max(0.0, (each.closed_at - each.sent_at).total_seconds() / 86_400)
        for each in removed
        if each.closed_at is not None and each.sent_at is not None
    ]
    return Tally(
        sent=len(sent),
        removed=len(removed),
        partly=sum(each.status is TakedownStatus.PARTLY for each in sent),
        waiting=sum(each.status in OPEN for each in sent),
        median_days=median(days) if days else None,
    )


def _tallies(counted: Sequence[Counted], by: Callable[[Counted], str]) -> dict[str, Tally]:
    """A tally of each group in which something was sent, the largest first."""
    groups: dict[str, list[Counted]] = {}
    for each in counted:
        groups.setdefault(by(each), []).append(each)
    found = {name: tally(group) for name, group in groups.items()}
    return {name: each for name, each in sorted(found.items(), key=lambda pair: (-pair[1].sent, pair[0])) if each.sent}


def _plain(name: str) -> str:
    return latinise(fold(name))
