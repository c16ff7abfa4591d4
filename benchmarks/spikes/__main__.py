"""`make bench-spikes`: the scan in held-out simulated counts, beside EARS C2, Farrington and a z-score; its speed."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np

from benchmarks.spikes import alternatives
from benchmarks.spikes.judging import calibrated, false_alarms, noticed
from benchmarks.spikes.world import BASELINES, KINDS, Rise, World, draw
from detection.spikes.scan import Scan, replay

Real = np.ndarray[Any, np.dtype[np.float64]]

DAYS: Final = 112
LEARNT: Final = 28
MUTED: Final = 3
RISES: Final = (Rise(10, 24), Rise(5, 24), Rise(10, 6), Rise(3, 72))
ADDED: Final = tuple(replace(rise, added=True) for rise in RISES)
OTHERS: Final[dict[str, Callable[[Real], Real]]] = {
    "EARS C2": alternatives.ears_c2,
    "Farrington": alternatives.farrington,
    "z-score 28 d": alternatives.z_score,
}


def alarms_of(counts: np.ndarray[Any, np.dtype[np.int64]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """The scan's alarms."""
    return replay(counts).alarm


def main() -> None:
    """Prints tables in Markdown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spikes")
    parser.add_argument("--series", type=int, default=200, help="series of each baseline")
    parser.add_argument("--seed", type=int, default=1000, help="from 1000 on nothing was tuned")
    parser.add_argument("--kinds", default=",".join(KINDS), help="kinds of world")
    parser.add_argument("--beside", default="as noted", help="kinds in which the alternatives are measured, too")
    parser.add_argument("--baselines", default=",".join(f"{b:g}" for b in BASELINES), help="at which they are measured")
    options = parser.parse_args()
    kinds, beside = (list(filter(None, names.split(","))) for names in (options.kinds, options.beside))
    _false_and_noticed({kind: KINDS[kind] for kind in kinds}, options.series, options.seed)
    for kind in beside:
        _beside(kind, [float(b) for b in options.baselines.split(",")], options.series, options.seed + 200)
    _speed()


def _false_and_noticed(kinds: dict[str, World], series: int, seed: int) -> None:
    bases = " | ".join(f"{b:g}" for b in BASELINES)
    print(f"False alarms in 100 quiet days by comments a day, after day {LEARNT} / in days {MUTED}-{LEARNT};")
    print("then the share of waves of x10 for 24 h that were noticed, and the median delay in hours: of the day's own")
    print("rate, at last added to it.\n")
    print(f"| world | {bases} | x10 at 0.5 | at 2 | at 10 | at 50 | added at 2 | at 10 |")
    print("|---" * (len(BASELINES) + 7) + "|")
    waves = [(baseline, RISES[0]) for baseline in BASELINES[1:]] + [(baseline, ADDED[0]) for baseline in (2.0, 10.0)]
    for kind, world in kinds.items():
        cells = []
        for baseline in BASELINES:
            alarms = alarms_of(draw(world, baseline, series, DAYS, seed).counts)
            cells.append(f"{false_alarms(alarms, LEARNT, DAYS):.1f} / {false_alarms(alarms, MUTED, LEARNT):.1f}")
        for baseline, rise in waves:
            drawn = draw(world, baseline, series, 78, seed + 100, rise)
            share, delay = noticed(alarms_of(drawn.counts), drawn.onsets, rise.hours)
            cells.append(f"{share:.2f}, {delay:.0f} h")
        print(f"| {kind} | {' | '.join(cells)} |", flush=True)


def _beside(kind: str, baselines: list[float], series: int, seed: int) -> None:
    """Each alternative at the scan's own rate of false alarms, baseline by baseline, on the same counts."""
    print(
        f"\nWorld “{kind}”: waves noticed, median delay in hours; each at the scan's false alarms of that baseline.\n"
    )
    print("| comments a day | false alarms | wave | scan | " + " | ".join(OTHERS) + " |")
    print("|---" * (4 + len(OTHERS)) + "|")
    for baseline in baselines:
        quiet = draw(KINDS[kind], baseline, series, DAYS, seed).counts
        rate = false_alarms(alarms_of(quiet), LEARNT, DAYS)
        limits = {name: calibrated(make(quiet.astype(float)), rate, LEARNT, DAYS) for name, make in OTHERS.items()}
        for rise in RISES + ADDED:
            drawn = draw(KINDS[kind], baseline, series, 80, seed + 100, rise)
            ours = noticed(alarms_of(drawn.counts), drawn.onsets, rise.hours)
            theirs = [
                noticed(make(drawn.counts.astype(float)) >= max(limits[name], 1e-9), drawn.onsets, rise.hours)
                for name, make in OTHERS.items()
            ]
            cells = " | ".join(f"{share:.2f}, {delay:.0f} h" for share, delay in (ours, *theirs))
            print(f"| {baseline:g} | {rate:.1f} | {_named(rise)} | {cells} |", flush=True)


def _named(rise: Rise) -> str:
    return f"x{rise.factor:g} for {rise.hours} h" + (", added" if rise.added else "")


def _speed() -> None:
    """What an hour of a thousand series costs: the step itself, and making the state anew from 120 days."""
    counts = draw(KINDS["as noted"], 5.0, 1000, 120, 1).counts
    begun = time.process_time()
    scan = Scan(1000)
    for first in range(0, counts.shape[1], 24):
        scan.close(counts[:, first : first + 24].astype(float))
    made = time.process_time() - begun
    begun = time.process_time()
    for hour in range(23):
        scan.step(counts[:, hour])
    print(
        f"\n1,000 series: {(time.process_time() - begun) / 23:.3f} s CPU an hour; from 120 days of counts {made:.1f} s."
    )


if __name__ == "__main__":
    main()
