"""How many edited texts are found, and how many unrelated ones are called found: per kind, tier and engine."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.text.engine import Engine, Hit
from benchmarks.text.intervals import Proportion
from benchmarks.text.overlap import longest_shared, plain
from benchmarks.text.questions import Exam, Question, Questions

_BATCH: Final = 250
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Row:
    """One kind's recall. A find counts when it is the source itself, or shares 36 characters in a row with it."""

    kind: str
    group: str
    must: bool
    sources: int
    copy: Proportion
    #: Found in either tier.
    either: Proportion


@dataclass(frozen=True, slots=True)
class Recall:
    """All that one engine found."""

    engine: str
    stored: int
    rows: tuple[Row, ...]
    short: tuple[Row, ...]
    #: Unrelated texts with at least one hit in the tier copy, and in either tier.
    false_copy: Proportion
    false_either: Proportion

    def mean(self, tier: str = "copy", *, short: bool = False) -> float:
        """The mean over kinds, each kind counting alike; kinds without a query do not count."""
        rows = [row for row in (self.short if short else self.rows) if row.copy.of]
        return sum((row.copy if tier == "copy" else row.either).value for row in rows) / max(1, len(rows))


def measure(engine: Engine, exam: Exam, *, most: int | None = None, unrelated: int | None = None, tell: Tell) -> Recall:
    """Ask a loaded engine everything, or the first `most` of each kind and `unrelated` of the rest if it is slow."""
    rows: list[Row] = []
    short: list[Row] = []
    for kinds, into in ((exam.kinds, rows), (exam.short, short)):
        for kind in kinds:
            into.append(_row(engine, kind, exam, most))
            tell(f"{engine.name}: {into[-1].kind} {into[-1].copy}")
    copies, either = _false(engine, exam.unrelated[:unrelated])
    tell(f"{engine.name}: unrelated {copies}")
    return Recall(engine.name, len(exam.stored), tuple(rows), tuple(short), copies, either)


def _row(engine: Engine, kind: Questions, exam: Exam, most: int | None) -> Row:
    asked = kind.asked[:most]
    copies = either = 0
    for question, hits in _answers(engine, asked):
        right = {hit.tier for hit in hits if _is_right(hit, question, exam)}
        copies += "copy" in right
        either += bool(right)
    return Row(
        kind=kind.edit.name,
        group=kind.edit.group,
        must=kind.edit.must,
        sources=len({question.position for question in asked}),
        copy=Proportion(copies, len(asked)),
        either=Proportion(either, len(asked)),
    )


def found(engine: Engine, kind: Questions, exam: Exam, most: int | None = None) -> Proportion:
    """The recall of the tier copy on queries of a kind of its own."""
    return _row(engine, kind, exam, most).copy


def _answers(engine: Engine, asked: Sequence[Question]) -> Iterator[tuple[Question, list[Hit]]]:
    for start in range(0, len(asked), _BATCH):
        batch = asked[start : start + _BATCH]
        yield from zip(batch, engine.query([question.text for question in batch]), strict=True)


def _is_right(hit: Hit, question: Question, exam: Exam) -> bool:
    if hit.position == question.position:
        return True
    return longest_shared(plain(exam.stored[hit.position]), plain(exam.bodies[question.position]))


def _false(engine: Engine, texts: Sequence[str]) -> tuple[Proportion, Proportion]:
    copies = either = 0
    for start in range(0, len(texts), _BATCH):
        for hits in engine.query(texts[start : start + _BATCH]):
            copies += any(hit.tier == "copy" for hit in hits)
            either += bool(hits)
    return Proportion(copies, len(texts)), Proportion(either, len(texts))
