"""Who is called like this? An index of names and handles over scripts, nicknames, word order, initials and typos.

The words of all names are few, since names repeat: each word of a question is compared with every different word
(RapidFuzz, a few thousand comparisons), the words that are near lead to names, names to accounts. Only the best names
are then compared whole. Handles and names written as one word have a second list that is compared whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from detection.accounts.name_sounds import SoundWord, handle_words, words_of
from detection.accounts.names import handle_skeleton
from detection.accounts.nicknames import called_also, nicknames, pet_base

Scores = NDArray[np.float32]

#: Words this far apart are not compared further: one letter of three may differ.
_NEAR: Final = 0.6
#: What a pet name counts beside the name itself; one that is only formed like a pet name; the same as a family name.
_PET: Final = 0.92
_LIKE_A_PET: Final = 0.75
_OTHER_KIND: Final = 0.93
_INITIAL: Final = 0.8
#: A name that is written together with its surname, or apart; a handle that reads like a name.
_JOINED: Final = 0.97
_HANDLE: Final = 0.95
_NEAR_JOINED: Final = 0.7
#: With a name this near nothing is looked for that is written otherwise: it takes as long as all the rest.
_SURE: Final = 0.96
#: Of names that a word of the question fits, so many are compared whole.
_COMPARED: Final = 120
#: A word that the question has not, and the small weight that goes to letters as they are written.
_SPARE_WORD: Final = 0.02
_WRITTEN: Final = 0.03
_SHORTEST_SKELETON: Final = 4
_WEIGHTS: Final = {"given": 1.0, "family": 1.1, "father": 0.4, "initial": 0.35}


@dataclass(frozen=True, slots=True)
class NameHit:
    """An account whose name or handle is near what was asked."""

    ref: int
    #: 0 to 1; orders the hits and is not a probability.
    score: float
    #: The name or handle that was found.
    found: str


@dataclass(slots=True)
class _Name:
    """A name, and the accounts that were seen under it."""

    text: str
    words: tuple[SoundWord, ...]
    refs: set[int] = field(default_factory=set)


class _Words:
    """Different words in the order in which they came, each with the numbers of what holds it."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._held: dict[str, list[int]] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._held

    def add(self, word: str, holder: int) -> None:
        held = self._held.get(word)
        if held is None:
            held = self._held[word] = []
            self.texts.append(word)
        if not held or held[-1] != holder:
            held.append(holder)

    def holders(self, word: str) -> list[int]:
        return self._held[word]


class NameIndex:
    """Accounts by their names and handles. `put` replaces what is known of an account, `drop` forgets it."""

    def __init__(self) -> None:
        self._names: list[_Name] = []
        self._number_of: dict[str, int] = {}
        self._names_of: defaultdict[int, set[int]] = defaultdict(set)
        self._words = _Words()
        self._joined = _Words()
        self._skeletons = _Words()
        self._handles: dict[int, tuple[str, ...]] = {}

    def __len__(self) -> int:
        return len(self._names_of)

    def put(self, ref: int, names: Iterable[str], handles: Iterable[str] = ()) -> None:
        """Take in an account under all its names and handles."""
        self.drop(ref)
        known = [name for name in names if name.strip()]
        for name in known:
            self._add(ref, name)
        self._handles[ref] = tuple(handles)
        for handle in self._handles[ref]:
            read = handle_words(handle)
            if read:
                self._add(ref, read)
            skeleton = handle_skeleton(handle)
            if len(skeleton) >= _SHORTEST_SKELETON:
                self._skeletons.add(skeleton, ref)
        self._names_of[ref] = self._names_of[ref]

    def drop(self, ref: int) -> None:
        """Forget an account; its words stay, and lead nowhere."""
        for number in self._names_of.pop(ref, ()):
            self._names[number].refs.discard(ref)
        self._handles.pop(ref, None)

    def search(self, asked: str, limit: int = 20) -> list[NameHit]:
        """The accounts that are called most nearly so, best first; none for a question without letters."""
        best: dict[int, NameHit] = {}
        for hit in (*self._by_name(asked, limit), *self._by_handle(asked)):
            known = best.get(hit.ref)
            if known is None or hit.score > known.score:
                best[hit.ref] = hit
        return sorted(best.values(), key=lambda hit: (-hit.score, hit.ref))[:limit]

    def _add(self, ref: int, name: str) -> None:
        number = self._number_of.get(name)
        if number is None:
            number = self._number_of[name] = len(self._names)
            words = words_of(name)
            self._names.append(_Name(name, words))
            for word in words:
                self._words.add(word.stem, number)
                if word.stem != word.sounds:
                    self._words.add(word.sounds, number)
            for joined in _together(words):
                self._joined.add(joined, number)
        self._names[number].refs.add(ref)
        self._names_of[ref].add(number)

    def _by_name(self, asked: str, limit: int) -> list[NameHit]:
        words = words_of(asked) or words_of(handle_words(asked))
        if not words or not self._names:
            return []
        near = [self._near(word) for word in words]
        rough = self._rough(words, near)
        if rough.max() < _SURE:
            self._add_joined(rough, words)
        if not rough.any():
            return []
        count = min(max(_COMPARED, 3 * limit), int(np.count_nonzero(rough)))
        numbers = np.argpartition(-rough, count - 1)[:count]
        hits = []
        for number in numbers:
            name = self._names[int(number)]
            if name.refs:
                score = _whole(words, near, asked, name)
                hits += [NameHit(ref, score, name.text) for ref in name.refs]
        return hits

    def _rough(self, words: Sequence[SoundWord], near: Sequence[Mapping[str, float]]) -> Scores:
        """For each name how well the words of the question are found in it, each word for itself."""
        total = np.zeros(len(self._names), np.float32)
        weights = sum(_WEIGHTS[word.kind] for word in words)
        for word, texts in zip(words, near, strict=True):
            best = np.zeros(len(self._names), np.float32)
            for text, alike in texts.items():
                holders = self._words.holders(text)
                best[holders] = np.maximum(best[holders], alike)
            total += best * np.float32(_WEIGHTS[word.kind] / weights)
        return total

    def _near(self, word: SoundWord) -> dict[str, float]:
        """The known words that are near one of the question, with how near."""
        texts = self._words.texts
        if word.kind == "initial":
            return {text: _INITIAL for text in texts if text.startswith(word.sounds)}
        found: dict[str, float] = {}
        for form in {word.stem, word.sounds}:
            row = cdist([form], texts, scorer=OSA.normalized_similarity, score_cutoff=_NEAR, dtype=np.float32)[0]
            for number in np.flatnonzero(row):
                found[texts[number]] = max(found.get(texts[number], 0.0), float(row[number]))
        for text, weight in _pets(word.sounds, texts):
            if text in self._words:
                found[text] = max(found.get(text, 0.0), weight)
        return found

    def _add_joined(self, rough: Scores, words: Sequence[SoundWord]) -> None:
        """Raise names that are near when the words are written together."""
        asked = [*_together(words)] or [word.sounds for word in words if len(words) == 1]
        if not asked or not self._joined.texts:
            return
        rows = cdist(
            asked[:1], self._joined.texts, scorer=OSA.normalized_similarity, score_cutoff=_NEAR_JOINED, dtype=np.float32
        )
        for number in np.flatnonzero(rows[0]):
            holders = self._joined.holders(self._joined.texts[number])
            rough[holders] = np.maximum(rough[holders], np.float32(_JOINED) * rows[0][number])

    def _by_handle(self, asked: str) -> list[NameHit]:
        """Accounts whose handle looks alike."""
        bare = asked.strip().lstrip("@")
        if not bare or any(char.isspace() for char in bare) or not self._skeletons.texts:
            return []
        skeleton = handle_skeleton(bare)
        if len(skeleton) < _SHORTEST_SKELETON:
            return []
        texts = self._skeletons.texts
        row = cdist([skeleton], texts, scorer=OSA.normalized_similarity, score_cutoff=_NEAR_JOINED, dtype=np.float32)[0]
        found = []
        for number in np.argsort(-row)[:_COMPARED]:
            if row[number] <= 0:
                break
            for ref in self._skeletons.holders(texts[number]):
                for handle in self._handles.get(ref, ()):
                    if handle_skeleton(handle) == texts[number]:
                        same = 0.02 if handle.casefold() == bare.casefold() else 0.0
                        found.append(NameHit(ref, _HANDLE * float(row[number]) + same + 0.03, handle))
        return found


