"""Teaching the linear model: from labelled texts to weights, and whether the new one is better than the old.

A pure function of its input: the same texts give the same model. Logistic regression with a pull towards the weights of
the base (not towards zero), so that a newsroom's few rulings change what they speak of and leave the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
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
#: Newton steps; it is done after five or six.
_CALIBRATING: Final = 25


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and whether a person called it a threat."""

    text: str
    threat: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What k-fold held-out texts say of a model trained on the others, beside the base.

    The base is brought to the newsroom's share of threats first (two numbers, fitted on the same folds): otherwise any
    model would win by saying "threat" as often as members do.
    """

    texts: int
    threats: int
    #: Mean gain in log loss a held-out text (nats), with its 95 % interval; above zero is better.
    gain: float
    low: float
    high: float
    #: Threats, and other texts, that reach `review` with the base and with the new model.
    found_before: int
    found_after: int
    false_before: int
    false_after: int

    @property
    def is_better(self) -> bool:
        """Whether to use the new model: enough rulings of both kinds, a sure gain, no threat fewer found, and no more
        false reviews than threats gained."""
        enough = min(self.threats, self.texts - self.threats) >= THREAT_MODEL_LEAST_LABELS
        found, false = self.found_after - self.found_before, self.false_after - self.false_before
        return enough and self.low > 0 and found >= 0 and false <= found


def train(
    labelled: Sequence[Labelled], base: LinearModel | None = None, *, pull: float = THREAT_MODEL_PULL, rounds: int = 150
) -> LinearModel:
    """The model that `labelled` teach, starting from and pulled to `base`. Raises ValueError for no text."""
    rows = [_sentences(each.text) for each in labelled]
    return fit([(row, each.threat) for row, each in zip(rows, labelled, strict=True)], base, pull=pull, rounds=rounds)


def compare(labelled: Sequence[Labelled], base: LinearModel, *, folds: int = THREAT_MODEL_FOLDS) -> Comparison:
    """Train on all folds but one, judge on that one, and so on; `labelled` in any order gives the same answer.

    Texts that begin alike lie in one fold: a copy of what was learnt would prove nothing.
    """
    ordered = sorted(set(labelled), key=lambda each: (each.threat, each.text.casefold(), each.text))
    rows = [(_sentences(each.text), each.threat) for each in ordered]
    truth = [threat for _, threat in rows]
    before = [_judged(base, row) for row, _ in rows]
    fair, after = list(before), list(before)
    part = _folds(truth, folds)
    for fold in range(folds):
        others = [at for at in range(len(rows)) if part[at] != fold]
        if not 0 < len(others) < len(rows):
            continue
        model = fit([rows[at] for at in others], base)
        slope, shift = _recalibrated([_odds(before[at]) for at in others], [truth[at] for at in others])
        for at in (at for at in range(len(rows)) if part[at] == fold):
            after[at] = _judged(model, rows[at][0])
            fair[at] = 1.0 / (1.0 + exp(-(slope * _odds(before[at]) + shift)))
    return _compared(truth, before, fair, after)


def _folds(truth: Sequence[bool], folds: int) -> list[int]:
    """The fold of each text: of the threats, and of the others, each one a stretch as they are sorted."""
    sizes = {answer: sum(each is answer for each in truth) for answer in (True, False)}
    place = {True: 0, False: 0}
    found = []
    for answer in truth:
        found.append(place[answer] * folds // sizes[answer])
        place[answer] += 1
    return found


def _compared(
    truth: Sequence[bool], before: Sequence[float], fair: Sequence[float], after: Sequence[float]
) -> Comparison:
    gains = [_loss(old, is_so) - _loss(new, is_so) for is_so, old, new in zip(truth, fair, after, strict=True)]
    mean = sum(gains) / len(gains) if gains else 0.0
    spread = sqrt(sum((gain - mean) ** 2 for gain in gains) / max(len(gains) - 1, 1) / max(len(gains), 1))
    return Comparison(
        texts=len(truth),
        threats=sum(truth),
        gain=mean,
        low=mean - _Z * spread,
        high=mean + _Z * spread,
        found_before=_reviewed(before, truth, True),
        found_after=_reviewed(after, truth, True),
        false_before=_reviewed(before, truth, False),
        false_after=_reviewed(after, truth, False),
    )


def _reviewed(judged: Sequence[float], truth: Sequence[bool], wanted: bool) -> int:
    return sum(p >= THREAT_MODEL_REVIEW for p, is_so in zip(judged, truth, strict=True) if is_so is wanted)


def _recalibrated(odds: Sequence[float], truth: Sequence[bool]) -> tuple[float, float]:
    """Slope and shift of the log-odds that fit `truth` best (Platt 1999), with a weak pull to slope one."""
    x, y = np.array(odds), np.array(truth, dtype=float)
    slope, shift = 1.0, 0.0
    for _ in range(_CALIBRATING):
        p = 1.0 / (1.0 + np.exp(-np.clip(slope * x + shift, -30, 30)))
        error, share = p - y, p * (1 - p) + 1e-6
        gradient = np.array([float(error @ x) + (slope - 1.0), float(error.sum()) + shift * 0.01])
        curve = np.array(
            [[float(share @ (x * x)) + 1.0, float(share @ x)], [float(share @ x), float(share.sum()) + 0.01]]
        )
        step = np.linalg.solve(curve, gradient)
        slope, shift = slope - float(np.clip(step[0], -1, 1)), shift - float(np.clip(step[1], -3, 3))
    return slope, shift


def _odds(probability: float) -> float:
    kept = max(_FLOOR, min(1 - _FLOOR, probability))
    return log(kept / (1 - kept))


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
