"""Which stored texts are worth comparing with a text: those that share its rare fingerprints."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detection.text.fingerprints import fingerprints
from detection.thresholds import CANDIDATE_MIN_MASS, CANDIDATES_MAX, LIKENESS_GRAM, RARITY_MIN_STORE

# Added to every weight, so that a fingerprint which all texts have is still worth a little.
_FLOOR = 0.1


@dataclass(frozen=True)
class Asked:
    """A text that is looked up."""

    #: `Normalised.words` of the text.
    words: str

    @cached_property
    def skeleton(self) -> str:
        """The words without spaces."""
        return self.words.replace(" ", "")

    @cached_property
    def _prints(self) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        return fingerprints(self.skeleton)

    @cached_property
    def prints(self) -> list[int]:
        """Its distinct fingerprints."""
        return sorted(set(self._prints[1].tolist()))

    def weights(self, holders: Mapping[int, int], stored: int) -> list[float]:
        """How rare each stretch of `LIKENESS_GRAM` letters is among `stored` texts: 0 (in all of them) to 1 (in none).

        `holders` says how many texts have a fingerprint. Between two fingerprints the weight is interpolated.
        """
        places, prints = self._prints
        among = max(stored, RARITY_MIN_STORE)
        scale = math.log(among + 2)
        rarity = [math.log((among + 1) / (holders.get(one, 0) + 0.5)) / scale for one in prints.tolist()]
        spread = np.interp(np.arange(max(1, len(self.skeleton) - LIKENESS_GRAM + 1)), places, rarity)
        weights: list[float] = spread.tolist()
        return weights


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stored text that shares fingerprints: `mass` is the sum of their rarities, `rank` 0 for the largest."""

    number: int
    mass: float
    rank: int


def candidates(
    prints: Sequence[int], postings: Mapping[int, Sequence[int]], holders: Mapping[int, int], stored: int
) -> list[Candidate]:
    """The stored texts with the most fingerprints in common, rare ones counting more.

    `postings` has the numbers of the texts that have a fingerprint. Those of a common one are a sample of all that have
    it: they only serve when there is nothing rarer.
    """
    among = max(stored, RARITY_MIN_STORE)
    scale = math.log(among + 2)
    masses: defaultdict[int, float] = defaultdict(float)
    rare = [one for one in prints if one in postings and holders[one] <= len(postings[one])]
    for one in rare or sorted((one for one in prints if one in postings), key=holders.__getitem__)[:1]:
        weight = (math.log((among + 1) / holders[one]) + _FLOOR) / scale
        for number in postings[one]:
            masses[number] += weight
    best = sorted(masses.items(), key=lambda item: (-item[1], item[0]))[:CANDIDATES_MAX]
    return [Candidate(n, mass, rank) for rank, (n, mass) in enumerate(best) if mass >= CANDIDATE_MIN_MASS]
