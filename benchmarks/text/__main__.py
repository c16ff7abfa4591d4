"""`python -m benchmarks.text`: measures what is asked for and writes report.md, results.json and two plots."""

import argparse
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.text import plots, runs
from benchmarks.text.corpora import VARIABLE, load
from benchmarks.text.engine import NotInstalled
from benchmarks.text.report import markdown
from benchmarks.text.results import Results
from benchmarks.text.runs import FULL, QUICK, Ground

OUT: Final = "benchmarks-out/text"
ROWS: Final = ("recall", "speed", "campaigns")


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    rows: Sequence[str]
    quick: bool
    data: Path | None
    out: Path
    engines: Sequence[str]
    patient: bool


def options(arguments: Sequence[str]) -> Options:
    """Read the command line; leaves with a message when it is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.text", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes: does it run? No figure of it counts")
    parser.add_argument("--rows", default=",".join(ROWS), help="any of recall, speed, campaigns, joined by commas")
    parser.add_argument("--data", type=Path, help=f"the folder of public data; else {VARIABLE}; else the sample")
    parser.add_argument("--out", type=Path, help=f"where the report goes; else {OUT}, with --quick {OUT}-quick")
    parser.add_argument("--engines", default="", help="parts of the names of the engines to measure; else all")
    parser.add_argument("--patient", action="store_true", help="slow engines get every query too: hours for each")
    given = parser.parse_args(arguments)
    rows = given.rows.split(",")
    if unknown := set(rows) - set(ROWS):
        parser.error(f"no such rows: {', '.join(sorted(unknown))}")
    engines = [name for name in given.engines.split(",") if name]
    out = given.out or Path(f"{OUT}-quick" if given.quick else OUT)
    return Options(rows, given.quick, given.data, out, engines, given.patient)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, keep the figures as they come, and write the report."""
    chosen = options(sys.argv[1:] if arguments is None else arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    kept = chosen.out / "results.json"
    results = Results.read(kept)
    sizes = QUICK if chosen.quick else FULL
    ground = Ground(load(chosen.data), runs.patient(sizes) if chosen.patient else sizes, tell)
    results.notes |= _notes(ground, chosen.quick)
    steps = {"recall": runs.recall, "speed": runs.speed, "campaigns": runs.campaigns}
    for row in ROWS:
        if row in chosen.rows:
            steps[row](ground, results, chosen.engines)
            results.write(kept)
            write_report(results, chosen.out)
    tell(f"written to {chosen.out}")


def _notes(ground: Ground, quick: bool) -> dict[str, str]:
    notes = {
        "texts": ground.corpus.described,
        "machine": f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}",
        "day": f"{datetime.now(UTC):%Y-%m-%d}",
    }
    return notes | ({"quick": "small sizes: no figure here counts"} if quick else {})


def write_report(results: Results, out: Path) -> None:
    """Draw what there is to draw and write report.md."""
    drawn = []
    try:
        if results.points:
            plots.draw_recall(results.points, out / plots.RECALL)
            drawn.append(plots.RECALL)
        if results.speed:
            plots.draw_time(results.speed, out / plots.TIME)
            drawn.append(plots.TIME)
    except NotInstalled as error:
        results.notes["plots"] = f"not drawn: {error} is not installed"
    (out / "report.md").write_text(markdown(results, drawn), encoding="utf-8")


def tell(what: str) -> None:
    """A line on the terminal, with the time."""
    print(f"{time.strftime('%H:%M:%S')} {what}", flush=True)


if __name__ == "__main__":
    main()
