"""Kalkan: a shield for newsrooms under organised attack."""

__version__ = "0.1.0"
