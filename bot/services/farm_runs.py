"""Once a night, and when an editor asks, farms are looked for anew: links are offered, people's word stays."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.analysis import Analysis, AnalysisFailed
from bot.clock import Clock
from bot.model.farm import Farm
from bot.model.newsroom import Member
from bot.services import notices
from bot.services.farm_activity import Gathered, StanceSource, gather
from bot.services.farm_stances import noted_stances
from bot.services.stage import Stage
from bot.storage import farm_links, farms, history, members, newsrooms, outbox
from bot.storage.farm_links import NewLink, NewSwitch
from bot.storage.store import Store
from detection.coordination.numbering import numbered
from detection.coordination.pairs import pair_key
from detection.coordination.suggestion import ALONE, KINDS, Suggested

log = logging.getLogger(__name__)

#: When the newsroom sleeps, in its own zone, after the threat model's lesson.
_HOUR: Final = time(4, 0)
_SUREST: Final = 95
#: A computation over which the whole process dies so often waits for the next night.
_TRIES: Final = 3


class FarmRuns:
    """Of one newsroom."""

    def __init__(
        self, store: Store, clock: Clock, analysis: Analysis, newsroom_id: int, stances: StanceSource = noted_stances
    ) -> None:
        self._store = store
        self._clock = clock
        self._analysis = analysis
        self._newsroom_id = newsroom_id
        self._stances = stances
        # A newsroom that has never looked waits for its first night, too.
        self._since = clock()

    def ask(self, stage: Stage, member: Member) -> None:
        """Have the farms looked for anew as soon as possible."""

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await farm_links.ask_run(conn, member.newsroom_id, member.id, now)
            await outbox.put(conn, [notices.reply(member, "farms_asked")], now)

        stage.stage_once(act)

    async def sweep(self) -> bool:
        """Look for farms if that is due, was asked, or was begun by a process that died; whether it was done."""
        now = self._clock()
        async with self._store.read() as conn:
            newsroom = await newsrooms.get(conn, self._newsroom_id)
            last = await farm_links.last_run(conn, self._newsroom_id)
            is_left = await farm_links.is_left(conn, self._newsroom_id, _TRIES)
        asked = last is not None and last.state == "asked"
        latest = last.begun_at if last is not None else self._since
        if not (asked or is_left) and latest >= _due(now, ZoneInfo(newsroom.zone)):
            return False
        await self.run()
        return True

    async def run(self) -> None:
        """Read, compute in a process of its own, and keep what is suggested."""
        async with self._store.write() as conn:
            await _adopt_labels(conn, self._newsroom_id, self._clock())
            run_id, asked_by = await farm_links.begin_run(conn, self._newsroom_id, self._clock())
        async with self._store.read() as conn:
            gathered = await gather(conn, self._newsroom_id, self._stances)
            apart = await farm_links.told_apart(conn, self._newsroom_id)
        try:
            found = await self._analysis.farms(gathered.activity, _rejected(gathered, apart))
        except AnalysisFailed as failure:
            log.warning("the farms could not be computed: %s", failure.code)
            async with self._store.write() as conn:
                await farm_links.end_run(conn, self._newsroom_id, run_id, "failed", {}, self._clock())
            return
        async with self._store.write() as conn:
            await self._keep(conn, run_id, gathered, found)
            if asked_by is not None:
                (asker,) = await members.by_ids(conn, [asked_by])
                await outbox.put(conn, [notices.reply(asker, "farms", page=0)], self._clock())

    async def _keep(self, conn: AsyncConnection, run_id: int, gathered: Gathered, found: Suggested) -> None:
        now, newsroom_id = self._clock(), self._newsroom_id
        await members.lock_newsroom(conn, newsroom_id)
        joined = await farms.joined(conn, newsroom_id)
        farm_of = await self._numbered(conn, gathered, found, joined, now)
        ids = gathered.account_ids
        links = [
            NewLink(
                account_id=min(ids[link.one], ids[link.other]),
                other_id=max(ids[link.one], ids[link.other]),
                farm_id=farm_of[int(found.farms[link.one])].id,
                weights=link.weights,
            )
            for link in found.links
        ]
        await farm_links.put(conn, newsroom_id, links, now)
        offers = {
            ids[place]: (farm_of[group].id, _sure(found, group))
            for place, group in enumerate(found.farms.tolist())
            if group != ALONE and farm_of[group].id not in joined.get(ids[place], set())
        }
        await farm_links.put_suggestions(conn, newsroom_id, offers, now)
        await farm_links.put_switches(conn, newsroom_id, _switches(gathered, found))
        counts = {"accounts": gathered.activity.listed, "comments": gathered.comments}
        counts |= {"links": len(links), "farms": len(farm_of)}
        await farm_links.end_run(conn, newsroom_id, run_id, "done", counts, now)
        await history.note(conn, newsroom_id, None, ("farm_run", run_id), "computed", now, **counts)

    async def _numbered(
        self,
        conn: AsyncConnection,
        gathered: Gathered,
        found: Suggested,
        joined: Mapping[int, set[int]],
        now: datetime,
    ) -> dict[int, Farm]:
        """For each group the farm that it continues, else a new one."""
        known: dict[int, set[int]] = {}
        for account, homes in joined.items():
            for home in homes:
                known.setdefault(home, set()).add(account)
        for account, (home, _) in (await farm_links.suggested(conn, self._newsroom_id)).items():
            known.setdefault(home, set()).add(account)
        groups = [int(number) for number in np.unique(found.farms) if number != ALONE]
        sets = [{gathered.account_ids[n] for n in np.flatnonzero(found.farms == group)} for group in groups]
        continued = numbered(known, sets)
        farm_of = {}
        for group, farm_id in zip(groups, continued, strict=True):
            farm = await farms.by_id(conn, self._newsroom_id, farm_id) if farm_id is not None else None
            farm_of[group] = farm or await farms.add(conn, self._newsroom_id, None, now)
        return farm_of


async def _adopt_labels(conn: AsyncConnection, newsroom_id: int, now: datetime) -> None:
    """The label in a list's entry names a farm: whoever has it belongs to that farm."""
    await members.lock_newsroom(conn, newsroom_id)
    for account_id, label in await farms.labelled(conn, newsroom_id):
        farm = await _named(conn, newsroom_id, label) or await farms.add(conn, newsroom_id, label.strip()[:100], now)
        said = {"reason": label, "confidence": 70, "source": "label", "member_id": None}
        if await farms.join(conn, newsroom_id, farm.id, [account_id], **said, now=now):  # type: ignore[arg-type]
            await history.note(conn, newsroom_id, None, ("farm", farm.id), "joined", now, account=account_id)


