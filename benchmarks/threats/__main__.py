"""`python -m benchmarks.threats`: measures how well threats are recognised and writes report.md.

Without `--data` only the project's own sentences are measured.
"""

import argparse
from pathlib import Path
from typing import Final

from benchmarks.threats import report, runs
from benchmarks.threats.scoring import scored
from benchmarks.threats.sentences import BLIND, FIT, HELD_OUT, ROUNDS, labelled, ordinary, public
from detection.threats import assess

OUT: Final = Path("benchmarks-out/threats")


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.threats", description=__doc__)
    parser.add_argument("--data", type=Path, help="the folder of public data")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    lines = [*_own(), *(_public(given.data, given.out) if given.data else [])]
    (given.out / "report.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


def _own() -> list[str]:
    held, fit = labelled(HELD_OUT), labelled(FIT)
    lines = []
    for folder in sorted(BLIND.iterdir()):
        scores = scored(labelled(folder), assess)
        lines += report.levels(f"Blind set {folder.name}", scores) + report.fields(scores)
    for folder in sorted(ROUNDS.iterdir()):
        lines += report.levels(f"Round {folder.name}", scored(labelled(folder), assess))
    scores = scored(held, assess)
    lines += report.levels("Held-out set", scores) + report.fields(scores)
    lines += report.levels("Fit set (rules and model were tuned on it)", scored(fit, assess))
    everything = [*held, *(each for folder in sorted(BLIND.iterdir()) for each in labelled(folder))]
    lines += report.disguised(runs.disguises(everything))
    median, slowest = runs.microseconds([sentence.text for sentence in everything])
    return [*lines, f"Time a comment: {median:.0f} µs in the median, {slowest:.0f} µs at the 99th percentile.", ""]


def _public(data: Path, out: Path) -> list[str]:
    seen, sealed = public(data)
    lines = report.levels("Supplied sentences, sealed half", scored(sealed, assess))
    lines += report.levels("Supplied sentences, half that was looked at", scored(seen, assess))
    chosen = ordinary(data, runs.ORDINARY)
    counts, raised = runs.ordinary(chosen)
    told = "\n".join(f"{line.language}\t{line.id}\t{level}\t{' '.join(line.text.split())}" for line, level in raised)
    (out / "raised.tsv").write_text(told + "\n", encoding="utf-8")
    median, slowest = runs.microseconds([line.text for line in chosen])
    spent = f"Time an ordinary line: {median:.0f} µs in the median, {slowest:.0f} µs at the 99th percentile."
    return [*lines, *report.ordinary(counts), spent, ""]


if __name__ == "__main__":
    main()
