"""Counts of right and wrong, by language and group, for a set of sentences."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from benchmarks.text.intervals import Proportion
from benchmarks.threats.sentences import Sentence
from detection.threats import ThreatFinding

Assess = Callable[[str], ThreatFinding]
_REVIEWED: Final = frozenset(("review", "threat"))
#: What a field is right by; only where the level is a threat, rightly.
FIELDS: Final = ("kind", "every kind", "severity", "severity within 1", "imminence", "target")


@dataclass(slots=True)
class Tally:
    """Hits of so many; grows as it is counted."""

    hits: int = 0
    of: int = 0

    def count(self, is_hit: bool) -> None:
        """One more."""
        self.of += 1
        self.hits += is_hit

    @property
    def share(self) -> Proportion:
        """With its interval."""
        return Proportion(self.hits, self.of)


@dataclass(slots=True)
class Score:
    """Of one language, or of all."""

    recall: Tally = field(default_factory=Tally)
    reviewed: Tally = field(default_factory=Tally)
    direct: Tally = field(default_factory=Tally)
    veiled: Tally = field(default_factory=Tally)
    #: Of everything at "threat" that is not veiled, what is one.
    precision: Tally = field(default_factory=Tally)
    precision_reviewed: Tally = field(default_factory=Tally)
    levels: Tally = field(default_factory=Tally)
    fields: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in FIELDS})

    def count(self, sentence: Sentence, found: ThreatFinding) -> None:
        """Take one sentence in."""
        alarmed, seen = found.level == "threat", found.level in _REVIEWED
        self.levels.count(found.level == sentence.level)
        match sentence.group:
            case "explicit":
                self.recall.count(alarmed)
                self.reviewed.count(seen)
            case "direct":
                self.direct.count(alarmed)
            case "veiled":
                self.veiled.count(seen)
        if alarmed and sentence.group != "veiled":
            self.precision.count(sentence.is_threat)
        if seen:
            self.precision_reviewed.count(sentence.is_threat or sentence.level == "review")
        if alarmed and sentence.level == "threat":
            self._count_fields(sentence, found)

    def _count_fields(self, sentence: Sentence, found: ThreatFinding) -> None:
        # Incitement is marked whenever others are called upon; the sentences name what is called for.
        told = set(found.kinds) - {"incitement"}
        if sentence.kinds:
            self.fields["kind"].count(bool(sentence.kinds & told))
            self.fields["every kind"].count(sentence.kinds <= told)
        if sentence.severity is not None:
            self.fields["severity"].count(found.severity == sentence.severity)
            self.fields["severity within 1"].count(abs(found.severity - sentence.severity) <= 1)
        if sentence.imminent is not None:
            self.fields["imminence"].count(found.imminent == sentence.imminent)
        if sentence.target is not None:
            self.fields["target"].count(sentence.target in {target.kind for target in found.targets})


def scored(sentences: Iterable[Sentence], assess: Assess) -> dict[str, Score]:
    """The score of each language, and of "all"."""
    scores: dict[str, Score] = {"all": Score()}
    for sentence in sentences:
        found = assess(sentence.text)
        scores["all"].count(sentence, found)
        scores.setdefault(sentence.language, Score()).count(sentence, found)
    return scores
