"""The recent texts of a newsroom, held so that one look-up costs a few milliseconds over tens of thousands.

Texts with the same words are held once. The ratios come from `rapidfuzz.process.cdist`, a batch of queries at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from detection.text.duplicates import CopyMatch, Known, best_first, comparable, judge, sorted_words
from detection.text.normalise import Normalised
from detection.thresholds import SIMILAR_RATIO, WINDOW_BATCH


class Window:
    """A set of known texts that answers as `find_copies` over the same texts does."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self._words: dict[int, str] = {}
        self._refs: dict[str, set[int]] = {}
        self._by_skeleton: dict[str, set[str]] = {}
        self._long: list[str] = []
        self._skeletons: list[str] = []
        self._sorted: list[str] = []
        self._stale = False
        self.extend(known)

    def __len__(self) -> int:
        """How many texts are held."""
        return len(self._words)

    def extend(self, known: Iterable[Known]) -> None:
        """Add texts; one with a ref that is held already replaces it."""
        for text in known:
            if text.ref in self._words:
                self.discard([text.ref])
            self._words[text.ref] = text.words
            if text.words in self._refs:
                self._refs[text.words].add(text.ref)
            else:
                self._add_words(text)

    def discard(self, refs: Iterable[int]) -> None:
        """Forget texts; unknown refs are ignored."""
        for ref in refs:
            words = self._words.pop(ref, None)
            if words is None:
                continue
            self._refs[words].discard(ref)
            if not self._refs[words]:
                self._drop_words(words)

    def search(self, queries: Sequence[Normalised]) -> list[list[CopyMatch]]:
        """For each query the known texts that it copies or resembles, best first."""
        self._rebuild_if_stale()
        found = [self._exact(query) for query in queries]
        fuzzy = [index for index, query in enumerate(queries) if comparable(query.skeleton)]
        for start in range(0, len(fuzzy) if self._long else 0, WINDOW_BATCH):
            batch = fuzzy[start : start + WINDOW_BATCH]
            for index, matches in zip(batch, self._near([queries[i] for i in batch]), strict=True):
                found[index] += matches
        return [best_first(matches) for matches in found]

    def _add_words(self, text: Known) -> None:
        skeleton = text.words.replace(" ", "")
        self._refs[text.words] = {text.ref}
        self._by_skeleton.setdefault(skeleton, set()).add(text.words)
        if comparable(skeleton) and not self._stale:
            self._append(text.words, skeleton)

    def _append(self, words: str, skeleton: str) -> None:
        self._long.append(words)
        self._skeletons.append(skeleton)
        self._sorted.append(sorted_words(words))

    def _drop_words(self, words: str) -> None:
        skeleton = words.replace(" ", "")
        del self._refs[words]
        self._by_skeleton[skeleton].discard(words)
        if not self._by_skeleton[skeleton]:
            del self._by_skeleton[skeleton]
        self._stale = self._stale or comparable(skeleton)

    def _rebuild_if_stale(self) -> None:
        if not self._stale:
            return
        self._long, self._skeletons, self._sorted, self._stale = [], [], [], False
        for words in self._refs:
            skeleton = words.replace(" ", "")
            if comparable(skeleton):
                self._append(words, skeleton)

    def _exact(self, query: Normalised) -> list[CopyMatch]:
        same = self._by_skeleton.get(query.skeleton, set()) if query.skeleton else set()
        return self._matches(query, same, 100.0, 100.0)

    def _near(self, queries: Sequence[Normalised]) -> list[list[CopyMatch]]:
        ratios = _ratios([query.skeleton for query in queries], self._skeletons)
        sort_ratios = _ratios([sorted_words(query.words) for query in queries], self._sorted)
        hits = np.maximum(ratios, sort_ratios) >= SIMILAR_RATIO
        found: list[list[CopyMatch]] = [[] for _ in queries]
        for row, column in np.argwhere(hits).tolist():
            if self._skeletons[column] == queries[row].skeleton:
                continue
            pair = float(ratios[row, column]), float(sort_ratios[row, column])
            found[row] += self._matches(queries[row], [self._long[column]], *pair)
        return found

    def _matches(self, query: Normalised, texts: Iterable[str], ratio: float, sort_ratio: float) -> list[CopyMatch]:
        known = (Known(ref=ref, words=words) for words in texts for ref in self._refs[words])
        return [match for text in known if (match := judge(query, text, ratio, sort_ratio))]


def _ratios(queries: Sequence[str], known: Sequence[str]) -> NDArray[np.float64]:
    """Ratios (0-100) of every query with every known text; those below the similar tier are 0."""
    return process.cdist(queries, known, scorer=fuzz.ratio, score_cutoff=SIMILAR_RATIO, dtype=np.float64, workers=1)
