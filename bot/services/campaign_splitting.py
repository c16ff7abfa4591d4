"""Which of a campaign's texts go with one that is split off: those more like it than like the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

_REST, _SIDE = 0, 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Likeness:
    """How two texts resemble each other: 0 to 1, and whether they are copies."""

    score: float
    is_copy: bool


Links = Mapping[int, Mapping[int, Likeness]]


def side_of(number: int, others: Sequence[int], links: Links) -> set[int]:
    """The texts that leave with `number`, itself included; `others` are the campaign's texts, the commonest first.

    The rest grows from the commonest text that is no copy of `number`, or the commonest of all. Both sides take in the
    likest text first, so that they part at the weakest link of the strongest chain between the two (a seeded cut of the
    maximum spanning tree). What neither reaches stays.
    """
    if not others:
        return {number}
    own = links.get(number, {})
    strangers = [other for other in others if not (other in own and own[other].is_copy)]
    rest = (strangers or others)[0]
    side = {rest: _REST, number: _SIDE}
    reach: list[tuple[float, int, int]] = []
    members = {number, *others}
    for start in (rest, number):
        _reach_from(start, side[start], links, reach)
    while reach:
        _, where, text = heappop(reach)
        if text in members and text not in side:
            side[text] = where
            _reach_from(text, where, links, reach)
    return {text for text, where in side.items() if where == _SIDE}


def _reach_from(text: int, where: int, links: Links, reach: list[tuple[float, int, int]]) -> None:
    for other, likeness in links.get(text, {}).items():
        heappush(reach, (-likeness.score, where, other))
