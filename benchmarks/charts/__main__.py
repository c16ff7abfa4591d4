"""`python -m benchmarks.charts`: seconds per chart, in the worker that draws and as a newsroom waits for it.

Each kind is drawn so many times in this process (CPU and wall, median and worst), then a set of all kinds goes through
the worker pool as the bot asks for it, the worker's start included.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time

from benchmarks.charts.report_sample import report
from benchmarks.charts.samples import days, usual
from bot.analysis import Analysis
from bot.documents.charts import drawing
from bot.documents.charts.chart_words import chart_words
from bot.documents.charts.studio import Charts
from bot.i18n import Catalogs, PlainTranslator
from bot.model.chart import Chart

BAR = 1.5


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.charts", description="Seconds per chart")
    parser.add_argument("--rounds", type=int, default=20, help="how often each is drawn")
    rounds = parser.parse_args().rounds
    t = Catalogs.load()["ky"].plain
    began = time.perf_counter(), time.process_time()
    drawing.warm_up()
    print(
        f"libraries loaded: {time.perf_counter() - began[0]:.2f} s wall, {time.process_time() - began[1]:.2f} s CPU\n"
    )
    print("| chart | CPU s, median | wall s, median | wall s, worst | KB |\n|---|--:|--:|--:|--:|")
    worst = 0.0
    for name, chart in {**usual(), "time series, 400 days": days(400, spikes=6)}.items():
        walls, cpus, size = _times(chart, t, rounds)
        worst = max(worst, *walls)
        middle = f"{statistics.median(cpus):.2f} | {statistics.median(walls):.2f} | {max(walls):.2f}"
        print(f"| {name} | {middle} | {size / 1024:.0f} |")
    asyncio.run(_through_the_pool(t))
    print(f"\nworst {worst:.2f} s; the bar is {BAR} s")


def _times(chart: Chart, t: PlainTranslator, rounds: int) -> tuple[list[float], list[float], int]:
    walls, cpus, size = [], [], 0
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        size = len(drawing.draw(chart, chart_words(chart, t)))
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return walls, cpus, size


async def _through_the_pool(t: PlainTranslator) -> None:
    analysis = Analysis()
    charts = Charts(analysis.drawn)
    waits: list[float] = []
    stalls: list[float] = []
    watch = asyncio.create_task(_watch_loop(stalls))
    try:
        waits += [await _waited(charts, chart, t) for chart in usual().values()]
        began = time.perf_counter()
        size = len(await charts.report_paper(report(), t))
        whole = time.perf_counter() - began
    finally:
        watch.cancel()
        await analysis.stop()
    later = f"{statistics.median(waits[1:]):.2f} s, worst {max(waits[1:]):.2f} s"
    print(f"\nthrough the pool: the first, with the worker's start, {waits[0]:.2f} s; the others {later}")
    print(f"a report's 24 charts and their PDF ({size / 1e6:.1f} MB): {whole:.1f} s")
    print(f"the event loop meanwhile stood still for at most {1000 * max(stalls):.0f} ms")


async def _waited(charts: Charts, chart: Chart, t: PlainTranslator) -> float:
    began = time.perf_counter()
    await charts.draw(chart, t)
    return time.perf_counter() - began


async def _watch_loop(stalls: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.01)
        stalls.append(time.perf_counter() - began - 0.01)


if __name__ == "__main__":
    main()