def likeness(one: str, other: str) -> float:
    """How alike two names are, 0 to 1, in the same measure as the hits of an index."""
    index = NameIndex()
    index.put(0, [other])
    return max((hit.score for hit in index.search(one)), default=0.0)


def _together(words: Sequence[SoundWord]) -> list[str]:
    """The words written as one, in both orders, without a father's name; nothing for a single word."""
    kept = [word.sounds for word in words if word.kind not in ("father", "initial")] or [w.sounds for w in words]
    if len(kept) == 1:
        return kept
    return list(dict.fromkeys(("".join(kept), "".join(reversed(kept)))))


def _pets(sounds: str, texts: Sequence[str]) -> list[tuple[str, float]]:
    """Words that stand for the same name as this one, with what each counts."""
    table = nicknames()
    found = [(text, _PET) for text in called_also(sounds)]
    found += [(text, _PET) for text in table.fitting(sounds, texts)]
    base = pet_base(sounds)
    if base is not None:
        found += [(text, _LIKE_A_PET) for text in texts if text.startswith(base) and len(text) > len(base)]
    return found


def _whole(words: Sequence[SoundWord], near: Sequence[Mapping[str, float]], asked: str, name: _Name) -> float:
    """How alike a question and a name are: each word of the name answers for one word of the question only."""
    found = [
        (_alike(word, texts, other), i, j)
        for i, (word, texts) in enumerate(zip(words, near, strict=True))
        for j, other in enumerate(name.words)
    ]
    used: tuple[set[int], set[int]] = (set(), set())
    total = 0.0
    for alike, i, j in sorted(found, reverse=True):
        if alike > 0 and i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            total += alike * _WEIGHTS[words[i].kind]
    apart = total / sum(_WEIGHTS[word.kind] for word in words)
    apart -= _SPARE_WORD * sum(1 for j, other in enumerate(name.words) if j not in used[1] and other.kind != "father")
    written = fuzz.ratio(asked.casefold(), name.text.casefold()) / 100
    return max(0.0, (1 - _WRITTEN) * max(apart, _joined_alike(words, name.words)) + _WRITTEN * written)


def _joined_alike(words: Sequence[SoundWord], others: Sequence[SoundWord]) -> float:
    asked, known = _together(words), _together(others)
    if not asked or not known:
        return 0.0
    near = max(OSA.normalized_similarity(asked[0], each, score_cutoff=_NEAR_JOINED) for each in known)
    return float(_JOINED * near)


def _alike(word: SoundWord, near: Mapping[str, float], other: SoundWord) -> float:
    if other.kind == "initial" and word.sounds[0] == other.sounds[0]:
        return _INITIAL
    found = max(near.get(other.stem, 0.0), near.get(other.sounds, 0.0))
    return found * _OTHER_KIND if word.is_family != other.is_family and word.kind != "initial" else found
