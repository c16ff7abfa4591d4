"""How one text differs from another that was made of it: codes, and the pieces by which the one becomes the other.

Words are compared in the form in which copies are found, so that a transliterated or disguised text is aligned word by
word. The alignment is the longest common subsequence of words (RapidFuzz, bit-parallel); runs that stand elsewhere in
the other text count as moved, and what is left between the words in common is judged by what stands against what.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from rapidfuzz.distance import OSA

from detection.text.alignment import Change, changes, ends_before, moved, respaced
from detection.text.differing_words import Word, numbered, read_words
from detection.text.respelling import Respelling, respelling, script, settled, surface

Kind = Literal["same", "added", "dropped"]
Piece = tuple[Kind, str]

#: In the order in which they are said.
CODES: Final = (
    "part",
    "added",
    "dropped",
    "reordered",
    "names",
    "numbers",
    "words",
    "typos",
    "alphabet",
    "lookalikes",
    "spacing",
    "case",
    "punctuation",
    "emoji",
)
# Longer texts are cut: the longest comment a platform takes has 10,000 characters (YouTube).
MAX_CHARS: Final = 10_000
# A fragment of this share of the letters, or less, is a part and not a text that lost a sentence.
_PART_SHARE: Final = 0.4
# A text that got longer in the middle of a sentence holds the other as a part from this share on.
_HOLDS_SHARE: Final = 0.75
# Words that make a clause, where no sign says that it is one.
_CLAUSE_WORDS: Final = 3
# Words to the left and right among which a mistyped one is looked for.
_TYPO_REACH: Final = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class TextDifference:
    """Codes in the order of `CODES` (("same",) where there is none), and pieces in reading order.

    The "same" and "added" pieces are the other text as it was written, but for spaces; the "dropped" ones are the first
    text's. Texts longer than `MAX_CHARS` are cut there.
    """

    codes: tuple[str, ...]
    pieces: tuple[Piece, ...]


def difference(one: str, other: str) -> TextDifference:
    """How `other` differs from `one`; takes any strings, also with unpaired surrogates, in bounded time."""
    one, other = one[:MAX_CHARS], other[:MAX_CHARS]
    ours, theirs = numbered(read_words(one), read_words(other))
    compared = _Comparison(ours, theirs)
    codes = compared.codes()
    if not codes and one.strip() != other.strip():
        codes = {"spacing"}
    ordered = tuple(code for code in CODES if code in codes)
    return TextDifference(codes=ordered or ("same",), pieces=compared.pieces())


class _Comparison:
    """Goes through the two texts once and gathers codes and pieces."""

    def __init__(self, ours: Sequence[Word], theirs: Sequence[Word]) -> None:
        self._ours, self._theirs = ours, theirs
        self._changes = changes(ours, theirs)
        self._moved = moved(ours, theirs, self._changes)
        self._moved_from = set(self._moved.values())
        self._codes: set[str] = {"reordered"} if self._moved else set()
        self._spellings: list[Respelling] = []
        self._pieces: list[tuple[Kind, list[str]]] = []
        self._walk()

    def codes(self) -> set[str]:
        """What was found, in no order."""
        codes = self._codes | settled(self._spellings)
        if self._moved and _signs(self._ours) == _signs(self._theirs):
            # The stop stays at the end of the sentence, whichever word is the last now.
            codes.discard("punctuation")
        return codes

    def pieces(self) -> tuple[Piece, ...]:
        """What was found, in reading order."""
        return tuple((kind, " ".join(words)) for kind, words in self._pieces)

    def _walk(self) -> None:
        done, other_done = 0, 0
        part = not self._moved and _part(self._ours, self._theirs, self._changes)
        for change in self._changes:
            self._equal(done, change.start, other_done, clause_follows=_one_sided(change))
            done, other_done = change.end, change.other_end
            before = set(self._codes)
            self._change(change)
            if part:
                self._codes = before | {"part"}
        self._equal(done, len(self._ours), other_done)

    def _equal(self, start: int, end: int, other_start: int, *, clause_follows: bool = False) -> None:
        for index in range(start, end):
            one, other = self._ours[index], self._theirs[other_start + index - start]
            is_joint = clause_follows and index == end - 1
            self._respelt(one.raw, other.raw, frozenset({"punctuation"}) if is_joint else frozenset())
            self._say("same", [other])

    def _respelt(self, one: str, other: str, unsaid: frozenset[str] = frozenset()) -> None:
        if one != other:
            found = respelling(one, other)
            # The stop that joins a sentence to the next goes with that sentence.
            self._spellings.append(replace(found, codes=found.codes - unsaid))

    def _change(self, change: Change) -> None:
        gone = [self._ours[i] for i in range(change.start, change.end) if i not in self._moved_from]
        new: list[Word] = []
        for index in range(change.other_start, change.other_end):
            if index in self._moved:
                self._replaced(gone, new)
                gone, new = [], []
                self._respelt(self._ours[self._moved[index]].raw, self._theirs[index].raw)
                self._say("same", [self._theirs[index]])
            else:
                new.append(self._theirs[index])
        self._replaced(gone, new)

    def _replaced(self, gone: list[Word], new: list[Word]) -> None:
        said, said_new = [w for w in gone if w.form], [w for w in new if w.form]
        if respaced(gone, new):
            self._rejoined(gone, new)
            return
        if bool(said) == bool(said_new):
            self._codes |= _sign_codes(gone, new)
        if said and said_new:
            self._rewritten(gone, new)
            return
        if said or said_new:
            run, signs = (gone, new) if said else (new, gone)
            self._codes |= _sign_codes(signs, [])
            self._codes.add(_lone(run, "dropped" if said else "added"))
        self._say("dropped", gone)
        self._say("added", new)

    def _rejoined(self, gone: list[Word], new: list[Word]) -> None:
        """The same letters, parted into words elsewhere."""
        self._codes.add("spacing")
        self._respelt("".join(w.raw for w in gone if w.form), "".join(w.raw for w in new if w.form))
        self._codes |= _sign_codes(gone, new)
        there = Counter(w.ident for w in gone if not w.form)
        here = Counter(w.ident for w in new if not w.form)
        self._say("dropped", [w for w in gone if not w.form and not here[w.ident]])
        for word in new:
            self._say("same" if word.form or there[word.ident] else "added", [word])

    def _rewritten(self, gone: list[Word], new: list[Word]) -> None:
        """Words against words: mistyped ones are found first, what is left between them was replaced."""
        done = other_done = 0
        for place, other_place in [*_mistyped(gone, new), (len(gone), len(new))]:
            self._swapped(gone[done:place], new[other_done:other_place])
            if place < len(gone):
                self._misspelt(gone[place], new[other_place])
            done, other_done = place + 1, other_place + 1

    def _swapped(self, gone: list[Word], new: list[Word]) -> None:
        """Words in the place of words; a sentence that only one side has is said as such."""
        if not any(w.form for w in gone) or not any(w.form for w in new):
            self._replaced(gone, new)
            return
        longer, shorter = (gone, new) if len(gone) > len(new) else (new, gone)
        cut = _sentence_apart(longer, len(shorter))
        if cut is None:
            self._codes |= _replacement(gone, new)
            self._say("dropped", gone)
            self._say("added", new)
            return
        for run in (longer[: cut[0]], longer[cut[0] : cut[1]], longer[cut[1] :]):
            is_core = run == longer[cut[0] : cut[1]]
            other = shorter if is_core else []
            self._replaced(*((run, other) if longer is gone else (other, run)))

    def _misspelt(self, one: Word, other: Word) -> None:
        if {script(one.raw), script(other.raw)} == {"cyrillic", "latin"}:
            # Nobody's transliteration agrees with the table in every letter.
            self._respelt(one.raw, other.raw)
            self._say("same", [other])
            return
        self._codes.add("typos")
        self._say("dropped", [one])
        self._say("added", [other])

    def _say(self, kind: Kind, words: Sequence[Word]) -> None:
        if not words:
            return
        if not self._pieces or self._pieces[-1][0] != kind:
            self._pieces.append((kind, []))
        self._pieces[-1][1].extend(word.raw for word in words)


def _part(ours: Sequence[Word], theirs: Sequence[Word], written: Sequence[Change]) -> bool:
    """Whether one text is a fragment of the other: all that is missing stood at its ends."""
    found = [_whole_words(change, ours, theirs) for change in written]
    shrunk = all(c.other_start == c.other_end for c in found)
    if not found or not (shrunk or all(c.start == c.end for c in found)):
        return False
    longer = ours if shrunk else theirs
    spans = [(c.start, c.end) if shrunk else (c.other_start, c.other_end) for c in found]
    if any(start > 0 and end < len(longer) for start, end in spans):
        return False
    size = sum(len(w.form) for w in longer)
    lost = [w for start, end in spans for w in longer[start:end] if w.form]
    kept = 1 - sum(len(w.form) for w in lost) / max(size, 1)
    if kept <= 0 or len(lost) < _CLAUSE_WORDS:
        return False
    is_clean = found == written and all(ends_before(longer, place) == 2 for span in spans for place in span)
    return kept <= _PART_SHARE or (not is_clean and (shrunk or kept < _HOLDS_SHARE))


def _one_sided(change: Change) -> bool:
    return change.start == change.end or change.other_start == change.other_end


def _whole_words(change: Change, ours: Sequence[Word], theirs: Sequence[Word]) -> Change:
    """The change without the beginning of a word at which a text was cut."""
    if (change.end, change.other_end) != (len(ours), len(theirs)):
        return change
    gone, new = ours[change.start :], theirs[change.other_start :]
    if len(new) == 1 and gone and new[0].form and gone[0].form.startswith(new[0].form):
        return replace(change, other_end=change.other_start)
    if len(gone) == 1 and new and gone[0].form and new[0].form.startswith(gone[0].form):
        return replace(change, end=change.start)
    return change


def _lone(run: Sequence[Word], kind: str) -> str:
    """What a run that stands against nothing is called: numbers alone as such, else that it came or went."""
    return "numbers" if all(word.has_digit for word in run if word.form) else kind


def _sentence_apart(longer: Sequence[Word], count: int) -> tuple[int, int] | None:
    """Which words of the longer side (start, end) stand for the other side's `count`, if the rest is a sentence."""
    if len(longer) - count < _CLAUSE_WORDS:
        return None
    # The other side's words may have been replaced by one or two more.
    for size in range(count, min(count + 3, len(longer) - _CLAUSE_WORDS + 1)):
        if longer[size - 1].ends == 2:
            return (0, size)
        if longer[-size - 1].ends == 2:
            return (len(longer) - size, len(longer))
    return None


