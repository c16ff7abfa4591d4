"""What the linear model says of a text: its worst sentence, the level that is worth, and the words that weigh most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from detection.threats.finding import Level, Span
from detection.threats.model import LinearModel, features_of, sentences_of
from detection.threats.view import View
from detection.thresholds import (
    THREAT_MODEL_AIMED,
    THREAT_MODEL_ALERT,
    THREAT_MODEL_REVIEW,
    THREAT_MODEL_SPANS,
    THREAT_MODEL_SURE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """The sentence that looks most like a threat: its words `first` up to, not with, `last`."""

    first: int
    last: int
    probability: float
    words: Sequence[str]


def worst_wording(view: View, model: LinearModel) -> Wording | None:
    """The sentence of the highest probability; None for a text without words."""
    judged = [
        Wording(first=first, last=last, probability=model.score(features_of(words)), words=words)
        for first, last, words in sentences_of(view)
    ]
    return max(judged, key=lambda each: each.probability, default=None)


def raised(
    level: Level, wording: Wording, *, doubted: bool = False, unknown: bool = False, aimed: bool = False
) -> Level:
    """The level that rules and model give together; the model only raises.

    It makes a threat of an act that the rules see but doubt (`doubted`), and of words in which they see no act at all
    (`unknown`): for that it takes more, and most where nobody is addressed (`aimed`). Whatever else the rules saw and
    judged, a hint, a curse, a call against others, it leaves to them.
    """
    sure = THREAT_MODEL_AIMED if aimed else THREAT_MODEL_SURE
    if wording.probability >= (THREAT_MODEL_ALERT if doubted else sure if unknown else inf):
        return "threat"
    return "review" if level == "none" and wording.probability >= THREAT_MODEL_REVIEW else level


def telling_spans(view: View, wording: Wording, model: LinearModel) -> tuple[Span, ...]:
    """The words of the sentence that weigh most, in order of their place."""
    weight = {at: model.weigh(features_of([word])) for at, word in enumerate(wording.words)}
    best = sorted(weight, key=lambda at: -weight[at])[:THREAT_MODEL_SPANS]
    places = [view.words[wording.first + at] for at in sorted(best) if weight[at] > 0]
    return tuple(Span(start=word.start, end=word.end, why="wording") for word in places)
