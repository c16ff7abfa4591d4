"""A seeded generator of texts, for sizes that the supplied ones do not reach. What it makes is said to be made.

A chain of words learnt from real comments of one language: each word is followed by one that followed it somewhere. No
six words in a row are taken from any comment, so that a made text is no copy of a real one; shorter phrases recur as
they do in real streams.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import count, islice
from random import Random
from typing import Final

from benchmarks.text.corpora import Source

COPIED: Final = 6
_START, _END = "", "\n"
_TRIES: Final = 8


class Chain:
    """One language's chain. `write` gives a text of about as many words as a comment it learnt from."""

    def __init__(self, bodies: Sequence[str]) -> None:
        self._next: defaultdict[str, list[str]] = defaultdict(list)
        self._runs: set[int] = set()
        self._lengths: list[int] = []
        for body in bodies:
            self._learn(body.split())

    def _learn(self, words: list[str]) -> None:
        if not words:
            return
        self._lengths.append(len(words))
        for word, following in zip([_START, *words], [*words, _END], strict=True):
            self._next[word].append(following)
        plain = [word.casefold() for word in words]
        self._runs.update(hash(tuple(plain[at : at + COPIED])) for at in range(len(plain) - COPIED + 1))

    def write(self, rng: Random) -> str:
        """A new text; it may end early where only a copy could go on."""
        length, words = rng.choice(self._lengths), list[str]()
        while len(words) < length:
            following = self._following(words, rng)
            if following is None:
                break
            words.append(following)
        return " ".join(words)

    def _following(self, words: Sequence[str], rng: Random) -> str | None:
        known = self._next[words[-1] if words else _START]
        before = tuple(word.casefold() for word in words[1 - COPIED :])
        for _ in range(_TRIES):
            following = rng.choice(known)
            if following == _END:
                # The comment ended here; a longer one starts its next sentence.
                following = rng.choice(self._next[_START])
            is_copy = len(before) == COPIED - 1 and hash((*before, following.casefold())) in self._runs
            if not is_copy:
                return following
        return None


def generate(sources: Sequence[Source], how_many: int, seed: int, label: str = "g") -> Iterator[Source]:
    """`how_many` distinct texts of at least 25 letters, languages as frequent as among `sources`."""
    bodies: defaultdict[str, list[str]] = defaultdict(list)
    for source in sources:
        bodies[source.language].append(source.body)
    chains = {language: Chain(texts) for language, texts in bodies.items()}
    return islice(_distinct(chains, [source.language for source in sources], seed, label), how_many)


def _distinct(chains: dict[str, Chain], languages: Sequence[str], seed: int, label: str) -> Iterator[Source]:
    rng, seen = Random(f"{label}:{seed}"), set[int]()
    for number in count():
        language = rng.choice(languages)
        text = chains[language].write(rng)
        if len(text) < 30 or hash(text) in seen:
            continue
        seen.add(hash(text))
        yield Source(f"{label}{number}", text, text, language, origin="generated")
