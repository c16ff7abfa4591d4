"""`python -m benchmarks.images`: asks every query it has not asked before and writes report.md and failures.png."""

from __future__ import annotations

import argparse
import functools
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import cv2

from benchmarks.images import failures, speed
from benchmarks.images.alternatives import alternatives
from benchmarks.images.ground import Ground, ground
from benchmarks.images.report import markdown
from benchmarks.images.rows import Kind, kinds
from benchmarks.images.runs import Amounts, Run, read
from detection.image.shelf import Shelf

OUT = "benchmarks-out/images"


def options(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line; leaves with a message when it is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.images", description=__doc__)
    parser.add_argument("--data", type=Path, help="the folder of public data; else a drawn sample")
    parser.add_argument("--out", type=Path, default=Path(OUT), help=f"where the report goes; else {OUT}")
    parser.add_argument("--queries", type=int, default=300, help="of stored photos in each row")
    parser.add_argument("--negatives", type=int, default=10_000, help="of other photos in all, one in ten a screenshot")
    parser.add_argument("--beside", type=int, default=100, help="queries of a row that the alternatives are asked too")
    parser.add_argument("--store", type=int, default=10_000, help="photos in the store")
    parser.add_argument("--rows", default="", help="parts of the names of the rows to ask, joined by commas; else all")
    parser.add_argument("--minutes", type=float, default=600, help="stop asking after so long; a later run goes on")
    parser.add_argument("--speed", type=int, default=0, help="also measure with so many photos on the shelf")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what was not measured yet, and write the report of everything."""
    chosen = options(sys.argv[1:] if arguments is None else arguments)
    cv2.setNumThreads(1)
    chosen.out.mkdir(parents=True, exist_ok=True)
    laid = ground(chosen.data, chosen.store, chosen.out / "described.sqlite")
    asked = [kind for kind in kinds() if _wanted(kind, chosen.rows)]
    kept = chosen.out / "answers.jsonl"
    _run(laid, kept, asked, chosen)
    section = _speed(laid, asked, chosen) if chosen.speed else ""
    _write(laid, kept, section, chosen.out)


def _wanted(kind: Kind, rows: str) -> bool:
    parts = [part for part in rows.split(",") if part]
    return not parts or any(part in kind.name for part in parts)


def _run(laid: Ground, kept: Path, asked: Sequence[Kind], chosen: argparse.Namespace) -> None:
    shelf = Shelf()
    shelf.add(laid.known.items())
    run = Run(laid, shelf, functools.cache(lambda: alternatives(laid.stored)), kept)
    amounts = Amounts(chosen.queries, chosen.negatives, chosen.beside)
    run.go(asked, amounts, time.monotonic() + 60 * chosen.minutes)


def _speed(laid: Ground, asked: Sequence[Kind], chosen: argparse.Namespace) -> str:
    folder = chosen.out / f"shelf-{chosen.speed}"
    speed.filled(folder, laid, chosen.speed)
    pictures = {
        name: [kind.made(laid.asked[place].picture(), 1) for place, kind in enumerate(asked) if kind.group == name]
        for name in ("edits", "screens")
    }
    section = speed.measured(folder, laid, {name: several for name, several in pictures.items() if several})
    (chosen.out / "speed.md").write_text(section, encoding="utf-8")
    return section


def _write(laid: Ground, kept: Path, section: str, out: Path) -> None:
    answers = read(kept)
    earlier = out / "speed.md"
    section = section or (earlier.read_text(encoding="utf-8") if earlier.exists() else "")
    (out / "report.md").write_text(markdown(answers, kinds(), laid.told, section), encoding="utf-8")
    failures.draw(answers, kinds(), laid, out / "failures.png")


if __name__ == "__main__":
    main()
