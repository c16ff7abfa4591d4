"""The small linear model beside the rules: hashed character and word n-grams, one 8-bit weight each.

It sees what no lexicon lists: misspelt, half-remembered and unusually worded threats. It only ever raises a level.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import exp, sqrt
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from detection.text.normalise import latinise
from detection.threats.view import View
from detection.thresholds import THREAT_MODEL_BITS, THREAT_MODEL_SENTENCES, THREAT_MODEL_WORDS

SIZE: Final = 1 << THREAT_MODEL_BITS
_HEADER: Final = struct.Struct("<4sBBff")
_MAGIC: Final = b"KTHM"
_VERSION: Final = 1
_LEAST, _MOST = 2, 5
#: Knuth's multiplicative constant and a prime: the n-grams of every length spread over the whole table.
_MULTIPLIER: Final = np.uint32(2654435761)
_PRIME: Final = np.uint32(16777619)
_SHIFT: Final = np.uint32(32 - THREAT_MODEL_BITS)

Features = NDArray[np.intp]


class NotAModel(ValueError):
    """The bytes are no model of this version."""


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """Weights by feature, and how to read them: a weight is `scale` times its byte."""

    weights: NDArray[np.int8]
    scale: float
    bias: float

    def score(self, features: Features) -> float:
        """The probability (0-1) that a sentence with these features is a threat."""
        if not len(features):
            return 0.0
        odds = self.bias + self.weigh(features) / sqrt(len(features))
        return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, odds))))

    def weigh(self, features: Features) -> float:
        """The sum of the weights of these features; above zero speaks for a threat."""
        return self.scale * int(self.weights[features].sum(dtype=np.int64))

    def to_bytes(self) -> bytes:
        """The model as it is shipped and stored."""
        return _HEADER.pack(_MAGIC, _VERSION, THREAT_MODEL_BITS, self.scale, self.bias) + self.weights.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> LinearModel:
        """The model in `data`. Raises `NotAModel`."""
        if len(data) != _HEADER.size + SIZE:
            raise NotAModel(f"{len(data)} bytes")
        magic, version, bits, scale, bias = _HEADER.unpack_from(data)
        if (magic, version, bits) != (_MAGIC, _VERSION, THREAT_MODEL_BITS):
            raise NotAModel("another kind or version")
        if not (np.isfinite(scale) and np.isfinite(bias) and scale >= 0):
            raise NotAModel("no finite scale")
        return cls(np.frombuffer(data, dtype=np.int8, offset=_HEADER.size), scale, bias)

    @classmethod
    def of(cls, weights: NDArray[np.float32], bias: float) -> LinearModel:
        """A model of exact weights, each brought to 8 bits."""
        scale = float(np.abs(weights).max(initial=0.0)) / 127.0 or 1.0
        return cls(np.clip(np.rint(weights / scale), -127, 127).astype(np.int8), scale, float(bias))


@cache
def standard_model() -> LinearModel:
    """The model that ships with the product, read once; `benchmarks/threats/train.py` makes it."""
    return LinearModel.from_bytes(resources.files("detection.threats").joinpath("model.bin").read_bytes())


def sentences_of(view: View) -> Iterator[tuple[int, int, list[str]]]:
    """First and last word (exclusive) of each sentence, and its words in one script; long ones in pieces."""
    start, count = 0, 0
    words = view.words
    while start < len(words) and count < THREAT_MODEL_SENTENCES:
        end = start + 1
        while end < len(words) and words[end].sentence == words[start].sentence and end - start < THREAT_MODEL_WORDS:
            end += 1
        yield start, end, [latinise(word.forms[0]) for word in words[start:end]]
        start, count = end, count + 1


def features_of(words: Sequence[str]) -> Features:
    """The places in the table of every n-gram of 2 to 5 characters and of every word and pair of words."""
    if not words:
        return np.zeros(0, dtype=np.intp)
    data = np.frombuffer(f" {' '.join(words)} ".encode("utf-8", "surrogatepass"), dtype=np.uint8).astype(np.uint32)
    parts = list(_characters(data))
    whole = np.array([crc32(word.encode("utf-8", "surrogatepass")) for word in words], dtype=np.uint32)
    parts += [whole * _MULTIPLIER, (whole[:-1] * _PRIME + whole[1:]) * _MULTIPLIER]
    return (np.concatenate(parts) >> _SHIFT).astype(np.intp)


def _characters(data: NDArray[np.uint32]) -> Iterator[NDArray[np.uint32]]:
    rolled = data
    for length in range(2, _MOST + 1):
        if len(data) < length:
            return
        rolled = rolled[:-1] * _PRIME + data[length - 1 :]
        if length >= _LEAST:
            yield (rolled ^ np.uint32(length)) * _MULTIPLIER
