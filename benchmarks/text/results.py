"""All that one run found, and its file: a later run may measure other rows and keep these."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.text.campaigns import Found
from benchmarks.text.clusters import Agreement
from benchmarks.text.intervals import Proportion
from benchmarks.text.memory import Times
from benchmarks.text.recall import Recall, Row
from benchmarks.text.speed import Speed
from benchmarks.text.strength import Point


@dataclass(slots=True)
class Results:
    """Figures by subject; empty where nothing was measured."""

    #: One sentence each: the corpus, the split, the machine, the day.
    notes: dict[str, str] = field(default_factory=dict)
    recall: list[Recall] = field(default_factory=list)
    #: Kalkan alone at other sizes.
    growth: list[Recall] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    speed: list[Speed] = field(default_factory=list)
    campaigns: list[Found] = field(default_factory=list)
    #: Engines that could not run, and why.
    missing: dict[str, str] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Keep the figures."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Results":
        """The figures of an earlier run; none when there is no such file."""
        if not path.exists():
            return cls()
        kept = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            notes=kept["notes"],
            recall=[_recall(each) for each in kept["recall"]],
            growth=[_recall(each) for each in kept["growth"]],
            points=[Point(**{**each, "copy": Proportion(**each["copy"])}) for each in kept["points"]],
            speed=[_speed(each) for each in kept["speed"]],
            campaigns=[_found(each) for each in kept["campaigns"]],
            missing=kept["missing"],
        )


def _recall(kept: dict[str, Any]) -> Recall:
    return Recall(
        engine=kept["engine"],
        stored=kept["stored"],
        rows=tuple(_row(row) for row in kept["rows"]),
        short=tuple(_row(row) for row in kept["short"]),
        false_copy=Proportion(**kept["false_copy"]),
        false_either=Proportion(**kept["false_either"]),
    )


def _row(kept: dict[str, Any]) -> Row:
    return Row(**{**kept, "copy": Proportion(**kept["copy"]), "either": Proportion(**kept["either"])})


def _speed(kept: dict[str, Any]) -> Speed:
    others = {name: each if isinstance(each, str) else Times(**each) for name, each in kept["others"].items()}
    return Speed(**{**kept, "lookup": Times(**kept["lookup"]), "insert": Times(**kept["insert"]), "others": others})


def _found(kept: dict[str, Any]) -> Found:
    pairs = {name: Agreement(**kept[name]) for name in ("plain", "strict")}
    return Found(**{**kept, **pairs})
