"""The words of applications: known so that they are never taken for what somebody wrote."""

from detection.screenshot.interface.matching import Match, find_words

__all__ = ["Match", "find_words"]
