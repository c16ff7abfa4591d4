"""Ads by advertiser in both windows: how many, for how much, and how many do not say who pays."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from bot.model.post import AdEntry
from bot.model.report import AdLine, Pair, Window


def ad_lines(ads: Sequence[AdEntry], now: Window, before: Window) -> tuple[AdLine, ...]:
    """A line for each advertiser, platform and currency, the most spent first.

    An ad counts in each window in which it was shown; what it cost is divided by days. Libraries give spending as a
    range: both ends are told.
    """
    groups: defaultdict[tuple[str, str, str], list[AdEntry]] = defaultdict(list)
    for ad in ads:
        if _days(ad, now) or _days(ad, before):
            groups[ad.advertiser, ad.platform, ad.currency].append(ad)
    found = [
        AdLine(
            advertiser=advertiser,
            platform=platform,
            currency=currency,
            count=_sum(group, now, before, lambda ad: ad.count),
            spend=_money(group, now, before, "spend_least"),
            spend_most=_money(group, now, before, "spend_most"),
            undisclosed=_sum(group, now, before, lambda ad: ad.count if ad.is_disclosed is False else 0),
        )
        for (advertiser, platform, currency), group in groups.items()
    ]
    return tuple(sorted(found, key=lambda line: (-max(line.spend_most.now, line.spend_most.before), line.advertiser)))


def _days(ad: AdEntry, which: Window) -> int:
    """On how many days of a window it was shown."""
    return max(0, (min(ad.last_day, which.last) - max(ad.first_day, which.first)).days + 1)


def _sum(group: Sequence[AdEntry], now: Window, before: Window, count: Callable[[AdEntry], int]) -> Pair:
    each = [sum(count(ad) for ad in group if _days(ad, which)) for which in (now, before)]
    return Pair(now=each[0], before=each[1])


def _money(group: Sequence[AdEntry], now: Window, before: Window, end: str) -> Pair:
    """Whole currency: hundredths are for the archive."""
    each = [sum(_part(ad, which, getattr(ad, end)) for ad in group) for which in (now, before)]
    return Pair(now=round(each[0], 2), before=round(each[1], 2))


def _part(ad: AdEntry, which: Window, hundredths: int | None) -> float:
    whole = (ad.last_day - ad.first_day).days + 1
    return (hundredths or 0) / 100 * _days(ad, which) / whole
