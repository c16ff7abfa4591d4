"""Teaching the linear model: from labelled texts to weights, and whether the new one is better than the old.

A pure function of its input: the same texts give the same model. Logistic regression with a pull towards the weights of
the base (not towards zero), so that a newsroom's few rulings change what they speak of and leave the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detection.threats.model import SIZE, Features, LinearModel, features_of, sentences_of
from detection.threats.view import view_of
from detection.thresholds import (
    THREAT_MODEL_FOLDS,
    THREAT_MODEL_LEAST_LABELS,
    THREAT_MODEL_PULL,
    THREAT_MODEL_REVIEW,
)

_STEP: Final = 0.05
_DECAY: Final = 0.9, 0.999
_Z: Final = 1.959963984540054
_FLOOR: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and whether a person called it a threat."""

    text: str
    threat: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What k-fold held-out texts say of a model trained on the others, beside the base."""

    texts: int
    threats: int
    #: Mean gain in log loss a held-out text (nats), with its 95 % interval; above zero is better.
    gain: float
    low: float
    high: float
    #: Threats that reach `review` with the base and with the new model.
    found_before: int
    found_after: int

    @property
    def is_better(self) -> bool:
        """Whether to use the new model: enough rulings of both kinds, a sure gain, and no threat fewer found."""
        enough = min(self.threats, self.texts - self.threats) >= THREAT_MODEL_LEAST_LABELS
        return enough and self.low > 0 and self.found_after >= self.found_before


def train(
    labelled: Sequence[Labelled], base: LinearModel | None = None, *, pull: float = THREAT_MODEL_PULL, rounds: int = 150
) -> LinearModel:
    """The model that `labelled` teach, starting from and pulled to `base`. Raises ValueError for no text."""
    rows = [_sentences(each.text) for each in labelled]
    return fit([(row, each.threat) for row, each in zip(rows, labelled, strict=True)], base, pull=pull, rounds=rounds)


def compare(labelled: Sequence[Labelled], base: LinearModel, *, folds: int = THREAT_MODEL_FOLDS) -> Comparison:
    """Train on all folds but one, judge on that one, and so on; `labelled` in any order gives the same answer."""
    ordered = sorted(set(labelled), key=lambda each: (each.threat, each.text))
    rows = [(_sentences(each.text), each.threat) for each in ordered]
    before = [_judged(base, row) for row, _ in rows]
    after = [0.0] * len(rows)
    for fold in range(folds):
        others = [row for at, row in enumerate(rows) if at % folds != fold]
        if not others or len(others) == len(rows):
            continue
        model = fit(others, base)
        for at in range(fold, len(rows), folds):
            after[at] = _judged(model, rows[at][0])
    return _compared([threat for _, threat in rows], before, after)


def _compared(truth: Sequence[bool], before: Sequence[float], after: Sequence[float]) -> Comparison:
    gains = [_loss(old, is_so) - _loss(new, is_so) for is_so, old, new in zip(truth, before, after, strict=True)]
    mean = sum(gains) / len(gains) if gains else 0.0
    spread = sqrt(sum((gain - mean) ** 2 for gain in gains) / max(len(gains) - 1, 1) / max(len(gains), 1))
    return Comparison(
        texts=len(truth),
        threats=sum(truth),
        gain=mean,
        low=mean - _Z * spread,
        high=mean + _Z * spread,
        found_before=sum(is_so and old >= THREAT_MODEL_REVIEW for is_so, old in zip(truth, before, strict=True)),
        found_after=sum(is_so and new >= THREAT_MODEL_REVIEW for is_so, new in zip(truth, after, strict=True)),
    )


def _loss(probability: float, is_so: bool) -> float:
    return -log(max(_FLOOR, min(1 - _FLOOR, probability if is_so else 1 - probability)))


def _sentences(text: str) -> list[Features]:
    return [features_of(words) for _, _, words in sentences_of(view_of(text))]


def _judged(model: LinearModel, sentences: Sequence[Features]) -> float:
    return max((model.score(features) for features in sentences), default=0.0)


def fit(
    rows: Sequence[tuple[Sequence[Features], bool]],
    base: LinearModel | None = None,
    *,
    pull: float = THREAT_MODEL_PULL,
    rounds: int = 150,
    tell: Callable[[int, float], None] | None = None,
) -> LinearModel:
    """Weights for texts given as the features of their sentences. Raises ValueError for no text.

    Of a threat the sentence that the base finds worst counts, of any other text every sentence.
    """
    chosen = [pair for sentences, threat in rows for pair in _examples(sentences, threat, base)]
    if not chosen:
        raise ValueError("nothing to learn from")
    anchor = _exact(base) if base else (np.zeros(SIZE, dtype=np.float32), 0.0)
    weights, bias = _descend(chosen, anchor, pull, rounds, tell)
    return LinearModel.of(weights, bias)


def _examples(sentences: Sequence[Features], threat: bool, base: LinearModel | None) -> list[tuple[Features, bool]]:
    filled = [features for features in sentences if len(features)]
    if threat and base and len(filled) > 1:
        filled = [max(filled, key=base.score)]
    return [(features, threat) for features in filled]


def _exact(model: LinearModel) -> tuple[NDArray[np.float32], float]:
    return model.weights.astype(np.float32) * np.float32(model.scale), model.bias


def _descend(
    examples: Sequence[tuple[Features, bool]],
    anchor: tuple[NDArray[np.float32], float],
    pull: float,
    rounds: int,
    tell: Callable[[int, float], None] | None,
) -> tuple[NDArray[np.float32], float]:
    """Adam (Kingma and Ba 2015) on the whole set at once; threats and others weigh the same in sum."""
    index = np.concatenate([features for features, _ in examples])
    lengths = np.array([len(features) for features, _ in examples])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    norms = (1.0 / np.sqrt(lengths)).astype(np.float32)
    truth = np.array([threat for _, threat in examples], dtype=np.float32)
    share = np.where(truth > 0, 0.5 / max(truth.sum(), 1), 0.5 / max(len(truth) - truth.sum(), 1)).astype(np.float32)
    weights, bias = anchor[0].copy(), anchor[1]
    slope, power = np.zeros_like(weights), np.zeros_like(weights)
    slope_bias = power_bias = 0.0
    for turn in range(1, rounds + 1):
        odds = np.add.reduceat(weights[index], starts) * norms + bias
        error = (1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30))) - truth) * share
        gradient = np.bincount(index, weights=np.repeat(error * norms, lengths), minlength=SIZE).astype(np.float32)
        gradient += np.float32(pull) * (weights - anchor[0])
        slope = _DECAY[0] * slope + (1 - _DECAY[0]) * gradient
        power = _DECAY[1] * power + (1 - _DECAY[1]) * gradient**2
        slope_bias = _DECAY[0] * slope_bias + (1 - _DECAY[0]) * float(error.sum())
        power_bias = _DECAY[1] * power_bias + (1 - _DECAY[1]) * float(error.sum()) ** 2
        near, far = 1 - _DECAY[0] ** turn, 1 - _DECAY[1] ** turn
        weights = weights - _STEP * (slope / near) / (np.sqrt(power / far) + 1e-8)
        bias = bias - _STEP * (slope_bias / near) / (sqrt(power_bias / far) + 1e-8)
        if tell:
            tell(turn, float(np.abs(error).sum()))
    return weights, bias
