"""Teaches the model of `detection.threats.kinds`: softmax regression over hashed n-grams, the same bytes every time."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.threats.written import Written
from detection.threats.kinds import PLACES, TOLD, KindModel, places_of
from detection.threats.model import Features, features_of, sentences_of
from detection.threats.view import view_of

#: Pull of the weights to zero; ten times as much names fewer kinds right on sentences that were left out.
_PULL: Final = 1e-5
_STEP: Final = 0.05
_ROUNDS: Final = 120
_DECAY: Final = 0.9, 0.999


def taught_kinds(sentences: Sequence[Written]) -> KindModel:
    """The model that these threats teach; sentences of other levels and kinds are passed over."""
    rows = [(_places(each.text), TOLD.index(each.kind)) for each in sentences if each.kind in TOLD]  # type: ignore[arg-type]
    places = [row for row, _ in rows]
    truth = np.eye(len(TOLD), dtype=np.float32)[[kind for _, kind in rows]].T
    weights, bias = _descend(places, truth)
    return KindModel(weights, bias)


def _places(text: str) -> Features:
    parts = [features_of(words) for _, _, words in sentences_of(view_of(text))]
    return places_of(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.intp)


def _descend(places: Sequence[Features], truth: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Adam (Kingma and Ba 2015) on the whole set at once; `truth` is of shape (kinds, texts)."""
    index, lengths = np.concatenate(places), np.array([len(each) for each in places])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    norms = (1.0 / np.sqrt(lengths)).astype(np.float32)
    kinds, texts = truth.shape
    state = np.zeros((kinds, PLACES + 1), dtype=np.float32)
    slope, power = np.zeros_like(state), np.zeros_like(state)
    for turn in range(1, _ROUNDS + 1):
        odds = np.stack([np.add.reduceat(row[index], starts) * norms + row[-1] for row in state])
        shares = np.exp(odds - odds.max(axis=0))
        error = (shares / shares.sum(axis=0) - truth) / texts
        gradient = np.stack([_gathered(row, index, norms, lengths) for row in error])
        gradient[:, :-1] += np.float32(_PULL) * state[:, :-1]
        slope = _DECAY[0] * slope + (1 - _DECAY[0]) * gradient
        power = _DECAY[1] * power + (1 - _DECAY[1]) * gradient**2
        near, far = 1 - _DECAY[0] ** turn, 1 - _DECAY[1] ** turn
        state -= (_STEP * (slope / near) / (np.sqrt(power / far) + 1e-8)).astype(np.float32)
    return state[:, :-1], state[:, -1]


def _gathered(
    error: NDArray[np.float32], index: Features, norms: NDArray[np.float32], lengths: NDArray[np.int_]
) -> NDArray[np.float32]:
    """The gradient of one kind by place, that of its bias last."""
    sums = np.bincount(index, weights=np.repeat(error * norms, lengths), minlength=PLACES)
    return np.append(sums, error.sum()).astype(np.float32)