async def _named(conn: AsyncConnection, newsroom_id: int, label: str) -> Farm | None:
    return await farms.by_name(conn, newsroom_id, label)


def _rejected(gathered: Gathered, apart: Mapping[tuple[int, int], frozenset[str]]) -> Sequence[int]:
    """Pairs that were told apart with every kind of evidence there is: nothing new can come of them."""
    place = {account: n for n, account in enumerate(gathered.account_ids)}
    return [
        pair_key(place[one], place[other])
        for (one, other), kinds in apart.items()
        if one in place and other in place and kinds >= set(KINDS)
    ]


def _sure(found: Suggested, group: int) -> int:
    """How sure a suggestion is, in percent, from the log-odds of its group."""
    odds = found.signs[group].odds if group in found.signs else 0.0
    return min(_SUREST, round(100 / (1 + float(np.exp(-odds)))))


def _switches(gathered: Gathered, found: Suggested) -> list[NewSwitch]:
    return [
        NewSwitch(
            account_id=gathered.account_ids[each.account],
            at=datetime.fromtimestamp(each.at, UTC),
            earliest=datetime.fromtimestamp(each.earliest, UTC),
            latest=datetime.fromtimestamp(each.latest, UTC),
            turned_on=gathered.subjects[each.turned_on],
            turned_to=gathered.subjects[each.turned_to],
        )
        for each in found.switches
    ]


def _due(now: datetime, zone: ZoneInfo) -> datetime:
    """The last four o'clock of the newsroom's mornings."""
    local = now.astimezone(zone)
    due = datetime.combine(local.date(), _HOUR, tzinfo=zone)
    return due if due <= local else due - timedelta(days=1)
