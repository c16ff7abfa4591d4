"""What a report says of Kalkan's own archive: known fakes' share, campaigns, targets; from counts of both windows."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.model.report import (
    CampaignLine,
    FakeFigures,
    FakeLine,
    OwnFigures,
    Pair,
    SharePair,
    Window,
)
from bot.services.reports.intervals import plain_share, share_of
from bot.storage.report_figures import Author

#: Lines of a table.
MOST: Final = 15


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnCounts:
    """What the archive has of one window; `campaigns` are id to (number, name, comments, accounts)."""

    cases: int = 0
    threats: int = 0
    spikes: int = 0
    removed: int = 0
    authors: Sequence[Author] = ()
    minutes: Sequence[tuple[datetime, int]] = ()
    campaigns: Mapping[int, tuple[int, str, int, int]] = field(default_factory=dict)
    targets: Mapping[str, int] = field(default_factory=dict)


def own_figures(now: OwnCounts, before: OwnCounts) -> OwnFigures:
    """Both windows side by side."""
    platforms = (_platforms(now.authors), _platforms(before.authors))
    return OwnFigures(
        cases=Pair(now=now.cases, before=before.cases),
        comments=Pair(now=_comments(now.authors), before=_comments(before.authors)),
        accounts=Pair(now=len(_keys(now.authors)), before=len(_keys(before.authors))),
        threats=Pair(now=now.threats, before=before.threats),
        campaigns_active=Pair(now=len(now.campaigns), before=len(before.campaigns)),
        spikes=Pair(now=now.spikes, before=before.spikes),
        removed=Pair(now=now.removed, before=before.removed),
        campaigns=_campaigns(now, before),
        targets=_ranked(now.targets, before.targets),
        platforms=_ranked(*platforms),
    )


def fake_figures(now: Sequence[Author], before: Sequence[Author], status_of: Mapping[str, str]) -> FakeFigures | None:
    """Whose the comments were; None where there were none."""
    if not now and not before:
        return None
    platforms = sorted({author.platform for author in (*now, *before)})
    return FakeFigures(
        confirmed=_shares(now, before, status_of, "confirmed"),
        suspected=_shares(now, before, status_of, "suspected"),
        accounts_confirmed=_account_shares(now, before, status_of, "confirmed"),
        accounts_suspected=_account_shares(now, before, status_of, "suspected"),
        by_platform=tuple(
            FakeLine(
                platform=platform,
                confirmed=_shares(_on(now, platform), _on(before, platform), status_of, "confirmed"),
                suspected=_shares(_on(now, platform), _on(before, platform), status_of, "suspected"),
            )
            for platform in platforms
        ),
    )


def by_day(minutes: Sequence[tuple[datetime, int]], which: Window, zone: ZoneInfo) -> list[int]:
    """Comments of each day of a window."""
    counts = [0] * which.days
    for moment, times in minutes:
        counts[(moment.astimezone(zone).date() - which.first).days] += times
    return counts


def _shares(now: Sequence[Author], before: Sequence[Author], status_of: Mapping[str, str], status: str) -> SharePair:
    def share(authors: Sequence[Author]) -> tuple[int, list[int]]:
        count = sum(each.comments for each in authors if each.key and status_of.get(each.key) == status)
        return count, _sizes(authors)

    return SharePair(now=share_of(*share(now)), before=share_of(*share(before)))


def _sizes(authors: Sequence[Author]) -> list[int]:
    """The comments of each author; those of nobody known stand alone."""
    sizes: defaultdict[str, int] = defaultdict(int)
    alone = 0
    for each in authors:
        if each.key is None:
            alone += each.comments
        else:
            sizes[each.key] += each.comments
    return [*sizes.values(), *([1] * alone)]


def _account_shares(
    now: Sequence[Author], before: Sequence[Author], status_of: Mapping[str, str], status: str
) -> SharePair:
    def count(authors: Sequence[Author]) -> tuple[int, int]:
        keys = _keys(authors)
        return sum(status_of.get(key) == status for key in keys), len(keys)

    return SharePair(now=plain_share(*count(now)), before=plain_share(*count(before)))


def _on(authors: Sequence[Author], platform: str) -> list[Author]:
    return [each for each in authors if each.platform == platform]


def _keys(authors: Sequence[Author]) -> set[str]:
    return {each.key for each in authors if each.key is not None}


def _comments(authors: Sequence[Author]) -> int:
    return sum(each.comments for each in authors)


def _platforms(authors: Sequence[Author]) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for each in authors:
        counts[each.platform] += each.comments
    return counts


def _campaigns(now: OwnCounts, before: OwnCounts) -> tuple[CampaignLine, ...]:
    def line(campaign_id: int) -> CampaignLine:
        here, there = now.campaigns.get(campaign_id), before.campaigns.get(campaign_id)
        number, name, _, _ = here or there or (0, "", 0, 0)
        counts = [each[2:] if each else (0, 0) for each in (here, there)]
        return CampaignLine(
            label=f"C-{number}",
            name=name,
            comments=Pair(now=counts[0][0], before=counts[1][0]),
            accounts=Pair(now=counts[0][1], before=counts[1][1]),
        )

    found = [line(campaign_id) for campaign_id in {**now.campaigns, **before.campaigns}]
    return tuple(sorted(found, key=lambda each: (-_most(each.comments), each.label))[:MOST])


def _ranked(now: Mapping[str, int], before: Mapping[str, int]) -> tuple[tuple[str, Pair], ...]:
    pairs = {name: Pair(now=now.get(name, 0), before=before.get(name, 0)) for name in {**now, **before}}
    return tuple(sorted(pairs.items(), key=lambda item: (-_most(item[1]), item[0]))[:MOST])


def _most(pair: Pair) -> float:
    return max(pair.now, pair.before)
