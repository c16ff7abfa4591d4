"""Charts to measure and to test with: one of each kind as it usually is, and what is hard to draw."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.model.chart import (
    Bar,
    Chart,
    DotRow,
    Dots,
    Estimate,
    GroupedBars,
    HeatMap,
    Mark,
    PairOfBars,
    Point,
    Post,
    RankedBars,
    SharesRow,
    Sides,
    Sparkline,
    StackedShares,
    TimeSeries,
    TopPosts,
)
from bot.model.farm import SideWeek

ZONE: Final = "Asia/Bishkek"
DAY: Final = date(2026, 10, 6)
NOON: Final = datetime(2026, 10, 6, 6, tzinfo=UTC)
#: Long names, as organisations of the region have them, with letters that fonts lack.
NAMES: Final = (
    "Коомдук телерадиоберүү корпорациясынын өңүрлөр боюнча жаңылыктар кызматы",
    "Айгүл Токтосунова-Абдылдаева, иликтөөчү журналист",
    "Министерство цифрового развития и инновационных технологий Кыргызской Республики, пресс-служба и представители",
    "Радио «Үнү»",
    "Өмүрбек Ң. Сыдыков",
    "Kloop",
    "Объединение-независимых-наблюдателей-за-выборами-и-референдумами-Кыргызстана-и-сопредельных-государств",
    "24",
    "Factcheck",
    "PolitKlinika",
    "Т.",
)
NOTE: Final = (
    "Выборка: СМИ, блогеры и публичные группы – по 200 публикаций с наибольшим числом реакций. Сняты через 3 дня.",
)
HOSTILE: Final = "$\\frac{1}{0}$ <b>&amp; \u202e=1+1 🔥\x00_x^2_ 漢"


def usual() -> Mapping[str, Chart]:
    """One of each kind, as busy as they come."""
    return {
        "time series": days(30, spikes=2),
        "sparkline": sparkline(),
        "ranked bars": RankedBars(
            title="Кого атаковали чаще всего", bars=[Bar(label=n, value=260 // (i + 1)) for i, n in enumerate(NAMES)]
        ),
        "grouped bars": grouped(),
        "stacked shares": StackedShares(
            title="Тон публикаций",
            parts=("хвалит", "нейтрально", "критикует"),
            places=(0, -1, 1),
            rows=[SharesRow(label=n, counts=(12 + 3 * i, 30, 2 + i * i)) for i, n in enumerate(NAMES[:8])],
            notes=NOTE,
        ),
        "heat map": week(9),
        "dots": dots(),
        "sides": sides(),
        "top posts": TopPosts(title="Эң көп реакция алган посттор", posts=[post(n) for n in NAMES[:6]], notes=NOTE),
    }


def hard() -> Mapping[str, Chart]:
    """Nothing, one, zero, very many, very much, and strangers' words."""
    return {
        "no points": days(0),
        "one point": days(1, spikes=1),
        "one hour": TimeSeries(title="t", counted="c", zone=ZONE, points=[Point(at=NOON, value=3)]),
        "400 days": days(400, spikes=6),
        "zero days": TimeSeries(title="t", counted="c", zone=ZONE, points=[_point(n, 0) for n in range(9)]),
        "huge days": TimeSeries(title="t", counted="c", zone=ZONE, points=[_point(n, n * 10**11) for n in range(9)]),
        "72 hours over a change of clocks": TimeSeries(
            title="t",
            counted="c",
            zone="Europe/Berlin",
            points=[Point(at=datetime(2026, 10, 24, tzinfo=UTC) + timedelta(hours=n), value=n % 7) for n in range(72)],
            spikes=[Mark(at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC))],
        ),
        "a spike outside": TimeSeries(
            title="t", counted="c", zone=ZONE, points=[_point(0, 1)], spikes=[Mark(at=DAY - timedelta(days=9))]
        ),
        "no bars": RankedBars(title="t", bars=[]),
        "zero bars": RankedBars(title="t", bars=[Bar(label="a", value=0), Bar(label="b", value=-3)]),
        "huge bars": RankedBars(title="t", bars=[Bar(label="a", value=10**15), Bar(label="b", value=1)]),
        "share bars": RankedBars(title="t", form="share", most=2, bars=[Bar(label=n, value=0.2) for n in NAMES]),
        "no pairs": GroupedBars(title="t", windows=("a", "b"), pairs=[]),
        "no shares": StackedShares(title="t", parts=("a", "b"), rows=[SharesRow(label="x", counts=(0, 0))]),
        "eight parts": StackedShares(
            title="t", parts=[n[:24] for n in NAMES[:8]], rows=[SharesRow(label="x", counts=(9, 8, 7, 6, 5, 4, 3, 0))]
        ),
        "an empty week": week(0),
        "a huge week": HeatMap(title="t", grid=[[10**9 + h for h in range(24)] for _ in range(7)]),
        "no dots": Dots(title="t", series=("a",), rows=[DotRow(label="x", values=[Estimate(value=None)])]),
        "zero dots": Dots(title="t", series=("a",), rows=[DotRow(label="x", values=[Estimate(value=0.0)])]),
        "no sides": Sides(title="t", weeks=[], praised="a", attacked="b"),
        "one week": Sides(
            title="t",
            weeks=[SideWeek(week=DAY, subject="x", praised=0, attacked=3)],
            praised="a",
            attacked="b",
            switches=[Mark(at=DAY + timedelta(days=n), label=f"{n}: {HOSTILE}") for n in range(3)],
        ),
        "no posts": TopPosts(title="t", posts=[]),
        "strangers": RankedBars(
            title=HOSTILE * 5, under=HOSTILE, notes=[HOSTILE * 30], bars=[Bar(label=HOSTILE * 9, value=1)]
        ),
        "a stranger's post": TopPosts(
            title=HOSTILE, posts=[Post(text="ж" * 5000, source="щ" * 900, figures=[("ы", 1)])]
        ),
    }