def _replacement(gone: Sequence[Word], new: Sequence[Word]) -> set[str]:
    gone, new = [w for w in gone if w.form], [w for w in new if w.form]
    if len(gone) == len(new):
        swaps = {_swap([one], [other]) for one, other in zip(gone[1:], new[1:], strict=True)}
        first = _swap(gone[:1], new[:1])
        # A sentence begins with a capital, name or not: what follows tells.
        return swaps | ({"words"} if first == "names" and "words" in swaps else {first})
    if min(len(gone), len(new)) > _CLAUSE_WORDS and gone[-1].ends == new[-1].ends == 2:
        return {"dropped", "added"}
    return {_swap(gone, new)}


def _swap(gone: Sequence[Word], new: Sequence[Word]) -> str:
    both = [*gone, *new]
    if all(w.has_digit for w in both):
        return "numbers"
    return "names" if all(w.is_capitalised for w in both) else "words"


def _mistyped(gone: Sequence[Word], new: Sequence[Word]) -> list[tuple[int, int]]:
    """Places of words that are one another with a letter or two wrong, in order, each word once."""
    found: list[tuple[int, int]] = []
    free = 0
    for place, word in enumerate(gone):
        reach = range(max(free, place - _TYPO_REACH), min(len(new), max(free, place) + _TYPO_REACH))
        there = next((i for i in reach if _is_typo(word, new[i])), None)
        if there is not None:
            found.append((place, there))
            free = there + 1
    return found


def _is_typo(one: Word, other: Word) -> bool:
    shorter, longer = sorted((len(one.form), len(other.form)))
    if shorter < 3 or longer < 4 or one.has_digit or other.has_digit:
        return False
    most = 1 if shorter < 6 else 2 if shorter < 10 else 3
    return OSA.distance(one.form, other.form, score_cutoff=most) <= most


def _signs(words: Iterable[Word]) -> list[str]:
    return sorted(surface("".join(word.raw for word in words)).signs)


def _sign_codes(gone: Iterable[Word], new: Iterable[Word]) -> set[str]:
    """What differs in emoji, signs and hidden characters that stand by themselves."""
    before, after = (surface("".join(w.raw for w in words if not w.form)) for words in (gone, new))
    codes = {"emoji"} if before.emoji != after.emoji else set()
    codes |= {"punctuation"} if before.signs != after.signs else set()
    return codes | ({"lookalikes"} if before.hidden != after.hidden and not (before.emoji or after.emoji) else set())
