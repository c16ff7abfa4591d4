"""What Kalkan must reach, and whether a run reached it. Nothing is rounded in its favour."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from benchmarks.text.memory import Times
from benchmarks.text.recall import Recall
from benchmarks.text.results import Results
from benchmarks.text.speed import Speed

KALKAN: Final = "Kalkan"
FULL: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Bar:
    """One promise: what, the bar, what was measured, whether it holds."""

    what: str
    bar: str
    measured: str
    holds: bool


def bars(results: Results) -> list[Bar]:
    """Every bar that the results can speak about."""
    return [*_recalls(results), *_growth(results), *_speeds(results), *_campaigns(results)]


def _recalls(results: Results) -> Iterator[Bar]:
    own = next((each for each in results.recall if each.engine == KALKAN), None)
    if own is None:
        return
    mean, either = own.mean(), own.mean("either")
    yield Bar("mean recall over kinds, copy", "≥ 0.90", f"{mean:.4f}", mean >= 0.90)
    yield Bar("false copies a query", "≤ 1e-3", str(own.false_copy), own.false_copy.value <= 1e-3)
    worst = min((row for row in own.rows if row.must and row.copy.of), key=lambda row: row.copy.value)
    yield Bar("the worst must-kind, copy", "≥ 0.98", f"{worst.kind} {worst.copy}", worst.copy.value >= 0.98)
    yield Bar("mean recall over kinds, copy or similar", "≥ 0.94", f"{either:.4f}", either >= 0.94)
    yield Bar("false copies or similar a query", "≤ 1e-2", str(own.false_either), own.false_either.value <= 1e-2)
    yield Bar("texts of 25-50 characters, mean, copy", "its own row", f"{own.mean(short=True):.4f}", True)


def _growth(results: Results) -> Iterator[Bar]:
    sizes = sorted(_all_sizes(results), key=lambda each: each.stored)
    if len(sizes) > 1:
        worst = max(sizes, key=lambda each: each.false_copy.value)
        said = "; ".join(f"{each.stored:,}: {each.false_copy}" for each in sizes)
        yield Bar("false copies as the store grows", "≤ 1e-3", said, worst.false_copy.value <= 1e-3)


def _all_sizes(results: Results) -> list[Recall]:
    return [*(each for each in results.recall if each.engine == KALKAN), *results.growth]


def _speeds(results: Results) -> Iterator[Bar]:
    if not results.speed:
        return
    sizes = sorted(results.speed, key=lambda each: each.stored)
    last = sizes[-1]
    at = f"at {last.stored:,}"
    look, insert = last.lookup, last.insert
    cpu = f"p50 {look.cpu_p50:.2f} ms, p99 {look.cpu_p99:.2f} ms"
    yield Bar(f"one lookup, CPU, {at}", "p50 ≤ 4 ms, p99 ≤ 10 ms", cpu, look.cpu_p50 <= 4 and look.cpu_p99 <= 10)
    yield from _ratios(last, at)
    if len(sizes) > 1:
        grown = look.cpu_p50 / sizes[0].lookup.cpu_p50
        yield Bar(f"lookup time from {sizes[0].stored:,} to {last.stored:,}", "≤ 2×", f"{grown:.2f}×", grown <= 2)
    said = f"p50 {insert.wall_p50:.2f} ms wall ({insert.cpu_p50:.2f} ms CPU), p99 {insert.wall_p99:.2f} ms"
    yield Bar(f"insert, then searchable, {at}", "p50 ≤ 1.5 ms", said, insert.wall_p50 <= 1.5)
    bulk = last.bulk_per_second
    yield Bar(f"bulk, texts a second of CPU, {at}", "≥ 5,000", f"{bulk:,.0f}", bulk >= 5000)
    yield Bar(f"bytes of index a text, {at}", "≤ 600", f"{last.bytes_a_text:.0f}", last.bytes_a_text <= 600)
    yield Bar(f"reopening and the first answer, {at}", "≤ 0.5 s", f"{last.first_answer_s:.3f} s", last.open_s <= 0.5)
    memory = (
        f"{last.lookup_mb:.0f} MB after lookups, {last.insert_mb:.0f} after inserts, {last.peak_mb:.0f} at the most"
    )
    yield Bar(f"resident memory, {at}", "≤ 300 MB", memory, last.peak_mb <= 300)


def _ratios(last: Speed, at: str) -> Iterator[Bar]:
    scan, trigrams = last.others.get("RapidFuzz scan"), last.others.get("PostgreSQL pg_trgm")
    if isinstance(scan, Times):
        times = scan.cpu_p50 / last.lookup.cpu_p50
        yield Bar(f"faster than a RapidFuzz scan, CPU, {at}", "≥ 100×", f"{times:.0f}×", times >= 100)
    if isinstance(trigrams, Times):
        times = trigrams.wall_p50 / last.lookup.wall_p50
        yield Bar(f"faster than pg_trgm, client wall, {at}", "≥ 20×", f"{times:.0f}×", times >= 20)


def _campaigns(results: Results) -> Iterator[Bar]:
    for each in results.campaigns:
        name = f"campaigns, seed {each.seed}"
        precision, f1 = each.plain.precision, each.plain.f1
        yield Bar(f"{name}: pairwise precision", "≥ 0.97", f"{precision:.4f}", precision >= 0.97)
        yield Bar(f"{name}: F1", "≥ 0.90", f"{f1:.4f} (recall {each.plain.recall:.4f})", f1 >= 0.90)
