"""Text: normalise, sketch, find duplicates."""

from detection.text.duplicates import CopyMatch, Known, find_copies
from detection.text.normalise import Normalised, key, normalise
from detection.text.window import Window

__all__ = ["CopyMatch", "Known", "Normalised", "Window", "find_copies", "key", "normalise"]
