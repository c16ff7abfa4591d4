"""The report of a run in Markdown: the bars first, then every figure side by side with the alternatives."""

from collections.abc import Iterable, Iterator, Sequence

from benchmarks.text.bars import bars
from benchmarks.text.intervals import Proportion
from benchmarks.text.memory import Times
from benchmarks.text.recall import Recall, Row
from benchmarks.text.results import Results


def markdown(results: Results, plots: Sequence[str] = ()) -> str:
    """The whole report."""
    parts = [
        "# Duplicate texts: what was measured",
        "\n".join(f"- {name}: {note}" for name, note in results.notes.items()),
        *_section("Bars", _bars(results)),
        *_section("Recall by kind of edit, tier copy", _kinds(results, "copy", short=False)),
        *_section("Recall by kind of edit, copy or similar", _kinds(results, "either", short=False)),
        *_section("Texts of 25 to 50 characters, tier copy", _kinds(results, "copy", short=True)),
        *_section("False matches", _false(results)),
        *_section("Time, space and memory", _speed(results)),
        *_section("Campaigns", _campaigns(results)),
        *(f"![{name}]({name})" for name in plots),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(title: str, lines: Iterable[str]) -> list[str]:
    body = "\n".join(lines)
    return [f"## {title}", body] if body else []


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _line(head)
    yield _line(["---"] * len(head))
    for row in rows:
        yield _line(row)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _bars(results: Results) -> Iterator[str]:
    checked = bars(results)
    if checked:
        rows = [(bar.what, bar.bar, bar.measured, "yes" if bar.holds else "**no**") for bar in checked]
        yield from _table(("what", "bar", "measured", "reached"), rows)


def _kinds(results: Results, tier: str, *, short: bool) -> Iterator[str]:
    engines = results.recall
    if not engines or not _rows(engines[0], short):
        return
    yield "The first engine with its 95 % interval and the number of queries (from so many sources)."
    yield ""
    head = ["kind", *(each.engine for each in engines), *(f"{name}: not installed" for name in results.missing)]
    names = [row.kind for row in _rows(engines[0], short)]
    body = [[name, *_cells(engines, name, tier, short), *(["–"] * len(results.missing))] for name in names]
    means = [f"**{each.mean(tier, short=short):.3f}**" for each in engines]
    yield from _table(head, [["**mean over kinds**", *means, *(["–"] * len(results.missing))], *body])


def _rows(recall: Recall, short: bool) -> Sequence[Row]:
    return recall.short if short else recall.rows


def _cells(engines: Sequence[Recall], kind: str, tier: str, short: bool) -> Iterator[str]:
    for place, engine in enumerate(engines):
        row = next((row for row in _rows(engine, short) if row.kind == kind), None)
        if row is None or not row.copy.of:
            yield "–"
            continue
        found: Proportion = row.copy if tier == "copy" else row.either
        must = " ⩾0.98" if row.must else ""
        yield f"{found}, {found.of} ({row.sources}){must}" if place == 0 else f"{found.value:.3f}"


def _false(results: Results) -> Iterator[str]:
    measured = [*results.recall, *results.growth]
    if measured:
        head = ("engine", "stored", "unrelated", "copy", "copy or similar", "mean recall, copy")
        yield from _table(
            head,
            [
                (
                    each.engine,
                    f"{each.stored:,}",
                    f"{each.false_copy.of:,}",
                    str(each.false_copy),
                    str(each.false_either),
                    f"{each.mean():.3f}",
                )
                for each in measured
            ],
        )


def _speed(results: Results) -> Iterator[str]:
    if not results.speed:
        return
    yield "Milliseconds: median / 99th percentile. CPU is the process's, with all its threads."
    yield ""
    names = list(results.speed[0].others)
    head = ["stored", "lookup CPU", "lookup wall", "insert wall", "bulk texts/s", "bytes a text", "open s", "peak MB"]
    rows = [
        [
            f"{each.stored:,}",
            f"{each.lookup.cpu_p50:.2f} / {each.lookup.cpu_p99:.2f}",
            f"{each.lookup.wall_p50:.2f} / {each.lookup.wall_p99:.2f}",
            f"{each.insert.wall_p50:.2f} / {each.insert.wall_p99:.2f}",
            f"{each.bulk_per_second:,.0f}",
            f"{each.bytes_a_text:.0f}",
            f"{each.open_s:.3f}",
            f"{each.peak_mb:.0f}",
            *(_other(each.others[name]) for name in names),
        ]
        for each in results.speed
    ]
    yield from _table([*head, *(f"{name}: CPU; wall" for name in names)], rows)


def _other(times: Times | str) -> str:
    if isinstance(times, str):
        return times
    return f"{times.cpu_p50:.1f} / {times.cpu_p99:.1f}; {times.wall_p50:.1f} / {times.wall_p99:.1f}"


def _campaigns(results: Results) -> Iterator[str]:
    if not results.campaigns:
        return
    yield "Pairs of comments; the second figure counts each bridge as a comment of no campaign."
    yield ""
    head = ("seed", "comments", "campaigns", "bridges", "precision", "recall", "F1", "whole", "groups", "sweeps s")
    rows = [
        (
            str(each.seed),
            f"{each.comments:,}",
            str(each.campaigns),
            str(each.bridges),
            f"{each.plain.precision:.4f} / {each.strict.precision:.4f}",
            f"{each.plain.recall:.4f}",
            f"{each.plain.f1:.4f} / {each.strict.f1:.4f}",
            str(each.whole),
            str(each.groups),
            f"{each.sweep_s:.1f}",
        )
        for each in results.campaigns
    ]
    yield from _table(head, rows)
