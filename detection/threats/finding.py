"""What the threat detector says about one text: codes, numbers and spans, never sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["none", "curse", "violent_call", "review", "threat"]
Kind = Literal["death", "violence", "arson", "sexual", "kidnap", "family", "doxx", "stalking", "legal", "incitement"]
TargetKind = Literal["second_person", "staff", "outlet_named", "staff_kind"]


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffName:
    """One person or outlet under protection."""

    #: The caller's id, given back in `Target.ref`.
    ref: int
    kind: Literal["person", "outlet"]
    #: Names and aliases in any script; each counts alone, and so does each long word of it.
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Who a text is aimed at."""

    #: "second_person": whoever it addresses; "staff": a listed person or outlet; "outlet_named": a medium that the
    #: lexicon knows; "staff_kind": journalists, an office, an editorial board without a name.
    kind: TargetKind
    #: The ref of the `StaffName`, for "staff" only.
    ref: int | None = None
    #: The words that say so, as they stand in the text.
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A part of the original text and what it says; counts code points, the end is exclusive."""

    start: int
    end: int
    #: A kind ("death"), or "imminence", "call", "target", "curse", "security", or the code of a demotion.
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreatFinding:
    """The detector's opinion of one text. It only ever moves a case up; a person decides."""

    level: Level
    kinds: tuple[Kind, ...] = ()
    #: 0 nothing, 1 mild to 4 gravest.
    severity: int = 0
    #: A time, a place, a call to gather, or knowledge of the target's security is named.
    imminent: bool = False
    targets: tuple[Target, ...] = ()
    spans: tuple[Span, ...] = ()
    #: What lowered the level: "quote", "reported", "negation", "sympathy", "past", "benign".
    demotions: tuple[str, ...] = ()
