"""How many independent voices stand behind a suspicion, and what each of them weighs.

A voice is a person, or people who may be one: who brought whom in lately, and nobody of them has a record yet.
Whatever one voice does (repeat, import, edit), it counts once, and below the threshold from which a suspicion counts at
all. What a person's word weighs comes from what became of their earlier suspicions (Beta(1, 1) prior, old ones fade).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from detection.thresholds import (
    REPORTER_LINK_DAYS,
    REPORTER_RECORD_HALF_LIFE_DAYS,
    STANDING_COUNTED,
    STANDING_LIST_WEIGHT,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reporter:
    """Who may have a word: how long ago they joined, by whom, and what became of what they suspected.

    `proved` and `refuted` are by suspected account the days since it was confirmed, and since it was cleared.
    """

    id: int
    joined_days: float
    invited_by: int | None = None
    proved: Mapping[int, float] | None = None
    refuted: Mapping[int, float] | None = None

    def weight(self, about: int | None = None) -> float:
        """What their word weighs, above 0 and below 1; the account it is `about` is no part of their record."""
        good, bad = _faded(self.proved, about), _faded(self.refuted, about)
        return (1 + good) / (2 + good + bad)

    def has_record(self, about: int | None = None) -> bool:
        """Whether a suspicion of theirs, but for the one it is `about`, was confirmed."""
        return any(account != about for account in self.proved or ())


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """That somebody suspects an account: a member, or a list that came by the command line (None)."""

    member_id: int | None
    is_held: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What stands behind a suspicion: the sum of its voices' weights, how many there are, how many words are held."""

    score: float
    voices: int
    held: int = 0

    @property
    def counts(self) -> bool:
        """Whether it is more than one voice's word."""
        return self.score >= STANDING_COUNTED

    @property
    def is_held(self) -> bool:
        """Whether nothing but held words stands behind it."""
        return self.held > 0 and self.voices == 0


def standing(about: int, words: Iterable[Word], people: Mapping[int, Reporter]) -> Standing:
    """What stands behind the suspicion of an account; the order of words changes nothing, nor does repeating them."""
    said = set(words)
    spoke = {word.member_id for word in said if not word.is_held}
    held = {word.member_id for word in said if word.is_held} - spoke
    known = [people[i] for i in sorted(i for i in spoke if i is not None) if i in people]
    weights = [max(person.weight(about) for person in voice) for voice in voices(known, about)]
    if None in spoke:
        weights.append(STANDING_LIST_WEIGHT)
    return Standing(score=sum(sorted(weights)), voices=len(weights), held=len(held))


def voices(people: Collection[Reporter], about: int | None = None) -> list[list[Reporter]]:
    """These people, those together who may be one person."""
    groups: list[list[Reporter]] = []
    for person in people:
        near = [group for group in groups if any(are_linked(person, other, about) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([person, *(each for group in near for each in group)])
    return groups


def are_linked(one: Reporter, other: Reporter, about: int | None = None) -> bool:
    """Whether two people may be one: one brought the other, or a third brought both, lately, and there is no record."""
    if one.has_record(about) or other.has_record(about):
        return False
    brought = (other.invited_by == one.id and _is_new(other)) or (one.invited_by == other.id and _is_new(one))
    same = one.invited_by is not None and one.invited_by == other.invited_by
    return brought or (same and _is_new(one) and _is_new(other))


def _is_new(person: Reporter) -> bool:
    return person.joined_days < REPORTER_LINK_DAYS


def _faded(ages: Mapping[int, float] | None, about: int | None) -> float:
    kept = sorted(age for account, age in (ages or {}).items() if account != about)
    return sum(float(0.5 ** (max(0.0, age) / REPORTER_RECORD_HALF_LIFE_DAYS)) for age in kept)
