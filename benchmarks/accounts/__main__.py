"""`make bench-accounts`: recall among the first five and time of the search for names over 10,000 accounts."""

from __future__ import annotations

import argparse
from statistics import mean, quantiles

from benchmarks.accounts.mutations import AMBIGUOUS, FITTED, HELD_OUT
from benchmarks.accounts.people import people
from benchmarks.accounts.runs import Score, measure

_NAMES = ("Kalkan", "RapidFuzz token_sort_ratio", "RapidFuzz WRatio")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--each", type=int, default=100, help="questions of each kind")
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--only", choices=("fitted", "held-out"), help="while rules are being written: fitted")
    options = parser.parse_args()
    known = people(options.seed, options.accounts)
    groups = {"fitted": FITTED, "held-out": HELD_OUT, "ambiguous by nature": AMBIGUOUS}
    print(f"{options.accounts} accounts, {options.each} questions a kind, seed {options.seed}")
    for group, kinds in groups.items():
        if options.only in (None, group):
            _show(group, measure(known, kinds, options.each, options.seed))


def _show(group: str, scores: dict[str, Score]) -> None:
    print(f"\n| {group} | asked | {' | '.join(_NAMES)} |\n|---|--:|{'--:|' * len(_NAMES)}")
    for kind, score in scores.items():
        print(f"| {kind} | {score.asked} | {' | '.join(f'{score.recall(name):.3f}' for name in _NAMES)} |")
    print(f"| mean | | {' | '.join(f'{mean(s.recall(n) for s in scores.values()):.3f}' for n in _NAMES)} |")
    for name in _NAMES:
        wall = _cuts([value for score in scores.values() for value in score.seconds[name]])
        cpu = _cuts([value for score in scores.values() for value in score.cpu[name]])
        print(f"{name}: p50 {wall[0]:.1f} ms, p95 {wall[1]:.1f} ms; CPU p50 {cpu[0]:.1f} ms, p95 {cpu[1]:.1f} ms")


def _cuts(seconds: list[float]) -> tuple[float, float]:
    cuts = quantiles([1000 * value for value in seconds], n=100)
    return cuts[49], cuts[94]


if __name__ == "__main__":
    main()
