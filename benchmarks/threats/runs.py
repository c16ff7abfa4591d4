"""What is measured: sets of sentences, disguises, ordinary lines, time."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.text.intervals import Proportion
from benchmarks.threats.disguises import DISGUISES
from benchmarks.threats.scoring import Tally
from benchmarks.threats.sentences import Line, Sentence
from detection.threats import assess

#: Lines that judge, by language: 2,000 in all.
ORDINARY: Final = {"ru": 1000, "ky": 500, "uz": 500}
_REPEATS: Final = 3


@dataclass(slots=True)
class Ordinary:
    """How many lines of a language, and how many of them were raised to which level."""

    lines: int = 0
    threats: int = 0
    reviews: int = 0


def disguises(sentences: Iterable[Sentence]) -> list[tuple[str, Proportion, Proportion]]:
    """Recall of explicit threats as they are, in each disguise that changes them, and over all disguises."""
    explicit = [sentence for sentence in sentences if sentence.group == "explicit"]
    rows = [("none", *_recall([sentence.text for sentence in explicit]))]
    everything: list[str] = []
    for name, disguise in DISGUISES.items():
        texts = [changed for each in explicit if (changed := disguise(each.text)) != each.text]
        everything += texts
        rows.append((name, *_recall(texts)))
    return [*rows, ("all disguises", *_recall(everything))]


def _recall(texts: Sequence[str]) -> tuple[Proportion, Proportion]:
    threat, review = Tally(), Tally()
    for text in texts:
        level = assess(text).level
        threat.count(level == "threat")
        review.count(level in {"threat", "review"})
    return threat.share, review.share


def ordinary(lines: Iterable[Line]) -> tuple[dict[str, Ordinary], list[tuple[Line, str]]]:
    """Counts by language and for all, and every line that was raised, with its level."""
    counts: dict[str, Ordinary] = {}
    raised = []
    for line in lines:
        level = assess(line.text).level
        for key in (line.language, "all"):
            count = counts.setdefault(key, Ordinary())
            count.lines += 1
            count.threats += level == "threat"
            count.reviews += level == "review"
        if level in {"threat", "review"}:
            raised.append((line, level))
    counts["all"] = counts.pop("all")
    return counts, raised


def microseconds(texts: Sequence[str]) -> tuple[float, float]:
    """Processor time a text in the median and the 99th percentile, each text the best of three."""
    for text in texts[:200]:
        assess(text)
    spent = sorted(min(_timed(text) for _ in range(_REPEATS)) for text in texts)
    return spent[len(spent) // 2] * 1e6, spent[int(len(spent) * 0.99)] * 1e6


def _timed(text: str) -> float:
    started = time.process_time()
    assess(text)
    return time.process_time() - started