def days(count: int, spikes: int = 0) -> TimeSeries:
    """So many days with what is usual, and spikes every ninth day from the third."""
    dice = random.Random(7)
    points = [Point(at=DAY + timedelta(days=n), value=dice.randint(1, 9), low=2, high=9) for n in range(count)]
    marked = [2 + 9 * n for n in range(spikes) if 2 + 9 * n < count] or ([0] if spikes and count else [])
    for n in marked:
        points[n] = Point(at=points[n].at, value=60 - n % 5, low=2, high=9)
    return TimeSeries(
        title="Уят сөздөр жана коркутуулар: редакциянын кабарчыларына жазылган комментарийлер",
        under=ZONE,
        counted="комментарийлер",
        zone=ZONE,
        points=points,
        spikes=[Mark(at=points[n].at) for n in marked],
        notes=NOTE,
    )


def sparkline() -> Sparkline:
    """Three days by the hour, a wave in the last."""
    dice = random.Random(3)
    values = [dice.randint(0, 2) if n < 57 else dice.randint(5, 19) for n in range(72)]
    return Sparkline(
        title="Радио «Үнү»: ×6,7 к обычному",
        under=ZONE,
        counted="комментарии",
        zone=ZONE,
        points=[Point(at=NOON + timedelta(hours=n), value=value, low=0, high=3) for n, value in enumerate(values)],
        spikes=[Mark(at=NOON + timedelta(hours=57))],
    )


def grouped() -> GroupedBars:
    """Two windows; in one of them somebody was not there."""
    pairs = [
        PairOfBars(label=name, first=300 // (n + 1), second=None if n == 2 else float(150 - 9 * n))
        for n, name in enumerate(NAMES[:8])
    ]
    return GroupedBars(title="Публикации", windows=("1–26 нояб. 2026 г.", "6–31 окт. 2026 г."), pairs=pairs, notes=NOTE)


def dots() -> Dots:
    """Shares with intervals, in two windows."""
    rows = [
        DotRow(
            label=name,
            values=[
                Estimate(value=0.3 / (n + 1), low=0.2 / (n + 1), high=0.5 / (n + 1)),
                Estimate(value=None) if n == 1 else Estimate(value=0.1, low=0.05, high=0.2),
            ],
        )
        for n, name in enumerate(NAMES[:6])
    ]
    return Dots(
        title="Доля известных фейков",
        series=("ноябрь", "октябрь"),
        rows=rows,
        form="share",
        reference=0.25,
        reference_label="в среднем",
        notes=NOTE,
    )


def week(most: int) -> HeatMap:
    """Office hours on working days."""
    grid = [[most if 9 < hour < 19 and day < 5 else hour % 3 * bool(most) for hour in range(24)] for day in range(7)]
    return HeatMap(title="Кайсы сааттарда", under=ZONE, grid=grid, shift=(10, 19))


def sides() -> Sides:
    """Half a year with a change of sides."""
    weeks = [
        SideWeek(week=DAY + timedelta(days=7 * n), subject=name, praised=(n * 3 + i) % 9, attacked=(n * i) % 7)
        for n in range(26)
        for i, name in enumerate(NAMES[:4])
    ]
    switch = Mark(at=DAY + timedelta(days=70), label="15.12.2026: жагын алмаштырды")
    return Sides(
        title="Ф-3: кимди мактап, кимди жамандады",
        weeks=weeks,
        praised="мактады",
        attacked="жамандады",
        switches=[switch],
    )


def post(source: str) -> Post:
    """A post with a long text."""
    text = "Жарандар, бүгүн саат 20:00дө түз эфирге чыгабыз! Баарыңыздарды күтөбүз, комментарий жазыңыздар. " * 2
    return Post(text=text, source=f"{source} · Facebook", figures=[("реакциялар", 12_345), ("бөлүшүүлөр", 678)])


def _point(n: int, value: float) -> Point:
    return Point(at=DAY + timedelta(days=n), value=value)
