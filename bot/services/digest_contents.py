"""What a digest says: what happened in a window beside the window before, and first what earlier digests got wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountStatus
from bot.model.digest import Claim, Correction, Counted, DigestContent, Hours, NamedSpike, Section, Work
from bot.model.spike import SeriesKind, Spike, SpikeStatus
from bot.model.submission import SubmissionState
from bot.model.takedown import TakedownQuery
from bot.model.threat import Status
from bot.services.takedown_ledger import tally
from bot.storage import custody, digest_facts, digest_work, spike_counts, spikes, takedown_search
from bot.storage.digest_facts import Span

#: For how long what a digest said is looked at again.
CORRECTED_FOR = timedelta(days=90)
#: What the time series and the heat map reach back.
SERIES, WEEKS = timedelta(days=14), timedelta(days=28)
_HOUR = timedelta(hours=1)
_CASES, _THREATS, _CAMPAIGNS = 8, 12, 8
_LISTS: Final[dict[Section, dict[str, Any]]] = {
    Section.EVENTS: {"cases": (), "targets": (), "platforms": (), "series": None, "week": ()},
    Section.SPIKES: {"spikes": ()},
    Section.THREATS: {"threats": (), "kinds": ()},
    Section.CAMPAIGNS: {"campaigns": ()},
    Section.FAKES: {"accounts": (), "farms": (), "takedowns": (0, 0)},
    Section.WORK: {"work": Work()},
}
_FIGURES: Final = {
    Section.EVENTS: ("cases", "comments", "repeated", "by_fakes"),
    Section.THREATS: ("threats", "imminent"),
    Section.FAKES: ("listed", "confirmed", "cleared", "gone", "sent", "removed", "farm_members"),
}
_OTHER_STATES = {SubmissionState.WITHDRAWN: "withdrawn", SubmissionState.NOTE: "note"}


async def contents(
    conn: AsyncConnection, newsroom_id: int, window: tuple[datetime, datetime], zone: ZoneInfo, now: datetime
) -> DigestContent:
    """All sections of a window [since, until); a schedule takes its own of them."""
    since, until = window
    here, before = Span(since, until), Span(since - (until - since), since)
    found = DigestContent(
        since=since,
        until=until,
        now=await digest_facts.figures(conn, newsroom_id, here),
        before=await digest_facts.figures(conn, newsroom_id, before),
        cases=tuple(await digest_facts.cases(conn, newsroom_id, here, _CASES)),
        threats=tuple(await digest_facts.threats_recorded(conn, newsroom_id, here, _THREATS)),
        kinds=_ranked(await digest_facts.kinds(conn, newsroom_id, here), {}),
        campaigns=tuple(await digest_facts.campaigns_seen(conn, newsroom_id, here, _CAMPAIGNS)),
        accounts=tuple(await digest_facts.accounts_told(conn, newsroom_id, here)),
        farms=tuple(Counted(name=n, count=c) for n, c in await digest_facts.farms_grown(conn, newsroom_id, here)),
        work=await digest_work.waiting(conn, newsroom_id, now),
    )
    found = await _with_spikes(conn, newsroom_id, found)
    found = await _with_ranks(conn, newsroom_id, found, here, before)
    found = await _with_hours(conn, newsroom_id, found, zone)
    sent = tally(await takedown_search.figures(conn, newsroom_id, TakedownQuery(), None))
    kept = await custody.last_checkpoint(conn, newsroom_id)
    checkpoint = (kept.size, kept.root.hex()[:16]) if kept is not None else None
    return replace(found, takedowns=(sent.removed, sent.sent), checkpoint=checkpoint)


async def _with_ranks(
    conn: AsyncConnection, newsroom_id: int, found: DigestContent, here: Span, before: Span
) -> DigestContent:
    now, then = [await digest_facts.targets(conn, newsroom_id, span) for span in (here, before)]
    there, earlier = [await digest_facts.platforms(conn, newsroom_id, span) for span in (here, before)]
    return replace(found, targets=_ranked(now, then), platforms=_ranked(there, earlier))


async def _with_spikes(conn: AsyncConnection, newsroom_id: int, found: DigestContent) -> DigestContent:
    seen = await spikes.between(conn, newsroom_id, found.since, found.until)
    return replace(found, spikes=tuple(_named(spike) for spike in seen if spike.status is not SpikeStatus.FALSE))


def _named(spike: Spike) -> NamedSpike:
    return NamedSpike(
        spike_id=spike.id,
        number=spike.number,
        kind=spike.series.kind.value,
        name=spike.name,
        started_at=spike.started,
        count=spike.count,
        usual=spike.usual,
        known=spike.makeup.share(spike.makeup.known),
        repeated=spike.makeup.share(spike.makeup.repeated),
    )


async def _with_hours(conn: AsyncConnection, newsroom_id: int, found: DigestContent, zone: ZoneInfo) -> DigestContent:
    """The hours of all platforms together: two weeks in a row, and four by weekday and hour."""
    by_hour: dict[datetime, int] = {}
    for kind, _, hour, count, _ in await spike_counts.since(conn, newsroom_id, found.until - WEEKS):
        if kind is SeriesKind.PLATFORM and hour < found.until:
            by_hour[hour] = by_hour.get(hour, 0) + count
    start = (found.until - SERIES).replace(minute=0, second=0, microsecond=0)
    hours = int((found.until - start) / _HOUR) + (1 if (found.until - start) % _HOUR else 0)
    week = [[0] * 24 for _ in range(7)]
    for hour, count in by_hour.items():
        local = hour.astimezone(zone)
        week[local.weekday()][local.hour] += count
    series = Hours(start=start, counts=tuple(by_hour.get(start + n * _HOUR, 0) for n in range(hours)))
    return replace(found, series=series, week=tuple(tuple(day) for day in week))


def _ranked(now: Mapping[str, int], before: Mapping[str, int]) -> tuple[Counted, ...]:
    names = sorted(now, key=lambda name: (-now[name], name))
    return tuple(Counted(name=name, count=now[name], before=before.get(name, 0)) for name in names)


def of_sections(content: DigestContent, sections: Iterable[Section]) -> DigestContent:
    """A digest without the sections that are switched off: what is not said can prove wrong for nobody."""
    for section in set(Section) - set(sections):
        content = replace(content, **_LISTS.get(section, {}))
        zeros = dict.fromkeys(_FIGURES.get(section, ()), 0)
        content = replace(content, now=replace(content.now, **zeros), before=replace(content.before, **zeros))
    return content


async def corrections(
    conn: AsyncConnection, newsroom_id: int, said: Sequence[tuple[Claim, datetime]]
) -> list[tuple[Claim, Correction]]:
    """Which of these claims are so no longer, and what is so now."""
    ids = {noun: [c.row_id for c, _ in said if c.noun == noun] for noun in ("account", "threat", "case", "spike")}
    found = {("account", i): _account(*state) for i, state in (await _accounts(conn, newsroom_id, ids)).items()}
    for row_id, status in (await digest_facts.threat_states(conn, newsroom_id, ids["threat"])).items():
        found["threat", row_id] = status.value if status in (Status.DISMISSED, Status.WITHDRAWN) else ""
    for row_id, (state, level) in (await digest_facts.case_states(conn, newsroom_id, ids["case"])).items():
        found["case", row_id] = _OTHER_STATES.get(state, level)
    for row_id in ids["spike"]:
        spike = await spikes.by_id(conn, newsroom_id, row_id)
        found["spike", row_id] = "false" if spike is not None and spike.status is SpikeStatus.FALSE else ""
    wrong = []
    for claim, told_at in said:
        now = found.get((claim.noun, claim.row_id), "")
        if _contradicts(claim, now):
            wrong.append(
                (claim, Correction(noun=claim.noun, label=claim.label, said=claim.said, now=now, told_at=told_at))
            )
    return wrong


async def _accounts(
    conn: AsyncConnection, newsroom_id: int, ids: Mapping[str, Sequence[int]]
) -> dict[int, tuple[AccountStatus, bool]]:
    return await digest_facts.account_states(conn, newsroom_id, ids["account"])


def _account(status: AccountStatus, is_withdrawn: bool) -> str:
    return "withdrawn" if is_withdrawn else status.value


def _contradicts(claim: Claim, now: str) -> bool:
    """Whether what is so now makes wrong what was said; news that only goes further does not."""
    if claim.noun == "account":
        # A fake that its platform removed is told as news; one that is no fake was a wrong accusation.
        return now in ("cleared", "withdrawn") if claim.said != "cleared" else now in ("confirmed", "gone")
    if claim.noun == "case":
        return now in ("withdrawn", "note") or (claim.said == "threat" and now != "threat")
    return bool(now)
