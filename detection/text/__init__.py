"""Text: normalise, sketch, find duplicates."""

from detection.text.normalise import Normalised, key, normalise
from detection.text.shelf import Shelf

__all__ = ["Normalised", "Shelf", "key", "normalise"]
