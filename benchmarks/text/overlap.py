"""True copies by the judge's own measure: 36 or more identical letters and digits in a row.

It knows nothing of the normaliser that is judged: case, links, tags and punctuation off, «ё» as «е», Uzbek Latin in
Cyrillic. Real news streams repeat each other; whoever shares such a run is no "unrelated" text.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from benchmarks.text.corpora import Source
from benchmarks.text.edits.alphabets import uzbek_cyrillic

RUN: Final = 36
# Every run of 36 holds a whole block of 18 that starts at a multiple of 18.
_BLOCK: Final = RUN // 2
_TAG: Final = re.compile(r"(?:https?://|www\.)\S+|(?<!\w)[@#]\w+")


def plain_skeleton(source: Source) -> str:
    """A text's letters and digits, small, in one row."""
    text = uzbek_cyrillic(source.text) if source.language == "uz" else source.text
    return plain(text)


def plain(text: str) -> str:
    """The letters and digits of a text, small, in one row."""
    return "".join(filter(str.isalnum, _TAG.sub(" ", text).casefold().replace("ё", "е")))


def longest_shared(one: str, other: str, least: int = RUN) -> bool:
    """Whether two skeletons share `least` characters in a row; shorter ones, whether they are equal."""
    if min(len(one), len(other)) < least:
        return one == other
    runs = {one[start : start + least] for start in range(len(one) - least + 1)}
    return any(other[start : start + least] in runs for start in range(len(other) - least + 1))


def copies_among(queries: Sequence[str], stored: Iterable[str]) -> set[int]:
    """The places of those queries that share a run with one of the stored texts, or equal one.

    Linear in the texts: the queries' blocks are looked up at every place of the stored texts, hits are checked.
    """
    blocks: defaultdict[str, set[int]] = defaultdict(set)
    whole: defaultdict[str, set[int]] = defaultdict(set)
    for place, query in enumerate(queries):
        whole[query].add(place)
        for start in range(0, len(query) - _BLOCK + 1, _BLOCK):
            blocks[query[start : start + _BLOCK]].add(place)
    found: set[int] = set()
    for text in stored:
        found |= whole.get(text, set())
        for place in _near(text, blocks) - found:
            if longest_shared(queries[place], text):
                found.add(place)
    return found


def first_of_copies(skeletons: Sequence[str]) -> list[int]:
    """The places of the skeletons that copy no earlier one: what is left is unrelated to each other."""
    blocks: defaultdict[str, set[int]] = defaultdict(set)
    kept: list[int] = []
    seen: set[str] = set()
    for place, text in enumerate(skeletons):
        if text in seen or any(longest_shared(skeletons[near], text) for near in _near(text, blocks)):
            continue
        kept.append(place)
        seen.add(text)
        for start in range(0, len(text) - _BLOCK + 1, _BLOCK):
            blocks[text[start : start + _BLOCK]].add(place)
    return kept


def _near(text: str, blocks: dict[str, set[int]]) -> set[int]:
    near: set[int] = set()
    for start in range(len(text) - _BLOCK + 1):
        block = text[start : start + _BLOCK]
        if block in blocks:
            near |= blocks[block]
    return near
