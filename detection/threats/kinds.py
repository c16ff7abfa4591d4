"""Which kind of harm a sentence threatens, told by its wording alone: for acts that no rule knows.

A linear model a kind over the n-grams of `model`, in a table of 8,192 places, one 8-bit weight each. It only names what
the threat model found; it decides nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detection.threats.finding import Kind
from detection.threats.model import Features, NotAModel, features_of
from detection.thresholds import THREAT_KIND_BITS, THREAT_MODEL_BITS

#: The kinds that it tells apart; the others are told by what the rules see.
TOLD: Final[tuple[Kind, ...]] = ("death", "violence", "arson", "sexual", "kidnap", "family", "incitement")
PLACES: Final = 1 << THREAT_KIND_BITS
_HEADER: Final = struct.Struct("<4sBB")
_MAGIC: Final = b"KTHK"
_VERSION: Final = 1


@dataclass(frozen=True, slots=True, eq=False)
class KindModel:
    """Weights by kind and place, float32 of shape (7, 8192) and (7,)."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def kind_of(self, words: Sequence[str]) -> Kind:
        """The likeliest kind of a sentence, given in the words of `model.sentences_of`."""
        places = places_of(features_of(words))
        odds = self.weights[:, places].sum(axis=1) / sqrt(max(len(places), 1)) + self.bias
        return TOLD[int(odds.argmax())]

    def to_bytes(self) -> bytes:
        """The model as it is shipped: a scale a kind, the biases, then the weights in 8 bits."""
        scale = np.maximum(np.abs(self.weights).max(axis=1), np.float32(1e-9)) / np.float32(127)
        small = np.rint(self.weights / scale[:, None]).astype(np.int8)
        numbers = np.concatenate([scale, self.bias]).astype("<f4")
        return b"".join((_HEADER.pack(_MAGIC, _VERSION, THREAT_KIND_BITS), numbers.tobytes(), small.tobytes()))

    @classmethod
    def from_bytes(cls, data: bytes) -> KindModel:
        """The model in `data`. Raises `NotAModel`."""
        kinds, start = len(TOLD), _HEADER.size + len(TOLD) * 2 * 4
        if len(data) != start + kinds * PLACES or _HEADER.unpack_from(data) != (_MAGIC, _VERSION, THREAT_KIND_BITS):
            raise NotAModel("another kind or version")
        numbers = np.frombuffer(data, dtype="<f4", count=2 * kinds, offset=_HEADER.size)
        small = np.frombuffer(data, dtype=np.int8, offset=start).reshape(kinds, PLACES)
        return cls(small.astype(np.float32) * numbers[:kinds, None], numbers[kinds:])


def places_of(features: Features) -> Features:
    """Each place in the table once; near places of the larger table share one."""
    return np.unique(features >> (THREAT_MODEL_BITS - THREAT_KIND_BITS))


@cache
def standard_kinds() -> KindModel:
    """The model that ships with the product, read once; `benchmarks/threats/train.py` makes it."""
    return KindModel.from_bytes(resources.files("detection.threats").joinpath("kinds.bin").read_bytes())
