"""Pet names and the full names behind them, from the data file `nicknames.tsv`, compared by their sounds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from detection.accounts.name_sounds import sounds_of

#: Endings that make a pet name of nearly any name («Айгулька», «Асанчик», «Бакошка»), in sounds.
_PET: Final = re.compile(
    "(?:oCka|eCka|enka|oSka|uSa|aSa|iSa|uSka|iCka|Cik|ik|ika|ka|Sa|oS|aS|uS|iS|ke|ike|ako|ula|una)$"
)
_SHORTEST_BASE: Final = 3


@dataclass(frozen=True, slots=True)
class Nicknames:
    """Both ways: what a pet name stands for, and by what pet names a name is called. All in sounds."""

    full: dict[str, frozenset[str]] = field(default_factory=dict)
    beginnings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    endings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pets: dict[str, frozenset[str]] = field(default_factory=dict)

    def of(self, sounds: str) -> frozenset[str]:
        """Names and pet names that are exactly one with this name: full for pet, pet for full, pet for pet."""
        full = self.full.get(sounds, frozenset())
        others = {pet for name in (*full, sounds) for pet in self.pets.get(name, ())}
        patterned = (pet for pet in self.beginnings if self._fits(pet, sounds))
        return (full | others | frozenset(patterned)) - {sounds}

    def fitting(self, pet: str, names: Iterable[str]) -> list[str]:
        """Those of these names that a pet name may stand for by its patterns."""
        if pet not in self.beginnings:
            return []
        return [name for name in names if self._fits(pet, name)]

    def _fits(self, pet: str, name: str) -> bool:
        if len(name) <= len(pet) - 1 or name == pet:
            return False
        return name.startswith(self.beginnings[pet]) or name.endswith(self.endings.get(pet, ()))


@lru_cache(maxsize=16_384)
def called_also(sounds: str) -> frozenset[str]:
    """What a name is exactly one with, by the data file."""
    return nicknames().of(sounds)


def pet_base(sounds: str) -> str | None:
    """What a name begins with of which this may be a pet form; None when it does not look like one."""
    base = _PET.sub("", sounds)
    return base if base != sounds and len(base) >= _SHORTEST_BASE else None


def read_nicknames(table: str) -> Nicknames:
    """The lines of such a table. A line without a tab is passed over."""
    full: defaultdict[str, set[str]] = defaultdict(set)
    beginnings: defaultdict[str, set[str]] = defaultdict(set)
    endings: defaultdict[str, set[str]] = defaultdict(set)
    for line in table.splitlines():
        pet, tab, names = line.partition("\t")
        sounds = sounds_of(pet.strip())
        if not tab or not sounds or line.startswith("#"):
            continue
        for name in names.split():
            kept = beginnings if name.endswith("*") else endings if name.startswith("*") else full
            kept[sounds].add(sounds_of(name.strip("*")))
    pets: defaultdict[str, set[str]] = defaultdict(set)
    for pet, meant in full.items():
        for name in meant:
            pets[name].add(pet)
    patterned = beginnings.keys() | endings.keys()
    return Nicknames(
        full={pet: frozenset(names) for pet, names in full.items()},
        beginnings={pet: tuple(sorted(beginnings.get(pet, ()))) for pet in patterned},
        endings={pet: tuple(sorted(endings.get(pet, ()))) for pet in patterned},
        pets={name: frozenset(names) for name, names in pets.items()},
    )


@cache
def nicknames() -> Nicknames:
    """Those of the data file."""
    table = resources.files("detection.accounts").joinpath("nicknames.tsv").read_text(encoding="utf-8")
    return read_nicknames(table)
