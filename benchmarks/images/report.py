"""The report in Markdown: every row with its bar and its 95 % interval, the alternatives, false matches, times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.images.rows import Kind
from benchmarks.images.runs import Answer
from benchmarks.text.intervals import Proportion


def markdown(answers: Sequence[Answer], kinds: Sequence[Kind], told: str, speed: str = "") -> str:
    """The whole report."""
    parts = [
        "# Photos: what was measured",
        told,
        "## Recall",
        "\n".join(_recall(answers, kinds)),
        "## False matches",
        "\n".join(_false(answers)),
        "## Time",
        "\n".join(_times(answers, kinds)),
        speed,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _recall(answers: Sequence[Answer], kinds: Sequence[Kind]) -> Iterator[str]:
    mine = [answer for answer in answers if answer.own >= 0]
    names = sorted({name for answer in mine for name in answer.others})
    head = ["query", "n", "bar", "match", "reached", "match or possible", *names, "n of these"]
    yield _line(head)
    yield _line(["---"] * len(head))
    for kind in kinds:
        row = [answer for answer in mine if answer.kind == kind.name]
        if row:
            yield _line(_cells(kind, row, names))
    for group in ("edits", "screens"):
        members = {kind.name for kind in kinds if kind.group == group}
        row = [answer for answer in mine if answer.kind in members]
        if row:
            others = [f"**{share}**" for share in _beside(row, names)]
            either = Proportion(sum(answer.tier is not None for answer in row), len(row)).value
            match = Proportion(sum(answer.tier == "match" for answer in row), len(row)).value
            yield _line([f"**all {group}**", str(len(row)), "", f"**{match:.3f}**", "", f"**{either:.3f}**", *others])


def _cells(kind: Kind, row: Sequence[Answer], names: Sequence[str]) -> list[str]:
    match = Proportion(sum(answer.tier == "match" for answer in row), len(row))
    either = Proportion(sum(answer.tier is not None for answer in row), len(row))
    reached = match.value >= kind.bar and (kind.possible is None or either.value >= kind.possible)
    bar = f"{kind.bar:.2f}" if kind.possible is None else f"{kind.bar:.2f} / {kind.possible:.2f}"
    said = "yes" if reached else "**no**"
    return [kind.name, str(len(row)), bar, str(match), said, f"{either.value:.3f}", *_beside(row, names)]


def _beside(row: Sequence[Answer], names: Sequence[str]) -> list[str]:
    """The share that each alternative found of the queries it was asked, and how many those are."""
    asked = [answer for answer in row if answer.others]
    found = (sum(answer.own in answer.others.get(name, ()) for answer in asked) for name in names)
    return [*(f"{count / len(asked):.3f}" if asked else "–" for count in found), str(len(asked))]


def _false(answers: Sequence[Answer]) -> Iterator[str]:
    yield _line(["queries", "n", "another photo was a match", "another photo was possible"])
    yield _line(["---"] * 4)
    groups = {"of photos that are not stored": [a for a in answers if a.own < 0], "all": list(answers)}
    for name, row in groups.items():
        match = Proportion(sum(bool(answer.matched) for answer in row), len(row))
        possible = Proportion(sum(bool(answer.possible) for answer in row), len(row))
        yield _line([name, str(len(row)), str(match), str(possible)])
    mine = [answer for answer in answers if answer.own >= 0 and answer.others]
    for other in sorted({name for answer in mine for name in answer.others}):
        hits = Proportion(sum(bool(set(a.others[other]) - {a.own}) for a in mine), len(mine))
        yield _line([f"{other}, of stored photos", str(len(mine)), str(hits), "–"])


def _times(answers: Sequence[Answer], kinds: Sequence[Kind]) -> Iterator[str]:
    yield _line(["queries", "describe ms", "look up ms", "compare ms", "together ms", "95 % below"])
    yield _line(["---"] * 6)
    for group in ("edits", "screens"):
        members = {kind.name for kind in kinds if kind.group == group}
        times = np.array([answer.ms for answer in answers if answer.kind in members])
        if len(times):
            means = [f"{value:.0f}" for value in times.mean(axis=0)]
            total = times.sum(axis=1)
            yield _line([group, *means, f"{total.mean():.0f}", f"{np.percentile(total, 95):.0f}"])
