"""What a post's codes are in the end: what two coders say alike, else what a third decides; and what is still open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.model.post import DECIDER, Coding

#: What is coded of a post.
WHATS = ("tone", "topic")


@dataclass(frozen=True, kw_only=True, slots=True)
class FinalCodes:
    """A post's codes; None where two have not coded it yet, or differ and nobody has decided."""

    tone: str | None = None
    topic: str | None = None
    #: Both coders are done.
    is_double: bool = False

    @property
    def is_coded(self) -> bool:
        """Whether nothing is missing."""
        return self.tone is not None and self.topic is not None

    @property
    def is_open(self) -> bool:
        """Whether a third has to decide."""
        return self.is_double and not self.is_coded


def final_codes(codings: Iterable[Coding]) -> FinalCodes:
    """The codes of one post."""
    done = {each.place: each for each in codings if each.place is not None and each.coded_at is not None}
    first, second, third = (done.get(place) for place in (1, 2, DECIDER))
    if first is None or second is None:
        return FinalCodes()

    def said(what: str) -> str | None:
        one, other = getattr(first, what), getattr(second, what)
        value = one if one == other else getattr(third, what) if third is not None else None
        return str(value) if value is not None else None

    return FinalCodes(tone=said("tone"), topic=said("topic"), is_double=True)


def pairs(codings: Mapping[int, Sequence[Coding]], what: str) -> list[tuple[str, str]]:
    """What the two coders of each post said, before anybody decided: of "tone" or "topic"."""
    found = []
    for each in codings.values():
        done = {coding.place: getattr(coding, what) for coding in each if coding.coded_at is not None}
        if done.get(1) is not None and done.get(2) is not None:
            found.append((str(done[1]), str(done[2])))
    return found
