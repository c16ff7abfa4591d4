"""Ten thousand made-up people of the region: given names and surnames that are put together by chance."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Final


def _names() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in Path(__file__).with_name("names.tsv").read_text(encoding="utf-8").splitlines():
        kind, tab, names = line.partition("\t")
        if tab:
            found.setdefault(kind, []).extend(names.split())
    return found


NAMES: Final = _names()
WOMEN, MEN, STEMS, RUSSIAN = (NAMES[kind] for kind in ("women", "men", "stems", "russian"))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody's name as it is written in Cyrillic, and the handle of the account."""

    given: str
    family: str
    handle: str

    @property
    def name(self) -> str:
        """Given name and surname."""
        return f"{self.given} {self.family}"


def people(seed: int, count: int) -> list[Person]:
    """So many people of different names, drawn by a seed."""
    draw = random.Random(seed)
    seen: dict[tuple[str, str], None] = {}
    while len(seen) < count:
        woman = draw.random() < 0.55
        given = draw.choice(WOMEN if woman else MEN)
        seen.setdefault((given, _family(draw, woman=woman)))
    return [Person(given, family, "") for given, family in seen]


def _family(draw: random.Random, *, woman: bool) -> str:
    if draw.random() < 0.15:
        name = draw.choice(RUSSIAN)
        if name.endswith("ий"):
            return f"{name[:-2]}ая" if woman else name
        return f"{name}а" if woman else name
    stem = draw.choice(STEMS) + draw.choice(("", "", "", "бек", "кул", "бай", "али"))
    if draw.random() < 0.12:
        return f"{stem} {'кызы' if woman else 'уулу'}"
    soft = stem[-1] in "иеөүэь" or stem.endswith(("ал", "али"))
    stem = stem[:-1] if stem[-1] in "аыуо" else stem
    return f"{stem}{'ев' if soft else 'ов'}{'а' if woman else ''}"
