"""What the linear model says of a text: its worst sentence, the level that is worth, and the words that weigh most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detection.threats.finding import Level, Span
from detection.threats.model import LinearModel, features_of, sentences_of
from detection.threats.view import View
from detection.thresholds import (
    THREAT_MODEL_ALERT,
    THREAT_MODEL_REVIEW,
    THREAT_MODEL_REVIEW_KYRGYZ,
    THREAT_MODEL_REVIEW_LATIN,
    THREAT_MODEL_SPANS,
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


def least_probability(view: View) -> float:
    """From which probability on the model puts a text to review: by what it is written in, as the model knows each
    writing better or worse."""
    if view.kyrgyz_letters:
        return THREAT_MODEL_REVIEW_KYRGYZ
    latin = sum(word.forms[0].isascii() for word in view.words)
    return THREAT_MODEL_REVIEW_LATIN if 2 * latin > len(view.words) else THREAT_MODEL_REVIEW


def raised(level: Level, wording: Wording, least: float, doubted: bool) -> Level:
    """The level that rules and model give together; the model only raises, from the probability `least` on, and never
    alarms by itself.

    Where the rules see an act but doubt that it is a plan (`doubted`), a model that is sure makes it a threat.
    """
    if doubted and wording.probability >= THREAT_MODEL_ALERT:
        return "threat"
    return "review" if level == "none" and wording.probability >= least else level


def telling_spans(view: View, wording: Wording, model: LinearModel) -> tuple[Span, ...]:
    """The words of the sentence that weigh most, in order of their place."""
    weight = {at: model.weigh(features_of([word])) for at, word in enumerate(wording.words)}
    best = sorted(weight, key=lambda at: -weight[at])[:THREAT_MODEL_SPANS]
    places = [view.words[wording.first + at] for at in sorted(best) if weight[at] > 0]
    return tuple(Span(start=word.start, end=word.end, why="wording") for word in places)
