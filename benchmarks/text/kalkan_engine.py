"""Kalkan as an engine of this benchmark: what its index calls copy and similar, unchanged."""

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from benchmarks.text.engine import Hit
from benchmarks.text.kalkan_store import KalkanStore, form_of
from bot.model.text import TextMatch


class KalkanEngine:
    """The real store in a temporary file. Texts with one skeleton share a row: a match stands for all of them."""

    name = "Kalkan"

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kalkan-texts-")
        self._runner = asyncio.Runner()
        self._store = KalkanStore(Path(self._folder.name) / "kalkan.sqlite")
        self._positions: defaultdict[int, list[int]] = defaultdict(list)

    def load(self, texts: list[str]) -> None:
        """Fill the store."""
        for position, text in enumerate(texts):
            self._positions[form_of(text, with_prints=False).text_key].append(position)
        self._runner.run(self._store.open())
        self._runner.run(self._store.fill(texts))

    def query(self, texts: Sequence[str]) -> list[list[Hit]]:
        """The matches of each text."""
        return [self._hits(matches) for matches in self._runner.run(self._store.search(texts))]

    def _hits(self, matches: Sequence[TextMatch]) -> list[Hit]:
        return [
            Hit(position, match.score, "copy" if match.tier == "copy" else "similar")
            for match in matches
            for position in self._positions[match.text_key]
        ]

    def close(self) -> None:
        """Remove the file."""
        self._runner.run(self._store.close())
        self._runner.close()
        self._folder.cleanup()
