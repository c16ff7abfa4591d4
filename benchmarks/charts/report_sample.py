"""A made-up report over a period with everything in it, and the content of a digest, to measure and to test with."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from benchmarks.charts.samples import NAMES, NOON, ZONE
from bot.model.codebook import codebook
from bot.model.digest import Counted, DigestContent, Hours, NamedCampaign, NamedSpike
from bot.model.report import (
    AdLine,
    Agreement,
    CampaignLine,
    DayLine,
    FakeFigures,
    FakeLine,
    Figure,
    Line,
    OwnFigures,
    Pair,
    Presence,
    Report,
    Sampling,
    Share,
    SharePair,
    ToneLine,
    TopPost,
    Window,
)

_SEED = 5


def report(*, coded: bool = True, own: bool = True) -> Report:
    """Two windows of 26 days; without codings as long as nobody coded, without `own` where Kalkan was sent nothing."""
    dice, book = random.Random(_SEED), codebook()

    def pair(most: int) -> Pair:
        return Pair(now=dice.randint(1, most), before=dice.randint(1, most))

    def line(key: str) -> Line:
        return Line(key=key, posts=pair(300), interactions=pair(90_000), views=pair(900_000))

    def tone(key: str = "") -> ToneLine:
        most = 90 if coded else 0
        parts = [pair(most) if most else Pair() for _ in range(3)]
        return ToneLine(key=key, positive=parts[0], neutral=parts[1], negative=parts[2])

    return Report(
        now=Window(first=date(2026, 11, 1), last=date(2026, 11, 26)),
        before=Window(first=date(2026, 10, 6), last=date(2026, 10, 31)),
        zone=ZONE,
        made_at=datetime(2026, 11, 27, 4, tzinfo=UTC),
        newsroom="Радио «Үнү»",
        sampling=_sampling(),
        posts=Pair(now=1234, before=1100),
        reactions=Pair(now=123_456, before=99_887),
        comments=Pair(now=45_678, before=12_345),
        shares=Pair(now=9_999, before=8_765),
        days=tuple(
            DayLine(number=n, posts=pair(60), interactions=pair(9000), comments=pair(30) if own else Pair())
            for n in range(26)
        ),
        categories=tuple(map(line, book.categories)),
        actors=tuple(map(line, NAMES)),
        platforms=tuple(map(line, ("facebook", "instagram", "tiktok", ""))),
        venues=tuple(map(line, book.venues)),
        topics=tuple(map(line, book.topics)) if coded else (),
        tone=tone(),
        tone_without_groups=tone(),
        tone_by_category=tuple(map(tone, book.categories)),
        tone_by_actor=tuple(map(tone, NAMES)),
        tone_by_platform=tuple(map(tone, ("facebook", "instagram"))),
        tone_by_topic=tuple(map(tone, book.topics)),
        presence=(Presence(actor=NAMES[0], category="media", present=("facebook",), absent=("tiktok",)),),
        top_posts=tuple(_post(is_now, rank) for is_now in (True, False) for rank in range(1, 9)),
        fakes=_fakes() if own else None,
        own=_own(pair) if own else OwnFigures(),
        ads=tuple(
            AdLine(
                advertiser=name,
                platform="facebook",
                currency="USD",
                count=pair(30),
                spend=Pair(now=100, before=200),
                spend_most=Pair(now=499, before=299),
                undisclosed=pair(9),
            )
            for name in NAMES[:3]
        ),
        agreement=tuple(_agreement(what) for what in ("tone", "topic")) if coded else (),
    )


def digest() -> DigestContent:
    """A day with a wave."""
    dice = random.Random(_SEED)
    counts = [dice.randint(0, 3) + (15 if 200 < n < 215 else 0) for n in range(336)]
    start = NOON - timedelta(days=13)
    spike = NamedSpike(
        spike_id=1,
        number=7,
        kind="target",
        name=NAMES[0],
        started_at=start + timedelta(hours=201),
        count=225,
        usual=4.0,
        known=0.4,
        repeated=0.35,
    )
    return DigestContent(
        since=NOON,
        until=NOON + timedelta(days=1),
        targets=tuple(Counted(name=name, count=90 // (n + 1), before=n) for n, name in enumerate(NAMES[:6])),
        platforms=(Counted(name="facebook", count=80), Counted(name="vk", count=20)),
        spikes=(spike,),
        campaigns=(
            NamedCampaign(
                campaign_id=1, number=3, name="Кеңсесин талкалайлы", times=40, accounts=9, fakes=4, is_new=True
            ),
        ),
        series=Hours(start=start, counts=tuple(counts)),
        week=tuple(tuple(dice.randint(0, 9) for _ in range(24)) for _ in range(7)),
    )


def _sampling() -> Sampling:
    book = codebook()
    return Sampling(
        top=book.top,
        sampled=book.sampled,
        settled=book.settled,
        posts=Pair(now=1234, before=1100),
        to_code=Pair(now=640, before=600),
        coded=Pair(now=633, before=591),
        early=Pair(now=4, before=0),
        undated=Pair(now=1, before=2),
        delay_median=Pair(now=3.5, before=3),
        delay_shortest=Pair(now=2.5, before=3),
        delay_longest=Pair(now=9, before=7),
    )


def _share(count: int, total: int) -> Share:
    value = count / total
    return Share(
        count=count, total=total, effective=total * 0.6, value=value, low=max(0.0, value - 0.06), high=value + 0.08
    )


def _fakes() -> FakeFigures:
    both = SharePair(now=_share(120, 800), before=_share(30, 600))
    line = FakeLine(platform="facebook", confirmed=both, suspected=both)
    return FakeFigures(
        confirmed=both, suspected=both, accounts_confirmed=both, accounts_suspected=both, by_platform=(line,)
    )


def _own(pair: Callable[[int], Pair]) -> OwnFigures:
    return OwnFigures(
        cases=pair(90),
        comments=pair(900),
        accounts=pair(300),
        threats=pair(9),
        campaigns_active=pair(12),
        spikes=pair(5),
        removed=pair(30),
        campaigns=(CampaignLine(label="C-3", name="Кеңсесин талкалайлы", comments=pair(90), accounts=pair(9)),),
        targets=tuple((name, pair(90)) for name in NAMES[:5]),
    )


def _agreement(what: str) -> Agreement:
    figure = Figure(value=0.81, low=0.77, high=0.85)
    return Agreement(what=what, units=600, agreed=540, alpha=figure, kappa=figure)


def _post(is_now: bool, rank: int) -> TopPost:
    return TopPost(
        is_now=is_now,
        rank=rank,
        actor=NAMES[rank],
        category="media",
        platform="facebook",
        venue="page",
        at=datetime(2026, 11, 6, 14, tzinfo=UTC),
        text="=HYPERLINK(1) Жарандар, бүгүн саат 20:00дө түз эфирге чыгабыз! 🔥",
        link="https://example.org/p/1",
        reactions=9000 - rank,
        comments=700,
        shares=90,
        views=120_000,
        tone="positive",
        topic="politics",
    )
