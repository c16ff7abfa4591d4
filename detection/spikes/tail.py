"""How improbable is a count? The upper tail of the negative binomial distribution."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import betainc

Real = np.ndarray[Any, np.dtype[np.float64]]

_LEAST_PROBABILITY = 1e-30


def level(count: Real, usual: Real, variance: Real) -> Real:
    """-log10 P(X >= count), X negative-binomial with this mean and variance; 0 where no more came than is usual.

    A variance not above the mean is taken for a Poisson's. Counts need not be whole. The arrays have one shape.
    P(X >= k) is the regularised incomplete beta function I(k, r) at mean / (r + mean) (DLMF 8.17).
    """
    found = np.zeros(count.shape)
    above = (count > usual) & (usual > 0)
    mean, at = usual[above], count[above]
    spread = np.maximum(variance[above], mean * 1.0001 + 1e-9)
    size = mean * mean / (spread - mean)
    found[above] = -np.log10(np.maximum(betainc(at, size, mean / (size + mean)), _LEAST_PROBABILITY))
    return found
