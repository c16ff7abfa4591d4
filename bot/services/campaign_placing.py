"""Which campaign a text joins, if any: the rule, without the store.

A text joins the campaign of its best copy, or the only one whose texts it resembles. Two campaigns become one only when
a text is nearly the same as several of each; less than that is for an editor to see. So that one mistaken likeness
cannot pull a second campaign into the first, a copy that is not much alike as a whole opens a campaign of several texts
only when a second of them resembles the newcomer too, be it less. Every text decides for itself, at its own turn: what
has been left alone before looks again when one of its copies has found a place.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.model.text import TextMatch
from bot.storage.campaigns import KnownText, WaitingText
from bot.storage.rejections import pair_of
from bot.storage.texts import DONE, WAITING
from detection.thresholds import FUZZY_MIN_SKELETON

#: Texts of a campaign that must resemble a newcomer; a campaign that has fewer is content with what it has.
WITNESSES = 2
#: The score of a copy that needs no second witness. In seven generated sets (each 50 campaigns of 4-31 edits, a third
#: of them edits of edits, 120 comments spliced of two campaigns, 4,000 other posts of the same stream; the prototype's
#: matcher) no two campaigns were glued at 0.8, up to 7 without witnesses; F1 of pairs was within 0.01 or better.
STRONG_SCORE = 0.8


#: Texts of one campaign that must resemble a newcomer which is no copy of any, when it is less alike than STRONG_SCORE;
#: and a campaign of so few is a beginning. On two sets of the benchmark's part "fit" (60 campaigns of 4-31 edits among
#: 14,000 unrelated comments each) F1 of pairs rose from 0.907 to 0.937 with a precision of 0.9999 before and after.
FAMILY = 2
FAMILY_SCORE = 0.7
BEGINNING = 3
#: The share of a text that must stand in another to differ by a sentence alone, and how long the shorter one must be.
CONTAINED_SCORE = 0.85
CONTAINED_LENGTH = 0.35


@dataclass(frozen=True, kw_only=True, slots=True)
class Placement:
    """What becomes of one text: it joins a campaign, or opens one together with others, or stays alone."""

    joins: int | None = None
    #: Campaigns that turn out to be one with it.
    absorbs: tuple[int, ...] = ()
    #: Numbers of the texts that open a campaign, this one first; empty when none is opened.
    founders: tuple[int, ...] = ()
    #: Numbers of texts without a campaign that are to look again, now that this one has a place.
    again: tuple[int, ...] = ()


@dataclass(kw_only=True)
class Ground:
    """What is known of the texts around those that are placed, and how it changes as they are."""

    texts: dict[int, KnownText]
    #: Two authors at the most of each text, by key.
    authors: Mapping[int, frozenset[str]]
    #: How many texts each campaign has.
    sizes: dict[int, int]
    #: Keys on the never-match list.
    stock: Collection[int]
    #: Pairs of keys that a person called no copies, the smaller first.
    rejected: Collection[tuple[int, int]]
    #: Pairs of campaigns that an editor told apart, the smaller id first.
    apart: Collection[tuple[int, int]] = ()
    _numbers: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self._numbers = {known.text_key: number for number, known in self.texts.items()}

    def has_looked(self, number: int) -> None:
        """A text had its turn."""
        self.texts[number] = replace(self.texts[number], state=DONE)

    def put(self, numbers: Sequence[int], campaign_id: int) -> None:
        """These texts are in a campaign now."""
        for number in numbers:
            self.texts[number] = replace(self.texts[number], campaign_id=campaign_id)
        self.sizes[campaign_id] = self.sizes.get(campaign_id, 0) + len(numbers)

    def absorb(self, gone: int, kept: int) -> None:
        """All texts of one campaign are in another now."""
        moved = [number for number, known in self.texts.items() if known.campaign_id == gone]
        size = self.sizes.pop(gone, 0)
        self.put(moved, kept)
        self.sizes[kept] += size - len(moved)

    def authors_of(self, number: int) -> frozenset[str]:
        """Who wrote a text, two at the most."""
        return self.authors.get(self.texts[number].text_key, frozenset())

    def is_stock(self, number: int) -> bool:
        """Whether a text is on the never-match list."""
        return self.texts[number].text_key in self.stock

    def is_rejected(self, one: int, other: int) -> bool:
        """Whether a person said that two texts are no copies."""
        return pair_of(self.texts[one].text_key, self.texts[other].text_key) in self.rejected

    def closed_to(self, number: int) -> set[int]:
        """Campaigns with a text of which a person said that it is no copy of this one."""
        own = self.texts[number].text_key
        others = [self._numbers.get(two if one == own else one) for one, two in self.rejected if own in (one, two)]
        campaigns = {self.texts[other].campaign_id for other in others if other is not None}
        return {i for i in campaigns if i is not None}


def is_comparable(words: str) -> bool:
    """Whether a text is long enough to be told from unrelated ones."""
    return len(words.replace(" ", "")) >= FUZZY_MIN_SKELETON


def place(text: WaitingText, matches: Sequence[TextMatch], ground: Ground) -> Placement:
    """What becomes of a text that is in no campaign; `matches` are the search's, best first."""
    copies = list(_copies(text, matches, ground))
    alike = [match for match in matches if _may_match(text, match, ground)]
    # What resembles a text from here may be its copy from there.
    alone = [match.number for match in alike if _waits_for_a_place(match.number, ground)]
    joins = _campaign(text, copies, alike, ground)
    if joins is not None:
        return Placement(joins=joins, absorbs=_one_with(joins, text, copies, alike, ground), again=tuple(alone))
    joins = _containing(text, alike, ground) or _family(text, alike, ground)
    if joins is not None:
        return Placement(joins=joins, again=tuple(alone))
    founders = _founders(text, [m.number for m in copies if ground.texts[m.number].campaign_id is None], ground)
    return Placement(founders=founders, again=tuple(n for n in alone if n not in founders)) if founders else Placement()


