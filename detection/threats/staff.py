"""Names of the people and outlets under protection, found in any script and with case endings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, overload

from detection.text.normalise import fold, latinise
from detection.threats.finding import StaffName
from detection.threats.view import View
from detection.thresholds import STAFF_ENDING_MAX, STAFF_WORD_MIN

_KEY: Final = 3
_VOWELS: Final = "aeiou"


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffHit:
    """A name found: the words `first` up to, not with, `last`."""

    person: StaffName
    first: int
    last: int


class StaffIndex(Sequence[StaffName]):
    """The staff list made ready for search; `assess` takes it wherever it takes the plain list."""

    def __init__(self, staff: Sequence[StaffName]) -> None:
        self._staff = tuple(staff)
        self._by_key: dict[str, list[tuple[tuple[str, ...], StaffName]]] = defaultdict(list)
        for person in self._staff:
            for words in sorted(_searched(person)):
                self._by_key[words[0][:_KEY]].append((words, person))

    def __len__(self) -> int:
        """How many people and outlets are listed."""
        return len(self._staff)

    @overload
    def __getitem__(self, index: int) -> StaffName: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[StaffName]: ...
    def __getitem__(self, index: int | slice) -> StaffName | Sequence[StaffName]:
        """The listed people and outlets, as given."""
        return self._staff[index]

    def find(self, view: View) -> Iterator[StaffHit]:
        """Every place where a name stands."""
        latin = [latinise(word.forms[0]) for word in view.words] if self._by_key else []
        for index, word in enumerate(latin):
            for name, person in self._by_key.get(word[:_KEY], ()):
                if all(map(_is_form, latin[index : index + len(name)], name)) and index + len(name) <= len(latin):
                    yield StaffHit(person=person, first=index, last=index + len(name))


@lru_cache(maxsize=8)
def _compiled(staff: tuple[StaffName, ...]) -> StaffIndex:
    return StaffIndex(staff)


def staff_index(staff: Sequence[StaffName]) -> StaffIndex:
    """`staff` ready for search; the last few lists are remembered."""
    return staff if isinstance(staff, StaffIndex) else _compiled(tuple(staff))


def _searched(person: StaffName) -> set[tuple[str, ...]]:
    """The word sequences that mean this person: each name in both orders, written together, and its long words."""
    found: set[tuple[str, ...]] = set()
    for name in person.names:
        words = tuple(latinise(fold(name.strip().lstrip("@"))).split())
        if words:
            found |= {words, words[::-1], ("".join(words),)}
            found |= {(word,) for word in words if len(word) >= STAFF_WORD_MIN}
    return found


def _is_form(word: str, name: str) -> bool:
    """Whether `word` is `name` with or without a case ending; names of three letters or fewer take none."""
    if word == name:
        return True
    stem = name.rstrip(_VOWELS) if len(name) > _KEY + 1 else name
    return len(name) > _KEY and word.startswith(stem) and len(word) <= len(stem) + STAFF_ENDING_MAX
