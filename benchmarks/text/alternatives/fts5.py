"""SQLite's FTS5 with its trigram tokenizer: the 16 rarest trigrams joined by OR, ranked by bm25()."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing

from benchmarks.text.alternatives.candidates import MOST
from benchmarks.text.alternatives.rarity import Rarity
from benchmarks.text.engine import NotInstalled

_ASKED = 16
_QUERY = "SELECT rowid, -bm25(texts) FROM texts WHERE texts MATCH ? ORDER BY bm25(texts) LIMIT ?"


class Fts5:
    """All trigrams ORed take hundreds of milliseconds a query; the measure is the share of the full score."""

    name = "SQLite FTS5 trigram"

    def __init__(self) -> None:
        self._database = sqlite3.connect("")
        self._rarity = Rarity([], 3)
        try:
            self._database.execute("CREATE VIRTUAL TABLE texts USING fts5(words, tokenize='trigram')")
        except sqlite3.OperationalError as error:
            raise NotInstalled(f"SQLite with FTS5 and its trigram tokenizer ({error})") from error

    def load(self, texts: Sequence[str]) -> None:
        """Index every text in one transaction, then merge."""
        self._rarity = Rarity(texts, 3)
        with self._database:
            rows = enumerate(_bare(text) for text in texts)
            self._database.executemany("INSERT INTO texts(rowid, words) VALUES (?, ?)", rows)
            self._database.execute("INSERT INTO texts(texts) VALUES ('optimize')")

    def nearest(self, texts: Sequence[str]) -> list[list[tuple[int, float]]]:
        """The texts of the highest bm25, as shares of the full score."""
        return [self._one(_bare(text)) for text in texts]

    def _one(self, text: str) -> list[tuple[int, float]]:
        asked = [run for run in self._rarity.known(text) if len(run) == self._rarity.length][:_ASKED]
        if not asked:
            return []
        match = " OR ".join('"' + run.replace('"', '""') + '"' for run in asked)
        full = self._rarity.full(text, asked, _ASKED)
        with closing(self._database.execute(_QUERY, (match, MOST))) as rows:
            return [(int(place), float(score) / full) for place, score in rows]

    def close(self) -> None:
        """Close the database."""
        self._database.close()


def _bare(text: str) -> str:
    # SQLite takes no unpaired surrogate and ends a text at a null character.
    return text.encode("utf-8", "replace").decode().replace("\0", " ")
