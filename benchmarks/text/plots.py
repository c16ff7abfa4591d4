"""Two plots: recall against how much of a text is changed, and time against the size of the store."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.text.bars import KALKAN
from benchmarks.text.engine import NotInstalled
from benchmarks.text.memory import Times
from benchmarks.text.speed import Speed
from benchmarks.text.strength import Point

try:
    import matplotlib as mpl
    from matplotlib.figure import Figure
except ImportError:
    mpl = None  # type: ignore[assignment]

RECALL, TIME = "recall_by_strength.png", "time_by_size.png"
#: Colours that people with any colour vision tell apart (Okabe and Ito 2008).
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#888888")
_MARKS = "osD^vPX"


def draw_recall(points: Sequence[Point], path: Path) -> None:
    """One panel a scale, one line an engine, the first engine with its 95 % interval. Raises `NotInstalled`.

    The engines' own rules: with the same rerank they lie on top of each other.
    """
    scales = list(dict.fromkeys(point.scale for point in points))
    engines = list(dict.fromkeys(point.engine for point in points))
    columns = min(3, len(scales))
    rows = -(-len(scales) // columns)
    figure = _figure(4.2 * columns, 3.2 * rows)
    for place, scale in enumerate(scales):
        axes = figure.add_subplot(rows, columns, place + 1)
        for number, engine in enumerate(engines):
            _line(axes, [point for point in points if (point.scale, point.engine) == (scale, engine)], number)
        axes.set(title=scale, ylim=(-0.02, 1.03), xlabel="share of the text changed", ylabel="recall, tier copy")
        axes.grid(alpha=0.25)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=min(4, len(labels)), frameon=False)
    figure.tight_layout(rect=(0, 0.02 + 0.03 * -(-len(labels) // 4), 1, 1))
    figure.savefig(path, dpi=130)


def _line(axes: Any, points: Sequence[Point], number: int) -> None:
    strengths = [point.strength for point in points]
    colour = _COLOURS[number % len(_COLOURS)]
    axes.plot(
        strengths,
        [point.copy.value for point in points],
        color=colour,
        marker=_MARKS[number % len(_MARKS)],
        markersize=4,
        linewidth=2.4 if number == 0 else 1.2,
        zorder=9 - number,
        label=points[0].engine if points else None,
    )
    if number == 0:
        intervals = [point.copy.wilson() for point in points]
        axes.fill_between(strengths, *zip(*intervals, strict=True), color=colour, alpha=0.15, linewidth=0)


def draw_time(speed: Sequence[Speed], path: Path) -> None:
    """Median and 99th percentile of one lookup, both axes logarithmic. Raises `NotInstalled`."""
    figure = _figure(9.0, 4.6)
    axes = figure.add_subplot()
    for number, (name, series) in enumerate(_series(speed).items()):
        sizes, medians, p99 = zip(*series, strict=True)
        colour = _COLOURS[number % len(_COLOURS)]
        axes.plot(sizes, medians, color=colour, marker=_MARKS[number % len(_MARKS)], label=name)
        axes.fill_between(sizes, medians, p99, color=colour, alpha=0.12, linewidth=0)
    axes.set(xscale="log", yscale="log", xlabel="texts stored", ylabel="one lookup, ms (line: median; shade: to p99)")
    axes.grid(alpha=0.25, which="both")
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    figure.tight_layout()
    figure.savefig(path, dpi=130)


def _series(speed: Sequence[Speed]) -> dict[str, list[tuple[int, float, float]]]:
    series: defaultdict[str, list[tuple[int, float, float]]] = defaultdict(list)
    for each in sorted(speed, key=lambda one: one.stored):
        series[f"{KALKAN}, CPU"].append((each.stored, each.lookup.cpu_p50, each.lookup.cpu_p99))
        series[f"{KALKAN}, wall"].append((each.stored, each.lookup.wall_p50, each.lookup.wall_p99))
        for name, times in each.others.items():
            if isinstance(times, Times) and "PostgreSQL" in name:
                series[f"{name}, wall"].append((each.stored, times.wall_p50, times.wall_p99))
            elif isinstance(times, Times):
                series[f"{name}, CPU"].append((each.stored, times.cpu_p50, times.cpu_p99))
    return dict(series)


def _figure(width: float, height: float) -> Any:
    if mpl is None:
        raise NotInstalled("matplotlib")
    return Figure(figsize=(width, height), facecolor="white")
