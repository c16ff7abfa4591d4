"""The font with which the product draws, as a file; its licence lies beside it."""

from contextlib import AbstractContextManager
from importlib import resources
from pathlib import Path


def font_file() -> AbstractContextManager[Path]:
    """The path of a TrueType font with Latin and all Cyrillic letters of the region, there while the context is."""
    return resources.as_file(resources.files(__name__) / "DejaVuSansCondensed.ttf")