def parts(text: WaitingText, matches: Sequence[TextMatch], ground: Ground) -> set[tuple[int, int]]:
    """(campaign id, text number) for every text that shares a part with one of another campaign, either way round."""
    own = ground.texts[text.number].campaign_id
    found = set()
    for match in matches:
        if match.tier != "copy" or not match.partial or not _may_match(text, match, ground):
            continue
        known = ground.texts[match.number]
        if known.campaign_id is not None and known.campaign_id != own:
            found.add((known.campaign_id, text.number))
        if own is not None and known.campaign_id != own:
            found.add((own, match.number))
    return found


def _copies(text: WaitingText, matches: Sequence[TextMatch], ground: Ground) -> Iterator[TextMatch]:
    """The text's copies, best first. One that still waits is passed over: it sees this text at its own turn."""
    for match in matches:
        if match.tier != "copy" or match.partial or not _may_match(text, match, ground):
            continue
        known = ground.texts[match.number]
        if known.is_live and (known.state > WAITING or known.campaign_id is not None):
            yield match


def _may_match(text: WaitingText, match: TextMatch, ground: Ground) -> bool:
    if match.number not in ground.texts or match.number == text.number or not is_comparable(match.words):
        return False
    return not ground.is_stock(match.number) and not ground.is_rejected(text.number, match.number)


def _waits_for_a_place(number: int, ground: Ground) -> bool:
    known = ground.texts[number]
    return known.is_live and known.campaign_id is None and known.state > WAITING


def _campaign(text: WaitingText, copies: Sequence[TextMatch], alike: Sequence[TextMatch], ground: Ground) -> int | None:
    closed = ground.closed_to(text.number)
    homes = [ground.texts[match.number].campaign_id for match in alike]
    for copy in copies:
        campaign_id = ground.texts[copy.number].campaign_id
        if campaign_id is None or campaign_id in closed:
            continue
        needed = 1 if copy.score >= STRONG_SCORE else min(WITNESSES, ground.sizes[campaign_id])
        if homes.count(campaign_id) >= needed:
            return campaign_id
    return None


def _family(text: WaitingText, alike: Sequence[TextMatch], ground: Ground) -> int | None:
    """The one campaign of which one text resembles this one much, or several less, though it is a copy of none."""
    near = [
        (match.score, ground.texts[match.number].campaign_id)
        for match in alike
        if not match.partial and match.score >= FAMILY_SCORE and ground.texts[match.number].campaign_id is not None
    ]
    homes = {campaign_id for _, campaign_id in near}
    if len(homes) != 1 or (len(near) < FAMILY and max(near)[0] < STRONG_SCORE):
        return None
    (campaign_id,) = homes
    return campaign_id if campaign_id not in ground.closed_to(text.number) else None


def _one_with(
    joins: int, text: WaitingText, copies: Sequence[TextMatch], alike: Sequence[TextMatch], ground: Ground
) -> tuple[int, ...]:
    """Campaigns that a text is as much alike as the one it joins: several texts of each are nearly the same as it.

    A comment in which two campaigns are pasted together is not nearly the same as any of their texts.
    """
    strong = [
        ground.texts[match.number].campaign_id for match in alike if not match.partial and match.score >= STRONG_SCORE
    ]
    copied = {ground.texts[copy.number].campaign_id for copy in copies}

    def is_sure(campaign_id: int) -> bool:
        # Of a few texts one is enough: most campaigns begin as several that have not met yet.
        return strong.count(campaign_id) >= (1 if ground.sizes[campaign_id] <= BEGINNING else WITNESSES)

    closed = ground.closed_to(text.number)
    others = {i for i in copied if i is not None and i != joins and i not in closed and is_sure(i)}
    if not is_sure(joins):
        return ()
    return tuple(sorted(i for i in others if (min(i, joins), max(i, joins)) not in ground.apart))


def _containing(text: WaitingText, alike: Sequence[TextMatch], ground: Ground) -> int | None:
    """The one campaign from which this text differs by a sentence more or less.

    Several of its texts must stand in this one, or this one in them; and nothing else may, or it joins two together.
    """
    parts = [
        match
        for match in alike
        if match.partial and match.score >= CONTAINED_SCORE and ground.texts[match.number].campaign_id is not None
    ]
    homes = {ground.texts[match.number].campaign_id for match in parts}
    if len(homes) != 1 or len(parts) < WITNESSES or all(match.tier != "copy" for match in parts):
        return None
    (campaign_id,) = homes
    if campaign_id in ground.closed_to(text.number):
        return None
    similar = all(_shorter_share(text.words, match.words) >= CONTAINED_LENGTH for match in parts)
    return campaign_id if similar else None


def _shorter_share(one: str, other: str) -> float:
    lengths = sorted((len(one), len(other)))
    return lengths[0] / max(1, lengths[1])


def _founders(text: WaitingText, alone: Sequence[int], ground: Ground) -> tuple[int, ...]:
    """The fewest texts by two accounts: this one alone, or with its best copy by somebody else, or with several."""
    authors = ground.authors_of(text.number)
    if len(authors) >= 2:
        return (text.number,)
    for number in alone:
        if len(authors | ground.authors_of(number)) >= 2:
            return (text.number, number)
    # Nobody knows who wrote this one: its copies were not alike enough to find each other, but each is like it.
    signed = [number for number in alone if ground.authors_of(number)]
    everybody = frozenset().union(*(ground.authors_of(number) for number in signed))
    return (text.number, *signed) if len(everybody) >= 2 else ()
