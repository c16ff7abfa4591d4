"""What stands where in one text: every match of the lexicons, and questions about what is near what."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from detection.threats.finding import Span, Target
from detection.threats.lexicon import Entry, Hit, Lexicon
from detection.threats.staff import StaffIndex
from detection.threats.view import View
from detection.thresholds import THREAT_LATIN_LETTERS

_STAFF = Entry(role="staff", pattern="")
_NOT_TELLING = frozenset(("en", "uz", ""))


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One target and the words that name it."""

    hit: Hit
    target: Target


class Scene:
    """All matches in one text by role, sorted by place."""

    def __init__(self, text: str, view: View, lexicons: Sequence[Lexicon]) -> None:
        self.text = text
        self.view = view
        self.acts = sorted(
            {hit for lexicon in lexicons for hit in lexicon.find_acts(view)}, key=lambda hit: (hit.first, hit.last)
        )
        curses = (hit for hit in self.acts if hit.entry.role == "curse")
        self._curses = sorted(curses, key=lambda hit: hit.last)
        self._hits: dict[str, list[Hit]] = defaultdict(list)
        self._targets: list[Found] = []
        self._lexicons = lexicons
        if self.acts:
            self.read_contexts()

    def read_contexts(self) -> None:
        """Find everything but acts: done at once where there is an act, which most texts lack."""
        if self._hits:
            return
        for hit in {hit for lexicon in self._lexicons for hit in lexicon.find_contexts(self.view)}:
            self._hits[hit.entry.role].append(hit)
        for hits in self._hits.values():
            hits.sort(key=lambda hit: (hit.first, hit.last))

    def name_targets(self, staff: StaffIndex) -> None:
        """Collect who may be aimed at: staff, named media, journalists and offices, the second person."""
        found = [
            Found(
                hit=Hit(entry=_STAFF, first=name.first, last=name.last),
                target=Target(kind="staff", ref=name.person.ref, text=self.words(name.first, name.last)),
            )
            for name in staff.find(self.view)
        ]
        found += [self._plain_target(hit) for role in ("outlet", "office", "you") for hit in self._hits[role]]
        self._targets = sorted(found, key=lambda each: each.hit.first)

    def _plain_target(self, hit: Hit) -> Found:
        text = self.words(hit.first, hit.last)
        if hit.entry.role == "outlet":
            return Found(hit=hit, target=Target(kind="outlet_named", text=text))
        if hit.entry.role == "office":
            return Found(hit=hit, target=Target(kind="staff_kind", text=text))
        return Found(hit=hit, target=Target(kind="second_person", text=text))

    def targets_within(self, first: int, last: int) -> tuple[Found, ...]:
        """The targets among the words `first` up to, not with, `last`."""
        return tuple(found for found in self._targets if first <= found.hit.first < last)

    def addresses_someone(self) -> bool:
        """Whether the second person stands anywhere in the text."""
        return any(found.target.kind == "second_person" for found in self._targets)

    def is_telling(self, act: Hit) -> bool:
        """Whether the act says by itself that it is one: not English or Uzbek, which are written in Latin letters, no
        word of a newsroom's own, and not short in Latin letters, where many another word is spelled so."""
        if act.entry.language in _NOT_TELLING:
            return False
        longest = max((word.forms[0] for word in self.view.words[act.first : act.last]), key=len)
        return not longest.isascii() or len(longest) >= THREAT_LATIN_LETTERS

    def names_somebody(self, act: Hit) -> bool:
        """Whether a word beside the act is written like a name: with a capital, though no sentence begins there."""
        words = self.view.words
        beside = [*range(max(act.first - 1, 1), act.first), *range(act.last, min(act.last + 1, len(words)))]
        return any(
            words[at].sentence == words[at - 1].sentence and self.text[words[at].start : words[at].end].istitle()
            for at in beside
        )

    def reader(self, act: Hit) -> Found:
        """Whoever reads an act that names nobody, as its target."""
        return Found(hit=act, target=Target(kind="second_person", text=self.words(act.first, act.last)))

    def is_wished(self, act: Hit) -> bool:
        """Whether the words of `act` are part of a longer curse ("you will burn in hell")."""
        at = bisect_right(self._curses, act.first, key=lambda curse: curse.last)
        if at == len(self._curses) or self._curses[at].first >= act.last:
            return False
        return (self._curses[at].first, self._curses[at].last) != (act.first, act.last)

    def all(self, role: str) -> list[Hit]:
        """Every match of a context role."""
        return self._hits[role]

    def near(self, role: str, hit: Hit, before: int, after: int) -> Hit | None:
        """A match of `role` that begins at most `before` words before `hit` or `after` words after it."""
        return _first_between(self._hits[role], hit.first - before, hit.last + after)

    def beside(self, role: str, hit: Hit, distance: int) -> Hit | None:
        """A match of `role` at most `distance` words before or after `hit`, but not inside it."""
        hits = self._hits[role]
        before = _first_between(hits, hit.first - distance, hit.first)
        return before or _first_between(hits, hit.last, hit.last + distance)

    def targets_near(self, hit: Hit, distance: int) -> list[Found]:
        """The targets within `distance` words of `hit`, those inside it too."""
        low = bisect_left(self._targets, hit.first - distance, key=lambda found: found.hit.first)
        high = bisect_left(self._targets, hit.last + distance, key=lambda found: found.hit.first)
        return self._targets[low:high]

    def words(self, first: int, last: int) -> str:
        """The original text of the words `first` up to, not with, `last`."""
        return self.text[self.view.words[first].start : self.view.words[last - 1].end]

    def span(self, hit: Hit, why: str) -> Span:
        """Where `hit` stands in the original text."""
        words = self.view.words
        return Span(start=words[hit.first].start, end=words[hit.last - 1].end, why=why)

    def is_quoted(self, hit: Hit) -> bool:
        """Whether the act stands inside quotation marks that do not hold the whole text."""
        words = self.view.words
        inside = all(word.quoted for word in words[hit.first : hit.last])
        return inside and not all(word.quoted for word in words)


def _first_between(hits: list[Hit], low: int, high: int) -> Hit | None:
    at = bisect_left(hits, low, key=lambda hit: hit.first)
    return hits[at] if at < len(hits) and hits[at].first < high else None
