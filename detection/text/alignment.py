"""Two texts laid beside each other word by word: what is not in common, and what stands elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from rapidfuzz.distance import LCSseq

from detection.text.differing_words import Word, joined

# How far a run may slide along equal words to begin and end where a sentence does.
_SLIDE: Final = 100


@dataclass(frozen=True, slots=True)
class Change:
    """Words of one text (start to end) that stand where words of the other (start to end) do; either may be none."""

    start: int
    end: int
    other_start: int
    other_end: int

    def slid(self, by: int) -> Change:
        """The same change, so many words further."""
        return Change(self.start + by, self.end + by, self.other_start + by, self.other_end + by)


def changes(ours: Sequence[Word], theirs: Sequence[Word]) -> list[Change]:
    """What is not in common, in order; a deletion beside an insertion is one change.

    Where an equal word stands at either end of a run, it is a sentence that was added or dropped, if there is one.
    """
    return _slid(_changes(ours, theirs), ours, theirs)


def _changes(ours: Sequence[Word], theirs: Sequence[Word]) -> list[Change]:
    if respaced(ours, theirs):
        # Only spaces: single letters that happen to agree would tear it apart.
        return [Change(0, len(ours), 0, len(theirs))]
    found: list[Change] = []
    for step in LCSseq.opcodes([w.ident for w in ours], [w.ident for w in theirs]):
        if step.tag == "equal":
            continue
        if found and found[-1].end == step.src_start and found[-1].other_end == step.dest_start:
            found[-1] = replace(found[-1], end=step.src_end, other_end=step.dest_end)
        else:
            found.append(Change(step.src_start, step.src_end, step.dest_start, step.dest_end))
    return found


def respaced(gone: Sequence[Word], new: Sequence[Word]) -> bool:
    """Whether the same letters are parted into words in another way."""
    gone, new = [w for w in gone if w.form], [w for w in new if w.form]
    return bool(gone and new) and len(gone) != len(new) and joined(gone) == joined(new) != ""


def _slid(found: list[Change], ours: Sequence[Word], theirs: Sequence[Word]) -> list[Change]:
    """One-sided changes moved along equal words to where they are a sentence, if there is such a place."""
    result: list[Change] = []
    for place, change in enumerate(found):
        begin = result[-1].end if result else 0
        limit = found[place + 1].start if place + 1 < len(found) else len(ours)
        if change.start == change.end:
            by = _best_slide(theirs, change.other_start, change.other_end, change.start - begin, limit - change.end)
            change = change.slid(by)
        elif change.other_start == change.other_end:
            change = change.slid(_best_slide(ours, change.start, change.end, change.start - begin, limit - change.end))
        result.append(change)
    return result


def _best_slide(words: Sequence[Word], start: int, end: int, back: int, on: int) -> int:
    shifts = [0]
    for by in range(1, min(back, _SLIDE) + 1):
        if words[start - by].ident != words[end - by].ident:
            break
        shifts.append(-by)
    for by in range(1, min(on, _SLIDE) + 1):
        if words[start + by - 1].ident != words[end + by - 1].ident:
            break
        shifts.append(by)
    return max(shifts, key=lambda by: (ends_before(words, start + by) + ends_before(words, end + by), -abs(by)))


def ends_before(words: Sequence[Word], place: int) -> int:
    """2 where a sentence ends before a place, 1 for a clause, 0 within one."""
    return words[place - 1].ends if 0 < place < len(words) else 2


def moved(ours: Sequence[Word], theirs: Sequence[Word], found: Sequence[Change]) -> dict[int, int]:
    """Places of the other text whose word stood elsewhere in the first one: place there → place here.

    All of them where the words are the same and only their order is not; else runs of two words or more.
    """
    found = [c for c in found if not respaced(ours[c.start : c.end], theirs[c.other_start : c.other_end])]
    gone = [i for c in found for i in range(c.start, c.end) if ours[i].form]
    new = [j for c in found for j in range(c.other_start, c.other_end) if theirs[j].form]
    if Counter(ours[i].ident for i in gone) == Counter(theirs[j].ident for j in new):
        free: dict[int, list[int]] = {}
        for i in reversed(gone):
            free.setdefault(ours[i].ident, []).append(i)
        return {j: free[theirs[j].ident].pop() for j in new}
    return _moved_runs(ours, theirs, gone, new)


def _moved_runs(
    ours: Sequence[Word], theirs: Sequence[Word], gone: Sequence[int], new: Sequence[int]
) -> dict[int, int]:
    pairs: dict[tuple[int, int], list[int]] = {}
    # The first one is popped first.
    for i, after in zip(reversed(gone[:-1]), reversed(gone[1:]), strict=True):
        if after == i + 1:
            pairs.setdefault((ours[i].ident, ours[after].ident), []).append(i)
    found: dict[int, int] = {}
    free = set(gone)
    for j, after in pairwise(new):
        if after != j + 1:
            continue
        if j in found:
            goes_on = found[j] + 1
            if goes_on in free and ours[goes_on].ident == theirs[after].ident:
                found[after] = goes_on
                free.discard(goes_on)
            continue
        there = pairs.get((theirs[j].ident, theirs[after].ident), [])
        while there and not {there[-1], there[-1] + 1} <= free:
            there.pop()
        if there:
            start = there.pop()
            found |= {j: start, after: start + 1}
            free -= {start, start + 1}
    return found
